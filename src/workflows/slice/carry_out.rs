//! How a slice gets its result: from its command, from outside, or by being stopped.

use std::time::Duration;

use temporalio_common::RetryPolicy;
use temporalio_common::data_converters::MultiArgs5;
use temporalio_sdk::workflows::select;
use temporalio_sdk::{ActivityOptions, WorkflowContext};

use super::super::activity::ExecuteSliceCommand;
use super::super::{options, time};
use super::SliceWorkflow;
use crate::protocol::Envelope;
use crate::protocol::slice::{ExecutionConfig, SliceMode, SliceOutcome};
use crate::protocol::slice_run::SliceRunEvent;

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
        return;
    }
    let (epoch_id, slice_id) = ctx.state(|workflow| {
        workflow.slice.as_ref().map_or_else(
            |_| Default::default(),
            |slice| (slice.run.epoch_id.clone(), slice.run.slice_id.clone()),
        )
    });
    let limit = execution_limit(&config);
    let input = MultiArgs5(
        config.command.clone(),
        slice_id,
        epoch_id,
        None,
        Some(config.into()),
    );
    let mut executing = ctx.execute_activity(ExecuteSliceCommand, input, limit);
    select! {
        // A result from outside goes before the command's own.
        _ = ctx.wait_condition_with_options(SliceWorkflow::is_ended, options::wait()) => {
            temporalio_sdk::CancellableFuture::cancel(&executing);
        }
        reason = ctx.cancelled() => stop(ctx, reason),
        result = executing => {
            let outcome = match result {
                Ok(result) => result.into(),
                Err(error) => SliceOutcome::failed(error.to_string()),
            };
            end(ctx, outcome);
        }
    }
}

fn execution_limit(config: &ExecutionConfig) -> ActivityOptions {
    let limit = Duration::from_secs(config.timeout_seconds.clamp(1, 7 * 24 * 3600));
    ActivityOptions::with_schedule_to_close_timeout(limit)
        .retry_policy(RetryPolicy::builder().maximum_attempts(3).build())
        .build()
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

fn end(ctx: &WorkflowContext<SliceWorkflow>, outcome: SliceOutcome) {
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
