//! The kinds that histories name, with their numbers. The names of all of them are different.

use temporalio_common::protos::temporal::api::enums::v1::{
    ActivityTaskFailedCause, CancelExternalWorkflowExecutionFailedCause, ContinueAsNewInitiator,
    ContinueAsNewVersioningBehavior, EventType, ParentClosePolicy, RetryState,
    SignalExternalWorkflowExecutionFailedCause, StartChildWorkflowExecutionFailedCause,
    SuggestContinueAsNewReason, TaskQueueKind, TimeoutType, UpdateAdmittedEventOrigin,
    VersioningBehavior, WorkflowIdReusePolicy, WorkflowTaskFailedCause,
};

/// The number that a name stands for.
pub(super) fn number(name: &str) -> Option<i32> {
    macro_rules! first_of {
        ($($kind:ident)*) => {
            None$(.or_else(|| $kind::from_str_name(name).map(|kind| kind as i32)))*
        };
    }
    first_of! {
        EventType TaskQueueKind RetryState TimeoutType WorkflowTaskFailedCause
        ContinueAsNewInitiator ParentClosePolicy WorkflowIdReusePolicy ActivityTaskFailedCause
        StartChildWorkflowExecutionFailedCause SignalExternalWorkflowExecutionFailedCause
        CancelExternalWorkflowExecutionFailedCause ContinueAsNewVersioningBehavior
        SuggestContinueAsNewReason UpdateAdmittedEventOrigin VersioningBehavior
    }
}
