//! A poll, from when it begins until it has something or its time is over. In between it
//! waits with all others in `service::pollers`, and is listed with its queue. Its worker can go
//! away at any moment, which tells that a worker's own queue has nobody any more.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::super::Context;
use super::super::handover::Work;
use crate::embedded::engine::{Answer, Engine, Polled, QueueKey, Refusal, Transaction};
use crate::embedded::service::{Service, Take};
use crate::embedded::store::Seq;

/// How long a poll waits at most, and how long before its caller gives up it comes back.
const LONGEST: Duration = Duration::from_mins(1);
const MARGIN: Duration = Duration::from_millis(500);

/// A poll that is listed with its queue for as long as it lives.
pub(super) struct Poll<T: Work> {
    service: Arc<Service>,
    queue: QueueKey,
    sticky: bool,
    take: Arc<TakeOne<T>>,
    waits: Option<Waits<T>>,
    answered: bool,
}

/// Takes one out of the queue, if there is one.
type TakeOne<T> = dyn Fn(&mut Engine, &mut Transaction) -> Option<T> + Send + Sync;

/// It waits with others for what comes into the queue.
struct Waits<T> {
    id: u64,
    told: oneshot::Receiver<Told<T>>,
}

/// What was taken out, and what it depends on. Nothing if the queue is to be looked at anew.
type Told<T> = Option<(T, Seq)>;

impl<T: Work> Poll<T> {
    pub(super) fn begin(
        context: &Context,
        queue: QueueKey,
        sticky: bool,
        deployment: Option<(String, String)>,
        by: Polled,
        take: impl Fn(&mut Engine, &mut Transaction, &QueueKey, &Polled) -> Option<T>
        + Send
        + Sync
        + 'static,
    ) -> Answer<Self> {
        let service = Arc::clone(&context.service);
        let begun = service.transact(|engine, transaction| {
            engine.begin_poll(transaction, &queue, &by.identity, deployment)
        })?;
        begun.0?;
        let from = queue.clone();
        Ok(Self {
            service,
            queue,
            sticky,
            take: Arc::new(move |engine, transaction| take(engine, transaction, &from, &by)),
            waits: None,
            answered: false,
        })
    }

    /// Waits for something to be taken out of the queue. Nothing comes when the caller's
    /// time is nearly over, or the engine stops.
    pub(super) async fn wait(mut self, context: &Context) -> Answer<Option<(T, Seq, Self)>> {
        let longest = Instant::now() + LONGEST;
        let until = context.deadline.map_or(longest, |deadline| {
            longest.min(deadline - MARGIN.min(deadline - Instant::now()))
        });
        let taken = loop {
            let (looked, seq) = self.look()?;
            let next = match looked {
                Looked::Taken(taken) => break Some((taken, seq)),
                Looked::Waits(waits, next) => {
                    self.waits = Some(waits);
                    next.unwrap_or(until)
                }
            };
            let is_over = tokio::select! {
                told = told(&mut self.waits) => match told? {
                    None => continue,
                    taken => break taken,
                },
                () = tokio::time::sleep_until(next), if next < until => false,
                () = tokio::time::sleep_until(until) => true,
                () = self.service.stopping() => true,
            };
            let taken = self.leave().await?;
            if taken.is_some() || is_over {
                break taken;
            }
        };
        self.answered = true;
        Ok(taken.map(|(taken, seq)| (taken, seq, self)))
    }

    /// Waits with the others no longer, unless it is about to be told something.
    async fn leave(&mut self) -> Answer<Told<T>> {
        let waits = self.waits.as_ref();
        if waits.is_some_and(|waits| self.service.pollers().leave(&self.queue, waits.id)) {
            self.waits = None;
        }
        told(&mut self.waits).await
    }

    /// Takes something out of the queue, or waits with the others, in one step.
    fn look(&self) -> Answer<(Looked<T>, Seq)> {
        let now = self.service.now();
        self.service.transact(|engine, transaction| {
            if let Some(taken) = (self.take)(engine, transaction) {
                return Looked::Taken(taken);
            }
            let (tell, told) = oneshot::channel();
            let take = self.take_later(tell);
            let id = self.service.pollers().wait(&self.queue, take);
            let limited = engine.limited_until(&self.queue, now).map(|next| {
                let nanos = u64::try_from(next.saturating_sub(now)).unwrap_or(0);
                Instant::now() + Duration::from_nanos(nanos).min(LONGEST)
            });
            Looked::Waits(Waits { id, told }, limited)
        })
    }

    fn take_later(&self, tell: oneshot::Sender<Told<T>>) -> Take {
        let (take, service) = (Arc::clone(&self.take), Arc::clone(&self.service));
        Box::new(move |engine, transaction| {
            if tell.is_closed() {
                return None;
            }
            let taken = take(engine, transaction);
            Some(Box::new(move |seq| {
                let told = tell.send(taken.map(|taken| (taken, seq)));
                if let Err(Some((taken, _))) = told {
                    // The poll has gone meanwhile.
                    drop(taken.handover(&service));
                }
            }))
        })
    }
}

enum Looked<T> {
    Taken(T),
    /// It waits, and looks again then, where there is a limit to how fast tasks are given out.
    Waits(Waits<T>, Option<Instant>),
}

async fn told<T>(waits: &mut Option<Waits<T>>) -> Answer<Told<T>> {
    let Some(waiting) = waits else {
        return Ok(None);
    };
    let told = (&mut waiting.told).await;
    *waits = None;
    told.map_err(|_| Refusal::unavailable("the engine has stopped"))
}

impl<T: Work> Drop for Poll<T> {
    fn drop(&mut self) {
        if let Some(mut waits) = self.waits.take() {
            self.service.pollers().leave(&self.queue, waits.id);
            waits.told.close();
            if let Ok(Some((taken, _))) = waits.told.try_recv() {
                drop(taken.handover(&self.service));
            }
        }
        let (queue, sticky, answered) = (&self.queue, self.sticky, self.answered);
        // An engine that is broken has no use for this either.
        let _broken = self.service.transact(|engine, transaction| {
            if answered {
                engine.end_poll(transaction, queue);
            } else {
                engine.abandon_poll(transaction, queue, sticky);
            }
        });
    }
}
