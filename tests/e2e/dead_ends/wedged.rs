//! A workflow under the epoch's id that is no epoch, or one that no worker can carry on.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::failures::{self, part};
use crate::listed;
use crate::raw::Raw;
use crate::server::Server;
use crate::support::wait::eventually;
use crate::temporal::Workflow;
use crate::world::World;

/// A task that fails is tried again after some seconds.
const LIMIT: Duration = Duration::from_mins(1);

/// From so many lost tasks on, the server refuses to answer queries.
const DEATHS: usize = 3;

const STATE: &str = "query state";
const WAIT: &str = "epoch wait";
const ADVANCE: &str = "phase advance --to-phase p2";
const COMPLETE: &str = "signal complete --output done --slice-id";

#[test]
fn a_foreign_workflow_without_a_worker_confirms_nothing() {
    let Some((world, server)) = holding("Stranger", &Value::Null) else {
        return;
    };
    for command in [STATE, ADVANCE, "epoch cancel"] {
        let given_up = world.say(&format!("{command} --timeout 5s")).code(5);
        let said = failures::text(&given_up);
        assert_eq!(said["category"], "not confirmed", "{command:?}");
    }
    let said = failures::of(&world, 3, "epoch start");
    let run = Workflow::new(server, &world.epoch).run_id();
    let what = format!("epoch '{}' is already running (run {run})", world.epoch);
    assert_eq!(said["what"], what);
    let _ = world.say("epoch terminate").ok();
}

#[test]
fn a_foreign_workflow_that_fails_on_our_worker_is_stuck() {
    let Some((world, _)) = holding("Stranger", &Value::Null) else {
        return;
    };
    let _daemon = world.ready_daemon();
    assert_stuck(&world);
    let _ = world.say("epoch terminate").ok();
    let said = failures::of(&world, 3, ADVANCE);
    assert_eq!(
        said["what"],
        format!("'{}' is closed (terminated)", world.epoch)
    );
}

/// The server says of it what it says of one whose task fails, until it is done.
#[test]
fn an_epoch_whose_workers_died_one_after_the_other_is_late_and_not_stuck() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let input = json!({ "epoch_id": world.epoch, "request_description": "" });
    let (epoch, queue) = (
        Workflow::new(server, &world.epoch),
        world.sandbox.task_queue(),
    );
    epoch.start("EpochWorkflow", queue, &input, &["--task-timeout", "1s"]);
    let raw = Raw::connect(&world);
    (0..DEATHS).for_each(|_| raw.lose_task());
    for command in [STATE, ADVANCE] {
        let late = world.say(&format!("{command} --timeout 6s")).code(5);
        let said = failures::text(&late);
        assert_eq!(said["category"], "not confirmed", "{command:?}");
    }
    let _daemon = world.ready_daemon();
    let _ = world.say("epoch wait --until p2").ok();
}

#[test]
fn an_epoch_of_newer_rules_waits_for_a_newer_worker() {
    let input = json!({ "epoch_id": "e", "request_description": "", "rules_version": 99 });
    let Some((world, server)) = holding("EpochWorkflow", &input) else {
        return;
    };
    let daemon = world.ready_daemon();
    assert_stuck(&world);
    daemon.wait_for_line("rules_version 99 is newer than this aurad knows", LIMIT);
    // It is open, for whoever can carry it on.
    assert_eq!(Workflow::new(server, &world.epoch).status(), "RUNNING");
}

#[test]
fn an_epoch_whose_input_is_broken_fails_and_says_why() {
    let Some((world, server)) = holding("EpochWorkflow", &json!({ "epoch_id": 7 })) else {
        return;
    };
    let _daemon = world.ready_daemon();
    assert_eq!(
        listed::end(&Workflow::new(server, &world.epoch)).0,
        "FAILED"
    );
    let said = failures::of(&world, 3, ADVANCE);
    assert_eq!(
        said["what"],
        format!("'{}' is closed (failed)", world.epoch)
    );
    let said = failures::of(&world, 3, STATE);
    assert_eq!(said["code"], "query_failed");
    assert!(
        part(&said, "why").contains("the epoch's input cannot be used"),
        "{said}"
    );
}

#[test]
fn a_slice_is_no_epoch() {
    let Some((world, server)) = holding("SliceWorkflow", &idle_slice("s")) else {
        return;
    };
    let _daemon = world.ready_daemon();
    for command in [STATE, WAIT] {
        let said = failures::of(&world, 3, command);
        assert_eq!(said["code"], "query_failed", "{command:?}");
    }
    // It has no such message, so nobody will ever apply it.
    let unseen = world.say(&format!("{ADVANCE} --timeout 5s")).code(5);
    assert_eq!(
        failures::text(&unseen)["what"],
        "delivered, not yet confirmed"
    );
    assert_eq!(Workflow::new(server, &world.epoch).status(), "RUNNING");
}

#[test]
fn a_slice_is_completed_under_its_own_id_only_if_it_is_one() {
    let Some((world, server)) = holding("Stranger", &Value::Null) else {
        return;
    };
    let _daemon = world.ready_daemon();
    // The epoch's own id is a workflow, but no slice.
    let said = failures::of(&world, 3, &format!("{COMPLETE} {}", world.epoch));
    assert_eq!(said["code"], "not_found");

    let lonely = world.beside(&world.epoch.replace("epoch", "lonely"));
    start(&lonely, server, "SliceWorkflow", &idle_slice(&lonely.epoch));
    let _ = world.say(&format!("{COMPLETE} {}", lonely.epoch)).ok();
    let (status, result) = listed::end(&Workflow::new(server, &lonely.epoch));
    assert_eq!(
        (status.as_str(), &result["output"]),
        ("COMPLETED", &json!("done"))
    );
}

/// A world in which the epoch's id is held by a workflow of this type.
#[track_caller]
fn holding(kind: &str, input: &Value) -> Option<(World, &'static Server)> {
    let (world, server) = World::with_server()?;
    start(&world, server, kind, input);
    Some((world, server))
}

#[track_caller]
fn start(world: &World, server: &Server, kind: &str, input: &Value) {
    Workflow::new(server, &world.epoch).start(kind, world.sandbox.task_queue(), input, &[]);
}

/// The input of a slice that waits to be told what to do.
fn idle_slice(id: &str) -> Value {
    json!({ "epoch_id": "e", "slice_id": id, "phase_spec": "", "parent_workflow_id": "" })
}

/// Waits until the server has seen its task fail, and asks in every way, at once, since
/// a task that fails is given some time to recover.
fn assert_stuck(world: &World) {
    eventually("it is known to be stuck", LIMIT, || {
        let asked = world.say(&format!("{STATE} --timeout 2s"));
        // Two seconds may be too few to connect in, on a loaded machine.
        assert!(matches!(asked.code, 2 | 3 | 5), "{asked}");
        (asked.code == 3).then_some(())
    });
    thread::scope(|scope| {
        for command in [STATE, ADVANCE, WAIT] {
            scope.spawn(move || {
                let said = failures::of(world, 3, command);
                assert_eq!(said["code"], "stuck", "{command}");
                let what = format!(
                    "'{}' cannot answer: its workflow task is failing",
                    world.epoch
                );
                assert_eq!(said["what"], what);
            });
        }
    });
    let said = failures::of(world, 3, &format!("{COMPLETE} s"));
    let what = format!("no epoch or slice '{}-slice-s' exists", world.epoch);
    assert_eq!(said["what"], what);
}
