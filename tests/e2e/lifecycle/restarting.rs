//! `epoch start` where an epoch of that id is open, or was.

use serde_json::Value;

use super::LIMIT;
use crate::failures;
use crate::listed;
use crate::support::output::Output;
use crate::temporal::Workflow;
use crate::world::World;

#[test]
fn an_open_epoch_is_not_started_again_unless_that_is_asked_for() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    let run = run_id(&start(&world, "").ok());
    world.advance_through(&["p2"]);
    for asked in ["", "--if-exists fail"] {
        let said = failures::of(&world, 3, &format!("epoch start {asked}"));
        assert_eq!(said["code"], "already_running");
        let what = format!("epoch '{}' is already running (run {run})", world.epoch);
        assert_eq!(said["what"], what);
    }
    let used = start(&world, "--if-exists use").ok();
    assert_eq!(
        (run_id(&used), used.json()["existed"].clone()),
        (run, Value::Bool(true))
    );
    assert_eq!(world.state()["current_phase"], "p2");
}

#[test]
fn an_open_epoch_is_replaced_only_by_one_who_says_yes() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let _daemon = world.ready_daemon();
    let first = run_id(&start(&world, "").ok());
    world.advance_through(&["p2", "p3", "p4"]);
    let said = failures::of(&world, 1, "epoch start --if-exists restart");
    assert_eq!(said["code"], "confirmation_missing");
    assert_eq!(said["category"], "validation error");
    assert_eq!(world.state()["current_phase"], "p4");

    let restarted = start(&world, "--if-exists restart --yes").ok();
    assert_ne!(run_id(&restarted), first);
    assert_eq!(world.state()["current_phase"], "p1");
    assert_eq!(world.state()["transition_count"], 0);
    let shown = [
        "workflow",
        "describe",
        "-w",
        &world.epoch,
        "-r",
        &first,
        "-o",
        "json",
    ];
    let old = server.cli(shown).ok().json();
    let status = &old["workflowExecutionInfo"]["status"];
    assert_eq!(status, "WORKFLOW_EXECUTION_STATUS_TERMINATED");
    // Its review went with it: the new epoch's has its place, and hears of its votes.
    world.advance_through(&["p2", "p3", "p4"]);
    world.accept();
    let review = format!("{}-review-p4", world.epoch);
    let review = Workflow::new(server, &review);
    // Not the one that went.
    review.wait_status("COMPLETED", LIMIT);
    let (status, result) = listed::end(&review);
    assert_eq!(
        (status.as_str(), &result["success"]),
        ("COMPLETED", &Value::Bool(true))
    );
}

#[test]
fn an_id_whose_epoch_has_ended_can_be_used_again() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    let first = run_id(&start(&world, "").ok());
    world.advance_through(&["p2"]);
    let _ = world.say("epoch cancel").ok();
    for asked in ["fail", "use", "restart"] {
        let again = start(&world, &format!("--if-exists {asked} --yes")).ok();
        assert_ne!(run_id(&again), first, "--if-exists {asked}");
        assert_eq!(again.json()["existed"], false);
        assert_eq!(world.state()["current_phase"], "p1");
        let _ = world.say("epoch cancel").ok();
    }
}

fn start(world: &World, more: &str) -> Output {
    world.say(&format!("epoch start --format json {more}"))
}

#[track_caller]
fn run_id(started: &Output) -> String {
    started.json()["run_id"]
        .as_str()
        .expect("a start has a run")
        .to_owned()
}
