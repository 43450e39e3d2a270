//! Paths on which commands run: a slice's, with a second round, and those of reviewers.

use serde_json::json;
use temporalio_common::protos::temporal::api::enums::v1::EventType::{
    ActivityTaskCompleted, MarkerRecorded, SignalExternalWorkflowExecutionInitiated,
    WorkflowExecutionCompleted, WorkflowExecutionSignaled,
};

use super::{LIMIT, Recorded, Scene, insist};
use crate::support::wait::eventually;
use crate::work;

/// Waits in its first round until it may go on.
const WORKER: &str = r#"
import os, pathlib, time
if os.environ["AURA_ROUND"] == "1":
    pathlib.Path("begun").touch()
    while not pathlib.Path("go").exists() and os.path.isdir(os.environ["HOME"]):
        time.sleep(0.02)
print("round", os.environ["AURA_ROUND"])
"#;

/// One accepts with a finding, one does not vote; the third is a person.
const REVIEWER: &str = r#"
import json, os
if os.environ["AURA_AXIS"] == "elegance":
    raise SystemExit(3)
finding = {"severity": "MINOR", "summary": "a long name"}
print(json.dumps({"vote": "ACCEPT", "findings": [finding]}))
"#;

pub(super) fn record(scene: &Scene) -> Recorded {
    let world = &scene.commands;
    let review = "[review]\ncorrectness = \"reviewer\"\nelegance = \"reviewer\"";
    let runners = [("worker", WORKER, ""), ("reviewer", REVIEWER, "")];
    work::configure(world, &runners, review);
    let _daemon = world.ready_daemon();
    let world = world.beside("commands");
    let _ = world.start();
    world.advance_through(&["p2", "p3", "p4"]);
    // All are asked at once, and may answer in any order.
    world.audit_rows_with("vote_missed", 1);
    let rows = world.audit_rows_with("vote_recorded", 1);
    assert!(rows.iter().any(|row| row.event_type == "finding_recorded"));
    world.accept();
    world.advance_through(&["p5", "p6", "p7", "p8", "p9"]);
    let config = json!({ "mode": "subprocess", "runner": "worker", "prompt": "do it" });
    let slice = json!({ "slice_id": "s", "config": config });
    let _ = scene.tell("commands", "start_slice", slice);
    eventually("the command runs", LIMIT, || {
        work::file(&world, "begun").exists().then_some(())
    });
    let feedback = json!({ "cycle_number": 1, "reviewer_feedback": "once more" });
    let _ = scene.tell("commands-slice-s", "review_cycle", feedback);
    world.sandbox.write("work/go", "");
    let slice = scene.closed("commands-slice-s", WorkflowExecutionCompleted);
    insist(
        "slice-on-host",
        &slice,
        &[(ActivityTaskCompleted, 3), (MarkerRecorded, 1)],
    );
    let review = scene.closed("commands-review-p4", WorkflowExecutionCompleted);
    insist(
        "review-by-commands",
        &review,
        &[
            (ActivityTaskCompleted, 3),
            (SignalExternalWorkflowExecutionInitiated, 3),
        ],
    );
    eventually("the epoch hears of it", LIMIT, || {
        (world.state()["slices"][0]["state"] == "succeeded").then_some(())
    });
    let epoch = scene.open("commands");
    insist("epoch-commands", &epoch, &[(WorkflowExecutionSignaled, 15)]);
    vec![
        ("slice-on-host", slice),
        ("review-by-commands", review),
        ("epoch-commands", epoch),
    ]
}
