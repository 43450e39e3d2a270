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

/// Everything that an epoch tells.
async fn hear(
    client: &Client,
    epoch_id: &str,
    listed: &BTreeSet<String>,
) -> Result<Heard, Failure> {
    let mut heard = Heard {
        told: Told::default(),
        why: None,
        has_no_worker: false,
    };
    let chain = match client.audit_chain(epoch_id).await {
        Ok(chain) => chain,
        Err(error) => {
            let why = silence(error)?;
            heard.has_no_worker = why.has_no_worker;
            heard.why = Some(why.words.clone());
            let silent = listed.iter().map(|run_id| Run {
                run_id: run_id.clone(),
                events: Err(why.words.clone()),
            });
            heard.told.runs.extend(silent);
            return Ok(heard);
        }
    };
    let latest = chain.runs.last().cloned();
    for run_id in &chain.runs {
        heard
            .hear(client, epoch_id, run_id, latest.as_ref())
            .await?;
    }
    // Earlier epochs of the same id.
    for run_id in listed.iter().filter(|run_id| !chain.runs.contains(run_id)) {
        heard
            .hear(client, epoch_id, run_id, latest.as_ref())
            .await?;
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
        if heard.told.runs.iter().any(|run| run.run_id == run_id) {
            continue;
        }
        match heard.why.clone() {
            Some(why) => heard.told.runs.push(Run {
                run_id: run_id.to_owned(),
                events: Err(why),
            }),
            None => heard.hear(client, epoch_id, run_id, None).await?,
        }
    }
    Ok(())
}

impl Heard {
    /// Asks one run.
    async fn hear(
        &mut self,
        client: &Client,
        epoch_id: &str,
        run_id: &str,
        latest: Option<&String>,
    ) -> Result<(), Failure> {
        let events = match events(client, epoch_id, run_id).await {
            Ok((events, unwritten)) => {
                // What an earlier run had not written it has handed on.
                if latest.is_some_and(|latest| latest == run_id) {
                    self.told.unwritten.extend(unwritten);
                }
                Ok(events)
            }
            Err(error) => {
                let why = silence(error)?;
                self.has_no_worker |= why.has_no_worker;
                Err(why.words)
            }
        };
        self.told.runs.push(Run {
            run_id: run_id.to_owned(),
            events,
        });
        Ok(())
    }
}

/// All events of one run, and what waits to be written.
async fn events(
    client: &Client,
    epoch_id: &str,
    run_id: &str,
) -> Result<(Vec<AuditEvent>, Vec<String>), Error> {
    let mut events = Vec::new();
    let mut from = 0;
    loop {
        let page = client.audit_page(epoch_id, run_id, from).await?;
        events.extend(page.events);
        match page.next {
            Some(next) => from = next,
            None => return Ok((events, page.unwritten)),
        }
    }
}

/// Why somebody does not tell.
struct Silence {
    words: String,
    has_no_worker: bool,
}

/// Why an epoch or a run does not tell, unless it is that the server cannot be reached at
/// all.
fn silence(error: Error) -> Result<Silence, Failure> {
    let (words, has_no_worker) = match &error {
        Error::Unreachable { .. } | Error::UnknownNamespace { .. } | Error::Denied { .. } => {
            return Err(error.into());
        }
        Error::NotFound { .. } => {
            let words = "the server has no such run: it has forgotten it, or never had it";
            (words.to_owned(), false)
        }
        Error::NoAnswer { .. } => ("no worker answered".to_owned(), true),
        Error::Stuck { .. } => ("its workflow task is failing".to_owned(), true),
        Error::QueryFailed { why, .. } => {
            (format!("its worker does not tell its events: {why}"), false)
        }
        other => (other.to_string(), false),
    };
    Ok(Silence {
        words,
        has_no_worker,
    })
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
