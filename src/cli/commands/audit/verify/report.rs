//! What a verification tells, for people and for programs.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::chain::Checked;
use super::output::Output;
use crate::audit::compare::Silent;
use crate::cli::commands::Answer;
use crate::cli::failure::Failure;
use crate::cli::output::Report;
use crate::cli::table;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub(super) struct Found {
    /// What kind it is, in one word.
    pub(super) kind: &'static str,
    /// What shows it: the chain, or the epoch.
    #[serde(rename = "found_by")]
    pub(super) by: &'static str,
    /// The row's number.
    pub(super) row: Option<i64>,
    /// Whose epoch's event it is about.
    pub(super) epoch_id: Option<String>,
    /// Which event.
    pub(super) event_id: Option<String>,
    /// What is wrong.
    pub(super) what: String,
}

/// An epoch, compared with its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Compared {
    pub(super) epoch_id: String,
    pub(super) findings: Vec<Found>,
    /// Rows that say what the epoch says.
    pub(super) matching: usize,
    /// Rows that no epoch made.
    pub(super) foreign: usize,
    /// Events that the epoch is still to write.
    pub(super) not_written_yet: usize,
    /// Events of an epoch that was ended by force before it had written them.
    pub(super) never_written: usize,
    /// Runs that told nothing.
    pub(super) silent: Vec<Silent>,
    /// Why the whole epoch told nothing.
    pub(super) why: Option<String>,
    /// Whether that was for want of a worker.
    pub(super) has_no_worker: bool,
}

/// All of it.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    pub(super) path: PathBuf,
    pub(super) checked: Checked,
    /// Whether epochs were asked.
    pub(super) asked: bool,
    /// Whether all of them were, one way or the other.
    pub(super) is_complete: bool,
    pub(super) epochs: Vec<Compared>,
}

impl Compared {
    /// An epoch that was not asked since others did not answer.
    pub(super) fn unasked(epoch_id: String) -> Self {
        Self {
            epoch_id,
            why: Some("it was not asked: no worker had answered for others".to_owned()),
            has_no_worker: true,
            ..Self::default()
        }
    }

    /// Whether all its runs have told.
    pub(super) fn is_whole(&self) -> bool {
        self.why.is_none() && self.silent.is_empty()
    }

    fn words(&self) -> String {
        let mut words = Vec::new();
        let mut add = |count: usize, one: &str, many: &str| match count {
            0 => {}
            1 => words.push(format!("1 {one}")),
            more => words.push(format!("{more} {many}")),
        };
        add(self.findings.len(), "finding", "findings");
        add(self.not_written_yet, "not written yet", "not written yet");
        let lost = "never written: it was ended by force before";
        add(self.never_written, lost, lost);
        let foreign = "of others, which no epoch tells";
        add(self.foreign, foreign, foreign);
        match (&self.why, &self.silent[..]) {
            (Some(why), _) => words.push(format!("not compared: {why}")),
            (None, []) => {}
            (None, [first, rest @ ..]) => {
                let runs = match rest.len() {
                    0 => format!("run {}", first.run_id),
                    more => format!("run {} and {more} more", first.run_id),
                };
                words.push(format!("{runs} not compared: {}", first.why));
            }
        }
        if words.is_empty() {
            "as the epoch tells".to_owned()
        } else {
            words.join("; ")
        }
    }
}

impl Verdict {
    pub(super) const fn new(path: PathBuf, checked: Checked) -> Self {
        Self {
            path,
            checked,
            asked: false,
            is_complete: false,
            epochs: Vec::new(),
        }
    }

    /// All findings, those of the chain first.
    pub(super) fn findings(&self) -> Vec<&Found> {
        let of_epochs = self.epochs.iter().flat_map(|epoch| &epoch.findings);
        self.checked.findings.iter().chain(of_epochs).collect()
    }

    pub(super) fn report(&self) -> Answer {
        Ok(Report {
            text: self.text(),
            json: serde_json::to_string_pretty(&Output::from(self)).map_err(Failure::internal)?,
            notices: self.notices(),
        })
    }

    /// What is no finding and must not pass for being in order either.
    fn notices(&self) -> Vec<String> {
        let mut notices = Vec::new();
        if let Some((rows, first, last)) = self.checked.unchained {
            let which = match rows {
                1 => format!("row {first} has no hash"),
                more => format!("{more} rows have no hash, from row {first} to row {last}"),
            };
            notices.push(format!(
                "{which}: the earlier implementation wrote it that way, and nothing is known of \
                 it"
            ));
        }
        if !self.asked {
            notices.push(
                "only the chain was verified: rows cut off at the end, and a chain that was made \
                 anew, show only against the epochs"
                    .to_owned(),
            );
        }
        let partly = self.epochs.iter().filter(|epoch| !epoch.is_whole()).count();
        if partly > 0 {
            notices.push(format!(
                "{partly} of {} epochs could not be compared, or not wholly",
                self.epochs.len()
            ));
        }
        notices
    }

    fn text(&self) -> String {
        let Checked {
            rows,
            unchained,
            last_hash,
            ..
        } = &self.checked;
        let without = unchained.map_or(0, |(rows, ..)| rows);
        let mut lines = vec![
            format!("trail      {}", self.path.display()),
            format!(
                "rows       {rows}: {} chained, {without} not",
                rows - without
            ),
            format!("last hash  {}", last_hash.as_deref().unwrap_or("none")),
        ];
        let findings = self.findings();
        let listed = findings.iter().map(|found| {
            let told = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
            vec![
                found.kind.to_owned(),
                found.by.to_owned(),
                told(&found.epoch_id),
                told(&found.event_id),
                found.what.clone(),
            ]
        });
        if !findings.is_empty() {
            lines.push(String::new());
            let head = ["FINDING", "SHOWN BY", "EPOCH", "EVENT", "WHAT"];
            lines.extend(table::lines(&head, listed.collect()));
        }
        if !self.epochs.is_empty() {
            lines.push(String::new());
            let epochs = self.epochs.iter().map(|epoch| {
                let same = epoch.matching.to_string();
                vec![epoch.epoch_id.clone(), same, epoch.words()]
            });
            lines.extend(table::lines(&["EPOCH", "SAME", "RESULT"], epochs.collect()));
        }
        lines.push(String::new());
        lines.push(match findings.len() {
            0 => "No findings".to_owned(),
            1 => "1 finding".to_owned(),
            more => format!("{more} findings"),
        });
        lines.join("\n")
    }
}
