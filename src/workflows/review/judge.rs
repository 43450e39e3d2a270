//! What a round does by itself: it asks what the operator has set, has commands judge the
//! axes that have one, reminds of votes, and keeps the operator's deadline. That a round is
//! over is decided elsewhere; commands that still run then hear of it, and stop.

use std::pin::Pin;

use temporalio_common::error::ActivityExecutionError;
use temporalio_sdk::WorkflowContext;
use temporalio_sdk::workflows::join_all;

use super::super::activity::{ExecuteReviewCommand, GetReviewSettings, RemindReviewers};
use super::super::failure::is_host_lost;
use super::super::{EpochWorkflow, options, payload, time};
use super::{ReviewPhaseWorkflow, end};
use crate::contract::command::{
    Reminder, ReviewAnswer, ReviewOrder, ReviewSettings, ReviewerFinding,
};
use crate::contract::epoch::FindingSignal;
use crate::contract::review::VoteMissedSignal;
use crate::contract::signal::Enveloped;
use crate::protocol::event::VoteCast;
use crate::protocol::review::CloseReason;
use crate::protocol::review_run::ReviewRunEvent;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{Envelope, PhaseId, Word, limits};

type Context = WorkflowContext<ReviewPhaseWorkflow>;
type Task<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// How often a reviewer is asked that does not vote.
const TIMES: u32 = 2;
/// Seconds between reminders at most, unless the operator wants them even less often.
const LEAST_OFTEN: u64 = 24 * 3_600;

/// A round of an epoch.
struct Round {
    epoch_id: String,
    epoch: String,
    phase: PhaseId,
    number: u32,
    request: String,
    has_deadline: bool,
}

/// Never returns: the round ends by other means.
pub(super) async fn judge(ctx: &Context) {
    if let Some(round) = ctx.state(ReviewPhaseWorkflow::asked_for)
        && let Some(settings) = settings(ctx).await
    {
        let mut tasks: Vec<Task<'_>> = Vec::new();
        for (axis, runner) in &settings.runners {
            tasks.push(Box::pin(ask(ctx, &round, &settings, *axis, runner)));
        }
        if let Some(every) = settings.remind_every_s {
            tasks.push(Box::pin(remind(ctx, &round, every)));
        }
        if let Some(limit) = settings.deadline_s.filter(|_| !round.has_deadline) {
            tasks.push(Box::pin(async move {
                wait(ctx, limit).await;
                end(ctx, CloseReason::Deadline);
            }));
        }
        let _ = join_all(tasks).await;
    }
    std::future::pending::<()>().await;
}

/// What the operator has set: at once where that goes, since every round asks.
async fn settings(ctx: &Context) -> Option<ReviewSettings> {
    let asked = ctx.execute_local_activity(GetReviewSettings, (), options::inline());
    if let Ok(settings) = asked.await {
        return Some(settings);
    }
    let asked = ctx.execute_activity(GetReviewSettings, (), options::lookup());
    asked.await.ok()
}

/// Has a command judge an axis, and says what came of it.
async fn ask(
    ctx: &Context,
    round: &Round,
    settings: &ReviewSettings,
    axis: ReviewAxis,
    runner: &str,
) {
    let reviewer_id = format!("runner:{runner}");
    let mut why = String::new();
    for attempt in 1..=TIMES {
        let order = ReviewOrder {
            epoch_id: round.epoch_id.clone(),
            phase: round.phase,
            round: round.number,
            axis,
            runner: runner.to_owned(),
            request: round.request.clone(),
            attempt,
            timeout_s: settings.timeout_s,
        };
        let options = options::command(
            settings.queue.clone(),
            options::seconds(settings.host_timeout_s),
        );
        let asked = ctx.execute_activity(ExecuteReviewCommand, order, options);
        let answer = asked.await;
        if ctx.cancellation_token().is_cancelled() {
            return;
        }
        let ReviewAnswer {
            vote,
            comment,
            findings,
            problem,
        } = answer.unwrap_or_else(|error| ReviewAnswer {
            problem: Some(lost(&error, settings.host_timeout_s)),
            ..ReviewAnswer::default()
        });
        if let Some(vote) = vote {
            for (number, finding) in (1..).zip(findings) {
                report(ctx, round, axis, number, &reviewer_id, finding).await;
            }
            return cast(ctx, round, axis, vote, reviewer_id, comment);
        }
        why = problem.unwrap_or_default();
    }
    let content = VoteMissedSignal {
        phase: round.phase,
        round: round.number,
        axis,
        reviewer_id,
        why: limits::head(&why, limits::LONG_TEXT).to_owned(),
    };
    let signal = enveloped(ctx, content, &format!("missed/{}", axis.word()));
    let _ = ctx
        .external_workflow(round.epoch.clone(), None)
        .signal(
            EpochWorkflow::vote_missed,
            payload::of(&signal),
            options::signal(),
        )
        .await;
}

/// Tells the epoch of a finding, before the vote that it belongs to.
async fn report(
    ctx: &Context,
    round: &Round,
    axis: ReviewAxis,
    number: usize,
    reviewer_id: &str,
    finding: ReviewerFinding,
) {
    let (phase, round_number) = (round.phase, round.number);
    let name = format!("{phase}-r{round_number}-{}-{number}", axis.word());
    let content = FindingSignal {
        finding_id: name.clone(),
        severity: finding.severity,
        summary: finding.summary,
        slice_id: finding.slice_id,
        reported_by: reviewer_id.to_owned(),
    };
    let signal = enveloped(ctx, content, &format!("finding/{name}"));
    let _ = ctx
        .external_workflow(round.epoch.clone(), None)
        .signal(
            EpochWorkflow::record_finding,
            payload::of(&signal),
            options::signal(),
        )
        .await;
}

/// Why a command has no answer: most often because its host is gone.
fn lost(error: &ActivityExecutionError, host_timeout_s: u64) -> String {
    if !is_host_lost(error) {
        return error.to_string();
    }
    format!(
        "host_lost: the host of its command did not take it for {host_timeout_s} s; start aurad \
         there before the next round, or vote with `aura-msg signal vote`"
    )
}

/// Votes as anybody would who sends a vote to the review.
fn cast(
    ctx: &Context,
    round: &Round,
    axis: ReviewAxis,
    vote: VoteType,
    reviewer_id: String,
    comment: String,
) {
    let at = time::timestamp(ctx.workflow_time());
    let cast = VoteCast {
        axis,
        vote,
        reviewer_id: reviewer_id.clone(),
        comment: Some(comment).filter(|comment| !comment.is_empty()),
        phase: Some(round.phase),
        round: Some(round.number),
    };
    ctx.state_mut(|workflow| {
        let Ok(review) = &mut workflow.review else {
            return;
        };
        let vote = ReviewRunEvent::Vote(cast);
        // A round that is over meanwhile takes none.
        if let Ok(Some(vote)) = review.run.apply(at, Envelope::default(), vote) {
            review.outbox.push_back((vote, Some(reviewer_id)));
        }
    });
}

/// Reminds ever less often, so that a round that nobody ends does not fill its history.
async fn remind(ctx: &Context, round: &Round, every: u64) {
    let mut pause = every.max(1);
    while !ctx.cancellation_token().is_cancelled() {
        wait(ctx, pause).await;
        pause = pause.saturating_mul(2).min(LEAST_OFTEN.max(every));
        let reminder = Reminder {
            epoch_id: round.epoch.clone(),
            phase: round.phase,
            round: round.number,
        };
        // One that does not get through is followed by another.
        let _ = ctx
            .execute_activity(RemindReviewers, reminder, options::once())
            .await;
    }
}

async fn wait(ctx: &Context, seconds: u64) {
    ctx.timer(options::timer(options::seconds(seconds))).await;
}

fn enveloped<T>(ctx: &Context, content: T, what: &str) -> Enveloped<T> {
    let review = ctx.workflow_id();
    payload::enveloped(content, format!("{review}/{what}"), Some(review.to_owned()))
}

impl ReviewPhaseWorkflow {
    /// The round, if its epoch wants commands to be asked.
    fn asked_for(&self) -> Option<Round> {
        let review = self.review.as_ref().ok()?;
        let input = &review.input;
        Some(Round {
            epoch_id: input.epoch_id.clone(),
            epoch: input.parent_workflow_id.clone()?,
            phase: review.run.phase?,
            number: input.round?,
            request: input.request_description.clone()?,
            has_deadline: input.deadline.is_some(),
        })
    }
}
