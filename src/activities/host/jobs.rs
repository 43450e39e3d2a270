//! The commands that run in this process, apart from the attempts that wait for them. An
//! attempt that is given up because the machine slept is followed by another, which finds the
//! command where it was; one that nobody follows is ended.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tracing::Instrument as _;

use crate::runner::{Ended, Stop};

/// How often in a row a command may fail to start before that is its end.
const STARTS: u32 = 5;

/// What came of a command: its end and its worktree, or why it could not be run.
pub(super) type End = Result<(Ended, Option<String>), Problem>;

/// Why a command could not be run.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub(super) what: String,
    /// Whether trying again would not help.
    pub(super) is_permanent: bool,
}

/// The commands of this process, and the places that they run in.
pub struct Jobs {
    running: Mutex<HashMap<String, Running>>,
    failures: Mutex<HashMap<String, u32>>,
    pub(super) places: Semaphore,
}

struct Running {
    run: String,
    attempts: usize,
    stop: watch::Sender<Option<Stop>>,
    end: watch::Receiver<Option<End>>,
}

/// An attempt that waits for a command.
pub(super) struct Attempt {
    jobs: Arc<Jobs>,
    key: String,
    run: String,
    stop: watch::Sender<Option<Stop>>,
    end: watch::Receiver<Option<End>>,
}

impl Jobs {
    /// As many places as commands may run at once.
    pub fn new(places: usize) -> Self {
        Self {
            running: Mutex::default(),
            failures: Mutex::default(),
            places: Semaphore::new(places.min(Semaphore::MAX_PERMITS)),
        }
    }

    /// Waits for the run of a key that is under way, or begins it.
    pub(super) fn attend<F: Future<Output = End> + Send + 'static>(
        self: &Arc<Self>,
        key: &str,
        run: &str,
        begin: impl FnOnce(watch::Receiver<Option<Stop>>) -> F,
    ) -> Attempt {
        let mut running = lock(&self.running);
        let known = running
            .get_mut(key)
            .filter(|known| known.run == run && known.stop.borrow().is_none());
        let (stop, end) = if let Some(known) = known {
            known.attempts += 1;
            (known.stop.clone(), known.end.clone())
        } else {
            let (stop, stopped) = watch::channel(None);
            let (tell, end) = watch::channel(None);
            let doing = begin(stopped);
            let doing = async move { tell.send_replace(Some(doing.await)) };
            // Its lines have the ids of the attempt that began it.
            tokio::spawn(doing.in_current_span());
            let new = Running {
                run: run.to_owned(),
                attempts: 1,
                stop: stop.clone(),
                end: end.clone(),
            };
            running.insert(key.to_owned(), new);
            (stop, end)
        };
        Attempt {
            jobs: Arc::clone(self),
            key: key.to_owned(),
            run: run.to_owned(),
            stop,
            end,
        }
    }

    /// Whether a command that could not be started this often in a row never will be.
    pub(super) fn gives_up(&self, key: &str) -> bool {
        let mut failures = lock(&self.failures);
        let count = failures.entry(key.to_owned()).or_default();
        *count += 1;
        *count >= STARTS && failures.remove(key).is_some()
    }

    /// It has been started.
    pub(super) fn has_begun(&self, key: &str) {
        lock(&self.failures).remove(key);
    }
}

impl Attempt {
    /// The command's end.
    pub(super) async fn end(&mut self) -> End {
        match self.end.wait_for(Option::is_some).await {
            Ok(end) => end.clone().unwrap_or_else(|| Err(lost())),
            Err(_) => Err(lost()),
        }
    }

    /// Tells the command to stop.
    pub(super) fn stop(&self, stop: Stop) {
        self.stop.send_replace(Some(stop));
    }

    /// Leaves the command to the next attempt, and ends it if none comes in time.
    pub(super) fn leave(self, patience: Duration) {
        tokio::spawn(async move {
            tokio::time::sleep(patience).await;
            let is_alone = lock(&self.jobs.running)
                .get(&self.key)
                .is_none_or(|running| running.run != self.run || running.attempts <= 1);
            if is_alone {
                self.stop(Stop::Cancel);
            }
        });
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let mut running = lock(&self.jobs.running);
        let Some(known) = running.get_mut(&self.key) else {
            return;
        };
        if known.run != self.run || !known.stop.same_channel(&self.stop) {
            return;
        }
        known.attempts = known.attempts.saturating_sub(1);
        // One that has ended has been told of.
        if known.attempts == 0 {
            running.remove(&self.key);
        }
    }
}

/// A command whose task is gone, as when it panicked.
fn lost() -> Problem {
    Problem {
        what: "what watched the command is gone, which is a bug".to_owned(),
        is_permanent: false,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change of these maps is one step, so they are whole whoever panicked.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
