//! The names of numbers that are enumerations, for those who read a difference. Numbers
//! without a name here are compared as numbers.

use temporalio_common::protos::temporal::api::enums::v1::{
    CancelExternalWorkflowExecutionFailedCause, ContinueAsNewInitiator, ParentClosePolicy,
    RetryState, SignalExternalWorkflowExecutionFailedCause, StartChildWorkflowExecutionFailedCause,
    TaskQueueKind, TimeoutType, WorkflowIdReusePolicy, WorkflowTaskFailedCause,
};

/// The name of a number in this field of this kind of event.
pub fn of(kind: &str, field: &str, number: i64) -> Option<&'static str> {
    macro_rules! name {
        ($type:ty) => {
            <$type>::try_from(i32::try_from(number).ok()?)
                .ok()
                .filter(|value| *value as i32 != 0)
                .map(|value| value.as_str_name())
        };
    }
    match (kind, field) {
        (_, "retry_state") => name!(RetryState),
        (_, "timeout_type") => name!(TimeoutType),
        (_, "initiator") => name!(ContinueAsNewInitiator),
        (_, "parent_close_policy") => name!(ParentClosePolicy),
        (_, "workflow_id_reuse_policy") => name!(WorkflowIdReusePolicy),
        (_, "kind") => name!(TaskQueueKind),
        ("WorkflowTaskFailed", "cause") => name!(WorkflowTaskFailedCause),
        ("StartChildWorkflowExecutionFailed", "cause") => {
            name!(StartChildWorkflowExecutionFailedCause)
        }
        ("SignalExternalWorkflowExecutionFailed", "cause") => {
            name!(SignalExternalWorkflowExecutionFailedCause)
        }
        ("RequestCancelExternalWorkflowExecutionFailed", "cause") => {
            name!(CancelExternalWorkflowExecutionFailedCause)
        }
        _ => None,
    }
}
