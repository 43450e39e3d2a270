//! A server that goes away: killed again and again, killed at the same moment as its daemon,
//! gone for a long time while a command runs. Whatever it acknowledged is applied once and
//! audited once, and the daemon that was not killed is the same process as before.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::course::{insist, request_id};
use crate::evidence::{check_log, check_numbers, check_trail};
use crate::kills::die_at_random;
use crate::server::Server;
use crate::slices;
use crate::support::random::from_environment;
use crate::support::sandbox::Sandbox;
use crate::support::wait::eventually;
use crate::temporal::Workflow;
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(2);
/// How long the server is gone, in seconds, for every day.
const OUTAGE_S: u64 = 5;
/// A command that is told nothing else gives up after this long, give or take.
const PATIENCE: &str = "--timeout 2s";
/// More than any command may take that cannot reach its server.
const GIVEN_UP: Duration = Duration::from_secs(22);

#[test]
fn a_server_that_is_killed_again_and_again_loses_nothing_and_has_nothing_done_twice() {
    let folder = Sandbox::new();
    let Some(mut server) = Server::start_lasting(&folder) else {
        return;
    };
    let world = World::on(&server.address());
    let mut pids = Vec::new();
    let _daemon = die_at_random(&Server::at(&world.address), &world, |daemon| {
        pids.push(daemon.pid());
        assert_eq!(daemon.exit_status(), None, "it gets over its server's end");
        server.restart();
    });
    pids.dedup();
    assert_eq!(pids.len(), 1, "one daemon all the time");
    check_trail(&world);
}

#[test]
fn a_server_and_a_daemon_that_die_together_lose_nothing_and_do_nothing_twice() {
    let folder = Sandbox::new();
    let Some(mut server) = Server::start_lasting(&folder) else {
        return;
    };
    let world = World::on(&server.address());
    let _daemon = die_at_random(&Server::at(&world.address), &world, |daemon| {
        server.kill_hard();
        let _ = daemon.kill();
        // The daemon is there first, and waits for its server.
        daemon.restart();
        server.restart();
    });
    check_trail(&world);
}

/// `AURA_TEST_OUTAGE` says for how many seconds. After thirty without a sign of life the
/// server takes the command's worker for lost.
#[test]
fn a_server_that_is_gone_for_long_is_done_without_and_found_again() {
    let folder = Sandbox::new();
    let Some(mut server) = Server::start_lasting(&folder) else {
        return;
    };
    let world = World::on(&server.address());
    let outage = from_environment("AURA_TEST_OUTAGE").unwrap_or(OUTAGE_S);
    let mut daemon = world.daemon_with(&["--allow-shell"], &[]);
    daemon.wait_ready();
    let pid = daemon.pid();
    world.start_in("p9");
    let seen = Server::at(&world.address);
    let epoch = Workflow::new(&seen, &world.epoch);
    start_command(&world, epoch);
    // It has what it acknowledged, whether or not it came to do anything about it.
    let told = world.say("session register --session-id s --role worker --no-wait");
    let _ = told.ok();
    server.kill_hard();

    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(outage) {
        let unheard = world.say(&format!("phase advance --to-phase p10 {PATIENCE}"));
        assert!(unheard.elapsed < GIVEN_UP, "{unheard}");
        let _ = unheard.code(2);
        // The outage itself, and no sign of it from the daemon but its log.
        thread::sleep(Duration::from_millis(500));
        assert_eq!(daemon.exit_status(), None);
    }
    server.restart();

    eventually("the session is there", LIMIT, || {
        let told = world.say("query state --format json");
        (told.code == 0 && told.json()["active_session_count"] == 1).then_some(())
    });
    let _ = world.sandbox.write("home/go", "");
    slices::wait_all(epoch);
    for (step, line) in [
        "phase advance --to-phase p10",
        "signal vote --axis correctness --vote ACCEPT",
        "signal vote --axis test_quality --vote ACCEPT",
        "signal vote --axis elegance --vote ACCEPT",
        "phase advance --to-phase p11",
        "phase advance --to-phase p12",
        "phase advance --to-phase complete",
    ]
    .into_iter()
    .enumerate()
    {
        insist(&world, line, &request_id(&world, step), 0);
    }
    epoch.wait_status("COMPLETED", LIMIT);
    check_once(&world);
    assert_eq!(daemon.pid(), pid);
    check_log(&daemon);
    daemon.terminate();
    assert_eq!(daemon.wait_exit(LIMIT).code(), Some(0));
}

/// A slice whose command goes on until it is told to end, once it runs.
#[track_caller]
fn start_command(world: &World, epoch: Workflow<'_>) {
    let command = "while [ -d \"$HOME\" ] && ! [ -e \"$HOME/go\" ]; do sleep 0.1; done";
    let config = json!({ "mode": "subprocess", "command": command, "timeout_seconds": 600 });
    epoch.signal("start_slice", &json!({ "slice_id": "s", "config": config }));
    slices::wait_command(world, epoch.server, "s");
}

/// Every change is in the trail once, and the trail and the epoch tell the same.
#[track_caller]
fn check_once(world: &World) {
    let rows = eventually("the end is in the trail", LIMIT, || {
        let rows = world.audit_rows();
        let is_over = rows.last()?.event_type == "epoch_completed";
        is_over.then_some(rows)
    });
    let count = |kind: &str| rows.iter().filter(|row| row.event_type == kind).count();
    for (kind, times) in [
        ("session_registered", 1),
        // It is declared, and then it runs.
        ("slice_started", 2),
        ("slice_finished", 1),
        ("vote_recorded", 6),
        ("phase_transition", 12),
        ("advance_refused", 0),
    ] {
        assert_eq!(count(kind), times, "{kind}: {rows:#?}");
    }
    check_numbers(&rows);
    check_trail(world);
}
