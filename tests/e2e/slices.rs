//! Slices as tests need them: some that succeed at once, and some that go on running.

use std::time::Duration;

use serde_json::{Value, json};

use crate::server::Server;
use crate::support::daemon::Daemon;
use crate::support::wait::eventually;
use crate::temporal::Workflow;
use crate::world::World;

/// How long slices that run no command may take while daemons die under them.
const LIMIT: Duration = Duration::from_mins(2);

/// A slice that runs no command.
pub fn mock(id: &str, after: &[&str]) -> Value {
    json!({ "slice_id": id, "dependencies": after, "config": { "mode": "mock" } })
}

/// Declares slices under a request id.
#[track_caller]
pub fn plan(epoch: Workflow<'_>, slices: &[Value], request_id: &str) {
    let content = json!({ "slices": slices, "request_id": request_id });
    epoch.signal("plan_slices", &content);
    let outcome = epoch.query("outcome", &json!(request_id));
    assert_eq!(outcome["status"], "applied", "{outcome}");
}

/// Waits until all have succeeded.
#[track_caller]
pub fn wait_all(epoch: Workflow<'_>) {
    eventually("all slices succeed", LIMIT, || {
        epoch.is_idle()?;
        let state = epoch.query("full_state", &Value::Null);
        let slices = state["slices"].as_array().expect("the slices are a list");
        let succeeded = |slice: &Value| slice["state"] == "succeeded";
        slices.iter().all(succeeded).then_some(())
    });
}

/// Starts an epoch and takes it to p9, with a slice whose command goes on for as long as the
/// test does. Answers with its daemon.
#[track_caller]
pub fn run_for_ever(server: &Server, world: &World, slice_id: &str) -> Daemon {
    let daemon = world.daemon_with(&["--allow-shell"], &[]);
    daemon.wait_ready();
    let _ = world.start();
    world.advance_through(&["p2", "p3", "p4"]);
    world.accept();
    world.advance_through(&["p5", "p6", "p7", "p8", "p9"]);
    // The folder goes with the test, whoever has forgotten the command.
    let command = "while [ -d \"$HOME\" ]; do sleep 0.2; done";
    let config = json!({ "mode": "subprocess", "command": command, "timeout_seconds": 600 });
    let content = json!({ "slice_id": slice_id, "config": config });
    Workflow::new(server, &world.epoch).signal("start_slice", &content);
    wait_command(world, server, slice_id);
    daemon
}

/// Waits until a host has the command of a slice.
#[track_caller]
pub fn wait_command(world: &World, server: &Server, id: &str) {
    eventually("the command runs", LIMIT, || {
        command(world, server, id).filter(|state| state == "STARTED")
    });
}

/// The state of the command of a slice, as the server sees it.
#[track_caller]
pub fn command(world: &World, server: &Server, id: &str) -> Option<String> {
    let child = format!("{}-slice-{id}", world.epoch);
    let child = Workflow::new(server, &child);
    child.is_known()?;
    let pending = child.describe()["pendingActivities"].clone();
    let is_command = |activity: &&Value| {
        let kind = &activity["activityType"]["name"];
        kind == "execute_slice_command"
    };
    let found = pending.as_array()?.iter().find(is_command)?;
    let state = found["state"].as_str()?;
    Some(
        state
            .trim_start_matches("PENDING_ACTIVITY_STATE_")
            .to_owned(),
    )
}

/// Keeps the server from handing out this world's activities, so that slices which run a
/// command go on running.
#[track_caller]
pub fn hold(world: &World, server: &Server) {
    limit_activities(world, server, "0");
}

/// Lets the server hand out activities again.
#[track_caller]
pub fn release(world: &World, server: &Server) {
    limit_activities(world, server, "1000");
}

#[track_caller]
fn limit_activities(world: &World, server: &Server, per_second: &str) {
    let set = [
        "task-queue",
        "config",
        "set",
        "--task-queue-type",
        "activity",
    ];
    let how = [
        "--task-queue",
        world.sandbox.task_queue(),
        "--queue-rps-limit",
        per_second,
    ];
    let _ = server.cli(set.iter().chain(&how)).ok();
}
