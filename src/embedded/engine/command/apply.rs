//! Doing a task's commands, one by one, within their own run. All of them have been checked.

mod activities;
mod others;

use temporalio_common::protos::temporal::api::command::v1::command::Attributes as Command;
use temporalio_common::protos::temporal::api::command::v1::{
    self as api, RecordMarkerCommandAttributes,
};
use temporalio_common::protos::temporal::api::common::v1::{
    Memo, Payload, SearchAttributes, WorkflowExecution,
};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes as Event;
use temporalio_common::protos::temporal::api::history::v1::{
    MarkerRecordedEventAttributes, RequestCancelExternalWorkflowExecutionInitiatedEventAttributes,
    UpsertWorkflowSearchAttributesEventAttributes, WorkflowPropertiesModifiedEventAttributes,
};

use super::{Applied, Other};
use crate::embedded::engine::error::Answer;
use crate::embedded::engine::run::Run;
use crate::embedded::engine::time::Time;
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

impl Run {
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
        let mut mine = self.state.read_search_attributes().unwrap_or_default();
        for (name, payload) in given.indexed_fields {
            if is_null(&payload) {
                mine.indexed_fields.remove(&name);
            } else {
                mine.indexed_fields.insert(name, payload);
            }
        }
        self.state.set_search_attributes(Some(&mine));
        self.touch_attributes();
    }

    fn upsert_memo(&mut self, now: Time, given: Memo, applied: &Applied) {
        let event = WorkflowPropertiesModifiedEventAttributes {
            workflow_task_completed_event_id: applied.completed_id,
            upserted_memo: Some(given.clone()),
        };
        self.append(now, Event::WorkflowPropertiesModifiedEventAttributes(event));
        let mut mine = self.state.read_memo().unwrap_or_default();
        for (name, payload) in given.fields {
            if is_null(&payload) {
                mine.fields.remove(&name);
            } else {
                mine.fields.insert(name, payload);
            }
        }
        self.state.set_memo(Some(&mine));
    }
}

/// A value that takes one away instead of setting it.
fn is_null(payload: &Payload) -> bool {
    let encoding = payload.metadata.get("encoding").map(Vec::as_slice);
    encoding == Some(b"binary/null") || matches!(payload.data.as_slice(), b"null" | b"[]" | b"")
}
