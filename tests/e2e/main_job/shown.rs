//! How the journey is shown: the state as text and as JSON, the lines and keys that
//! scripts rely on first and in their order, and the attributes by which people search.

use serde_json::{Value, json};

use super::{NO_CONSENSUS, find, ready, travelled};
use crate::listed;
use crate::server::Server;
use crate::world::World;

/// The keys that scripts rely on, in their order; more may follow.
const KEYS: [&str; 7] = [
    "current_phase",
    "current_role",
    "transition_history",
    "votes",
    "last_error",
    "available_transitions",
    "active_session_count",
];

#[test]
fn a_new_epoch_is_shown_in_the_earlier_lines_and_then_in_ours() {
    let Some((world, _daemon, _)) = ready() else {
        return;
    };
    let started = world.start();
    assert!(
        started
            .stdout
            .contains(&format!("workflow_id={} run_id=", world.epoch)),
        "{started}"
    );
    let earlier = "Phase: p1\nRole:  epoch\nVotes: (none)\nAvailable Transitions:\n  -> p2 \
                   (classification confirmed, research and explore complete)\nTransitions: 0\n\
                   Active Sessions: 0\n";
    assert_text(
        &world,
        earlier,
        "Status: running\nConstraint Violations: 0\n",
    );
}

#[test]
fn a_review_is_shown_with_its_votes_and_what_was_refused() {
    let Some((world, _daemon, _)) = ready() else {
        return;
    };
    world.start_in("p4");
    let _ = world.vote("correctness", "ACCEPT").ok();
    let _ = world.vote("test_quality", "ACCEPT").ok();
    let _ = world.advance("p5").code(3);
    let _ = world.vote("elegance", "REVISE").ok();
    let registered = world.say("session register --session-id s --role reviewer");
    let _ = registered.ok();
    find(&world, "leak", "BLOCKER");

    let error = format!("p4 → p5 was refused: {NO_CONSENSUS}");
    let earlier = format!(
        "Phase: p4\nRole:  reviewer\nVotes:\n  correctness: ACCEPT\n  test_quality: ACCEPT\n  \
         elegance: REVISE\nLast Error: {error}\nAvailable Transitions:\n  -> p3 (any reviewer \
         votes REVISE)\nTransitions: 4\nActive Sessions: 1\n"
    );
    let ours = "Status: running\nReview Round: 1 of p4\nFindings: 1 (1 open, 1 open BLOCKERs)\n\
                Constraint Violations: 1\n";
    assert_text(&world, &earlier, ours);

    let state = world.state();
    assert_keys(&state);
    assert_eq!(state["current_phase"], "p4");
    assert_eq!(state["current_role"], "reviewer");
    let votes = json!({
        "correctness": "ACCEPT", "test_quality": "ACCEPT", "elegance": "REVISE",
    });
    assert_eq!(state["votes"], votes);
    assert_eq!(state["last_error"], error);
    let back = json!([{ "to_phase": "p3", "condition": "any reviewer votes REVISE" }]);
    assert_eq!(state["available_transitions"], back);
    assert_eq!(state["active_session_count"], 1);
    assert_eq!(state["epoch_id"], world.epoch);
    assert_eq!(state["blocker_count"], 1);
    assert_eq!(state["review_round"]["votes"], votes);
}

#[test]
fn a_completed_epoch_is_shown_as_complete_with_nowhere_to_go() {
    let Some((world, _daemon, _)) = travelled() else {
        return;
    };
    let earlier = "Phase: complete\nRole:  supervisor\nVotes: (none)\nTransitions: 21\n\
                   Active Sessions: 0\n";
    let ours = "Status: complete\nFindings: 2 (1 open, 0 open BLOCKERs)\n\
                Constraint Violations: 7\n";
    assert_text(&world, earlier, ours);
    let state = world.state();
    assert_keys(&state);
    assert_eq!(state["current_phase"], "complete");
    assert_eq!(state["current_role"], "supervisor");
    assert_eq!(state["votes"], json!({}));
    assert_eq!(state["available_transitions"], json!([]));
    let numbers = (1..=12).map(|number| format!("p{number}"));
    assert_eq!(state["completed_phases"], numbers.collect::<Value>());
    let finding = &state["findings"][0];
    assert_eq!(finding["finding_id"], "leak");
    assert_eq!(finding["resolution"], "closed");
}

#[test]
fn the_server_lists_an_epoch_where_it_is() {
    let Some((world, _daemon, server)) = ready() else {
        return;
    };
    world.start_in("p3");
    assert_listed(
        server,
        &world,
        ["p3", "architect", "running", "plan", "phase_transition"],
    );
    world.advance_through(&["p4"]);
    assert_listed(
        server,
        &world,
        ["p4", "reviewer", "running", "plan", "review_opened"],
    );
}

#[test]
fn the_server_lists_a_completed_epoch_as_complete() {
    let Some((world, _daemon, server)) = travelled() else {
        return;
    };
    let simple = format!("AuraStatus='complete' AND AuraEpochId='{}'", world.epoch);
    listed::wait_for(server, &simple, &world.epoch);
    assert_listed(
        server,
        &world,
        ["complete", "supervisor", "complete", "", "epoch_completed"],
    );
    let running = format!("AuraStatus='running' AND AuraEpochId='{}'", world.epoch);
    assert!(!listed::ids(server, &running).contains(&world.epoch));
}

/// Phase, role, status, domain and last event, all in one search.
#[track_caller]
fn assert_listed(server: &Server, world: &World, values: [&str; 5]) {
    let names = [
        "AuraPhase",
        "AuraRole",
        "AuraStatus",
        "AuraDomain",
        "AuraLastEventType",
    ];
    let each = names
        .iter()
        .zip(values)
        .map(|(name, value)| format!("{name}='{value}'"));
    let all: Vec<_> = each
        .chain([format!("AuraEpochId='{}'", world.epoch)])
        .collect();
    listed::wait_for(server, &all.join(" AND "), &world.epoch);
}

#[track_caller]
fn assert_text(world: &World, earlier: &str, ours: &str) {
    let shown = world.say("query state").ok();
    assert_eq!(shown.stdout, format!("{earlier}{ours}"));
    assert_eq!(shown.stderr, "");
}

/// The earlier keys come first and in their order, indented by two spaces.
#[track_caller]
fn assert_keys(state: &Value) {
    let keys: Vec<_> = state
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys[..KEYS.len()], KEYS);
    let of =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    for record in state["transition_history"].as_array().unwrap() {
        let keys = [
            "from_phase",
            "to_phase",
            "timestamp",
            "triggered_by",
            "condition_met",
        ];
        assert_eq!(of(record), [&keys[..], &["success"]].concat());
    }
    for step in state["available_transitions"].as_array().unwrap() {
        assert_eq!(of(step), ["to_phase", "condition"]);
    }
}

#[test]
fn json_is_indented_by_two_spaces() {
    let Some((world, _daemon, _)) = ready() else {
        return;
    };
    let _ = world.start();
    let shown = world.say("query state --format=json").ok().stdout;
    assert!(
        shown.starts_with("{\n  \"current_phase\": \"p1\",\n  \"current_role\""),
        "{shown}"
    );
}
