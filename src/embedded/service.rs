//! The engine with everything around it that it does without: its lock, the clock, the
//! store that commits what it changes, and those who wait to be told.
//!
//! The rule that all else follows from: nothing is told to anybody before it is committed,
//! neither an answer nor a task nor something that was only read. So every answer comes
//! with the number of the last transaction that it may depend on, and waits for that.

mod clock;
mod hub;
mod pollers;
mod ticker;

use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::{Notify, watch};

pub(in crate::embedded) use clock::{Clock, SystemClock};
pub(in crate::embedded) use hub::{Hub, UpdateWaiter};
pub(in crate::embedded) use pollers::{Pollers, Take};

use super::engine::{Answer, Engine, Past, Refusal, Stored, Time, Transaction};
use super::store::{Loaded, RunKey, RunRow, Seq, Store};

/// The engine in its surroundings.
pub(in crate::embedded) struct Service {
    locked: Mutex<Locked>,
    store: Arc<Store>,
    hub: Arc<Hub>,
    pollers: Pollers,
    clock: Box<dyn Clock>,
    /// The last transaction of the engine that is on the disk.
    committed: Arc<AtomicU64>,
    /// Wakes the one that waits for the next deadline.
    pub(in crate::embedded) earlier: Notify,
    stopping: watch::Sender<bool>,
    /// Told once when the engine cannot go on.
    failed: Box<dyn Fn(String) + Send + Sync>,
}

struct Locked {
    engine: Engine,
    /// The last transaction that was submitted.
    seq: Seq,
    now: Time,
}

impl Service {
    /// Puts the runs that were open into a new engine, and what that changes on its way to
    /// the disk.
    pub(in crate::embedded) fn start(
        store: Arc<Store>,
        loaded: Loaded,
        clock: Box<dyn Clock>,
        ids: Box<dyn super::engine::Ids>,
        suggest_continue_as_new: u32,
        failed: Box<dyn Fn(String) + Send + Sync>,
    ) -> Answer<Arc<Self>> {
        let now = clock.now();
        let past = Arc::new(Committed(Arc::clone(&store)));
        let mut engine = Engine::new(ids, past, loaded.next_key);
        engine.suggest_continue_as_new(suggest_continue_as_new);
        engine.load(loaded.namespaces, loaded.search_attributes);
        let service = Self {
            locked: Mutex::new(Locked {
                engine,
                seq: Seq(0),
                now,
            }),
            store,
            hub: Arc::default(),
            pollers: Pollers::default(),
            clock,
            committed: Arc::default(),
            earlier: Notify::new(),
            stopping: watch::Sender::new(false),
            failed,
        };
        for open in loaded.open {
            let stored = Stored {
                row: open.row,
                items: open.items,
                requests: open.dedup,
                updates: open.updates,
            };
            service
                .transact(|engine, transaction| engine.restore(transaction, stored))?
                .0?;
        }
        Ok(Arc::new(service))
    }

    /// Does something to the engine, and has what it changed written. The answer is not to
    /// leave the process before the number that comes with it is committed.
    pub(in crate::embedded) fn transact<T>(
        &self,
        request: impl FnOnce(&mut Engine, &mut Transaction) -> T,
    ) -> Answer<(T, Seq)> {
        let mut locked = self.lock()?;
        let now = self.clock.now().max(locked.now);
        locked.now = now;
        locked
            .engine
            .committed(self.committed.load(Ordering::Acquire));
        let next = locked.engine.next_deadline();
        let (answer, mut effects) = locked.engine.transact(now, request);
        let mut served = self.pollers.serve(&mut locked.engine, now, &mut effects);
        if !(effects.writes.is_empty() && effects.outputs.is_empty()) {
            let (hub, committed) = (Arc::clone(&self.hub), Arc::clone(&self.committed));
            let transaction = locked.engine.transactions();
            let (outputs, served) = (effects.outputs, mem::take(&mut served));
            locked.seq = self.store.submit(effects.writes, move || {
                committed.store(transaction, Ordering::Release);
                hub.deliver(outputs);
                // All that it depends on is on the disk.
                for tell in served {
                    tell(Seq::default());
                }
            });
        }
        let seq = locked.seq;
        let is_earlier = match (locked.engine.next_deadline(), next) {
            (Some(now), Some(before)) => now < before,
            (Some(_), None) => true,
            (None, _) => false,
        };
        drop(locked);
        for tell in served {
            tell(seq);
        }
        if is_earlier {
            self.earlier.notify_one();
        }
        Ok((answer, seq))
    }

    /// The same, and waits until it is committed.
    pub(in crate::embedded) async fn commit<T>(
        &self,
        request: impl FnOnce(&mut Engine, &mut Transaction) -> Answer<T>,
    ) -> Answer<T> {
        let (answer, seq) = self.transact(request)?;
        self.wait(seq).await?;
        answer
    }

    /// Looks at the engine. What was seen may be told once the number is committed.
    pub(in crate::embedded) fn look<T>(&self, look: impl FnOnce(&Engine) -> T) -> Answer<(T, Seq)> {
        let locked = self.lock()?;
        Ok((look(&locked.engine), locked.seq))
    }

    /// The same, and waits until it may be told.
    pub(in crate::embedded) async fn see<T>(
        &self,
        look: impl FnOnce(&Engine) -> Answer<T>,
    ) -> Answer<T> {
        let (seen, seq) = self.look(look)?;
        self.wait(seq).await?;
        seen
    }

    /// Waits until a transaction is on the disk.
    pub(in crate::embedded) async fn wait(&self, seq: Seq) -> Answer<()> {
        self.store.wait(seq).await.map_err(|_| {
            Refusal::unavailable("the engine has stopped; nothing is lost that was acknowledged")
        })
    }

    pub(in crate::embedded) fn store(&self) -> &Arc<Store> {
        &self.store
    }

    pub(in crate::embedded) fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    pub(in crate::embedded) const fn pollers(&self) -> &Pollers {
        &self.pollers
    }

    pub(in crate::embedded) fn now(&self) -> Time {
        self.clock.now()
    }

    /// From now on nobody waits for long: polls come back empty.
    pub(in crate::embedded) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Waits until the engine is to stop.
    pub(in crate::embedded) async fn stopping(&self) {
        // The sender lives as long as `self`.
        let mut stopping = self.stopping.subscribe();
        let _closed = stopping.wait_for(|stop| *stop).await;
    }

    /// A panic in the middle of a transaction leaves runs of which nobody knows what they
    /// are: the engine goes on from the disk, in a new process.
    fn lock(&self) -> Answer<MutexGuard<'_, Locked>> {
        self.locked.lock().map_err(|_| {
            let what = "the engine broke in the middle of a change";
            (self.failed)(what.to_owned());
            Refusal::internal(what)
        })
    }
}

/// What is on the disk.
struct Committed(Arc<Store>);

impl std::fmt::Debug for Committed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Committed").field(&self.0.path()).finish()
    }
}

impl Past for Committed {
    fn current(&self, namespace: &str, workflow_id: &str) -> Answer<Option<RunRow>> {
        Ok(self.0.current(namespace, workflow_id)?)
    }

    fn run(&self, namespace: &str, workflow_id: &str, run_id: &str) -> Answer<Option<RunRow>> {
        Ok(self.0.run(namespace, workflow_id, run_id)?)
    }

    fn event(
        &self,
        run: RunKey,
        event_id: i64,
    ) -> Answer<Option<temporalio_common::protos::temporal::api::history::v1::HistoryEvent>> {
        Ok(self.0.event(run, event_id)?)
    }
}

impl From<super::store::Error> for Refusal {
    fn from(error: super::store::Error) -> Self {
        Self::unavailable(format!("the database cannot be read: {error}"))
    }
}
