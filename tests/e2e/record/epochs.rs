//! What happens to epochs: from the beginning to the end, back and forth, cancelled, with
//! slices, with messages that cannot be read, with a broken audit trail, over several runs.

use serde_json::{Value, json};
use temporalio_common::protos::temporal::api::enums::v1::EventType::{
    ActivityTaskCompleted, ActivityTaskScheduled, ChildWorkflowExecutionStarted,
    ExternalWorkflowExecutionSignaled, MarkerRecorded, UpsertWorkflowSearchAttributes,
    WorkflowExecutionCanceled, WorkflowExecutionCompleted, WorkflowExecutionContinuedAsNew,
    WorkflowExecutionFailed, WorkflowExecutionSignaled,
};

use super::{LIMIT, Recorded, Scene, insist};
use crate::raw::{History, Raw, count, first_run, payload};
use crate::support::wait::eventually;
use crate::world::{AXES, World};

pub fn record(scene: &Scene) -> Recorded {
    let mut recorded = Vec::new();
    recorded.extend(whole(scene));
    recorded.extend(back_and_forth(scene));
    recorded.extend(cancelled(scene));
    recorded.extend(slices(scene));
    recorded.push(("epoch-burst", burst(scene)));
    recorded.push(("epoch-refusals", refusals(scene)));
    recorded.push(("epoch-audit-deferred", audit_deferred(scene)));
    recorded.push(("epoch-bare", bare(scene)));
    recorded.push(("epoch-unusable-input", unusable(scene)));
    recorded
}

/// From p1 to complete, with both reviews; and one of these, told how it ended.
fn whole(scene: &Scene) -> Recorded {
    let world = scene.epoch("whole");
    let _ = world
        .run(&[
            "session",
            "register",
            "--session-id",
            "s",
            "--role",
            "worker",
        ])
        .ok();
    world.advance_through(&["p2", "p3", "p4"]);
    world.accept();
    world.advance_through(&["p5", "p6", "p7", "p8", "p9", "p10"]);
    let finding = [
        "--finding-id",
        "f",
        "--severity",
        "BLOCKER",
        "--summary",
        "it is wrong",
    ];
    let _ = world
        .run(&[&["finding", "add"], &finding[..]].concat())
        .ok();
    world.accept();
    let _ = world
        .run(&[
            "finding",
            "resolve",
            "--finding-id",
            "f",
            "--resolution",
            "done",
        ])
        .ok();
    world.advance_through(&["p11", "p12", "complete"]);
    let epoch = scene.closed("whole", WorkflowExecutionCompleted);
    insist(
        "epoch-whole",
        &epoch,
        &[(ChildWorkflowExecutionStarted, 2), (MarkerRecorded, 10)],
    );
    let review = scene.closed("whole-review-p4", WorkflowExecutionCompleted);
    vec![("epoch-whole", epoch), ("review-told", review)]
}

/// Revised twice and taken back by the user; one vote comes by way of the review.
fn back_and_forth(scene: &Scene) -> Recorded {
    let world = scene.epoch("back");
    world.advance_through(&["p2", "p3", "p4"]);
    let _ = world.vote("elegance", "REVISE").ok();
    world.advance_through(&["p3", "p4"]);
    for axis in ["correctness", "elegance"] {
        let _ = world.vote(axis, "ACCEPT").ok();
    }
    let vote = json!({ "axis": "test_quality", "vote": "ACCEPT", "reviewer_id": "r" });
    scene.tell("back-review-p4-r2", "submit_vote", vote);
    eventually("the vote is passed on", LIMIT, || {
        let votes = world.state()["votes"].as_object().map(serde_json::Map::len);
        (votes == Some(3)).then_some(())
    });
    world.advance_through(&["p5", "p3", "p4"]);
    world.accept();
    world.advance_through(&["p5", "p6", "p7", "p8", "p9", "p10"]);
    let _ = world.vote("correctness", "REVISE").ok();
    world.advance_through(&["p9", "p10"]);
    world.accept();
    world.advance_through(&["p11", "p9"]);
    let epoch = scene.open("back");
    insist(
        "epoch-back-and-forth",
        &epoch,
        &[(ChildWorkflowExecutionStarted, 5)],
    );
    let review = scene.closed("back-review-p4-r2", WorkflowExecutionCompleted);
    insist(
        "review-passing-on",
        &review,
        &[(ExternalWorkflowExecutionSignaled, 1)],
    );
    vec![
        ("epoch-back-and-forth", epoch),
        ("review-passing-on", review),
    ]
}

/// Cancelled while a review is open.
fn cancelled(scene: &Scene) -> Recorded {
    let world = scene.epoch("cancelled");
    world.advance_through(&["p2", "p3", "p4"]);
    let _ = world.vote("elegance", "ACCEPT").ok();
    let _ = world.run(&["epoch", "cancel"]).ok();
    let epoch = scene.closed("cancelled", WorkflowExecutionCanceled);
    insist(
        "epoch-cancelled",
        &epoch,
        &[(ChildWorkflowExecutionStarted, 1)],
    );
    vec![("epoch-cancelled", epoch)]
}

/// A plan with a slice that succeeds, one that fails and is tried again, one that waits
/// for it, one that is given up and one that is cancelled.
fn slices(scene: &Scene) -> Recorded {
    let world = scene.epoch("slices");
    to_p8(&world);
    let slice = |id: &str, mode: &str, after: &[&str]| {
        let config = json!({ "mode": mode, "command": "true" });
        json!({ "slice_id": id, "dependencies": after, "config": config })
    };
    let plan = json!({ "slices": [
        slice("good", "mock", &[]),
        slice("next", "mock", &["good"]),
        slice("bad", "subprocess", &[]),
        slice("blocked", "mock", &["bad"]),
        slice("dropped", "mock", &["bad"]),
    ] });
    tell(scene, "slices", "plan_slices", plan);
    tell(
        scene,
        "slices",
        "cancel_slice",
        json!({ "slice_id": "dropped", "reason": "no" }),
    );
    world.advance_through(&["p9"]);
    let state = |id: &'static str, wanted: &'static str| {
        eventually(&format!("{id} is {wanted}"), LIMIT, || {
            let state = world.state();
            let slices = state["slices"].as_array().cloned().unwrap_or_default();
            let found = slices.into_iter().find(|slice| slice["slice_id"] == id);
            found.filter(|slice| slice["state"] == wanted).map(drop)
        });
    };
    state("next", "succeeded");
    state("bad", "failed");
    state("blocked", "blocked");
    tell(
        scene,
        "slices",
        "retry_slice",
        json!({ "slice_id": "bad", "reason": "again" }),
    );
    state("bad", "failed");
    let _ = world.advance("p10").code(3);
    let waive = |id: &str| {
        tell(
            scene,
            "slices",
            "waive_slice",
            json!({ "slice_id": id, "reason": "enough" }),
        );
    };
    waive("bad");
    // Nothing stands in its way any more.
    state("blocked", "succeeded");
    waive("dropped");
    world.advance_through(&["p10"]);
    let epoch = scene.open("slices");
    insist(
        "epoch-slices",
        &epoch,
        &[(ChildWorkflowExecutionStarted, 5)],
    );
    let good = scene.closed("slices-slice-good", WorkflowExecutionCompleted);
    insist(
        "slice-mock",
        &good,
        &[(ExternalWorkflowExecutionSignaled, 2)],
    );
    let bad = scene.closed("slices-slice-bad", WorkflowExecutionCompleted);
    insist("slice-command", &bad, &[(ActivityTaskCompleted, 1)]);
    vec![
        ("epoch-slices", epoch),
        ("slice-mock", good),
        ("slice-command", bad),
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
    insist(
        "epoch-bare",
        &epoch,
        &[(UpsertWorkflowSearchAttributes, 2), (MarkerRecorded, 3)],
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

fn to_p8(world: &World) {
    world.advance_through(&["p2", "p3", "p4"]);
    world.accept();
    world.advance_through(&["p5", "p6", "p7", "p8"]);
}

/// Sends a message that must be taken.
#[track_caller]
fn tell(scene: &Scene, id: &str, signal: &str, content: Value) {
    let outcome = scene.tell(id, signal, content);
    assert_eq!(outcome["status"], "applied", "{signal}: {outcome}");
}
