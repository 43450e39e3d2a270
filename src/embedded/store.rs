//! What the engine knows, in one `SQLite` file that outlives the process and the machine's
//! power. One thread writes; all transactions of the engine that wait share one commit, and
//! nothing is acknowledged before its own. Reads use connections of their own and hold up
//! nobody.
//!
//! The engine's memory is always ahead of the file, so a change that cannot be written is
//! the end: the store takes no more, says so once, and whoever runs it starts again from
//! what was kept. What the rows mean is not decided here, and neither is which runs are
//! old enough to go.

mod apply;
mod attributes;
mod error;
mod file;
mod load;
mod lock;
mod read;
mod readers;
mod schema;
#[cfg(test)]
mod tests;
pub(in crate::embedded) mod tools;
mod write;
mod writer;

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use tokio::sync::watch;

pub(in crate::embedded) use error::Error;
pub(in crate::embedded) use load::Loaded;
pub(in crate::embedded) use read::{Limit, RUN_COLUMNS, RUN_WIDTH, Update};
pub(in crate::embedded) use write::{Batch, RunKey, RunRow, Write, join};
pub(in crate::embedded) use writer::{Closed, Seq};

use lock::Lock;
use readers::Readers;
use writer::Writer;

/// How a file is opened.
pub(in crate::embedded) struct Options {
    /// What a commit waits for.
    pub(in crate::embedded) synchronous: Synchronous,
    /// Called once, from the writing thread, when a change could not be written. By then
    /// everybody who waits for a commit has been told that it will not come.
    pub(in crate::embedded) on_failure: Box<dyn FnOnce(Error) + Send>,
}

/// What a commit waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::embedded) enum Synchronous {
    /// Until the disk has it: it outlives the machine's power.
    #[default]
    Full,
    /// Until the system has it: it outlives the process, but the last commits before a
    /// power cut may be gone.
    Normal,
}

/// An open file, which no other process has.
pub(in crate::embedded) struct Store {
    path: PathBuf,
    writer: Writer,
    readers: Readers,
}

impl Store {
    /// Opens the file, makes it if it isn't there, brings its schema up to date, and reads
    /// what the engine begins with.
    pub(in crate::embedded) fn open(
        path: &Path,
        options: Options,
    ) -> Result<(Self, Loaded), Error> {
        let path = file::make(path)?;
        let lock = Lock::take(&path)?;
        let mut connection = file::open_to_write(&path, options.synchronous)?;
        let found = schema::migrate(&mut connection, &path)?;
        let loaded = load::load(&connection).map_err(|error| Error::of_sqlite(&path, &error))?;
        tracing::info!(path = %path.display(), ?found, open = loaded.open.len(), "the database is open");
        let writer = Writer::start(path.clone(), connection, lock, options.on_failure)?;
        let store = Self {
            readers: Readers::new(path.clone()),
            path,
            writer,
        };
        Ok((store, loaded))
    }

    /// The file, with all links resolved.
    pub(in crate::embedded) fn path(&self) -> &Path {
        &self.path
    }

    /// Has these changes written, all or none, after those of every earlier call. Returns
    /// at once with the number to wait for. `after` runs on the writing thread once they
    /// are on the disk, in the order of calls, and must be quick; it is dropped if that
    /// never happens. No changes are a way to wait for those before.
    pub(in crate::embedded) fn submit(
        &self,
        writes: Vec<Write>,
        after: impl FnOnce() + Send + 'static,
    ) -> Seq {
        self.writer.submit(writes, Box::new(after))
    }

    /// The last number that is on the disk. The sender goes away when no more will be.
    pub(in crate::embedded) fn committed(&self) -> watch::Receiver<Seq> {
        self.writer.committed()
    }

    /// Waits until that number is on the disk.
    pub(in crate::embedded) async fn wait(&self, seq: Seq) -> Result<(), Closed> {
        match self
            .committed()
            .wait_for(|committed| *committed >= seq)
            .await
        {
            Ok(_) => Ok(()),
            Err(_) => Err(Closed),
        }
    }

    /// Why nothing is written any more, if that is so.
    pub(in crate::embedded) fn failure(&self) -> Option<Error> {
        self.writer.failure()
    }

    /// Writes all that was submitted, empties the log into the file, and gives the file
    /// free. Later calls find the store closed. An error is what had ended the writing.
    pub(in crate::embedded) fn close(&self) -> Result<(), Error> {
        // First, so that the writer's connection is the last one, which removes the log.
        self.readers.close();
        self.writer.close();
        self.failure().map_or(Ok(()), Err)
    }

    /// A run's events from this one on, forwards. At least one, if there is one.
    pub(in crate::embedded) fn events(
        &self,
        run: RunKey,
        from_id: i64,
        limit: Limit,
    ) -> Result<Vec<HistoryEvent>, Error> {
        self.with_reader(|file| read::events(file, run, from_id, limit))
    }

    /// A run's events from this one on, backwards. At least one, if there is one.
    pub(in crate::embedded) fn events_backwards(
        &self,
        run: RunKey,
        from_id: i64,
        limit: Limit,
    ) -> Result<Vec<HistoryEvent>, Error> {
        self.with_reader(|file| read::events_backwards(file, run, from_id, limit))
    }

    /// One event.
    pub(in crate::embedded) fn event(
        &self,
        run: RunKey,
        id: i64,
    ) -> Result<Option<HistoryEvent>, Error> {
        self.with_reader(|file| read::event(file, run, id))
    }

    /// The open run of a workflow, else its newest.
    pub(in crate::embedded) fn current(
        &self,
        namespace: &str,
        workflow_id: &str,
    ) -> Result<Option<RunRow>, Error> {
        self.with_reader(|file| read::current(file, namespace, workflow_id))
    }

    /// One run.
    pub(in crate::embedded) fn run(
        &self,
        namespace: &str,
        workflow_id: &str,
        run_id: &str,
    ) -> Result<Option<RunRow>, Error> {
        self.with_reader(|file| read::run(file, namespace, workflow_id, run_id))
    }

    /// One update that a run has accepted.
    pub(in crate::embedded) fn update(
        &self,
        run: RunKey,
        id: &str,
    ) -> Result<Option<Update>, Error> {
        self.with_reader(|file| read::update(file, run, id))
    }

    /// Runs that were closed before that moment, the longest closed first.
    pub(in crate::embedded) fn expired(
        &self,
        cutoff: i64,
        limit: usize,
    ) -> Result<Vec<RunKey>, Error> {
        self.with_reader(|file| read::expired(file, cutoff, limit))
    }

    /// Reads with a connection that can only read. What was committed before the call is
    /// seen. It may wait for another reader, so it must not be called inside of itself.
    pub(in crate::embedded) fn with_reader<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        self.readers.with(read)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // The hook has been told of whatever went wrong.
        let _ = self.close();
    }
}
