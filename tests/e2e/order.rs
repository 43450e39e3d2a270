//! Messages arrive once and in their order, whatever the worker is doing: in a burst
//! while it is down, many at once, twice under one id, and with nobody there at all.

mod nobody;
mod repeated;

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::world::{AXES, World};

/// A daemon that was asked to stop has nothing to wait for here.
const STOP_LIMIT: Duration = Duration::from_secs(30);

#[test]
fn a_burst_means_what_it_says_even_if_the_worker_was_down() {
    let Some(world) = World::shared() else { return };
    let mut daemon = world.ready_daemon();
    world.start_in("p3");
    daemon.terminate();
    assert!(daemon.wait_exit(STOP_LIMIT).success());

    advance_unseen(&world, "p4");
    for axis in AXES {
        vote_unseen(&world, axis);
    }
    advance_unseen(&world, "p5");

    daemon.restart();
    let state = world.say("epoch wait --until p5 --format json").ok().json();
    assert_eq!(state["current_phase"], "p5");
    assert_eq!(state["last_error"], Value::Null);
    let taken = [("p1", "p2"), ("p2", "p3"), ("p3", "p4"), ("p4", "p5")];
    assert_eq!(
        moves(&state),
        taken.map(|(from, to)| format!("{from} {to} true"))
    );
}

/// The same messages in the wrong order end otherwise: nothing waits for a later vote.
#[test]
fn a_burst_is_not_put_right() {
    let Some(world) = World::shared() else { return };
    let _ = world.start();
    for phase in ["p2", "p3", "p4", "p5"] {
        advance_unseen(&world, phase);
    }
    for axis in AXES {
        vote_unseen(&world, axis);
    }
    let _daemon = world.ready_daemon();
    let state = world.state();
    assert_eq!(state["current_phase"], "p4");
    let tried = ["p1 p2 true", "p2 p3 true", "p3 p4 true", "p4 p5 false"];
    assert_eq!(moves(&state), tried);
    assert_eq!(state["votes"].as_object().unwrap().len(), 3);
}

#[test]
fn ten_votes_at_once_are_all_confirmed_and_applied_once_each() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    world.start_in("p4");
    let reviewers: BTreeSet<String> = (0..10).map(|number| format!("reviewer-{number}")).collect();
    thread::scope(|scope| {
        for (reviewer, axis) in reviewers.iter().zip(AXES.iter().cycle()) {
            let world = &world;
            scope.spawn(move || {
                let vote =
                    format!("signal vote --axis {axis} --vote ACCEPT --reviewer-id {reviewer}");
                let said = world.say(&vote).ok().stdout;
                assert!(said.ends_with("\napplied: the epoch is in p4\n"), "{said}");
            });
        }
    });
    let rows = world.audit_rows_with("vote_recorded", 10);
    let votes = rows.iter().filter(|row| row.event_type == "vote_recorded");
    let mut reported: Vec<_> = votes
        .map(|row| row.details()["reviewer_id"].as_str().unwrap().to_owned())
        .collect();
    reported.sort();
    assert!(reported.iter().eq(&reviewers), "{reported:?}");
    world.advance_through(&["p5"]);
}

/// Asks to move on, and doesn't wait for what becomes of it.
#[track_caller]
fn advance_unseen(world: &World, to: &str) {
    let _ = world
        .say(&format!("phase advance --to-phase {to} --no-wait"))
        .ok();
}

/// Accepts, and doesn't wait either.
#[track_caller]
fn vote_unseen(world: &World, axis: &str) {
    let vote = format!("signal vote --axis {axis} --vote ACCEPT --no-wait");
    let _ = world.say(&vote).ok();
}

/// The transitions of a state: from, to, and whether it moved.
#[track_caller]
fn moves(state: &Value) -> Vec<String> {
    let records = state["transition_history"]
        .as_array()
        .expect("there is a history");
    let shown = records.iter().map(|record| {
        let [from, to] = ["from_phase", "to_phase"].map(|key| record[key].as_str().unwrap());
        format!("{from} {to} {}", record["success"])
    });
    shown.collect()
}
