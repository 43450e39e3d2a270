//! Time limits and policies of what workflows start, in one place, with their reasons.

use std::time::Duration;

use temporalio_common::RetryPolicy;
use temporalio_sdk::{
    ActivityOptions, ChildWorkflowOptions, LocalActivityOptions, ParentClosePolicy,
    SignalWorkflowOptions, TimerOptions, WaitConditionOptions, WorkflowCancellationToken,
};

use super::attributes;

/// A task that a dead worker held is given to another after this long.
pub const TASK_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an audit write may hold up the task that waits for it.
const AUDIT_INLINE: Duration = Duration::from_millis(500);
/// How long one attempt at a deferred audit write may take.
const AUDIT_DEFERRED: Duration = Duration::from_secs(10);
/// After a failure, how long audit events keep going by ordinary activities.
pub(super) const AUDIT_DEFERRED_FOR: Duration = Duration::from_mins(1);
/// How long one attempt at a lookup may take.
const LOOKUP: Duration = Duration::from_secs(10);
/// A command whose daemon has died is begun again after this long.
const COMMAND_HEARTBEAT: Duration = Duration::from_secs(30);
/// What an attempt may take at most, its waiting for a free place and its end included.
const LONGEST_COMMAND: Duration = Duration::from_hours(30 * 24);
/// No timer runs for longer; the SDK panics over what the wire has no number for.
pub(super) const LONGEST_TIMER: Duration = Duration::from_hours(10 * 365 * 24);
/// How long a cancelled epoch waits for its children's reports.
pub(super) const CANCEL_PATIENCE: Duration = Duration::from_secs(15);

/// Tied to nothing: effects go on while a workflow is being cancelled.
pub(super) fn detached() -> WorkflowCancellationToken {
    WorkflowCancellationToken::new()
}

/// Waits that go on while a workflow is being cancelled.
pub(super) fn wait() -> WaitConditionOptions {
    WaitConditionOptions::builder()
        .cancellation_token(detached())
        .build()
}

/// A timer that goes on while a workflow is being cancelled.
pub(super) fn timer(time: Duration) -> TimerOptions {
    TimerOptions::builder(time)
        .cancellation_token(detached())
        .build()
}

/// An activity inside the task: no hop, one attempt, and little time, because messages
/// that arrive meanwhile have to wait.
pub(super) fn inline() -> LocalActivityOptions {
    LocalActivityOptions::builder()
        .schedule_to_close_timeout(AUDIT_INLINE)
        .start_to_close_timeout(AUDIT_INLINE)
        .retry_policy(RetryPolicy::builder().maximum_attempts(1).build())
        .cancellation_token(detached())
        .build()
}

/// An activity that is tried until it succeeds, and that nothing waits for.
pub(super) fn deferred() -> ActivityOptions {
    ActivityOptions::with_start_to_close_timeout(AUDIT_DEFERRED)
        .retry_policy(
            RetryPolicy::builder()
                .initial_interval(Duration::from_millis(500))
                .backoff_coefficient(2.0)
                .maximum_interval(Duration::from_secs(10))
                .build(),
        )
        .cancellation_token(detached())
        .build()
}

/// An activity that only looks something up where a command may run; any worker answers at
/// once, and one that does not is asked again.
pub(super) fn lookup() -> ActivityOptions {
    ActivityOptions::with_start_to_close_timeout(LOOKUP)
        .retry_policy(again_and_again())
        .build()
}

/// An activity whose loss does no harm.
pub(super) fn once() -> ActivityOptions {
    ActivityOptions::with_schedule_to_close_timeout(LOOKUP)
        .retry_policy(RetryPolicy::builder().maximum_attempts(1).build())
        .build()
}

/// So many seconds, or the longest time that there is.
pub(super) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds).min(LONGEST_TIMER)
}

/// A command on its host. It may be begun again as often as its host comes back, since what
/// a command itself does wrong is a result; a host that stays away is the end of it. Its own
/// limit is its host's to keep, who knows when it began.
pub(super) fn command(queue: String, host_timeout: Duration) -> ActivityOptions {
    ActivityOptions::with_start_to_close_timeout(LONGEST_COMMAND)
        .task_queue(queue)
        .schedule_to_start_timeout(host_timeout)
        .heartbeat_timeout(COMMAND_HEARTBEAT)
        .retry_policy(again_and_again())
        .build()
}

fn again_and_again() -> RetryPolicy {
    RetryPolicy::builder()
        .initial_interval(Duration::from_secs(1))
        .backoff_coefficient(2.0)
        .maximum_interval(Duration::from_secs(10))
        .build()
}

/// A child that outlives its parent's run, since continue-as-new ends the run and the
/// other policies would end the child with it.
pub(super) fn child(workflow_id: String, epoch_id: Option<&str>) -> ChildWorkflowOptions {
    ChildWorkflowOptions::builder()
        .workflow_id(workflow_id)
        .parent_close_policy(ParentClosePolicy::Abandon)
        .task_timeout(TASK_TIMEOUT)
        .cancellation_token(detached())
        .maybe_search_attributes(epoch_id.map(attributes::of_child))
        .build()
}

/// A signal that is sent even while the sender is being cancelled.
pub(super) fn signal() -> SignalWorkflowOptions {
    SignalWorkflowOptions::builder()
        .cancellation_token(detached())
        .build()
}
