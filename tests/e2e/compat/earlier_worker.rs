//! The earlier worker under our `aura-msg`. It cannot confirm a message, so each is
//! reported as delivered, and what became of it is looked up in the state.

use std::time::Duration;

use serde_json::{Value, json};
use temporalio_common::protos::temporal::api::enums::v1::EventType;

use crate::raw::{Raw, payload};
use crate::support::guard::Guarded;
use crate::support::lines::Lines;
use crate::support::output::Output;
use crate::support::python;
use crate::support::wait::eventually;
use crate::world::{AXES, World};

const READY_LIMIT: Duration = Duration::from_mins(1);
const APPLIED_LIMIT: Duration = Duration::from_mins(1);

/// A world whose worker is the earlier one.
struct Earlier {
    world: World,
    raw: Raw,
    _worker: Guarded,
}

impl Earlier {
    /// With a worker that polls; none where there is no server or no Python.
    fn start() -> Option<Self> {
        let world = World::shared()?;
        let python = python::COMPAT.locate_or_skip()?;
        let mut command = world.sandbox.guarded(python);
        command
            .arg(python::COMPAT.script("earlier_worker.py"))
            .args(["--address", &world.address])
            .args(["--task-queue", world.sandbox.task_queue()])
            .env("PYTHONDONTWRITEBYTECODE", "1");
        let (stdout, stderr) = (Lines::default(), Lines::default());
        let worker = Guarded::spawn(&mut command, &stdout, &stderr).expect("a shell can be run");
        if let Err(why) = stdout.wait_for(0, "ready", READY_LIMIT) {
            panic!(
                "the earlier worker: {why:?}\n{}",
                stderr.tail(40).join("\n")
            );
        }
        let raw = Raw::connect(&world);
        Some(Self {
            world,
            raw,
            _worker: worker,
        })
    }

    /// Waits until the state shows something; it is not confirmed any other way.
    #[track_caller]
    fn shows(&self, what: &str, view: impl Fn(&Value) -> Value, wanted: &Value) -> Value {
        eventually(what, APPLIED_LIMIT, || {
            let state = self.world.state();
            (view(&state) == *wanted).then_some(state)
        })
    }

    /// Moves on, and sees that it did.
    #[track_caller]
    fn advance(&self, to: &str) {
        delivered(&self.world.advance(to));
        self.shows(
            &format!("the step to {to}"),
            |state| state["current_phase"].clone(),
            &json!(to),
        );
    }

    /// Starts a slice of this world's epoch as the earlier clients do.
    fn start_slice(&self, workflow_id: &str, slice_id: &str) {
        let epoch = &self.world.epoch;
        let input = json!({
            "epoch_id": epoch, "slice_id": slice_id, "phase_spec": "spec",
            "parent_workflow_id": epoch,
        });
        self.raw
            .start("SliceWorkflow", workflow_id, payload::json(&input));
    }
}

/// Checks that a message went out, and that its sender is told no more than that.
#[track_caller]
fn delivered(output: &Output) {
    let output = output.clone().ok();
    let mut lines = output.stdout.lines();
    assert_eq!(
        lines.next(),
        Some("Signal delivered successfully"),
        "{output}"
    );
    assert!(
        output
            .stderr
            .contains("delivered; this worker cannot confirm"),
        "{output}"
    );
}

/// Checks the same where the answer is JSON.
#[track_caller]
fn delivered_json(output: &Output) {
    let output = output.clone().ok();
    let answer = output.json();
    assert_eq!(answer["success"], true, "{output}");
    assert_eq!(answer["status"], "delivered", "{output}");
    assert!(
        output
            .stderr
            .contains("delivered; this worker cannot confirm"),
        "{output}"
    );
}

#[test]
fn our_commands_take_an_epoch_through_the_earlier_worker() {
    let Some(earlier) = Earlier::start() else {
        return;
    };
    let world = &earlier.world;

    let started = world.start();
    assert!(
        started
            .stdout
            .contains(&format!("workflow_id={}", world.epoch)),
        "{started}"
    );
    assert!(started.stdout.contains("run_id="), "{started}");
    let again = world.run(&["epoch", "start"]).code(3);
    assert!(again.stderr.contains("already running"), "{again}");

    // What the contract fixes, and nothing of ours, which that worker does not know.
    let shown = world.run(&["query", "state"]).ok();
    assert_eq!(
        shown.stdout,
        "Phase: p1\nRole:  epoch\nVotes: (none)\nAvailable Transitions:\n  -> p2 (classification \
         confirmed, research and explore complete)\nTransitions: 0\nActive Sessions: 0\n",
        "{shown}"
    );
    let state = world.state();
    let keys: Vec<&str> = state
        .as_object()
        .expect("it is an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "current_phase",
            "current_role",
            "transition_history",
            "votes",
            "last_error",
            "available_transitions",
            "active_session_count"
        ]
    );

    delivered(&world.run(&[
        "session",
        "register",
        "--session-id",
        "s-1",
        "--role",
        "supervisor",
        "--model-harness",
        "claude-code",
        "--model",
        "m",
    ]));
    delivered_json(&world.run(&[
        "session",
        "register",
        "--session-id",
        "s-2",
        "--role",
        "worker",
        "--format",
        "json",
    ]));
    let count = |state: &Value| state["active_session_count"].clone();
    earlier.shows("two sessions", count, &json!(2));

    earlier.advance("p2");
    earlier.advance("p3");
    delivered_json(&world.run(&["phase", "advance", "--to-phase", "4", "--format", "json"]));
    earlier.shows("p4", |state| state["current_phase"].clone(), &json!("p4"));

    // A refusal looks the same to the sender, and shows in the state.
    delivered(&world.advance("p5"));
    let tries = |state: &Value| json!(state["transition_history"].as_array().map(Vec::len));
    let state = earlier.shows("the refused step", tries, &json!(4));
    assert_eq!(state["current_phase"], "p4");
    let error = state["last_error"].as_str().expect("it says why");
    let last = &state["transition_history"][3];
    assert_eq!(last["success"], false);
    assert_eq!(last["condition_met"], format!("FAILED: {error}"));
    let shown = world.run(&["query", "state"]).ok();
    assert!(
        shown.stdout.contains(&format!("Last Error: {error}\n")),
        "{shown}"
    );
    assert!(shown.stdout.contains("Transitions: 4\n"), "{shown}");

    for axis in AXES {
        delivered(&world.vote(axis, "accept"));
    }
    let votes = |state: &Value| state["votes"].clone();
    let accepted =
        json!({ "correctness": "ACCEPT", "test_quality": "ACCEPT", "elegance": "ACCEPT" });
    earlier.shows("three votes", votes, &accepted);
    let shown = world.run(&["query", "state"]).ok();
    assert!(
        shown.stdout.contains("Votes:\n  correctness: ACCEPT\n"),
        "{shown}"
    );
    for phase in ["p5", "p6", "p7", "p8", "p9", "p10"] {
        earlier.advance(phase);
    }
    for axis in AXES {
        delivered(&world.vote(axis, "ACCEPT"));
    }
    earlier.shows(
        "the votes",
        |state| json!(state["votes"].as_object().map(serde_json::Map::len)),
        &json!(3),
    );
    for phase in ["p11", "p12", "complete"] {
        earlier.advance(phase);
    }
    let last = earlier.raw.closed(&world.epoch);
    assert_eq!(last.event_type(), EventType::WorkflowExecutionCompleted);
    let late = world.vote("elegance", "REVISE").code(3);
    assert!(late.stderr.starts_with("workflow error: "), "{late}");
    assert_eq!(world.state()["current_phase"], "complete");
}

#[test]
fn our_commands_complete_slices_of_the_earlier_worker() {
    let Some(earlier) = Earlier::start() else {
        return;
    };
    let world = &earlier.world;
    let _ = world.start();

    let complete = |slice: &str, how: &[&str]| {
        world.run(&[&["signal", "complete", "--slice-id", slice], how].concat())
    };
    // Under the name that an epoch gives it, and under its own.
    let (child, alone) = (format!("{}-slice-a", world.epoch), world.sandbox.epoch_id());
    earlier.start_slice(&child, "a");
    earlier.start_slice(&alone, &alone);
    delivered(&complete("a", &["--output", "done"]));
    delivered_json(&complete(
        &alone,
        &["--error", "tests fail", "--format", "json"],
    ));
    for id in [&child, &alone] {
        let last = earlier.raw.closed(id);
        assert_eq!(
            last.event_type(),
            EventType::WorkflowExecutionCompleted,
            "{id}"
        );
    }
    let told = eventually("the slices' reports", APPLIED_LIMIT, || {
        let told = earlier
            .raw
            .query(&world.epoch, "slice_progress_state", None);
        (told.as_array().map(Vec::len) == Some(2)).then_some(told)
    });
    let completed = |slice: &str| {
        let told = told.as_array().expect("a list");
        told.iter()
            .find(|told| told["slice_id"] == slice)
            .map(|told| told["completed"].clone())
    };
    assert_eq!(completed("a"), Some(json!(true)), "{told}");
    assert_eq!(completed(&alone), Some(json!(false)), "{told}");

    let missing = complete("nowhere", &["--output", ""]).code(3);
    assert!(missing.stderr.starts_with("workflow error: "), "{missing}");
    // An epoch is no slice, whatever it is called.
    let wrong = complete(&world.epoch, &["--output", ""]).code(3);
    assert!(wrong.stderr.starts_with("workflow error: "), "{wrong}");
}

#[test]
fn our_commands_end_epochs_of_the_earlier_worker() {
    let Some(earlier) = Earlier::start() else {
        return;
    };
    let world = &earlier.world;
    for (command, ending, again) in [
        // To cancel what is cancelled is no mistake: the server says so too.
        (
            &["epoch", "cancel"][..],
            EventType::WorkflowExecutionCanceled,
            0,
        ),
        (
            &["epoch", "terminate", "--reason", "enough"],
            EventType::WorkflowExecutionTerminated,
            3,
        ),
    ] {
        // The id can be used again once its execution is closed.
        let _ = world.start();
        earlier.advance("p2");
        let ended = world.run(command).ok();
        assert!(ended.stdout.contains(&world.epoch), "{ended}");
        assert_eq!(earlier.raw.closed(&world.epoch).event_type(), ending);
        let _ = world.run(command).code(again);
    }
}
