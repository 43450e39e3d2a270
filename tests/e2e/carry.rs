//! Epochs that go on as new runs: the state, the messages on their way, the children and
//! the audit backlog all come along, once. The server suggests a new run much earlier here
//! than it would by itself, so that an epoch has many.

use std::thread;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::course::{Course, insist, register, request_id, words};
use crate::evidence::{check_chain, check_log, check_numbers};
use crate::listed;
use crate::server::Server;
use crate::slices;
use crate::support::daemon::Daemon;
use crate::support::wait::eventually;
use crate::temporal::{Workflow, count, server_of_short_runs};
use crate::trail::Fault;
use crate::world::{AuditRow, World};

const LIMIT: Duration = Duration::from_mins(1);
/// Senders at the same time, messages of each, and slices that run meanwhile.
const SENDERS: usize = 4;
const MESSAGES: usize = 12;
const SLICES: usize = 20;
/// Bytes of waiting events beyond which messages are refused, and of one vote's comment.
const BACKLOG: usize = 600_000;
const COMMENT: usize = 16_000;

/// A server of short runs, a daemon that is ready, and an epoch in p1.
#[track_caller]
fn begun() -> Option<(Server, World, Daemon)> {
    let server = server_of_short_runs()?;
    let world = World::on(&server.address());
    let daemon = world.ready_daemon();
    let _ = world.start();
    Some((server, world, daemon))
}

#[test]
fn a_new_run_has_the_state_of_the_one_before_and_knows_its_messages() {
    let Some((server, world, daemon)) = begun() else {
        return;
    };
    let epoch = Workflow::new(&server, &world.epoch);
    let course = Course::whole();
    let (done, left) = (0..course.last_vote, course.last_vote..course.steps.len());
    for step in done.clone() {
        course.go_step(&world, epoch, step);
    }
    let before = everything(&world, epoch, course.steps.len());
    let run = epoch.run_id();
    // Every message once more, under its id: it gets its first answer and changes nothing.
    for step in done {
        course.go_step(&world, epoch, step);
    }
    // These messages alone bring one, after the timer that a run ends with.
    epoch.wait_run_after(&run, LIMIT);
    assert_eq!(everything(&world, epoch, course.steps.len()), before);
    for step in left {
        course.go_step(&world, epoch, step);
    }
    epoch.wait_status("COMPLETED", LIMIT);
    course.check(&world);
    check_runs(epoch, &world.audit_rows());
    // Whichever run it was that had to tell them.
    for review in ["p4", "p4-r2", "p10"] {
        let id = format!("{}-review-{review}", world.epoch);
        let (status, result) = listed::end(&Workflow::new(&server, &id));
        assert_eq!(status, "COMPLETED", "{review}");
        assert_eq!(result["success"], review != "p4", "{review}");
    }
    check_log(&daemon);
}

/// All that an epoch answers, with what became of the messages of its first steps.
fn everything(world: &World, epoch: Workflow<'_>, steps: usize) -> Value {
    let ask = |name: &str| (name.to_owned(), epoch.query(name, &Value::Null));
    let outcome = |step| {
        let id = request_id(world, step);
        (id.clone(), epoch.query("outcome", &json!(id)))
    };
    let states = [
        "full_state",
        "current_state",
        "slice_progress_state",
        "active_sessions",
    ];
    let answers: Map<String, Value> = states
        .map(ask)
        .into_iter()
        .chain((0..steps).map(outcome))
        .collect();
    answers.into()
}

#[test]
fn heartbeats_alone_begin_new_runs() {
    let Some((server, world, daemon)) = begun() else {
        return;
    };
    let epoch = Workflow::new(&server, &world.epoch);
    let _ = world.run(&words(&register("s"))).ok();
    let heartbeat = json!({ "session_id": "s" });
    for _ in 0..2 {
        epoch.wait_new_run(|_| epoch.signal("session_heartbeat", &heartbeat));
    }
    assert_eq!(world.state()["active_session_count"], 1);
    check_log(&daemon);
}

#[test]
fn a_stream_of_messages_and_children_goes_through_new_runs() {
    stream(None);
}

#[test]
fn a_stream_goes_through_new_runs_while_the_trail_is_broken() {
    stream(Some(Fault::FolderForFile));
}

/// Many senders and many slices at once, over many runs.
fn stream(fault: Option<Fault>) {
    let Some((server, world, daemon)) = begun() else {
        return;
    };
    let epoch = Workflow::new(&server, &world.epoch);
    world.advance_through(&["p2", "p3", "p4"]);
    let review = format!("{}-review-p4", world.epoch);
    let review = Workflow::new(&server, &review);
    eventually("the review is open", LIMIT, || review.is_known());
    epoch.wait_new_run(|_| drop(world.vote("elegance", "ACCEPT").ok()));
    world.accept();
    world.advance_through(&["p5", "p6", "p7", "p8", "p9"]);
    eventually("the epoch is idle", LIMIT, || epoch.is_idle());
    let broken = fault.map(|fault| fault.inflict(&world.audit_db()));
    let first = epoch.run_id();

    thread::scope(|scope| {
        for sender in 0..SENDERS {
            let world = &world;
            scope.spawn(move || (0..MESSAGES).for_each(|n| send(world, sender, n)));
        }
        let ids: Vec<String> = (0..SLICES).map(|n| format!("s{n}")).collect();
        // The last ones wait for the first.
        let after = |n: usize| (n >= SLICES / 2).then(|| ids[n - SLICES / 2].as_str());
        let plan: Vec<Value> = (0..SLICES)
            .map(|n| slices::mock(&ids[n], after(n).as_slice()))
            .collect();
        slices::plan(epoch, &plan, "plan");
    });
    slices::wait_all(epoch);
    epoch.wait_run_after(&first, LIMIT);
    let state = world.state();
    assert_eq!(
        state["active_session_count"],
        SENDERS * MESSAGES / 2,
        "{state}"
    );
    assert_eq!(
        state["findings"].as_array().map(Vec::len),
        Some(SENDERS * MESSAGES / 2)
    );
    assert_eq!(state["refusal_count"], 0, "{state}");

    if let Some(broken) = broken {
        broken.mend();
    }
    world.advance_through(&["p10"]);
    world.accept();
    world.advance_through(&["p11", "p12", "complete"]);
    epoch.wait_status("COMPLETED", LIMIT);
    let rows = world.audit_rows();
    let many = |kind: &str| rows.iter().filter(|row| row.event_type == kind).count();
    assert_eq!(many("session_registered"), SENDERS * MESSAGES / 2);
    assert_eq!(many("finding_recorded"), SENDERS * MESSAGES / 2);
    assert_eq!(many("slice_started"), 2 * SLICES, "declared, and begun");
    assert_eq!(many("slice_finished"), SLICES);
    check_runs(epoch, &rows);
    check_chain(&world);
    check_log(&daemon);
    // The end of one child at least, that review, only a signal to a later run can have told.
    let runs = epoch.runs();
    let all = |kind: &str| {
        runs.iter()
            .map(|(_, history)| count(history, kind))
            .sum::<usize>()
    };
    let started = all("CHILD_WORKFLOW_EXECUTION_STARTED");
    assert!(
        all("CHILD_WORKFLOW_EXECUTION_COMPLETED") < started,
        "of {started} children"
    );
}

/// A session or a finding, confirmed.
fn send(world: &World, sender: usize, n: usize) {
    let id = format!("{sender}-{n}");
    let line = if n.is_multiple_of(2) {
        register(&id)
    } else {
        format!("finding add --severity MINOR --summary s --finding-id {id}")
    };
    insist(world, &line, &id, 0);
}

#[test]
fn a_full_backlog_turns_messages_away_goes_to_new_runs_and_is_written_in_the_end() {
    let Some((server, world, daemon)) = begun() else {
        return;
    };
    let epoch = Workflow::new(&server, &world.epoch);
    eventually("the epoch is idle", LIMIT, || epoch.is_idle());
    let broken = Fault::FileForFolder.inflict(&world.audit_db());
    let comment = "c".repeat(COMMENT);
    let vote = || {
        let words = ["signal", "vote", "--axis", "elegance", "--vote", "ACCEPT"];
        world.run(&[&words[..], &["--comment", &comment, "--format", "json"]].concat())
    };
    let accepted = (0..=BACKLOG / COMMENT)
        .take_while(|_| vote().code == 0)
        .count();
    assert!(
        accepted > BACKLOG / COMMENT - 3,
        "the backlog was full after {accepted} votes"
    );
    let refused = vote().code(3);
    assert!(refused.stderr.contains("epoch_full"), "{refused}");
    for _ in 0..2 {
        epoch.wait_new_run(|_| drop(vote().code(3)));
    }
    broken.mend();
    eventually("messages are taken again", LIMIT, || {
        (vote().code == 0).then_some(())
    });
    let rows = eventually("all rows", LIMIT, || {
        Some(world.audit_rows()).filter(|rows| rows.len() >= 2 + accepted)
    });
    assert_eq!(rows.len(), 2 + accepted, "the start and each vote");
    check_numbers(&rows);
    check_log(&daemon);
}

#[test]
fn a_review_that_was_terminated_after_a_new_run_began_is_missed_by_the_next() {
    let Some((server, world, daemon)) = begun() else {
        return;
    };
    let epoch = Workflow::new(&server, &world.epoch);
    world.advance_through(&["p2", "p3", "p4"]);
    let review = format!("{}-review-p4", world.epoch);
    lose(epoch, &world, Workflow::new(&server, &review));
    eventually("the review is lost", LIMIT, || {
        (world.state()["review_round"]["review_closed"] == "lost").then_some(())
    });
    // The epoch's own tally counts.
    world.accept();
    world.advance_through(&["p5"]);
    let reasons = eventually("the review's end is in the trail", LIMIT, || {
        let rows = world.audit_rows();
        let closed = rows.iter().filter(|row| row.event_type == "review_closed");
        let reasons: Vec<Value> = closed.map(|row| row.details()["reason"].clone()).collect();
        (!reasons.is_empty()).then_some(reasons)
    });
    assert_eq!(reasons, ["lost"]);
    check_log(&daemon);
}

#[test]
fn a_slice_that_was_terminated_after_a_new_run_began_is_missed_by_the_next() {
    let Some(server) = server_of_short_runs() else {
        return;
    };
    let world = World::on(&server.address());
    let epoch = Workflow::new(&server, &world.epoch);
    let daemon = slices::run_for_ever(&server, &world, "s");
    let slice = format!("{}-slice-s", world.epoch);
    lose(epoch, &world, Workflow::new(&server, &slice));
    let slice = eventually("the slice has failed", LIMIT, || {
        let slice = world.state()["slices"][0].clone();
        (slice["state"] == "failed").then_some(slice)
    });
    let error = slice["error"].as_str().expect("a failed slice says why");
    assert!(error.contains("without a report"), "{error}");
    check_log(&daemon);
}

/// Ends a child by force after a new run has begun, and begins another one.
fn lose(epoch: Workflow<'_>, world: &World, child: Workflow<'_>) {
    let poke = |name: &str| {
        epoch.wait_new_run(|n| {
            let _ = world.run(&words(&register(&format!("{name}-{n}")))).ok();
        });
    };
    poke("before");
    assert_eq!(
        child.status(),
        "RUNNING",
        "it lives through its epoch's new run"
    );
    child.terminate();
    poke("after");
}

/// Checks that the rows are numbered over all runs, and that each names the run in which
/// it happened, in the order of the runs, of which there are several.
#[track_caller]
fn check_runs(epoch: Workflow<'_>, rows: &[AuditRow]) {
    check_numbers(rows);
    let ids = rows
        .iter()
        .filter_map(|row| row.event_id.as_deref()?.rsplit_once(':'));
    let mut named: Vec<&str> = ids.map(|(run, _)| run).collect();
    named.dedup();
    assert!(named.len() > 2, "{} runs with events", named.len());
    let runs = epoch.runs();
    let mut later = runs.iter().map(|(run, _)| run.as_str());
    for run in named {
        let found = later.any(|other| other == run);
        assert!(found, "{run} is out of order or of another epoch");
    }
}
