//! What happens to slices and reviews that no epoch has started.

use serde_json::{Value, json};
use temporalio_common::protos::temporal::api::enums::v1::EventType::{
    TimerFired, TimerStarted, WorkflowExecutionCanceled, WorkflowExecutionCompleted,
    WorkflowExecutionFailed, WorkflowExecutionSignaled,
};

use super::{Recorded, Scene, insist};
use crate::raw::History;
use crate::world::AXES;

pub fn record(scene: &Scene) -> Recorded {
    vec![
        ("slice-completed", slice_completed(scene)),
        ("slice-started-late", slice_started_late(scene)),
        ("slice-cancelled", slice_cancelled(scene)),
        (
            "slice-unusable-input",
            unusable(scene, "SliceWorkflow", "slice-unusable"),
        ),
        ("review-alone", review_alone(scene)),
        ("review-deadline", review_deadline(scene)),
        ("review-cancelled", review_cancelled(scene)),
        ("review-orphaned", review_orphaned(scene)),
        (
            "review-unusable-input",
            unusable(scene, "ReviewPhaseWorkflow", "review-unusable"),
        ),
    ]
}

fn start_slice(scene: &Scene, id: &str) {
    let input = json!({
        "epoch_id": "e", "slice_id": "s", "phase_spec": "spec", "parent_workflow_id": "nobody",
    });
    scene.start("SliceWorkflow", id, &input);
}

fn start_review(scene: &Scene, id: &str, more: &[(&str, Value)]) {
    let mut input = json!({ "epoch_id": "e", "phase_id": "p4", "round": 1 });
    for (key, value) in more {
        input[*key] = value.clone();
    }
    scene.start("ReviewPhaseWorkflow", id, &input);
}

fn accept(scene: &Scene, id: &str) {
    for axis in AXES {
        let vote = json!({ "axis": axis, "vote": "ACCEPT", "reviewer_id": "r" });
        scene.tell(id, "submit_vote", vote);
    }
}

/// Reviewed, and completed from outside; its epoch is not there to be told.
fn slice_completed(scene: &Scene) -> History {
    const ID: &str = "slice-completed";
    start_slice(scene, ID);
    let cycle = json!({ "cycle_number": 1, "reviewer_feedback": "names" });
    scene.tell(ID, "review_cycle", cycle);
    scene.tell(
        ID,
        "complete_slice",
        json!({ "slice_id": "another", "success": true }),
    );
    scene.tell(
        ID,
        "complete_slice",
        json!({ "slice_id": "s", "success": true, "output": "o" }),
    );
    let slice = scene.closed(ID, WorkflowExecutionCompleted);
    insist(ID, &slice, &[(WorkflowExecutionSignaled, 3)]);
    slice
}

/// Told what to do after it has waited for that.
fn slice_started_late(scene: &Scene) -> History {
    const ID: &str = "slice-started-late";
    start_slice(scene, ID);
    scene.open(ID);
    let start = json!({ "slice_id": "s", "epoch_id": "e", "config": { "mode": "mock" } });
    scene.tell(ID, "start_slice", start);
    scene.closed(ID, WorkflowExecutionCompleted)
}

fn slice_cancelled(scene: &Scene) -> History {
    const ID: &str = "slice-cancelled";
    start_slice(scene, ID);
    scene.open(ID);
    scene.raw.cancel(ID, "not needed");
    scene.closed(ID, WorkflowExecutionCanceled)
}

/// Nobody's review: it ends with the last vote.
fn review_alone(scene: &Scene) -> History {
    const ID: &str = "review-alone";
    start_review(scene, ID, &[]);
    accept(scene, ID);
    scene.closed(ID, WorkflowExecutionCompleted)
}

fn review_deadline(scene: &Scene) -> History {
    const ID: &str = "review-deadline";
    start_review(
        scene,
        ID,
        &[
            ("deadline", json!(1)),
            ("parent_workflow_id", json!("nobody")),
        ],
    );
    let review = scene.closed(ID, WorkflowExecutionCompleted);
    insist(ID, &review, &[(TimerStarted, 1), (TimerFired, 1)]);
    review
}

fn review_cancelled(scene: &Scene) -> History {
    const ID: &str = "review-cancelled";
    start_review(scene, ID, &[("deadline", json!(3600))]);
    scene.open(ID);
    scene.raw.cancel(ID, "not needed");
    scene.closed(ID, WorkflowExecutionCanceled)
}

/// Its epoch is gone, as it finds when it passes the first vote on; it goes on alone.
fn review_orphaned(scene: &Scene) -> History {
    const ID: &str = "review-orphaned";
    start_review(scene, ID, &[("parent_workflow_id", json!("nobody"))]);
    accept(scene, ID);
    scene.closed(ID, WorkflowExecutionCompleted)
}

fn unusable(scene: &Scene, kind: &str, id: &str) -> History {
    scene.start(kind, id, &json!(["no object"]));
    scene.closed(id, WorkflowExecutionFailed)
}
