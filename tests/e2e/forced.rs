//! A task that brings nothing: where a query is answered while an audit write is going on, the
//! worker asks for one more at once. If it is with that one that the server suggests a new run,
//! whoever plays the history later must still find the run's end where it is: closed runs are
//! asked for their events.

use std::thread;
use std::time::Duration;

use serde_json::json;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use crate::course::{register, words};
use crate::evidence::{check_log, check_trail};
use crate::raw::{Raw, payload};
use crate::server::Server;
use crate::support::daemon::Daemon;
use crate::support::wait::eventually;
use crate::temporal::{SHORT_RUN, Workflow, server_of_short_runs};
use crate::trail::Fault;
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(1);

/// Whether a query comes in time for its task is the machine's choice; so many runs are tried.
const TRIES: usize = 10;

#[test]
fn a_run_can_be_asked_although_a_task_that_brought_nothing_suggested_the_next() {
    with(None);
}

#[test]
fn a_run_can_be_asked_although_that_came_while_the_trail_was_broken() {
    with(Some(Fault::Locked));
}

/// Nobody does such a task: it is given up, and with the next comes a message.
#[test]
fn a_run_goes_on_although_a_task_that_brought_nothing_was_lost() {
    let Some(server) = Server::shared() else {
        return;
    };
    let world = (0..TRIES).find_map(|_| lost(server));
    let world = world.expect("a query comes in time");
    let daemon = world.ready_daemon();
    let _ = world.run(&words(&register("third"))).ok();
    check_trail(&world);
    check_log(&daemon);
}

fn with(fault: Option<Fault>) {
    let Some(server) = server_of_short_runs() else {
        return;
    };
    let forced = (0..TRIES).find_map(|_| forced(&server, fault));
    let (world, daemon) = forced.expect("a query comes in time");
    let epoch = Workflow::new(&server, &world.epoch);
    epoch.wait_new_run(|n| drop(world.run(&words(&register(&format!("new-{n}")))).ok()));
    eventually("the epoch is idle", LIMIT, || epoch.is_idle());
    check_trail(&world);
    check_log(&daemon);
}

/// An epoch to which the server suggests a new run with a task that brings nothing.
fn forced(server: &Server, fault: Option<Fault>) -> Option<(World, Daemon)> {
    let world = World::on(&server.address());
    let epoch = Workflow::new(server, &world.epoch);
    let raw = Raw::connect(&world);
    let mut daemon = world.ready_daemon();
    let _ = world.start();
    let _ = world.run(&words(&register("first"))).ok();
    eventually("the epoch is idle", LIMIT, || epoch.is_idle());
    daemon.terminate();
    daemon.wait_exit(LIMIT);
    let broken = fault.map(|fault| fault.inflict(&world.audit_db()));

    // A task will begin just before a new run is due, and the next one three events later.
    let id = world.epoch.as_str();
    let run = epoch.run_id();
    let beat = payload::json(&json!({ "session_id": "first" }));
    let short: usize = SHORT_RUN.parse().expect("a number of events");
    let beats = short - raw.history(id, &run).len() - 4;
    raw.flood(id, vec![("session_heartbeat", beat); beats]);
    raw.register(id, "second");
    thread::scope(|scope| {
        scope.spawn(|| raw.outcome(id, "none"));
        daemon.restart();
        daemon.wait_ready();
    });
    eventually("the message is applied", LIMIT, || {
        raw.is_applied(id, "second")
    });
    if let Some(broken) = broken {
        broken.mend();
    }
    eventually("the epoch is idle", LIMIT, || epoch.is_idle());
    is_forced(&raw.history(id, &run)).then_some((world, daemon))
}

/// An epoch with a task that brought nothing and that nobody did, before a message came.
fn lost(server: &Server) -> Option<World> {
    let world = World::on(&server.address());
    let epoch = Workflow::new(server, &world.epoch);
    let raw = Raw::connect(&world);
    let mut daemon = world.daemon_with(&[], &[("AURA_FAILPOINT", "task.lost")]);
    daemon.wait_ready();
    let _ = world.start();
    let id = world.epoch.as_str();
    eventually("the epoch is idle", LIMIT, || epoch.is_idle());
    // A task that asks for nothing: the tasks after it are taken for one, as far as they do.
    let beat = json!({ "epoch_id": id, "session_id": "nobody", "request_id": "nobody" });
    raw.tell(id, "session_heartbeat", &beat);
    eventually("the epoch is idle", LIMIT, || epoch.is_idle());
    daemon.terminate();
    daemon.wait_exit(LIMIT);

    let held = Fault::Locked.inflict(&world.audit_db());
    raw.register(id, "first");
    thread::scope(|scope| {
        scope.spawn(|| {
            raw.outcome(id, "none");
            held.mend();
            raw.register(id, "second");
        });
        daemon.restart();
    });
    eventually("the message is applied", LIMIT, || {
        raw.is_applied(id, "second")
    });
    eventually("the epoch is idle", LIMIT, || epoch.is_idle());
    check_log(&daemon);
    let history = raw.history(id, &epoch.run_id());
    let kinds: Vec<EventType> = history.iter().map(HistoryEvent::event_type).collect();
    kinds
        .windows(LOST.len())
        .any(|kinds| kinds == LOST)
        .then_some(world)
}

/// What is seen of a task that was asked for as the one before ended, and was lost before a
/// message came.
const LOST: [EventType; 5] = [
    EventType::WorkflowTaskCompleted,
    EventType::WorkflowTaskScheduled,
    EventType::WorkflowTaskStarted,
    EventType::WorkflowTaskTimedOut,
    EventType::WorkflowExecutionSignaled,
];

/// Whether the first task that suggests a new run was asked for as the one before ended.
fn is_forced(history: &[HistoryEvent]) -> bool {
    let Some(first) = history.iter().position(suggests) else {
        return false;
    };
    let before = history[..first].iter().rev();
    let before: Vec<EventType> = before.map(HistoryEvent::event_type).take(2).collect();
    before
        == [
            EventType::WorkflowTaskScheduled,
            EventType::WorkflowTaskCompleted,
        ]
}

fn suggests(event: &HistoryEvent) -> bool {
    matches!(
        &event.attributes,
        Some(Attributes::WorkflowTaskStartedEventAttributes(started))
            if started.suggest_continue_as_new
    )
}
