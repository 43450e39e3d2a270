//! The commands that this process runs by itself right now, so that they can be ended at
//! once when it exits without waiting for anybody. Those in windows are not among them:
//! they go on without it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::group::Group;

/// How long it may take until nobody is left after SIGKILL, and between two looks.
const LIMIT: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(5);

/// All of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Register {
    entries: Arc<Mutex<Entries>>,
}

#[derive(Debug, Default)]
struct Entries {
    groups: BTreeMap<u64, Group>,
    next: u64,
    /// All were killed, so that no further one begins.
    is_closed: bool,
}

/// One that runs; until it is dropped.
#[derive(Debug)]
pub(super) struct Entry {
    register: Register,
    number: u64,
}

/// The right to start one, which is none that is started unseen while all are killed.
#[derive(Debug)]
pub(super) struct Admission<'a> {
    register: &'a Register,
    entries: MutexGuard<'a, Entries>,
}

impl Register {
    /// Lets a command be started; none once all were killed. Others wait while it is held.
    pub(super) fn admit(&self) -> Option<Admission<'_>> {
        let entries = self.lock();
        (!entries.is_closed).then_some(Admission {
            register: self,
            entries,
        })
    }

    /// If all were killed, so that how a command ended says nothing about it.
    pub(super) fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    /// Sends SIGKILL to all processes of all of them, until nobody is left or a second has
    /// passed. None begins afterwards.
    pub(super) fn kill_all(&self) {
        let mut groups: Vec<Group> = {
            let mut entries = self.lock();
            entries.is_closed = true;
            entries.groups.values().cloned().collect()
        };
        let begun = Instant::now();
        loop {
            groups.retain(|group| match group.signal(Signal::KILL) {
                Ok(signalled) => !signalled.is_empty(),
                Err(error) => {
                    tracing::error!(%error, "a command could not be killed");
                    false
                }
            });
            if groups.is_empty() || begun.elapsed() > LIMIT {
                return;
            }
            thread::sleep(PAUSE);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        // Nothing that can panic happens with it held.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Admission<'_> {
    /// Enters what was started.
    pub(super) fn enter(mut self, group: Group) -> Entry {
        let number = self.entries.next;
        self.entries.next += 1;
        self.entries.groups.insert(number, group);
        Entry {
            register: self.register.clone(),
            number,
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.register.lock().groups.remove(&self.number);
    }
}
