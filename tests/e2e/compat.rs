//! The earlier implementation, from both sides: its client drives our `aurad`, and our
//! `aura-msg` drives its worker. The stand-ins of `tests/compat` know only what the
//! earlier implementation knew.

mod earlier_worker;

use std::time::Duration;

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
        .args(["--epoch-id", &world.epoch]);
    let checks = python::count_checks(&mut client, CLIENT_LIMIT);
    assert!(checks > 100, "only {checks} checks were made");
    drop(daemon);
}
