//! After the end: an epoch that has completed still answers, and takes no more messages;
//! and waiting for an end, which is a command too.

use std::thread;

use serde_json::Value;

use super::{moved, ready, review_the_plan, review_the_work, travelled};
use crate::failures::{self, part};
use crate::listed;
use crate::temporal::Workflow;

/// Messages of every kind that are sent from outside.
const MESSAGES: [&str; 5] = [
    "phase advance --to-phase p1",
    "signal vote --axis elegance --vote ACCEPT",
    "session register --session-id late --role worker",
    "finding add --finding-id late --severity MINOR --summary s",
    "epoch cancel",
];

#[test]
fn a_completed_epoch_answers_and_takes_no_more_messages() {
    let Some((world, _daemon, server)) = travelled() else {
        return;
    };
    let (status, _) = listed::end(&Workflow::new(server, &world.epoch));
    assert_eq!(status, "COMPLETED");
    let before = world.state();
    assert_eq!(before["status"], "complete");
    for message in MESSAGES {
        let said = failures::of(&world, 3, message);
        assert_eq!(said["code"], "closed", "{message:?}");
        assert_eq!(said["category"], "workflow error");
        let what = part(&said, "what");
        assert!(
            what.contains(&world.epoch) && what.contains("closed (completed)"),
            "{what}"
        );
    }
    assert_eq!(world.state(), before);
    let epoch = Workflow::new(server, &world.epoch);
    let state = epoch.query("current_state", &Value::Null);
    assert_eq!(state["current_phase"], "complete");
    // Temporal's command line shows an empty list as null.
    for query in [
        "available_transitions",
        "slice_progress_state",
        "active_sessions",
    ] {
        assert_eq!(epoch.query(query, &Value::Null), Value::Null, "{query}");
    }
}

/// Whoever lost the answer to the last message sends it again, and is to learn that it took
/// effect.
#[test]
fn the_message_that_ended_an_epoch_is_confirmed_when_it_is_sent_again() {
    const END: &str = "phase advance --to-phase complete --request-id the-end";
    let Some((world, _daemon, server)) = ready() else {
        return;
    };
    let _ = world.start();
    review_the_plan(&world);
    review_the_work(&world);
    world.advance_through(&["p12"]);
    for _ in 0..2 {
        assert_eq!(moved(&world.say(END).ok()), "complete");
    }
    // Until its last rows are written, it says that it is complete, and not yet closed.
    let (status, _) = listed::end(&Workflow::new(server, &world.epoch));
    assert_eq!(status, "COMPLETED");
    let other = "signal vote --axis elegance --vote ACCEPT --request-id the-end";
    assert_eq!(failures::of(&world, 3, other)["code"], "request_id_reused");
    let unknown = "phase advance --to-phase complete --request-id another";
    assert_eq!(failures::of(&world, 3, unknown)["code"], "closed");
}

#[test]
fn an_unknown_epoch_is_not_found() {
    let Some((world, _daemon, _)) = ready() else {
        return;
    };
    let asked = ["query state", "epoch wait", "epoch terminate --reason r"];
    for command in MESSAGES.into_iter().chain(asked) {
        let said = failures::of(&world, 3, command);
        assert_eq!(said["code"], "not_found", "{command:?}");
        assert!(part(&said, "what").contains(&world.epoch), "{said}");
    }
}

#[test]
fn waiting_ends_when_the_epoch_has_come_there() {
    let Some((world, _daemon, _)) = ready() else {
        return;
    };
    let _ = world.start();
    let wait = |until| world.say(&format!("epoch wait --until {until} --timeout 50s"));
    thread::scope(|scope| {
        let waiting = scope.spawn(|| wait("ratify"));
        world.advance_through(&["p2", "p3", "p4"]);
        world.accept();
        world.advance_through(&["p5", "p6"]);
        let shown = waiting.join().unwrap().ok().stdout;
        assert!(
            shown.starts_with("Phase: p6\nRole:  architect\n"),
            "{shown}"
        );
    });
    // Where it has been is where it need not come to any more.
    assert!(wait("p2").ok().stdout.starts_with("Phase: p6\n"));
    let said = failures::of(&world, 5, "epoch wait --until p7 --timeout 5s");
    assert_eq!(said["code"], "wait_timeout");
    assert_eq!(said["category"], "not confirmed");
    assert!(
        part(&said, "what").ends_with("within 5s; it is in p6"),
        "{said}"
    );
}

#[test]
fn waiting_for_the_end_is_over_when_the_epoch_ends_otherwise() {
    let Some((world, _daemon, _)) = ready() else {
        return;
    };
    let _ = world.start();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| world.say("epoch wait --timeout 50s"));
        let _ = world.say("epoch cancel").ok();
        let said = failures::text(&waiting.join().unwrap().code(3));
        assert_eq!(
            said["what"],
            format!("'{}' is closed (cancelled)", world.epoch)
        );
    });
}

/// Between its last advance and its close, an epoch waits for its audit trail alone.
#[test]
fn messages_are_refused_while_a_completed_epoch_waits_for_its_audit_trail() {
    let Some((world, _daemon, server)) = ready() else {
        return;
    };
    world.start_in("p12");
    let db = rusqlite::Connection::open(world.audit_db()).unwrap();
    db.execute_batch("BEGIN IMMEDIATE").unwrap();
    world.advance_through(&["complete"]);
    let said = failures::of(&world, 3, MESSAGES[1]);
    assert_eq!(said["code"], "complete");
    assert_eq!(world.state()["status"], "complete");
    assert_eq!(Workflow::new(server, &world.epoch).status(), "RUNNING");
    db.execute_batch("ROLLBACK").unwrap();
    assert_eq!(
        listed::end(&Workflow::new(server, &world.epoch)).0,
        "COMPLETED"
    );
    let last = world.audit_rows().pop().unwrap();
    assert_eq!(last.event_type, "epoch_completed");
}
