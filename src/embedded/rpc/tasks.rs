//! Workflow tasks: how one is described to a worker, and what workers say of them.

use prost::Message as _;
use temporalio_common::protos::temporal::api::common::v1::WorkflowType;
use temporalio_common::protos::temporal::api::enums::v1::WorkflowTaskFailedCause;
use temporalio_common::protos::temporal::api::history::v1::{History, HistoryEvent};
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    PollWorkflowTaskQueueResponse, RecordWorkerHeartbeatRequest, RecordWorkerHeartbeatResponse,
    ResetStickyTaskQueueRequest, ResetStickyTaskQueueResponse, RespondWorkflowTaskCompletedRequest,
    RespondWorkflowTaskCompletedResponse, RespondWorkflowTaskFailedRequest,
    RespondWorkflowTaskFailedResponse, ShutdownWorkerRequest, ShutdownWorkerResponse,
};

use super::Context;
use super::activities::activity_response;
use super::handover::{Handover, Work};
use super::history::PageToken;
use crate::embedded::engine::{
    Answer, QueueKey, QueueKind, Refusal, Token, WorkflowTask, timestamp,
};
use crate::embedded::service::Service;
use crate::embedded::store::{Limit, RunKey};

/// As much history goes with a task; the rest is asked for.
const WITH_TASK: Limit = Limit {
    events: 10_000,
    bytes: 3 * 1024 * 1024,
};

/// Describes a task to its worker. It must be committed.
pub(super) fn task_response(
    context: &Context,
    task: WorkflowTask,
) -> Answer<PollWorkflowTaskQueueResponse> {
    let (first, last) = task.events;
    let mut events = if last < first {
        Vec::new()
    } else {
        up_to(&context.service, task.run, first, last)?
    };
    let complete = events.last().is_none_or(|event| event.event_id >= last) || last == i64::MAX;
    let next_page_token = if complete {
        events.extend(task.unwritten);
        Vec::new()
    } else {
        PageToken {
            run: task.run,
            run_id: task.execution.run_id.clone(),
            next: events.last().map_or(first, |event| event.event_id + 1),
            last,
            waits: false,
            unwritten: task.unwritten,
        }
        .encode_to_vec()
    };
    let is_query = task.query.is_some();
    Ok(PollWorkflowTaskQueueResponse {
        task_token: task.token.bytes(),
        workflow_execution: Some(task.execution),
        workflow_type: Some(WorkflowType {
            name: task.workflow_type,
        }),
        previous_started_event_id: task.previous_started_event_id,
        started_event_id: task.started_event_id,
        attempt: task.attempt,
        history: Some(History { events }),
        next_page_token,
        query: task.query,
        workflow_execution_task_queue: Some(TaskQueue {
            name: task.task_queue,
            kind: 1,
            normal_name: String::new(),
        }),
        scheduled_time: (!is_query).then(|| timestamp(task.scheduled_time)),
        started_time: (!is_query).then(|| timestamp(task.started_time)),
        queries: task.queries.into_iter().collect(),
        messages: task.messages,
        ..Default::default()
    })
}

fn up_to(service: &Service, run: RunKey, first: i64, last: i64) -> Answer<Vec<HistoryEvent>> {
    let mut events = service.store().events(run, first, WITH_TASK)?;
    events.retain(|event| event.event_id <= last);
    Ok(events)
}

pub(super) async fn completed(
    context: Context,
    request: RespondWorkflowTaskCompletedRequest,
) -> Answer<RespondWorkflowTaskCompletedResponse> {
    let service = &context.service;
    let in_process = context.in_process;
    let (answer, seq) = service.transact(|engine, transaction| {
        engine.complete_workflow_task(transaction, &request, in_process)
    })?;
    let completed = match answer {
        Ok(completed) => completed,
        Err(refusal) => {
            service.wait(seq).await?;
            return Err(refusal);
        }
    };
    let task = completed.next.as_ref().map(|task| task.handover(service));
    let activities: Vec<Handover> = completed
        .activities
        .iter()
        .map(|task| task.handover(service))
        .collect();
    service.wait(seq).await?;
    let workflow_task = completed
        .next
        .map(|task| task_response(&context, task))
        .transpose()?;
    let activity_tasks = completed
        .activities
        .into_iter()
        .map(|task| activity_response(&context, task))
        .collect::<Answer<Vec<_>>>()?;
    task.into_iter().chain(activities).for_each(Handover::done);
    Ok(RespondWorkflowTaskCompletedResponse {
        workflow_task,
        activity_tasks,
        reset_history_event_id: completed.reset_history_event_id,
    })
}

pub(super) async fn failed(
    context: Context,
    request: RespondWorkflowTaskFailedRequest,
) -> Answer<RespondWorkflowTaskFailedResponse> {
    let token = Token::read(&request.task_token)?;
    let cause = WorkflowTaskFailedCause::try_from(request.cause)
        .map_err(|_| Refusal::invalid("Unknown WorkflowTaskFailedCause on request."))?;
    tracing::warn!(
        workflow_id = %token.workflow_id,
        run_id = %token.run_id,
        attempt = token.attempt,
        cause = cause.as_str_name(),
        "a workflow task failed: {}",
        request.failure.as_ref().map_or("", |failure| failure.message.as_str()),
    );
    context
        .service
        .commit(|engine, transaction| {
            let (failure, identity) = (request.failure, &request.identity);
            engine.fail_workflow_task(transaction, &token, cause, failure, identity)
        })
        .await?;
    Ok(RespondWorkflowTaskFailedResponse {})
}

pub(super) async fn reset_sticky(
    context: Context,
    request: ResetStickyTaskQueueRequest,
) -> Answer<ResetStickyTaskQueueResponse> {
    let execution = request.execution.unwrap_or_default();
    context
        .service
        .commit(|engine, transaction| {
            engine.reset_sticky(transaction, &request.namespace, &execution)
        })
        .await?;
    Ok(ResetStickyTaskQueueResponse {})
}

/// A worker says that it goes: nothing is kept for it any more.
pub(super) async fn shutdown_worker(
    context: Context,
    request: ShutdownWorkerRequest,
) -> Answer<ShutdownWorkerResponse> {
    let queue = QueueKey {
        namespace: request.namespace,
        name: request.sticky_task_queue,
        kind: QueueKind::Workflow,
    };
    context
        .service
        .commit(|engine, transaction| {
            engine.namespaces().get(&queue.namespace)?;
            if !queue.name.is_empty() {
                engine.unstick(transaction, &queue);
            }
            Ok(())
        })
        .await?;
    Ok(ShutdownWorkerResponse::default())
}

/// Workers that report of themselves may; nothing is made of it.
pub(super) async fn worker_heartbeat(
    context: Context,
    request: RecordWorkerHeartbeatRequest,
) -> Answer<RecordWorkerHeartbeatResponse> {
    context
        .service
        .see(|engine| engine.namespaces().get(&request.namespace).map(|_| ()))
        .await?;
    Ok(RecordWorkerHeartbeatResponse::default())
}
