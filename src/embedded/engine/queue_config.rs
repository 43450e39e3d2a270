//! How fast a task queue gives out its tasks: a rate that an operator sets, so that what is
//! behind the workers is not overrun, or so that nothing is begun for a while; or else the
//! one that a worker asked for last, which is not kept longer than the process.

use temporalio_common::protos::temporal::api::taskqueue::v1::{
    ConfigMetadata, RateLimit, RateLimitConfig, TaskQueueConfig,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::UpdateTaskQueueConfigRequest;

use super::error::{Answer, Refusal};
use super::queue::{QueueKey, QueueKind};
use super::time::{Time, seconds, timestamp};
use super::{Engine, Transaction};

impl Engine {
    /// Sets or takes away a queue's rate.
    pub(in crate::embedded) fn update_queue_config(
        &mut self,
        transaction: &mut Transaction,
        request: UpdateTaskQueueConfigRequest,
        kind: QueueKind,
    ) -> Answer<TaskQueueConfig> {
        if request.task_queue.is_empty() {
            return Err(Refusal::invalid("missing task queue name"));
        }
        if request.update_fairness_key_rate_limit_default.is_some()
            || !request.set_fairness_weight_overrides.is_empty()
            || !request.unset_fairness_weight_overrides.is_empty()
        {
            return Err(Refusal::unimplemented(
                "the embedded engine knows no fairness keys; a rate limit of the queue it does, \
                 and a Temporal server knows both",
            ));
        }
        let now = transaction.now;
        let queue = QueueKey {
            namespace: request.namespace,
            name: request.task_queue,
            kind,
        };
        let mut config = self.queue_config(&queue)?;
        if let Some(update) = request.update_queue_rate_limit {
            let wrong = |rate: &RateLimit| {
                rate.requests_per_second.is_nan() || rate.requests_per_second < 0.0
            };
            if update.rate_limit.as_ref().is_some_and(wrong) {
                return Err(Refusal::invalid("RequestsPerSecond must not be negative."));
            }
            config.queue_rate_limit = Some(RateLimitConfig {
                rate_limit: update.rate_limit,
                metadata: Some(ConfigMetadata {
                    reason: update.reason,
                    update_identity: request.identity,
                    update_time: Some(timestamp(now)),
                }),
            });
        }
        self.set_queue_config(transaction, &queue, config.clone())?;
        transaction.woken.insert(queue);
        Ok(config)
    }

    /// A worker wants a queue to give out no more than so many tasks a second.
    pub(in crate::embedded) fn want_rate(&mut self, queue: &QueueKey, per_second: f64) {
        self.queues.set_wanted_rate(queue, per_second);
    }

    /// Until when a queue gives out nothing; none if it does now.
    pub(in crate::embedded) fn limited_until(&self, queue: &QueueKey, now: Time) -> Option<Time> {
        let per_second = self.rate(queue)?;
        let next = if per_second > 0.0 {
            self.queues.next_take(queue)
        } else {
            Time::MAX
        };
        (next > now).then_some(next)
    }

    /// Something was given out.
    pub(super) fn count_take(&mut self, queue: &QueueKey, now: Time) {
        if let Some(per_second) = self.rate(queue).filter(|rate| *rate > 0.0) {
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                reason = "a pause need not be exact, and casts from floats saturate"
            )]
            let pause = (seconds(1) as f64 / per_second) as Time;
            self.queues.set_next_take(queue, now.saturating_add(pause));
        }
    }

    /// Whether a queue has a limit at all.
    pub(super) fn has_limit(&self, queue: &QueueKey) -> bool {
        self.rate(queue).is_some()
    }

    fn rate(&self, queue: &QueueKey) -> Option<f64> {
        let config = self.queue_config(queue).ok();
        let limit = config.and_then(|config| config.queue_rate_limit?.rate_limit);
        limit
            .map(|limit| f64::from(limit.requests_per_second))
            .or_else(|| self.queues.wanted_rate(queue))
    }
}
