//! Whether the commands of a task can all be done, seen before any is: a task is done whole
//! or fails whole.

use std::collections::{BTreeMap, BTreeSet};

use temporalio_common::protos::temporal::api::command::v1::command::Attributes;
use temporalio_common::protos::temporal::api::command::v1::{
    ContinueAsNewWorkflowExecutionCommandAttributes, ScheduleActivityTaskCommandAttributes,
    StartChildWorkflowExecutionCommandAttributes,
};
use temporalio_common::protos::temporal::api::common::v1::{
    RetryPolicy, SearchAttributes, WorkflowExecution,
};
use temporalio_common::protos::temporal::api::enums::v1::{
    CommandType, WorkflowTaskFailedCause as Cause,
};
use temporalio_common::protos::temporal::api::protocol::v1::Message;
use temporalio_common::protos::temporal::api::workflowservice::v1::RespondWorkflowTaskCompletedRequest;

use crate::embedded::engine::Stage;
use crate::embedded::engine::error::Refusal;
use crate::embedded::engine::namespaces::Namespaces;
use crate::embedded::engine::retry;
use crate::embedded::engine::run::Run;
use crate::embedded::engine::start::too_long;
use crate::embedded::engine::time::span;

/// A run has no more of each than this.
const MOST_PENDING: usize = 2_000;

/// Why a task fails.
type Wrong = (Cause, String);

/// Holds a task's commands against the run that they are for.
pub(in crate::embedded::engine) fn check(
    run: &Run,
    request: &RespondWorkflowTaskCompletedRequest,
    namespaces: &Namespaces,
) -> Result<(), Wrong> {
    let mut seen = Seen::of(run);
    for command in &request.commands {
        let Some(attributes) = &command.attributes else {
            return Err(without_attributes(command.command_type()));
        };
        if seen.closed {
            return Ok(());
        }
        seen.check(run, attributes, request, namespaces)?;
    }
    Ok(())
}

/// What the run has, and will have after the commands so far.
struct Seen<'a> {
    timers: BTreeSet<&'a str>,
    activities: BTreeSet<&'a str>,
    /// Scheduled events of activities that are asked to end.
    cancelled: BTreeSet<i64>,
    pending_activities: usize,
    pending_children: usize,
    /// How far those updates will have come that the task has messages about.
    updates: BTreeMap<String, Stage>,
    closed: bool,
}

impl<'a> Seen<'a> {
    fn of(run: &'a Run) -> Self {
        let timers = run.timers.values().map(|timer| timer.timer_id.as_str());
        let activities = run
            .activities
            .values()
            .map(|activity| activity.activity_id.as_str());
        Self {
            timers: timers.collect(),
            activities: activities.collect(),
            cancelled: BTreeSet::new(),
            pending_activities: run.activities.len(),
            pending_children: run.children.len(),
            updates: BTreeMap::new(),
            closed: false,
        }
    }

    fn check(
        &mut self,
        run: &'a Run,
        attributes: &'a Attributes,
        request: &RespondWorkflowTaskCompletedRequest,
        namespaces: &Namespaces,
    ) -> Result<(), Wrong> {
        use Attributes as A;
        match attributes {
            A::ScheduleActivityTaskCommandAttributes(command) => self.activity(command),
            A::RequestCancelActivityTaskCommandAttributes(command) => {
                let id = command.scheduled_event_id;
                let pending = run.activities.get(&id);
                // One that has just ended may be asked to: the workflow does not know yet.
                let right = self.cancelled.insert(id)
                    && pending.map_or_else(
                        || has_ended(run, id),
                        |activity| activity.cancel_requested_event_id == 0,
                    );
                wrong_unless(right, Cause::BadRequestCancelActivityAttributes, || {
                    no_such(
                        "activitytask-cancel-requested",
                        &format!("ScheduledEventID: {id}"),
                    )
                })
            }
            A::StartTimerCommandAttributes(command) => {
                let cause = Cause::BadStartTimerAttributes;
                wrong_unless(!command.timer_id.is_empty(), cause, || {
                    "TimerId is not set on StartTimerCommand.".to_owned()
                })?;
                short(cause, "TimerId", &command.timer_id)?;
                let length = command.start_to_fire_timeout.unwrap_or_default();
                wrong_unless(length.seconds >= 0 && length.nanos >= 0, cause, || {
                    format!("Invalid StartToFireTimeout. TimerId={}", command.timer_id)
                })?;
                let new = self.timers.insert(&command.timer_id);
                wrong_unless(new, Cause::StartTimerDuplicateId, || {
                    no_such("timer-started", &format!("TimerID: {}", command.timer_id))
                })
            }
            A::CancelTimerCommandAttributes(command) => {
                let cause = Cause::BadCancelTimerAttributes;
                wrong_unless(!command.timer_id.is_empty(), cause, || {
                    "TimerId is not set on CancelTimerCommand.".to_owned()
                })?;
                let known = self.timers.remove(command.timer_id.as_str())
                    || has_fired(run, &command.timer_id);
                wrong_unless(known, cause, || {
                    no_such("timer-canceled", &format!("TimerID: {}", command.timer_id))
                })
            }
            A::CompleteWorkflowExecutionCommandAttributes(_)
            | A::FailWorkflowExecutionCommandAttributes(_)
            | A::CancelWorkflowExecutionCommandAttributes(_) => self.end(run),
            A::ContinueAsNewWorkflowExecutionCommandAttributes(command) => {
                self.end(run)?;
                continue_as_new(run, command, namespaces)
            }
            A::RequestCancelExternalWorkflowExecutionCommandAttributes(command) => {
                let target = WorkflowExecution {
                    workflow_id: command.workflow_id.clone(),
                    run_id: command.run_id.clone(),
                };
                let cause = Cause::BadRequestCancelExternalWorkflowExecutionAttributes;
                target_named(
                    cause,
                    "RequestCancelExternalWorkflowExecutionCommand",
                    &target,
                )
            }
            A::SignalExternalWorkflowExecutionCommandAttributes(command) => {
                let cause = Cause::BadSignalWorkflowExecutionAttributes;
                let target = command.execution.clone().unwrap_or_default();
                wrong_unless(!target.workflow_id.is_empty(), cause, || {
                    format!(
                        "WorkflowId is not set on SignalExternalWorkflowExecutionCommand. \
                         Namespace= RunId={} SignalName={}",
                        target.run_id, command.signal_name
                    )
                })?;
                target_named(cause, "SignalExternalWorkflowExecutionCommand", &target)?;
                wrong_unless(!command.signal_name.is_empty(), cause, || {
                    "SignalName is not set on SignalExternalWorkflowExecutionCommand.".to_owned()
                })
            }
            A::RecordMarkerCommandAttributes(command) => {
                let cause = Cause::BadRecordMarkerAttributes;
                wrong_unless(!command.marker_name.is_empty(), cause, || {
                    "MarkerName is not set on RecordMarkerCommand.".to_owned()
                })
            }
            A::StartChildWorkflowExecutionCommandAttributes(command) => {
                self.child(run, command, namespaces)
            }
            A::UpsertWorkflowSearchAttributesCommandAttributes(command) => {
                let cause = Cause::BadSearchAttributes;
                let Some(given) = &command.search_attributes else {
                    return Err((
                        cause,
                        "SearchAttributes is not set on UpsertWorkflowSearchAttributesCommand."
                            .to_owned(),
                    ));
                };
                known_attributes(cause, &run.row.namespace, given, namespaces)
            }
            A::ModifyWorkflowPropertiesCommandAttributes(command) => {
                let cause = Cause::BadModifyWorkflowPropertiesAttributes;
                wrong_unless(command.upserted_memo.is_some(), cause, || {
                    "UpsertedMemo is not set on ModifyWorkflowPropertiesCommand.".to_owned()
                })
            }
            A::ProtocolMessageCommandAttributes(command) => {
                let cause = Cause::BadUpdateWorkflowExecutionMessage;
                let named = |message: &&Message| message.id == command.message_id;
                let message = request.messages.iter().find(named).ok_or_else(|| {
                    let id = &command.message_id;
                    (
                        cause,
                        format!("ProtocolMessageCommand referenced absent message ID {id}"),
                    )
                })?;
                run.check_message(message, &mut self.updates)
                    .map_err(|text| (cause, text))
            }
            A::ScheduleNexusOperationCommandAttributes(_)
            | A::RequestCancelNexusOperationCommandAttributes(_) => Err((
                Cause::FeatureDisabled,
                "this engine has no Nexus; use a Temporal server".to_owned(),
            )),
        }
    }

    /// A run does not end over the head of what it has not seen.
    fn end(&mut self, run: &Run) -> Result<(), Wrong> {
        wrong_unless(run.buffered.is_empty(), Cause::UnhandledCommand, || {
            "there are events that the workflow has not seen".to_owned()
        })?;
        self.closed = true;
        Ok(())
    }

    fn activity(
        &mut self,
        command: &'a ScheduleActivityTaskCommandAttributes,
    ) -> Result<(), Wrong> {
        let cause = Cause::BadScheduleActivityAttributes;
        wrong_unless(!command.activity_id.is_empty(), cause, || {
            "ActivityId is not set on ScheduleActivityTaskCommand.".to_owned()
        })?;
        let activity_type = command.activity_type.clone().unwrap_or_default().name;
        wrong_unless(!activity_type.is_empty(), cause, || {
            format!(
                "ActivityType is not set on ScheduleActivityTaskCommand. ActivityID={}",
                command.activity_id
            )
        })?;
        short(cause, "ActivityId", &command.activity_id)?;
        short(cause, "ActivityType", &activity_type)?;
        policy(cause, command.retry_policy.as_ref())?;
        let limited = span(command.schedule_to_close_timeout.as_ref()) > 0
            || span(command.start_to_close_timeout.as_ref()) > 0;
        wrong_unless(limited, cause, || {
            format!(
                "A valid StartToClose or ScheduleToCloseTimeout is not set on \
                 ScheduleActivityTaskCommand. ActivityId={} ActivityType={activity_type}",
                command.activity_id
            )
        })?;
        let new = self.activities.insert(&command.activity_id);
        wrong_unless(new, Cause::ScheduleActivityDuplicateId, || {
            no_such(
                "activitytask-scheduled",
                &format!("ActivityID: {}", command.activity_id),
            )
        })?;
        self.pending_activities += 1;
        wrong_unless(
            self.pending_activities <= MOST_PENDING,
            Cause::PendingActivitiesLimitExceeded,
            || format!("the number of pending activities exceeds {MOST_PENDING}"),
        )
    }

    fn child(
        &mut self,
        run: &Run,
        command: &StartChildWorkflowExecutionCommandAttributes,
        namespaces: &Namespaces,
    ) -> Result<(), Wrong> {
        let cause = Cause::BadStartChildExecutionAttributes;
        let workflow_type = command.workflow_type.clone().unwrap_or_default().name;
        wrong_unless(!command.workflow_id.is_empty(), cause, || {
            format!(
                "Required field WorkflowId is not set on StartChildWorkflowExecutionCommand. \
                 WorkflowType={workflow_type} Namespace={}",
                run.row.namespace
            )
        })?;
        wrong_unless(!workflow_type.is_empty(), cause, || {
            "Required field WorkflowType is not set on StartChildWorkflowExecutionCommand."
                .to_owned()
        })?;
        short(cause, "WorkflowId", &command.workflow_id)?;
        short(cause, "WorkflowType", &workflow_type)?;
        policy(cause, command.retry_policy.as_ref())?;
        wrong_unless(command.cron_schedule.is_empty(), cause, || {
            "this engine runs no cron schedules; use timers, or a Temporal server".to_owned()
        })?;
        if let Some(given) = &command.search_attributes {
            known_attributes(
                Cause::BadSearchAttributes,
                &run.row.namespace,
                given,
                namespaces,
            )?;
        }
        self.pending_children += 1;
        wrong_unless(
            self.pending_children <= MOST_PENDING,
            Cause::PendingChildWorkflowsLimitExceeded,
            || format!("the number of pending child workflows exceeds {MOST_PENDING}"),
        )
    }
}

fn continue_as_new(
    run: &Run,
    command: &ContinueAsNewWorkflowExecutionCommandAttributes,
    namespaces: &Namespaces,
) -> Result<(), Wrong> {
    let cause = Cause::BadContinueAsNewAttributes;
    let workflow_type = command.workflow_type.clone().unwrap_or_default().name;
    short(cause, "WorkflowType", &workflow_type)?;
    policy(cause, command.retry_policy.as_ref())?;
    wrong_unless(command.cron_schedule.is_empty(), cause, || {
        "this engine runs no cron schedules; use timers, or a Temporal server".to_owned()
    })?;
    match &command.search_attributes {
        Some(given) => known_attributes(cause, &run.row.namespace, given, namespaces),
        None => Ok(()),
    }
}

fn known_attributes(
    cause: Cause,
    namespace: &str,
    given: &SearchAttributes,
    namespaces: &Namespaces,
) -> Result<(), Wrong> {
    namespaces
        .check_attributes(namespace, &mut given.clone())
        .map_err(|refusal| (cause, refusal.message))
}

fn target_named(cause: Cause, command: &str, target: &WorkflowExecution) -> Result<(), Wrong> {
    wrong_unless(!target.workflow_id.is_empty(), cause, || {
        format!("WorkflowId is not set on {command}.")
    })?;
    short(cause, "WorkflowId", &target.workflow_id)?;
    let valid = target.run_id.is_empty() || uuid::Uuid::parse_str(&target.run_id).is_ok();
    wrong_unless(valid, cause, || {
        format!(
            "Invalid RunId set on {command}. WorkflowId={}",
            target.workflow_id
        )
    })
}

fn policy(cause: Cause, policy: Option<&RetryPolicy>) -> Result<(), Wrong> {
    retry::check(policy).map_err(|Refusal { message, .. }| (cause, message))
}

fn short(cause: Cause, what: &str, name: &str) -> Result<(), Wrong> {
    too_long(what, name).map_err(|Refusal { message, .. }| (cause, message))
}

/// What Temporal says of a command about something that is not there, or is there already.
fn no_such(event: &str, what: &str) -> String {
    format!("invalid history builder state for action: add-{event}-event, {what}")
}

/// A command that says nothing.
fn without_attributes(kind: CommandType) -> Wrong {
    use CommandType as C;
    let (cause, name) = match kind {
        C::ScheduleActivityTask => (Cause::BadScheduleActivityAttributes, "ScheduleActivityTask"),
        C::RequestCancelActivityTask => (
            Cause::BadRequestCancelActivityAttributes,
            "RequestCancelActivityTask",
        ),
        C::StartTimer => (Cause::BadStartTimerAttributes, "StartTimer"),
        C::CompleteWorkflowExecution => (
            Cause::BadCompleteWorkflowExecutionAttributes,
            "CompleteWorkflowExecution",
        ),
        C::FailWorkflowExecution => (
            Cause::BadFailWorkflowExecutionAttributes,
            "FailWorkflowExecution",
        ),
        C::CancelTimer => (Cause::BadCancelTimerAttributes, "CancelTimer"),
        C::CancelWorkflowExecution => (
            Cause::BadCancelWorkflowExecutionAttributes,
            "CancelWorkflowExecution",
        ),
        C::RequestCancelExternalWorkflowExecution => (
            Cause::BadRequestCancelExternalWorkflowExecutionAttributes,
            "RequestCancelExternalWorkflowExecution",
        ),
        C::RecordMarker => (Cause::BadRecordMarkerAttributes, "RecordMarker"),
        C::ContinueAsNewWorkflowExecution => (
            Cause::BadContinueAsNewAttributes,
            "ContinueAsNewWorkflowExecution",
        ),
        C::StartChildWorkflowExecution => (
            Cause::BadStartChildExecutionAttributes,
            "StartChildWorkflowExecution",
        ),
        C::SignalExternalWorkflowExecution => (
            Cause::BadSignalWorkflowExecutionAttributes,
            "SignalExternalWorkflowExecution",
        ),
        C::UpsertWorkflowSearchAttributes => {
            (Cause::BadSearchAttributes, "UpsertWorkflowSearchAttributes")
        }
        C::ModifyWorkflowProperties => (
            Cause::BadModifyWorkflowPropertiesAttributes,
            "ModifyWorkflowProperties",
        ),
        C::ProtocolMessage => (Cause::BadUpdateWorkflowExecutionMessage, "ProtocolMessage"),
        C::Unspecified | C::ScheduleNexusOperation | C::RequestCancelNexusOperation => {
            (Cause::FeatureDisabled, "Nexus")
        }
    };
    (
        cause,
        format!("{name}CommandAttributes is not set on {name}Command."),
    )
}

/// Whether the end of an activity is among what the workflow has not seen.
fn has_ended(run: &Run, scheduled_event_id: i64) -> bool {
    use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes as Event;
    run.buffered.values().any(|event| {
        let of = match &event.attributes {
            Some(Event::ActivityTaskCompletedEventAttributes(end)) => end.scheduled_event_id,
            Some(Event::ActivityTaskFailedEventAttributes(end)) => end.scheduled_event_id,
            Some(Event::ActivityTaskTimedOutEventAttributes(end)) => end.scheduled_event_id,
            Some(Event::ActivityTaskCanceledEventAttributes(end)) => end.scheduled_event_id,
            _ => return false,
        };
        of == scheduled_event_id
    })
}

fn has_fired(run: &Run, timer_id: &str) -> bool {
    use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes as Event;
    run.buffered.values().any(|event| {
        matches!(&event.attributes, Some(Event::TimerFiredEventAttributes(fired)) if fired.timer_id == timer_id)
    })
}

fn wrong_unless(right: bool, cause: Cause, text: impl FnOnce() -> String) -> Result<(), Wrong> {
    if right { Ok(()) } else { Err((cause, text())) }
}
