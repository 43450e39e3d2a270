//! An epoch's children: how slices and reviews are started, told, stopped and missed. The
//! epoch never depends on a child's handle: it learns of the end by signal, and watches
//! only for children that died without a word.

use temporalio_sdk::ChildWorkflowStartError;

use super::super::activity::DescribeChildren;
use super::super::{ReviewPhaseWorkflow, SliceWorkflow, options, payload};
use super::perform::{Context, happen, with};
use super::shell::Shell;
use super::watch::{Report, Watched};
use crate::contract::child::ChildStatus;
use crate::contract::review::{CloseRoundSignal, ReviewInput};
use crate::contract::slice::SliceInput;
use crate::protocol::effect::Effect;
use crate::protocol::event::{ReviewLost, SliceLost};
use crate::protocol::id::SliceId;
use crate::protocol::slice::SliceState;
use crate::protocol::{Event, PhaseId, Word};

/// Performs an effect that is about a child; gives what is to be watched from then on.
pub(super) async fn perform(ctx: &Context, effect: Effect) -> Option<Watched<'_>> {
    match effect {
        Effect::StartSlice { slice_id, attempt } => {
            return start_slice(ctx, slice_id, attempt).await;
        }
        Effect::OpenReview { phase, round } => return open_review(ctx, phase, round).await,
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
    None
}

/// Starts a slice, whatever has been said about it since: an order to stop is next in the
/// queue, and what is asked for must not depend on what has come in meanwhile.
async fn start_slice(ctx: &Context, slice_id: SliceId, attempt: u32) -> Option<Watched<'_>> {
    let (input, id) = with(ctx, |shell| {
        let state = shell.state();
        let slice = state.slices.find(slice_id.as_str())?;
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
        Some((input, state.epoch_id.slice_workflow_id(&slice_id)))
    })?;
    let options = options::child(id, shown_epoch_id(ctx).as_deref());
    match ctx
        .start_child_workflow(SliceWorkflow::run, payload::of(&input), options)
        .await
    {
        Ok(child) => Some(Box::pin(async move {
            let result = child.result().await.map_err(|error| error.to_string());
            Report::SliceEnded {
                slice_id,
                attempt,
                result,
            }
        })),
        Err(error) => {
            let why = not_started(&error);
            let slice_id = slice_id.to_string();
            let lost = SliceLost {
                slice_id,
                attempt,
                why,
            };
            happen(ctx, Event::LoseSlice(lost));
            None
        }
    }
}

async fn open_review(ctx: &Context, phase: PhaseId, round: u32) -> Option<Watched<'_>> {
    let (input, id) = with(ctx, |shell| {
        let state = shell.state();
        let input = ReviewInput {
            epoch_id: state.epoch_id.to_string(),
            phase_id: phase.word().to_owned(),
            round: Some(round),
            deadline: state.settings.review_deadline_s,
            runner: None,
            parent_workflow_id: Some(shell.identity.workflow_id.clone()),
            request_description: Some(state.description.clone()),
        };
        (input, state.epoch_id.review_workflow_id(phase, round))
    });
    let options = options::child(id, shown_epoch_id(ctx).as_deref());
    match ctx
        .start_child_workflow(ReviewPhaseWorkflow::run, payload::of(&input), options)
        .await
    {
        Ok(child) => Some(Box::pin(async move {
            let how = match child.result().await {
                Ok(result) => format!("it ended with success {}", result.success),
                Err(error) => error.to_string(),
            };
            Report::ReviewEnded { phase, round, how }
        })),
        Err(error) => {
            let why = not_started(&error);
            happen(ctx, Event::LoseReview(ReviewLost { phase, round, why }));
            None
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

/// After continue-as-new the handles of children are gone; those that died without a
/// report are found by asking once.
pub(super) fn ask_for_children(ctx: &Context) -> Option<Watched<'_>> {
    let ids = with(ctx, |shell| shell.inherited_children());
    if ids.is_empty() {
        return None;
    }
    let asked = ctx.execute_activity(DescribeChildren, ids, options::deferred());
    Some(Box::pin(async move {
        Report::Children(asked.await.unwrap_or_default())
    }))
}

impl Shell {
    /// Children that an earlier run started: those that are open by the epoch's account
    /// and whose start is not still to be performed.
    fn inherited_children(&self) -> Vec<String> {
        let waiting = self.queue.effects();
        self.open_children()
            .into_iter()
            .filter(|(_, start)| !waiting.contains(&start))
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

/// Loses the children that are open by the epoch's account and are not among the living.
pub(super) fn lose_closed_children(ctx: &Context, found: &[ChildStatus]) {
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
