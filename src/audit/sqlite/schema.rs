//! The file's schema: what is found in a file, and the migrations, which are only ever
//! added to. Each runs in a transaction together with the note that it ran.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use super::row;
use crate::audit::Error;

/// Each with the version that a file has after it, which is its number.
const MIGRATIONS: [(i64, &str); 1] = [(1, include_str!("0001_audit_events.sql"))];

/// The version that this code writes.
pub(super) const VERSION: i64 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing yet.
    Nothing,
    /// The earlier implementation's table.
    Earlier,
    /// Our schema, of this version.
    Version(i64),
}

/// Looks at a file without changing it. A file of something else, or of a newer version,
/// is an error.
pub(super) fn inspect(
    connection: &Connection,
    path: &Path,
    waited: Duration,
) -> Result<Found, Error> {
    let fail = |error| Error::of_sqlite(path, waited, &error);
    let tables = tables(connection).map_err(fail)?;
    let has = |name: &str| tables.iter().any(|table| table == name);
    if has("audit_events") && !has_earlier_columns(connection).map_err(fail)? {
        let detail = "its table audit_events has other columns".to_owned();
        return Err(Error::Foreign {
            path: path.to_owned(),
            detail,
        });
    }
    match (has("audit_events"), has("aura_schema")) {
        (true, true) => match version(connection).map_err(fail)? {
            found if found > VERSION => Err(Error::Newer {
                path: path.to_owned(),
                found,
                known: VERSION,
            }),
            found => Ok(Found::Version(found)),
        },
        (true, false) => Ok(Found::Earlier),
        (false, _) if tables.is_empty() => Ok(Found::Nothing),
        (false, _) => {
            let detail = format!("its tables are {}", tables.join(", "));
            Err(Error::Foreign {
                path: path.to_owned(),
                detail,
            })
        }
    }
}

/// Brings the file up to date, all steps or none.
pub(super) fn migrate(
    connection: &mut Connection,
    path: &Path,
    waited: Duration,
) -> Result<(), Error> {
    if inspect(connection, path, waited)? == Found::Version(VERSION) {
        return Ok(());
    }
    let fail = |error| Error::of_sqlite(path, waited, &error);
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(fail)?;
    // Another process may have been faster.
    let done = match inspect(&transaction, path, waited)? {
        Found::Nothing | Found::Earlier => 0,
        Found::Version(version) => version,
    };
    for (version, sql) in MIGRATIONS
        .into_iter()
        .filter(|&(version, _)| version > done)
    {
        transaction.execute_batch(sql).map_err(fail)?;
        transaction
            .execute(
                "INSERT INTO aura_schema (version, applied_at) VALUES (?1, ?2)",
                (version, row::now().to_string()),
            )
            .map_err(fail)?;
    }
    transaction.commit().map_err(fail)
}

fn tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare(
            "SELECT name FROM sqlite_schema \
             WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
        )?
        .query_map([], |row| row.get(0))?
        .collect()
}

fn has_earlier_columns(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row(
        "SELECT count(*) = 7 FROM pragma_table_info('audit_events') WHERE name IN \
         ('id', 'epoch_id', 'phase', 'role', 'event_type', 'payload', 'timestamp')",
        [],
        |row| row.get(0),
    )
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row(
        "SELECT ifnull(max(version), 0) FROM aura_schema",
        [],
        |row| row.get(0),
    )
}
