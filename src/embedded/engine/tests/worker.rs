//! Answers to tasks, made by hand: commands, messages, and the requests that carry them.

use prost::Message as _;
use prost_wkt_types::Any;
use temporalio_common::protos::temporal::api::command::v1::command::Attributes;
use temporalio_common::protos::temporal::api::command::v1::{
    CancelTimerCommandAttributes, Command, CompleteWorkflowExecutionCommandAttributes,
    ContinueAsNewWorkflowExecutionCommandAttributes, FailWorkflowExecutionCommandAttributes,
    ProtocolMessageCommandAttributes, RequestCancelActivityTaskCommandAttributes,
    ScheduleActivityTaskCommandAttributes, SignalExternalWorkflowExecutionCommandAttributes,
    StartChildWorkflowExecutionCommandAttributes, StartTimerCommandAttributes,
};
use temporalio_common::protos::temporal::api::common::v1::{ActivityType, WorkflowType};
use temporalio_common::protos::temporal::api::enums::v1::{CommandType, ParentClosePolicy};
use temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo;
use temporalio_common::protos::temporal::api::failure::v1::{ApplicationFailureInfo, Failure};
use temporalio_common::protos::temporal::api::protocol::v1::Message;
use temporalio_common::protos::temporal::api::taskqueue::v1::{
    StickyExecutionAttributes, TaskQueue,
};
use temporalio_common::protos::temporal::api::update::v1::{
    Acceptance, Input, Meta, Outcome, Rejection, Request, Response, outcome,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::RespondWorkflowTaskCompletedRequest;
use temporalio_common::protos::temporal::api::workflowservice::v1::respond_workflow_task_completed_request::Capabilities;

use super::world::{QUEUE, World, execution, text};
use crate::embedded::engine::complete::Completed;
use crate::embedded::engine::time::{Span, duration};
use crate::embedded::engine::{
    ActivityEnd, ActivityTarget, ActivityTask, Answer, Polled, QueueKey, QueueKind, Token,
    WorkflowTask,
};

pub(super) fn queue(name: &str, kind: QueueKind) -> QueueKey {
    QueueKey {
        namespace: super::world::NAMESPACE.to_owned(),
        name: name.to_owned(),
        kind,
    }
}

pub(super) fn by(in_process: bool) -> Polled {
    Polled {
        identity: "worker".to_owned(),
        build_id: String::new(),
        in_process,
    }
}

impl World {
    pub(super) fn poll(&mut self) -> Option<WorkflowTask> {
        self.poll_at(QUEUE)
    }

    pub(super) fn poll_at(&mut self, name: &str) -> Option<WorkflowTask> {
        let queue = queue(name, QueueKind::Workflow);
        self.apply(|engine, transaction| engine.poll_workflow(transaction, &queue, &by(false)))
    }

    pub(super) fn poll_activity(&mut self) -> Option<ActivityTask> {
        self.poll_activity_by(&by(false))
    }

    pub(super) fn poll_activity_by(&mut self, by: &Polled) -> Option<ActivityTask> {
        let queue = queue(QUEUE, QueueKind::Activity);
        self.apply(|engine, transaction| engine.poll_activity(transaction, &queue, by))
    }

    /// Takes the next workflow task and answers it with these commands.
    pub(super) fn work(&mut self, commands: Vec<Command>) -> Answer<Completed> {
        let task = self.poll().expect("there is no workflow task");
        self.complete(completion(&task, commands))
    }

    pub(super) fn complete(
        &mut self,
        request: RespondWorkflowTaskCompletedRequest,
    ) -> Answer<Completed> {
        self.apply(|engine, transaction| {
            engine.complete_workflow_task(transaction, &request, false)
        })
    }

    pub(super) fn end(&mut self, token: &Token, end: ActivityEnd) -> Answer<()> {
        let target = ActivityTarget::Token(token.clone());
        self.apply(|engine, transaction| engine.end_activity(transaction, &target, end, &by(false)))
    }
}

/// The answer to a task, of a worker that can do all that the SDK can.
pub(super) fn completion(
    task: &WorkflowTask,
    commands: Vec<Command>,
) -> RespondWorkflowTaskCompletedRequest {
    RespondWorkflowTaskCompletedRequest {
        task_token: task.token.bytes(),
        identity: "worker".to_owned(),
        commands,
        capabilities: Some(Capabilities {
            discard_speculative_workflow_task_with_events: true,
        }),
        ..Default::default()
    }
}

/// The same, and the run's next tasks are to go to this queue.
pub(super) fn sticky(
    mut request: RespondWorkflowTaskCompletedRequest,
    name: &str,
    timeout: Span,
) -> RespondWorkflowTaskCompletedRequest {
    request.sticky_attributes = Some(StickyExecutionAttributes {
        worker_task_queue: Some(TaskQueue {
            name: name.to_owned(),
            ..Default::default()
        }),
        schedule_to_start_timeout: Some(duration(timeout)),
    });
    request
}

pub(super) fn command(attributes: Attributes) -> Command {
    use Attributes as A;
    use CommandType as C;
    let kind = match &attributes {
        A::ScheduleActivityTaskCommandAttributes(_) => C::ScheduleActivityTask,
        A::RequestCancelActivityTaskCommandAttributes(_) => C::RequestCancelActivityTask,
        A::StartTimerCommandAttributes(_) => C::StartTimer,
        A::CancelTimerCommandAttributes(_) => C::CancelTimer,
        A::CompleteWorkflowExecutionCommandAttributes(_) => C::CompleteWorkflowExecution,
        A::FailWorkflowExecutionCommandAttributes(_) => C::FailWorkflowExecution,
        A::CancelWorkflowExecutionCommandAttributes(_) => C::CancelWorkflowExecution,
        A::ContinueAsNewWorkflowExecutionCommandAttributes(_) => C::ContinueAsNewWorkflowExecution,
        A::StartChildWorkflowExecutionCommandAttributes(_) => C::StartChildWorkflowExecution,
        A::SignalExternalWorkflowExecutionCommandAttributes(_) => {
            C::SignalExternalWorkflowExecution
        }
        A::RequestCancelExternalWorkflowExecutionCommandAttributes(_) => {
            C::RequestCancelExternalWorkflowExecution
        }
        A::UpsertWorkflowSearchAttributesCommandAttributes(_) => C::UpsertWorkflowSearchAttributes,
        A::RecordMarkerCommandAttributes(_) => C::RecordMarker,
        A::ModifyWorkflowPropertiesCommandAttributes(_) => C::ModifyWorkflowProperties,
        A::ProtocolMessageCommandAttributes(_) => C::ProtocolMessage,
        A::ScheduleNexusOperationCommandAttributes(_) => C::ScheduleNexusOperation,
        A::RequestCancelNexusOperationCommandAttributes(_) => C::RequestCancelNexusOperation,
    };
    Command {
        command_type: kind as i32,
        attributes: Some(attributes),
        ..Default::default()
    }
}

/// An activity with a minute for each attempt.
pub(super) fn activity(
    id: &str,
    change: impl FnOnce(&mut ScheduleActivityTaskCommandAttributes),
) -> Command {
    let mut attributes = ScheduleActivityTaskCommandAttributes {
        activity_id: id.to_owned(),
        activity_type: Some(ActivityType {
            name: "do".to_owned(),
        }),
        start_to_close_timeout: Some(duration(60_000_000_000)),
        ..Default::default()
    };
    change(&mut attributes);
    command(Attributes::ScheduleActivityTaskCommandAttributes(
        attributes,
    ))
}

pub(super) fn cancel_activity(scheduled_event_id: i64) -> Command {
    command(Attributes::RequestCancelActivityTaskCommandAttributes(
        RequestCancelActivityTaskCommandAttributes { scheduled_event_id },
    ))
}

pub(super) fn timer(id: &str, length: Span) -> Command {
    command(Attributes::StartTimerCommandAttributes(
        StartTimerCommandAttributes {
            timer_id: id.to_owned(),
            start_to_fire_timeout: Some(duration(length)),
        },
    ))
}

pub(super) fn cancel_timer(id: &str) -> Command {
    command(Attributes::CancelTimerCommandAttributes(
        CancelTimerCommandAttributes {
            timer_id: id.to_owned(),
        },
    ))
}

pub(super) fn child(workflow_type: &str, id: &str, policy: ParentClosePolicy) -> Command {
    command(Attributes::StartChildWorkflowExecutionCommandAttributes(
        StartChildWorkflowExecutionCommandAttributes {
            workflow_id: id.to_owned(),
            workflow_type: Some(WorkflowType {
                name: workflow_type.to_owned(),
            }),
            parent_close_policy: policy as i32,
            ..Default::default()
        },
    ))
}

pub(super) fn tell(workflow_id: &str, name: &str) -> Command {
    command(
        Attributes::SignalExternalWorkflowExecutionCommandAttributes(
            SignalExternalWorkflowExecutionCommandAttributes {
                execution: Some(execution(workflow_id)),
                signal_name: name.to_owned(),
                ..Default::default()
            },
        ),
    )
}

pub(super) fn complete(result: &str) -> Command {
    command(Attributes::CompleteWorkflowExecutionCommandAttributes(
        CompleteWorkflowExecutionCommandAttributes {
            result: text(result),
        },
    ))
}

pub(super) fn fail() -> Command {
    command(Attributes::FailWorkflowExecutionCommandAttributes(
        FailWorkflowExecutionCommandAttributes {
            failure: Some(failure("broken", false)),
        },
    ))
}

pub(super) fn continue_as_new(input: &str) -> Command {
    command(Attributes::ContinueAsNewWorkflowExecutionCommandAttributes(
        ContinueAsNewWorkflowExecutionCommandAttributes {
            input: text(input),
            ..Default::default()
        },
    ))
}

/// A failure of this type.
pub(super) fn failure(kind: &str, non_retryable: bool) -> Failure {
    Failure {
        message: kind.to_owned(),
        failure_info: Some(FailureInfo::ApplicationFailureInfo(
            ApplicationFailureInfo {
                r#type: kind.to_owned(),
                non_retryable,
                ..Default::default()
            },
        )),
        ..Default::default()
    }
}

/// What a client asks with an update.
pub(super) fn update(id: &str, name: &str) -> Request {
    Request {
        meta: Some(Meta {
            update_id: id.to_owned(),
            identity: "client".to_owned(),
        }),
        input: Some(Input {
            name: name.to_owned(),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// The command that puts a message in its place among the others.
pub(super) fn place(message: &Message) -> Command {
    command(Attributes::ProtocolMessageCommandAttributes(
        ProtocolMessageCommandAttributes {
            message_id: message.id.clone(),
        },
    ))
}

pub(super) fn accept(update_id: &str) -> Message {
    let body = Acceptance {
        accepted_request_message_id: format!("{update_id}/request"),
        ..Default::default()
    };
    message(update_id, "Acceptance", body.encode_to_vec())
}

pub(super) fn respond(update_id: &str, result: &str) -> Message {
    let body = Response {
        meta: Some(Meta {
            update_id: update_id.to_owned(),
            ..Default::default()
        }),
        outcome: Some(Outcome {
            value: text(result).map(outcome::Value::Success),
        }),
    };
    message(update_id, "Response", body.encode_to_vec())
}

pub(super) fn reject(update_id: &str) -> Message {
    let body = Rejection {
        failure: Some(failure("Rejected", true)),
        ..Default::default()
    };
    message(update_id, "Rejection", body.encode_to_vec())
}

fn message(update_id: &str, kind: &str, value: Vec<u8>) -> Message {
    Message {
        id: format!("{update_id}/{kind}"),
        protocol_instance_id: update_id.to_owned(),
        body: Some(Any {
            type_url: format!("type.googleapis.com/temporal.api.update.v1.{kind}"),
            value,
        }),
        ..Default::default()
    }
}
