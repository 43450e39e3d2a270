//! What a file shows by itself: its rows, and whether their chain of hashes is whole.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::PathBuf;

use super::super::source::{blocking, unreadable};
use super::report::Found;
use crate::audit::{Error, Finding, Rows, Sqlite};
use crate::cli::failure::Failure;

/// A file whose chain was recomputed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Checked {
    /// All rows.
    pub(super) rows: u64,
    /// Rows of the earlier implementation: how many, the first and the last.
    pub(super) unchained: Option<(u64, i64, i64)>,
    /// What a later verification should still find in the chain.
    pub(super) last_hash: Option<String>,
    /// The epochs that rows are of.
    pub(super) epochs: BTreeSet<String>,
    /// What was found, but for rows without a hash.
    pub(super) findings: Vec<Found>,
}

impl Checked {
    /// Reads the file and recomputes its chain.
    pub(super) async fn read(path: PathBuf) -> Result<Self, Failure> {
        blocking(path, |trail| {
            check(trail).map_err(|error| unreadable(&error))
        })
        .await
    }
}

fn check(trail: &Sqlite) -> Result<Checked, Error> {
    let mut checked = Checked::default();
    let found = trail.verify_rows(|row| {
        checked.rows += 1;
        if row.hash.is_some() {
            checked.last_hash.clone_from(&row.hash);
        }
        if !checked.epochs.contains(&row.content.epoch_id) {
            checked.epochs.insert(row.content.epoch_id.clone());
        }
    })?;
    let (warnings, findings): (Vec<Finding>, Vec<Finding>) =
        found.into_iter().partition(Finding::is_warning);
    if let [first, .., last] | [first @ last] = &warnings[..] {
        checked.unchained = Some((warnings.len() as u64, first.row(), last.row()));
    }
    let named = name(trail, &findings)?;
    let told = findings.iter().map(|finding| {
        let (epoch_id, event_id) = named.get(&finding.row()).cloned().unwrap_or_default();
        Found {
            kind: finding.kind(),
            by: "chain",
            row: Some(finding.row()),
            epoch_id,
            event_id,
            what: finding.to_string(),
        }
    });
    checked.findings = told.collect();
    Ok(checked)
}

type Named = BTreeMap<i64, (Option<String>, Option<String>)>;

/// What the rows that something was found about say of their epoch and event.
fn name(trail: &Sqlite, findings: &[Finding]) -> Result<Named, Error> {
    let wanted: BTreeSet<i64> = findings.iter().map(Finding::row).collect();
    let mut named = Named::new();
    if wanted.is_empty() {
        return Ok(named);
    }
    trail.rows(&Rows::default(), |row| {
        if wanted.contains(&row.id) {
            let content = row.content;
            named.insert(row.id, (Some(content.epoch_id), content.event_id));
        }
        ControlFlow::Continue(())
    })?;
    Ok(named)
}
