//! What an attempt at an activity is known by on the log: every line that is logged while it
//! is carried out has its ids. Those that are only in what it was given, it adds itself.

use futures::FutureExt as _;
use temporalio_sdk::activities::ActivityError;
use temporalio_sdk::interceptors::{
    ActivityInboundInterceptor, ExecuteActivityInput, ExecuteActivityOutput, Next,
};
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::contract::names;
use crate::telemetry::ids;

/// Carries activities out in a span of their own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Attempts;

impl ActivityInboundInterceptor for Attempts {
    fn execute_activity<'a>(
        &'a self,
        input: ExecuteActivityInput,
        next: Next<'a, ExecuteActivityInput, ExecuteActivityOutput<'a>>,
    ) -> ExecuteActivityOutput<'a> {
        let span = span(&input);
        let attempt = async move {
            let result = next.run(input).await;
            match &result {
                Err(ActivityError::Application(error)) => {
                    tracing::debug!(%error, "an attempt at an activity failed");
                }
                Err(ActivityError::Cancelled { .. }) => {
                    tracing::debug!("an attempt at an activity was cancelled");
                }
                Ok(_) | Err(_) => {}
            }
            result
        };
        attempt.instrument(span).boxed()
    }
}

fn span(input: &ExecuteActivityInput) -> Span {
    let info = input.activity_info();
    let span = tracing::error_span!(
        "activity",
        activity = info.activity_type,
        attempt = info.attempt,
        epoch_id = Empty,
        slice_id = Empty,
        workflow_id = info.workflow_id,
        run_id = info.workflow_run_id,
        trace_id = Empty,
    );
    // An epoch's workflow is called like the epoch.
    if info.workflow_type.as_deref() == Some(names::EPOCH_WORKFLOW)
        && let Some(workflow_id) = &info.workflow_id
    {
        span.record(ids::EPOCH, workflow_id);
    }
    span
}
