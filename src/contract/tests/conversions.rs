//! From the rules' state to what queries answer: to the earlier client every field it
//! knew, of the type it knew; from the earlier worker no more than that.

use serde_json::Value;

use super::rich::{Driver, rich};
use super::{read, tree, wire};
use crate::contract::epoch::EpochResult;
use crate::contract::query::{
    self, EpochState, MoreState, Outcome, OutcomeRequest, OutcomeStatus, QueryStateResult,
    TransitionRecord,
};
use crate::contract::signal::EpochSignal;
use crate::protocol::constraint::StateFacts;
use crate::protocol::table;
use crate::protocol::{Epoch, PhaseId};

/// Checks a value inside JSON.
fn check(json: &Value, place: &str, value: &str) {
    let found = json
        .pointer(place)
        .unwrap_or_else(|| panic!("{place} is missing in {json}"));
    assert_eq!(found.to_string(), value, "{place}");
}

const TIME: &str = "2026-01-01T00:00:";

#[test]
fn the_state_in_the_earlier_form() {
    let state = EpochState::from(rich().epoch.state());
    let json = tree(&wire(&state));
    for (place, value) in [
        ("/epoch_id", r#""rich-1""#),
        ("/current_phase", r#""p10""#),
        (
            "/completed_phases",
            r#"["p1","p2","p3","p4","p5","p6","p7","p8","p9"]"#,
        ),
        ("/review_votes", r#"{"correctness":"ACCEPT"}"#),
        ("/blocker_count", "1"),
        ("/current_role", r#""reviewer""#),
        (
            "/severity_groups",
            r#"{"BLOCKER":["f1","f3"],"IMPORTANT":["f2"],"MINOR":[]}"#,
        ),
        ("/transition_history/0/from_phase", r#""p1""#),
        ("/transition_history/0/to_phase", r#""p2""#),
        ("/transition_history/0/triggered_by", r#""alice""#),
        ("/transition_history/0/condition_met", r#""so it is""#),
        ("/transition_history/0/success", "true"),
    ] {
        check(&json, place, value);
    }
    assert_eq!(json.as_object().unwrap().len(), 9, "{json}");
    let record = json["transition_history"][0].as_object().unwrap();
    assert_eq!(record.len(), 6);
    assert!(record["timestamp"].as_str().unwrap().starts_with(TIME));
    assert_eq!(read::<EpochState>(&wire(&state)), state);
}

#[test]
fn a_refused_advance_in_the_earlier_form() {
    let state = EpochState::from(rich().epoch.state());
    let last = state.transition_history.last().unwrap();
    assert_eq!(
        (last.from_phase, last.to_phase),
        (PhaseId::P10, PhaseId::P11)
    );
    assert!(!last.success);
    let error = state.last_error.unwrap();
    assert_eq!(last.condition_met, format!("FAILED: {error}"));
}

#[test]
fn a_new_epoch_in_the_earlier_form() {
    let epoch = Driver::start().epoch;
    assert_eq!(
        wire(&EpochState::from(epoch.state())),
        r#"{"epoch_id":"rich-1","current_phase":"p1","completed_phases":[],"review_votes":{},"blocker_count":0,"current_role":"epoch","severity_groups":{},"transition_history":[],"last_error":null}"#
    );
    let full = wire(&QueryStateResult::from(&epoch));
    let earlier = r#"{"current_phase":"p1","current_role":"epoch","transition_history":[],"votes":{},"last_error":null,"available_transitions":[{"to_phase":"p2","condition":"classification confirmed, research and explore complete","action":null}],"active_session_count":0,"#;
    assert!(full.starts_with(earlier), "{full}");
}

/// What constraints look at is the same inside and over the wire.
#[test]
fn constraints_see_the_same_state_over_the_wire() {
    for driver in [Driver::start(), rich()] {
        let state = driver.epoch.state();
        let sent: EpochState = read(&wire(&EpochState::from(state)));
        assert_eq!(StateFacts::from(sent), state.facts());
    }
}

#[test]
fn the_whole_state() {
    let epoch = rich().epoch;
    let answer = QueryStateResult::from(&epoch);
    assert_eq!(read::<QueryStateResult>(&wire(&answer)), answer);
    let json = tree(&wire(&answer));
    for (place, value) in [
        ("/current_phase", r#""p10""#),
        ("/current_role", r#""reviewer""#),
        ("/votes", r#"{"correctness":"ACCEPT"}"#),
        ("/available_transitions/0/to_phase", r#""p9""#),
        (
            "/available_transitions/0/condition",
            r#""any reviewer votes REVISE""#,
        ),
        ("/active_session_count", "2"),
        ("/epoch_id", r#""rich-1""#),
        ("/status", r#""running""#),
        ("/blocker_count", "1"),
        ("/findings/0/finding_id", r#""f1""#),
        ("/findings/0/resolution", "null"),
        ("/findings/2/resolution", r#""fixed""#),
        ("/findings/2/resolved_by", r#""alice""#),
        ("/slices/0/slice_id", r#""a""#),
        ("/slices/0/state", r#""succeeded""#),
        ("/slices/0/output", r#""ok""#),
        ("/slices/0/error", "null"),
        ("/slices/1/dependencies", r#"["a"]"#),
        ("/slices/2/state", r#""waived""#),
        ("/slices/2/reason", r#""not needed""#),
        ("/slices/2/error", r#""exit status 1""#),
        ("/review_round/phase", r#""p10""#),
        ("/review_round/round", "1"),
        ("/review_round/votes", r#"{"correctness":"ACCEPT"}"#),
        ("/last_refusal/code", r#""consensus_missing""#),
        ("/refusal_count", "3"),
        ("/transition_count", "13"),
        ("/successful_transition_count", "11"),
        ("/rules_version", "1"),
        ("/started_at", r#""2026-01-01T00:00:00+00:00""#),
        ("/sessions/1/session_id", r#""s-3""#),
        ("/refusals/2/refusal/code", r#""consensus_missing""#),
    ] {
        check(&json, place, value);
    }
    let total = json["constraint_violations_total"].as_u64().unwrap();
    assert_eq!(json["violations"].as_array().unwrap().len() as u64, total);
    let state = epoch.state();
    assert_eq!(
        answer.transition_history,
        EpochState::from(state).transition_history
    );
    assert_eq!(answer.last_error, state.last_error);
}

/// An answer as the earlier worker gives it.
const EARLIER: &str = r#"{"current_phase": "p4", "current_role": "reviewer", "transition_history": [{"from_phase": "p3", "to_phase": "p4", "timestamp": "2026-01-01T00:00:01.250000+00:00", "triggered_by": "", "condition_met": "", "success": true}], "votes": {"elegance": "REVISE"}, "last_error": null, "available_transitions": [{"to_phase": "p3", "condition": "any reviewer votes REVISE", "action": "create PROPOSAL-{N+1}, mark current aura:superseded"}], "active_session_count": 1}"#;

#[test]
fn the_answer_of_an_earlier_worker() {
    let answer: QueryStateResult = read(EARLIER);
    assert_eq!(answer.more, None);
    assert_eq!(answer.current_phase, PhaseId::P4);
    assert_eq!(answer.transition_history[0].timestamp, super::LATER);
    assert_eq!(
        wire(&answer),
        EARLIER.replace("\": ", "\":").replace(", \"", ",\"")
    );
    // One that knows a few keys more, ours among them, is still no worker of ours.
    for extra in [r#""x":{"y":1}"#, r#""epoch_id":"e1","status":"running""#] {
        let more = format!("{},{extra}}}", EARLIER.strip_suffix('}').unwrap());
        assert_eq!(read::<QueryStateResult>(&more), answer, "{extra}");
    }
}

/// A later worker adds keys; the ones that this release knows stay readable.
#[test]
fn the_answer_of_a_later_worker() {
    let answer = QueryStateResult::from(&rich().epoch);
    let json = wire(&answer);
    let later = format!(r#"{{"later":[{{}}],{}"#, &json[1..]);
    let got: QueryStateResult = read(&later);
    assert_eq!(got, answer);
    assert!(got.more.is_some());
}

#[test]
fn the_steps_that_would_be_accepted() {
    let epoch = Driver::start().epoch;
    let json = wire(&query::transitions(&epoch));
    assert_eq!(
        json,
        r#"[{"to_phase":"p2","condition":"classification confirmed, research and explore complete","action":null}]"#
    );
    // Every step of the table as the wire has it.
    for step in &table::TABLE {
        let json = tree(&wire(&query::Transition::from(step)));
        check(&json, "/to_phase", &format!("\"{}\"", step.to));
        assert_eq!(json["condition"], step.condition);
        assert_eq!(json["action"].as_str(), step.action);
        assert_eq!(json.as_object().unwrap().len(), 3);
    }
}

#[test]
fn progress_and_sessions_in_order_of_arrival() {
    let epoch = rich().epoch;
    assert_eq!(
        wire(&query::progress(epoch.state())),
        r#"[{"slice_id":"a","leaf_task_id":"t1","stage_name":"execute","completed":true}]"#
    );
    assert_eq!(
        wire(&query::sessions(epoch.state())),
        r#"[{"epoch_id":"rich-1","session_id":"s-1","role":"architect","model_harness":"","model":"m"},{"epoch_id":"rich-1","session_id":"s-3","role":"","model_harness":"","model":"m"}]"#
    );
}

#[test]
fn the_result_counts_refused_tries_too() {
    let epoch = rich().epoch;
    let result = EpochResult::from(epoch.state());
    assert_eq!(result.epoch_id, "rich-1");
    assert_eq!(result.final_phase, PhaseId::P10);
    assert_eq!(
        (result.transition_count, result.successful_transition_count),
        (13, 11)
    );
    let more = MoreState::from(epoch.state());
    assert_eq!(
        result.constraint_violations_total,
        more.constraint_violations_total
    );
}

#[test]
fn records_are_the_rules_records() {
    for record in rich().epoch.state().transitions.iter() {
        let sent: TransitionRecord = read(&wire(&TransitionRecord::from(record)));
        assert_eq!(
            &crate::protocol::state::TransitionRecord::from(sent),
            record
        );
    }
}

/// What an epoch answers about a message.
fn asked(epoch: &Epoch, request_id: &str) -> Outcome {
    let state = epoch.state();
    Outcome::of(&state.inbox, request_id, state.phase)
}

/// The same as JSON.
fn outcome(epoch: &Epoch, request_id: &str) -> Value {
    let outcome = asked(epoch, request_id);
    assert_eq!(read::<Outcome>(&wire(&outcome)), outcome);
    tree(&wire(&outcome))
}

#[test]
fn outcomes_of_applied_refused_and_unknown_messages() {
    let epoch = rich().epoch;
    let applied = outcome(&epoch, "to-p2");
    check(&applied, "/status", r#""applied""#);
    check(&applied, "/refusal", "null");
    check(&applied, "/note", "null");
    check(&applied, "/phase", r#""p2""#);
    assert_eq!(applied["fingerprint"].as_str().unwrap().len(), 32);

    let noted = outcome(&epoch, "early");
    check(&noted, "/status", r#""applied""#);
    assert!(
        noted["note"]
            .as_str()
            .unwrap()
            .starts_with("not counted in this phase")
    );

    let refused = outcome(&epoch, "no");
    check(&refused, "/status", r#""refused""#);
    check(&refused, "/refusal/code", r#""consensus_missing""#);
    check(&refused, "/phase", r#""p4""#);
    for sentence in ["what", "why", "impact", "fix"] {
        assert!(refused["refusal"][sentence].is_string(), "{sentence}");
    }

    let malformed = outcome(&epoch, "bad");
    check(&malformed, "/refusal/code", r#""malformed""#);
    assert!(
        malformed["refusal"]["why"]
            .as_str()
            .unwrap()
            .contains("correctness")
    );

    let unknown = wire(&asked(&epoch, "never sent"));
    assert_eq!(
        unknown,
        r#"{"request_id":"never sent","status":"unknown","refusal":null,"note":null,"phase":"p10","fingerprint":null}"#
    );
}

#[test]
fn an_outcome_is_that_of_the_first_message() {
    let mut driver = rich();
    let again = r#"{"to_phase":"p12","triggered_by":"","condition_met":"","request_id":"to-p2"}"#;
    assert!(driver.send(EpochSignal::AdvancePhase, again).is_err());
    let first = asked(&driver.epoch, "to-p2");
    assert_eq!(
        (first.status, first.phase),
        (OutcomeStatus::Applied, PhaseId::P2)
    );
}

#[test]
fn an_outcome_is_asked_for_by_a_text_or_an_object() {
    for json in [
        r#""r-1""#,
        r#"{"request_id":"r-1"}"#,
        r#"{"x":[],"request_id":"r-1"}"#,
    ] {
        assert_eq!(read::<OutcomeRequest>(json).into_id(), "r-1", "{json}");
    }
    for json in ["null", "7", "[]", "{}", r#"{"request_id":7}"#] {
        assert!(
            serde_json::from_str::<OutcomeRequest>(json).is_err(),
            "{json}"
        );
    }
}
