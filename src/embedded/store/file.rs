//! How the file is made and opened. Its rows are not looked at here.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{Error, Synchronous};

/// How long the writer lets another program, such as a database browser, hold the file.
const BUSY_WRITING: Duration = Duration::from_secs(30);
/// The same for a reader, which only meets it in the first moments of a file.
const BUSY_READING: Duration = Duration::from_secs(5);
/// What the log shrinks to after a checkpoint, in bytes.
const LOG_LIMIT: i64 = 16 << 20;
/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 64;

/// Makes the file, empty and for this user alone, unless it is there, and resolves all
/// links to it: the lock must be the same for every name of it.
pub(super) fn make(path: &Path) -> Result<PathBuf, Error> {
    // An absolute path means a file, whatever `SQLite` makes of ":memory:".
    let path = std::path::absolute(path).map_err(|error| of_system(path, &error))?;
    make_directory(&path)?;
    // Only where it isn't there: opening and closing it otherwise would release the locks
    // that a connection of this process has on it.
    if !path.exists() {
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path);
        match made {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(of_system(&path, &error)),
        }
    }
    find(&path)
}

/// The file that is there, with all links resolved.
pub(super) fn find(path: &Path) -> Result<PathBuf, Error> {
    let found = fs::canonicalize(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::Missing {
            path: path.to_owned(),
        },
        _ => of_system(path, &error),
    })?;
    let metadata = fs::metadata(&found).map_err(|error| of_system(path, &error))?;
    if metadata.is_file() {
        Ok(found)
    } else {
        Err(Error::NotAFile { path: found })
    }
}

/// What an error of the system about this file means.
pub(super) fn of_system(path: &Path, error: &io::Error) -> Error {
    let path = path.to_owned();
    let detail = error.to_string();
    match error.kind() {
        ErrorKind::ReadOnlyFilesystem => Error::ReadOnly { path, detail },
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::Full { path },
        _ => Error::Open { path, detail },
    }
}

/// The directory of the file, for this user alone where it has to be made.
fn make_directory(path: &Path) -> Result<(), Error> {
    let Some(directory) = path.parent() else {
        return Ok(());
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(|error| {
            let detail = match error.kind() {
                ErrorKind::AlreadyExists => "a file of that name is in the way".to_owned(),
                _ => error.to_string(),
            };
            Error::Directory {
                path: directory.to_owned(),
                detail,
            }
        })
}

/// Device and number of the file that the path leads to. It is never opened for this.
pub(super) fn identity(path: &Path) -> Option<(u64, u64)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

/// Opens the file to write to it. Nothing in it is changed yet.
pub(super) fn open_to_write(path: &Path, synchronous: Synchronous) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let fail = |error| Error::of_sqlite(path, &error);
    let connection = Connection::open_with_flags(path, flags).map_err(fail)?;
    prepare(&connection, BUSY_WRITING).map_err(fail)?;
    if connection.is_readonly("main").map_err(fail)? {
        return Err(Error::ReadOnly {
            path: path.to_owned(),
            detail: "it was opened, but not for writing".to_owned(),
        });
    }
    let level = match synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Normal => "NORMAL",
    };
    let limit = format!("PRAGMA journal_size_limit = {LOG_LIMIT}");
    let set = || {
        connection.pragma_update(None, "synchronous", level)?;
        // Where an ordinary sync stops at the drive's own cache (macOS).
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "checkpoint_fullfsync", true)?;
        // This one answers with what it was set to.
        connection.query_row(&limit, [], |_| Ok(()))
    };
    set().map_err(fail)?;
    Ok(connection)
}

/// Sets what the file itself keeps. Only for a file that is ours, or empty.
pub(super) fn set_mode(connection: &Connection) -> rusqlite::Result<()> {
    // It has to come before the first page, which the next line may write.
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        // Some network file systems can't; then reads and writes wait for each other.
        tracing::warn!(
            mode,
            "the database's file system does not allow a write-ahead log"
        );
    }
    Ok(())
}

/// Opens the file to read it.
pub(super) fn open_to_read(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection, BUSY_READING)?;
    Ok(connection)
}

fn prepare(connection: &Connection, busy: Duration) -> rusqlite::Result<()> {
    connection.busy_timeout(busy)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // The schema has no references, and nothing in a file may call functions.
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // Without this, a statement that compares a range with a parameter is compiled anew each
    // time that it is run, in search of a plan for just those values.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
