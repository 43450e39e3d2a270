//! How a workflow ends whose input cannot be used: at once, and clearly, instead of a
//! task that fails for ever.

use temporalio_sdk::{ApplicationFailure, WorkflowTermination};

/// The end of a workflow with such an input; `type_name` is the failure's type.
pub(super) fn unusable_input(type_name: &str, why: String) -> WorkflowTermination {
    ApplicationFailure::builder(why)
        .type_name(type_name.to_owned())
        .non_retryable(true)
        .build()
        .into()
}
