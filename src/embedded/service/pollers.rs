//! Polls that wait for something to come into a queue. It is taken out for one of them right
//! after the change that put it there, so that both are one commit, and it is told after
//! that: neither a commit nor being woken stands between a signal and its task.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::embedded::engine::{Effects, Engine, QueueKey, Time, Transaction};
use crate::embedded::store::{Seq, join};

/// Takes something out of its queue for a poll, or finds nothing there, which that is told
/// too. None if the poll has gone.
pub(in crate::embedded) type Take =
    Box<dyn FnOnce(&mut Engine, &mut Transaction) -> Option<Tell> + Send>;

/// Tells a poll what was taken out for it, and which transaction must be on the disk before
/// anybody else is told.
pub(in crate::embedded) type Tell = Box<dyn FnOnce(Seq) + Send>;

/// All polls that wait. The longest waiting one of a queue comes first.
#[derive(Default)]
pub(in crate::embedded) struct Pollers(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    last: u64,
    queues: HashMap<QueueKey, BTreeMap<u64, Take>>,
}

impl Pollers {
    /// Waits with the others. Whoever calls this holds the engine, in which there is nothing
    /// for it now.
    pub(in crate::embedded) fn wait(&self, queue: &QueueKey, take: Take) -> u64 {
        let mut waiting = self.lock();
        waiting.last += 1;
        let id = waiting.last;
        let queue = waiting.queues.entry(queue.clone()).or_default();
        queue.insert(id, take);
        id
    }

    /// Waits no longer. Says whether it still waited; if not, it is told something or was.
    pub(in crate::embedded) fn leave(&self, queue: &QueueKey, id: u64) -> bool {
        let mut waiting = self.lock();
        let Some(polls) = waiting.queues.get_mut(queue) else {
            return false;
        };
        let waited = polls.remove(&id).is_some();
        if polls.is_empty() {
            waiting.queues.remove(queue);
        }
        waited
    }

    /// Takes out what came into queues with these effects, and adds what that changes.
    pub(super) fn serve(&self, engine: &mut Engine, now: Time, effects: &mut Effects) -> Vec<Tell> {
        let mut served = Vec::new();
        while let Some(queue) = effects.woken.pop_first() {
            while let Some(take) = self.first(&queue) {
                let (tell, more) = engine.transact(now, take);
                join(&mut effects.writes, more.writes);
                effects.outputs.extend(more.outputs);
                effects.woken.extend(more.woken);
                if let Some(tell) = tell {
                    served.push(tell);
                    break;
                }
            }
        }
        served
    }

    fn first(&self, queue: &QueueKey) -> Option<Take> {
        let mut waiting = self.lock();
        let polls = waiting.queues.get_mut(queue)?;
        let first = polls.pop_first();
        if polls.is_empty() {
            waiting.queues.remove(queue);
        }
        first.map(|(_, take)| take)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Each change is one call, so they are whole whoever panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Pollers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = self.lock();
        let counts = waiting.queues.iter().map(|(key, polls)| (key, polls.len()));
        f.debug_map().entries(counts).finish()
    }
}
