//! No worker: what was sent is safe, and says that nothing is known of it yet.

use std::thread;
use std::time::Duration;

use serde_json::json;

use super::moves;
use crate::dead_ends::in_time;
use crate::failures::{self, part};
use crate::world::World;

/// Nobody waits for so long in vain.
const LIMIT: Duration = Duration::from_secs(5);

#[test]
fn a_message_without_a_worker_is_not_confirmed_and_not_lost() {
    let Some(world) = World::shared() else { return };
    let _ = world.start();
    let advance = "phase advance --to-phase p2 --request-id patient --timeout 5s";
    let said = failures::of(&world, 5, advance);
    assert_eq!(said["category"], "not confirmed");
    assert_eq!(said["code"], "unconfirmed");
    assert_eq!(said["what"], "delivered, not yet confirmed");
    assert_eq!(said["request_id"], "patient");
    assert_eq!(said["retryable"], true);
    assert!(
        part(&said, "fix").contains("--request-id patient"),
        "{said}"
    );

    let _daemon = world.ready_daemon();
    let state = world.say("epoch wait --until p2 --format json").ok().json();
    assert_eq!(moves(&state), ["p1 p2 true"]);
    let told = world.say(advance).ok();
    assert_eq!(
        told.stdout,
        "Signal delivered successfully\napplied: the epoch is in p2\n"
    );
    assert_eq!(moves(&world.state()), ["p1 p2 true"]);
}

#[test]
fn a_message_gets_an_id_that_it_can_be_repeated_with() {
    let Some(world) = World::shared() else { return };
    let _ = world.start();
    let unseen = world.say("phase advance --to-phase p2 --timeout 5s --format json");
    let said = failures::json(&unseen.code(5));
    let id = part(&said, "request_id");
    let _daemon = world.ready_daemon();
    let _ = world
        .say(&format!("phase advance --to-phase p2 --request-id {id}"))
        .ok();
    assert_eq!(moves(&world.state()), ["p1 p2 true"]);
}

#[test]
fn nobody_waits_for_an_outcome_that_is_not_asked_for() {
    let Some(world) = World::shared() else { return };
    let _ = world.start();
    let vote = |format: &str| {
        let vote = "signal vote --axis elegance --vote REVISE --request-id v";
        world.say(&format!("{vote} --no-wait --timeout 50s --format {format}"))
    };
    let delivered = || {
        let said = in_time(vote("text"), LIMIT).ok();
        let expected = "Signal delivered successfully\ndelivered (request_id=v)\n";
        assert_eq!(said.stdout, expected);
        let said = vote("json").ok();
        assert_eq!(said.stdout.lines().count(), 1, "{said}");
        let expected = json!({ "success": true, "status": "delivered", "request_id": "v" });
        assert_eq!(said.json(), expected);
        // Even what will be refused is delivered.
        let _ = world.say("phase advance --to-phase p9 --no-wait").ok();
    };
    delivered();
    let _daemon = world.ready_daemon();
    delivered();
    let state = world.state();
    assert_eq!(state["votes"]["elegance"], "REVISE");
    assert_eq!(moves(&state), ["p1 p9 false", "p1 p9 false"]);
}

#[test]
fn every_command_gives_up_when_its_time_is_over() {
    let Some(world) = World::shared() else { return };
    let _ = world.start();
    let commands = [
        "query state",
        "epoch wait",
        "epoch cancel",
        "signal vote --axis elegance --vote ACCEPT",
        "session register --session-id s --role worker",
    ];
    thread::scope(|scope| {
        for command in commands {
            let world = &world;
            scope.spawn(move || {
                let gave_up = world.say(&format!("{command} --timeout 5s")).code(5);
                let said = failures::text(&in_time(gave_up, LIMIT));
                assert_eq!(said["category"], "not confirmed", "{command}");
            });
        }
    });
}
