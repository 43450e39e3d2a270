//! What can go wrong with the file: each message names it and says what to do.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why the store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::embedded) enum Error {
    /// The directory of the file cannot be made.
    #[error("cannot create the directory {} for the database: {detail}; create it, or name another file", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// Something else is where the file should be.
    #[error("the database {} is not a regular file; move it away, or name another file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// There is nothing to read.
    #[error("there is no database at {}; name the file that the engine was started with", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// Something is where a copy should go.
    #[error("{} exists already, and is not overwritten; name a new file", path.display())]
    Exists {
        /// The path.
        path: PathBuf,
    },
    /// Another process has the file.
    #[error("the database {} is in use by {}; stop that process, or name another file", path.display(), owner(*pid))]
    Locked {
        /// The path.
        path: PathBuf,
        /// Its process, if it has said so.
        pid: Option<u32>,
    },
    /// It cannot be found out whether another process has the file.
    #[error("cannot lock the database with {}: {detail}; two processes would destroy it, so it is not used; put it on a local file system, in a directory that this user may write to", path.display())]
    Lock {
        /// The lock's file.
        path: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// The file cannot be opened.
    #[error("cannot open the database {}: {detail}; let this user read and write the file and its directory (the log and index beside it too: -wal, -shm)", path.display())]
    Open {
        /// The path.
        path: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// The file, or its file system, may only be read.
    #[error("the database {} is read-only for this user ({detail}); make it, its directory and its -wal and -shm writable, or name another file", path.display())]
    ReadOnly {
        /// The path.
        path: PathBuf,
        /// What `SQLite` says.
        detail: String,
    },
    /// No room.
    #[error("no room to write to the database {}; free space on its file system (or quota)", path.display())]
    Full {
        /// The path.
        path: PathBuf,
    },
    /// The file is no database, or a broken one.
    #[error("the database {} is damaged or not a database: {detail}; move it away with its -wal and -shm and restore it from a backup, or name another file", path.display())]
    Damaged {
        /// The path.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// The file is a database of something else.
    #[error("{} is a database, but of another program ({detail}); name another file", path.display())]
    Foreign {
        /// The path.
        path: PathBuf,
        /// What was found in it.
        detail: String,
    },
    /// The file was written by a newer version.
    #[error("the database {} has schema version {found}, and this program knows versions up to {known}; upgrade the program, or name another file", path.display())]
    Newer {
        /// The path.
        path: PathBuf,
        /// The file's version.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// The file was written by an older version, by what only reads it.
    #[error("the database {} has schema version {found}, and this program reads version {known}; start the engine on it once, which brings it up to date", path.display())]
    Older {
        /// The path.
        path: PathBuf,
        /// The file's version.
        found: i64,
        /// The version known here.
        known: i64,
    },
    /// Somebody else holds `SQLite`'s own lock.
    #[error("the database {} is held locked by another program, such as a database browser; let that program finish", path.display())]
    Busy {
        /// The path.
        path: PathBuf,
    },
    /// The file went away under its owner.
    #[error("the database {} was removed or replaced while it was in use; put it back with its -wal, or restore it from a backup", path.display())]
    Moved {
        /// The path.
        path: PathBuf,
    },
    /// There is no such run.
    #[error("the database {} has no run{} of a workflow {workflow_id:?} in the namespace {namespace:?}; it may never have been there, or be older than is kept", path.display(), run_id.as_ref().map(|id| format!(" {id:?}")).unwrap_or_default())]
    NoSuchRun {
        /// The path.
        path: PathBuf,
        /// Where it was looked for.
        namespace: String,
        /// Of which workflow.
        workflow_id: String,
        /// Which run, if not just the newest.
        run_id: Option<String>,
    },
    /// The store was closed.
    #[error("the database {} is closed; its engine is stopping: ask again when it has started", path.display())]
    Closed {
        /// The path.
        path: PathBuf,
    },
    /// The writing thread did not start, or ended.
    #[error("the writer of the database {} does not run: {detail}; start the engine again", path.display())]
    Writer {
        /// The path.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// The end of all writing.
    #[error(
        "{cause}. What was acknowledged before is kept; nothing is acknowledged after it, because the engine's memory is now ahead of the file. Mend that and start the engine again"
    )]
    Fatal {
        /// What could not be done.
        cause: Box<Self>,
    },
    /// Anything else.
    #[error("the database {} failed: {detail}; check its file system, and its integrity", path.display())]
    Storage {
        /// The path.
        path: PathBuf,
        /// What `SQLite` says.
        detail: String,
    },
}

fn owner(pid: Option<u32>) -> String {
    pid.map_or_else(
        || "another process".to_owned(),
        |pid| format!("process {pid}"),
    )
}

impl Error {
    /// What an error of `SQLite` on this file means.
    pub(super) fn of_sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        let detail = match error.sqlite_error() {
            Some(sqlite) => format!("{error}, code {}", sqlite.extended_code),
            None => error.to_string(),
        };
        // A blob that is no message, or a column of another type than it has.
        if matches!(
            error,
            rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
        ) {
            return Self::Damaged { path, detail };
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            Some(ErrorCode::ReadOnly) => Self::ReadOnly { path, detail },
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::Open { path, detail }
            }
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { path, detail }
            }
            _ => Self::Storage { path, detail },
        }
    }
}
