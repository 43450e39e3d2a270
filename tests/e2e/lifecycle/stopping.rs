//! A daemon is asked to stop: it lets go of its work and exits with success; asked
//! again, it goes at once; and it does not wait for ever for a server that is gone.

use std::time::Duration;

use super::LIMIT;
use crate::server::{Options, Server};
use crate::support::daemon::Daemon;
use crate::support::wait::within;
use crate::world::World;

/// A drain that has nothing to wait for takes less, on a loaded machine, too; one that has is
/// given up after more than ten seconds.
const PROMPT: Duration = Duration::from_secs(5);

#[test]
fn a_daemon_that_is_asked_to_stop_drains_and_succeeds() {
    for (stop, name) in [
        (Daemon::terminate as fn(&mut Daemon), "SIGTERM"),
        (Daemon::interrupt, "SIGINT"),
    ] {
        let Some(world) = World::shared() else { return };
        let mut daemon = world.ready_daemon();
        world.start_in("p4");
        let before = world.state();
        stop(&mut daemon);
        assert_eq!(daemon.wait_exit(LIMIT).code(), Some(0), "after {name}");
        daemon.wait_for_line(&format!("{name}: draining"), LIMIT);
        daemon.wait_for_line("aurad stopped", LIMIT);
        // The epoch goes on with the next daemon as if nothing had been.
        daemon.restart();
        daemon.wait_ready();
        assert_eq!(world.state(), before);
        world.accept();
        world.advance_through(&["p5"]);
    }
}

#[test]
fn a_second_signal_stops_at_once() {
    let Some((mut daemon, _server)) = stuck_while_draining(&[]) else {
        return;
    };
    daemon.interrupt();
    assert_eq!(daemon.wait_exit(LIMIT).code(), Some(1));
    daemon.wait_for_line("second signal (SIGINT): stopping at once", LIMIT);
}

#[test]
fn a_drain_ends_some_time_even_if_the_server_does_not_answer() {
    let Some((mut daemon, _server)) = stuck_while_draining(&["--grace-period", "1s"]) else {
        return;
    };
    assert_eq!(daemon.wait_exit(LIMIT).code(), Some(1));
    daemon.wait_for_line("the workers did not stop in time", LIMIT);
}

#[test]
fn a_daemon_whose_server_is_gone_can_be_stopped() {
    let Some(mut server) = Server::start(Options::default()) else {
        return;
    };
    let mut daemon = World::on(&server.address()).ready_daemon();
    server.kill_hard();
    daemon.terminate();
    assert_eq!(daemon.wait_exit(LIMIT).code(), Some(0));
}

/// A daemon that was asked to stop and can't, since its server keeps its connections and
/// doesn't answer. Now and then the SDK gives its polls up all the same; then another
/// daemon is tried.
#[track_caller]
fn stuck_while_draining(args: &[&str]) -> Option<(Daemon, Server)> {
    let mut server = Server::start(Options::default())?;
    let world = World::on(&server.address());
    for _ in 0..10 {
        let mut daemon = world.daemon_with(args, &[]);
        daemon.wait_ready();
        server.pause();
        daemon.terminate();
        daemon.wait_for_line("SIGTERM: draining", LIMIT);
        if within(PROMPT, || daemon.exit_status()).is_none() {
            return Some((daemon, server));
        }
        server.resume();
    }
    panic!("no daemon has to wait for its server");
}
