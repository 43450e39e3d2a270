//! Epochs that are cancelled or complete at an inconvenient moment: with open children and
//! a broken trail, or in the midst of messages.

use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::course::{Course, register, words};
use crate::evidence::{check_chain, check_log, check_numbers, check_trail};
use crate::server::Server;
use crate::slices;
use crate::support::output::Output;
use crate::support::wait::eventually;
use crate::temporal::Workflow;
use crate::trail::Fault;
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(1);
const CANCELLATIONS: usize = 5;
const SENDERS: usize = 4;

#[test]
fn cancelled_with_an_open_review_it_tells_the_review_and_waits_for_the_trail() {
    let Some(server) = Server::shared() else {
        return;
    };
    let world = World::on(&server.address());
    let mut daemon = world.ready_daemon();
    let _ = world.start();
    world.advance_through(&["p2", "p3", "p4"]);
    let review = format!("{}-review-p4", world.epoch);
    let review = Workflow::new(server, &review);
    eventually("the review is open", LIMIT, || review.is_known());
    cancel_under(Fault::FileForFolder, server, &world, review, "COMPLETED");
    assert_eq!(daemon.exit_status(), None);
    check_log(&daemon);
}

#[test]
fn cancelled_with_a_running_slice_it_ends_the_slice_and_waits_for_the_trail() {
    let Some(server) = Server::shared() else {
        return;
    };
    let world = World::on(&server.address());
    let mut daemon = slices::run_for_ever(server, &world, "s");
    let slice = format!("{}-slice-s", world.epoch);
    let slice = Workflow::new(server, &slice);
    cancel_under(Fault::Locked, server, &world, slice, "CANCELED");
    assert_eq!(world.state()["slices"][0]["state"], "cancelled");
    assert_eq!(daemon.exit_status(), None);
    check_log(&daemon);
}

/// Cancels an epoch with an open child and a broken trail.
fn cancel_under(
    fault: Fault,
    server: &Server,
    world: &World,
    child: Workflow<'_>,
    child_ends: &str,
) {
    let epoch = Workflow::new(server, &world.epoch);
    eventually("the epoch is idle", LIMIT, || epoch.is_idle());
    let before = world.audit_rows().len();
    let broken = fault.inflict(&world.audit_db());
    // It cannot close before its last rows are written, so it cannot be confirmed.
    let _ = world.run(&["epoch", "cancel", "--timeout", "5s"]).code(5);
    child.wait_status(child_ends, LIMIT);
    eventually("it says that it is cancelled", LIMIT, || {
        (world.state()["status"] == "cancelled").then_some(())
    });
    assert_eq!(epoch.status(), "RUNNING", "but waits for its trail");
    check_refused(world, "cancelling");
    broken.mend();
    epoch.wait_status("CANCELED", LIMIT);
    let rows = world.audit_rows();
    let events: Vec<&str> = rows.iter().map(|row| row.event_type.as_str()).collect();
    assert!(rows.len() > before, "{events:?}");
    assert_eq!(events.last(), Some(&"epoch_cancelled"), "{events:?}");
    check_numbers(&rows);
    check_chain(world);
}

/// Checks that a message is refused, for the reason with this code.
#[track_caller]
pub fn check_refused(world: &World, code: &str) {
    let line = "signal vote --axis elegance --vote ACCEPT --format json";
    let answer = world.run(&words(line)).code(3);
    let said: Value = serde_json::from_str(&answer.stderr).expect("an error is JSON");
    assert_eq!(said["error"]["code"], code, "{answer}");
}

#[test]
fn cancelled_in_a_stream_of_messages_it_has_a_row_for_each_that_was_applied() {
    let Some(server) = Server::shared() else {
        return;
    };
    let world = World::on(&server.address());
    let daemon = world.ready_daemon();
    for _ in 0..CANCELLATIONS {
        let id = world.sandbox.epoch_id();
        let _ = about(&world, &id, &["epoch", "start"]).ok();
        let before = 1;
        end_in_a_stream(&world, &id, before, "epoch_cancelled", || {
            let _ = about(&world, &id, &["epoch", "cancel"]).ok();
        });
    }
    check_log(&daemon);
}

#[test]
fn completed_in_a_stream_of_messages_it_has_a_row_for_each_that_was_applied() {
    let Some(server) = Server::shared() else {
        return;
    };
    let world = World::on(&server.address());
    let epoch = Workflow::new(server, &world.epoch);
    let daemon = world.ready_daemon();
    let _ = world.start();
    let course = Course::whole();
    let last = course.steps.len() - 1;
    (0..last).for_each(|step| course.go_step(&world, epoch, step));
    check_trail(&world);
    let before = world.audit_rows().len();
    end_in_a_stream(&world, &world.epoch, before, "epoch_completed", || {
        course.go_step(&world, epoch, last);
    });
    epoch.wait_status("COMPLETED", LIMIT);
    check_log(&daemon);
}

/// Sends sessions from all sides, ends the epoch in the midst of them, and compares those
/// that were confirmed with those in the trail.
#[track_caller]
fn end_in_a_stream(world: &World, id: &str, before: usize, last: &str, end: impl FnOnce()) {
    let register = |session: &str| about(world, id, &words(&register(session))).code;
    let mut applied: Vec<Value> = thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| {
                scope.spawn(move || {
                    // Until the epoch takes no more.
                    let sessions = (0..).map(|n| format!("{sender}-{n}"));
                    sessions
                        .take_while(|session| register(session) == 0)
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        eventually("the stream flows", LIMIT, || {
            (world.audit_rows_of(id).len() > before + SENDERS).then_some(())
        });
        end();
        let lists = senders
            .into_iter()
            .flat_map(|sender| sender.join().expect("it sends"));
        lists.map(Value::from).collect()
    });
    let rows = eventually("the last row", LIMIT, || {
        let rows = world.audit_rows_of(id);
        rows.last()
            .is_some_and(|row| row.event_type == last)
            .then_some(rows)
    });
    check_numbers(&rows);
    let sessions = rows[before..]
        .iter()
        .filter(|row| row.event_type == "session_registered");
    let mut written: Vec<Value> = sessions
        .map(|row| row.details()["session_id"].clone())
        .collect();
    written.sort_by_key(Value::to_string);
    applied.sort_by_key(Value::to_string);
    assert_eq!(written, applied);
    let ends = rows.iter().filter(|row| row.event_type == last).count();
    assert_eq!(ends, 1, "{last} once");
}

#[track_caller]
fn about(world: &World, epoch: &str, args: &[&str]) -> Output {
    world.cli().env("AURA_EPOCH_ID", epoch).run(args)
}
