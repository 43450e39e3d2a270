//! The activities as workflows know them: names and types, without the code that runs
//! them.

use temporalio_common::ActivityDefinition;
use temporalio_common::data_converters::{MultiArgs5, MultiArgs6};

use crate::contract::audit::AuditEvent;
use crate::contract::child::ChildStatus;
use crate::contract::command::{
    PlaceOrder, Placement, Reminder, ReviewAnswer, ReviewOrder, ReviewSettings, SliceRound,
};
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
    /// Finds a host for a slice's command.
    PlaceSliceCommand = activity::PLACE_SLICE_COMMAND, (PlaceOrder) -> Placement;
    /// Carries a slice's command out: command, slice, epoch, search path, configuration,
    /// round.
    ExecuteSliceCommand = activity::EXECUTE_SLICE_COMMAND,
        (MultiArgs6<String, String, String, Option<String>, SliceExecutionConfig, SliceRound>)
        -> SliceResult;
    /// The same as slices asked for it that began before commands had a host.
    ExecuteUnplaced = activity::EXECUTE_SLICE_COMMAND,
        (MultiArgs5<String, String, String, Option<String>, Option<SliceExecutionConfig>>)
        -> SliceResult;
    /// What the operator has set for reviews.
    GetReviewSettings = activity::REVIEW_SETTINGS, (()) -> ReviewSettings;
    /// Has a reviewer's command judge an axis.
    ExecuteReviewCommand = activity::EXECUTE_REVIEW_COMMAND, (ReviewOrder) -> ReviewAnswer;
    /// Says on the daemon's log which votes are missing.
    RemindReviewers = activity::REMIND_REVIEWERS, (Reminder) -> ();
    /// Whether this worker's namespace knows aura's search attributes.
    ProbeSearchAttributes = activity::PROBE_SEARCH_ATTRIBUTES, (()) -> bool;
    /// Which of these workflows are still open.
    DescribeChildren = activity::DESCRIBE_CHILDREN, (Vec<String>) -> Vec<ChildStatus>;
}
