//! What the engine begins with: everything of runs that are open, and nothing but the
//! highest key of those that are not.

use rusqlite::{Connection, Row};

use super::read::RUN_COLUMNS;
use super::{RunKey, RunRow};

/// By its index: without that said, all runs would be read for the sake of their order.
pub(super) const OPEN_RUNS: &str = "FROM run INDEXED BY run_open WHERE status = 1 ORDER BY key";

/// What was in the file when it was opened, in the order of its keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::embedded) struct Loaded {
    /// Name, id and description.
    pub(in crate::embedded) namespaces: Vec<(String, String, Vec<u8>)>,
    /// Namespace, name and type.
    pub(in crate::embedded) search_attributes: Vec<(String, String, i32)>,
    /// All runs whose status is running.
    pub(in crate::embedded) open: Vec<OpenRun>,
    /// Greater than every key that was ever used.
    pub(in crate::embedded) next_key: RunKey,
}

/// An open run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::embedded) struct OpenRun {
    /// Its row.
    pub(in crate::embedded) row: RunRow,
    /// Kind, id and message of what it waits for or holds back.
    pub(in crate::embedded) items: Vec<(i64, i64, Vec<u8>)>,
    /// Kind and id of requests that it has taken.
    pub(in crate::embedded) dedup: Vec<(i64, String)>,
    /// Its updates: id, and the events that accepted and completed it.
    pub(in crate::embedded) updates: Vec<(String, i64, Option<i64>)>,
}

/// Reads all that. There must be no writer yet.
pub(super) fn load(file: &Connection) -> rusqlite::Result<Loaded> {
    let sql = format!("SELECT {RUN_COLUMNS} {OPEN_RUNS}");
    let rows = all(file, &sql, [], RunRow::read)?;
    let open = rows.into_iter().map(|row| open_run(file, row));
    Ok(Loaded {
        namespaces: all(
            file,
            "SELECT name, id, data FROM namespace ORDER BY name",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?,
        search_attributes: all(
            file,
            "SELECT namespace, name, type FROM search_attribute ORDER BY namespace, name",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?,
        open: open.collect::<rusqlite::Result<_>>()?,
        next_key: file.query_row(
            "SELECT ifnull(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'run'",
            [],
            |row| row.get(0),
        )?,
    })
}

fn open_run(file: &Connection, row: RunRow) -> rusqlite::Result<OpenRun> {
    Ok(OpenRun {
        items: all(
            file,
            "SELECT kind, id, data FROM item WHERE run = ?1 ORDER BY kind, id",
            [row.key],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?,
        dedup: all(
            file,
            "SELECT kind, id FROM dedup WHERE run = ?1 ORDER BY kind, id",
            [row.key],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?,
        updates: all(
            file,
            "SELECT id, accepted_id, completed_id FROM workflow_update WHERE run = ?1 \
             ORDER BY id",
            [row.key],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?,
        row,
    })
}

fn all<T>(
    file: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    file.prepare_cached(sql)?.query_map(values, read)?.collect()
}
