//! How a slice gets its result: from its command, from outside, or by being stopped.

use temporalio_common::data_converters::MultiArgs6;
use temporalio_common::error::ActivityExecutionError;
use temporalio_sdk::workflows::select;
use temporalio_sdk::{CancellableFuture, WorkflowContext};

use super::super::activity::{ExecuteSliceCommand, PlaceSliceCommand};
use super::super::failure::is_host_lost;
use super::super::{options, time};
use super::{SliceWorkflow, unplaced};
use crate::contract::command::{PlaceOrder, Placement, SliceRound};
use crate::contract::slice::SliceResult;
use crate::protocol::Envelope;
use crate::protocol::slice::{ExecutionConfig, SliceMode, SliceOutcome};
use crate::protocol::slice_run::{SliceRun, SliceRunEvent};

/// Histories that began before commands had a host lack this mark.
const HAS_HOST: &str = "slice-command-has-host";
/// The code of a slice whose host did not come back.
const HOST_LOST: &str = "host_lost";

/// Carries the slice out. It ends with a result: the command's, one from outside, or
/// that it was cancelled.
pub(super) async fn carry_out(ctx: &WorkflowContext<SliceWorkflow>) {
    let told = |workflow: &SliceWorkflow| workflow.is_ended() || workflow.config().is_some();
    select! {
        _ = ctx.wait_condition_with_options(told, options::wait()) => {}
        reason = ctx.cancelled() => stop(ctx, reason),
    }
    let Some(config) = ctx.state(SliceWorkflow::config) else {
        return;
    };
    if ctx.state(SliceWorkflow::is_ended) {
        return;
    }
    if config.mode == SliceMode::Mock {
        let output = "mock: nothing was run".to_owned();
        end(ctx, SliceOutcome::succeeded(output));
    } else if ctx.patched(HAS_HOST) {
        on_a_host(ctx, config).await;
    } else {
        unplaced::execute(ctx, config).await;
    }
}

/// Finds a host, and has the command run there, again for as long as reviewers have said
/// something that it has not been told.
async fn on_a_host(ctx: &WorkflowContext<SliceWorkflow>, config: ExecutionConfig) {
    let (epoch_id, slice_id) = ctx.state(SliceWorkflow::ids);
    let order = PlaceOrder {
        epoch_id: epoch_id.clone(),
        slice_id: slice_id.clone(),
        config: config.clone().into(),
    };
    let placing = ctx.execute_activity(PlaceSliceCommand, order, options::lookup());
    let placement = match unless_ended(ctx, placing).await {
        None => return,
        Some(Ok(placement)) => placement,
        Some(Err(error)) => return end(ctx, SliceOutcome::failed(error.to_string())),
    };
    let Placement {
        queue,
        host_timeout_s,
        timeout_s,
        running,
        refused,
    } = placement;
    if let Some(refused) = refused {
        return end(ctx, refused.into());
    }
    ctx.state_mut(|workflow| workflow.set_running(running));
    let host_timeout = options::seconds(host_timeout_s);
    loop {
        let input = MultiArgs6(
            config.command.clone(),
            slice_id.clone(),
            epoch_id.clone(),
            None,
            config.clone().into(),
            ctx.state(|workflow| workflow.round(timeout_s)),
        );
        let options = options::command(queue.clone(), host_timeout);
        let executing = ctx.execute_activity(ExecuteSliceCommand, input, options);
        let outcome: SliceOutcome = match unless_ended(ctx, executing).await {
            None => return,
            Some(Ok(result)) => SliceResult::into(result),
            Some(Err(error)) => return end(ctx, lost(&error, host_timeout_s)),
        };
        if !ctx.state_mut(SliceWorkflow::has_another_round) {
            return end(ctx, outcome);
        }
    }
}

/// Waits for an activity, unless the slice ends meanwhile: then the activity is cancelled,
/// since a result from outside goes before the command's own.
pub(super) async fn unless_ended<F: CancellableFuture + Unpin>(
    ctx: &WorkflowContext<SliceWorkflow>,
    mut doing: F,
) -> Option<F::Output> {
    select! {
        _ = ctx.wait_condition_with_options(SliceWorkflow::is_ended, options::wait()) => {
            doing.cancel();
            None
        }
        reason = ctx.cancelled() => {
            stop(ctx, reason);
            None
        }
        result = doing => Some(result),
    }
}

impl SliceWorkflow {
    /// What the command is told in this round.
    fn round(&self, timeout_s: u64) -> SliceRound {
        let Ok(slice) = &self.slice else {
            return SliceRound::default();
        };
        let SliceRun { round, handed, .. } = slice.run;
        let handed = slice.run.cycles.iter().take(handed);
        SliceRound {
            about: slice.input.phase_spec.clone(),
            round,
            feedback: handed.map(|cycle| cycle.feedback.clone()).collect(),
            timeout_s,
        }
    }

    fn has_another_round(&mut self) -> bool {
        let run = self.slice.as_mut().map(|slice| &mut slice.run);
        run.is_ok_and(SliceRun::begin_round)
    }
}

fn stop(ctx: &WorkflowContext<SliceWorkflow>, reason: Option<String>) {
    let reason = reason.filter(|reason| !reason.is_empty());
    end(
        ctx,
        SliceOutcome::failed(match reason {
            Some(reason) => format!("cancelled: {reason}"),
            None => "cancelled".to_owned(),
        }),
    );
}

/// Why a command has no result: most often because its host is gone.
fn lost(error: &ActivityExecutionError, host_timeout_s: u64) -> SliceOutcome {
    if !is_host_lost(error) {
        return SliceOutcome::failed(error.to_string());
    }
    SliceOutcome {
        code: Some(HOST_LOST.to_owned()),
        ..SliceOutcome::failed(format!(
            "{HOST_LOST}: its host did not take the command for {host_timeout_s} s; start aurad \
             there, or have the slice run again elsewhere with `aura-msg slice retry`"
        ))
    }
}

pub(super) fn end(ctx: &WorkflowContext<SliceWorkflow>, outcome: SliceOutcome) {
    let at = time::timestamp(ctx.workflow_time());
    ctx.state_mut(|workflow| {
        if let Ok(slice) = &mut workflow.slice {
            // Whoever ended it first has the say.
            let _ = slice
                .run
                .apply(at, Envelope::default(), SliceRunEvent::Executed(outcome));
        }
    });
}
