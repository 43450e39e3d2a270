//! The one interpreter of effects. It performs them one by one, in order, while the
//! handlers go on applying messages; none of it can hold a message up for longer than
//! one short audit write.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use temporalio_sdk::{
    ChildWorkflowStartError, ContinueAsNewOptions, TimerOptions, WorkflowContext, WorkflowResult,
    WorkflowTermination,
};

use super::super::activity::{DescribeChildren, ProbeSearchAttributes, RecordAuditEvents};
use super::super::{ReviewPhaseWorkflow, SliceWorkflow, attributes, options, payload, time};
use super::EpochWorkflow;
use super::pump::Turn;
use super::shell::Shell;
use super::watch::{Report, Watch};
use crate::contract::child::ChildStatus;
use crate::contract::epoch::EpochResult;
use crate::contract::review::{CloseRoundSignal, ReviewInput};
use crate::contract::slice::SliceInput;
use crate::failpoint;
use crate::protocol::effect::{Effect, Ending};
use crate::protocol::event::{ReviewLost, SliceLost, SliceReport};
use crate::protocol::id::SliceId;
use crate::protocol::slice::{SliceOutcome, SliceState};
use crate::protocol::state::EpochStatus;
use crate::protocol::{Event, PhaseId, Timestamp, Word};

type Context = WorkflowContext<EpochWorkflow>;

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
    ask_for_children(ctx, &mut watch);
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
                    Todo::Perform(effect) => perform(ctx, &mut watch, effect).await,
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

async fn perform<'a>(ctx: &'a Context, watch: &mut Watch<'a>, effect: Effect) {
    match effect {
        Effect::StartSlice { slice_id, attempt } => {
            start_slice(ctx, watch, slice_id, attempt).await;
        }
        Effect::OpenReview { phase, round } => open_review(ctx, watch, phase, round).await,
        Effect::CancelSlice { slice_id, reason } => {
            let id = with(ctx, |shell| {
                shell.state().epoch_id.slice_workflow_id(&slice_id)
            });
            // A slice that is gone reports so, or is watched.
            let _ = ctx.external_workflow(id, None).cancel(Some(reason)).await;
        }
        Effect::CloseReview { phase, round } => close_review(ctx, phase, round).await,
        // Handled where they are taken from the queue.
        Effect::PublishAttributes | Effect::Audit(_) | Effect::Finish(_) => {}
    }
}

async fn start_slice<'a>(ctx: &'a Context, watch: &mut Watch<'a>, slice_id: SliceId, attempt: u32) {
    let prepared = with(ctx, |shell| {
        let state = shell.state();
        let slice = state.slices.find(slice_id.as_str())?;
        let is_wanted = slice.state == SliceState::Running && slice.attempt == attempt;
        is_wanted.then(|| {
            let input = SliceInput {
                epoch_id: state.epoch_id.to_string(),
                slice_id: slice_id.to_string(),
                phase_spec: slice.phase_spec.clone(),
                parent_workflow_id: shell.identity.workflow_id.clone(),
                config: Some(slice.config.clone().into()),
                dependencies: slice.dependencies.iter().map(ToString::to_string).collect(),
                leaf_task_ids: slice.leaf_task_ids.clone(),
                attempt,
            };
            (
                input,
                state.epoch_id.slice_workflow_id(&slice_id),
                slice.stopping,
            )
        })
    });
    let Some((input, id, stopping)) = prepared else {
        return;
    };
    let outcome = |why: String| SliceOutcome {
        success: false,
        output: String::new(),
        error: Some(why),
    };
    if stopping {
        let outcome = outcome("it was cancelled before it started".to_owned());
        let slice_id = slice_id.to_string();
        happen(
            ctx,
            Event::FinishSlice(SliceReport {
                slice_id,
                attempt,
                outcome,
            }),
        );
        return;
    }
    let options = options::child(id, shown_epoch_id(ctx).as_deref());
    match ctx
        .start_child_workflow(SliceWorkflow::run, payload::of(&input), options)
        .await
    {
        Ok(child) => watch.add(async move {
            let result = child.result().await.map_err(|error| error.to_string());
            Report::SliceEnded {
                slice_id,
                attempt,
                result,
            }
        }),
        Err(error) => {
            let why = not_started(&error);
            let slice_id = slice_id.to_string();
            happen(
                ctx,
                Event::LoseSlice(SliceLost {
                    slice_id,
                    attempt,
                    why,
                }),
            );
        }
    }
}

async fn open_review<'a>(ctx: &'a Context, watch: &mut Watch<'a>, phase: PhaseId, round: u32) {
    let (input, id) = with(ctx, |shell| {
        let state = shell.state();
        let input = ReviewInput {
            epoch_id: state.epoch_id.to_string(),
            phase_id: phase.word().to_owned(),
            round: Some(round),
            deadline: state.settings.review_deadline_s,
            runner: None,
            parent_workflow_id: Some(shell.identity.workflow_id.clone()),
        };
        (input, state.epoch_id.review_workflow_id(phase, round))
    });
    let options = options::child(id, shown_epoch_id(ctx).as_deref());
    match ctx
        .start_child_workflow(ReviewPhaseWorkflow::run, payload::of(&input), options)
        .await
    {
        Ok(child) => watch.add(async move {
            let how = match child.result().await {
                Ok(result) => format!("it ended with success {}", result.success),
                Err(error) => error.to_string(),
            };
            Report::ReviewEnded { phase, round, how }
        }),
        Err(error) => {
            let why = not_started(&error);
            happen(ctx, Event::LoseReview(ReviewLost { phase, round, why }));
        }
    }
}

async fn close_review(ctx: &Context, phase: PhaseId, round: u32) {
    let told = with(ctx, |shell| {
        let state = shell.state();
        let found = state
            .rounds
            .iter()
            .find(|r| r.phase == phase && r.number == round)?;
        let reason = found.review_closed?;
        let signal = CloseRoundSignal {
            round,
            reason: reason.word().to_owned(),
            votes: found.verdicts(),
        };
        Some((signal, state.epoch_id.review_workflow_id(phase, round)))
    });
    let Some((signal, id)) = told else { return };
    // A review that is gone needs no telling.
    let _ = ctx
        .external_workflow(id, None)
        .signal(
            ReviewPhaseWorkflow::close_round,
            payload::of(&signal),
            options::signal(),
        )
        .await;
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
        Report::Children(found) => lose_closed_children(ctx, &found),
        Report::Patience => happen(ctx, Event::SettleCancel),
    }
}

/// After continue-as-new the handles of children are gone; those that died without a
/// report are found by asking once.
fn ask_for_children<'a>(ctx: &'a Context, watch: &mut Watch<'a>) {
    let ids = with(ctx, |shell| shell.inherited_children());
    if ids.is_empty() {
        return;
    }
    let asked = ctx.execute_activity(DescribeChildren, ids, options::deferred());
    watch.add(async move { Report::Children(asked.await.unwrap_or_default()) });
}

impl Shell {
    /// Children that an earlier run started: those that are open by the epoch's account
    /// and whose start is not still to be performed.
    fn inherited_children(&self) -> Vec<String> {
        self.open_children()
            .into_iter()
            .filter(|(_, start)| !self.effects.contains(start))
            .map(|(id, _)| id)
            .collect()
    }

    /// Workflow ids of the children that are open by the epoch's account, each with the
    /// effect that starts it.
    fn open_children(&self) -> Vec<(String, Effect)> {
        let state = self.state();
        let slices = state.slices.in_state(SliceState::Running).map(|slice| {
            let (slice_id, attempt) = (slice.id.clone(), slice.attempt);
            let id = state.epoch_id.slice_workflow_id(&slice_id);
            (id, Effect::StartSlice { slice_id, attempt })
        });
        let reviews = state
            .rounds
            .iter()
            .filter(|round| round.has_child && round.review_closed.is_none())
            .map(|round| {
                let (phase, number) = (round.phase, round.number);
                let id = state.epoch_id.review_workflow_id(phase, number);
                (
                    id,
                    Effect::OpenReview {
                        phase,
                        round: number,
                    },
                )
            });
        slices.chain(reviews).collect()
    }
}

fn lose_closed_children(ctx: &Context, found: &[ChildStatus]) {
    let lost: Vec<Event> = with(ctx, |shell| {
        let closed = |id: &str| {
            found
                .iter()
                .find(|child| !child.open && child.workflow_id == id)
        };
        shell
            .open_children()
            .into_iter()
            .filter_map(|(id, start)| {
                let why = format!(
                    "its workflow ended without a report: {}",
                    closed(&id)?.status
                );
                match start {
                    Effect::StartSlice { slice_id, attempt } => {
                        let slice_id = slice_id.to_string();
                        Some(Event::LoseSlice(SliceLost {
                            slice_id,
                            attempt,
                            why,
                        }))
                    }
                    Effect::OpenReview { phase, round } => {
                        Some(Event::LoseReview(ReviewLost { phase, round, why }))
                    }
                    _ => None,
                }
            })
            .collect()
    });
    for event in lost {
        happen(ctx, event);
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

fn not_started(error: &ChildWorkflowStartError) -> String {
    match error {
        ChildWorkflowStartError::StartFailed {
            workflow_id, cause, ..
        } => {
            format!("its workflow '{workflow_id}' could not be started: {cause:?}")
        }
        other => format!("its workflow could not be started: {other}"),
    }
}

/// The epoch's id for its children's attributes, where attributes can be written.
fn shown_epoch_id(ctx: &Context) -> Option<String> {
    with(ctx, |shell| {
        (shell.attributes == Some(true)).then(|| shell.state().epoch_id.to_string())
    })
}

fn happen(ctx: &Context, event: Event) {
    let at = now(ctx);
    with(ctx, |shell| shell.happen(at, event));
}

fn now(ctx: &Context) -> Timestamp {
    time::timestamp(ctx.workflow_time())
}

/// The shell; `until_ended` runs only where there is one.
fn with<R>(ctx: &Context, f: impl FnOnce(&mut Shell) -> R) -> R {
    ctx.state_mut(|workflow| match &mut workflow.shell {
        Ok(shell) => f(shell),
        Err(_) => unreachable!("effects are performed for a usable input only"),
    })
}
