//! `aurad replay` on what is open: the daemon that began it could go on with all of it, and
//! one whose epochs ask for other commands could not, and says which epoch and what differs.
//! The other one is this one, with a change that only a debug build can be asked for.

use std::time::Duration;

use serde_json::Value;

use crate::listed;
use crate::server::{Options, Server};
use crate::support::cli::AuraMsg;
use crate::support::output::Output;
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(3);

/// Asks this daemon, in the words of the field.
#[track_caller]
fn replay(world: &World, args: &[&str], env: Option<(&str, &str)>) -> Output {
    let mut aurad = AuraMsg::new(&world.sandbox, env!("CARGO_BIN_EXE_aurad"))
        .connected_to(&world.address)
        .limit(LIMIT);
    if let Some((name, value)) = env {
        aurad = aurad.env(name, value);
    }
    aurad.run(["replay"].iter().chain(args))
}

#[test]
fn what_is_open_can_be_taken_over_or_not_and_it_says_so() {
    // Its own: what other scenes leave open, they may have broken on purpose.
    let Some(server) = Server::start(Options::default()) else {
        return;
    };
    let world = World::on(&server.address());
    let said = replay(&world, &["--open"], None).ok().stdout;
    assert_eq!(said, "nothing is open, so nothing had to be replayed\n");

    let daemon = world.ready_daemon();
    // With a review of its own, with a slice, just begun, and one that has ended.
    let review = world.beside("upgrade-review");
    review.start_in("p4");
    let slice = world.beside("upgrade-slice");
    slice.start_in("p9");
    let _ = slice.say("slice start --slice-id s --mode mock").ok();
    let begun = world.beside("upgrade-begun");
    let _ = begun.start();
    let ended = world.beside("upgrade-ended");
    let _ = ended.start();
    let _ = ended.say("epoch cancel").ok();
    let review = "upgrade-review-review-p4";
    for id in ["upgrade-review", review, "upgrade-slice", "upgrade-begun"] {
        listed::wait_for(&server, "ExecutionStatus = 'Running'", id);
    }
    listed::wait_for(&server, "ExecutionStatus = 'Canceled'", "upgrade-ended");
    // It is open no more.
    let over = "upgrade-slice-review-p4";
    listed::wait_for(&server, "ExecutionStatus = 'Completed'", over);

    let report = replay(&world, &["--open", "--format", "json"], None)
        .ok()
        .json();
    let executions = report["executions"].as_array().unwrap();
    let of = |kind: &str| {
        let mut epochs: Vec<&str> = executions
            .iter()
            .filter(|execution| execution["workflow_type"] == kind)
            .map(|execution| execution["epoch_id"].as_str().unwrap())
            .collect();
        epochs.sort_unstable();
        epochs
    };
    let open = ["upgrade-begun", "upgrade-review", "upgrade-slice"];
    assert_eq!(of("EpochWorkflow"), open, "{report}");
    assert_eq!(of("ReviewPhaseWorkflow"), ["upgrade-review"], "{report}");
    assert_eq!(report["failed"], 0, "{report}");
    assert_eq!(report["replayed"], executions.len(), "{report}");

    let other = Some(("AURA_FAILPOINT", "epoch.commands"));
    let output = replay(&world, &["--open", "--format", "jsonl"], other).code(3);
    let mut differing = Vec::new();
    for line in output.stdout.lines() {
        let told: Value = serde_json::from_str(line).unwrap();
        if told["workflow_type"] != "EpochWorkflow" {
            assert_eq!(told["result"], "replays", "{line}");
            continue;
        }
        assert_eq!(told["result"], "differs", "{line}");
        let difference = &told["difference"];
        let event = difference["event"].as_str().unwrap_or_default();
        assert!(difference["event_id"].as_u64().is_some(), "{line}");
        assert!(!event.is_empty(), "{line}");
        differing.push(told["epoch_id"].as_str().unwrap().to_owned());
    }
    differing.sort_unstable();
    assert_eq!(differing, open, "{output}");
    assert!(output.stderr.contains("upgrade-"), "{output}");
    drop(daemon);
}

/// The command line of Temporal writes a history in protobuf's form.
#[test]
fn a_history_that_temporal_shows_can_be_replayed() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let _daemon = world.ready_daemon();
    world.start_in("p4");
    let id = world.epoch.as_str();
    let shown = server
        .cli(["workflow", "show", "--workflow-id", id, "-o", "json"])
        .ok()
        .stdout;
    let path = world.sandbox.path().join("shown.json");
    std::fs::write(&path, &shown).unwrap();
    let path = path.to_str().unwrap();
    let said = replay(&world, &["--file", path], None).ok().stdout;
    assert!(
        said.starts_with(&format!("replays  EpochWorkflow {id} ")),
        "{said}"
    );
    let other = Some(("AURA_FAILPOINT", "epoch.commands"));
    let said = replay(&world, &["--file", path], other).code(3).stdout;
    assert!(
        said.starts_with(&format!("differs  EpochWorkflow {id} ")),
        "{said}"
    );
}
