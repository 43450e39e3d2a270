//! What commands do to other runs: start a child, signal, cancel. It happens in the same
//! transaction, after the workflow task has ended, so the answers are events that the
//! workflow sees next.

use temporalio_common::protos::temporal::api::common::v1::{WorkflowExecution, WorkflowType};
use temporalio_common::protos::temporal::api::enums::v1::{
    CancelExternalWorkflowExecutionFailedCause, ParentClosePolicy,
    SignalExternalWorkflowExecutionFailedCause, StartChildWorkflowExecutionFailedCause,
};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes as Event;
use temporalio_common::protos::temporal::api::history::v1::{
    ChildWorkflowExecutionStartedEventAttributes,
    ExternalWorkflowExecutionCancelRequestedEventAttributes,
    ExternalWorkflowExecutionSignaledEventAttributes,
    RequestCancelExternalWorkflowExecutionFailedEventAttributes,
    SignalExternalWorkflowExecutionFailedEventAttributes,
    StartChildWorkflowExecutionFailedEventAttributes,
};

use super::{Applied, Other};
use crate::embedded::engine::cancel::{CancelRequest, SERVICE};
use crate::embedded::engine::run::Run;
use crate::embedded::engine::signal::Signal;
use crate::embedded::engine::start::{Conflict, NewRun};
use crate::embedded::engine::{Engine, Transaction};
use crate::embedded::store::RunKey;

/// Who does something to another run, for the events that say so.
struct Source {
    key: RunKey,
    execution: WorkflowExecution,
    namespace: String,
    namespace_id: String,
}

impl Engine {
    /// Does all that a task's commands do to other runs.
    pub(in crate::embedded::engine) fn perform(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        applied: Applied,
    ) {
        let Some(run) = self.runs.get(&key) else {
            return;
        };
        let namespace = run.row.namespace.clone();
        let source = Source {
            key,
            execution: run.execution(),
            namespace_id: self.namespaces.id(&namespace),
            namespace,
        };
        for other in applied.others {
            match other {
                Other::Start {
                    initiated_id,
                    policy,
                    conflict,
                    new,
                } => self.start_child(transaction, &source, initiated_id, policy, conflict, *new),
                Other::Signal {
                    initiated_id,
                    target,
                    child_only,
                    name,
                    input,
                    header,
                } => {
                    let signal = Signal {
                        name,
                        input,
                        header,
                        identity: SERVICE.to_owned(),
                        request_id: self.ids.next(),
                        from: Some(source.execution.clone()),
                    };
                    self.signal_other(
                        transaction,
                        &source,
                        initiated_id,
                        target,
                        child_only,
                        signal,
                    );
                }
                Other::Cancel {
                    initiated_id,
                    target,
                    child_only,
                    reason,
                } => {
                    let request = CancelRequest {
                        reason,
                        identity: SERVICE.to_owned(),
                        request_id: String::new(),
                        from: Some((source.execution.clone(), initiated_id)),
                    };
                    self.cancel_other(
                        transaction,
                        &source,
                        initiated_id,
                        target,
                        child_only,
                        request,
                    );
                }
            }
        }
    }

    fn start_child(
        &mut self,
        transaction: &mut Transaction,
        source: &Source,
        initiated_id: i64,
        policy: i32,
        conflict: Conflict,
        mut new: NewRun,
    ) {
        let open = self.runs.get(&source.key).is_some_and(Run::is_open);
        if !open && policy != ParentClosePolicy::Abandon as i32 {
            return;
        }
        new.request_id = self.ids.next();
        let (workflow_id, workflow_type) = (new.workflow_id.clone(), new.workflow_type.clone());
        let header = new.header.clone();
        let run_id = self.ids.next();
        let started = if let Ok(None) = self.existing(transaction, &new, conflict, &run_id) {
            self.create(transaction, run_id, new, None)
        } else {
            let event = StartChildWorkflowExecutionFailedEventAttributes {
                namespace: source.namespace.clone(),
                namespace_id: source.namespace_id.clone(),
                workflow_id,
                workflow_type: Some(WorkflowType {
                    name: workflow_type,
                }),
                cause: StartChildWorkflowExecutionFailedCause::WorkflowAlreadyExists as i32,
                initiated_event_id: initiated_id,
                ..Default::default()
            };
            let event = Event::StartChildWorkflowExecutionFailedEventAttributes(event);
            self.report(transaction, source, event, |run| {
                run.children.remove(&initiated_id);
                run.touch_child(initiated_id);
            });
            return;
        };
        let execution = WorkflowExecution {
            workflow_id,
            run_id: started.run_id,
        };
        let event = ChildWorkflowExecutionStartedEventAttributes {
            namespace: source.namespace.clone(),
            namespace_id: source.namespace_id.clone(),
            initiated_event_id: initiated_id,
            workflow_execution: Some(execution.clone()),
            workflow_type: Some(WorkflowType {
                name: workflow_type,
            }),
            header,
        };
        let event = Event::ChildWorkflowExecutionStartedEventAttributes(event);
        self.report(transaction, source, event, |run| {
            if let Some(child) = run.children.get_mut(&initiated_id) {
                child.execution = Some(execution);
            }
            run.touch_child(initiated_id);
        });
    }

    fn signal_other(
        &mut self,
        transaction: &mut Transaction,
        source: &Source,
        initiated_event_id: i64,
        target: WorkflowExecution,
        child_only: bool,
        signal: Signal,
    ) {
        let reached = self
            .other(source, &target, child_only)
            .is_some_and(|key| self.signal_run(transaction, key, signal).is_ok());
        let event = if reached {
            Event::ExternalWorkflowExecutionSignaledEventAttributes(
                ExternalWorkflowExecutionSignaledEventAttributes {
                    initiated_event_id,
                    namespace: source.namespace.clone(),
                    namespace_id: source.namespace_id.clone(),
                    workflow_execution: Some(target),
                    ..Default::default()
                },
            )
        } else {
            Event::SignalExternalWorkflowExecutionFailedEventAttributes(
                SignalExternalWorkflowExecutionFailedEventAttributes {
                    cause: SignalExternalWorkflowExecutionFailedCause::ExternalWorkflowExecutionNotFound
                        as i32,
                    namespace: source.namespace.clone(),
                    namespace_id: source.namespace_id.clone(),
                    workflow_execution: Some(target),
                    initiated_event_id,
                    ..Default::default()
                },
            )
        };
        self.report(transaction, source, event, |_| {});
    }

    fn cancel_other(
        &mut self,
        transaction: &mut Transaction,
        source: &Source,
        initiated_event_id: i64,
        target: WorkflowExecution,
        child_only: bool,
        request: CancelRequest,
    ) {
        let reached = self
            .other(source, &target, child_only)
            .is_some_and(|key| self.cancel_run(transaction, key, request).is_ok())
            || self.has_ended(source, &target);
        let event = if reached {
            Event::ExternalWorkflowExecutionCancelRequestedEventAttributes(
                ExternalWorkflowExecutionCancelRequestedEventAttributes {
                    initiated_event_id,
                    namespace: source.namespace.clone(),
                    namespace_id: source.namespace_id.clone(),
                    workflow_execution: Some(target),
                },
            )
        } else {
            Event::RequestCancelExternalWorkflowExecutionFailedEventAttributes(
                RequestCancelExternalWorkflowExecutionFailedEventAttributes {
                    cause: CancelExternalWorkflowExecutionFailedCause::ExternalWorkflowExecutionNotFound
                        as i32,
                    namespace: source.namespace.clone(),
                    namespace_id: source.namespace_id.clone(),
                    workflow_execution: Some(target),
                    initiated_event_id,
                    ..Default::default()
                },
            )
        };
        self.report(transaction, source, event, |_| {});
    }

    /// Whether it is a run that need not be asked to end any more.
    fn has_ended(&self, source: &Source, target: &WorkflowExecution) -> bool {
        let (workflow_id, run_id) = (&target.workflow_id, &target.run_id);
        let open = (source.namespace.clone(), workflow_id.clone());
        !self.open.contains_key(&open)
            && matches!(
                self.find_closed(&source.namespace, workflow_id, run_id),
                Ok(Some(_))
            )
    }

    /// The open run that a command means, if it may: not the workflow itself, and where only
    /// a child is meant, no other.
    fn other(
        &self,
        source: &Source,
        target: &WorkflowExecution,
        child_only: bool,
    ) -> Option<RunKey> {
        let id = (source.namespace.clone(), target.workflow_id.clone());
        let run = self.runs.get(self.open.get(&id)?)?;
        let parent = run
            .state
            .parent
            .as_ref()
            .and_then(|parent| parent.execution.as_ref());
        // A child that went on as new is still the one that was started.
        let same_run = target.run_id.is_empty()
            || run.row.run_id == target.run_id
            || (child_only && run.state.first_run_id == target.run_id);
        let allowed = run.key() != source.key
            && same_run
            && (!child_only || parent == Some(&source.execution));
        allowed.then(|| run.key())
    }

    /// Writes an answer into the history of the run that gave the command.
    fn report(
        &mut self,
        transaction: &mut Transaction,
        source: &Source,
        event: Event,
        change: impl FnOnce(&mut Run),
    ) {
        let now = transaction.now;
        if let Some(run) = self.runs.get_mut(&source.key)
            && run.is_open()
        {
            change(run);
            run.append(now, event);
            run.schedule_task(now);
        }
    }
}
