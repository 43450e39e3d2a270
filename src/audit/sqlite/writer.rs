//! The thread that writes. It holds the open file between batches, drops it after a
//! failure and opens it again for the next batch. Callers meet it through a queue, so a
//! disk that hangs holds up this thread alone and never a caller beyond its patience.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{
    Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, TrySendError, channel,
    sync_channel,
};
use std::thread;
use std::time::{Duration, Instant};

use super::store::Store;
use crate::audit::chain::Content;
use crate::audit::{Error, Recorded};

/// Batches that may wait; more are turned away.
const QUEUE: usize = 256;
/// Batches that share a commit.
const GROUP: usize = 64;
/// How long the end of the trail waits for the end of the thread.
const FAREWELL: Duration = Duration::from_secs(1);

/// A running writer.
#[derive(Debug)]
pub(super) struct Writer {
    path: PathBuf,
    /// Taken away at the end, by which the thread knows that it is over.
    jobs: Option<SyncSender<Job>>,
    /// Closes when the thread has ended. Nothing is ever sent.
    ended: Receiver<()>,
}

/// A batch, and where its answer goes.
#[derive(Debug)]
struct Job {
    rows: Vec<Content>,
    /// When nobody waits for it any more.
    deadline: Instant,
    reply: Sender<Result<Recorded, Error>>,
}

/// An answer to come.
pub(super) struct Answer {
    path: PathBuf,
    patience: Duration,
    deadline: Instant,
    reply: Receiver<Result<Recorded, Error>>,
}

impl Writer {
    pub(super) fn start(path: &Path) -> Result<Self, Error> {
        let (jobs, queue) = sync_channel(QUEUE);
        let (alive, ended) = channel::<()>();
        let thread = Thread {
            path: path.to_owned(),
            store: None,
        };
        thread::Builder::new()
            .name("audit-writer".to_owned())
            .spawn(move || {
                thread.run(&queue);
                drop(alive);
            })
            .map_err(|error| Error::Writer {
                path: path.to_owned(),
                detail: error.to_string(),
            })?;
        Ok(Self {
            path: path.to_owned(),
            jobs: Some(jobs),
            ended,
        })
    }

    pub(super) fn is_alive(&self) -> bool {
        matches!(self.ended.try_recv(), Err(TryRecvError::Empty))
    }

    pub(super) fn submit(&self, rows: Vec<Content>, patience: Duration) -> Result<Answer, Error> {
        let (reply, answer) = channel();
        let deadline = Instant::now() + patience;
        let job = Job {
            rows,
            deadline,
            reply,
        };
        let path = self.path.clone();
        match self.jobs.as_ref().map(|jobs| jobs.try_send(job)) {
            Some(Ok(())) => Ok(Answer {
                path,
                patience,
                deadline,
                reply: answer,
            }),
            Some(Err(TrySendError::Full(_))) => Err(Error::Backlog {
                path,
                waiting: QUEUE,
            }),
            Some(Err(TrySendError::Disconnected(_))) | None => Err(ended(path)),
        }
    }
}

impl Drop for Writer {
    /// Lets the thread finish what waits and close the file, if the disk lets it.
    fn drop(&mut self) {
        self.jobs = None;
        if self.ended.recv_timeout(FAREWELL) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!(path = %self.path.display(), "the audit trail's file is still busy");
        }
    }
}

impl Answer {
    pub(super) fn wait(self) -> Result<Recorded, Error> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        match self.reply.recv_timeout(left) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => Err(Error::Busy {
                path: self.path,
                waited: self.patience,
            }),
            Err(RecvTimeoutError::Disconnected) => Err(ended(self.path)),
        }
    }
}

fn ended(path: PathBuf) -> Error {
    Error::Writer {
        path,
        detail: "it ended unexpectedly".to_owned(),
    }
}

struct Thread {
    path: PathBuf,
    store: Option<Store>,
}

impl Thread {
    fn run(mut self, queue: &Receiver<Job>) {
        while let Ok(first) = queue.recv() {
            let mut group: Vec<Job> = [first]
                .into_iter()
                .chain(queue.try_iter())
                .take(GROUP)
                .collect();
            // Whoever gave up will come again, in its own order.
            group.retain(|job| Instant::now() < job.deadline);
            if !group.is_empty() {
                self.serve(group);
            }
        }
    }

    fn serve(&mut self, group: Vec<Job>) {
        match self.write(&group) {
            Ok(answers) => {
                for (job, recorded) in group.into_iter().zip(answers) {
                    job.answer(Ok(recorded));
                }
            }
            // It may be one batch's fault, which the others must not suffer for.
            Err(error) if group.len() > 1 && !matches!(error, Error::Busy { .. }) => {
                for job in group {
                    self.serve(vec![job]);
                }
            }
            Err(error) => {
                for job in group {
                    job.answer(Err(error.clone()));
                }
            }
        }
    }

    /// Writes all batches or none.
    fn write(&mut self, group: &[Job]) -> Result<Vec<Recorded>, Error> {
        let mut store = match self.store.take() {
            Some(store) if store.is_in_place() => store,
            Some(gone) => {
                tracing::warn!(
                    path = %self.path.display(),
                    "the audit trail's file was removed or replaced; using the one that is there now"
                );
                gone.leave();
                Store::open(&self.path)?
            }
            None => Store::open(&self.path)?,
        };
        let batches: Vec<&[Content]> = group.iter().map(|job| &job.rows[..]).collect();
        let written = store.write(&batches);
        if written.is_ok() && !store.is_in_place() {
            store.leave();
            return Err(Error::Moved {
                path: self.path.clone(),
            });
        }
        // That another process held the lock says nothing against the open file.
        if matches!(written, Ok(_) | Err(Error::Busy { .. })) {
            self.store = Some(store);
        }
        written
    }
}

impl Job {
    fn answer(self, answer: Result<Recorded, Error>) {
        // Nobody may be waiting any more.
        let _ = self.reply.send(answer);
    }
}
