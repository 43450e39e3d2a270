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

#[test]
fn a_message_to_a_run_that_has_ended_for_its_worker_alone_is_not_lost() {
    let Some(server) = server_of_short_runs() else {
        return;
    };
    let world = World::on(&server.address());
    let mut daemon = world.ready_daemon();
    let _ = world.start();
    let epoch = Workflow::new(&server, &world.epoch);
    let raw = Raw::connect(&world);
    let id = world.epoch.as_str();
    let register = |session: &str| {
        let content = json!({ "epoch_id": id, "session_id": session, "request_id": session });
        raw.tell(id, "register_session", &content);
    };
    let beat = payload::json(&json!({ "session_id": "first" }));
    register("first");
    eventually("the first session is there", LIMIT, || {
        is_applied(&raw.outcome(id, "first"))
    });
    eventually("the epoch is idle", LIMIT, || epoch.is_idle());
    let run = epoch.run_id();

    // The run has another worker now, and the daemon nothing of it in its memory.
    daemon.kill();
    raw.signal(id, "session_heartbeat", beat.clone());
    raw.hold(PATIENCE);
    daemon.restart();
    daemon.wait_ready();

    let answers: Vec<Value> = thread::scope(|scope| {
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
        raw.flood(id, vec![("session_heartbeat", beat); MANY]);
        register("early");
        let task = raw.held();
        assert!(task.query.is_none(), "{task:?}");
        // Queries that their holder does not answer go to the daemon, which is slow.
        daemon.pause();
        eventually("the holder's time is over", LIMIT, || {
            (since.elapsed() > PATIENCE + MARGIN).then_some(())
        });
        register("late");
        raw.give_back(task);
        daemon.resume();
        let answers = asking.into_iter();
        answers
            .map(|asking| asking.join().expect("an answer"))
            .collect()
    });
    eventually("the late message is known", LIMIT, || {
        is_applied(&raw.outcome(id, "late"))
    });
    eventually("a new run has begun", LIMIT, || {
        (epoch.run_id() != run).then_some(())
    });
    let sessions = raw.query(id, "active_sessions", None);
    let mut ids: Vec<&str> = sessions
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|session| session["session_id"].as_str())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, ["early", "first", "late"], "{answers:?}");
    check_log(&daemon);
}

fn is_applied(outcome: &Value) -> Option<()> {
    (outcome["status"] == "applied").then_some(())
}
