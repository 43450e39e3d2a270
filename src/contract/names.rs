//! Every name on the wire. How the names of children are made is `protocol::id`'s.

/// The workflow type of epochs.
pub const EPOCH_WORKFLOW: &str = "EpochWorkflow";
/// The workflow type of slices.
pub const SLICE_WORKFLOW: &str = "SliceWorkflow";
/// The workflow type of review rounds.
pub const REVIEW_WORKFLOW: &str = "ReviewPhaseWorkflow";
/// The task queue where nobody says otherwise.
pub const DEFAULT_TASK_QUEUE: &str = "aura";
/// Bytes of a payload that the server takes.
pub const MAX_PAYLOAD: usize = 2 * 1024 * 1024;

/// Names of signals.
pub mod signal {
    /// To an epoch: move on.
    pub const ADVANCE_PHASE: &str = "advance_phase";
    /// To an epoch or a review: a vote.
    pub const SUBMIT_VOTE: &str = "submit_vote";
    /// To an epoch: progress of a leaf task.
    pub const SLICE_PROGRESS: &str = "slice_progress";
    /// To an epoch: a session announces itself.
    pub const REGISTER_SESSION: &str = "register_session";
    /// To an epoch: a session lives.
    pub const SESSION_HEARTBEAT: &str = "session_heartbeat";
    /// To an epoch: a session ends.
    pub const END_SESSION: &str = "end_session";
    /// To an epoch: a finding.
    pub const RECORD_FINDING: &str = "record_finding";
    /// To an epoch: a finding is dealt with.
    pub const RESOLVE_FINDING: &str = "resolve_finding";
    /// To an epoch: declare a slice. To a slice: how it is carried out.
    pub const START_SLICE: &str = "start_slice";
    /// To an epoch: declare a plan.
    pub const PLAN_SLICES: &str = "plan_slices";
    /// To an epoch: stop a slice.
    pub const CANCEL_SLICE: &str = "cancel_slice";
    /// To an epoch: a slice need not succeed.
    pub const WAIVE_SLICE: &str = "waive_slice";
    /// To an epoch: run a slice again.
    pub const RETRY_SLICE: &str = "retry_slice";
    /// From a slice to its epoch: its end.
    pub const SLICE_FINISHED: &str = "slice_finished";
    /// From a review to its epoch: its end.
    pub const REVIEW_FINISHED: &str = "review_finished";
    /// From a review to its epoch: a reviewer that was asked did not vote.
    pub const VOTE_MISSED: &str = "vote_missed";
    /// To a slice: its result, from outside.
    pub const COMPLETE_SLICE: &str = "complete_slice";
    /// To a slice: a round of review.
    pub const REVIEW_CYCLE: &str = "review_cycle";
    /// From an epoch to a review: it is over.
    pub const CLOSE_ROUND: &str = "close_round";
}

/// The header of starts, signals and activities that says which trace they are part of: an
/// object with W3C's `traceparent` and `tracestate`, as Temporal's SDKs write it.
pub const TRACE_HEADER: &str = "_tracer-data";

/// Names of queries.
pub mod query {
    /// Of an epoch: its state in the earlier form.
    pub const CURRENT_STATE: &str = "current_state";
    /// Of an epoch: the steps that would be accepted.
    pub const AVAILABLE_TRANSITIONS: &str = "available_transitions";
    /// Of an epoch: everything.
    pub const FULL_STATE: &str = "full_state";
    /// Of an epoch: the progress records.
    pub const SLICE_PROGRESS_STATE: &str = "slice_progress_state";
    /// Of an epoch: the active sessions.
    pub const ACTIVE_SESSIONS: &str = "active_sessions";
    /// Of an epoch: the audit events of one of its runs.
    pub const AUDIT_EVENTS: &str = "audit_events";
    /// Of all three: what became of a message.
    pub const OUTCOME: &str = "outcome";
    /// Of a slice: rounds of review so far.
    pub const REVIEW_CYCLE_COUNT: &str = "review_cycle_count";
    /// Of a slice: the rounds of review.
    pub const REVIEW_CYCLES: &str = "review_cycles";
    /// Of a slice: everything.
    pub const SLICE_STATE: &str = "slice_state";
}

/// Names of activities.
pub mod activity {
    /// Constraints over a state.
    pub const CHECK_CONSTRAINTS: &str = "check_constraints";
    /// A transition into the audit trail.
    pub const RECORD_TRANSITION: &str = "record_transition";
    /// An event into the audit trail.
    pub const RECORD_AUDIT_EVENT: &str = "record_audit_event";
    /// Several events into the audit trail, all or none.
    pub const RECORD_AUDIT_EVENTS: &str = "record_audit_events";
    /// Events out of the audit trail.
    pub const QUERY_AUDIT_EVENTS: &str = "query_audit_events";
    /// Where a slice's command runs, or why it may not.
    pub const PLACE_SLICE_COMMAND: &str = "place_slice_command";
    /// A slice's command.
    pub const EXECUTE_SLICE_COMMAND: &str = "execute_slice_command";
    /// What the operator has set for reviews.
    pub const REVIEW_SETTINGS: &str = "review_settings";
    /// A reviewer's command.
    pub const EXECUTE_REVIEW_COMMAND: &str = "execute_review_command";
    /// A reminder of votes that are missing.
    pub const REMIND_REVIEWERS: &str = "remind_reviewers";
    /// Whether search attributes can be written.
    pub const PROBE_SEARCH_ATTRIBUTES: &str = "probe_search_attributes";
    /// Which children of an epoch are still open.
    pub const DESCRIBE_CHILDREN: &str = "describe_children";
}

/// Names of search attributes.
pub mod search_attribute {
    /// The epoch's id, on its children too.
    pub const EPOCH_ID: &str = "AuraEpochId";
    /// The phase.
    pub const PHASE: &str = "AuraPhase";
    /// The role that acts.
    pub const ROLE: &str = "AuraRole";
    /// Whether it is going.
    pub const STATUS: &str = "AuraStatus";
    /// Whose concern the phase is.
    pub const DOMAIN: &str = "AuraDomain";
    /// What happened last.
    pub const LAST_EVENT_TYPE: &str = "AuraLastEventType";
}
