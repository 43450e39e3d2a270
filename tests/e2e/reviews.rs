//! Votes that are sent to a review instead of its epoch: they are passed on, once, and
//! count where they were meant.

use std::time::Duration;

use serde_json::{Value, json};

use crate::failures;
use crate::raw::{Raw, payload};
use crate::support::wait::eventually;
use crate::temporal::Workflow;
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(1);

#[test]
fn a_vote_that_is_sent_to_a_review_counts_once() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let _daemon = world.ready_daemon();
    world.start_in("p4");
    let raw = Raw::connect(&world);
    let review = format!("{}-review-p4", world.epoch);
    // The epoch has moved before the server has started its child.
    eventually("the review is open", LIMIT, || {
        Workflow::new(server, &review).is_known()
    });
    let vote = json!({
        "axis": "elegance", "vote": "ACCEPT", "reviewer_id": "r", "comment": "fine",
        "request_id": "once", "actor": "ann",
    });
    for _ in 0..2 {
        raw.tell(&review, "submit_vote", &vote);
        assert_eq!(raw.outcome(&review, "once")["status"], "applied");
    }
    eventually("the vote is the epoch's", LIMIT, || {
        (world.state()["votes"]["elegance"] == "ACCEPT").then_some(())
    });
    // The epoch has the id that the review gave it.
    let outcome = raw.outcome(&world.epoch, &format!("{review}/1"));
    assert_eq!(outcome["status"], "applied", "{outcome}");
    for axis in ["correctness", "test_quality"] {
        let _ = world.vote(axis, "ACCEPT").ok();
    }
    world.advance_through(&["p5"]);
    let rows = world.audit_rows_with("vote_recorded", 3);
    let votes = rows.iter().filter(|row| row.event_type == "vote_recorded");
    let axes: Vec<Value> = votes.map(|row| row.details()["axis"].clone()).collect();
    assert_eq!(axes, ["elegance", "correctness", "test_quality"]);
}

/// Both phases count their rounds from one: a review of the plan that is late, because its
/// worker was, must not have a say over the work.
#[test]
fn a_late_vote_on_the_plan_does_not_count_for_the_work() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    world.start_in("p10");
    let raw = Raw::connect(&world);
    let late = format!("{}-late", world.epoch);
    let input = json!({
        "epoch_id": world.epoch, "phase_id": "p4", "round": 1,
        "parent_workflow_id": world.epoch,
    });
    raw.start("ReviewPhaseWorkflow", &late, payload::json(&input));
    let vote = json!({ "axis": "elegance", "vote": "REVISE", "reviewer_id": "r" });
    raw.tell(&late, "submit_vote", &vote);
    let refusal = eventually("the epoch refuses it", LIMIT, || {
        let refusal = world.state()["last_refusal"].clone();
        (!refusal.is_null()).then_some(refusal)
    });
    assert_eq!(refusal["code"], "round_closed");
    let why = "it is for round 1 of p4; round 1 of p10 is open";
    assert_eq!(refusal["why"], why);
    assert_eq!(world.state()["votes"], json!({}));
    world.accept();
    world.advance_through(&["p11"]);
    raw.terminate(&late);
}

/// The cap that `aura-msg` sends with a new epoch; passing it takes a reason, which stays.
#[test]
fn a_fourth_round_takes_a_reason() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    world.start_in("p3");
    for _ in 0..3 {
        world.advance_through(&["p4"]);
        let _ = world.vote("elegance", "REVISE").ok();
        world.advance_through(&["p3"]);
    }
    let said = failures::of(&world, 3, "phase advance --to-phase p4");
    assert_eq!(said["code"], "max_rounds");
    let fix = failures::part(&said, "fix");
    assert!(fix.contains("--override"), "{said}");
    let advance = ["phase", "advance", "--to-phase", "p4"];
    let agreed = ["--override", "we agreed"];
    let _ = world.run(&[&advance[..], &agreed].concat()).ok();
    let state = world.state();
    assert_eq!(state["review_round"]["round"], 4);
    let rows = world.audit_rows_with("review_opened", 4);
    let moved = rows
        .iter()
        .rfind(|row| row.event_type == "phase_transition");
    let details = moved.expect("it is in the trail").details();
    assert_eq!(details["override"], "we agreed");
}
