//! Activities: how an attempt is described to a worker, and what workers and others say of
//! them.

use temporalio_common::protos::temporal::api::common::v1::{
    ActivityType, Payloads, WorkerVersionStamp, WorkflowExecution, WorkflowType,
};
use temporalio_common::protos::temporal::api::deployment::v1::WorkerDeploymentOptions;
use temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo;
use temporalio_common::protos::temporal::api::failure::v1::{Failure, ServerFailureInfo};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    PollActivityTaskQueueResponse, RecordActivityTaskHeartbeatByIdRequest,
    RecordActivityTaskHeartbeatByIdResponse, RecordActivityTaskHeartbeatRequest,
    RecordActivityTaskHeartbeatResponse, RespondActivityTaskCanceledByIdRequest,
    RespondActivityTaskCanceledByIdResponse, RespondActivityTaskCanceledRequest,
    RespondActivityTaskCanceledResponse, RespondActivityTaskCompletedByIdRequest,
    RespondActivityTaskCompletedByIdResponse, RespondActivityTaskCompletedRequest,
    RespondActivityTaskCompletedResponse, RespondActivityTaskFailedByIdRequest,
    RespondActivityTaskFailedByIdResponse, RespondActivityTaskFailedRequest,
    RespondActivityTaskFailedResponse,
};

use super::{Context, limits};
use crate::embedded::engine::{
    ActivityEnd, ActivityTarget, ActivityTask, Answer, Polled, Refusal, Token, duration, timestamp,
};

/// Describes an attempt to its worker. It must be committed.
pub(super) fn activity_response(
    context: &Context,
    task: ActivityTask,
) -> Answer<PollActivityTaskQueueResponse> {
    let event = context.service.store().event(task.run, task.event_id)?;
    let Some(Attributes::ActivityTaskScheduledEventAttributes(scheduled)) =
        event.and_then(|event| event.attributes)
    else {
        return Err(Refusal::internal(
            "the activity's scheduled event is missing",
        ));
    };
    let activity = task.activity;
    Ok(PollActivityTaskQueueResponse {
        task_token: task.token.bytes(),
        workflow_namespace: task.namespace,
        workflow_type: Some(WorkflowType {
            name: task.workflow_type,
        }),
        workflow_execution: Some(task.execution),
        activity_type: Some(ActivityType {
            name: activity.activity_type,
        }),
        activity_id: activity.activity_id,
        header: scheduled.header,
        input: scheduled.input,
        heartbeat_details: activity.heartbeat_details,
        scheduled_time: Some(timestamp(activity.scheduled_time)),
        current_attempt_scheduled_time: Some(timestamp(activity.attempt_time)),
        started_time: Some(timestamp(activity.started_time)),
        attempt: activity.attempt,
        schedule_to_close_timeout: Some(duration(activity.schedule_to_close)),
        start_to_close_timeout: Some(duration(activity.start_to_close)),
        heartbeat_timeout: Some(duration(activity.heartbeat)),
        retry_policy: activity.retry_policy,
        priority: scheduled.priority,
        ..Default::default()
    })
}

fn by_token(token: &[u8]) -> Answer<ActivityTarget> {
    Token::read(token).map(ActivityTarget::Token)
}

fn by_id(
    namespace: String,
    workflow_id: String,
    run_id: String,
    activity_id: String,
) -> Answer<ActivityTarget> {
    if activity_id.is_empty() {
        return Err(Refusal::invalid("ActivityId is not set on request."));
    }
    Ok(ActivityTarget::Id {
        namespace,
        execution: WorkflowExecution {
            workflow_id,
            run_id,
        },
        activity_id,
    })
}

/// What a worker says that it was built from.
fn build_id(
    version: Option<WorkerVersionStamp>,
    deployment: Option<WorkerDeploymentOptions>,
) -> Option<String> {
    let version = version.map(|version| version.build_id);
    version.or_else(|| deployment.map(|options| options.build_id))
}

/// What becomes of an activity that says more than fits.
fn too_large(message: &str) -> Box<Failure> {
    Box::new(Failure {
        message: message.to_owned(),
        failure_info: Some(FailureInfo::ServerFailureInfo(ServerFailureInfo {
            non_retryable: true,
        })),
        ..Default::default()
    })
}

async fn beat(context: Context, target: ActivityTarget, details: Option<Payloads>) -> Answer<bool> {
    limits::check(details.as_ref())?;
    context
        .service
        .commit(|engine, transaction| engine.heartbeat(transaction, &target, details))
        .await
}

async fn end(
    context: Context,
    target: ActivityTarget,
    end: ActivityEnd,
    identity: String,
    build_id: Option<String>,
) -> Answer<()> {
    let end = match end {
        // To do it again would give as much again.
        ActivityEnd::Completed(result) if limits::check(result.as_ref()).is_err() => {
            ActivityEnd::Failed(too_large("Complete result exceeds size limit."), None)
        }
        ActivityEnd::Canceled(details) if limits::check(details.as_ref()).is_err() => {
            ActivityEnd::Failed(too_large("Cancel details exceeds size limit."), None)
        }
        ActivityEnd::Failed(failure, _) if limits::check(Some(failure.as_ref())).is_err() => {
            ActivityEnd::Failed(too_large("Failure exceeds size limit."), None)
        }
        end => end,
    };
    let by = Polled {
        identity,
        build_id: build_id.unwrap_or_default(),
        in_process: context.in_process,
    };
    context
        .service
        .commit(|engine, transaction| engine.end_activity(transaction, &target, end, &by))
        .await
}

pub(super) async fn heartbeat(
    context: Context,
    request: RecordActivityTaskHeartbeatRequest,
) -> Answer<RecordActivityTaskHeartbeatResponse> {
    let cancel_requested = beat(context, by_token(&request.task_token)?, request.details).await?;
    Ok(RecordActivityTaskHeartbeatResponse {
        cancel_requested,
        ..Default::default()
    })
}

pub(super) async fn heartbeat_by_id(
    context: Context,
    request: RecordActivityTaskHeartbeatByIdRequest,
) -> Answer<RecordActivityTaskHeartbeatByIdResponse> {
    let target = by_id(
        request.namespace,
        request.workflow_id,
        request.run_id,
        request.activity_id,
    )?;
    let cancel_requested = beat(context, target, request.details).await?;
    Ok(RecordActivityTaskHeartbeatByIdResponse {
        cancel_requested,
        ..Default::default()
    })
}

#[expect(deprecated, reason = "older workers say so what they were built from")]
pub(super) async fn completed(
    context: Context,
    request: RespondActivityTaskCompletedRequest,
) -> Answer<RespondActivityTaskCompletedResponse> {
    let target = by_token(&request.task_token)?;
    let result = ActivityEnd::Completed(request.result);
    let build_id = build_id(request.worker_version, request.deployment_options);
    end(context, target, result, request.identity, build_id).await?;
    Ok(RespondActivityTaskCompletedResponse {})
}

pub(super) async fn completed_by_id(
    context: Context,
    request: RespondActivityTaskCompletedByIdRequest,
) -> Answer<RespondActivityTaskCompletedByIdResponse> {
    let target = by_id(
        request.namespace,
        request.workflow_id,
        request.run_id,
        request.activity_id,
    )?;
    let result = ActivityEnd::Completed(request.result);
    end(context, target, result, request.identity, None).await?;
    Ok(RespondActivityTaskCompletedByIdResponse {})
}

#[expect(deprecated, reason = "older workers say so what they were built from")]
pub(super) async fn failed(
    context: Context,
    request: RespondActivityTaskFailedRequest,
) -> Answer<RespondActivityTaskFailedResponse> {
    let target = by_token(&request.task_token)?;
    let failure = request.failure.unwrap_or_default();
    let failed = ActivityEnd::Failed(Box::new(failure), request.last_heartbeat_details);
    let build_id = build_id(request.worker_version, request.deployment_options);
    end(context, target, failed, request.identity, build_id).await?;
    Ok(RespondActivityTaskFailedResponse::default())
}

pub(super) async fn failed_by_id(
    context: Context,
    request: RespondActivityTaskFailedByIdRequest,
) -> Answer<RespondActivityTaskFailedByIdResponse> {
    let target = by_id(
        request.namespace,
        request.workflow_id,
        request.run_id,
        request.activity_id,
    )?;
    let failure = request.failure.unwrap_or_default();
    let failed = ActivityEnd::Failed(Box::new(failure), request.last_heartbeat_details);
    end(context, target, failed, request.identity, None).await?;
    Ok(RespondActivityTaskFailedByIdResponse::default())
}

pub(super) async fn canceled(
    context: Context,
    request: RespondActivityTaskCanceledRequest,
) -> Answer<RespondActivityTaskCanceledResponse> {
    let target = by_token(&request.task_token)?;
    let canceled = ActivityEnd::Canceled(request.details);
    end(context, target, canceled, request.identity, None).await?;
    Ok(RespondActivityTaskCanceledResponse {})
}

pub(super) async fn canceled_by_id(
    context: Context,
    request: RespondActivityTaskCanceledByIdRequest,
) -> Answer<RespondActivityTaskCanceledByIdResponse> {
    let target = by_id(
        request.namespace,
        request.workflow_id,
        request.run_id,
        request.activity_id,
    )?;
    let canceled = ActivityEnd::Canceled(request.details);
    end(context, target, canceled, request.identity, None).await?;
    Ok(RespondActivityTaskCanceledByIdResponse {})
}
