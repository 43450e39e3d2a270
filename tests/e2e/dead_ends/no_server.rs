//! No server, or none that knows the namespace: exit 2, before anything was sent.

use std::time::Duration;

use super::{COMMANDS, in_time};
use crate::failures;
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

#[track_caller]
fn assert_unreachable(address: &str, why: &str) {
    let world = World::on(address);
    for command in COMMANDS {
        let run = |format: &str| {
            let line = format!("{command} --timeout 1s --format {format}");
            in_time(world.say(&line), LIMIT)
        };
        let said = failures::both(2, run);
        assert_eq!(said["category"], "connection error", "{command:?}");
        assert_eq!(said["code"], "unreachable");
        assert_eq!(
            said["what"],
            format!("cannot reach the Temporal server at {address}")
        );
        assert!(said["why"].as_str().unwrap().contains(why), "{said}");
        assert_eq!(said["retryable"], true);
    }
}

#[test]
fn an_unknown_namespace_is_named() {
    let Some(world) = World::shared() else { return };
    for command in COMMANDS {
        let said = failures::of(&world, 2, &format!("{command} --namespace nowhere"));
        assert_eq!(said["category"], "connection error", "{command:?}");
        assert_eq!(said["code"], "namespace_unknown");
        assert_eq!(said["what"], "namespace 'nowhere' does not exist");
        assert!(
            said["why"].as_str().unwrap().contains(&world.address),
            "{said}"
        );
        let create = "temporal operator namespace create -n nowhere";
        assert!(said["fix"].as_str().unwrap().contains(create), "{said}");
    }
}
