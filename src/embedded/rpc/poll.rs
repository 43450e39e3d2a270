//! Workers that ask for tasks.

mod waiting;

use temporalio_common::protos::temporal::api::common::v1::WorkerVersionCapabilities;
use temporalio_common::protos::temporal::api::deployment::v1::WorkerDeploymentOptions;
use temporalio_common::protos::temporal::api::enums::v1::TaskQueueKind;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    PollActivityTaskQueueRequest, PollActivityTaskQueueResponse, PollWorkflowTaskQueueRequest,
    PollWorkflowTaskQueueResponse,
};

use super::Context;
use super::activities::activity_response;
use super::handover::Work;
use super::tasks::task_response;
use crate::embedded::engine::{Answer, Engine, Polled, QueueKey, QueueKind};
use waiting::Poll;

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
    let sticky = asked.kind == TaskQueueKind::Sticky as i32;
    let poll = Poll::begin(
        &context,
        queue,
        sticky,
        deployment,
        by,
        Engine::poll_workflow,
    )?;
    let Some((task, seq, _poll)) = poll.wait(&context).await? else {
        return Ok(PollWorkflowTaskQueueResponse::default());
    };
    let handover = task.handover(&context.service);
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
    let take = move |engine: &mut Engine, transaction: &mut _, queue: &_, by: &_| {
        if let Some(rate) = rate {
            engine.want_rate(queue, rate);
        }
        engine.poll_activity(transaction, queue, by)
    };
    let poll = Poll::begin(&context, queue, false, deployment, by, take)?;
    let Some((task, seq, _poll)) = poll.wait(&context).await? else {
        return Ok(PollActivityTaskQueueResponse::default());
    };
    let handover = task.handover(&context.service);
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
