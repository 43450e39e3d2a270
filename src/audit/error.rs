//! What can go wrong with a trail: each message names the file and says what to do.
//! It leaves out what a failure means for epochs, which the trail doesn't know.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::ErrorCode;

/// Why a trail did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The directory of the file cannot be made.
    #[error("cannot create the directory {} for the audit trail: {detail}; create it, or name another file", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// A directory is where the file should be.
    #[error("the audit trail {} is a directory, not a file; move it away, or name another file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// There is nothing to read.
    #[error("there is no audit trail at {}; nothing was recorded there yet, or it is not the file that aurad writes", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// The file cannot be opened.
    #[error("cannot open the audit trail {}: {detail}; let this user read and write the file and its directory (the log and index beside it too: -wal, -shm)", path.display())]
    Open {
        /// The path.
        path: PathBuf,
        /// What `SQLite` says.
        detail: String,
    },
    /// The file, or its file system, may only be read.
    #[error("the audit trail {} is read-only for this user ({detail}); make it, its directory and its -wal and -shm writable, or name another file", path.display())]
    ReadOnly {
        /// The path.
        path: PathBuf,
        /// What `SQLite` says.
        detail: String,
    },
    /// No room.
    #[error("no room to write to the audit trail {}; free space on its file system (or quota)", path.display())]
    Full {
        /// The path.
        path: PathBuf,
    },
    /// The file is no database, or a broken one.
    #[error("the audit trail {} is damaged or not a database: {detail}; move it away with its -wal and -shm (the next write begins a new one) and restore it from a backup if you have one", path.display())]
    Damaged {
        /// The path.
        path: PathBuf,
        /// What `SQLite` says.
        detail: String,
    },
    /// The file is a database of something else.
    #[error("{} is a database, but not an audit trail ({detail}); name another file", path.display())]
    Foreign {
        /// The path.
        path: PathBuf,
        /// What was found in it.
        detail: String,
    },
    /// The file was written by a newer version.
    #[error("the audit trail {} has schema version {found}, and this aura knows versions up to {known}; upgrade aura, or name another file", path.display())]
    Newer {
        /// The path.
        path: PathBuf,
        /// The file's version.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// No answer in time.
    #[error("the audit trail {} did not answer within {} ms; another process holds it locked, or its disk is slow", path.display(), waited.as_millis())]
    Busy {
        /// The path.
        path: PathBuf,
        /// How long it was waited for.
        waited: Duration,
    },
    /// More batches wait than are worth keeping.
    #[error("{waiting} batches wait for the audit trail {} already; its disk hangs, or something holds it locked", path.display())]
    Backlog {
        /// The path.
        path: PathBuf,
        /// How many.
        waiting: usize,
    },
    /// The file went away under the writer.
    #[error("the audit trail {} was removed or replaced while rows were written to it; write them again, they go to the file that is there then", path.display())]
    Moved {
        /// The path.
        path: PathBuf,
    },
    /// The writing thread did not start, or ended.
    #[error("the writer of the audit trail {} does not run: {detail}; the next write starts it again", path.display())]
    Writer {
        /// The path.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// The epochs keep the trail, and none was named.
    #[error("the epochs keep their own audit events; name the one that is to tell them")]
    NoEpoch,
    /// An epoch that keeps its own events does not tell them.
    #[error(
        "epoch '{epoch_id}' does not tell its audit events: {detail}; start an aurad on its task queue, and ask again"
    )]
    Epoch {
        /// The epoch.
        epoch_id: String,
        /// What happened instead.
        detail: String,
    },
    /// Anything else.
    #[error("the audit trail {} failed: {detail}; check its file system, and `sqlite3 FILE 'PRAGMA integrity_check'`", path.display())]
    Storage {
        /// The path.
        path: PathBuf,
        /// What `SQLite` says.
        detail: String,
    },
}

impl Error {
    /// What an error of `SQLite` on this file means.
    pub(super) fn of_sqlite(path: &Path, waited: Duration, error: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        let detail = match error.sqlite_error() {
            Some(sqlite) => format!("{error}, code {}", sqlite.extended_code),
            None => error.to_string(),
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::Busy { path, waited }
            }
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
