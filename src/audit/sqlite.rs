//! A trail in a `SQLite` file, which outlives the process and the machine's power.
//!
//! One thread per trail writes, and takes all batches that wait into one commit; a caller
//! waits for its answer only so long. A write that was answered is on the disk: the log is
//! synced at each commit (WAL with synchronous=FULL; with NORMAL, the last rows before a
//! power cut would be gone although a workflow counts them as written and has forgotten
//! them). Reads open the file for themselves and block nobody.
//!
//! Nothing here is final: whatever was wrong with the file, the next write opens it anew.
//! Where the file is, and whether a failed write is tried again, is not decided here.

mod look;
mod reader;
mod row;
mod schema;
mod store;
#[cfg(test)]
mod tests;
mod writer;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

pub use look::{Look, Schema};

use super::{AuditTrail, Error, Finding, Recorded, Row, chain};
use crate::contract::audit::{AuditEvent, AuditFilter};
use crate::protocol::Word;
use writer::Writer;

/// How long a caller waits for its answer. A workflow's local activity has 500 ms.
const PATIENCE: Duration = Duration::from_millis(300);

/// The same at the start, when an earlier file with many rows may have to be taken over.
const PATIENCE_AT_OPENING: Duration = Duration::from_secs(10);

/// Which rows of a file are wanted, in the file's words; absent is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Of this epoch.
    pub epoch_id: Option<String>,
    /// In this phase.
    pub phase: Option<String>,
    /// Of this role.
    pub role: Option<String>,
    /// Of this kind.
    pub event_type: Option<String>,
    /// The last row first, instead of the first.
    pub latest_first: bool,
}

impl From<&AuditFilter> for Rows {
    fn from(filter: &AuditFilter) -> Self {
        Self {
            epoch_id: filter.epoch_id.clone(),
            phase: filter.phase.map(|phase| phase.word().to_owned()),
            role: filter.role.map(|role| role.word().to_owned()),
            event_type: None,
            latest_first: false,
        }
    }
}

/// A trail in a file.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    patience: Duration,
    /// Started by the first write, and again if it ended.
    writer: Mutex<Option<Writer>>,
}

impl Sqlite {
    /// The trail in this file, which is not touched before the first call. Directory and
    /// file are made when they are first written to.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        // An absolute path means a file, whatever `SQLite` makes of ":memory:" and "file:x".
        let path = std::path::absolute(&path).unwrap_or(path);
        Self {
            path,
            patience: PATIENCE,
            writer: Mutex::default(),
        }
    }

    /// The trail in this file, made or taken over at once. After an error the daemon may
    /// still go on with `new`: the trail works as soon as the obstacle is gone.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let trail = Self::new(path);
        trail.write(Vec::new(), PATIENCE_AT_OPENING)?;
        Ok(trail)
    }

    /// Waits this long for a write's answer instead of 300 ms.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Hands the rows that are wanted to `each` as they are in the file, from one moment,
    /// until that says to stop.
    pub fn rows(
        &self,
        wanted: &Rows,
        each: impl FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        reader::read(&self.path, wanted, each).map(|_| ())
    }

    /// What was done to the file besides appending, as far as its hashes show it.
    pub fn verify(&self) -> Result<Vec<Finding>, Error> {
        self.verify_rows(|_| ())
    }

    /// The same, with a look at each row on the way, in order.
    pub fn verify_rows(&self, mut each: impl FnMut(&Row)) -> Result<Vec<Finding>, Error> {
        let mut verifier = chain::Verifier::default();
        let last = reader::read(&self.path, &Rows::default(), |row| {
            each(&row);
            verifier.step(row);
            ControlFlow::Continue(())
        })?;
        Ok(verifier.finish(last))
    }

    /// Has the writer write these rows; none of them is a way to ask whether it could.
    fn write(&self, rows: Vec<chain::Content>, patience: Duration) -> Result<Recorded, Error> {
        let answer = {
            let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            let running = match writer.take() {
                Some(running) if running.is_alive() => running,
                _ => Writer::start(&self.path)?,
            };
            writer.insert(running).submit(rows, patience)?
        };
        answer.wait()
    }
}

impl AuditTrail for Sqlite {
    fn record(&self, events: &[AuditEvent]) -> Result<Recorded, Error> {
        if events.is_empty() {
            return Ok(Recorded::default());
        }
        self.write(row::contents(events), self.patience)
    }

    fn query(&self, filter: &AuditFilter) -> Result<Vec<AuditEvent>, Error> {
        reader::query(&self.path, filter)
    }

    /// Opens the file if it isn't open, and takes and releases its write lock. A full disk
    /// shows only when something is written.
    fn check(&self) -> Result<(), Error> {
        self.write(Vec::new(), self.patience).map(|_| ())
    }
}
