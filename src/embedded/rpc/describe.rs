//! What a workflow or a task queue is like now.

use std::collections::HashMap;

use temporalio_common::protos::temporal::api::common::v1::ActivityType;
use temporalio_common::protos::temporal::api::common::v1::{WorkflowExecution, WorkflowType};
use temporalio_common::protos::temporal::api::deployment::v1::WorkerDeploymentOptions;
use temporalio_common::protos::temporal::api::enums::v1::{
    DescribeTaskQueueMode, PendingActivityState, PendingWorkflowTaskState, TaskQueueType,
};
use temporalio_common::protos::temporal::api::taskqueue::v1::{
    PollerInfo, TaskQueueStats, TaskQueueStatus, TaskQueueTypeInfo, TaskQueueVersionInfo,
};
use temporalio_common::protos::temporal::api::workflow::v1::{
    PendingActivityInfo, PendingChildExecutionInfo, PendingWorkflowTaskInfo,
    WorkflowExecutionConfig, WorkflowExecutionExtendedInfo, WorkflowExecutionInfo,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeTaskQueueRequest, DescribeTaskQueueResponse, DescribeWorkflowExecutionRequest,
    DescribeWorkflowExecutionResponse, ListTaskQueuePartitionsRequest,
    ListTaskQueuePartitionsResponse, UpdateTaskQueueConfigRequest, UpdateTaskQueueConfigResponse,
};

use super::Context;
use crate::embedded::engine::{
    Activity, Answer, Child, DescribedQueue, QueueKey, QueueKind, Refusal, State, Task, Time,
    duration, timestamp,
};
use crate::embedded::store::RunRow;

pub(super) async fn workflow(
    context: Context,
    request: DescribeWorkflowExecutionRequest,
) -> Answer<DescribeWorkflowExecutionResponse> {
    let execution = request.execution.unwrap_or_default();
    let described = context
        .service
        .see(|engine| engine.describe(&request.namespace, &execution))
        .await?;
    let state = &described.state;
    let activities = described.activities.values();
    let children = described.children.iter();
    Ok(DescribeWorkflowExecutionResponse {
        execution_config: Some(WorkflowExecutionConfig {
            task_queue: Some(
                temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue {
                    name: described.row.task_queue.clone(),
                    kind: 1,
                    normal_name: String::new(),
                },
            ),
            workflow_execution_timeout: Some(duration(state.execution_timeout)),
            workflow_run_timeout: Some(duration(state.run_timeout)),
            default_workflow_task_timeout: Some(duration(state.task_timeout)),
            user_metadata: state.read_user_metadata(),
        }),
        workflow_execution_info: Some(info(&described.row, state)),
        pending_activities: activities.map(pending_activity).collect(),
        pending_children: children
            .map(|(id, child)| pending_child(*id, child))
            .collect(),
        pending_workflow_task: state.task.as_ref().map(pending_task),
        workflow_extended_info: Some(WorkflowExecutionExtendedInfo {
            execution_expiration_time: time(state.execution_deadline),
            run_expiration_time: time(state.run_deadline),
            cancel_requested: state.cancel_requested,
            original_start_time: time(state.original_start_time),
            ..Default::default()
        }),
        ..Default::default()
    })
}

fn time(time: Time) -> Option<prost_wkt_types::Timestamp> {
    (time != 0).then(|| timestamp(time))
}

/// A run as lists and descriptions show it.
pub(super) fn info(row: &RunRow, state: &State) -> WorkflowExecutionInfo {
    let parent = row
        .parent_workflow_id
        .as_ref()
        .map(|workflow_id| WorkflowExecution {
            workflow_id: workflow_id.clone(),
            run_id: row.parent_run_id.clone().unwrap_or_default(),
        });
    let closed = row.close_time.map(|close| close - row.execution_time);
    WorkflowExecutionInfo {
        execution: Some(WorkflowExecution {
            workflow_id: row.workflow_id.clone(),
            run_id: row.run_id.clone(),
        }),
        r#type: Some(WorkflowType {
            name: row.workflow_type.clone(),
        }),
        start_time: Some(timestamp(row.start_time)),
        close_time: row.close_time.map(timestamp),
        status: row.status,
        history_length: row.history_length,
        parent_execution: parent,
        execution_time: Some(timestamp(row.execution_time)),
        memo: Some(state.read_memo().unwrap_or_default()),
        search_attributes: Some(state.read_search_attributes().unwrap_or_default()),
        task_queue: row.task_queue.clone(),
        state_transition_count: state.transitions,
        history_size_bytes: row.history_size,
        execution_duration: closed.map(duration),
        root_execution: Some(WorkflowExecution {
            workflow_id: row.root_workflow_id.clone(),
            run_id: row.root_run_id.clone(),
        }),
        first_run_id: state.first_run_id.clone(),
        ..Default::default()
    }
}

fn pending_activity(activity: &Activity) -> PendingActivityInfo {
    let started = activity.started_time != 0;
    let state = match (activity.cancel_requested_event_id, started) {
        (0, true) => PendingActivityState::Started,
        (0, false) => PendingActivityState::Scheduled,
        _ => PendingActivityState::CancelRequested,
    };
    let policy = activity.retry_policy.clone().unwrap_or_default();
    let waits = !started && activity.attempt > 1;
    let expires = match activity.schedule_to_close {
        0 => 0,
        limit => activity.scheduled_time.saturating_add(limit),
    };
    PendingActivityInfo {
        activity_id: activity.activity_id.clone(),
        activity_type: Some(ActivityType {
            name: activity.activity_type.clone(),
        }),
        state: state as i32,
        heartbeat_details: activity.heartbeat_details.clone(),
        last_heartbeat_time: time(activity.last_heartbeat),
        last_started_time: time(activity.started_time),
        attempt: activity.attempt,
        maximum_attempts: policy.maximum_attempts,
        scheduled_time: time(activity.attempt_time),
        expiration_time: time(expires),
        last_failure: activity.last_failure.clone(),
        last_worker_identity: if started {
            activity.identity.clone()
        } else {
            activity.last_identity.clone()
        },
        current_retry_interval: waits.then(|| {
            duration(
                activity
                    .attempt_time
                    .saturating_sub(activity.last_attempt_end),
            )
        }),
        last_attempt_complete_time: time(activity.last_attempt_end),
        next_attempt_schedule_time: waits.then(|| timestamp(activity.attempt_time)),
        ..Default::default()
    }
}

fn pending_child(initiated_id: i64, child: &Child) -> PendingChildExecutionInfo {
    let execution = child.execution.clone().unwrap_or_default();
    PendingChildExecutionInfo {
        workflow_id: execution.workflow_id,
        run_id: execution.run_id,
        workflow_type_name: child.workflow_type.clone(),
        initiated_id,
        parent_close_policy: child.parent_close_policy,
    }
}

fn pending_task(task: &Task) -> PendingWorkflowTaskInfo {
    let state = if task.is_started() {
        PendingWorkflowTaskState::Started
    } else {
        PendingWorkflowTaskState::Scheduled
    };
    PendingWorkflowTaskInfo {
        state: state as i32,
        scheduled_time: time(task.scheduled_time),
        original_scheduled_time: time(task.original_scheduled_time),
        started_time: time(task.started_time),
        attempt: task.attempt,
    }
}

#[expect(deprecated, reason = "older tools ask for it")]
pub(super) async fn task_queue(
    context: Context,
    request: DescribeTaskQueueRequest,
) -> Answer<DescribeTaskQueueResponse> {
    let name = request.task_queue.clone().unwrap_or_default().name;
    if request.api_mode == DescribeTaskQueueMode::Enhanced as i32 {
        return enhanced(&context, &request, name).await;
    }
    if name.is_empty() {
        return Err(Refusal::invalid("missing task queue name"));
    }
    let kind = kind_of(request.task_queue_type);
    let queue = QueueKey {
        namespace: request.namespace,
        name,
        kind,
    };
    let described = context
        .service
        .see(|engine| engine.describe_queue(&queue))
        .await?;
    let backlog = i64::try_from(described.backlog).unwrap_or(i64::MAX);
    let now = context.service.now();
    Ok(DescribeTaskQueueResponse {
        stats: request.report_stats.then(|| stats(&described, now)),
        config: request.report_config.then(|| described.config.clone()),
        pollers: pollers(described),
        task_queue_status: request.include_task_queue_status.then(|| TaskQueueStatus {
            backlog_count_hint: backlog,
            ..Default::default()
        }),
        ..Default::default()
    })
}

pub(super) async fn update_queue_config(
    context: Context,
    request: UpdateTaskQueueConfigRequest,
) -> Answer<UpdateTaskQueueConfigResponse> {
    let kind = kind_of(request.task_queue_type);
    let config = context
        .service
        .commit(|engine, transaction| engine.update_queue_config(transaction, request, kind))
        .await?;
    Ok(UpdateTaskQueueConfigResponse {
        config: Some(config),
    })
}

fn kind_of(task_queue_type: i32) -> QueueKind {
    if task_queue_type == TaskQueueType::Activity as i32 {
        QueueKind::Activity
    } else {
        QueueKind::Workflow
    }
}

/// The same in the form that the command line asks for: by build id, of which there is one
/// that is none, and by type.
#[expect(deprecated, reason = "the command line asks for it")]
async fn enhanced(
    context: &Context,
    request: &DescribeTaskQueueRequest,
    name: String,
) -> Answer<DescribeTaskQueueResponse> {
    let types = match request.task_queue_types.as_slice() {
        [] => vec![
            TaskQueueType::Workflow as i32,
            TaskQueueType::Activity as i32,
        ],
        asked => asked.to_vec(),
    };
    let now = context.service.now();
    let mut types_info = HashMap::new();
    for asked in types {
        let kind = kind_of(asked);
        let queue = QueueKey {
            namespace: request.namespace.clone(),
            name: name.clone(),
            kind,
        };
        let described = context
            .service
            .see(|engine| engine.describe_queue(&queue))
            .await?;
        let info = TaskQueueTypeInfo {
            stats: request.report_stats.then(|| stats(&described, now)),
            pollers: if request.report_pollers {
                pollers(described)
            } else {
                Vec::new()
            },
        };
        types_info.insert(asked, info);
    }
    let unversioned = TaskQueueVersionInfo {
        types_info,
        ..Default::default()
    };
    Ok(DescribeTaskQueueResponse {
        versions_info: [(String::new(), unversioned)].into(),
        ..Default::default()
    })
}

fn stats(described: &DescribedQueue, now: Time) -> TaskQueueStats {
    let oldest = described.oldest;
    TaskQueueStats {
        approximate_backlog_count: i64::try_from(described.backlog).unwrap_or(i64::MAX),
        approximate_backlog_age: Some(duration(
            oldest.map_or(0, |oldest| now.saturating_sub(oldest)),
        )),
        ..Default::default()
    }
}

fn pollers(described: DescribedQueue) -> Vec<PollerInfo> {
    let pollers = described.pollers.into_iter().map(|(identity, poller)| {
        let deployment =
            poller
                .deployment
                .map(|(deployment_name, build_id)| WorkerDeploymentOptions {
                    deployment_name,
                    build_id,
                    worker_versioning_mode: 1,
                });
        PollerInfo {
            last_access_time: Some(timestamp(poller.last_access)),
            identity,
            rate_per_second: 100_000.0,
            deployment_options: deployment,
            ..Default::default()
        }
    });
    pollers.collect()
}

pub(super) async fn partitions(
    context: Context,
    request: ListTaskQueuePartitionsRequest,
) -> Answer<ListTaskQueuePartitionsResponse> {
    use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueuePartitionMetadata;
    context
        .service
        .see(|engine| engine.namespaces().get(&request.namespace).map(|_| ()))
        .await?;
    let one = TaskQueuePartitionMetadata {
        key: request.task_queue.unwrap_or_default().name,
        owner_host_name: "127.0.0.1".to_owned(),
    };
    Ok(ListTaskQueuePartitionsResponse {
        activity_task_queue_partitions: vec![one.clone()],
        workflow_task_queue_partitions: vec![one],
    })
}
