//! `ReviewPhaseWorkflow`: one round of review. It passes votes on to the epoch, which
//! tallies them and tells it how the round ended; or it stands alone. What a message
//! means is `protocol::review_run`'s.

#![expect(
    missing_docs,
    clippy::needless_pass_by_value,
    reason = "the SDK's macros make markers that cannot be documented, and prescribe signatures"
)]

mod judge;

use std::collections::VecDeque;
use std::error::Error;
use std::time::Duration;

use futures::FutureExt;
use temporalio_common::data_converters::RawValue;
use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::workflows::select;
use temporalio_sdk::{
    SyncWorkflowContext, WorkflowContext, WorkflowContextView, WorkflowResult, WorkflowTermination,
};

use super::failure::unusable_input;
use super::said::{self, Ids};
use super::{EpochWorkflow, options, payload, time, traced};
use crate::contract::epoch::ReviewVoteSignal;
use crate::contract::names;
use crate::contract::query::{Outcome, OutcomeRequest};
use crate::contract::review::{
    CloseRoundSignal, ReviewFinishedSignal, ReviewInput, ReviewPhaseResult,
};
use crate::protocol::review::CloseReason;
use crate::protocol::review_run::{PassOn, ReviewRun, ReviewRunEvent};
use crate::protocol::{Envelope, PhaseId};

/// The failure type of a review whose input cannot be used.
pub const INPUT_FAILURE: &str = "ReviewInputUnusable";

/// Why a query has no answer.
type Fault = Box<dyn Error + Send + Sync>;

/// One round of review, durable.
#[workflow]
pub struct ReviewPhaseWorkflow {
    review: Result<Review, String>,
}

struct Review {
    input: ReviewInput,
    run: ReviewRun,
    /// Votes to be passed on to the epoch, with who cast them.
    outbox: VecDeque<(PassOn, Option<String>)>,
}

#[workflow_methods]
impl ReviewPhaseWorkflow {
    /// Begins a round. It cannot fail: what is wrong with the input is `run`'s to say.
    #[init]
    pub fn new(_view: &WorkflowContextView, input: RawValue) -> Self {
        let review = payload::decode::<ReviewInput>(&input).map(|mut input| {
            // Nothing could be sent to a workflow without a name.
            input.parent_workflow_id = input.parent_workflow_id.filter(|id| !id.is_empty());
            // Other clients may name a phase as they like.
            let phase = PhaseId::parse_name(&input.phase_id).ok();
            let run = ReviewRun::new(phase, input.round, input.parent_workflow_id.is_some());
            Review {
                input,
                run,
                outbox: VecDeque::new(),
            }
        });
        Self { review }
    }

    /// Passes votes on until the round is over, by word of the epoch or by itself.
    #[run(name = names::REVIEW_WORKFLOW)]
    pub async fn run(ctx: &mut WorkflowContext<Self>) -> WorkflowResult<ReviewPhaseResult> {
        if let Some(why) = ctx.state(|workflow| workflow.review.as_ref().err().cloned()) {
            return Err(unusable_input(
                INPUT_FAILURE,
                format!("the review's input: {why}"),
            ));
        }
        let mut holding = Box::pin(hold(ctx).fuse());
        let mut judging = Box::pin(judge::judge(ctx).fuse());
        select! {
            () = holding => {}
            () = judging => {}
        }
        let Some((input, run)) = ctx.state(Self::parts) else {
            return Err(WorkflowTermination::cancelled());
        };
        let result = ReviewPhaseResult {
            phase_id: input.phase_id.clone(),
            success: run.is_consensus(),
            vote_result: run.votes.clone(),
        };
        if let Some(reason @ (CloseReason::Deadline | CloseReason::Lost)) = run.closed {
            tell_epoch(ctx, &input, &result, reason).await;
            if reason == CloseReason::Lost {
                return Err(WorkflowTermination::cancelled_with_details(result));
            }
        }
        Ok(result)
    }

    fn take(
        &mut self,
        ctx: &SyncWorkflowContext<Self>,
        signal: &str,
        envelope: Envelope,
        event: ReviewRunEvent,
    ) {
        let Ok(review) = &mut self.review else { return };
        let is_live = !ctx.is_replaying();
        let ids = Ids {
            epoch_id: &review.input.epoch_id,
            workflow_id: ctx.workflow_id(),
            run_id: ctx.run_id(),
            slice_id: None,
            request_id: envelope.request_id.as_deref(),
        };
        let _handling = ids.handling(is_live, signal, traced::origin(ctx).as_ref());
        let actor = envelope.actor.clone();
        // The sender asks for the outcome; nobody waits for it here.
        match review
            .run
            .apply(time::timestamp(ctx.workflow_time()), envelope, event)
        {
            Ok(Some(vote)) => review.outbox.push_back((vote, actor)),
            Err(refusal) if is_live => said::refused(&refusal),
            Ok(None) | Err(_) => {}
        }
    }

    fn parts(&self) -> Option<(ReviewInput, ReviewRun)> {
        let review = self.review.as_ref().ok()?;
        Some((review.input.clone(), review.run.clone()))
    }

    fn is_closed(&self) -> bool {
        self.review
            .as_ref()
            .is_ok_and(|review| review.run.closed.is_some())
    }

    fn has_mail(&self) -> bool {
        self.review
            .as_ref()
            .is_ok_and(|review| !review.outbox.is_empty())
    }

    /// A reviewer votes here instead of at the epoch.
    #[signal(name = names::signal::SUBMIT_VOTE)]
    pub fn submit_vote(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        let received = payload::receive(names::signal::SUBMIT_VOTE, &raw);
        let read = |signal: ReviewVoteSignal| ReviewRunEvent::Vote(signal.into());
        let (envelope, event) = received.into_event(read, malformed(names::signal::SUBMIT_VOTE));
        self.take(ctx, names::signal::SUBMIT_VOTE, envelope, event);
    }

    /// The epoch says that the round is over.
    #[signal(name = names::signal::CLOSE_ROUND)]
    pub fn close_round(&mut self, ctx: &mut SyncWorkflowContext<Self>, raw: RawValue) {
        let received = payload::receive(names::signal::CLOSE_ROUND, &raw);
        let read = |signal| {
            let CloseRoundSignal {
                round,
                reason: _,
                votes,
            } = signal;
            ReviewRunEvent::Close { round, votes }
        };
        let (envelope, event) = received.into_event(read, malformed(names::signal::CLOSE_ROUND));
        self.take(ctx, names::signal::CLOSE_ROUND, envelope, event);
    }

    /// What became of a message.
    #[query(name = names::query::OUTCOME)]
    pub fn outcome(
        &self,
        _view: &WorkflowContextView,
        request: OutcomeRequest,
    ) -> Result<Outcome, Fault> {
        let review = self.review.as_ref().map_err(String::as_str)?;
        Ok(Outcome::of(
            &review.run.inbox,
            &request.into_id(),
            review.run.shown_phase(),
        ))
    }
}

/// The event of a message that could not be read.
fn malformed(signal: &str) -> impl FnOnce(String) -> ReviewRunEvent {
    let message = signal.to_owned();
    move |why| ReviewRunEvent::Malformed { message, why }
}

/// Keeps the round open, passing votes on, until it is over.
async fn hold(ctx: &WorkflowContext<ReviewPhaseWorkflow>) {
    let deadline = ctx.state(|workflow| workflow.review.as_ref().ok()?.input.deadline);
    let limit = deadline.map(|seconds| Duration::from_secs(seconds).min(options::LONGEST_TIMER));
    // Without a deadline the timer is never started, and its place is never ready.
    let mut timer = Box::pin(
        async {
            match limit {
                Some(limit) => {
                    ctx.timer(options::timer(limit)).await;
                }
                None => std::future::pending().await,
            }
        }
        .fuse(),
    );
    loop {
        let ready = |w: &ReviewPhaseWorkflow| w.is_closed() || w.has_mail();
        select! {
            _ = ctx.wait_condition_with_options(ready, options::wait()) => {}
            () = timer => end(ctx, CloseReason::Deadline),
            _ = ctx.cancelled() => end(ctx, CloseReason::Lost),
        }
        pass_on(ctx).await;
        if ctx.state(ReviewPhaseWorkflow::is_closed) {
            return;
        }
    }
}

fn end(ctx: &WorkflowContext<ReviewPhaseWorkflow>, reason: CloseReason) {
    happen(ctx, ReviewRunEvent::End(reason));
}

fn happen(ctx: &WorkflowContext<ReviewPhaseWorkflow>, event: ReviewRunEvent) {
    let at = time::timestamp(ctx.workflow_time());
    ctx.state_mut(|workflow| {
        if let Ok(review) = &mut workflow.review {
            // Whoever ended it first has the say.
            let _ = review.run.apply(at, Envelope::default(), event);
        }
    });
}

/// Passes votes on, each under an id of its own, so that the epoch counts it once.
async fn pass_on(ctx: &WorkflowContext<ReviewPhaseWorkflow>) {
    loop {
        let mail = ctx.state_mut(|workflow| {
            let review = workflow.review.as_mut().ok()?;
            let (vote, actor) = review.outbox.pop_front()?;
            Some((vote, actor, review.input.parent_workflow_id.clone()?))
        });
        let Some((PassOn { number, vote }, actor, epoch)) = mail else {
            return;
        };
        let id = format!("{}/{number}", ctx.workflow_id());
        let signal = payload::enveloped(ReviewVoteSignal::from(vote), id, actor);
        let sent = ctx
            .external_workflow(epoch, None)
            .signal(
                EpochWorkflow::submit_vote,
                payload::of(&signal),
                options::signal(),
            )
            .await;
        if sent.is_err() {
            happen(ctx, ReviewRunEvent::LoseEpoch);
        }
    }
}

/// Tells the epoch of an end that was not its own word. An epoch that is gone needs no
/// telling.
async fn tell_epoch(
    ctx: &WorkflowContext<ReviewPhaseWorkflow>,
    input: &ReviewInput,
    result: &ReviewPhaseResult,
    reason: CloseReason,
) {
    let (Some(epoch), Some(round)) = (&input.parent_workflow_id, input.round) else {
        return;
    };
    let content = ReviewFinishedSignal {
        round,
        result: result.clone(),
        reason,
    };
    let id = format!("{}/finished", ctx.workflow_id());
    let signal = payload::enveloped(content, id, Some(ctx.workflow_id().to_owned()));
    let _ = ctx
        .external_workflow(epoch.clone(), None)
        .signal(
            EpochWorkflow::review_finished,
            payload::of(&signal),
            options::signal(),
        )
        .await;
}
