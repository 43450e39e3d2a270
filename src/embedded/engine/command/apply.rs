//! Doing a task's commands, one by one, within their own run. All of them have been checked.

use temporalio_common::protos::temporal::api::command::v1::command::Attributes as Command;
use temporalio_common::protos::temporal::api::command::v1::{
    self as api, RecordMarkerCommandAttributes, ScheduleActivityTaskCommandAttributes,
    SignalExternalWorkflowExecutionCommandAttributes, StartChildWorkflowExecutionCommandAttributes,
    StartTimerCommandAttributes,
};
use temporalio_common::protos::temporal::api::common::v1::{
    Memo, Payload, SearchAttributes, WorkflowExecution,
};
use temporalio_common::protos::temporal::api::enums::v1::{
    ParentClosePolicy, WorkflowIdConflictPolicy, WorkflowIdReusePolicy,
};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes as Event;
use temporalio_common::protos::temporal::api::history::v1::{
    ActivityTaskCancelRequestedEventAttributes, ActivityTaskScheduledEventAttributes,
    MarkerRecordedEventAttributes, RequestCancelExternalWorkflowExecutionInitiatedEventAttributes,
    SignalExternalWorkflowExecutionInitiatedEventAttributes,
    StartChildWorkflowExecutionInitiatedEventAttributes, TimerCanceledEventAttributes,
    TimerStartedEventAttributes, UpsertWorkflowSearchAttributesEventAttributes,
    WorkflowPropertiesModifiedEventAttributes,
};

use super::{Applied, Other};
use crate::embedded::engine::error::Answer;
use crate::embedded::engine::retry;
use crate::embedded::engine::run::Run;
use crate::embedded::engine::start::{Conflict, NewRun};
use crate::embedded::engine::state::{Activity, Child, Parent, Timer};
use crate::embedded::engine::task::queue_of;
use crate::embedded::engine::time::{Span, Time, duration, seconds, shorter, span};
use crate::embedded::engine::{Engine, Transaction};
use crate::embedded::store::RunKey;

impl Engine {
    /// Does one command.
    pub(in crate::embedded::engine) fn apply(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        attributes: Command,
        command: &api::Command,
        applied: &mut Applied,
    ) -> Answer<()> {
        let now = transaction.now;
        let namespace = self.run_mut(key)?.row.namespace.clone();
        let namespace_id = self.namespaces.id(&namespace);
        let run = self.run_mut(key)?;
        match attributes {
            Command::ScheduleActivityTaskCommandAttributes(command_attributes) => {
                run.schedule_activity(now, command_attributes, command, applied);
            }
            Command::RequestCancelActivityTaskCommandAttributes(command) => {
                run.request_cancel_activity(now, command.scheduled_event_id, applied);
            }
            Command::StartTimerCommandAttributes(timer) => {
                run.start_timer(now, timer, command, applied);
            }
            Command::CancelTimerCommandAttributes(timer) => {
                run.cancel_timer(now, &timer.timer_id, applied);
            }
            Command::RecordMarkerCommandAttributes(marker) => {
                run.record_marker(now, marker, command, applied);
            }
            Command::UpsertWorkflowSearchAttributesCommandAttributes(upsert) => {
                let mut given = upsert.search_attributes.unwrap_or_default();
                let namespace = run.row.namespace.clone();
                self.namespaces.check_attributes(&namespace, &mut given)?;
                self.run_mut(key)?.upsert_attributes(now, given, applied);
            }
            Command::ModifyWorkflowPropertiesCommandAttributes(modify) => {
                run.upsert_memo(now, modify.upserted_memo.unwrap_or_default(), applied);
            }
            Command::StartChildWorkflowExecutionCommandAttributes(child) => {
                run.initiate_child(now, child, command, applied, namespace_id);
            }
            Command::SignalExternalWorkflowExecutionCommandAttributes(signal) => {
                run.initiate_signal(now, signal, command, applied, namespace_id);
            }
            Command::RequestCancelExternalWorkflowExecutionCommandAttributes(cancel) => {
                let target = WorkflowExecution {
                    workflow_id: cancel.workflow_id,
                    run_id: cancel.run_id,
                };
                let (child_only, reason) = (cancel.child_workflow_only, cancel.reason);
                #[expect(deprecated, reason = "the history shows what workers send")]
                let namespace = cancel.namespace;
                let event = RequestCancelExternalWorkflowExecutionInitiatedEventAttributes {
                    workflow_task_completed_event_id: applied.completed_id,
                    namespace,
                    namespace_id,
                    workflow_execution: Some(target.clone()),
                    child_workflow_only: child_only,
                    reason: reason.clone(),
                    ..Default::default()
                };
                let event =
                    Event::RequestCancelExternalWorkflowExecutionInitiatedEventAttributes(event);
                let initiated_id = run.append(now, event);
                applied.others.push(Other::Cancel {
                    initiated_id,
                    target,
                    child_only,
                    reason,
                });
            }
            Command::CompleteWorkflowExecutionCommandAttributes(_)
            | Command::FailWorkflowExecutionCommandAttributes(_)
            | Command::CancelWorkflowExecutionCommandAttributes(_)
            | Command::ContinueAsNewWorkflowExecutionCommandAttributes(_) => {
                self.apply_end(transaction, key, attributes, applied)?;
            }
            // Messages are done by the caller, and the rest does not pass the check.
            Command::ProtocolMessageCommandAttributes(_)
            | Command::ScheduleNexusOperationCommandAttributes(_)
            | Command::RequestCancelNexusOperationCommandAttributes(_) => {}
        }
        Ok(())
    }
}

/// The time-outs of an activity, each filled in from the others as Temporal does.
struct Limits {
    schedule_to_close: Span,
    schedule_to_start: Span,
    start_to_close: Span,
    heartbeat: Span,
}

impl Limits {
    fn of(command: &ScheduleActivityTaskCommandAttributes, run_timeout: Span) -> Self {
        let schedule_to_close = span(command.schedule_to_close_timeout.as_ref());
        let schedule_to_start = span(command.schedule_to_start_timeout.as_ref());
        let start_to_close = span(command.start_to_close_timeout.as_ref());
        let whole = if schedule_to_close == 0 {
            run_timeout
        } else {
            shorter(schedule_to_close, run_timeout)
        };
        let start_to_close = shorter(start_to_close, whole);
        Self {
            schedule_to_close: whole,
            schedule_to_start: shorter(schedule_to_start, whole),
            start_to_close,
            heartbeat: shorter_if_given(span(command.heartbeat_timeout.as_ref()), start_to_close),
        }
    }
}

fn shorter_if_given(given: Span, limit: Span) -> Span {
    if given == 0 { 0 } else { shorter(given, limit) }
}

impl Run {
    fn schedule_activity(
        &mut self,
        now: Time,
        attributes: ScheduleActivityTaskCommandAttributes,
        command: &api::Command,
        applied: &mut Applied,
    ) {
        let limits = Limits::of(&attributes, self.state.run_timeout);
        let policy = retry::filled(attributes.retry_policy);
        let queue = match attributes.task_queue.map(|queue| queue.name) {
            Some(name) if !name.is_empty() => name,
            _ => self.row.task_queue.clone(),
        };
        let activity_type = attributes.activity_type.clone().unwrap_or_default().name;
        let eager = attributes.request_eager_execution;
        let event = ActivityTaskScheduledEventAttributes {
            activity_id: attributes.activity_id.clone(),
            activity_type: attributes.activity_type,
            task_queue: Some(queue_of(&queue, "")),
            header: attributes.header,
            input: attributes.input,
            schedule_to_close_timeout: Some(duration(limits.schedule_to_close)),
            schedule_to_start_timeout: Some(duration(limits.schedule_to_start)),
            start_to_close_timeout: Some(duration(limits.start_to_close)),
            heartbeat_timeout: Some(duration(limits.heartbeat)),
            workflow_task_completed_event_id: applied.completed_id,
            retry_policy: Some(policy.clone()),
            priority: attributes.priority,
            #[expect(deprecated, reason = "the history shows what workers send")]
            use_workflow_build_id: attributes.use_workflow_build_id,
        };
        let event_id = self.append_with(
            now,
            Event::ActivityTaskScheduledEventAttributes(event),
            command.user_metadata.clone(),
        );
        let stamp = self.stamp();
        let activity = Activity {
            activity_id: attributes.activity_id,
            activity_type,
            task_queue: queue,
            schedule_to_close: limits.schedule_to_close,
            schedule_to_start: limits.schedule_to_start,
            start_to_close: limits.start_to_close,
            heartbeat: limits.heartbeat,
            retry_policy: Some(policy),
            attempt: 1,
            stamp,
            scheduled_time: now,
            attempt_time: now,
            ..Activity::default()
        };
        self.activities.insert(event_id, activity);
        self.touch_activity(event_id);
        if eager {
            applied.eager.push(event_id);
        }
    }

    fn request_cancel_activity(&mut self, now: Time, event_id: i64, applied: &mut Applied) {
        let event = ActivityTaskCancelRequestedEventAttributes {
            scheduled_event_id: event_id,
            workflow_task_completed_event_id: applied.completed_id,
        };
        let requested = self.append(
            now,
            Event::ActivityTaskCancelRequestedEventAttributes(event),
        );
        let Some(activity) = self.activities.get_mut(&event_id) else {
            // It has ended, and the workflow will hear of that next.
            return;
        };
        activity.cancel_requested_event_id = requested;
        let waits = activity.started_time == 0;
        self.touch_activity(event_id);
        if waits {
            self.cancel_waiting_activity(now, event_id, &applied.identity);
            applied.needs_task = true;
        }
    }

    fn start_timer(
        &mut self,
        now: Time,
        timer: StartTimerCommandAttributes,
        command: &api::Command,
        applied: &Applied,
    ) {
        let length = span(timer.start_to_fire_timeout.as_ref());
        let event = TimerStartedEventAttributes {
            timer_id: timer.timer_id.clone(),
            start_to_fire_timeout: timer.start_to_fire_timeout,
            workflow_task_completed_event_id: applied.completed_id,
        };
        let event_id = self.append_with(
            now,
            Event::TimerStartedEventAttributes(event),
            command.user_metadata.clone(),
        );
        let timer = Timer {
            timer_id: timer.timer_id,
            due: now.saturating_add(length),
        };
        self.timers.insert(event_id, timer);
        self.touch_timer(event_id);
    }

    fn cancel_timer(&mut self, now: Time, timer_id: &str, applied: &Applied) {
        let running = self
            .timers
            .iter()
            .find(|(_, timer)| timer.timer_id == timer_id)
            .map(|(event_id, _)| *event_id);
        if let Some(event_id) = running {
            self.timers.remove(&event_id);
            self.touch_timer(event_id);
        }
        let Some(started_event_id) = running.or_else(|| self.unfire(timer_id)) else {
            return;
        };
        let event = TimerCanceledEventAttributes {
            timer_id: timer_id.to_owned(),
            started_event_id,
            workflow_task_completed_event_id: applied.completed_id,
            identity: applied.identity.clone(),
        };
        self.append(now, Event::TimerCanceledEventAttributes(event));
    }

    fn record_marker(
        &mut self,
        now: Time,
        marker: RecordMarkerCommandAttributes,
        command: &api::Command,
        applied: &Applied,
    ) {
        let event = MarkerRecordedEventAttributes {
            marker_name: marker.marker_name,
            details: marker.details,
            workflow_task_completed_event_id: applied.completed_id,
            header: marker.header,
            failure: marker.failure,
        };
        self.append_with(
            now,
            Event::MarkerRecordedEventAttributes(event),
            command.user_metadata.clone(),
        );
    }

    fn upsert_attributes(&mut self, now: Time, given: SearchAttributes, applied: &Applied) {
        let event = UpsertWorkflowSearchAttributesEventAttributes {
            workflow_task_completed_event_id: applied.completed_id,
            search_attributes: Some(given.clone()),
        };
        self.append(
            now,
            Event::UpsertWorkflowSearchAttributesEventAttributes(event),
        );
        let mine = self.state.search_attributes.get_or_insert_default();
        for (name, payload) in given.indexed_fields {
            if is_null(&payload) {
                mine.indexed_fields.remove(&name);
            } else {
                mine.indexed_fields.insert(name, payload);
            }
        }
        self.touch_attributes();
    }

    fn upsert_memo(&mut self, now: Time, given: Memo, applied: &Applied) {
        let event = WorkflowPropertiesModifiedEventAttributes {
            workflow_task_completed_event_id: applied.completed_id,
            upserted_memo: Some(given.clone()),
        };
        self.append(now, Event::WorkflowPropertiesModifiedEventAttributes(event));
        let mine = self.state.memo.get_or_insert_default();
        for (name, payload) in given.fields {
            if is_null(&payload) {
                mine.fields.remove(&name);
            } else {
                mine.fields.insert(name, payload);
            }
        }
    }

    fn initiate_child(
        &mut self,
        now: Time,
        child: StartChildWorkflowExecutionCommandAttributes,
        command: &api::Command,
        applied: &mut Applied,
        namespace_id: String,
    ) {
        let policy = match ParentClosePolicy::try_from(child.parent_close_policy) {
            Ok(ParentClosePolicy::Unspecified) | Err(_) => ParentClosePolicy::Terminate,
            Ok(given) => given,
        };
        let queue = match child.task_queue.as_ref().map(|queue| queue.name.as_str()) {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => self.row.task_queue.clone(),
        };
        let reuse = match child.workflow_id_reuse_policy {
            0 => WorkflowIdReusePolicy::AllowDuplicate as i32,
            given => given,
        };
        let workflow_type = child.workflow_type.clone().unwrap_or_default().name;
        let task_timeout = match span(child.workflow_task_timeout.as_ref()) {
            0 => seconds(10),
            given => given,
        };
        let run_timeout = shorter(
            span(child.workflow_run_timeout.as_ref()),
            span(child.workflow_execution_timeout.as_ref()),
        );
        let task_timeout = shorter(task_timeout, run_timeout);
        let retry_policy = child.retry_policy.map(|policy| retry::filled(Some(policy)));
        let event = StartChildWorkflowExecutionInitiatedEventAttributes {
            namespace: self.row.namespace.clone(),
            namespace_id,
            workflow_id: child.workflow_id.clone(),
            workflow_type: child.workflow_type,
            task_queue: Some(queue_of(&queue, "")),
            input: child.input.clone(),
            workflow_execution_timeout: Some(duration(span(
                child.workflow_execution_timeout.as_ref(),
            ))),
            workflow_run_timeout: Some(duration(run_timeout)),
            workflow_task_timeout: Some(duration(task_timeout)),
            parent_close_policy: policy as i32,
            workflow_task_completed_event_id: applied.completed_id,
            workflow_id_reuse_policy: reuse,
            retry_policy: retry_policy.clone(),
            header: child.header.clone(),
            memo: child.memo.clone(),
            search_attributes: child.search_attributes.clone(),
            priority: child.priority.clone(),
            #[expect(deprecated, reason = "the history shows what workers send")]
            inherit_build_id: child.inherit_build_id,
            ..Default::default()
        };
        let initiated_id = self.append_with(
            now,
            Event::StartChildWorkflowExecutionInitiatedEventAttributes(event),
            command.user_metadata.clone(),
        );
        let parent = Parent {
            namespace: self.row.namespace.clone(),
            execution: Some(self.execution()),
            initiated_event_id: initiated_id,
        };
        let new = NewRun {
            namespace: self.row.namespace.clone(),
            workflow_id: child.workflow_id,
            workflow_type: workflow_type.clone(),
            task_queue: queue,
            input: child.input,
            header: child.header,
            execution_timeout: span(child.workflow_execution_timeout.as_ref()),
            run_timeout: span(child.workflow_run_timeout.as_ref()),
            task_timeout,
            retry_policy,
            memo: child.memo,
            search_attributes: child.search_attributes,
            user_metadata: command.user_metadata.clone(),
            priority: child.priority,
            parent: Some(parent),
            root: Some(WorkflowExecution {
                workflow_id: self.row.root_workflow_id.clone(),
                run_id: self.row.root_run_id.clone(),
            }),
            attempt: 1,
            ..NewRun::default()
        };
        let waiting = Child {
            execution: None,
            workflow_type,
            parent_close_policy: policy as i32,
            started_event_id: 0,
        };
        self.children.insert(initiated_id, waiting);
        self.touch_child(initiated_id);
        // A policy that makes no sense was not let through by the SDK; it is as none.
        let conflict = Conflict::of(reuse, 0, WorkflowIdConflictPolicy::Fail).unwrap_or(Conflict {
            reuse: WorkflowIdReusePolicy::AllowDuplicate,
            conflict: WorkflowIdConflictPolicy::Fail,
        });
        applied.others.push(Other::Start {
            initiated_id,
            policy: policy as i32,
            conflict,
            new: Box::new(new),
        });
    }

    fn initiate_signal(
        &mut self,
        now: Time,
        signal: SignalExternalWorkflowExecutionCommandAttributes,
        command: &api::Command,
        applied: &mut Applied,
        namespace_id: String,
    ) {
        let target = signal.execution.unwrap_or_default();
        #[expect(deprecated, reason = "the history shows what workers send")]
        let event = SignalExternalWorkflowExecutionInitiatedEventAttributes {
            workflow_task_completed_event_id: applied.completed_id,
            namespace: self.row.namespace.clone(),
            namespace_id,
            workflow_execution: Some(target.clone()),
            signal_name: signal.signal_name.clone(),
            input: signal.input.clone(),
            control: signal.control,
            child_workflow_only: signal.child_workflow_only,
            header: signal.header.clone(),
        };
        let initiated_id = self.append_with(
            now,
            Event::SignalExternalWorkflowExecutionInitiatedEventAttributes(event),
            command.user_metadata.clone(),
        );
        applied.others.push(Other::Signal {
            initiated_id,
            target,
            child_only: signal.child_workflow_only,
            name: signal.signal_name,
            input: signal.input,
            header: signal.header,
        });
    }
}

/// A value that takes one away instead of setting it.
fn is_null(payload: &Payload) -> bool {
    let encoding = payload.metadata.get("encoding").map(Vec::as_slice);
    encoding == Some(b"binary/null") || matches!(payload.data.as_slice(), b"null" | b"[]" | b"")
}
