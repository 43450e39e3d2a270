//! A daemon and its server: it waits for one that is not there yet, says what it waits
//! for, gives up when it is told to, and gets over a broken connection.

use super::LIMIT;
use crate::server::{Options, Server};
use crate::support::daemon::Daemon;
use crate::support::dead_ends::{BlackHole, Refused};
use crate::support::proxy::CuttingProxy;
use crate::world::World;

#[test]
fn a_daemon_that_was_started_first_waits_for_its_server() {
    let Some(mut server) = Server::start(Options::default()) else {
        return;
    };
    let world = World::on(&server.address());
    server.kill_hard();
    let daemon = world.daemon();
    for number in 1..=3 {
        let line = attempt(&daemon, number, &world.address);
        assert!(
            line.contains("refused") && line.contains("; trying again in "),
            "{line}"
        );
    }
    server.restart();
    let ready = daemon.wait_ready();
    assert!(
        ready.contains(&world.address) && ready.contains(world.sandbox.task_queue()),
        "{ready}"
    );
    world.start_in("p2");
}

#[test]
fn a_daemon_gives_up_when_its_time_for_connecting_is_over() {
    let (refused, silent) = (Refused::reserve(), BlackHole::open());
    for address in [refused.address(), silent.address()] {
        let mut daemon = World::on(&address).daemon_with(&["--connect-timeout", "1s"], &[]);
        assert_eq!(daemon.wait_exit(LIMIT).code(), Some(69));
        daemon.wait_for_line(&format!("no server at {address} within 1s: "), LIMIT);
    }
}

#[test]
fn a_daemon_that_waits_for_its_server_can_be_stopped() {
    let silent = BlackHole::open();
    for stop in [Daemon::terminate, Daemon::interrupt] {
        let mut daemon = World::on(&silent.address()).daemon();
        // It listens to signals before it connects, and what it says first is its trail.
        daemon.wait_for_line("audit trail", LIMIT);
        stop(&mut daemon);
        assert_eq!(daemon.wait_exit(LIMIT).code(), Some(0));
        daemon.wait_for_line("before a server was reached: stopping", LIMIT);
    }
}

#[test]
fn a_daemon_waits_for_its_namespace_too() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let name = world.epoch.replace("epoch", "namespace");
    let daemon = world.daemon_with(&["--namespace", &name], &[]);
    for number in 1..=2 {
        let line = attempt(&daemon, number, &world.address);
        let why = format!(
            "namespace '{name}' does not exist; create it with `temporal operator namespace \
             create -n {name}`"
        );
        assert!(line.contains(&why), "{line}");
    }
    let _ = server
        .cli(["operator", "namespace", "create", "-n", &name])
        .ok();
    daemon.wait_ready();
    let say = |line: &str| world.say(&format!("{line} --namespace {name}")).ok();
    let _ = say("epoch start");
    let moved = say("phase advance --to-phase p2").stdout;
    assert!(
        moved.ends_with("\napplied: the epoch is in p2\n"),
        "{moved}"
    );
    // Another namespace is another world.
    let _ = world.say("query state").code(3);
}

#[test]
fn a_daemon_says_which_namespace_it_gave_up_waiting_for() {
    let Some(world) = World::shared() else { return };
    let args = ["--namespace", "nowhere", "--connect-timeout", "1s"];
    let mut daemon = world.daemon_with(&args, &[]);
    assert_eq!(daemon.wait_exit(LIMIT).code(), Some(69));
    daemon.wait_for_line("within 1s: namespace 'nowhere' does not exist", LIMIT);
}

#[test]
fn a_daemon_gets_over_a_broken_connection() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let mut proxy = CuttingProxy::to(&server.address());
    let behind = world.through(proxy.address());
    let _daemon = behind.ready_daemon();
    world.start_in("p2");
    for (next, after) in [("p3", "p4"), ("p5", "p6")] {
        proxy.cut();
        let unseen = world.say(&format!("phase advance --to-phase {next} --timeout 5s"));
        let _ = unseen.code(5);
        proxy.heal();
        let _ = world
            .say(&format!("epoch wait --until {next} --timeout 60s"))
            .ok();
        world.advance_through(&[after]);
        if after == "p4" {
            world.accept();
        }
    }
}

/// Waits for the line about a daemon's attempt of this number to connect.
#[track_caller]
fn attempt(daemon: &Daemon, number: u32, address: &str) -> String {
    daemon.wait_for_line(&format!("attempt {number}: {address}: "), LIMIT)
}
