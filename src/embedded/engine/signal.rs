//! Signals, from clients and from other workflows.

use temporalio_common::protos::temporal::api::common::v1::{Header, Payloads, WorkflowExecution};
use temporalio_common::protos::temporal::api::history::v1::WorkflowExecutionSignaledEventAttributes;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::workflowservice::v1::SignalWorkflowExecutionRequest;

use super::error::{Answer, Refusal};
use super::start::too_long;
use super::{Engine, Transaction};
use crate::embedded::store::RunKey;

/// A run takes no more signals than this.
const MOST_SIGNALS: i64 = 10_000;

/// A signal.
#[derive(Clone, Debug, Default)]
pub(in crate::embedded) struct Signal {
    pub(super) name: String,
    pub(super) input: Option<Payloads>,
    pub(super) header: Option<Header>,
    pub(super) identity: String,
    pub(super) request_id: String,
    /// The workflow that sends it.
    pub(super) from: Option<WorkflowExecution>,
}

impl Signal {
    pub(super) fn check(&self) -> Answer<()> {
        if self.name.is_empty() {
            return Err(Refusal::invalid("SignalName is not set on request."));
        }
        too_long("SignalName", &self.name)?;
        too_long("RequestId", &self.request_id)
    }

    pub(super) fn event(self) -> Attributes {
        Attributes::WorkflowExecutionSignaledEventAttributes(
            WorkflowExecutionSignaledEventAttributes {
                signal_name: self.name,
                input: self.input,
                identity: self.identity,
                header: self.header,
                external_workflow_execution: self.from,
                ..Default::default()
            },
        )
    }
}

impl Engine {
    /// Signals an open workflow; a signal with a request id that it has taken before
    /// changes nothing.
    pub(in crate::embedded) fn signal(
        &mut self,
        transaction: &mut Transaction,
        request: SignalWorkflowExecutionRequest,
    ) -> Answer<()> {
        self.namespaces.get(&request.namespace)?;
        let execution = request.workflow_execution.unwrap_or_default();
        let signal = Signal {
            name: request.signal_name,
            input: request.input,
            header: request.header,
            identity: request.identity,
            request_id: request.request_id,
            from: None,
        };
        let key = self.find_open(
            &request.namespace,
            &execution.workflow_id,
            &execution.run_id,
        )?;
        signal.check()?;
        self.signal_run(transaction, key, signal)
    }

    pub(super) fn signal_run(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        signal: Signal,
    ) -> Answer<()> {
        let now = transaction.now;
        let run = self.run_mut(key)?;
        if !signal.request_id.is_empty() && run.signals.contains(&signal.request_id) {
            return Ok(());
        }
        if run.state.signal_count >= MOST_SIGNALS {
            return Err(Refusal::invalid(
                "exceeded workflow execution limit for signal events",
            ));
        }
        transaction.touched.insert(key);
        run.take_signal(&signal.request_id);
        run.state.signal_count += 1;
        run.append(now, signal.event());
        run.schedule_task(now);
        Ok(())
    }
}
