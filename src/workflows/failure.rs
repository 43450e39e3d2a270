//! Failures that are told apart: how a workflow ends whose input cannot be used, at once and
//! clearly instead of a task that fails for ever; and hosts that do not come back.

use temporalio_common::error::{ActivityExecutionError, TimeoutType};
use temporalio_sdk::{ApplicationFailure, WorkflowTermination};

/// The end of a workflow with such an input; `type_name` is the failure's type.
pub(super) fn unusable_input(type_name: &str, why: String) -> WorkflowTermination {
    ApplicationFailure::builder(why)
        .type_name(type_name.to_owned())
        .non_retryable(true)
        .build()
        .into()
}

/// Whether a command has no result because its host did not take it in time. The server's own
/// words for it do not mention a host.
pub(super) fn is_host_lost(error: &ActivityExecutionError) -> bool {
    error
        .as_timeout()
        .is_some_and(|timeout| timeout.timeout_type() == TimeoutType::ScheduleToStart)
}
