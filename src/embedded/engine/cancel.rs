//! Asking a run to end, and ending it without asking.

use temporalio_common::protos::temporal::api::common::v1::{Payload, Payloads, WorkflowExecution};
use temporalio_common::protos::temporal::api::enums::v1::WorkflowTaskFailedCause;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{
    WorkflowExecutionCancelRequestedEventAttributes, WorkflowExecutionTerminatedEventAttributes,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    RequestCancelWorkflowExecutionRequest, TerminateWorkflowExecutionRequest,
};

use super::close::End;
use super::error::{Answer, Refusal};
use super::{Engine, Transaction};
use crate::embedded::store::RunKey;

/// Who does what the engine does by itself.
pub(super) const SERVICE: &str = "history-service";

/// A wish that a run end.
#[derive(Clone, Debug, Default)]
pub(super) struct CancelRequest {
    pub(super) reason: String,
    pub(super) identity: String,
    pub(super) request_id: String,
    /// The workflow that wishes it, and the event with which it did.
    pub(super) from: Option<(WorkflowExecution, i64)>,
}

/// An end without asking.
#[derive(Clone, Debug, Default)]
pub(super) struct Termination {
    pub(super) reason: String,
    pub(super) details: Option<Payloads>,
    pub(super) identity: String,
}

impl Termination {
    /// The engine's own doing.
    pub(super) fn by_service(reason: &str) -> Self {
        Self {
            reason: reason.to_owned(),
            details: None,
            identity: SERVICE.to_owned(),
        }
    }
}

impl Engine {
    /// Asks an open workflow to end.
    pub(in crate::embedded) fn request_cancel(
        &mut self,
        transaction: &mut Transaction,
        request: RequestCancelWorkflowExecutionRequest,
    ) -> Answer<()> {
        self.namespaces.get(&request.namespace)?;
        let execution = request.workflow_execution.unwrap_or_default();
        let (workflow_id, run_id) = (&execution.workflow_id, &execution.run_id);
        let key = match self.find_open(&request.namespace, workflow_id, run_id) {
            Ok(key) => key,
            // What has ended need not be asked to.
            Err(_)
                if self
                    .find_closed(&request.namespace, workflow_id, run_id)?
                    .is_some() =>
            {
                return Ok(());
            }
            Err(refusal) => return Err(refusal),
        };
        self.check_chain(key, &request.first_execution_run_id)?;
        self.cancel_run(
            transaction,
            key,
            CancelRequest {
                reason: request.reason,
                identity: request.identity,
                request_id: request.request_id,
                from: None,
            },
        )
    }

    /// The same, once it is found. Asking again changes nothing.
    pub(super) fn cancel_run(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        request: CancelRequest,
    ) -> Answer<()> {
        let now = transaction.now;
        let run = self.run_mut(key)?;
        if run.state.cancel_requested {
            return Ok(());
        }
        // Who waits to begin, or to try again, need not wait for that.
        run.state.first_task_at = 0;
        transaction.touched.insert(key);
        run.state.cancel_requested = true;
        run.state.cancel_request_id = request.request_id;
        let (external, initiated) = request.from.map_or((None, 0), |(execution, event_id)| {
            (Some(execution), event_id)
        });
        let attributes = WorkflowExecutionCancelRequestedEventAttributes {
            cause: request.reason,
            external_initiated_event_id: initiated,
            external_workflow_execution: external,
            identity: request.identity,
        };
        run.append(
            now,
            Attributes::WorkflowExecutionCancelRequestedEventAttributes(attributes),
        );
        run.schedule_task(now);
        Ok(())
    }

    /// Ends an open workflow, whatever it thinks of it.
    pub(in crate::embedded) fn terminate(
        &mut self,
        transaction: &mut Transaction,
        request: TerminateWorkflowExecutionRequest,
    ) -> Answer<()> {
        self.namespaces.get(&request.namespace)?;
        let execution = request.workflow_execution.unwrap_or_default();
        let key = self.find_open(
            &request.namespace,
            &execution.workflow_id,
            &execution.run_id,
        )?;
        self.check_chain(key, &request.first_execution_run_id)?;
        self.terminate_run(
            transaction,
            key,
            Termination {
                reason: request.reason,
                details: request.details,
                identity: request.identity,
            },
        )
    }

    /// The same, once it is found.
    pub(super) fn terminate_run(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        how: Termination,
    ) -> Answer<()> {
        let now = transaction.now;
        transaction.touched.insert(key);
        let run = self.run_mut(key)?;
        run.break_off_task(now);
        let attributes = WorkflowExecutionTerminatedEventAttributes {
            reason: how.reason,
            details: how.details,
            identity: how.identity,
        };
        run.append(
            now,
            Attributes::WorkflowExecutionTerminatedEventAttributes(attributes),
        );
        self.close(transaction, key, End::Terminated, None);
        Ok(())
    }

    /// Ends a run so that another can begin under its id.
    pub(super) fn terminate_for_new(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        new_run_id: &str,
    ) -> Answer<()> {
        let details = format!("\"terminated by new runID: {new_run_id}\"");
        let how = Termination {
            reason: "TerminateIfRunning WorkflowIdReusePolicy".to_owned(),
            details: Some(Payloads {
                payloads: vec![json(details)],
            }),
            identity: SERVICE.to_owned(),
        };
        self.terminate_run(transaction, key, how)
    }

    /// A request may say which chain of runs it means.
    fn check_chain(&mut self, key: RunKey, first_run_id: &str) -> Answer<()> {
        let run = self.run_mut(key)?;
        if !first_run_id.is_empty() && run.state.first_run_id != first_run_id {
            return Err(Refusal::no_workflow(&run.row.workflow_id));
        }
        Ok(())
    }
}

/// A payload of JSON.
pub(super) fn json(text: impl Into<Vec<u8>>) -> Payload {
    Payload {
        metadata: [("encoding".to_owned(), b"json/plain".to_vec())].into(),
        data: text.into(),
        ..Default::default()
    }
}

impl super::run::Run {
    /// Fails a task that is running, because the run ends around it.
    pub(super) fn break_off_task(&mut self, now: super::time::Time) {
        if self.task_is_started() {
            let cause = WorkflowTaskFailedCause::ForceCloseCommand;
            self.fail_task(now, cause, None, SERVICE);
        }
        self.state.task = None;
        self.flush_buffered();
    }
}
