//! How epochs go: from the beginning to the end, back and forth, cancelled, with slices.

use serde_json::{Value, json};
use temporalio_common::protos::temporal::api::enums::v1::EventType::{
    ActivityTaskCompleted, ActivityTaskScheduled, ChildWorkflowExecutionStarted,
    ExternalWorkflowExecutionSignaled, MarkerRecorded,
    RequestCancelExternalWorkflowExecutionInitiated, WorkflowExecutionCanceled,
    WorkflowExecutionCompleted,
};

use super::{LIMIT, Recorded, Scene, insist};
use crate::slices::{hold, release};
use crate::support::wait::eventually;
use crate::world::World;

pub fn record(scene: &Scene) -> Recorded {
    let mut recorded = Vec::new();
    recorded.extend(whole(scene));
    recorded.extend(back_and_forth(scene));
    recorded.extend(cancelled(scene));
    recorded.extend(slices(scene));
    recorded.extend(stopped(scene));
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
    // A write that is slow leaves a marker, too, and is the last that does for a minute.
    insist(
        "epoch-whole",
        &epoch,
        &[(ChildWorkflowExecutionStarted, 2), (MarkerRecorded, 1)],
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
    insist("slice-refused", &bad, &[(ActivityTaskCompleted, 1)]);
    vec![
        ("epoch-slices", epoch),
        ("slice-mock", good),
        ("slice-refused", bad),
    ]
}

/// A slice that is told to stop while it runs.
fn stopped(scene: &Scene) -> Recorded {
    const ID: &str = "stopped";
    let world = scene.epoch(ID);
    to_p8(&world);
    let config = json!({ "mode": "subprocess", "command": "true" });
    let slice = json!({ "slice_id": "long", "config": config });
    tell(scene, ID, "start_slice", slice);
    hold(&world, &scene.server);
    world.advance_through(&["p9"]);
    scene
        .raw
        .history_with("stopped-slice-long", ActivityTaskScheduled);
    let order = json!({ "slice_id": "long", "reason": "too long" });
    tell(scene, ID, "cancel_slice", order);
    scene.closed("stopped-slice-long", WorkflowExecutionCanceled);
    eventually("the epoch hears of it", LIMIT, || {
        (world.state()["slices"][0]["state"] == "cancelled").then_some(())
    });
    release(&world, &scene.server);
    let epoch = scene.open(ID);
    insist(
        "epoch-slice-stopped",
        &epoch,
        &[(RequestCancelExternalWorkflowExecutionInitiated, 1)],
    );
    vec![("epoch-slice-stopped", epoch)]
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
