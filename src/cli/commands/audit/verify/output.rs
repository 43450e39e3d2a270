//! What a verification tells programs.

use schemars::JsonSchema;
use serde::Serialize;

use super::chain::Checked;
use super::report::{Compared, Found, Verdict};

/// All that was verified.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli::commands) struct Output<'a> {
    /// The trail's file.
    trail: String,
    /// Its rows.
    rows: u64,
    /// Those of them that have a hash.
    chained: u64,
    /// Those that have none: the earlier implementation wrote them.
    unchained: Option<Unchained>,
    /// The hash of the last row; to compare with one that was kept elsewhere.
    last_hash: Option<&'a str>,
    /// What is not as it should be.
    findings: Vec<&'a Found>,
    /// Whether every row was compared with what its epoch tells.
    compared: bool,
    /// The epochs that were asked, one by one.
    epochs: Vec<OfEpoch<'a>>,
}

/// Rows without a hash.
#[derive(Serialize, JsonSchema)]
struct Unchained {
    /// How many.
    rows: u64,
    /// The first one's number.
    first: i64,
    /// The last one's.
    last: i64,
}

/// An epoch, compared with its rows.
#[derive(Serialize, JsonSchema)]
struct OfEpoch<'a> {
    /// Its id.
    epoch_id: &'a str,
    /// Whether all of its runs have told.
    compared: bool,
    /// Why it told nothing.
    why_not: Option<&'a str>,
    /// How many of the findings are about it.
    findings: usize,
    /// Rows that say what it says.
    matching: usize,
    /// Events that it is still to write.
    not_written_yet: usize,
    /// Events that it had not written when it was ended by force.
    never_written: usize,
    /// Rows of others, which no epoch tells.
    foreign: usize,
    /// Runs of it that told nothing.
    silent_runs: Vec<SilentRun<'a>>,
}

/// A run that told nothing.
#[derive(Serialize, JsonSchema)]
struct SilentRun<'a> {
    /// Its id.
    run_id: &'a str,
    /// Rows of it in the trail.
    rows: usize,
    /// Why it told nothing.
    why: &'a str,
}

impl<'a> From<&'a Verdict> for Output<'a> {
    fn from(verdict: &'a Verdict) -> Self {
        let Checked {
            rows,
            unchained,
            last_hash,
            ..
        } = &verdict.checked;
        let without = unchained.map_or(0, |(rows, ..)| rows);
        Self {
            trail: verdict.path.display().to_string(),
            rows: *rows,
            chained: rows - without,
            unchained: unchained.map(|(rows, first, last)| Unchained { rows, first, last }),
            last_hash: last_hash.as_deref(),
            findings: verdict.findings(),
            compared: verdict.is_complete && verdict.epochs.iter().all(Compared::is_whole),
            epochs: verdict.epochs.iter().map(OfEpoch::from).collect(),
        }
    }
}

impl<'a> From<&'a Compared> for OfEpoch<'a> {
    fn from(epoch: &'a Compared) -> Self {
        let silent = epoch.silent.iter().map(|run| SilentRun {
            run_id: &run.run_id,
            rows: run.rows,
            why: &run.why,
        });
        Self {
            epoch_id: &epoch.epoch_id,
            compared: epoch.is_whole(),
            why_not: epoch.why.as_deref(),
            findings: epoch.findings.len(),
            matching: epoch.matching,
            not_written_yet: epoch.not_written_yet,
            never_written: epoch.never_written,
            foreign: epoch.foreign,
            silent_runs: silent.collect(),
        }
    }
}
