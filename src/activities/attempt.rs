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
use crate::telemetry::trace::{self, End, Origin};

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
        let mut trace = trace_of(&input);
        if let Some(trace_id) = trace.trace_id() {
            span.record(ids::TRACE, trace_id);
        }
        let attempt = async move {
            let result = next.run(input).await;
            match &result {
                Err(ActivityError::Application(error)) => {
                    tracing::debug!(%error, "an attempt at an activity failed");
                    trace.fail(error);
                }
                Err(ActivityError::Cancelled { .. }) => {
                    tracing::debug!("an attempt at an activity was cancelled");
                    trace.fail(&"cancelled");
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

/// The same for a collector, if one is asked for.
fn trace_of(input: &ExecuteActivityInput) -> trace::Span {
    if !trace::is_on() {
        return trace::Span::default();
    }
    let header = input.headers().get(names::TRACE_HEADER);
    let origin = header.and_then(|header| Origin::read(&header.data));
    let info = input.activity_info();
    let attributes = [
        (trace::WORKFLOW, info.workflow_id.as_deref()),
        (trace::RUN, info.workflow_run_id.as_deref()),
        (trace::ACTIVITY, Some(info.activity_id.as_str())),
    ];
    let what = info.activity_type.as_str();
    trace::Span::begin(
        End::Doing,
        "RunActivity",
        what,
        origin.as_ref(),
        &attributes,
    )
}
