//! Worker versioning: which of two daemons, of different builds, an epoch goes on with when
//! the other one becomes current. Temporal's server decides it, and the embedded engine does
//! not know versions, so there is nothing to see on it.

use std::time::Duration;

use crate::TARGET;
use crate::evidence::check_log;
use crate::raw::Raw;
use crate::server::{Server, Target};
use crate::support::daemon::Daemon;
use crate::support::wait::eventually;
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(1);

/// A daemon of this build.
fn daemon(world: &World, kind: &str, build_id: &str) -> Daemon {
    let deployment = world.sandbox.task_queue();
    let args = [
        ["--worker-versioning", kind],
        ["--deployment-name", deployment],
        ["--build-id", build_id],
    ];
    let daemon = world.daemon_with(args.as_flattened(), &[]);
    daemon.wait_ready();
    daemon
}

/// Two daemons, the first of which is current, and an epoch that it began.
fn two_versions(kind: &str) -> Option<(World, Raw, [Daemon; 2])> {
    if TARGET == Target::Embedded {
        return None;
    }
    let server = Server::shared()?;
    let world = World::on(&server.address());
    let raw = Raw::connect(&world);
    let daemons = ["first", "second"].map(|build| daemon(&world, kind, build));
    raw.set_current_version(world.sandbox.task_queue(), "first");
    let _ = world.start();
    assert_eq!(version(&raw, &world), "first");
    Some((world, raw, daemons))
}

fn version(raw: &Raw, world: &World) -> String {
    let version = raw.version_of_last_task(&world.epoch);
    version.unwrap_or_else(|| "none".to_owned())
}

/// Says something to an epoch, and gives the version that heard it.
fn heard_by(raw: &Raw, world: &World, session: &str) -> String {
    let _ = world
        .say(&format!(
            "session register --role worker --session-id {session}"
        ))
        .ok();
    version(raw, world)
}

#[test]
fn an_open_epoch_goes_on_with_the_version_that_is_current() {
    let Some((world, raw, daemons)) = two_versions("auto-upgrade") else {
        return;
    };
    raw.set_current_version(world.sandbox.task_queue(), "second");
    let mut sessions = 0..;
    // Those who hand out tasks hear of it a moment later.
    eventually("the second hears it", LIMIT, || {
        let session = format!("s{}", sessions.next()?);
        (heard_by(&raw, &world, &session) == "second").then_some(())
    });
    let _ = world.advance("p2").ok();
    assert_eq!(version(&raw, &world), "second");
    daemons.iter().for_each(check_log);
}

#[test]
fn a_pinned_epoch_stays_with_its_version_and_the_next_one_begins_with_the_current() {
    let Some((world, raw, [first, second])) = two_versions("pinned") else {
        return;
    };
    raw.set_current_version(world.sandbox.task_queue(), "second");
    let mut numbers = 0..;
    eventually("an epoch begins with the second", LIMIT, || {
        let next = world.beside(&format!("{}-{}", world.epoch, numbers.next()?));
        let _ = next.start();
        (version(&raw, &next) == "second").then_some(())
    });
    assert_eq!(heard_by(&raw, &world, "s"), "first");
    // Its children are of its version, too.
    world.advance_through(&["p2", "p3", "p4"]);
    let review = format!("{}-review-p4", world.epoch);
    let version = eventually("the review began", LIMIT, || {
        raw.version_of_last_task(&review)
    });
    assert_eq!(version, "first");
    check_log(&first);
    check_log(&second);
}
