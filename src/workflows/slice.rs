//! `SliceWorkflow`: one run of a slice, from its input or `start_slice` to its result,
//! which its epoch learns by signal. What a message means is `protocol::slice_run`'s.

#![expect(
    missing_docs,
    clippy::needless_pass_by_value,
    reason = "the SDK's macros make markers that cannot be documented, and prescribe signatures"
)]

mod carry_out;
mod report;
mod unplaced;

use std::error::Error;

use temporalio_common::data_converters::RawValue;
use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::{
    SyncWorkflowContext, WorkflowContext, WorkflowContextView, WorkflowResult, WorkflowTermination,
};

use super::failure::unusable_input;
use super::said::{self, Ids};
use super::{payload, time, traced};
use crate::contract::names;
use crate::contract::query::{Outcome, OutcomeRequest};
use crate::contract::slice::{
    ReviewCycleRecord, ReviewCycleSignal, RunningCommand, SliceCompleteSignal, SliceInput,
    SliceResult, SliceStartSignal, SliceStateResult,
};
use crate::protocol::Envelope;
use crate::protocol::slice::{ExecutionConfig, SliceOutcome};
use crate::protocol::slice_run::{PHASE, ReviewCycle, SliceRun, SliceRunEvent};

/// The failure type of a slice whose input cannot be used.
pub const INPUT_FAILURE: &str = "SliceInputUnusable";

/// Why a query has no answer.
type Fault = Box<dyn Error + Send + Sync>;

/// One run of a slice, durable.
#[workflow]
pub struct SliceWorkflow {
    slice: Result<Slice, String>,
}

struct Slice {
    input: SliceInput,
    run: SliceRun,
    /// Where to look at its command.
    running: Option<RunningCommand>,
}

#[workflow_methods]
impl SliceWorkflow {
    /// Begins a run. It cannot fail: what is wrong with the input is `run`'s to say.
    #[init]
    pub fn new(_view: &WorkflowContextView, input: RawValue) -> Self {
        let slice = payload::decode::<SliceInput>(&input).map(|input| {
            let config = input.config.clone().map(Into::into);
            let run = SliceRun::new(input.epoch_id.clone(), input.slice_id.clone(), config);
            Slice {
                input,
                run,
                running: None,
            }
        });
        Self { slice }
    }

    /// Waits for what is to be done, does it, and tells the epoch how it ended.
    #[run(name = names::SLICE_WORKFLOW)]
    pub async fn run(ctx: &mut WorkflowContext<Self>) -> WorkflowResult<SliceResult> {
        if let Some(why) = ctx.state(|workflow| workflow.slice.as_ref().err().cloned()) {
            return Err(unusable_input(
                INPUT_FAILURE,
                format!("the slice's input: {why}"),
            ));
        }
        carry_out::carry_out(ctx).await;
        let Some((input, result)) = ctx.state(Self::ended) else {
            return Err(WorkflowTermination::cancelled());
        };
        report::tell_epoch(ctx, &input, &result).await;
        if ctx.cancellation_token().is_cancelled() && !result.success {
            return Err(WorkflowTermination::cancelled_with_details(result));
        }
        Ok(result)
    }

    fn take(
        &mut self,
        ctx: &SyncWorkflowContext<Self>,
        signal: &str,
        envelope: Envelope,
        event: SliceRunEvent,
    ) {
        let Ok(slice) = &mut self.slice else { return };
        let is_live = !ctx.is_replaying();
        let ids = Ids {
            epoch_id: &slice.run.epoch_id,
            workflow_id: ctx.workflow_id(),
            run_id: ctx.run_id(),
            slice_id: Some(&slice.run.slice_id),
            request_id: envelope.request_id.as_deref(),
        };
        let _handling = ids.handling(is_live, signal, traced::origin(ctx).as_ref());
        // The sender asks for the outcome; nobody waits for it here.
        let taken = slice
            .run
            .apply(time::timestamp(ctx.workflow_time()), envelope, event);
        if let Err(refusal) = taken
            && is_live
        {
            said::refused(&refusal);
        }
    }

    fn slice(&self) -> Result<&Slice, Fault> {
        self.slice.as_ref().map_err(|why| why.as_str().into())
    }

    /// The input and the result, once there is one.
    fn ended(&self) -> Option<(SliceInput, SliceResult)> {
        let slice = self.slice.as_ref().ok()?;
        Some((slice.input.clone(), slice.result()?))
    }

    fn is_ended(&self) -> bool {
        self.slice
            .as_ref()
            .is_ok_and(|slice| slice.run.outcome.is_some())
    }

    /// The epoch and the slice.
    fn ids(&self) -> (String, String) {
        self.slice.as_ref().map_or_else(
            |_| Default::default(),
            |slice| (slice.run.epoch_id.clone(), slice.run.slice_id.clone()),
        )
    }

    fn set_running(&mut self, running: Option<RunningCommand>) {
        if let Ok(slice) = &mut self.slice {
            slice.running = running;
        }
    }

    fn config(&self) -> Option<ExecutionConfig> {
        self.slice.as_ref().ok()?.run.config.clone()
    }

    /// It is told how it is carried out; also when it has waited for that.
    #[signal(name = names::signal::START_SLICE)]
    pub fn start_slice(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        let received = payload::receive(names::signal::START_SLICE, &raw);
        let read = |signal| {
            let SliceStartSignal {
                slice_id,
                epoch_id,
                config,
            } = signal;
            SliceRunEvent::Start {
                slice_id,
                epoch_id,
                config: config.into(),
            }
        };
        let (envelope, event) = received.into_event(read, malformed(names::signal::START_SLICE));
        self.take(ctx, names::signal::START_SLICE, envelope, event);
    }

    /// Somebody outside says how it ended.
    #[signal(name = names::signal::COMPLETE_SLICE)]
    pub fn complete_slice(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        let received = payload::receive(names::signal::COMPLETE_SLICE, &raw);
        let read = |signal| {
            let SliceCompleteSignal {
                slice_id,
                success,
                output,
                error,
            } = signal;
            let error = Some(error).filter(|error| !error.is_empty());
            SliceRunEvent::Complete {
                slice_id,
                outcome: SliceOutcome {
                    success,
                    error,
                    ..SliceOutcome::succeeded(output)
                },
            }
        };
        let (envelope, event) = received.into_event(read, malformed(names::signal::COMPLETE_SLICE));
        self.take(ctx, names::signal::COMPLETE_SLICE, envelope, event);
    }

    /// A reviewer says something.
    #[signal(name = names::signal::REVIEW_CYCLE)]
    pub fn review_cycle(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        let received = payload::receive(names::signal::REVIEW_CYCLE, &raw);
        let read = |signal| {
            let ReviewCycleSignal {
                cycle_number: number,
                reviewer_feedback: feedback,
            } = signal;
            SliceRunEvent::Review(ReviewCycle { number, feedback })
        };
        let (envelope, event) = received.into_event(read, malformed(names::signal::REVIEW_CYCLE));
        self.take(ctx, names::signal::REVIEW_CYCLE, envelope, event);
    }

    /// Rounds of review so far.
    #[query(name = names::query::REVIEW_CYCLE_COUNT)]
    pub fn review_cycle_count(&self, _view: &WorkflowContextView) -> Result<u64, Fault> {
        Ok(self.slice()?.run.cycles.len() as u64)
    }

    /// The rounds of review.
    #[query(name = names::query::REVIEW_CYCLES)]
    pub fn review_cycles(
        &self,
        _view: &WorkflowContextView,
    ) -> Result<Vec<ReviewCycleRecord>, Fault> {
        Ok(self.slice()?.cycles())
    }

    /// Everything.
    #[query(name = names::query::SLICE_STATE)]
    pub fn slice_state(&self, _view: &WorkflowContextView) -> Result<SliceStateResult, Fault> {
        Ok(self.slice()?.state())
    }

    /// What became of a message.
    #[query(name = names::query::OUTCOME)]
    pub fn outcome(
        &self,
        _view: &WorkflowContextView,
        request: OutcomeRequest,
    ) -> Result<Outcome, Fault> {
        Ok(Outcome::of(
            &self.slice()?.run.inbox,
            &request.into_id(),
            PHASE,
        ))
    }
}

impl Slice {
    fn result(&self) -> Option<SliceResult> {
        let outcome = self.run.outcome.clone()?;
        Some(SliceResult::of(self.input.slice_id.clone(), outcome))
    }

    fn cycles(&self) -> Vec<ReviewCycleRecord> {
        let record = |cycle: &ReviewCycle| ReviewCycleRecord {
            cycle_number: cycle.number,
            reviewer_feedback: cycle.feedback.clone(),
        };
        self.run.cycles.iter().map(record).collect()
    }

    fn state(&self) -> SliceStateResult {
        let stage = match (&self.run.config, &self.run.outcome) {
            (_, Some(_)) => "finished",
            (Some(_), None) => "running",
            (None, None) => "waiting",
        };
        SliceStateResult {
            slice_id: self.run.slice_id.clone(),
            epoch_id: self.run.epoch_id.clone(),
            attempt: self.input.attempt,
            stage: stage.to_owned(),
            config: self.run.config.clone().map(Into::into),
            review_cycles: self.cycles(),
            result: self.result(),
            refusals: self
                .run
                .inbox
                .refusals
                .iter()
                .map(|r| (&r.refusal).into())
                .collect(),
            running: self.running.clone().filter(|_| self.run.outcome.is_none()),
        }
    }
}

/// The event of a message that could not be read.
fn malformed(signal: &str) -> impl FnOnce(String) -> SliceRunEvent {
    let message = signal.to_owned();
    move |why| SliceRunEvent::Malformed { message, why }
}
