//! Queries with arguments that make no sense: that query fails, and nothing else does.

use serde_json::{Value, json};
use temporalio_client::tonic::Code;
use temporalio_common::protos::temporal::api::common::v1::Payloads;

use super::{Scene, scene};
use crate::raw::payload;

/// Each workflow with a good input, its queries without an argument, and a message that
/// it takes.
const SUBJECTS: [(&str, &[&str]); 3] = [
    (
        "EpochWorkflow",
        &[
            "current_state",
            "available_transitions",
            "full_state",
            "slice_progress_state",
            "active_sessions",
        ],
    ),
    (
        "SliceWorkflow",
        &["review_cycle_count", "review_cycles", "slice_state"],
    ),
    ("ReviewPhaseWorkflow", &[]),
];

#[test]
fn no_query_harms_a_workflow() {
    let Some(scene) = scene() else { return };
    let mut wrong = Vec::new();
    for (kind, queries) in SUBJECTS {
        let id = scene.epoch_id();
        start(&scene, kind, &id);
        let mut fail =
            |query: &str, name: &str, args: Option<Payloads>| match scene.raw.ask(&id, query, args)
            {
                Err(status) if status.code() == Code::InvalidArgument => {}
                other => wrong.push(format!("{kind} {query}, {name}: {other:?}")),
            };
        for (name, args) in garbage() {
            fail("outcome", name, args);
        }
        for query in queries {
            // A list, since an absent value is no argument at all.
            for (name, args) in garbage().into_iter().filter(|(name, _)| is_argument(name)) {
                fail(query, name, args);
            }
        }
        for unknown in ["", "Outcome", "no_such_query", &"q".repeat(900)] {
            fail(unknown, "an unknown query", None);
        }
        // All of them are still answered.
        for query in queries {
            let none = [None, payload::times(0, b""), payload::json(&Value::Null)];
            for args in none {
                if let Err(status) = scene.raw.ask(&id, query, args) {
                    wrong.push(format!("{kind} {query} afterwards: {status}"));
                }
            }
        }
        for asked in [
            json!("r"),
            json!({ "request_id": "r" }),
            json!({ "request_id": "r", "x": 1 }),
        ] {
            let outcome = scene.raw.query(&id, "outcome", payload::json(&asked));
            assert_eq!(outcome["status"], "unknown", "{kind}: {outcome}");
        }
        wrong.extend(
            scene
                .task_failures(&id)
                .iter()
                .map(|failure| format!("{kind}: {failure}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn start(scene: &Scene, kind: &str, id: &str) {
    let input = match kind {
        "EpochWorkflow" => json!({ "epoch_id": id, "request_description": "" }),
        "SliceWorkflow" => json!({
            "epoch_id": "e", "slice_id": "s", "phase_spec": "", "parent_workflow_id": "",
        }),
        _ => json!({ "epoch_id": "e", "phase_id": "p4" }),
    };
    scene.start(kind, id, &input);
}

/// Arguments that are none of a string and an object with an id.
fn garbage() -> Vec<(&'static str, Option<Payloads>)> {
    let long = format!("\"{}\"", "x".repeat(1_000_000));
    vec![
        ("nothing", None),
        ("no payloads", payload::times(0, b"\"r\"")),
        ("null", payload::json(&Value::Null)),
        ("two payloads", payload::times(2, b"\"r\"")),
        ("a number", payload::json(&json!(7))),
        ("a list", payload::json(&json!(["r"]))),
        ("another object", payload::json(&json!({ "id": "r" }))),
        (
            "a number for an id",
            payload::json(&json!({ "request_id": 7 })),
        ),
        ("no JSON", payload::text("r")),
        ("half a text", payload::text("\"r")),
        ("no bytes", payload::text("")),
        ("no UTF-8", payload::text(b"\"\xff\"")),
        ("no encoding", payload::bytes(b"\"r\"", None)),
        ("binary", payload::bytes(b"\"r\"", Some(b"binary/plain"))),
        (
            "an unknown encoding",
            payload::bytes(b"\"r\"", Some(b"x/y")),
        ),
        ("1 MB of no JSON", payload::text(long.trim_end_matches('"'))),
    ]
}

/// Whether it is an argument to a query that takes none.
fn is_argument(name: &str) -> bool {
    !matches!(name, "nothing" | "no payloads" | "null")
}
