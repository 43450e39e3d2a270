//! `EpochWorkflow`: the handlers, which take what arrives and answer what is asked.
//! What a message means is `protocol`'s; what follows from it is `perform`'s.

#![expect(
    missing_docs,
    clippy::needless_pass_by_value,
    reason = "the SDK's macros make markers that cannot be documented, and prescribe signatures"
)]

mod carry;
mod children;
mod input;
mod made;
mod measure;
mod perform;
mod pump;
mod queue;
mod shell;
mod watch;

use std::error::Error;

use temporalio_common::data_converters::RawValue;
use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::{SyncWorkflowContext, WorkflowContext, WorkflowContextView, WorkflowResult};

use super::failure::unusable_input;
use super::{payload, time, traced};
use crate::contract::audit::{AuditPage, AuditRequest};
use crate::contract::epoch::{EpochResult, SessionRegisterSignal, SliceProgressSignal};
use crate::contract::names;
use crate::contract::object;
use crate::contract::query::{
    self, EpochState, Outcome, OutcomeRequest, QueryStateResult, Transition,
};
use crate::contract::signal::EpochSignal;
use crate::protocol::Word;
use input::Unusable;
use shell::{Identity, Shell};

/// The failure type of an epoch whose input cannot be used.
pub const INPUT_FAILURE: &str = "EpochInputUnusable";

/// Why a task fails that brings a message to a run which has ended for its worker.
const HEARD_TOO_LATE: &str = "a message came after the run had ended for this worker, and \
                              before it had for the server; the task is done once more";

/// Why a query has no answer.
type Fault = Box<dyn Error + Send + Sync>;

/// An epoch, durable.
#[workflow]
pub struct EpochWorkflow {
    shell: Result<Shell, Unusable>,
}

#[workflow_methods]
impl EpochWorkflow {
    /// Begins a run. It cannot fail: what is wrong with the input is `run`'s to say.
    #[init]
    pub fn new(view: &WorkflowContextView, input: RawValue) -> Self {
        let identity = Identity {
            workflow_id: view.workflow_id().to_owned(),
            run_id: view.run_id().to_owned(),
        };
        let at = time::timestamp(view.start_time());
        Self {
            shell: input::begin(&input, identity, at),
        }
    }

    /// Performs the effects of what the handlers applied, until the epoch ends.
    #[run(name = names::EPOCH_WORKFLOW)]
    pub async fn run(ctx: &mut WorkflowContext<Self>) -> WorkflowResult<EpochResult> {
        match ctx.state(|workflow| workflow.shell.as_ref().err().cloned()) {
            None => perform::until_ended(ctx).await,
            Some(newer @ Unusable::Newer { .. }) => {
                // The task fails, not the workflow: a newer worker may take it.
                ctx.force_task_fail(newer);
                std::future::pending().await
            }
            Some(broken @ Unusable::Broken(_)) => {
                Err(unusable_input(INPUT_FAILURE, broken.to_string()))
            }
        }
    }

    fn receive(&mut self, ctx: &SyncWorkflowContext<Self>, signal: EpochSignal, raw: &RawValue) {
        let Ok(shell) = &mut self.shell else { return };
        if shell.has_ended {
            // The task fails and is tried anew, by a worker that has not seen that end.
            ctx.force_task_fail(HEARD_TOO_LATE);
            return;
        }
        let message = match payload::json(raw) {
            Ok(json) => signal.decode(json),
            Err((bytes, why)) => signal.unreadable(bytes, why),
        };
        shell.is_live = !ctx.is_replaying();
        let origin = traced::origin(ctx);
        let at = time::timestamp(ctx.workflow_time());
        let heard = shell.receive(at, signal.word(), origin, message);
        if shell.is_live {
            heard.count(signal.word());
        }
    }

    fn shell(&self) -> Result<&Shell, Fault> {
        self.shell
            .as_ref()
            .map_err(|unusable| unusable.to_string().into())
    }

    /// Somebody asks to move on.
    #[signal(name = names::signal::ADVANCE_PHASE)]
    pub fn advance_phase(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::AdvancePhase, &raw);
    }

    /// A reviewer votes.
    #[signal(name = names::signal::SUBMIT_VOTE)]
    pub fn submit_vote(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::SubmitVote, &raw);
    }

    /// A leaf task of a slice moved.
    #[signal(name = names::signal::SLICE_PROGRESS)]
    pub fn slice_progress(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::SliceProgress, &raw);
    }

    /// An agent's session announces itself.
    #[signal(name = names::signal::REGISTER_SESSION)]
    pub fn register_session(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::RegisterSession, &raw);
    }

    /// A session lives.
    #[signal(name = names::signal::SESSION_HEARTBEAT)]
    pub fn session_heartbeat(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::SessionHeartbeat, &raw);
    }

    /// A session ends.
    #[signal(name = names::signal::END_SESSION)]
    pub fn end_session(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::EndSession, &raw);
    }

    /// A finding.
    #[signal(name = names::signal::RECORD_FINDING)]
    pub fn record_finding(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::RecordFinding, &raw);
    }

    /// A finding is dealt with.
    #[signal(name = names::signal::RESOLVE_FINDING)]
    pub fn resolve_finding(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::ResolveFinding, &raw);
    }

    /// One slice is declared.
    #[signal(name = names::signal::START_SLICE)]
    pub fn start_slice(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::StartSlice, &raw);
    }

    /// A whole plan is declared.
    #[signal(name = names::signal::PLAN_SLICES)]
    pub fn plan_slices(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::PlanSlices, &raw);
    }

    /// A slice shall stop.
    #[signal(name = names::signal::CANCEL_SLICE)]
    pub fn cancel_slice(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::CancelSlice, &raw);
    }

    /// A slice need not succeed.
    #[signal(name = names::signal::WAIVE_SLICE)]
    pub fn waive_slice(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::WaiveSlice, &raw);
    }

    /// A slice shall run again.
    #[signal(name = names::signal::RETRY_SLICE)]
    pub fn retry_slice(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::RetrySlice, &raw);
    }

    /// A slice's workflow reports its end.
    #[signal(name = names::signal::SLICE_FINISHED)]
    pub fn slice_finished(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::SliceFinished, &raw);
    }

    /// A review's workflow reports its end.
    #[signal(name = names::signal::REVIEW_FINISHED)]
    pub fn review_finished(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::ReviewFinished, &raw);
    }

    /// A reviewer that was asked did not vote.
    #[signal(name = names::signal::VOTE_MISSED)]
    pub fn vote_missed(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        self.receive(ctx, EpochSignal::VoteMissed, &raw);
    }

    /// The state in the earlier form.
    #[query(name = names::query::CURRENT_STATE)]
    pub fn current_state(&self, _view: &WorkflowContextView) -> Result<EpochState, Fault> {
        Ok(self.shell()?.state().into())
    }

    /// The steps that would be accepted.
    #[query(name = names::query::AVAILABLE_TRANSITIONS)]
    pub fn available_transitions(
        &self,
        _view: &WorkflowContextView,
    ) -> Result<Vec<Transition>, Fault> {
        Ok(query::transitions(&self.shell()?.epoch))
    }

    /// Everything.
    #[query(name = names::query::FULL_STATE)]
    pub fn full_state(&self, _view: &WorkflowContextView) -> Result<QueryStateResult, Fault> {
        Ok((&self.shell()?.epoch).into())
    }

    /// The progress records.
    #[query(name = names::query::SLICE_PROGRESS_STATE)]
    pub fn slice_progress_state(
        &self,
        _view: &WorkflowContextView,
    ) -> Result<Vec<SliceProgressSignal>, Fault> {
        Ok(query::progress(self.shell()?.state()))
    }

    /// The active sessions.
    #[query(name = names::query::ACTIVE_SESSIONS)]
    pub fn active_sessions(
        &self,
        _view: &WorkflowContextView,
    ) -> Result<Vec<SessionRegisterSignal>, Fault> {
        Ok(query::sessions(self.shell()?.state()))
    }

    /// The audit events of this run, in parts.
    #[query(name = names::query::AUDIT_EVENTS)]
    pub fn audit_events(
        &self,
        view: &WorkflowContextView,
        raw: RawValue,
    ) -> Result<AuditPage, Fault> {
        let request = if raw.payloads.is_empty() {
            AuditRequest::default()
        } else {
            object::read(payload::json(&raw).map_err(|(_, why)| why)?)?
        };
        let previous = view.continued_from_run_id();
        Ok(self.shell()?.audit_page(request.from, previous))
    }

    /// What became of a message.
    #[query(name = names::query::OUTCOME)]
    pub fn outcome(
        &self,
        _view: &WorkflowContextView,
        request: OutcomeRequest,
    ) -> Result<Outcome, Fault> {
        Ok(self.shell()?.outcome(&request.into_id()))
    }
}
