//! What workers answer with: commands of several kinds, and what stands in them.

use temporalio_common::protos::temporal::api::command::v1::command::Attributes as Does;
use temporalio_common::protos::temporal::api::command::v1::{
    Command, CompleteWorkflowExecutionCommandAttributes, RecordMarkerCommandAttributes,
    ScheduleActivityTaskCommandAttributes, StartChildWorkflowExecutionCommandAttributes,
    StartTimerCommandAttributes, UpsertWorkflowSearchAttributesCommandAttributes,
};
use temporalio_common::protos::temporal::api::common::v1::{
    ActivityType, Payload, SearchAttributes, WorkflowType,
};
use temporalio_common::protos::temporal::api::enums::v1::CommandType;
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;

use crate::embedded::engine::duration;

const SECOND: i64 = 1_000_000_000;

pub(super) fn payload() -> Payload {
    Payload {
        metadata: [("encoding".to_owned(), b"json/plain".to_vec())].into(),
        data: b"\"x\"".to_vec(),
        ..Default::default()
    }
}

pub(super) fn failure() -> Failure {
    Failure {
        message: "no".to_owned(),
        cause: Some(Box::default()),
        ..Default::default()
    }
}

fn command(kind: CommandType, does: Does) -> Command {
    Command {
        command_type: kind as i32,
        attributes: Some(does),
        ..Default::default()
    }
}

pub(super) fn complete() -> Command {
    let attributes = CompleteWorkflowExecutionCommandAttributes::default();
    command(
        CommandType::CompleteWorkflowExecution,
        Does::CompleteWorkflowExecutionCommandAttributes(attributes),
    )
}

pub(super) fn commands() -> Vec<Command> {
    let second = || Some(duration(SECOND));
    let queue = Some(TaskQueue {
        name: "q".to_owned(),
        ..Default::default()
    });
    let activity = ScheduleActivityTaskCommandAttributes {
        activity_id: "a".to_owned(),
        activity_type: Some(ActivityType {
            name: "A".to_owned(),
        }),
        task_queue: queue.clone(),
        start_to_close_timeout: second(),
        ..Default::default()
    };
    let timer = StartTimerCommandAttributes {
        timer_id: "t".to_owned(),
        start_to_fire_timeout: second(),
    };
    let marker = RecordMarkerCommandAttributes {
        marker_name: "m".to_owned(),
        ..Default::default()
    };
    let child = StartChildWorkflowExecutionCommandAttributes {
        workflow_id: "child".to_owned(),
        workflow_type: Some(WorkflowType {
            name: "K".to_owned(),
        }),
        task_queue: queue,
        ..Default::default()
    };
    let upsert = UpsertWorkflowSearchAttributesCommandAttributes {
        search_attributes: Some(SearchAttributes {
            indexed_fields: [("CustomKeywordField".to_owned(), payload())].into(),
        }),
    };
    vec![
        command(
            CommandType::ScheduleActivityTask,
            Does::ScheduleActivityTaskCommandAttributes(activity),
        ),
        command(
            CommandType::StartTimer,
            Does::StartTimerCommandAttributes(timer),
        ),
        command(
            CommandType::RecordMarker,
            Does::RecordMarkerCommandAttributes(marker),
        ),
        command(
            CommandType::StartChildWorkflowExecution,
            Does::StartChildWorkflowExecutionCommandAttributes(child),
        ),
        command(
            CommandType::UpsertWorkflowSearchAttributes,
            Does::UpsertWorkflowSearchAttributesCommandAttributes(upsert),
        ),
    ]
}
