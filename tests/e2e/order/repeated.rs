//! A message that is sent again under its id: it takes effect once, and its sender hears
//! what the first one heard.

use serde_json::{Value, json};

use super::moves;
use crate::failures;
use crate::world::World;

const ONCE: &str = "phase advance --to-phase p2 --request-id once";
const EARLY: &str = "phase advance --to-phase p3 --request-id early";

#[test]
fn an_applied_message_is_applied_once() {
    let Some(world) = World::shared() else { return };
    let mut daemon = world.ready_daemon();
    let _ = world.start();
    let first = world.say(ONCE).ok();
    world.advance_through(&["p3"]);
    let before = world.state();
    // The epoch is elsewhere by now; the message's own outcome is what is told.
    assert_eq!(world.say(ONCE).ok().stdout, first.stdout);
    let again = world.say(&format!("{ONCE} --format json")).ok().json();
    let expected = json!({
        "success": true, "status": "applied", "request_id": "once", "phase": "p2", "note": null,
    });
    assert_eq!(again, expected);
    assert_eq!(world.state(), before);
    // The worker's memory is the epoch's, not the process's.
    daemon.restart();
    daemon.wait_ready();
    assert_eq!(world.say(ONCE).ok().stdout, first.stdout);
    assert_eq!(world.state(), before);
}

#[test]
fn a_refused_message_stays_refused_even_if_it_would_be_accepted_now() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    let _ = world.start();
    let first = failures::text(&world.say(EARLY).code(3));
    assert_eq!(first["why"], "no step leads from p1 to p3");
    world.advance_through(&["p2"]);
    let before = world.state();
    let again = failures::of(&world, 3, EARLY);
    assert_eq!(again["code"], "transition_not_allowed");
    for part in ["what", "why", "impact", "fix"] {
        assert_eq!(again[part], first[part]);
    }
    assert_eq!(world.state(), before);
    assert_eq!(moves(&before), ["p1 p3 false", "p1 p2 true"]);
    let _ = world
        .say("phase advance --to-phase p3 --request-id in-time")
        .ok();
}

#[test]
fn an_id_belongs_to_the_message_it_was_first_used_for() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    let _ = world.start();
    let _ = world.say(ONCE).ok();
    let before = world.state();
    let others = [
        "phase advance --to-phase p3",
        "phase advance --to-phase p2 --triggered-by somebody-else",
        "signal vote --axis elegance --vote ACCEPT",
    ];
    for other in others {
        let said = failures::of(&world, 3, &format!("{other} --request-id once"));
        assert_eq!(said["code"], "request_id_reused", "{other:?}");
        assert_eq!(
            said["impact"],
            "the first message stands; this one changed nothing"
        );
    }
    assert_eq!(
        world.state()["transition_history"],
        before["transition_history"]
    );
    assert_eq!(world.state()["votes"], before["votes"]);
    // The first is still told its own outcome.
    let _ = world.say(ONCE).ok();
}

#[test]
fn starting_an_epoch_again_under_the_same_id_is_harmless() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    let start = || {
        let started = world.say("epoch start --request-id first --format json");
        started.ok().json()["run_id"].clone()
    };
    let first = start();
    world.advance_through(&["p2"]);
    assert_eq!(start(), first);
    assert_eq!(world.state()["current_phase"], "p2");
    assert_ne!(first, Value::Null);
}
