//! A worker that is ahead of its run. A query that reaches a worker which does not have the
//! run in memory has it play the history, and that of Temporal's own server has by then what
//! another task is for. The worker does that task's work without being able to say so: for
//! it the run can have ended, while the server takes more messages. As long as further
//! queries follow, it keeps the run so, and it is the one to hear those messages.
//!
//! Here that other task is held by this process, which gives it back when the daemon has been
//! asked. Nothing tells that a worker is ahead, so that on a busy machine it may not be.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::evidence::check_log;
use crate::raw::{Raw, payload};
use crate::server::Server;
use crate::support::daemon::Daemon;
use crate::support::wait::eventually;
use crate::temporal::{Workflow, server_of_short_runs};
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(1);

/// So long a query waits for its holder before the daemon gets it. What the task is for that
/// the daemon does too early must be there by then, and the task's own limit is 5 seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// More than a server takes to see that the time is over.
const MARGIN: Duration = Duration::from_millis(500);

/// Queries on their way at once.
const QUERIES: usize = 10;

/// More events than a run has when a new one is suggested.
const MANY: usize = 40;

const SESSIONS: [&str; 3] = ["early", "first", "late"];

#[test]
fn a_message_to_a_run_that_has_ended_for_its_worker_alone_is_not_lost() {
    let Some(server) = server_of_short_runs() else {
        return;
    };
    let world = World::on(&server.address());
    let epoch = Workflow::new(&server, &world.epoch);
    let raw = Raw::connect(&world);
    let mut daemon = started(&world, &raw, epoch);
    let run = epoch.run_id();
    let answers = ask_between(&world, &raw, &mut daemon, MANY);
    eventually("the late message is known", LIMIT, || {
        raw.is_applied(&world.epoch, "late")
    });
    epoch.wait_run_after(&run, LIMIT);
    assert_eq!(sessions(&raw, &world), SESSIONS, "{answers:?}");
    check_log(&daemon);
}

#[test]
fn messages_that_its_worker_saw_one_by_one_and_its_history_has_together_can_be_played_again() {
    let Some(server) = Server::shared() else {
        return;
    };
    let world = World::on(&server.address());
    let epoch = Workflow::new(server, &world.epoch);
    let raw = Raw::connect(&world);
    let mut daemon = started(&world, &raw, epoch);
    let answers = ask_between(&world, &raw, &mut daemon, 0);
    eventually("the late message is known", LIMIT, || {
        raw.is_applied(&world.epoch, "late")
    });
    eventually("the epoch is idle", LIMIT, || epoch.is_idle());
    daemon.kill();
    daemon.restart();
    daemon.wait_ready();
    assert_eq!(sessions(&raw, &world), SESSIONS, "{answers:?}");
    // Not only can it be asked, it also goes on.
    raw.register(&world.epoch, "last");
    eventually("the last message is known", LIMIT, || {
        raw.is_applied(&world.epoch, "last")
    });
    check_log(&daemon);
}

/// An epoch with a session, which has nothing to do, and its daemon.
fn started(world: &World, raw: &Raw, epoch: Workflow<'_>) -> Daemon {
    let daemon = world.ready_daemon();
    let _ = world.start();
    raw.register(&world.epoch, "first");
    eventually("the first session is there", LIMIT, || {
        raw.is_applied(&world.epoch, "first")
    });
    eventually("the epoch is idle", LIMIT, || epoch.is_idle());
    daemon
}

/// Has the daemon asked about a run that it does not have in memory, between two messages
/// that one task is for; so many others come with the first.
fn ask_between(world: &World, raw: &Raw, daemon: &mut Daemon, others: usize) -> Vec<Value> {
    let id = world.epoch.as_str();
    let beat = payload::json(&json!({ "session_id": "first" }));
    // The run has another worker now, and the daemon nothing of it in its memory.
    daemon.kill();
    raw.signal(id, "session_heartbeat", beat.clone());
    raw.hold(PATIENCE);
    daemon.restart();
    daemon.wait_ready();

    thread::scope(|scope| {
        let holding = scope.spawn(|| raw.held());
        raw.until_holding();
        let mut asking = Vec::new();
        asking.push(scope.spawn(|| raw.outcome(id, "early")));
        let query = holding.join().expect("a query comes");
        assert!(query.query.is_some(), "{query:?}");
        for _ in 1..QUERIES {
            asking.push(scope.spawn(|| raw.outcome(id, "early")));
            assert!(raw.held().query.is_some());
        }
        let since = Instant::now();
        raw.flood(id, vec![("session_heartbeat", beat); others]);
        raw.register(&world.epoch, "early");
        let task = raw.held();
        assert!(task.query.is_none(), "{task:?}");
        // Queries that their holder does not answer go to the daemon, which is slow.
        daemon.pause();
        eventually("the holder's time is over", LIMIT, || {
            (since.elapsed() > PATIENCE + MARGIN).then_some(())
        });
        raw.register(&world.epoch, "late");
        raw.give_back(task);
        daemon.resume();
        let answers = asking.into_iter();
        answers
            .map(|asking| asking.join().expect("an answer"))
            .collect()
    })
}

fn sessions(raw: &Raw, world: &World) -> Vec<String> {
    let sessions = raw.query(&world.epoch, "active_sessions", None);
    let sessions = sessions.as_array().into_iter().flatten();
    let mut ids: Vec<String> = sessions
        .filter_map(|session| session["session_id"].as_str())
        .map(ToOwned::to_owned)
        .collect();
    ids.sort_unstable();
    ids
}
