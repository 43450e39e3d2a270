//! Commands to other runs, as far as they concern the run that gives them: the event that
//! initiates one, and what is to be done once the task has ended.

use temporalio_common::protos::temporal::api::command::v1::{
    self as api, SignalExternalWorkflowExecutionCommandAttributes,
    StartChildWorkflowExecutionCommandAttributes,
};
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::enums::v1::{
    ParentClosePolicy, WorkflowIdConflictPolicy, WorkflowIdReusePolicy,
};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes as Event;
use temporalio_common::protos::temporal::api::history::v1::{
    SignalExternalWorkflowExecutionInitiatedEventAttributes,
    StartChildWorkflowExecutionInitiatedEventAttributes,
};

use crate::embedded::engine::command::{Applied, Other};
use crate::embedded::engine::retry;
use crate::embedded::engine::run::Run;
use crate::embedded::engine::start::{Conflict, NewRun};
use crate::embedded::engine::state::{Child, Parent};
use crate::embedded::engine::task::queue_of;
use crate::embedded::engine::time::{Time, duration, seconds, shorter, span};

impl Run {
    pub(super) fn initiate_child(
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

    pub(super) fn initiate_signal(
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
