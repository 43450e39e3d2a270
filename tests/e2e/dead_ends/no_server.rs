//! No server, or none that knows the namespace: exit 2, before anything was sent.

use std::thread;
use std::time::Duration;

use super::{COMMANDS, in_time};
use crate::failures::{self, part};
use crate::support::dead_ends::{BlackHole, Refused};
use crate::support::proxy::CuttingProxy;
use crate::world::World;

const LIMIT: Duration = Duration::from_secs(1);

#[test]
fn a_server_that_is_down_is_unreachable() {
    let refused = Refused::reserve();
    assert_unreachable(&refused.address(), "refused");
}

#[test]
fn a_server_that_never_answers_is_unreachable() {
    let silent = BlackHole::open();
    assert_unreachable(&silent.address(), "it did not answer within ");
}

#[test]
fn a_server_without_an_address_is_unreachable() {
    assert_unreachable("aura.invalid:7233", "");
}

#[test]
fn a_server_behind_a_frozen_connection_is_unreachable() {
    let Some(world) = World::shared() else { return };
    let mut proxy = CuttingProxy::to(&world.address);
    proxy.stall();
    assert_unreachable(&proxy.address(), "it did not answer within ");
}

/// All commands at once, since each takes its whole time.
fn assert_unreachable(address: &str, why: &str) {
    let world = World::on(address);
    thread::scope(|scope| {
        for command in COMMANDS {
            let world = &world;
            scope.spawn(move || {
                let said = failures::both(2, |format| {
                    let line = format!("{command} --timeout 1s --format {format}");
                    in_time(world.say(&line), LIMIT)
                });
                assert_eq!(said["category"], "connection error", "{command}");
                assert_eq!(said["code"], "unreachable");
                let what = format!("cannot reach the Temporal server at {address}");
                assert_eq!(said["what"], what);
                assert!(part(&said, "why").contains(why), "{said}");
                assert_eq!(said["retryable"], true);
            });
        }
    });
}

#[test]
fn an_unknown_namespace_is_named() {
    let Some(world) = World::shared() else { return };
    for command in COMMANDS {
        let said = failures::of(&world, 2, &format!("{command} --namespace nowhere"));
        assert_eq!(said["category"], "connection error", "{command:?}");
        assert_eq!(said["code"], "namespace_unknown");
        assert_eq!(said["what"], "namespace 'nowhere' does not exist");
        assert!(part(&said, "why").contains(&world.address), "{said}");
        let create = "temporal operator namespace create -n nowhere";
        assert!(part(&said, "fix").contains(create), "{said}");
    }
}
