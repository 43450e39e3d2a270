//! Every spoilt input: the workflow ends at once, as failed, and says why, instead of
//! hanging; a good one with more in it than this release knows is taken. What a newer
//! release wrote fails the task, so that a newer worker can take it.

use std::time::Duration;

use serde_json::{Value, json};
use temporalio_common::protos::temporal::api::enums::v1::EventType;

use super::cases::{self, Case, Expect};
use super::samples;
use super::{Scene, scene};
use crate::raw::{self, payload};

/// A workflow that has not ended by then hangs, however loaded the machine is.
const LIMIT: Duration = Duration::from_mins(1);

#[test]
fn a_broken_input_ends_the_workflow_clearly() {
    let Some(scene) = scene() else { return };
    let mut wrong = Vec::new();
    let mut count = 0;
    for spec in &samples::INPUTS {
        let ids = samples::ids("nobody");
        spec.check(&ids);
        let cases = cases::of(spec, &ids);
        count += cases.len();
        // All are started before one is waited for.
        let started: Vec<(String, Case)> = cases
            .into_iter()
            .map(|case| {
                let id = scene.epoch_id();
                scene.raw.start(spec.name, &id, case.input.clone());
                (id, case)
            })
            .collect();
        for (id, case) in &started {
            if let Some(found) = wrong_end(&scene, spec.name, id, case) {
                wrong.push(format!("{}: {}: {found}", spec.name, case.name));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What is wrong with how a workflow with this input goes on.
fn wrong_end(scene: &Scene, kind: &str, id: &str, case: &Case) -> Option<String> {
    let failed = if case.expect.is_good() {
        live(scene, kind, id, case.expect)
    } else {
        let Some(last) = scene.raw.close_within(id, LIMIT) else {
            return Some(hanging(scene, id));
        };
        match raw::failure(&last) {
            None => Some(format!("it ended with {:?}", last.event_type())),
            Some((kind, said)) => {
                let about = case.about.as_deref().unwrap_or_default();
                // Where an id is checked, it is called by what it is.
                let is_named = said.contains(about) || said.contains(&about.replace('_', " "));
                let is_clear = kind.ends_with("InputUnusable") && is_named && said.len() < 5_000;
                (!is_clear).then(|| {
                    let shown: String = said.chars().take(200).collect();
                    format!("{about} is wrong; {kind} of {} bytes: {shown}", said.len())
                })
            }
        }
    };
    let tasks = scene.task_failures(id);
    let tasks = (!tasks.is_empty()).then(|| format!("tasks failed: {}", tasks.join(", ")));
    failed.or(tasks)
}

/// What is wrong with a workflow whose input is good, as far as it can be told.
fn live(scene: &Scene, kind: &str, id: &str, expect: Expect) -> Option<String> {
    let ended = match kind {
        // It goes on for ever; a first step shows that it lives.
        "EpochWorkflow" => {
            let step = json!({ "to_phase": "p2", "triggered_by": "", "condition_met": "" });
            let _ = scene
                .raw
                .try_signal(id, "advance_phase", payload::json(&step));
            let state = scene.raw.ask(id, "full_state", None);
            if state.is_ok() {
                let state = scene.raw.query(id, "full_state", None);
                return (state["current_phase"] != "p2").then(|| state.to_string());
            }
            scene.raw.close_within(id, LIMIT)
        }
        "ReviewPhaseWorkflow" => {
            for axis in crate::world::AXES {
                let vote = json!({ "axis": axis, "vote": "ACCEPT", "reviewer_id": "r" });
                // One that has ended is looked at below.
                let _ = scene
                    .raw
                    .try_signal(id, "submit_vote", payload::json(&vote));
            }
            scene.raw.close_within(id, LIMIT)
        }
        _ => {
            let end = json!({ "slice_id": "s", "success": true });
            let _ = scene
                .raw
                .try_signal(id, "complete_slice", payload::json(&end));
            scene.raw.close_within(id, LIMIT)
        }
    };
    let Some(last) = ended else {
        return Some(hanging(scene, id));
    };
    match (last.event_type(), raw::failure(&last)) {
        (EventType::WorkflowExecutionCompleted, _) => None,
        // An input that is not known to be good may be turned down, if it is said clearly.
        (_, Some((kind, _))) if expect != Expect::Applied && kind.ends_with("InputUnusable") => {
            None
        }
        (other, failure) => Some(format!("it ended with {other:?}: {failure:?}")),
    }
}

fn hanging(scene: &Scene, id: &str) -> String {
    format!("it hangs: {}", scene.task_failures(id).join(", "))
}

#[test]
fn a_slice_with_thousands_of_leaf_tasks_ends() {
    let Some(scene) = scene() else { return };
    let (epoch, slice) = (scene.epoch_id(), scene.epoch_id());
    scene.start(
        "EpochWorkflow",
        &epoch,
        &json!({ "epoch_id": epoch, "request_description": "" }),
    );
    let leaves: Vec<String> = (0..2_100).map(|n| n.to_string()).collect();
    let input = json!({
        "epoch_id": epoch, "slice_id": "s", "phase_spec": "", "parent_workflow_id": epoch,
        "config": { "mode": "mock" }, "leaf_task_ids": leaves,
    });
    scene.start("SliceWorkflow", &slice, &input);
    let last = scene.raw.closed(&slice);
    assert_eq!(last.event_type(), EventType::WorkflowExecutionCompleted);
    assert_eq!(scene.task_failures(&slice), Vec::<String>::new());
    // The epoch keeps the last thousand; those of one lot may overtake each other.
    let told = scene.raw.query(&epoch, "slice_progress_state", None);
    let told = told.as_array().expect("a list");
    assert_eq!(told.len(), 1_000);
    assert!(
        told.iter().any(|told| told["leaf_task_id"] == "2099"),
        "{told:?}"
    );
}

/// The first failure of a workflow's task, with the workflow still open.
#[track_caller]
fn left_to_a_newer_worker(scene: &Scene, id: &str, input: &Value) -> String {
    scene.start("EpochWorkflow", id, input);
    let history = scene.raw.history_with(id, EventType::WorkflowTaskFailed);
    let failures = raw::task_failures(&history);
    let closed = history.iter().any(|event| {
        matches!(
            event.event_type(),
            EventType::WorkflowExecutionFailed | EventType::WorkflowExecutionCompleted
        )
    });
    assert!(!closed, "{id} is closed: {failures:?}");
    failures.concat()
}

#[test]
fn what_a_newer_release_wrote_is_left_to_a_newer_worker() {
    let Some(scene) = scene() else { return };
    let start = |more: Value| {
        let id = scene.epoch_id();
        let mut input = json!({ "epoch_id": id, "request_description": "" });
        let fields = input.as_object_mut().expect("it is an object");
        fields.extend(more.as_object().expect("it is one too").clone());
        (id, input)
    };
    let newer = 999;
    for (more, what) in [
        (json!({ "rules_version": newer }), "rules_version 999"),
        (
            json!({ "rules_version": 5_000_000_000_u64 }),
            "rules_version 5000000000",
        ),
        // The rest of it may be beyond this release, too.
        (
            json!({ "rules_version": newer, "settings": "as later releases write them" }),
            "rules_version 999",
        ),
        (
            json!({ "carried": { "schema": newer, "state": ["as later releases write it"] } }),
            "schema 999",
        ),
    ] {
        let mark = scene.daemon.mark();
        let (id, input) = start(more);
        let said = left_to_a_newer_worker(&scene, &id, &input);
        assert!(said.contains(what), "{said}");
        assert!(said.contains("upgrade aurad"), "{said}");
        let newer = format!("{what} is newer than this aurad knows");
        let logged = scene.daemon.wait_for_line_since(mark, &newer, LIMIT);
        assert!(logged.contains("upgrade aurad"), "{logged}");
    }
    // The worker has not been harmed by any of it.
    let (id, input) = start(json!({}));
    scene.start("EpochWorkflow", &id, &input);
    assert_eq!(
        scene.raw.query(&id, "full_state", None)["current_phase"],
        "p1"
    );
}

#[test]
fn a_carried_state_that_is_broken_ends_the_workflow() {
    let Some(scene) = scene() else { return };
    let state = carried_state(&scene);
    let carried = |state: &Value| json!({ "schema": 1, "state": state });
    let spoilt = |at: &str, value: Value| {
        let mut state = state.clone();
        *state.pointer_mut(at).expect("the state has the field") = value;
        carried(&state)
    };
    for carried in [
        json!({}),
        json!([1, state]),
        json!("text"),
        json!({ "schema": 1 }),
        json!({ "schema": -1, "state": state }),
        carried(&json!({})),
        carried(&json!("text")),
        spoilt("/phase", json!("p99")),
        spoilt("/phase", Value::Null),
        spoilt("/epoch_id", json!("")),
        spoilt("/started_at", json!("yesterday")),
        spoilt("/status", json!("fine")),
    ] {
        let id = scene.epoch_id();
        let input = json!({ "epoch_id": id, "request_description": "", "carried": carried });
        scene.start("EpochWorkflow", &id, &input);
        let last = scene.raw.closed(&id);
        let (kind, said) = raw::failure(&last).expect("it fails");
        assert!(
            kind.ends_with("InputUnusable") && !said.is_empty(),
            "{kind}: {said}"
        );
        assert_eq!(scene.task_failures(&id), Vec::<String>::new(), "{carried}");
    }
    // Unspoilt, the same state is taken.
    let id = scene.epoch_id();
    let carried = carried(&state);
    let input = json!({ "epoch_id": id, "request_description": "", "carried": carried });
    scene.start("EpochWorkflow", &id, &input);
    assert_eq!(
        scene.raw.query(&id, "full_state", None)["current_phase"],
        state["phase"]
    );
}

/// The state of the earliest snapshot that is kept of any release.
fn carried_state(_scene: &Scene) -> Value {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/snapshots/state-schema-1.json"
    );
    let text = std::fs::read_to_string(path).expect("the snapshot can be read");
    let snapshot: Value = serde_json::from_str(&text).expect("the snapshot is JSON");
    snapshot["state"].clone()
}
