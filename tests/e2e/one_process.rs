//! The whole course of an epoch where server and worker are one process, the daemon with its
//! engine inside, as its users have it: undisturbed, and killed again and again. The other
//! scenarios have an engine that outlives its workers, and stay as they are for that.

use std::time::Duration;

use crate::course::Course;
use crate::evidence::check_log;
use crate::kills::die_at_random;
use crate::server::Server;
use crate::support::daemon::Daemon;
use crate::temporal::Workflow;
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(1);

#[test]
fn an_epoch_passes_all_its_phases_in_one_process() {
    let Some(world) = World::alone() else { return };
    let server = Server::at(&world.address);
    let mut daemon = world.ready_daemon();
    let _ = world.start();
    let course = Course::whole();
    course.go(&world, Workflow::new(&server, &world.epoch), |_| {});
    course.check(&world);
    check_log(&daemon);
    daemon.terminate();
    assert_eq!(daemon.wait_exit(LIMIT).code(), Some(0));
}

#[test]
fn killed_at_random_moments_the_one_process_loses_nothing_and_does_nothing_twice() {
    let Some(world) = World::alone() else { return };
    let _ = die_at_random(&Server::at(&world.address), &world, Daemon::restart);
}
