//! The activities as workflows know them: names and types, without the code that runs
//! them.

use temporalio_common::ActivityDefinition;
use temporalio_common::data_converters::MultiArgs5;

use crate::contract::audit::AuditEvent;
use crate::contract::child::ChildStatus;
use crate::contract::names::activity;
use crate::contract::slice::{SliceExecutionConfig, SliceResult};

macro_rules! activities {
    ($($(#[$meta:meta])* $name:ident = $word:expr, ($input:ty) -> $output:ty;)+) => {$(
        $(#[$meta])*
        pub struct $name;

        impl ActivityDefinition for $name {
            type Input = $input;
            type Output = $output;

            fn name(&self) -> &'static str {
                $word
            }
        }
    )+};
}

activities! {
    /// Appends events to the audit trail, all or none; writing one again is harmless.
    RecordAuditEvents = activity::RECORD_AUDIT_EVENTS, (Vec<AuditEvent>) -> ();
    /// Carries a slice's command out: command, slice, epoch, search path, configuration.
    ExecuteSliceCommand = activity::EXECUTE_SLICE_COMMAND,
        (MultiArgs5<String, String, String, Option<String>, Option<SliceExecutionConfig>>)
        -> SliceResult;
    /// Whether this worker's namespace knows aura's search attributes.
    ProbeSearchAttributes = activity::PROBE_SEARCH_ATTRIBUTES, (()) -> bool;
    /// Which of these workflows are still open.
    DescribeChildren = activity::DESCRIBE_CHILDREN, (Vec<String>) -> Vec<ChildStatus>;
}
