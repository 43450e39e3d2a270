//! The main job: an epoch from p1 to complete, driven by commands alone, with everything
//! on the way that may happen to one: a refused advance, a plan that is revised, a
//! blocker, work that is sent back after the last review. The modules look at what it
//! leaves behind, each after a journey of its own.

mod after;
mod audit;
mod hook;
mod record;
mod shown;
mod slices;

use serde_json::Value;

use crate::failures;
use crate::server::Server;
use crate::support::daemon::Daemon;
use crate::support::output::Output;
use crate::world::World;

/// Why an advance is refused while the last reviewer has not voted.
const NO_CONSENSUS: &str = "consensus is missing; no vote on elegance";
/// Why it is refused while a blocker is open.
const BLOCKED: &str = "1 BLOCKER is open: leak";

/// A world, its daemon and its server.
type Scene = (World, Daemon, &'static Server);

/// A world with a daemon that is ready; none where there is no server.
#[track_caller]
fn ready() -> Option<Scene> {
    let (world, server) = World::with_server()?;
    let daemon = world.ready_daemon();
    Some((world, daemon, server))
}

/// The same after the whole journey.
#[track_caller]
fn travelled() -> Option<Scene> {
    let scene = ready()?;
    let _ = scene.0.start();
    review_the_plan(&scene.0);
    review_the_work(&scene.0);
    land(&scene.0);
    Some(scene)
}

/// From p1 to p5: one advance too early, and a plan that is revised once.
fn review_the_plan(world: &World) {
    for phase in ["p2", "p3", "p4"] {
        assert_eq!(moved(&world.advance(phase).ok()), phase);
    }
    let _ = world.vote("correctness", "ACCEPT").ok();
    let _ = world.vote("test_quality", "accept").ok();
    let fix = "let each missing axis vote ACCEPT";
    refused(world, "p5", "consensus_missing", NO_CONSENSUS, fix);
    let _ = world.vote("elegance", "REVISE").ok();
    world.advance_through(&["p3", "p4"]);
    world.accept();
    world.advance_through(&["p5"]);
}

/// From p5 to p11: a blocker keeps the gate closed until it is resolved.
fn review_the_work(world: &World) {
    world.advance_through(&["p6", "p7", "p8", "p9", "p10"]);
    find(world, "leak", "BLOCKER");
    find(world, "typo", "minor");
    world.accept();
    let fix = "resolve each with `aura-msg finding resolve`";
    refused(world, "p11", "blockers_open", BLOCKED, fix);
    let resolved = world.say("finding resolve --finding-id leak --resolution closed");
    let _ = resolved.ok();
    world.advance_through(&["p11"]);
}

/// From p11 to complete, with a way back and another review.
fn land(world: &World) {
    world.advance_through(&["p9", "p10"]);
    world.accept();
    world.advance_through(&["p11", "p12", "complete"]);
}

#[track_caller]
fn find(world: &World, id: &str, severity: &str) {
    let add = format!("finding add --finding-id {id} --severity {severity} --summary s");
    let _ = world.say(&add).ok();
}

/// Asks to move on, twice, and is refused both times: for people, then for programs.
#[track_caller]
fn refused(world: &World, to: &str, code: &str, why: &str, fix: &str) {
    let advance = format!("phase advance --to-phase {to} --triggered-by test");
    let said = failures::of(world, 3, &advance);
    let from = world.state()["current_phase"].clone();
    let expected = serde_json::json!({
        "code": code,
        "category": "workflow error",
        "what": format!("{} → {to} was refused", words(&from)),
        "why": why,
        "impact": format!("the epoch stays in {}", words(&from)),
        "fix": fix,
        "retryable": false,
    });
    assert_eq!(said, expected);
}

/// Where an epoch is, by the two lines that confirm a message.
#[track_caller]
fn moved(confirmed: &Output) -> String {
    let lines: Vec<_> = confirmed.stdout.lines().collect();
    let ["Signal delivered successfully", outcome] = lines.as_slice() else {
        panic!("two lines confirm a message\n{confirmed}")
    };
    let phase = outcome.strip_prefix("applied: the epoch is in ");
    phase
        .unwrap_or_else(|| panic!("it was not applied\n{confirmed}"))
        .to_owned()
}

/// A JSON text's words.
#[track_caller]
fn words(value: &Value) -> &str {
    value.as_str().expect("it is a text")
}
