//! A copy of the file as it is at one moment. The engine goes on meanwhile; its log can't
//! be emptied before the copy is done.

use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::{Error, file};

/// Copies the file to a new one, for this user alone, and answers how large that is. What
/// is there already is not overwritten.
pub(in crate::embedded) fn backup(path: &Path, to: &Path) -> Result<u64, Error> {
    let (path, source) = super::open(path)?;
    let to = std::path::absolute(to).map_err(|error| file::of_system(to, &error))?;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&to)
        .map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => Error::Exists { path: to.clone() },
            _ => file::of_system(&to, &error),
        })?;
    let copied = copy(&source, &to).map_err(|error| match Error::of_sqlite(&to, &error) {
        // The copy is new; what is broken was so before.
        Error::Damaged { detail, .. } => Error::Damaged {
            path: path.clone(),
            detail,
        },
        // Only the file that is read has anybody else to lock it.
        Error::Busy { .. } => Error::Busy { path: path.clone() },
        other => other,
    });
    if copied.is_err() {
        // A part of a copy could be taken for a whole one.
        let _ = fs::remove_file(&to);
    }
    copied?;
    fs::metadata(&to)
        .map(|metadata| metadata.len())
        .map_err(|error| file::of_system(&to, &error))
}

fn copy(source: &Connection, to: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut target = Connection::open_with_flags(to, flags)?;
    target.pragma_update(None, "fullfsync", true)?;
    // In one step, which sees one moment; with several, each commit of the engine in
    // between would begin the copy anew.
    match Backup::new(source, &mut target)?.step(-1)? {
        StepResult::Done => {}
        _ => return Err(busy()),
    }
    target.close().map_err(|(_, error)| error)
}

fn busy() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None)
}
