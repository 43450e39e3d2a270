//! What epochs meet: many messages at once, messages that cannot be read, an audit trail
//! that cannot be written, a bare or a broken input, more than fits into one run.

use serde_json::json;
use temporalio_common::protos::temporal::api::enums::v1::EventType::{
    ActivityTaskCompleted, ActivityTaskScheduled, ChildWorkflowExecutionStarted, MarkerRecorded,
    UpsertWorkflowSearchAttributes, WorkflowExecutionContinuedAsNew, WorkflowExecutionFailed,
    WorkflowExecutionSignaled,
};

use super::{LIMIT, Recorded, Scene, insist};
use crate::raw::{History, Raw, count, first_run, payload};
use crate::support::wait::eventually;
use crate::world::AXES;

pub fn record(scene: &Scene) -> Recorded {
    vec![
        ("epoch-burst", burst(scene)),
        ("epoch-refusals", refusals(scene)),
        ("epoch-audit-deferred", audit_deferred(scene)),
        ("epoch-bare", bare(scene)),
        ("epoch-unusable-input", unusable(scene)),
    ]
}

/// Many messages before any worker is there: one task has all of them.
fn burst(scene: &Scene) -> History {
    const ID: &str = "burst";
    let raw = Raw::connect(&scene.idle);
    let input = json!({ "epoch_id": ID, "request_description": "it" });
    raw.start("EpochWorkflow", ID, payload::json(&input));
    let advance = |phase: usize| {
        let to = format!("p{phase}");
        let step = json!({ "to_phase": to, "triggered_by": "t", "condition_met": "c" });
        raw.tell(ID, "advance_phase", &step);
    };
    (2..=4).for_each(advance);
    for axis in AXES {
        let vote = json!({ "axis": axis, "vote": "ACCEPT", "reviewer_id": "r" });
        raw.tell(ID, "submit_vote", &vote);
    }
    (5..=8).for_each(advance);
    let slice = |id: &str| json!({ "slice_id": id, "config": { "mode": "mock" } });
    raw.tell(
        ID,
        "plan_slices",
        &json!({ "slices": [slice("a"), slice("b")] }),
    );
    (9..=9).for_each(advance);
    let daemon = scene.idle.ready_daemon();
    eventually("both slices have succeeded", LIMIT, || {
        let state = raw.query(ID, "full_state", None);
        let slices = state["slices"].as_array()?;
        slices
            .iter()
            .all(|slice| slice["state"] == "succeeded")
            .then_some(())
    });
    let epoch = scene.open(ID);
    drop(daemon);
    insist("epoch-burst", &epoch, &[(ChildWorkflowExecutionStarted, 3)]);
    epoch
}

/// Messages that are refused, for every kind of reason, among others.
fn refusals(scene: &Scene) -> History {
    let world = scene.epoch("refusals");
    for input in [
        None,
        payload::times(2, b"{}"),
        payload::text("{\"axis\":"),
        payload::bytes(b"{}", Some(b"binary/plain")),
        payload::bytes(b"{}", None),
        payload::json(&json!([1])),
        payload::json(&json!({ "axis": "A", "vote": "ACCEPT", "reviewer_id": "r" })),
        payload::json(
            &json!({ "axis": "elegance", "vote": "ACCEPT", "reviewer_id": "r",
            "comment": "x".repeat(20_000) }),
        ),
        payload::json(
            &json!({ "axis": "elegance", "vote": "ACCEPT", "reviewer_id": "r",
            "later": { "x": 1 }, "request_id": "twice" }),
        ),
        payload::json(
            &json!({ "axis": "elegance", "vote": "ACCEPT", "reviewer_id": "r",
            "request_id": "twice" }),
        ),
        payload::json(
            &json!({ "axis": "elegance", "vote": "REVISE", "reviewer_id": "r",
            "request_id": "twice" }),
        ),
    ] {
        scene.raw.signal("refusals", "submit_vote", input);
    }
    scene.raw.tell("refusals", "no_such_signal", &json!({}));
    let _ = world.advance("p9").code(3);
    world.advance_through(&["p2"]);
    let refused = world.state()["refusal_count"].as_u64();
    assert_eq!(
        refused,
        Some(10),
        "nine that were sent as they are, and a step"
    );
    let epoch = scene.open("refusals");
    insist("epoch-refusals", &epoch, &[(WorkflowExecutionSignaled, 13)]);
    epoch
}

/// The audit trail cannot be written for a while.
fn audit_deferred(scene: &Scene) -> History {
    const ID: &str = "audit";
    let world = scene.epoch(ID);
    let trail = rusqlite::Connection::open(scene.world.audit_db()).expect("the trail opens");
    trail
        .execute_batch("BEGIN EXCLUSIVE")
        .expect("nobody else writes");
    world.advance_through(&["p2", "p3"]);
    scene.raw.history_with(ID, ActivityTaskScheduled);
    world.advance_through(&["p4"]);
    trail
        .execute_batch("ROLLBACK")
        .expect("it can be given back");
    scene.raw.history_with(ID, ActivityTaskCompleted);
    let _ = world.vote("elegance", "ACCEPT").ok();
    // What came meanwhile is written the same way.
    eventually("both batches are written", LIMIT, || {
        let history = scene.raw.history(ID, "");
        (count(&history, ActivityTaskCompleted) >= 2).then_some(())
    });
    let epoch = scene.open(ID);
    insist(
        "epoch-audit-deferred",
        &epoch,
        &[(ActivityTaskScheduled, 2)],
    );
    epoch
}

/// Started without search attributes: it has to find out whether it can show any.
fn bare(scene: &Scene) -> History {
    let world = scene.bare_epoch("bare");
    scene.open("bare");
    world.advance_through(&["p2"]);
    let epoch = scene.open("bare");
    // Markers of the probe for attributes and of an audit write: the first, should it be slow.
    insist(
        "epoch-bare",
        &epoch,
        &[(UpsertWorkflowSearchAttributes, 2), (MarkerRecorded, 2)],
    );
    epoch
}

/// Started with an input that nobody can use.
fn unusable(scene: &Scene) -> History {
    scene.start("EpochWorkflow", "unusable", &json!({ "epoch_id": 7 }));
    scene.closed("unusable", WorkflowExecutionFailed)
}

/// An epoch over several runs, with a review open all the while.
pub fn record_short_runs(scene: &Scene) -> Recorded {
    let world = scene.epoch("runs");
    let first = first_run(&scene.raw.history("runs", "")).to_owned();
    world.advance_through(&["p2", "p3", "p4"]);
    let mut number = 0;
    let runs = eventually("a third run begins", LIMIT, || {
        number += 1;
        let progress = json!({
            "slice_id": "s", "leaf_task_id": format!("{number}"), "stage_name": "types",
            "completed": true,
        });
        scene.tell("runs", "slice_progress", progress);
        Some(scene.raw.chain("runs", &first)).filter(|runs| runs.len() > 2)
    });
    let mut runs = runs.into_iter();
    let (Some(one), Some(two)) = (runs.next(), runs.next()) else {
        unreachable!("there are three")
    };
    for (name, run) in [("first", &one), ("second", &two)] {
        insist(name, run, &[(WorkflowExecutionContinuedAsNew, 1)]);
    }
    insist(
        "the children are asked for",
        &two,
        &[(ActivityTaskScheduled, 1)],
    );
    vec![("epoch-first-run", one), ("epoch-second-run", two)]
}
