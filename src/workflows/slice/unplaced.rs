//! Slices that began when any worker of the queue could take their command: their histories
//! go on as they began.

use std::time::Duration;

use temporalio_common::RetryPolicy;
use temporalio_common::data_converters::MultiArgs5;
use temporalio_sdk::{ActivityOptions, WorkflowContext};

use super::super::activity::ExecuteUnplaced;
use super::SliceWorkflow;
use super::carry_out::{end, unless_ended};
use crate::protocol::limits;
use crate::protocol::slice::{ExecutionConfig, SliceOutcome};

/// Has the command carried out, and the slice end with what came of it.
pub(super) async fn execute(ctx: &WorkflowContext<SliceWorkflow>, config: ExecutionConfig) {
    let (epoch_id, slice_id) = ctx.state(SliceWorkflow::ids);
    let limit = Duration::from_secs(config.timeout_seconds.clamp(1, limits::SLICE_SECONDS));
    let options = ActivityOptions::with_schedule_to_close_timeout(limit)
        .retry_policy(RetryPolicy::builder().maximum_attempts(3).build())
        .build();
    let input = MultiArgs5(
        config.command.clone(),
        slice_id,
        epoch_id,
        None,
        Some(config.into()),
    );
    let executing = ctx.execute_activity(ExecuteUnplaced, input, options);
    if let Some(result) = unless_ended(ctx, executing).await {
        let outcome = match result {
            Ok(result) => result.into(),
            Err(error) => SliceOutcome::failed(error.to_string()),
        };
        end(ctx, outcome);
    }
}
