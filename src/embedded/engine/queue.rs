//! Task queues: what waits for a worker, and which workers ask. They are only in memory:
//! what they hold follows from the open runs, so they are made anew at each start. Entries
//! are hints; whether a task is still to be had is checked when one is taken out.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::time::{Time, seconds};
use crate::embedded::store::RunKey;

/// A queue's name. A sticky queue is named like any other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::embedded) struct QueueKey {
    pub(in crate::embedded) namespace: String,
    pub(in crate::embedded) name: String,
    pub(in crate::embedded) kind: QueueKind,
}

/// What a queue carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::embedded) enum QueueKind {
    Workflow,
    Activity,
}

/// Something for a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::embedded) enum Entry {
    /// A workflow task.
    Task { run: RunKey, stamp: i64 },
    /// An attempt of an activity, by its scheduled event.
    Activity {
        run: RunKey,
        event_id: i64,
        stamp: i64,
    },
    /// A query, by its number.
    Query(u64),
}

/// A worker that asks, or asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::embedded) struct Poller {
    pub(in crate::embedded) last_access: Time,
    /// Name and build of its deployment.
    pub(in crate::embedded) deployment: Option<(String, String)>,
}

#[derive(Debug, Default)]
pub(in crate::embedded) struct Queue {
    waiting: VecDeque<(Entry, Time)>,
    pub(in crate::embedded) pollers: BTreeMap<String, Poller>,
    /// Polls that wait for an answer now.
    pub(in crate::embedded) polls: usize,
    /// When somebody asked last.
    last_poll: Time,
    /// When the next task may be given out, where there is a limit to that.
    next_take: Time,
    /// How many tasks a second its workers want it to give out, if one has said so.
    wanted_rate: Option<f64>,
}

/// A worker is listed for so long after it asked last.
const LISTED: i64 = seconds(300);
/// A worker that was gone is known to be for so long; after that, time-outs tell.
const REMEMBERED: i64 = seconds(3_600);
/// So often is it looked for what can be forgotten.
const TIDY: i64 = seconds(60);
/// Without a poll for so long, a queue has no worker.
const RECENT: i64 = seconds(20);

impl Queue {
    pub(in crate::embedded) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Since when the first entry waits.
    pub(in crate::embedded) fn oldest(&self) -> Option<Time> {
        self.waiting.front().map(|(_, since)| *since)
    }
}

/// All queues.
#[derive(Debug, Default)]
pub(in crate::embedded) struct Queues {
    map: HashMap<QueueKey, Queue>,
    /// Queues of single workers that are gone, and since when.
    deserted: HashMap<QueueKey, Time>,
    /// When it was last looked for what can be forgotten.
    tidied: Time,
}

impl Queues {
    pub(in crate::embedded) fn push(&mut self, key: &QueueKey, entry: Entry, now: Time) {
        self.entry(key).waiting.push_back((entry, now));
    }

    /// Takes the first entry out.
    pub(in crate::embedded) fn pop(&mut self, key: &QueueKey) -> Option<Entry> {
        self.map
            .get_mut(key)?
            .waiting
            .pop_front()
            .map(|(entry, _)| entry)
    }

    pub(in crate::embedded) fn get(&self, key: &QueueKey) -> Option<&Queue> {
        self.map.get(key)
    }

    /// When the next task may be given out.
    pub(in crate::embedded) fn next_take(&self, key: &QueueKey) -> Time {
        self.map.get(key).map_or(0, |queue| queue.next_take)
    }

    pub(in crate::embedded) fn set_next_take(&mut self, key: &QueueKey, time: Time) {
        self.entry(key).next_take = time;
    }

    /// How many tasks a second its workers want it to give out, if one has said so.
    pub(in crate::embedded) fn wanted_rate(&self, key: &QueueKey) -> Option<f64> {
        self.map.get(key)?.wanted_rate
    }

    pub(in crate::embedded) fn set_wanted_rate(&mut self, key: &QueueKey, rate: f64) {
        self.entry(key).wanted_rate = Some(rate);
    }

    /// A worker begins to ask.
    pub(in crate::embedded) fn begin_poll(
        &mut self,
        key: &QueueKey,
        identity: &str,
        deployment: Option<(String, String)>,
        now: Time,
    ) {
        self.deserted.remove(key);
        let queue = self.entry(key);
        queue.polls += 1;
        queue.last_poll = now;
        let poller = Poller {
            last_access: now,
            deployment,
        };
        queue.pollers.insert(identity.to_owned(), poller);
    }

    /// It has its answer, or has gone; tells whether others ask still.
    pub(in crate::embedded) fn end_poll(&mut self, key: &QueueKey, now: Time) -> bool {
        let Some(queue) = self.map.get_mut(key) else {
            return false;
        };
        queue.polls = queue.polls.saturating_sub(1);
        queue.last_poll = now;
        queue.polls > 0
    }

    /// Empties a queue whose worker is gone.
    pub(in crate::embedded) fn desert(&mut self, key: &QueueKey, now: Time) -> Vec<Entry> {
        self.deserted.insert(key.clone(), now);
        let queue = self.map.remove(key);
        queue
            .map(|queue| queue.waiting.into_iter().map(|(entry, _)| entry).collect())
            .unwrap_or_default()
    }

    /// Whether the worker whose own queue this is has gone.
    pub(in crate::embedded) fn is_deserted(&self, key: &QueueKey) -> bool {
        self.deserted.contains_key(key)
    }

    /// Whether somebody asks, or did a moment ago, or may yet: a queue that was never asked
    /// for has perhaps only not been asked for yet.
    pub(in crate::embedded) fn has_worker(&self, key: &QueueKey, now: Time) -> bool {
        self.map.get(key).is_none_or(|queue| {
            queue.polls > 0 || queue.last_poll == 0 || now.saturating_sub(queue.last_poll) < RECENT
        })
    }

    /// All that waits anywhere.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> impl Iterator<Item = (&QueueKey, Entry)> {
        self.map
            .iter()
            .flat_map(|(key, queue)| queue.waiting.iter().map(move |(entry, _)| (key, *entry)))
    }

    /// Forgets workers that have not asked for long, entries that are still there because
    /// nobody asks, and queues that nobody uses. It looks at everything, so now and then only.
    pub(in crate::embedded) fn tidy(&mut self, now: Time, is_valid: impl Fn(Entry) -> bool) {
        if (self.tidied..self.tidied.saturating_add(TIDY)).contains(&now) {
            return;
        }
        self.tidied = now;
        self.deserted
            .retain(|_, since| now.saturating_sub(*since) < REMEMBERED);
        self.map.retain(|_, queue| {
            if queue.polls == 0 {
                queue.waiting.retain(|(entry, _)| is_valid(*entry));
                queue
                    .pollers
                    .retain(|_, poller| now.saturating_sub(poller.last_access) < LISTED);
            }
            queue.polls > 0 || !queue.waiting.is_empty() || !queue.pollers.is_empty()
        });
    }

    fn entry(&mut self, key: &QueueKey) -> &mut Queue {
        if !self.map.contains_key(key) {
            self.map.insert(key.clone(), Queue::default());
        }
        self.map.entry(key.clone()).or_default()
    }
}
