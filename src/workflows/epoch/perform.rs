//! The one interpreter of effects. It performs them one by one, in order, while the
//! handlers go on applying messages; none of it can hold a message up for longer than
//! one short audit write.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use temporalio_sdk::{
    ContinueAsNewOptions, TimerOptions, WorkflowContext, WorkflowResult, WorkflowTermination,
};

use super::super::activity::{ProbeSearchAttributes, RecordAuditEvents};
use super::super::{attributes, options, payload, time};
use super::EpochWorkflow;
use super::children;
use super::pump::Turn;
use super::shell::Shell;
use super::watch::{Report, Watch};
use crate::contract::epoch::EpochResult;
use crate::failpoint;
use crate::protocol::effect::{Effect, Ending};
use crate::protocol::event::{ReviewLost, SliceLost, SliceReport};
use crate::protocol::state::EpochStatus;
use crate::protocol::{Event, Timestamp};

/// What effects are performed with.
pub(super) type Context = WorkflowContext<EpochWorkflow>;

/// How long to leave an audit trail alone that gave up, which none of ours does.
const AUDIT_RETRY: Duration = Duration::from_secs(10);

/// What a turn of the loop is about.
enum Next {
    Report(Report),
    Cancelled(Option<String>),
    NewRun,
    Work,
}

/// What to do now.
enum Todo {
    Wait,
    Publish,
    Audit(Turn),
    Perform(Effect),
    Finish(Ending),
}

/// Performs effects until the epoch ends or goes on as a new run.
pub(super) async fn until_ended(ctx: &Context) -> WorkflowResult<EpochResult> {
    let mut watch = Watch::default();
    children::ask_for_children(ctx, &mut watch);
    loop {
        let cancelling = with(ctx, |shell| shell.state().status != EpochStatus::Running);
        match next(ctx, &mut watch, cancelling).await {
            Next::Report(report) => take_report(ctx, &mut watch, report),
            Next::Cancelled(reason) => {
                happen(
                    ctx,
                    Event::RequestCancel {
                        reason: reason.unwrap_or_default(),
                    },
                );
                let patience = ctx.timer(
                    TimerOptions::builder(options::CANCEL_PATIENCE)
                        .cancellation_token(options::detached())
                        .build(),
                );
                watch.add(async move {
                    patience.await;
                    Report::Patience
                });
            }
            Next::NewRun => return continue_as_new(ctx),
            Next::Work => {
                match with(ctx, |shell| shell.todo(now(ctx))) {
                    Todo::Wait => {}
                    Todo::Publish => publish(ctx).await,
                    Todo::Audit(turn) => audit(ctx, &mut watch, turn).await,
                    Todo::Perform(effect) => children::perform(ctx, &mut watch, effect).await,
                    Todo::Finish(ending) => return finish(ctx, ending),
                }
                // A replay performs again what an earlier process performed.
                if !ctx.is_replaying() {
                    failpoint::hit("effect");
                }
            }
        }
        if with(ctx, |shell| shell.is_cancel_settled()) {
            happen(ctx, Event::SettleCancel);
        }
    }
}

/// Waits for whatever comes first: reports, then a request to cancel, then the time for a
/// new run, which messages alone can bring although they leave no work; then work.
async fn next<'a>(ctx: &'a Context, watch: &mut Watch<'a>, cancelling: bool) -> Next {
    let mut cancelled = pin!(ctx.cancelled());
    let mut work = pin!(ctx.wait_condition_with_options(
        |workflow| workflow.shell.as_ref().is_ok_and(Shell::has_work),
        options::wait(),
    ));
    poll_fn(|cx| {
        if let Poll::Ready(report) = watch.poll(cx) {
            return Poll::Ready(Next::Report(report));
        }
        if !cancelling && let Poll::Ready(reason) = cancelled.as_mut().poll(cx) {
            return Poll::Ready(Next::Cancelled(reason));
        }
        if is_time_for_new_run(ctx) {
            return Poll::Ready(Next::NewRun);
        }
        // The wait is on a token of its own, so it ends only when there is work.
        work.as_mut().poll(cx).map(|_| Next::Work)
    })
    .await
}

impl Shell {
    fn has_work(&self) -> bool {
        match self.effects.front() {
            Some(Effect::Finish(_)) => self.pump.is_empty() || self.pump.has_work(),
            Some(_) => true,
            None => self.pump.has_work(),
        }
    }

    /// Attributes first, since they cost a command and no wait; then the audit trail;
    /// then what takes a round trip.
    fn todo(&mut self, now: Timestamp) -> Todo {
        if self.effects.front() == Some(&Effect::PublishAttributes) {
            self.effects.pop_front();
            return Todo::Publish;
        }
        match self.pump.turn(now) {
            Turn::Idle => {}
            turn => return Todo::Audit(turn),
        }
        match self.effects.front() {
            None => Todo::Wait,
            Some(Effect::Finish(_)) if !self.pump.is_empty() => Todo::Wait,
            Some(_) => match self.effects.pop_front() {
                Some(Effect::Finish(ending)) => Todo::Finish(ending),
                Some(effect) => Todo::Perform(effect),
                None => Todo::Wait,
            },
        }
    }
}

async fn publish(ctx: &Context) {
    let known = match with(ctx, |shell| shell.attributes) {
        Some(known) => known,
        // Whoever started the epoch with attributes has shown that they can be written.
        None if ctx.search_attributes().contains_key(&attributes::EPOCH_ID) => true,
        None => ctx
            .execute_local_activity(ProbeSearchAttributes, (), options::inline())
            .await
            .unwrap_or(false),
    };
    with(ctx, |shell| shell.attributes = Some(known));
    if !known {
        return;
    }
    let wanted = with(ctx, |shell| attributes::of_state(shell.state()));
    let shown = ctx.search_attributes();
    let mut after = shown.clone();
    for update in wanted.iter().cloned() {
        after.apply(update);
    }
    if after.to_proto() != shown.to_proto() {
        ctx.upsert_search_attributes(wanted);
    }
}

async fn audit<'a>(ctx: &'a Context, watch: &mut Watch<'a>, turn: Turn) {
    match turn {
        Turn::Idle => {}
        Turn::Inline(events) => {
            let count = events.len();
            let written = ctx
                .execute_local_activity(RecordAuditEvents, events, options::inline())
                .await;
            let at = now(ctx);
            with(ctx, |shell| match written {
                Ok(()) => shell.pump.written(count),
                Err(_) => shell.pump.defer(at),
            });
        }
        Turn::Deferred(events) => {
            let writing = ctx.execute_activity(RecordAuditEvents, events, options::deferred());
            watch.add(async move { Report::AuditDeferred(writing.await.is_ok()) });
        }
    }
}

fn take_report<'a>(ctx: &'a Context, watch: &mut Watch<'a>, report: Report) {
    let at = now(ctx);
    match report {
        Report::AuditDeferred(true) => with(ctx, |shell| shell.pump.deferred_written(at)),
        Report::AuditDeferred(false) => {
            let wait = ctx.timer(
                TimerOptions::builder(AUDIT_RETRY)
                    .cancellation_token(options::detached())
                    .build(),
            );
            watch.add(async move {
                wait.await;
                Report::AuditRetry
            });
        }
        Report::AuditRetry => with(ctx, |shell| shell.pump.deferred_failed(at)),
        Report::SliceEnded {
            slice_id,
            attempt,
            result,
        } => {
            let slice_id = slice_id.to_string();
            happen(
                ctx,
                match result {
                    Ok(result) => {
                        let outcome = result.into();
                        Event::FinishSlice(SliceReport {
                            slice_id,
                            attempt,
                            outcome,
                        })
                    }
                    Err(why) => Event::LoseSlice(SliceLost {
                        slice_id,
                        attempt,
                        why,
                    }),
                },
            );
        }
        Report::ReviewEnded {
            phase,
            round,
            how: why,
        } => {
            happen(ctx, Event::LoseReview(ReviewLost { phase, round, why }));
        }
        Report::Children(found) => children::lose_closed_children(ctx, &found),
        Report::Patience => happen(ctx, Event::SettleCancel),
    }
}

/// A new run is begun between effects, when nothing is in flight that would report to
/// this one; not while cancelling, which is short and ends the run anyway.
fn is_time_for_new_run(ctx: &Context) -> bool {
    ctx.continue_as_new_suggested()
        && with(ctx, |shell| {
            matches!(
                shell.state().status,
                EpochStatus::Running | EpochStatus::Complete
            )
        })
}

fn continue_as_new(ctx: &Context) -> WorkflowResult<EpochResult> {
    let input = payload::of(&with(ctx, |shell| shell.carry()));
    let options = ContinueAsNewOptions::builder()
        .task_timeout(options::TASK_TIMEOUT)
        .build();
    match ctx.continue_as_new(input, options)? {}
}

fn finish(ctx: &Context, ending: Ending) -> WorkflowResult<EpochResult> {
    let result = with(ctx, |shell| EpochResult::from(shell.state()));
    match ending {
        Ending::Completed => Ok(result),
        Ending::Cancelled => Err(WorkflowTermination::cancelled_with_details(result)),
    }
}

/// Applies an event of the workflow's own.
pub(super) fn happen(ctx: &Context, event: Event) {
    let at = now(ctx);
    with(ctx, |shell| shell.happen(at, event));
}

fn now(ctx: &Context) -> Timestamp {
    time::timestamp(ctx.workflow_time())
}

/// The shell; `until_ended` runs only where there is one.
pub(super) fn with<R>(ctx: &Context, f: impl FnOnce(&mut Shell) -> R) -> R {
    ctx.state_mut(|workflow| match &mut workflow.shell {
        Ok(shell) => f(shell),
        Err(_) => unreachable!("effects are performed for a usable input only"),
    })
}
