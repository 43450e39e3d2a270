//! What the journey leaves on record: the history of its transitions, its result, and
//! the reviews that it held.

use serde_json::{Value, json};

use super::{BLOCKED, NO_CONSENSUS, travelled, words};
use crate::listed;
use crate::temporal::Workflow;

/// Every transition of the journey: from, to, and why it was refused if it was.
const HISTORY: [(&str, &str, Option<&str>); 21] = [
    ("p1", "p2", None),
    ("p2", "p3", None),
    ("p3", "p4", None),
    ("p4", "p5", Some(NO_CONSENSUS)),
    ("p4", "p5", Some(NO_CONSENSUS)),
    ("p4", "p3", None),
    ("p3", "p4", None),
    ("p4", "p5", None),
    ("p5", "p6", None),
    ("p6", "p7", None),
    ("p7", "p8", None),
    ("p8", "p9", None),
    ("p9", "p10", None),
    ("p10", "p11", Some(BLOCKED)),
    ("p10", "p11", Some(BLOCKED)),
    ("p10", "p11", None),
    ("p11", "p9", None),
    ("p9", "p10", None),
    ("p10", "p11", None),
    ("p11", "p12", None),
    ("p12", "complete", None),
];

#[test]
fn every_transition_is_on_record_with_its_success() {
    let Some((world, _daemon, _)) = travelled() else {
        return;
    };
    let state = world.state();
    let records = state["transition_history"].as_array().unwrap();
    assert_eq!(records.len(), HISTORY.len());
    let mut before = String::new();
    for (record, (from, to, error)) in records.iter().zip(HISTORY) {
        let met = match error {
            None => "met".to_owned(),
            Some(why) => format!("FAILED: {from} → {to} was refused: {why}"),
        };
        let rest = json!({
            "from_phase": from,
            "to_phase": to,
            "timestamp": record["timestamp"],
            "triggered_by": "test",
            "condition_met": met,
            "success": error.is_none(),
        });
        assert_eq!(record, &rest);
        let at = words(&record["timestamp"]).to_owned();
        assert!(
            at.ends_with("+00:00") && at > before,
            "{at} is no later UTC time than {before}"
        );
        before = at;
    }
    assert_eq!(state["transition_count"], 21);
    assert_eq!(state["successful_transition_count"], 17);
    assert_eq!(state["last_error"], Value::Null);
}

#[test]
fn the_execution_completes_with_the_counts_as_its_result() {
    let Some((world, _daemon, server)) = travelled() else {
        return;
    };
    let (status, result) = listed::end(&Workflow::new(server, &world.epoch));
    assert_eq!(status, "COMPLETED");
    let expected = json!({
        "epoch_id": world.epoch,
        "final_phase": "complete",
        "transition_count": 21,
        "successful_transition_count": 17,
        // Consensus twice, the blocker twice, and a reminder at p7 and each time at p9.
        "constraint_violations_total": 7,
    });
    assert_eq!(result, expected);
}

#[test]
fn every_round_of_review_was_held_by_a_child_and_closed_with_its_votes() {
    let Some((world, _daemon, server)) = travelled() else {
        return;
    };
    let rounds = [
        ("p4", "", "REVISE"),
        ("p4", "-r2", "ACCEPT"),
        ("p10", "", "ACCEPT"),
        ("p10", "-r2", "ACCEPT"),
    ];
    for (phase, round, elegance) in rounds {
        let id = format!("{}-review-{phase}{round}", world.epoch);
        let votes = json!({
            "correctness": "ACCEPT", "test_quality": "ACCEPT", "elegance": elegance,
        });
        let success = elegance == "ACCEPT";
        let expected = json!({ "phase_id": phase, "success": success, "vote_result": votes });
        let ended = listed::end(&Workflow::new(server, &id));
        assert_eq!(ended, ("COMPLETED".to_owned(), expected), "{id}");
        let query = format!(
            "AuraEpochId='{}' AND WorkflowType='ReviewPhaseWorkflow'",
            world.epoch
        );
        listed::wait_for(server, &query, &id);
    }
}
