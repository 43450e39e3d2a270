//! Those who wait to be told: askers of their answer, readers of new events. All register
//! while the engine is locked, so nothing can happen between their look at it and their wait.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use temporalio_common::protos::temporal::api::common::v1::Payloads;
use tokio::sync::{Notify, oneshot};

use crate::embedded::engine::{Answer, Output, Stage, UpdateState};
use crate::embedded::store::RunKey;

/// Everybody who waits.
#[derive(Debug, Default)]
pub(in crate::embedded) struct Hub {
    runs: Mutex<HashMap<RunKey, Arc<Notify>>>,
    queries: Mutex<HashMap<u64, oneshot::Sender<Answer<Option<Payloads>>>>>,
    updates: Mutex<HashMap<(RunKey, String), Vec<Waiting>>>,
}

/// What somebody who waits for an update is told.
pub(in crate::embedded) type UpdateWaiter = oneshot::Receiver<Answer<UpdateState>>;

#[derive(Debug)]
struct Waiting {
    stage: Stage,
    tell: oneshot::Sender<Answer<UpdateState>>,
}

impl Hub {
    /// What wakes those who wait for events of a run.
    pub(in crate::embedded) fn run(&self, key: RunKey) -> Arc<Notify> {
        Arc::clone(lock(&self.runs).entry(key).or_default())
    }

    /// Where the answer to a query comes in.
    pub(in crate::embedded) fn query(
        &self,
        id: u64,
    ) -> oneshot::Receiver<Answer<Option<Payloads>>> {
        let (tell, told) = oneshot::channel();
        lock(&self.queries).insert(id, tell);
        told
    }

    /// Nobody waits for that answer any more.
    pub(in crate::embedded) fn forget_query(&self, id: u64) {
        lock(&self.queries).remove(&id);
    }

    /// Where it comes in that an update has come so far.
    pub(in crate::embedded) fn update(&self, run: RunKey, id: &str, stage: Stage) -> UpdateWaiter {
        let (tell, told) = oneshot::channel();
        let mut updates = lock(&self.updates);
        let waiting = updates.entry((run, id.to_owned())).or_default();
        waiting.retain(|waiting| !waiting.tell.is_closed());
        waiting.push(Waiting { stage, tell });
        told
    }

    /// Forgets what nobody waits for.
    pub(in crate::embedded) fn tidy(&self) {
        lock(&self.runs).retain(|_, run| Arc::strong_count(run) > 1);
        lock(&self.queries).retain(|_, tell| !tell.is_closed());
        lock(&self.updates).retain(|_, waiting| {
            waiting.retain(|waiting| !waiting.tell.is_closed());
            !waiting.is_empty()
        });
    }

    /// Tells what was committed.
    pub(in crate::embedded) fn deliver(&self, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Query { id, answer } => {
                    if let Some(tell) = lock(&self.queries).remove(&id) {
                        // Who has gone need not be told.
                        let _gone = tell.send(answer);
                    }
                }
                Output::Update { run, id, state } => self.tell_update(run, id, &state),
                Output::Events(run) => {
                    if let Some(run) = lock(&self.runs).get(&run) {
                        run.notify_waiters();
                    }
                }
            }
        }
    }

    fn tell_update(&self, run: RunKey, id: String, state: &Answer<UpdateState>) {
        let mut updates = lock(&self.updates);
        let key = (run, id);
        let Some(waiting) = updates.remove(&key) else {
            return;
        };
        let (told, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|waiting| match state {
            Ok(state) => state.stage >= waiting.stage,
            Err(_) => true,
        });
        for waiting in told {
            // Who has gone need not be told.
            let _gone = waiting.tell.send(state.clone());
        }
        if !rest.is_empty() {
            updates.insert(key, rest);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change of these maps is one call, so they are whole whoever panicked.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
