//! The open file: how it is opened, and how rows get into it. It is dropped after any
//! failure; it never repairs itself.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};

use super::{row, schema};
use crate::audit::chain::{self, Content};
use crate::audit::{Error, Recorded};

/// How long another process may hold the file; less than a caller's patience, so that the
/// caller gets this reason and not merely silence.
const BUSY: Duration = Duration::from_millis(200);

/// Between two tries to open it.
const PAUSE: Duration = Duration::from_millis(2);

/// An open file that rows are appended to.
pub(super) struct Store {
    connection: Connection,
    path: PathBuf,
    /// Which file it is, whatever the path leads to by now.
    file: Option<(u64, u64)>,
}

impl Store {
    /// Opens the file, makes it if it isn't there, and brings its schema up to date.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let begun = Instant::now();
        loop {
            match Self::try_open(path) {
                // Processes that make the file at the same time trip over each other, and
                // `SQLite` does not wait where it changes to a write-ahead log.
                Err(Error::Busy { .. }) if begun.elapsed() < BUSY => thread::sleep(PAUSE),
                opened => return opened,
            }
        }
    }

    fn try_open(path: &Path) -> Result<Self, Error> {
        make_directory(path)?;
        if path.is_dir() {
            return Err(Error::NotAFile {
                path: path.to_owned(),
            });
        }
        align_permissions(path);
        let before = identity(path);
        let fail = |error| Error::of_sqlite(path, BUSY, &error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags).map_err(fail)?;
        connection.busy_timeout(BUSY).map_err(fail)?;
        // Nothing is changed in a file that isn't ours to change.
        let found = schema::inspect(&connection, path, BUSY)?;
        if connection.is_readonly("main").map_err(fail)? {
            let detail = "it was opened, but not for writing".to_owned();
            return Err(Error::ReadOnly {
                path: path.to_owned(),
                detail,
            });
        }
        prepare(&connection).map_err(fail)?;
        schema::migrate(&mut connection, path, BUSY)?;
        let file = identity(path);
        let store = Self {
            connection,
            path: path.to_owned(),
            file,
        };
        // Opened and looked at are two moments; both must have met the same file.
        if file.is_none() || before.is_some_and(|_| before != file) {
            store.leave();
            return Err(Error::Moved {
                path: path.to_owned(),
            });
        }
        tracing::info!(path = %path.display(), ?found, "the audit trail is open");
        Ok(store)
    }

    /// Appends all batches or none, and answers for each.
    pub(super) fn write(&mut self, batches: &[&[Content]]) -> Result<Vec<Recorded>, Error> {
        let Self {
            connection, path, ..
        } = self;
        append(connection, batches).map_err(|error| Error::of_sqlite(path, BUSY, &error))
    }

    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Whether the path still leads to this file.
    pub(super) fn is_in_place(&self) -> bool {
        identity(&self.path) == self.file
    }

    /// Closes a file that is no longer in its place. Its log is: emptied into the file,
    /// it can't be taken for the log of the file that is there now.
    pub(super) fn leave(self) {
        let emptied = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        if let Err(error) = emptied {
            tracing::warn!(path = %self.path.display(), %error, "its log could not be emptied");
        }
    }
}

/// The directory of the file, for this user alone where it has to be made.
fn make_directory(path: &Path) -> Result<(), Error> {
    let Some(directory) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    else {
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

/// Gives the log and its index the file's permissions. They are made with them, and keep
/// them: a reader that made them while the file was read-only would leave a trail that
/// nobody can write to after the file is writable again.
fn align_permissions(path: &Path) {
    let Ok(file) = fs::metadata(path) else { return };
    for suffix in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        if fs::metadata(&name).is_ok_and(|beside| beside.mode() != file.mode()) {
            // Where it isn't ours to change, opening it says so.
            let _ = fs::set_permissions(&name, file.permissions());
        }
    }
}

/// Device and number of the file that the path leads to. The file is never opened for
/// this: closing it again would release `SQLite`'s locks on it.
fn identity(path: &Path) -> Option<(u64, u64)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        // Some network file systems can't; then reads and writes wait for each other.
        tracing::warn!(
            mode,
            "the audit trail's file system does not allow a write-ahead log"
        );
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Where an ordinary sync stops at the drive's own cache (macOS).
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)
}

fn append(connection: &mut Connection, batches: &[&[Content]]) -> rusqlite::Result<Vec<Recorded>> {
    // Immediate: no other process may append between reading the last hash and using it.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut last = last_hash(&transaction)?;
    let mut answers = Vec::with_capacity(batches.len());
    for batch in batches {
        let mut recorded = Recorded::default();
        for content in *batch {
            append_one(&transaction, content, &mut last, &mut recorded)?;
        }
        answers.push(recorded);
    }
    transaction.commit()?;
    Ok(answers)
}

fn append_one(
    transaction: &Transaction<'_>,
    content: &Content,
    last: &mut Option<String>,
    recorded: &mut Recorded,
) -> rusqlite::Result<()> {
    if let Some(event_id) = &content.event_id {
        match find(transaction, event_id)? {
            Some(there) if row::is_same(&there, content) => {
                recorded.repeated += 1;
                return Ok(());
            }
            Some(_) => {
                recorded.conflict(&content.epoch_id, event_id);
                return Ok(());
            }
            None => {}
        }
    }
    let hash = chain::hash(last.as_deref(), content);
    let values = content
        .values()
        .into_iter()
        .chain([last.as_deref(), Some(&hash)]);
    transaction
        .prepare_cached(row::INSERT)?
        .execute(rusqlite::params_from_iter(values))?;
    *last = Some(hash);
    recorded.written += 1;
    Ok(())
}

fn last_hash(transaction: &Transaction<'_>) -> rusqlite::Result<Option<String>> {
    transaction
        .prepare_cached(row::LAST_HASH)?
        .query_row([], |found| found.get_ref(0).map(row::text))
        .optional()
        .map(Option::flatten)
}

fn find(transaction: &Transaction<'_>, event_id: &str) -> rusqlite::Result<Option<Content>> {
    transaction
        .prepare_cached(row::BY_EVENT_ID)?
        .query_row([event_id], |found| row::read(found).map(|row| row.content))
        .optional()
}
