//! What is read while the engine runs: histories, runs that are not in memory, updates. All
//! of it takes a connection, so that tools can use it on a file that another process has.

use prost::Message as _;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use temporalio_common::protos::temporal::api::history::v1::{History, HistoryEvent};

use super::{RunKey, RunRow};

/// The columns of a run in the order in which `RunRow::read` wants them.
pub(in crate::embedded) const RUN_COLUMNS: &str = "run.key, run.namespace, run.workflow_id, \
    run.run_id, run.workflow_type, run.task_queue, run.status, run.start_time, \
    run.execution_time, run.close_time, run.history_length, run.history_size, \
    run.parent_workflow_id, run.parent_run_id, run.root_workflow_id, run.root_run_id, run.state";
/// How many they are.
pub(in crate::embedded) const RUN_WIDTH: usize = 17;

/// The key of the current run of a workflow. Each half is answered by an index alone; a
/// workflow may have had thousands of runs.
pub(super) const CURRENT_KEY: &str = "ifnull( \
    (SELECT max(key) FROM run WHERE namespace = ?1 AND workflow_id = ?2 AND status = 1), \
    (SELECT max(key) FROM run WHERE namespace = ?1 AND workflow_id = ?2))";

/// The batches of a run's events from one on; the first may begin before it.
pub(super) const EVENTS: &str = "SELECT batch FROM event WHERE run = ?1 AND first_id >= ifnull( \
    (SELECT max(first_id) FROM event WHERE run = ?1 AND first_id <= ?2), ?2) \
    ORDER BY first_id";

/// Runs that were closed before a moment.
pub(super) const EXPIRED: &str =
    "SELECT key FROM run WHERE close_time < ?1 ORDER BY close_time, key LIMIT ?2";

/// How much of a history to read at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::embedded) struct Limit {
    /// Events.
    pub(in crate::embedded) events: usize,
    /// Their encoded bytes.
    pub(in crate::embedded) bytes: usize,
}

/// An update that a run has accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::embedded) struct Update {
    /// The event that accepted it.
    pub(in crate::embedded) accepted_id: i64,
    /// The event that completed it.
    pub(in crate::embedded) completed_id: Option<i64>,
}

impl RunRow {
    /// A row of a query for `RUN_COLUMNS`.
    pub(in crate::embedded) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            namespace: row.get(1)?,
            workflow_id: row.get(2)?,
            run_id: row.get(3)?,
            workflow_type: row.get(4)?,
            task_queue: row.get(5)?,
            status: row.get(6)?,
            start_time: row.get(7)?,
            execution_time: row.get(8)?,
            close_time: row.get(9)?,
            history_length: row.get(10)?,
            history_size: row.get(11)?,
            parent_workflow_id: row.get(12)?,
            parent_run_id: row.get(13)?,
            root_workflow_id: row.get(14)?,
            root_run_id: row.get(15)?,
            state: row.get(16)?,
        })
    }
}

/// A run's events from this one on, forwards. At least one, if there is one.
pub(super) fn events(
    file: &Connection,
    run: RunKey,
    from_id: i64,
    limit: Limit,
) -> rusqlite::Result<Vec<HistoryEvent>> {
    let mut statement = file.prepare_cached(EVENTS)?;
    let mut rows = statement.query(params![run, from_id])?;
    let mut page = Page::new(limit);
    while let Some(row) = rows.next()? {
        let events = decode(row, 0)?;
        let wanted = events.into_iter().filter(|event| event.event_id >= from_id);
        if !page.take(wanted) {
            break;
        }
    }
    Ok(page.events)
}

/// A run's events from this one on, backwards. At least one, if there is one.
pub(super) fn events_backwards(
    file: &Connection,
    run: RunKey,
    from_id: i64,
    limit: Limit,
) -> rusqlite::Result<Vec<HistoryEvent>> {
    let mut statement = file.prepare_cached(
        "SELECT batch FROM event WHERE run = ?1 AND first_id <= ?2 ORDER BY first_id DESC",
    )?;
    let mut rows = statement.query(params![run, from_id])?;
    let mut page = Page::new(limit);
    while let Some(row) = rows.next()? {
        let events = decode(row, 0)?;
        let wanted = events.into_iter().filter(|event| event.event_id <= from_id);
        if !page.take(wanted.rev()) {
            break;
        }
    }
    Ok(page.events)
}

/// One event.
pub(super) fn event(
    file: &Connection,
    run: RunKey,
    id: i64,
) -> rusqlite::Result<Option<HistoryEvent>> {
    let batch = file
        .prepare_cached(
            "SELECT batch FROM event WHERE run = ?1 AND first_id <= ?2 \
             ORDER BY first_id DESC LIMIT 1",
        )?
        .query_row(params![run, id], |row| decode(row, 0))
        .optional()?;
    Ok(batch
        .into_iter()
        .flatten()
        .find(|event| event.event_id == id))
}

/// The open run of a workflow, else its newest.
pub(super) fn current(
    file: &Connection,
    namespace: &str,
    workflow_id: &str,
) -> rusqlite::Result<Option<RunRow>> {
    let sql = format!("SELECT {RUN_COLUMNS} FROM run WHERE key = {CURRENT_KEY}");
    file.prepare_cached(&sql)?
        .query_row(params![namespace, workflow_id], RunRow::read)
        .optional()
}

/// One run.
pub(super) fn run(
    file: &Connection,
    namespace: &str,
    workflow_id: &str,
    run_id: &str,
) -> rusqlite::Result<Option<RunRow>> {
    let sql = format!(
        "SELECT {RUN_COLUMNS} FROM run WHERE namespace = ?1 AND workflow_id = ?2 AND run_id = ?3"
    );
    file.prepare_cached(&sql)?
        .query_row(params![namespace, workflow_id, run_id], RunRow::read)
        .optional()
}

/// One update.
pub(super) fn update(file: &Connection, run: RunKey, id: &str) -> rusqlite::Result<Option<Update>> {
    file.prepare_cached(
        "SELECT accepted_id, completed_id FROM workflow_update WHERE run = ?1 AND id = ?2",
    )?
    .query_row(params![run, id], |row| {
        Ok(Update {
            accepted_id: row.get(0)?,
            completed_id: row.get(1)?,
        })
    })
    .optional()
}

/// Runs that were closed before that moment, the longest closed first.
pub(super) fn expired(
    file: &Connection,
    cutoff: i64,
    limit: usize,
) -> rusqlite::Result<Vec<RunKey>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    file.prepare_cached(EXPIRED)?
        .query_map(params![cutoff, limit], |row| row.get(0))?
        .collect()
}

/// The events of a batch.
pub(super) fn decode(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<HistoryEvent>> {
    let blob = row.get_ref(column)?.as_blob()?;
    match History::decode(blob) {
        Ok(history) => Ok(history.events),
        Err(error) => Err(rusqlite::Error::FromSqlConversionFailure(
            column,
            Type::Blob,
            Box::new(error),
        )),
    }
}

/// Events as far as a limit allows.
struct Page {
    events: Vec<HistoryEvent>,
    bytes: usize,
    limit: Limit,
}

impl Page {
    fn new(limit: Limit) -> Self {
        Self {
            events: Vec::new(),
            bytes: 0,
            limit,
        }
    }

    /// Adds events; answers whether there is room for more.
    fn take(&mut self, events: impl Iterator<Item = HistoryEvent>) -> bool {
        for event in events {
            let bytes = self.bytes.saturating_add(event.encoded_len());
            let fits = self.events.len() < self.limit.events && bytes <= self.limit.bytes;
            // The first always does: who asks for the next page must get on.
            if !fits && !self.events.is_empty() {
                return false;
            }
            self.bytes = bytes;
            self.events.push(event);
        }
        self.events.is_empty()
            || (self.events.len() < self.limit.events && self.bytes < self.limit.bytes)
    }
}
