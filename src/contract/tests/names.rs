//! Every name on the wire, letter by letter.

use crate::contract::names::{self, activity, query, search_attribute, signal};
use crate::contract::signal::EpochSignal;
use crate::protocol::Word;

fn check(names: &[(&str, &str)]) {
    for (ours, wire) in names {
        assert_eq!(ours, wire);
    }
}

#[test]
fn workflows_the_task_queue_and_the_header() {
    check(&[
        (names::EPOCH_WORKFLOW, "EpochWorkflow"),
        (names::SLICE_WORKFLOW, "SliceWorkflow"),
        (names::REVIEW_WORKFLOW, "ReviewPhaseWorkflow"),
        (names::DEFAULT_TASK_QUEUE, "aura"),
        (names::TRACE_HEADER, "_tracer-data"),
    ]);
}

#[test]
fn signals() {
    check(&[
        (signal::ADVANCE_PHASE, "advance_phase"),
        (signal::SUBMIT_VOTE, "submit_vote"),
        (signal::SLICE_PROGRESS, "slice_progress"),
        (signal::REGISTER_SESSION, "register_session"),
        (signal::RECORD_FINDING, "record_finding"),
        (signal::RESOLVE_FINDING, "resolve_finding"),
        (signal::END_SESSION, "end_session"),
        (signal::SESSION_HEARTBEAT, "session_heartbeat"),
        (signal::START_SLICE, "start_slice"),
        (signal::PLAN_SLICES, "plan_slices"),
        (signal::CANCEL_SLICE, "cancel_slice"),
        (signal::WAIVE_SLICE, "waive_slice"),
        (signal::RETRY_SLICE, "retry_slice"),
        (signal::SLICE_FINISHED, "slice_finished"),
        (signal::REVIEW_FINISHED, "review_finished"),
        (signal::VOTE_MISSED, "vote_missed"),
        (signal::COMPLETE_SLICE, "complete_slice"),
        (signal::REVIEW_CYCLE, "review_cycle"),
        (signal::CLOSE_ROUND, "close_round"),
    ]);
}

#[test]
fn an_epochs_signals_are_called_the_same_everywhere() {
    let mut named = vec![
        signal::ADVANCE_PHASE,
        signal::SUBMIT_VOTE,
        signal::SLICE_PROGRESS,
        signal::REGISTER_SESSION,
        signal::SESSION_HEARTBEAT,
        signal::END_SESSION,
        signal::RECORD_FINDING,
        signal::RESOLVE_FINDING,
        signal::START_SLICE,
        signal::PLAN_SLICES,
        signal::CANCEL_SLICE,
        signal::WAIVE_SLICE,
        signal::RETRY_SLICE,
        signal::SLICE_FINISHED,
        signal::REVIEW_FINISHED,
        signal::VOTE_MISSED,
    ];
    let mut words = EpochSignal::WORDS.to_vec();
    named.sort_unstable();
    words.sort_unstable();
    assert_eq!(words, named);
}

#[test]
fn queries() {
    check(&[
        (query::CURRENT_STATE, "current_state"),
        (query::AVAILABLE_TRANSITIONS, "available_transitions"),
        (query::FULL_STATE, "full_state"),
        (query::SLICE_PROGRESS_STATE, "slice_progress_state"),
        (query::ACTIVE_SESSIONS, "active_sessions"),
        (query::AUDIT_EVENTS, "audit_events"),
        (query::OUTCOME, "outcome"),
        (query::REVIEW_CYCLE_COUNT, "review_cycle_count"),
        (query::REVIEW_CYCLES, "review_cycles"),
        (query::SLICE_STATE, "slice_state"),
    ]);
}

/// The last seven are ours, and not in contract.md §5 yet.
#[test]
fn activities() {
    check(&[
        (activity::CHECK_CONSTRAINTS, "check_constraints"),
        (activity::RECORD_TRANSITION, "record_transition"),
        (activity::RECORD_AUDIT_EVENT, "record_audit_event"),
        (activity::QUERY_AUDIT_EVENTS, "query_audit_events"),
        (activity::EXECUTE_SLICE_COMMAND, "execute_slice_command"),
        (activity::RECORD_AUDIT_EVENTS, "record_audit_events"),
        (activity::PROBE_SEARCH_ATTRIBUTES, "probe_search_attributes"),
        (activity::DESCRIBE_CHILDREN, "describe_children"),
        (activity::PLACE_SLICE_COMMAND, "place_slice_command"),
        (activity::REVIEW_SETTINGS, "review_settings"),
        (activity::EXECUTE_REVIEW_COMMAND, "execute_review_command"),
        (activity::REMIND_REVIEWERS, "remind_reviewers"),
    ]);
}

#[test]
fn search_attributes() {
    check(&[
        (search_attribute::EPOCH_ID, "AuraEpochId"),
        (search_attribute::PHASE, "AuraPhase"),
        (search_attribute::ROLE, "AuraRole"),
        (search_attribute::STATUS, "AuraStatus"),
        (search_attribute::DOMAIN, "AuraDomain"),
        (search_attribute::LAST_EVENT_TYPE, "AuraLastEventType"),
    ]);
}

#[test]
fn no_name_is_forgotten() {
    let constants = include_str!("../names.rs").lines().map(str::trim);
    let written = constants
        .filter(|line| line.contains("const ") && line.contains("&str"))
        .count();
    let checked = include_str!("names.rs").lines().map(str::trim);
    let tested = checked
        .filter(|line| line.starts_with('(') && line.ends_with("\"),"))
        .count();
    assert_eq!(tested, written);
}
