//! Workers that ask for tasks, and wait for one.
//!
//! A worker can go away at any moment: while it waits, which tells that its own queue has
//! nobody any more; or after a task was taken out for it, which must then go to another. Both
//! show as this future being dropped, so both are seen to by guards.

use std::sync::Arc;
use std::time::Duration;

use temporalio_common::protos::temporal::api::common::v1::WorkerVersionCapabilities;
use temporalio_common::protos::temporal::api::deployment::v1::WorkerDeploymentOptions;
use temporalio_common::protos::temporal::api::enums::v1::TaskQueueKind;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    PollActivityTaskQueueRequest, PollActivityTaskQueueResponse, PollWorkflowTaskQueueRequest,
    PollWorkflowTaskQueueResponse,
};
use tokio::time::Instant;

use super::Context;
use super::activities::activity_response;
use super::tasks::task_response;
use crate::embedded::engine::{Answer, Engine, Polled, QueueKey, QueueKind, Token, Transaction};
use crate::embedded::service::Service;

/// How long a poll waits at most, and how long before its caller gives up it comes back.
const LONGEST: Duration = Duration::from_mins(1);
const MARGIN: Duration = Duration::from_millis(500);

pub(super) async fn workflow(
    context: Context,
    request: PollWorkflowTaskQueueRequest,
) -> Answer<PollWorkflowTaskQueueResponse> {
    let asked = request.task_queue.unwrap_or_default();
    let queue = QueueKey {
        namespace: request.namespace,
        name: asked.name,
        kind: QueueKind::Workflow,
    };
    #[expect(deprecated, reason = "older workers send it so")]
    let (capabilities, checksum) = (request.worker_version_capabilities, request.binary_checksum);
    let by = Polled {
        identity: request.identity,
        build_id: build_id(capabilities, request.deployment_options.as_ref(), checksum),
        in_process: context.in_process,
    };
    let deployment = request
        .deployment_options
        .map(|options| (options.deployment_name, options.build_id));
    let poll = Poll::begin(
        &context,
        queue,
        &by.identity,
        deployment,
        asked.kind == TaskQueueKind::Sticky as i32,
    )?;
    let Some((task, seq, _poll)) = poll
        .wait(&context, |engine, transaction, queue| {
            engine.poll_workflow(transaction, queue, &by)
        })
        .await?
    else {
        return Ok(PollWorkflowTaskQueueResponse::default());
    };
    let handover = Handover::of_task(&context.service, task.token.clone());
    context.service.wait(seq).await?;
    let response = task_response(&context, task)?;
    handover.done();
    Ok(response)
}

pub(super) async fn activity(
    context: Context,
    request: PollActivityTaskQueueRequest,
) -> Answer<PollActivityTaskQueueResponse> {
    let queue = QueueKey {
        namespace: request.namespace,
        name: request.task_queue.unwrap_or_default().name,
        kind: QueueKind::Activity,
    };
    #[expect(deprecated, reason = "older workers send it so")]
    let capabilities = request.worker_version_capabilities;
    let by = Polled {
        identity: request.identity,
        build_id: build_id(
            capabilities,
            request.deployment_options.as_ref(),
            String::new(),
        ),
        in_process: context.in_process,
    };
    let deployment = request
        .deployment_options
        .map(|options| (options.deployment_name, options.build_id));
    let rate = request.task_queue_metadata;
    let rate = rate.and_then(|metadata| metadata.max_tasks_per_second);
    let rate = rate.filter(|rate| *rate >= 0.0);
    let poll = Poll::begin(&context, queue, &by.identity, deployment, false)?;
    let Some((task, seq, _poll)) = poll
        .wait(&context, |engine, transaction, queue| {
            if let Some(rate) = rate {
                engine.want_rate(queue, rate);
            }
            engine.poll_activity(transaction, queue, &by)
        })
        .await?
    else {
        return Ok(PollActivityTaskQueueResponse::default());
    };
    let handover = Handover::of_activity(&context.service, task.token.clone());
    context.service.wait(seq).await?;
    let response = activity_response(&context, task)?;
    handover.done();
    Ok(response)
}

/// What a worker says that it was built from.
fn build_id(
    capabilities: Option<WorkerVersionCapabilities>,
    deployment: Option<&WorkerDeploymentOptions>,
    checksum: String,
) -> String {
    let capabilities = capabilities.map(|capabilities| capabilities.build_id);
    capabilities
        .filter(|build_id| !build_id.is_empty())
        .or_else(|| deployment.map(|deployment| deployment.build_id.clone()))
        .unwrap_or(checksum)
}

/// A poll that is listed with its queue for as long as it lives.
struct Poll {
    service: Arc<Service>,
    queue: QueueKey,
    sticky: bool,
    answered: bool,
}

impl Poll {
    fn begin(
        context: &Context,
        queue: QueueKey,
        identity: &str,
        deployment: Option<(String, String)>,
        sticky: bool,
    ) -> Answer<Self> {
        let service = Arc::clone(&context.service);
        let begun = service.transact(|engine, transaction| {
            engine.begin_poll(transaction, &queue, identity, deployment)
        })?;
        begun.0?;
        Ok(Self {
            service,
            queue,
            sticky,
            answered: false,
        })
    }

    /// Waits for something to be taken out of the queue. Nothing comes when the caller's
    /// time is nearly over, or the engine stops.
    async fn wait<T>(
        mut self,
        context: &Context,
        take: impl Fn(&mut Engine, &mut Transaction, &QueueKey) -> Option<T>,
    ) -> Answer<Option<(T, crate::embedded::store::Seq, Self)>> {
        let woken = self.service.hub().queue(&self.queue);
        let longest = Instant::now() + LONGEST;
        let until = context.deadline.map_or(longest, |deadline| {
            longest.min(deadline - MARGIN.min(deadline - Instant::now()))
        });
        loop {
            let notified = woken.notified();
            tokio::pin!(notified);
            notified.as_mut().enable();
            let now = self.service.now();
            let ((taken, limited), seq) = self.service.transact(|engine, transaction| {
                let taken = take(engine, transaction, &self.queue);
                (taken, engine.limited_until(&self.queue, now))
            })?;
            if let Some(taken) = taken {
                self.answered = true;
                return Ok(Some((taken, seq, self)));
            }
            let again = limited.map_or(until, |next| {
                let nanos = u64::try_from(next.saturating_sub(now)).unwrap_or(0);
                Instant::now() + Duration::from_nanos(nanos).min(LONGEST)
            });
            tokio::select! {
                () = notified => {}
                () = tokio::time::sleep_until(again), if again < until => {}
                () = tokio::time::sleep_until(until) => break,
                () = self.service.stopping() => break,
            }
        }
        self.answered = true;
        Ok(None)
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
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

/// Something that was taken out for a worker, which has not got it yet.
pub(super) struct Handover {
    service: Arc<Service>,
    what: Option<What>,
}

enum What {
    Task(Token),
    Activity(Token),
}

impl Handover {
    pub(super) fn of_task(service: &Arc<Service>, token: Token) -> Self {
        Self {
            service: Arc::clone(service),
            what: Some(What::Task(token)),
        }
    }

    pub(super) fn of_activity(service: &Arc<Service>, token: Token) -> Self {
        Self {
            service: Arc::clone(service),
            what: Some(What::Activity(token)),
        }
    }

    /// The worker gets it now.
    pub(super) fn done(mut self) {
        self.what = None;
    }
}

impl Drop for Handover {
    fn drop(&mut self) {
        let Some(what) = self.what.take() else {
            return;
        };
        // An engine that is broken has no use for this either.
        let _broken = self.service.transact(|engine, transaction| match &what {
            What::Task(token) => engine.lose_workflow_task(transaction, token),
            What::Activity(token) => engine.lose_activity(transaction, token),
        });
    }
}
