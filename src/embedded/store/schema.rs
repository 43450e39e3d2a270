//! The file's schema: what is found in a file, and the migrations, which are only ever
//! added to. A file's version is the number of migrations that it has had; that it is ours
//! is said by `SQLite`'s application id.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::{Error, file};

/// "aura", in ASCII.
const APPLICATION: i64 = 0x6175_7261;

const MIGRATIONS: [&str; 1] = [include_str!("0001_engine.sql")];

/// The version that this code reads and writes.
#[expect(clippy::cast_possible_wrap, reason = "it is a small number")]
pub(super) const VERSION: i64 = MIGRATIONS.len() as i64;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing yet.
    Nothing,
    /// Our schema, of this version.
    Version(i64),
}

/// Looks at a file without changing it. A file of something else, or of a newer version,
/// is an error.
pub(super) fn inspect(connection: &Connection, path: &Path) -> Result<Found, Error> {
    let fail = |error| Error::of_sqlite(path, &error);
    let application = pragma(connection, "application_id").map_err(fail)?;
    let version = pragma(connection, "user_version").map_err(fail)?;
    if application == APPLICATION {
        return if version > VERSION {
            Err(Error::Newer {
                path: path.to_owned(),
                found: version,
                known: VERSION,
            })
        } else {
            Ok(Found::Version(version))
        };
    }
    let tables = tables(connection).map_err(fail)?;
    if application == 0 && version == 0 && tables.is_empty() {
        return Ok(Found::Nothing);
    }
    let detail = if tables.is_empty() {
        format!("its application id is {application}, its version {version}")
    } else {
        format!("its tables are {}", tables.join(", "))
    };
    Err(Error::Foreign {
        path: path.to_owned(),
        detail,
    })
}

/// For those who only read: the file must be as this code writes it.
pub(super) fn expect_current(connection: &Connection, path: &Path) -> Result<(), Error> {
    match inspect(connection, path)? {
        Found::Version(VERSION) => Ok(()),
        Found::Version(found) => Err(Error::Older {
            path: path.to_owned(),
            found,
            known: VERSION,
        }),
        Found::Nothing => Err(Error::Missing {
            path: path.to_owned(),
        }),
    }
}

/// Brings the file up to date, all steps or none, and answers what it was before.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<Found, Error> {
    let found = inspect(connection, path)?;
    let done = match found {
        Found::Nothing => 0,
        Found::Version(version) => version,
    };
    upgrade(connection, done).map_err(|error| Error::of_sqlite(path, &error))?;
    Ok(found)
}

fn upgrade(connection: &mut Connection, done: i64) -> rusqlite::Result<()> {
    file::set_mode(connection)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (version, sql) in (1..).zip(MIGRATIONS).filter(|&(version, _)| version > done) {
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", version)?;
    }
    transaction.commit()
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
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
