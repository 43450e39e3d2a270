//! Performs writes on a connection. Each is one or a few statements; together they are in
//! the transaction of whoever calls.

use rusqlite::{Connection, params};

use super::attributes::{self, Value};
use super::{Batch, RunKey, RunRow, Write};

/// Pages that one transaction gives back to the file system at most.
const PAGES: i64 = 1024;

/// Performs one write.
pub(super) fn apply(file: &Connection, write: &Write) -> rusqlite::Result<()> {
    match write {
        Write::Run(row) => run(file, row),
        Write::Events(batch) => events(file, batch),
        Write::Item {
            run,
            kind,
            id,
            data,
        } => match data {
            Some(data) => execute(
                file,
                "INSERT OR REPLACE INTO item (run, kind, id, data) VALUES (?1, ?2, ?3, ?4)",
                params![run, kind, id, data],
            ),
            None => execute(
                file,
                "DELETE FROM item WHERE run = ?1 AND kind = ?2 AND id = ?3",
                params![run, kind, id],
            ),
        },
        Write::Dedup { run, kind, id } => execute(
            file,
            "INSERT OR IGNORE INTO dedup (run, kind, id) VALUES (?1, ?2, ?3)",
            params![run, kind, id],
        ),
        Write::Update {
            run,
            id,
            accepted_id,
            completed_id,
        } => execute(
            file,
            "INSERT OR REPLACE INTO workflow_update (run, id, accepted_id, completed_id) \
             VALUES (?1, ?2, ?3, ?4)",
            params![run, id, accepted_id, completed_id],
        ),
        Write::Attributes { run, attributes } => {
            of_run(file, &["attribute"], *run)?;
            for (name, payload) in attributes {
                for (n, value) in (0_i64..).zip(attributes::values(name, payload)) {
                    attribute(file, *run, name, n, &value)?;
                }
            }
            Ok(())
        }
        Write::Closed(run) => of_run(file, &["item", "dedup"], *run),
        Write::Delete(run) => {
            let tables = ["event", "item", "dedup", "workflow_update", "attribute"];
            of_run(file, &tables, *run)?;
            execute(file, "DELETE FROM run WHERE key = ?1", params![run])
        }
        Write::Namespace { name, id, data } => execute(
            file,
            "INSERT OR REPLACE INTO namespace (name, id, data) VALUES (?1, ?2, ?3)",
            params![name, id, data],
        ),
        Write::SearchAttribute {
            namespace,
            name,
            kind,
        } => match kind {
            Some(kind) => execute(
                file,
                "INSERT OR REPLACE INTO search_attribute (namespace, name, type) \
                 VALUES (?1, ?2, ?3)",
                params![namespace, name, kind],
            ),
            None => execute(
                file,
                "DELETE FROM search_attribute WHERE namespace = ?1 AND name = ?2",
                params![namespace, name],
            ),
        },
    }
}

/// Gives room back that deleted runs have left, a part of it at a time, once an eighth of
/// the file is empty; less would soon be needed again.
pub(super) fn shrink(file: &Connection) -> rusqlite::Result<()> {
    let number = |name| file.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let spare = number("freelist_count")? - number("page_count")? / 8;
    if spare > 0 {
        let sql = format!("PRAGMA incremental_vacuum({})", spare.min(PAGES));
        let mut statement = file.prepare(&sql)?;
        let mut pages = statement.query([])?;
        // Each step is a page.
        while pages.next()?.is_some() {}
    }
    Ok(())
}

fn run(file: &Connection, row: &RunRow) -> rusqlite::Result<()> {
    // The same numbers in all statements, whichever of them one uses.
    let values = params![
        row.key,
        row.namespace,
        row.workflow_id,
        row.run_id,
        row.workflow_type,
        row.task_queue,
        row.status,
        row.start_time,
        row.execution_time,
        row.close_time,
        row.history_length,
        row.history_size,
        row.parent_workflow_id,
        row.parent_run_id,
        row.root_workflow_id,
        row.root_run_id,
        row.state,
    ];
    // Nearly always it is there already, and has only become longer. An index is written anew
    // wherever one of its columns is set, be it to what it was. The columns that never change
    // are left alone in any case.
    for update in [
        "UPDATE run SET history_length = ?11, history_size = ?12, state = ?17 \
         WHERE key = ?1 AND workflow_type = ?5 AND task_queue = ?6 AND status = ?7 \
         AND execution_time = ?9 AND close_time IS ?10 AND parent_workflow_id IS ?13 \
         AND parent_run_id IS ?14 AND root_workflow_id = ?15 AND root_run_id = ?16",
        "UPDATE run SET workflow_type = ?5, task_queue = ?6, status = ?7, \
         execution_time = ?9, close_time = ?10, history_length = ?11, history_size = ?12, \
         parent_workflow_id = ?13, parent_run_id = ?14, root_workflow_id = ?15, \
         root_run_id = ?16, state = ?17 WHERE key = ?1",
    ] {
        if file.prepare_cached(update)?.execute(values)? > 0 {
            return Ok(());
        }
    }
    execute(
        file,
        "INSERT INTO run (key, namespace, workflow_id, run_id, workflow_type, task_queue, \
         status, start_time, execution_time, close_time, history_length, history_size, \
         parent_workflow_id, parent_run_id, root_workflow_id, root_run_id, state) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        values,
    )
}

fn events(file: &Connection, batch: &Batch) -> rusqlite::Result<()> {
    // Not replacing: events that are there already are the truth, and the engine is wrong.
    execute(
        file,
        "INSERT INTO event (run, first_id, last_id, batch) VALUES (?1, ?2, ?3, ?4)",
        params![batch.run, batch.first_id, batch.last_id, batch.data],
    )
}

fn attribute(
    file: &Connection,
    run: RunKey,
    name: &str,
    n: i64,
    value: &Value,
) -> rusqlite::Result<()> {
    let (text, whole, real) = match value {
        Value::Text(text) => (Some(text.as_str()), None, None),
        Value::Whole(whole) => (None, Some(*whole), None),
        Value::Real(real) => (None, None, Some(*real)),
    };
    execute(
        file,
        "INSERT INTO attribute (run, name, n, text, whole, real) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![run, name, n, text, whole, real],
    )
}

fn of_run(file: &Connection, tables: &[&str], run: RunKey) -> rusqlite::Result<()> {
    for table in tables {
        let sql = format!("DELETE FROM {table} WHERE run = ?1");
        execute(file, &sql, params![run])?;
    }
    Ok(())
}

fn execute(file: &Connection, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<()> {
    file.prepare_cached(sql)?.execute(values).map(|_| ())
}
