//! Asking one epoch for its events, and holding the trail's rows against them. The rows
//! are read after the epoch has answered: what it says it has written is in them, if
//! nobody took it away.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use uuid::Uuid;

use super::super::source::{blocking, unreadable};
use super::report::{Compared, Found};
use crate::audit::compare::{Comparison, Run, Told, compare as differences, origin};
use crate::audit::{Row, Rows};
use crate::cli::failure::Failure;
use crate::client::{Client, Error};
use crate::contract::audit::AuditEvent;

/// A row that was written after its epoch had answered looks like one from nowhere, so an
/// epoch with differences is asked again.
const TRIES: usize = 3;

/// What an epoch said, and whether anybody was there to say it.
#[derive(Default)]
struct Heard {
    told: Told,
    /// Why the epoch as a whole said nothing.
    why: Option<String>,
    has_no_worker: bool,
}

/// Compares the rows of an epoch with what it tells of all its runs: those that hang
/// together, those that the server lists, and those that rows name.
pub(super) async fn compare(
    client: &Client,
    trail: &Path,
    epoch_id: &str,
    listed: &BTreeSet<String>,
) -> Result<Compared, Failure> {
    let mut tries = 1;
    loop {
        let mut heard = hear(client, epoch_id, listed).await?;
        let rows = rows(trail, epoch_id).await?;
        hear_named(client, epoch_id, &rows, &mut heard).await?;
        let comparison = differences(&rows, &heard.told);
        if comparison.differences.is_empty() || tries == TRIES {
            let is_open = comparison.unwritten > 0 && client.is_open(epoch_id).await?;
            return Ok(compared(epoch_id, comparison, heard, is_open));
        }
        tries += 1;
    }
}

/// Everything that an epoch tells: its runs from the latest back to the first, or to one
/// that does not tell, and then those of earlier epochs of the same id.
async fn hear(
    client: &Client,
    epoch_id: &str,
    listed: &BTreeSet<String>,
) -> Result<Heard, Failure> {
    let mut heard = Heard::default();
    let mut next = Some(String::new());
    while let Some(run_id) = next {
        match tell(client, epoch_id, &run_id).await {
            Ok(run) => {
                // What an earlier run had not written it has handed on.
                if heard.told.runs.is_empty() {
                    heard.told.unwritten.extend(run.unwritten);
                }
                heard.told.runs.push(Run {
                    run_id: run.run_id,
                    events: Ok(run.events),
                });
                next = run.previous;
            }
            Err(error) if run_id.is_empty() => {
                heard.why = Some(heard.silence(error)?);
                break;
            }
            Err(error) => {
                let events = Err(heard.silence(error)?);
                heard.told.runs.push(Run { run_id, events });
                break;
            }
        }
    }
    heard.told.runs.reverse();
    for run_id in listed {
        heard.hear(client, epoch_id, run_id).await?;
    }
    Ok(heard)
}

/// Asks the runs too that only rows name.
async fn hear_named(
    client: &Client,
    epoch_id: &str,
    rows: &[Row],
    heard: &mut Heard,
) -> Result<(), Failure> {
    let named = rows.iter().filter_map(|row| origin(&row.content));
    let named: BTreeSet<&str> = named.map(|(_, run_id)| run_id).collect();
    // Runs have such ids; another one was made up, and to ask for it is an error.
    let named = named
        .into_iter()
        .filter(|run_id| Uuid::try_parse(run_id).is_ok());
    for run_id in named {
        heard.hear(client, epoch_id, run_id).await?;
    }
    Ok(())
}

impl Heard {
    /// Asks one run that was not asked yet; where the epoch as a whole says nothing, that
    /// is its answer too.
    async fn hear(&mut self, client: &Client, epoch_id: &str, run_id: &str) -> Result<(), Failure> {
        if self.told.runs.iter().any(|run| run.run_id == run_id) {
            return Ok(());
        }
        let events = match &self.why {
            Some(why) => Err(why.clone()),
            None => match tell(client, epoch_id, run_id).await {
                Ok(run) => Ok(run.events),
                Err(error) => Err(self.silence(error)?),
            },
        };
        self.told.runs.push(Run {
            run_id: run_id.to_owned(),
            events,
        });
        Ok(())
    }

    /// Why somebody does not tell, unless it is that the server cannot be reached at all.
    fn silence(&mut self, error: Error) -> Result<String, Failure> {
        Ok(match error {
            Error::Unreachable { .. } | Error::UnknownNamespace { .. } | Error::Denied { .. } => {
                return Err(error.into());
            }
            Error::NotFound { .. } => {
                "the server has no such run: it has forgotten it, or never had it".to_owned()
            }
            Error::NoAnswer { .. } => {
                self.has_no_worker = true;
                "no worker answered".to_owned()
            }
            Error::Stuck { .. } => {
                self.has_no_worker = true;
                "its workflow task is failing".to_owned()
            }
            Error::QueryFailed { why, .. } => format!("its worker does not tell its events: {why}"),
            other => other.to_string(),
        })
    }
}

/// All that one run tells.
struct Answer {
    run_id: String,
    previous: Option<String>,
    events: Vec<AuditEvent>,
    unwritten: Vec<String>,
}

/// Asks one run for all it tells; an empty id means the latest.
async fn tell(client: &Client, epoch_id: &str, run_id: &str) -> Result<Answer, Error> {
    let page = client.audit_page(epoch_id, run_id, 0).await?;
    let mut answer = Answer {
        run_id: page.run_id,
        previous: page.previous_run_id,
        events: page.events,
        unwritten: page.unwritten,
    };
    let mut next = page.next;
    while let Some(from) = next {
        let page = client.audit_page(epoch_id, &answer.run_id, from).await?;
        answer.events.extend(page.events);
        // The last part has them.
        answer.unwritten = page.unwritten;
        next = page.next;
    }
    Ok(answer)
}

async fn rows(trail: &Path, epoch_id: &str) -> Result<Vec<Row>, Failure> {
    let wanted = Rows {
        epoch_id: Some(epoch_id.to_owned()),
        ..Rows::default()
    };
    blocking(trail.to_owned(), move |trail| {
        let mut rows = Vec::new();
        let read = trail.rows(&wanted, |row| {
            rows.push(row);
            ControlFlow::Continue(())
        });
        read.map(|()| rows).map_err(|error| unreadable(&error))
    })
    .await
}

fn compared(epoch_id: &str, comparison: Comparison, heard: Heard, is_open: bool) -> Compared {
    let Comparison {
        differences,
        matching,
        unwritten,
        foreign,
        silent,
    } = comparison;
    let findings = differences.iter().map(|difference| Found {
        kind: difference.kind(),
        by: "epoch",
        row: difference.row(),
        epoch_id: Some(epoch_id.to_owned()),
        event_id: Some(difference.event_id().to_owned()),
        what: difference.to_string(),
    });
    Compared {
        epoch_id: epoch_id.to_owned(),
        findings: findings.collect(),
        matching,
        foreign,
        not_written_yet: if is_open { unwritten } else { 0 },
        never_written: if is_open { 0 } else { unwritten },
        silent,
        why: heard.why,
        has_no_worker: heard.has_no_worker,
    }
}
