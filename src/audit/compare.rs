//! A trail's rows of one epoch against what the epoch itself tells of its events. It finds
//! what the chain cannot: rows cut off at the end, and a chain that somebody made anew.
//! Pure; where rows and answers come from is somebody else's business.
//!
//! When something happened is not compared: a workflow's task that is done again after a
//! crash has a time of its own, and the trail keeps the first one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value};

use super::chain::{Content, Row};
use crate::contract::audit::AuditEvent;
use crate::protocol::Word;

/// What one run of an epoch tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The run.
    pub run_id: String,
    /// All its events, or why it does not tell them.
    pub events: Result<Vec<AuditEvent>, String>,
}

/// All that an epoch tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// Each of its runs.
    pub runs: Vec<Run>,
    /// Ids of events that it has not written yet.
    pub unwritten: BTreeSet<String>,
}

/// A row and an event that do not go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The epoch has written an event that is in no row.
    Missing {
        /// The event's id.
        event_id: String,
        /// Its kind.
        event_type: String,
    },
    /// A row says something else than the epoch.
    Altered {
        /// The row.
        row: i64,
        /// The event's id.
        event_id: String,
        /// The columns that differ.
        columns: Vec<&'static str>,
    },
    /// An event is in a second row.
    Doubled {
        /// The later row.
        row: i64,
        /// The earlier one.
        of: i64,
        /// The event's id.
        event_id: String,
    },
    /// A row names a run that knows no such event.
    FromNowhere {
        /// The row.
        row: i64,
        /// The event's id.
        event_id: String,
    },
}

impl Difference {
    /// The kind in one word, for programs; the same as for what the chain shows.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::Altered { .. } => "altered",
            Self::Doubled { .. } => "doubled",
            Self::FromNowhere { .. } => "from_nowhere",
        }
    }

    /// The row it is about, if there is one.
    pub const fn row(&self) -> Option<i64> {
        match *self {
            Self::Missing { .. } => None,
            Self::Altered { row, .. }
            | Self::Doubled { row, .. }
            | Self::FromNowhere { row, .. } => Some(row),
        }
    }

    /// The event it is about.
    pub fn event_id(&self) -> &str {
        match self {
            Self::Missing { event_id, .. }
            | Self::Altered { event_id, .. }
            | Self::Doubled { event_id, .. }
            | Self::FromNowhere { event_id, .. } => event_id,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { event_type, .. } => {
                write!(f, "the epoch has written this {event_type}; no row has it")
            }
            Self::Altered { row, columns, .. } => write!(
                f,
                "row {row} says something else than the epoch in: {}",
                columns.join(", ")
            ),
            Self::Doubled { row, of, .. } => {
                write!(f, "row {row} has the event of row {of} once more")
            }
            Self::FromNowhere { row, .. } => {
                write!(f, "row {row} has an event that the epoch knows nothing of")
            }
        }
    }
}

/// What a comparison has shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What does not go together.
    pub differences: Vec<Difference>,
    /// Rows that say what the epoch says.
    pub matching: usize,
    /// Events that the epoch has not written yet, and that are in no row.
    pub unwritten: usize,
    /// Rows that no epoch made: those of the earlier implementation, and those that other
    /// callers had written by an activity.
    pub foreign: usize,
    /// Runs that told nothing: why, and how many rows name them.
    pub silent: Vec<Silent>,
}

/// A run that could not be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silent {
    /// The run.
    pub run_id: String,
    /// Rows that name it.
    pub rows: usize,
    /// Why it does not tell.
    pub why: String,
}

/// Compares an epoch's rows, in their order, with what the epoch tells.
pub fn compare(rows: &[Row], told: &Told) -> Comparison {
    let mut events: BTreeMap<&str, &AuditEvent> = BTreeMap::new();
    let mut silent: BTreeMap<&str, Silent> = BTreeMap::new();
    for run in &told.runs {
        match &run.events {
            Ok(known) => events.extend(
                known
                    .iter()
                    .filter_map(|event| Some((event.event_id.as_deref()?, event))),
            ),
            Err(why) => {
                let unheard = Silent {
                    run_id: run.run_id.clone(),
                    rows: 0,
                    why: why.clone(),
                };
                silent.insert(&run.run_id, unheard);
            }
        }
    }
    let mut found = Comparison::default();
    let mut seen: BTreeMap<&str, i64> = BTreeMap::new();
    for row in rows {
        let Some((event_id, run_id)) = origin(&row.content) else {
            found.foreign += 1;
            continue;
        };
        let (id, event_id) = (row.id, event_id.to_owned());
        let Some((&key, event)) = events.get_key_value(event_id.as_str()) else {
            match silent.get_mut(run_id) {
                Some(run) => run.rows += 1,
                None => found
                    .differences
                    .push(Difference::FromNowhere { row: id, event_id }),
            }
            continue;
        };
        if let Some(&of) = seen.get(key) {
            found.differences.push(Difference::Doubled {
                row: id,
                of,
                event_id,
            });
            continue;
        }
        seen.insert(key, id);
        let columns = differing(&row.content, event);
        if columns.is_empty() {
            found.matching += 1;
        } else {
            found.differences.push(Difference::Altered {
                row: id,
                event_id,
                columns,
            });
        }
    }
    // In the epoch's order, which is not that of the ids.
    for event in told.runs.iter().flat_map(|run| run.events.iter().flatten()) {
        match event.event_id.as_deref() {
            Some(event_id) if !seen.contains_key(event_id) => {
                if told.unwritten.contains(event_id) {
                    found.unwritten += 1;
                } else {
                    found.differences.push(Difference::Missing {
                        event_id: event_id.to_owned(),
                        event_type: event.event_type.word().to_owned(),
                    });
                }
            }
            _ => {}
        }
    }
    found.silent = silent.into_values().collect();
    found
}

/// The event and the run that a row of an epoch's own names: `{run id}:{ordinal}`. Other
/// callers' events have ids of another form, or none.
pub fn origin(content: &Content) -> Option<(&str, &str)> {
    let event_id = content.event_id.as_deref()?;
    let (run_id, ordinal) = event_id.rsplit_once(':')?;
    let is_number = !ordinal.is_empty() && ordinal.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !run_id.is_empty() && !run_id.contains(':')).then_some((event_id, run_id))
}

/// The columns in which a row says something else than an event.
fn differing(content: &Content, event: &AuditEvent) -> Vec<&'static str> {
    let payload = serde_json::from_str::<Map<String, Value>>(&content.payload);
    let parts = [
        ("epoch_id", content.epoch_id == event.epoch_id),
        ("event_type", content.event_type == event.event_type.word()),
        ("phase", content.phase == event.phase.word()),
        ("role", content.role == event.role.word()),
        (
            "payload",
            payload.is_ok_and(|payload| payload == event.payload),
        ),
        ("actor", content.actor == event.actor),
        ("workflow_id", content.workflow_id == event.workflow_id),
        ("run_id", content.run_id == event.run_id),
    ];
    let differing = parts.into_iter().filter(|(_, is_same)| !is_same);
    differing.map(|(column, _)| column).collect()
}

#[cfg(test)]
mod tests;
