//! The commands that a hand's answers carry.

use std::time::Duration;

use temporalio_common::protos::temporal::api::command::v1::command::Attributes;
use temporalio_common::protos::temporal::api::command::v1::{
    CancelTimerCommandAttributes, CancelWorkflowExecutionCommandAttributes, Command,
    CompleteWorkflowExecutionCommandAttributes, ContinueAsNewWorkflowExecutionCommandAttributes,
    FailWorkflowExecutionCommandAttributes, ProtocolMessageCommandAttributes,
    RecordMarkerCommandAttributes, RequestCancelActivityTaskCommandAttributes,
    ScheduleActivityTaskCommandAttributes, SignalExternalWorkflowExecutionCommandAttributes,
    StartChildWorkflowExecutionCommandAttributes, StartTimerCommandAttributes,
    UpsertWorkflowSearchAttributesCommandAttributes,
};
use temporalio_common::protos::temporal::api::common::v1::{
    ActivityType, Payload, RetryPolicy, SearchAttributes, WorkflowExecution, WorkflowType,
};
use temporalio_common::protos::temporal::api::enums::v1::CommandType;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;

use super::{failure, text};

/// A command of this type with what belongs to it.
pub fn command(kind: CommandType, attributes: Option<Attributes>) -> Command {
    Command {
        command_type: kind as i32,
        attributes,
        ..Default::default()
    }
}

/// The workflow completes with a text.
pub fn complete(result: &str) -> Command {
    let attributes = CompleteWorkflowExecutionCommandAttributes {
        result: text(result),
    };
    command(
        CommandType::CompleteWorkflowExecution,
        Some(Attributes::CompleteWorkflowExecutionCommandAttributes(
            attributes,
        )),
    )
}

/// The workflow fails.
pub fn fail(why: &str) -> Command {
    let attributes = FailWorkflowExecutionCommandAttributes {
        failure: Some(failure(why)),
    };
    command(
        CommandType::FailWorkflowExecution,
        Some(Attributes::FailWorkflowExecutionCommandAttributes(
            attributes,
        )),
    )
}

/// The workflow ends as cancelled.
pub fn cancel() -> Command {
    command(
        CommandType::CancelWorkflowExecution,
        Some(Attributes::CancelWorkflowExecutionCommandAttributes(
            CancelWorkflowExecutionCommandAttributes::default(),
        )),
    )
}

/// The workflow goes on in a new run.
pub fn renew(kind: &str, queue: &str) -> Command {
    let attributes = ContinueAsNewWorkflowExecutionCommandAttributes {
        workflow_type: Some(WorkflowType {
            name: kind.to_owned(),
        }),
        task_queue: Some(normal(queue)),
        input: text("renewed"),
        ..Default::default()
    };
    command(
        CommandType::ContinueAsNewWorkflowExecution,
        Some(Attributes::ContinueAsNewWorkflowExecutionCommandAttributes(
            attributes,
        )),
    )
}

/// A timer.
pub fn timer(id: &str, limit: Duration) -> Command {
    let attributes = StartTimerCommandAttributes {
        timer_id: id.to_owned(),
        start_to_fire_timeout: limit.try_into().ok(),
    };
    command(
        CommandType::StartTimer,
        Some(Attributes::StartTimerCommandAttributes(attributes)),
    )
}

/// A timer is no longer wanted.
pub fn cancel_timer(id: &str) -> Command {
    let attributes = CancelTimerCommandAttributes {
        timer_id: id.to_owned(),
    };
    command(
        CommandType::CancelTimer,
        Some(Attributes::CancelTimerCommandAttributes(attributes)),
    )
}

/// What an activity is scheduled with: a generous limit, and the service's retry policy.
pub fn activity_attributes(id: &str, queue: &str) -> ScheduleActivityTaskCommandAttributes {
    ScheduleActivityTaskCommandAttributes {
        activity_id: id.to_owned(),
        activity_type: Some(ActivityType {
            name: "by-hand".to_owned(),
        }),
        task_queue: Some(normal(queue)),
        input: text("input"),
        start_to_close_timeout: Duration::from_secs(30).try_into().ok(),
        ..Default::default()
    }
}

/// An activity.
pub fn activity(attributes: ScheduleActivityTaskCommandAttributes) -> Command {
    command(
        CommandType::ScheduleActivityTask,
        Some(Attributes::ScheduleActivityTaskCommandAttributes(
            attributes,
        )),
    )
}

/// An activity is no longer wanted.
pub fn cancel_activity(scheduled_event_id: i64) -> Command {
    let attributes = RequestCancelActivityTaskCommandAttributes { scheduled_event_id };
    command(
        CommandType::RequestCancelActivityTask,
        Some(Attributes::RequestCancelActivityTaskCommandAttributes(
            attributes,
        )),
    )
}

/// What a child is started with.
pub fn child_attributes(id: &str, queue: &str) -> StartChildWorkflowExecutionCommandAttributes {
    StartChildWorkflowExecutionCommandAttributes {
        workflow_id: id.to_owned(),
        workflow_type: Some(WorkflowType {
            name: "hand".to_owned(),
        }),
        task_queue: Some(normal(queue)),
        ..Default::default()
    }
}

/// A child.
pub fn child(attributes: StartChildWorkflowExecutionCommandAttributes) -> Command {
    command(
        CommandType::StartChildWorkflowExecution,
        Some(Attributes::StartChildWorkflowExecutionCommandAttributes(
            attributes,
        )),
    )
}

/// A signal to another workflow.
pub fn signal(id: &str, name: &str) -> Command {
    let attributes = SignalExternalWorkflowExecutionCommandAttributes {
        execution: Some(WorkflowExecution {
            workflow_id: id.to_owned(),
            run_id: String::new(),
        }),
        signal_name: name.to_owned(),
        ..Default::default()
    };
    command(
        CommandType::SignalExternalWorkflowExecution,
        Some(Attributes::SignalExternalWorkflowExecutionCommandAttributes(attributes)),
    )
}

/// A marker.
pub fn marker(name: &str) -> Command {
    let attributes = RecordMarkerCommandAttributes {
        marker_name: name.to_owned(),
        ..Default::default()
    };
    command(
        CommandType::RecordMarker,
        Some(Attributes::RecordMarkerCommandAttributes(attributes)),
    )
}

/// A search attribute.
pub fn attribute(name: &str, value: Payload) -> Command {
    let attributes = UpsertWorkflowSearchAttributesCommandAttributes {
        search_attributes: Some(SearchAttributes {
            indexed_fields: [(name.to_owned(), value)].into(),
        }),
    };
    command(
        CommandType::UpsertWorkflowSearchAttributes,
        Some(Attributes::UpsertWorkflowSearchAttributesCommandAttributes(
            attributes,
        )),
    )
}

/// A protocol message takes its place among the commands.
pub fn message(id: &str) -> Command {
    let attributes = ProtocolMessageCommandAttributes {
        message_id: id.to_owned(),
    };
    command(
        CommandType::ProtocolMessage,
        Some(Attributes::ProtocolMessageCommandAttributes(attributes)),
    )
}

/// A policy of so many attempts, a second apart.
pub fn retries(attempts: i32) -> Option<RetryPolicy> {
    Some(RetryPolicy {
        initial_interval: Duration::from_secs(1).try_into().ok(),
        backoff_coefficient: 1.0,
        maximum_attempts: attempts,
        ..Default::default()
    })
}

/// A queue by its name.
pub fn normal(name: &str) -> TaskQueue {
    TaskQueue {
        name: name.to_owned(),
        ..Default::default()
    }
}
