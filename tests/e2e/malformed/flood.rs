//! A client that loops: however much it sends, the state stays bounded, nothing fails,
//! and the epoch can still be moved on.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use temporalio_common::protos::temporal::api::common::v1::Payloads;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use super::scene;
use super::spec::{LONG, TEXT};
use crate::raw::{Raw, payload};
use crate::replayer::replay;
use crate::support::wait::eventually;

const MESSAGES: usize = 3_000;

/// Encoded bytes of an epoch's state.
const STATE: usize = 1_000_000;
/// Bytes of one payload that the server takes.
const PAYLOAD: usize = 2 * 1024 * 1024;

#[test]
fn a_client_that_loops_cannot_fill_an_epoch() {
    let Some(scene) = scene() else { return };
    let id = scene.epoch_id();
    // Each quote takes two bytes once it is encoded.
    let input = json!({ "epoch_id": id, "request_description": "\"".repeat(60_000) });
    let run = scene.start("EpochWorkflow", &id, &input);
    for phase in ["p2", "p3", "p4"] {
        scene.raw.tell(&id, "advance_phase", &advance(phase, "met"));
    }
    scene
        .raw
        .flood(&id, (0..MESSAGES).map(|n| message(&id, n)).collect());

    // It has all of that to go through first.
    let answer = eventually("the epoch answers", Duration::from_mins(3), || {
        scene.raw.ask(&id, "full_state", None).ok()
    });
    let bytes: usize = answer
        .payloads
        .iter()
        .map(|payload| payload.data.len())
        .sum();
    assert!(bytes < STATE, "full_state has {bytes} bytes");
    let state: Value = serde_json::from_slice(&answer.payloads[0].data).expect("it is JSON");
    let sessions = state["active_session_count"].as_u64().unwrap_or_default();
    assert!((1..=200).contains(&sessions), "{sessions} sessions");
    assert!(
        state["refusal_count"].as_u64() > Some(100),
        "{}",
        state["refusal_count"]
    );
    for query in ["current_state", "slice_progress_state", "active_sessions"] {
        let answer = scene.raw.ask(&id, query, None).expect("the epoch answers");
        let bytes: usize = answer
            .payloads
            .iter()
            .map(|payload| payload.data.len())
            .sum();
        assert!(bytes < STATE, "{query} has {bytes} bytes");
    }

    let forth = if state["current_phase"] == "p4" {
        "p3"
    } else {
        "p4"
    };
    // Until its audit trail has caught up, it may be too busy for a message.
    eventually("the epoch moves on", Duration::from_mins(3), || {
        scene.raw.tell(&id, "advance_phase", &advance(forth, "met"));
        let state = scene.raw.query(&id, "full_state", None);
        (state["current_phase"] == forth).then_some(())
    });

    // So much does not fit into one run.
    let runs = eventually("a new run has begun", Duration::from_mins(1), || {
        Some(scene.raw.chain(&id, &run)).filter(|runs| runs.len() > 1)
    });
    for run in &runs {
        let bytes = input_bytes(&run[0]);
        assert!(bytes < PAYLOAD, "a run was started with {bytes} bytes");
    }
    assert_eq!(scene.task_failures(&id), Vec::<String>::new());
    let failures: Vec<_> = replay(runs).into_iter().flatten().collect();
    assert!(failures.is_empty(), "{failures:?}");
}

/// While the trail is slow, tasks are still at it when the next message and the question
/// what became of the one before come in; a worker that replays all that must see it alike.
#[test]
fn what_came_together_with_a_slow_audit_trail_replays() {
    const SENDERS: usize = 4;
    const EACH: usize = 40;
    // Within what a worker waits for its trail before it goes on without it.
    const HELD: Duration = Duration::from_millis(100);

    let Some(scene) = scene() else { return };
    let id = scene.epoch_id();
    let input = json!({ "epoch_id": id, "request_description": "" });
    let run = scene.start("EpochWorkflow", &id, &input);
    // Its trail is there once something has been written.
    assert_eq!(
        scene.raw.query(&id, "full_state", None)["current_phase"],
        "p1"
    );
    let (confirm, confirmed) = channel();
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            let (confirm, id, raw) = (confirm.clone(), &id, Raw::connect(&scene.world));
            scope.spawn(move || {
                for number in 0..EACH {
                    let request_id = format!("{sender}-{number}");
                    let vote = json!({
                        "axis": "elegance", "vote": "ACCEPT", "reviewer_id": request_id,
                        "request_id": request_id,
                    });
                    raw.tell(id, "submit_vote", &vote);
                    assert_eq!(raw.outcome(id, &request_id)["status"], "applied");
                    // Nobody counts once all have been waited for.
                    let _ = confirm.send(());
                }
            });
        }
        drop(confirm);
        let trail = rusqlite::Connection::open(scene.world.audit_db()).expect("the trail opens");
        trail
            .busy_timeout(Duration::from_secs(10))
            .expect("a limit can be set");
        loop {
            trail
                .execute_batch("BEGIN IMMEDIATE")
                .expect("the trail can be held");
            let next = confirmed.recv_timeout(HELD);
            trail
                .execute_batch("ROLLBACK")
                .expect("the trail can be let go");
            if next == Err(RecvTimeoutError::Disconnected) {
                break;
            }
        }
    });
    assert_eq!(scene.task_failures(&id), Vec::<String>::new());
    let runs = scene.raw.chain(&id, &run);
    let failures: Vec<_> = replay(runs).into_iter().flatten().collect();
    assert!(failures.is_empty(), "{failures:?}");
}

/// Messages of every kind; of each eight, one is as large as it may be, or larger. All of
/// them together stay under the 50 MB at which the server ends a run whatever it does.
fn message(epoch: &str, n: usize) -> (&'static str, Option<Payloads>) {
    let part = if (n / 12).is_multiple_of(8) { 1 } else { 64 };
    let text = "t".repeat(TEXT / part);
    // Each takes six bytes once it is encoded.
    let control = "\u{1}".repeat(TEXT / part);
    let long = "\u{1}".repeat(LONG / part);
    let request_id = format!("{n:0>200}");
    let axis = crate::world::AXES[n % 3];
    let (signal, mut content) = match n % 12 {
        0 => (
            "submit_vote",
            json!({ "axis": axis, "vote": "ACCEPT", "reviewer_id": control,
            "comment": long }),
        ),
        1 => ("advance_phase", advance("p12", &control)),
        2 => (
            "slice_progress",
            json!({ "slice_id": text, "leaf_task_id": control,
            "stage_name": format!("{n}"), "completed": false }),
        ),
        3 => (
            "register_session",
            json!({ "epoch_id": epoch, "session_id": format!("{n}{}",
            "s".repeat(900)), "role": "worker", "model": control }),
        ),
        4 => (
            "record_finding",
            json!({ "finding_id": format!("{n}"), "severity": "MINOR",
            "summary": text, "reported_by": control }),
        ),
        5 => (
            "resolve_finding",
            json!({ "finding_id": format!("{}", n - 1),
            "resolution": control }),
        ),
        6 => (
            "submit_vote",
            json!({ "axis": axis, "vote": control, "reviewer_id": "" }),
        ),
        7 => (
            "record_finding",
            json!({ "finding_id": format!("{n}"), "severity": "MINOR",
            "summary": "x".repeat(TEXT + 1) }),
        ),
        8 => (
            "advance_phase",
            advance(if n % 24 == 8 { "p3" } else { "p4" }, &text),
        ),
        9 => (
            "end_session",
            json!({ "session_id": control, "reason": control }),
        ),
        10 => (
            "slice_finished",
            json!({ "slice_id": control, "attempt": 1,
            "result": { "slice_id": "", "success": false, "error": long } }),
        ),
        _ => return ("submit_vote", payload::text(&control)),
    };
    content["request_id"] = Value::from(request_id);
    content["actor"] = Value::from(control);
    (signal, payload::json(&content))
}

fn advance(to: &str, why: &str) -> Value {
    json!({ "to_phase": to, "triggered_by": why, "condition_met": why })
}

/// Bytes of what a run was started with.
fn input_bytes(first: &HistoryEvent) -> usize {
    let Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) = &first.attributes
    else {
        panic!("a history begins with a start");
    };
    let input = started.input.iter().flat_map(|input| &input.payloads);
    input.map(|payload| payload.data.len()).sum()
}
