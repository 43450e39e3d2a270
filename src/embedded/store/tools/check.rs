//! Whether a file is whole: its pages, as `SQLite` sees them, and its histories, as the
//! engine needs them. It looks at every event, and changes nothing. What a state says is
//! the engine's own affair.

use std::fmt;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, Row};

use super::{Error, schema};
use crate::embedded::store::read;
use crate::embedded::store::{RUN_COLUMNS, RunKey, RunRow};

/// Damages of pages that are listed at most; after the first, little can be believed.
const DAMAGES: u32 = 20;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::embedded) struct Report {
    /// The schema's version.
    pub(in crate::embedded) schema: i64,
    /// Runs that were looked at.
    pub(in crate::embedded) runs: u64,
    /// Those of them that are open.
    pub(in crate::embedded) open: u64,
    /// Events that were looked at.
    pub(in crate::embedded) events: u64,
    /// What is wrong. If pages are, histories were not looked at.
    pub(in crate::embedded) problems: Vec<Problem>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::embedded) enum Problem {
    /// `SQLite` says so.
    #[error("the file is damaged: {0}")]
    Page(String),
    /// Events are missing, or there twice.
    #[error("the history of {run} goes on with event {found} where event {expected} should be")]
    Gap {
        /// Whose.
        run: RunName,
        /// The id that comes next.
        expected: i64,
        /// The id that is there.
        found: i64,
    },
    /// The history ends too early or too late.
    #[error("the history of {run} has {found} events, and its run says {recorded}")]
    Length {
        /// Whose.
        run: RunName,
        /// What the run says.
        recorded: i64,
        /// The last event.
        found: i64,
    },
    /// Events cannot be read.
    #[error("the events of {run} from {first_id} on cannot be read: {detail}")]
    Unreadable {
        /// Whose.
        run: RunName,
        /// The first of them.
        first_id: i64,
        /// Why.
        detail: String,
    },
    /// Rows of a run that isn't there.
    #[error("the table {table} has {rows} rows of run number {run}, which is not there")]
    Orphans {
        /// The table.
        table: &'static str,
        /// Whose they were.
        run: RunKey,
        /// How many.
        rows: i64,
    },
    /// A workflow has more than one open run.
    #[error(
        "{runs} runs of workflow {workflow_id:?} in the namespace {namespace:?} are open, where only one can be"
    )]
    SeveralOpen {
        /// Where.
        namespace: String,
        /// Whose.
        workflow_id: String,
        /// How many.
        runs: i64,
    },
}

/// A run as users know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::embedded) struct RunName {
    /// Its namespace.
    pub(in crate::embedded) namespace: String,
    /// Its workflow.
    pub(in crate::embedded) workflow_id: String,
    /// Its id.
    pub(in crate::embedded) run_id: String,
}

impl fmt::Display for RunName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            namespace,
            workflow_id,
            run_id,
        } = self;
        write!(
            f,
            "workflow {workflow_id:?}, run {run_id:?}, namespace {namespace:?}"
        )
    }
}

impl RunName {
    fn of(row: &RunRow) -> Self {
        Self {
            namespace: row.namespace.clone(),
            workflow_id: row.workflow_id.clone(),
            run_id: row.run_id.clone(),
        }
    }
}

/// Looks at all of a file.
pub(in crate::embedded) fn check(path: &Path) -> Result<Report, Error> {
    let (path, connection) = super::open(path)?;
    let look = || -> rusqlite::Result<Report> {
        let moment = connection.unchecked_transaction()?;
        let mut report = Report {
            schema: schema::VERSION,
            problems: pages(&moment)?,
            ..Report::default()
        };
        if report.problems.is_empty() {
            runs(&moment, &mut report)?;
            orphans(&moment, &mut report)?;
            several_open(&moment, &mut report)?;
        }
        Ok(report)
    };
    look().map_err(|error| Error::of_sqlite(&path, &error))
}

fn pages(file: &Connection) -> rusqlite::Result<Vec<Problem>> {
    let look = || -> rusqlite::Result<Vec<String>> {
        file.prepare(&format!("PRAGMA integrity_check({DAMAGES})"))?
            .query_map([], |row| row.get(0))?
            .collect()
    };
    let found = match look() {
        // Some damages are met before the check can name them.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => {
            vec![error.to_string()]
        }
        found => found?,
    };
    let damages = found.into_iter().filter(|line| line != "ok");
    Ok(damages.map(Problem::Page).collect())
}

fn runs(file: &Connection, report: &mut Report) -> rusqlite::Result<()> {
    let mut statement = file.prepare(&format!("SELECT {RUN_COLUMNS} FROM run ORDER BY key"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let run = RunRow::read(row)?;
        report.runs += 1;
        report.open += u64::from(run.status == 1);
        history(file, &run, report)?;
    }
    Ok(())
}

/// The history must be events 1, 2, 3 and so on, as many as the run says.
fn history(file: &Connection, run: &RunRow, report: &mut Report) -> rusqlite::Result<()> {
    let mut statement = file.prepare_cached(
        "SELECT first_id, last_id, batch FROM event WHERE run = ?1 ORDER BY first_id",
    )?;
    let mut rows = statement.query([run.key])?;
    let mut last = 0;
    while let Some(row) = rows.next()? {
        let (first_id, last_id) = (row.get(0)?, row.get(1)?);
        if first_id != last + 1 {
            report.problems.push(Problem::Gap {
                run: RunName::of(run),
                expected: last + 1,
                found: first_id,
            });
        }
        match batch(row, first_id, last_id) {
            Ok(events) => report.events += events,
            Err(detail) => report.problems.push(Problem::Unreadable {
                run: RunName::of(run),
                first_id,
                detail,
            }),
        }
        last = last_id;
    }
    if last != run.history_length {
        report.problems.push(Problem::Length {
            run: RunName::of(run),
            recorded: run.history_length,
            found: last,
        });
    }
    Ok(())
}

/// How many events a batch has, which must be just those that its row says.
fn batch(row: &Row<'_>, first_id: i64, last_id: i64) -> Result<u64, String> {
    let events = read::decode(row, 2).map_err(|error| error.to_string())?;
    let ids: Vec<i64> = events.iter().map(|event| event.event_id).collect();
    if ids.iter().copied().eq(first_id..=last_id) && !ids.is_empty() {
        Ok(events.len() as u64)
    } else {
        Err(format!(
            "they should be {first_id} to {last_id}, and are {ids:?}"
        ))
    }
}

fn orphans(file: &Connection, report: &mut Report) -> rusqlite::Result<()> {
    for table in ["event", "item", "dedup", "workflow_update", "attribute"] {
        let sql = format!(
            "SELECT run, count(*) FROM {table} WHERE run NOT IN (SELECT key FROM run) \
             GROUP BY run ORDER BY run"
        );
        let mut statement = file.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            report.problems.push(Problem::Orphans {
                table,
                run: row.get(0)?,
                rows: row.get(1)?,
            });
        }
    }
    Ok(())
}

fn several_open(file: &Connection, report: &mut Report) -> rusqlite::Result<()> {
    let mut statement = file.prepare(
        "SELECT namespace, workflow_id, count(*) FROM run WHERE status = 1 \
         GROUP BY namespace, workflow_id HAVING count(*) > 1",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        report.problems.push(Problem::SeveralOpen {
            namespace: row.get(0)?,
            workflow_id: row.get(1)?,
            runs: row.get(2)?,
        });
    }
    Ok(())
}
