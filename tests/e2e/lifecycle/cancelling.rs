//! `epoch cancel`: the epoch ends its children, says so everywhere, and closes as
//! cancelled with what it had come to.

use serde_json::json;

use super::LIMIT;
use crate::failures::{self, part};
use crate::listed;
use crate::server::Server;
use crate::slices;
use crate::support::wait::eventually;
use crate::temporal::{Workflow, count};
use crate::world::World;

#[test]
fn a_cancelled_epoch_closes_as_cancelled_and_says_so_everywhere() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let daemon = world.ready_daemon();
    world.start_in("p3");
    let cancelled = world.say("epoch cancel").ok();
    assert_eq!(
        cancelled.stdout,
        format!("Epoch cancelled: workflow_id={}\n", world.epoch)
    );

    let details = json!({
        "epoch_id": world.epoch,
        "final_phase": "p3",
        "transition_count": 2,
        "successful_transition_count": 2,
        "constraint_violations_total": 0,
    });
    let ended = listed::end(&Workflow::new(server, &world.epoch));
    assert_eq!(ended, ("CANCELED".to_owned(), details));
    let query = format!(
        "AuraStatus='cancelled' AND AuraLastEventType='epoch_cancelled' AND AuraEpochId='{}'",
        world.epoch
    );
    listed::wait_for(server, &query, &world.epoch);
    let rows = world.audit_rows();
    let last = rows.last().unwrap();
    assert_eq!(
        (last.event_type.as_str(), last.phase.as_str()),
        ("epoch_cancelled", "p3")
    );
    assert_eq!(
        rows.iter()
            .filter(|row| row.event_type == "epoch_cancelled")
            .count(),
        1
    );

    let shown = world.say("query state").ok().stdout;
    assert!(
        shown.starts_with("Phase: p3\n") && shown.contains("\nStatus: cancelled\n"),
        "{shown}"
    );
    let said = failures::of(&world, 3, "phase advance --to-phase p4");
    assert_eq!(said["code"], "closed");
    assert_eq!(
        said["what"],
        format!("'{}' is closed (cancelled)", world.epoch)
    );
    // It is what was asked for, however often it is asked for.
    assert_eq!(world.say("epoch cancel").ok().stdout, cancelled.stdout);
    no_errors(&daemon.logs());
}

#[test]
fn an_open_review_ends_with_its_cancelled_epoch() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let _daemon = world.ready_daemon();
    world.start_in("p4");
    let _ = world.vote("elegance", "ACCEPT").ok();
    let said = world.say("epoch cancel --format json").ok().json();
    assert_eq!(said, json!({ "success": true, "workflow_id": world.epoch }));
    let review = format!("{}-review-p4", world.epoch);
    let (_, result) = listed::end(&Workflow::new(server, &review));
    let votes = json!({ "elegance": "ACCEPT" });
    assert_eq!(
        result,
        json!({ "phase_id": "p4", "success": false, "vote_result": votes })
    );
    let kinds: Vec<_> = world
        .audit_rows()
        .into_iter()
        .map(|row| row.event_type)
        .collect();
    assert!(
        kinds.ends_with(&["review_closed".to_owned(), "epoch_cancelled".to_owned()]),
        "{kinds:?}"
    );
}

#[test]
fn running_slices_end_with_their_cancelled_epoch() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    slices::hold(&world, server);
    let daemon = world.ready_daemon();
    let slices = start_slices(&world, server);
    // The last rows of the trail go by an activity, which is held back too.
    let _ = world.say("epoch cancel --timeout 5s").code(5);
    slices::release(&world, server);
    let _ = listed::end(&Workflow::new(server, &world.epoch));
    let state = world.state();
    assert_eq!(state["status"], "cancelled");
    for (slice, wanted) in [(0, "cancelled"), (1, "cancelled"), (2, "blocked")] {
        assert_eq!(
            state["slices"][slice]["state"], wanted,
            "{}",
            state["slices"][slice]
        );
    }
    for slice in &slices {
        let (status, result) = listed::end(&Workflow::new(server, slice));
        assert_eq!(
            (status.as_str(), &result["success"]),
            ("CANCELED", &false.into())
        );
        let error = result["error"].as_str().unwrap();
        assert!(error.starts_with("cancelled: "), "{error}");
    }
    let kinds: Vec<_> = world
        .audit_rows()
        .into_iter()
        .map(|row| row.event_type)
        .collect();
    let ends = ["slice_finished", "slice_finished", "epoch_cancelled"].map(str::to_owned);
    assert!(kinds.ends_with(&ends), "{kinds:?}");
    no_errors(&daemon.logs());
}

/// A cancelled epoch that still waits, here for its audit trail, takes no messages.
#[test]
fn messages_are_refused_while_an_epoch_is_being_cancelled() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let _daemon = world.ready_daemon();
    world.start_in("p2");
    let db = rusqlite::Connection::open(world.audit_db()).unwrap();
    db.execute_batch("BEGIN IMMEDIATE").unwrap();
    let said = failures::text(&world.say("epoch cancel --timeout 5s").code(5));
    assert_eq!(said["category"], "not confirmed");
    for message in [
        "phase advance --to-phase p3",
        "signal vote --axis elegance --vote ACCEPT",
    ] {
        let said = failures::of(&world, 3, message);
        assert_eq!(said["code"], "cancelling", "{said}");
    }
    let epoch = Workflow::new(server, &world.epoch);
    assert_eq!(epoch.status(), "RUNNING");
    db.execute_batch("ROLLBACK").unwrap();
    let (status, details) = listed::end(&epoch);
    assert_eq!(
        (status.as_str(), &details["final_phase"]),
        ("CANCELED", &"p2".into())
    );
    assert!(
        world
            .audit_rows()
            .iter()
            .any(|row| row.event_type == "epoch_cancelled")
    );
}

#[test]
fn cancelling_without_a_worker_is_not_confirmed_and_happens_later() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let _ = world.start();
    let cancel = "epoch cancel --request-id enough --timeout 5s";
    let said = failures::of(&world, 5, cancel);
    assert_eq!(
        (&said["code"], &said["request_id"]),
        (&json!("unconfirmed"), &json!("enough"))
    );
    assert!(part(&said, "fix").contains("--request-id enough"), "{said}");
    let _daemon = world.ready_daemon();
    assert_eq!(
        listed::end(&Workflow::new(server, &world.epoch)).0,
        "CANCELED"
    );
    let _ = world.say("epoch cancel --request-id enough").ok();
    let events = Workflow::new(server, &world.epoch).history(None);
    assert_eq!(count(&events, "WORKFLOW_EXECUTION_CANCEL_REQUESTED"), 1);
}

/// Takes a new epoch to p9 with two slices that run, and a third that waits for them;
/// gives the workflows of the two.
#[track_caller]
pub(super) fn start_slices(world: &World, server: &Server) -> [String; 2] {
    world.start_in("p8");
    let config = json!({ "mode": "subprocess", "command": "true" });
    let plan = json!({ "slices": [
        { "slice_id": "a", "config": config },
        { "slice_id": "b", "config": config },
        { "slice_id": "c", "config": config, "dependencies": ["a", "b"] },
    ]});
    Workflow::new(server, &world.epoch).signal("plan_slices", &plan);
    world.advance_through(&["p9"]);
    let slices = ["a", "b"].map(|id| format!("{}-slice-{id}", world.epoch));
    for slice in &slices {
        let query = format!("WorkflowId='{slice}' AND ExecutionStatus='Running'");
        listed::wait_for(server, &query, slice);
    }
    eventually("both slices run", LIMIT, || {
        let state = world.state();
        let running = |slice: usize| state["slices"][slice]["state"] == "running";
        (running(0) && running(1)).then_some(())
    });
    slices
}

#[track_caller]
fn no_errors(logs: &[String]) {
    let errors: Vec<_> = logs.iter().filter(|line| line.contains("ERROR")).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}
