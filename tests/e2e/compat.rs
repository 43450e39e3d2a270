//! The earlier implementation, from both sides: its client drives our `aurad`, and our
//! `aura-msg` drives its worker. The stand-ins of `tests/compat` know only what the
//! earlier implementation knew.

mod earlier_worker;

use std::time::Duration;

use crate::support::output::run_limited;
use crate::support::python;
use crate::world::World;

/// It waits up to a minute for each of its answers, of which it expects some hundred.
const CLIENT_LIMIT: Duration = Duration::from_mins(5);

#[test]
fn the_earlier_client_drives_our_daemon() {
    let Some(world) = World::shared() else { return };
    let Some(python) = python::COMPAT.locate_or_skip() else {
        return;
    };
    let daemon = world.ready_daemon();
    let mut client = world.sandbox.command(python);
    client
        .arg(python::COMPAT.script("earlier_client.py"))
        .args(["--address", &world.address])
        .args(["--task-queue", world.sandbox.task_queue()])
        .args(["--epoch-id", &world.epoch])
        // The sources' folder is no place for what Python compiles.
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let output = run_limited(&mut client, "", CLIENT_LIMIT).expect("the client can be run");
    assert!(!output.timed_out, "{output}");
    let output = output.ok();
    let checks = output
        .stdout
        .trim()
        .strip_prefix("ok: ")
        .and_then(|rest| rest.split(' ').next());
    let checks: u32 = checks
        .and_then(|count| count.parse().ok())
        .expect("it counts its checks");
    assert!(checks > 100, "{output}");
    drop(daemon);
}
