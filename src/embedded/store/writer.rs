//! The thread that writes. It takes all transactions of the engine that wait into one of
//! `SQLite`'s, so that they share its wait for the disk, and says how far it is. After a
//! failure it is over: nothing may be acknowledged that was decided on top of what is lost.
//!
//! The queue has no end of its own: each caller waits for its commit before it comes again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle, ThreadId};

use rusqlite::Connection;
use tokio::sync::watch;

use super::lock::Lock;
use super::{Error, Write, apply, file};

/// Transactions that share a commit, at most.
const GROUP: usize = 256;
/// Bytes after which a group is large enough.
const GROUP_BYTES: usize = 4 << 20;

/// The number of a transaction, in the order of their submission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::embedded) struct Seq(pub(in crate::embedded) u64);

/// It was not written, and will not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the engine's database takes no more writes; its log says why")]
pub(in crate::embedded) struct Closed;

type After = Box<dyn FnOnce() + Send>;
type OnFailure = Box<dyn FnOnce(Error) + Send>;

/// A running writer.
pub(super) struct Writer {
    queue: Mutex<Queue>,
    committed: watch::Receiver<Seq>,
    failure: Arc<OnceLock<Error>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    id: ThreadId,
}

struct Queue {
    last: Seq,
    /// Taken away at the end, by which the thread knows that it is over.
    jobs: Option<Sender<Job>>,
}

struct Job {
    seq: Seq,
    writes: Vec<Write>,
    after: After,
}

impl Writer {
    pub(super) fn start(
        path: PathBuf,
        connection: Connection,
        lock: Lock,
        on_failure: OnFailure,
    ) -> Result<Self, Error> {
        let (jobs, queue) = channel();
        let (progress, committed) = watch::channel(Seq::default());
        let failure = Arc::new(OnceLock::new());
        let thread = Thread {
            identity: file::identity(&path),
            path: path.clone(),
            connection,
            progress,
            lock,
        };
        let why = Arc::clone(&failure);
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || thread.run(queue, &why, on_failure))
            .map_err(|error| Error::Writer {
                path,
                detail: error.to_string(),
            })?;
        Ok(Self {
            queue: Mutex::new(Queue {
                last: Seq::default(),
                jobs: Some(jobs),
            }),
            committed,
            failure,
            id: thread.thread().id(),
            thread: Mutex::new(Some(thread)),
        })
    }

    pub(super) fn submit(&self, writes: Vec<Write>, after: After) -> Seq {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.last.0 += 1;
        let seq = queue.last;
        if let Some(jobs) = &queue.jobs {
            // After the end it is dropped; who waits for it is told.
            let _ = jobs.send(Job { seq, writes, after });
        }
        seq
    }

    pub(super) fn committed(&self) -> watch::Receiver<Seq> {
        self.committed.clone()
    }

    pub(super) fn failure(&self) -> Option<Error> {
        self.failure.get().cloned()
    }

    /// Waits until all that was submitted is written and the file is given free.
    pub(super) fn close(&self) {
        self.queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .jobs = None;
        // The last owner of the store may be something that the thread itself drops.
        if thread::current().id() == self.id {
            return;
        }
        // Held meanwhile, so that whoever else closes it waits too.
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = thread.take() {
            // Its panics are failures, and have been told.
            let _ = thread.join();
        }
    }
}

struct Thread {
    path: PathBuf,
    /// Which file it is, whatever the path leads to by now.
    identity: Option<(u64, u64)>,
    connection: Connection,
    progress: watch::Sender<Seq>,
    /// Given back last of all, when the file is closed.
    lock: Lock,
}

impl Thread {
    fn run(self, queue: Receiver<Job>, why: &OnceLock<Error>, on_failure: OnFailure) {
        let ended = catch_unwind(AssertUnwindSafe(|| self.serve(&queue)));
        let cause = match ended {
            Ok(Ok(())) => {
                finish(self.connection, &self.path);
                return drop(self.lock);
            }
            Ok(Err(error)) => error,
            Err(_) => Error::Writer {
                path: self.path,
                detail: "it panicked, which is a bug".to_owned(),
            },
        };
        let error = Error::Fatal {
            cause: Box::new(cause),
        };
        tracing::error!(%error, "the engine stops");
        let _ = why.set(error.clone());
        // In this order: who waits, and who waits for what comes after, is told first.
        drop(self.progress);
        drop(queue);
        on_failure(error);
    }

    /// Until no more can come.
    fn serve(&self, queue: &Receiver<Job>) -> Result<(), Error> {
        while let Ok(first) = queue.recv() {
            let group = gather(first, queue);
            self.commit(&group)?;
            if let Some(last) = group.last() {
                self.progress.send_replace(last.seq);
            }
            for job in group {
                (job.after)();
            }
        }
        Ok(())
    }

    fn commit(&self, group: &[Job]) -> Result<(), Error> {
        if group.iter().all(|job| job.writes.is_empty()) {
            return Ok(());
        }
        write(&self.connection, group).map_err(|error| Error::of_sqlite(&self.path, &error))?;
        // It went where nobody will find it again.
        if file::identity(&self.path) != self.identity {
            return Err(Error::Moved {
                path: self.path.clone(),
            });
        }
        Ok(())
    }
}

/// All that waits, up to a size.
fn gather(first: Job, queue: &Receiver<Job>) -> Vec<Job> {
    let mut bytes = first.bytes();
    let mut group = vec![first];
    while group.len() < GROUP && bytes < GROUP_BYTES {
        let Ok(job) = queue.try_recv() else { break };
        bytes += job.bytes();
        group.push(job);
    }
    group
}

/// Writes all or nothing.
fn write(connection: &Connection, group: &[Job]) -> rusqlite::Result<()> {
    // Prepared once: `Connection::transaction` compiles both of them each time.
    let run = |sql| connection.prepare_cached(sql)?.execute([]);
    run("BEGIN IMMEDIATE")?;
    let written = perform(connection, group).and_then(|()| run("COMMIT"));
    if written.is_err() {
        // SQLite may have done it already.
        let _ = connection.execute_batch("ROLLBACK");
    }
    written.map(|_| ())
}

fn perform(connection: &Connection, group: &[Job]) -> rusqlite::Result<()> {
    let mut deleted = false;
    for write in group.iter().flat_map(|job| &job.writes) {
        apply::apply(connection, write)?;
        deleted |= matches!(write, Write::Delete(_));
    }
    if deleted {
        apply::shrink(connection)?;
    }
    Ok(())
}

/// Leaves one file, which may be copied as such.
fn finish(connection: Connection, path: &Path) {
    let emptied = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    let closed = connection.close().map_err(|(_, error)| error);
    if let Err(error) = emptied.and(closed) {
        // Nothing is lost: the next one to open the file does it.
        tracing::warn!(path = %path.display(), %error, "the log could not be emptied");
    }
}

impl Job {
    /// About how much it is to write.
    fn bytes(&self) -> usize {
        self.writes.iter().map(Write::bytes).sum()
    }
}

impl Write {
    fn bytes(&self) -> usize {
        match self {
            Self::Run(row) => row.state.len(),
            Self::Events(batch) => batch.data.len(),
            Self::Item { data, .. } => data.as_ref().map_or(0, Vec::len),
            Self::Namespace { data, .. } => data.len(),
            Self::Attributes { attributes, .. } => {
                attributes.values().map(|payload| payload.data.len()).sum()
            }
            // How much a history takes to delete is not known here; its caller deletes few.
            Self::Dedup { .. }
            | Self::Update { .. }
            | Self::Closed(_)
            | Self::Delete(_)
            | Self::SearchAttribute { .. } => 0,
        }
    }
}
