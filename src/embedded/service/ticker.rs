//! What happens by itself: timers and time-outs when they are due, and old runs that go.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::Service;
use crate::embedded::engine::Engine;

/// The clock is looked at again at least this often: it can jump, and a laptop can sleep.
const LONGEST: Duration = Duration::from_secs(5);
/// Runs whose deadlines are seen to in one transaction.
const AT_ONCE: usize = 256;
/// How often closed runs are looked at, and how many go in one transaction.
const TIDY: Duration = Duration::from_mins(1);
const EXPIRE_AT_ONCE: usize = 50;

impl Service {
    /// Sees to deadlines until the engine stops.
    pub(in crate::embedded) async fn tick(self: Arc<Self>) {
        loop {
            let wait = match self.look(Engine::next_deadline) {
                Ok((Some(due), _)) => {
                    let nanos = u64::try_from(due - self.now()).unwrap_or(0);
                    Duration::from_nanos(nanos).min(LONGEST)
                }
                Ok((None, _)) => LONGEST,
                Err(_) => return,
            };
            if !wait.is_zero() {
                tokio::select! {
                    () = sleep(wait) => {}
                    () = self.earlier.notified() => continue,
                    () = self.stopping() => return,
                }
            }
            loop {
                match self.transact(|engine, transaction| engine.fire(transaction, AT_ONCE)) {
                    Ok((true, _)) => tokio::task::yield_now().await,
                    Ok((false, _)) => break,
                    Err(_) => return,
                }
            }
        }
    }

    /// Removes runs that closed so long ago, and forgets what nobody waits for, until the
    /// engine stops. No retention keeps all runs.
    pub(in crate::embedded) async fn tidy(self: Arc<Self>, retention: Option<Duration>) {
        loop {
            self.hub.tidy();
            if let Some(retention) = retention {
                self.expire(retention).await;
            }
            tokio::select! {
                () = sleep(TIDY) => {}
                () = self.stopping() => return,
            }
        }
    }

    async fn expire(&self, retention: Duration) {
        let nanos = i64::try_from(retention.as_nanos()).unwrap_or(i64::MAX);
        let cutoff = self.now().saturating_sub(nanos);
        loop {
            let expired = match self.store.expired(cutoff, EXPIRE_AT_ONCE) {
                Ok(expired) => expired,
                Err(error) => {
                    tracing::warn!("closed runs cannot be removed: {error}");
                    return;
                }
            };
            let count = expired.len();
            if count == 0 {
                return;
            }
            let removed = self.transact(|_, transaction| Engine::expire(transaction, expired));
            let Ok(((), seq)) = removed else { return };
            if self.wait(seq).await.is_err() {
                return;
            }
            tracing::debug!(count, "removed closed runs");
            if count < EXPIRE_AT_ONCE {
                return;
            }
        }
    }
}
