//! Every signal and every input of the three workflows as a good message, field by field.

use aura::contract::epoch::{
    EpochInput, FindingResolveSignal, FindingSignal, PhaseAdvanceSignal, PlanSlicesSignal,
    ReviewVoteSignal, SessionNoteSignal, SessionRegisterSignal, SliceOrderSignal,
    SliceProgressSignal,
};
use aura::contract::review::{
    CloseRoundSignal, ReviewFinishedSignal, ReviewInput, VoteMissedSignal,
};
use aura::contract::slice::{
    ReviewCycleSignal, SliceCompleteSignal, SliceFinishedSignal, SliceInput, SliceStartSignal,
    StartSlice,
};
use serde_json::{Value, json};

use super::spec::{Field, Holds, Ids, Need, Spec, long, other, text, unread, whole, word};

/// The signals of an epoch.
pub const EPOCH: [Spec; 16] = [
    Spec {
        name: "advance_phase",
        is_signal: true,
        fields: &[
            word("/to_phase").required(),
            text("/triggered_by").required(),
            text("/condition_met").required(),
            text("/override").nullable(),
        ],
        sample: |_, n| {
            json!({
                "to_phase": step(n),
                "triggered_by": "supervisor", "condition_met": "met", "override": "because",
            })
        },
        whole: whole::<PhaseAdvanceSignal>,
    },
    Spec {
        name: "submit_vote",
        is_signal: true,
        fields: VOTE,
        sample: |_, n| vote(n),
        whole: whole::<ReviewVoteSignal>,
    },
    Spec {
        name: "slice_progress",
        is_signal: true,
        fields: &[
            text("/slice_id").required(),
            text("/leaf_task_id").required(),
            text("/stage_name").required(),
            other("/completed").required(),
        ],
        sample: |_, n| {
            json!({
                "slice_id": "s", "leaf_task_id": format!("leaf-{n}"), "stage_name": "types",
                "completed": true,
            })
        },
        whole: whole::<SliceProgressSignal>,
    },
    Spec {
        name: "register_session",
        is_signal: true,
        fields: &[
            text("/epoch_id").required(),
            text("/session_id").required(),
            word("/role").nullable(),
            text("/model_harness"),
            text("/model"),
        ],
        sample: |ids, n| {
            json!({
                "epoch_id": ids.epoch, "session_id": format!("new-{n}"), "role": "worker",
                "model_harness": "claude-code", "model": "m",
            })
        },
        whole: whole::<SessionRegisterSignal>,
    },
    Spec {
        name: "session_heartbeat",
        is_signal: true,
        fields: SESSION_NOTE,
        sample: |_, n| session_note(n),
        whole: whole::<SessionNoteSignal>,
    },
    Spec {
        name: "end_session",
        is_signal: true,
        fields: SESSION_NOTE,
        sample: |_, n| session_note(n),
        whole: whole::<SessionNoteSignal>,
    },
    Spec {
        name: "record_finding",
        is_signal: true,
        fields: &[
            text("/finding_id").required(),
            word("/severity").required(),
            text("/summary").required(),
            text("/slice_id").nullable(),
            text("/reported_by"),
        ],
        sample: |_, n| {
            json!({
                "finding_id": format!("new-{n}"), "severity": "MINOR", "summary": "it is so",
                "slice_id": "s", "reported_by": "reviewer",
            })
        },
        whole: whole::<FindingSignal>,
    },
    Spec {
        name: "resolve_finding",
        is_signal: true,
        fields: &[
            text("/finding_id").required(),
            text("/resolution"),
            text("/resolved_by"),
        ],
        sample: |_, n| {
            json!({
                "finding_id": format!("there-{n}"), "resolution": "done", "resolved_by": "worker",
            })
        },
        whole: whole::<FindingResolveSignal>,
    },
    Spec {
        name: "start_slice",
        is_signal: true,
        fields: &[
            text("/slice_id").required(),
            other("/dependencies"),
            text("/dependencies/0").member(),
            other("/leaf_task_ids"),
            text("/leaf_task_ids/0").member(),
            other("/config").required(),
            word("/config/mode").required(),
            text("/config/command"),
            other("/config/timeout_seconds"),
            other("/config/heartbeat_interval"),
            text("/config/runner").nullable(),
            long("/config/prompt").nullable(),
            text("/phase_spec"),
        ],
        sample: |_, n| new_slice(&format!("new-{n}")),
        whole: whole::<StartSlice>,
    },
    Spec {
        name: "plan_slices",
        is_signal: true,
        fields: &[
            other("/slices").required(),
            other("/slices/0").member(),
            text("/slices/0/slice_id").required(),
            other("/slices/0/dependencies"),
            text("/slices/0/dependencies/0").member(),
            other("/slices/0/leaf_task_ids"),
            text("/slices/0/leaf_task_ids/0").member(),
            other("/slices/0/config").required(),
            word("/slices/0/config/mode").required(),
            text("/slices/0/config/command"),
            other("/slices/0/config/timeout_seconds"),
            other("/slices/0/config/heartbeat_interval"),
            text("/slices/0/config/runner").nullable(),
            long("/slices/0/config/prompt").nullable(),
            text("/slices/0/phase_spec"),
            other("/fail_fast").nullable(),
        ],
        sample: |_, n| json!({ "slices": [new_slice(&format!("new-{n}"))], "fail_fast": true }),
        whole: whole::<PlanSlicesSignal>,
    },
    Spec {
        name: "cancel_slice",
        is_signal: true,
        fields: SLICE_ORDER,
        sample: |_, n| slice_order(n),
        whole: whole::<SliceOrderSignal>,
    },
    Spec {
        name: "waive_slice",
        is_signal: true,
        fields: SLICE_ORDER,
        sample: |_, n| slice_order(n),
        whole: whole::<SliceOrderSignal>,
    },
    Spec {
        name: "retry_slice",
        is_signal: true,
        fields: SLICE_ORDER,
        sample: |_, n| slice_order(n),
        whole: whole::<SliceOrderSignal>,
    },
    Spec {
        name: "slice_finished",
        is_signal: true,
        fields: &[
            text("/slice_id").required(),
            other("/attempt").required(),
            other("/result").required(),
            unread("/result/slice_id").required(),
            other("/result/success").required(),
            long("/result/output"),
            long("/result/error").nullable(),
            text("/result/code").nullable(),
            text("/result/log").nullable(),
            text("/result/worktree").nullable(),
            text("/result/host").nullable(),
        ],
        sample: |_, n| {
            let id = format!("there-{n}");
            let result = json!({
                "slice_id": id, "success": true, "output": "o", "error": "e",
                "code": "c", "log": "/l", "worktree": "/w", "host": "h",
            });
            json!({ "slice_id": id, "attempt": 1, "result": result })
        },
        whole: whole::<SliceFinishedSignal>,
    },
    Spec {
        name: "review_finished",
        is_signal: true,
        fields: &[
            other("/round").required(),
            other("/result").required(),
            word("/result/phase_id").required(),
            other("/result/success").required(),
            other("/result/vote_result"),
            word("/result/vote_result/correctness").member(),
            word("/reason"),
        ],
        sample: |_, n| {
            let result = json!({
                "phase_id": "p4", "success": false, "vote_result": { "correctness": "ACCEPT" },
            });
            json!({ "round": n + 1, "result": result, "reason": "deadline" })
        },
        whole: whole::<ReviewFinishedSignal>,
    },
    Spec {
        name: "vote_missed",
        is_signal: true,
        fields: &[
            word("/phase").required(),
            other("/round").required(),
            word("/axis").required(),
            text("/reviewer_id").required(),
            long("/why").required(),
        ],
        sample: |_, n| {
            json!({
                "phase": "p4", "round": n + 1, "axis": "elegance", "reviewer_id": "r",
                "why": "it crashed",
            })
        },
        whole: whole::<VoteMissedSignal>,
    },
];

/// The signals of a slice.
pub const SLICE: [Spec; 3] = [
    Spec {
        name: "start_slice",
        is_signal: true,
        fields: &[
            text("/slice_id").required(),
            text("/epoch_id").required(),
            other("/config").required(),
            word("/config/mode").required(),
            text("/config/command"),
            other("/config/timeout_seconds"),
            other("/config/heartbeat_interval"),
            text("/config/runner").nullable(),
            long("/config/prompt").nullable(),
        ],
        sample: |ids, _| json!({ "slice_id": ids.slice, "epoch_id": ids.epoch, "config": mock() }),
        whole: whole::<SliceStartSignal>,
    },
    Spec {
        name: "complete_slice",
        is_signal: true,
        fields: &[
            text("/slice_id").required(),
            other("/success").required(),
            long("/output"),
            long("/error"),
        ],
        sample: |ids, _| json!({ "slice_id": ids.slice, "success": true, "output": "o", "error": "e" }),
        whole: whole::<SliceCompleteSignal>,
    },
    Spec {
        name: "review_cycle",
        is_signal: true,
        fields: &[
            other("/cycle_number").required(),
            long("/reviewer_feedback"),
        ],
        sample: |_, n| json!({ "cycle_number": n + 1, "reviewer_feedback": "names" }),
        whole: whole::<ReviewCycleSignal>,
    },
];

/// The signals of a review.
pub const REVIEW: [Spec; 2] = [
    Spec {
        name: "submit_vote",
        is_signal: true,
        fields: VOTE,
        sample: |_, n| vote(n),
        whole: whole::<ReviewVoteSignal>,
    },
    Spec {
        name: "close_round",
        is_signal: true,
        fields: &[
            other("/round").required(),
            unread("/reason").required(),
            other("/votes").required(),
            word("/votes/elegance").member(),
        ],
        sample: |_, _| json!({ "round": 1, "reason": "left", "votes": { "elegance": "REVISE" } }),
        whole: whole::<CloseRoundSignal>,
    },
];

/// The inputs of the three workflows.
pub const INPUTS: [Spec; 3] = [
    Spec {
        name: "EpochWorkflow",
        is_signal: false,
        fields: &[
            id("/epoch_id").required(),
            Field {
                at: "/request_description",
                need: Need::Required,
                holds: Holds::Text(64 * 1024),
            },
            Field {
                at: "/rules_version",
                need: Need::Optional,
                holds: Holds::Version,
            },
            other("/settings"),
            other("/settings/max_rounds").nullable(),
            other("/settings/parallel_slices"),
            other("/settings/fail_fast"),
            other("/settings/review_deadline_s").nullable(),
        ],
        sample: |_, n| {
            let settings = json!({
                "max_rounds": 3, "parallel_slices": 4, "fail_fast": false, "review_deadline_s": 60,
            });
            json!({
                "epoch_id": format!("e-{n}"), "request_description": "it", "rules_version": 1,
                "settings": settings,
            })
        },
        whole: |message| {
            let mut whole = whole::<EpochInput>(message);
            // What a run hands to the next has tests of its own.
            assert_eq!(whole["carried"].take(), Value::Null);
            whole
                .as_object_mut()
                .expect("it is an object")
                .remove("carried");
            whole
        },
    },
    Spec {
        name: "SliceWorkflow",
        is_signal: false,
        fields: &[
            text("/epoch_id").required(),
            text("/slice_id").required(),
            text("/phase_spec").required(),
            id("/parent_workflow_id").required(),
            other("/config").nullable(),
            word("/config/mode").required(),
            text("/config/command"),
            other("/config/timeout_seconds"),
            other("/config/heartbeat_interval"),
            text("/config/runner").nullable(),
            long("/config/prompt").nullable(),
            other("/dependencies"),
            text("/dependencies/0").member(),
            other("/leaf_task_ids"),
            text("/leaf_task_ids/0").member(),
            other("/attempt"),
        ],
        sample: |ids, _| {
            json!({
                "epoch_id": "e", "slice_id": "s", "phase_spec": "", "config": mock(),
                "parent_workflow_id": ids.epoch, "dependencies": ["d"], "leaf_task_ids": ["l"],
                "attempt": 1,
            })
        },
        whole: whole::<SliceInput>,
    },
    Spec {
        name: "ReviewPhaseWorkflow",
        is_signal: false,
        fields: &[
            text("/epoch_id").required(),
            text("/phase_id").required(),
            other("/round").nullable(),
            other("/deadline").nullable(),
            text("/runner").nullable(),
            id("/parent_workflow_id").nullable(),
            Field {
                at: "/request_description",
                need: Need::Nullable,
                holds: Holds::Text(64 * 1024),
            },
        ],
        sample: |ids, _| {
            json!({
                "epoch_id": "e", "phase_id": "p4", "round": 1, "deadline": 3600, "runner": "r",
                "parent_workflow_id": ids.epoch, "request_description": "it",
            })
        },
        whole: whole::<ReviewInput>,
    },
];

const fn id(at: &'static str) -> Field {
    Field {
        at,
        need: Need::Optional,
        holds: Holds::Text(1_000),
    }
}

const VOTE: &[Field] = &[
    word("/axis").required(),
    word("/vote").required(),
    text("/reviewer_id").required(),
    long("/comment").nullable(),
    word("/phase").nullable(),
    other("/round").nullable(),
];

const SESSION_NOTE: &[Field] = &[text("/session_id").required(), text("/reason")];

const SLICE_ORDER: &[Field] = &[text("/slice_id").required(), text("/reason")];

/// Each is a step from the one before: p2, p3, p4, back to p3, p4 and so on.
fn step(n: usize) -> &'static str {
    match n {
        0 => "p2",
        n if n % 2 == 0 => "p4",
        _ => "p3",
    }
}

fn vote(n: usize) -> Value {
    json!({
        "axis": "elegance", "vote": "ACCEPT", "reviewer_id": format!("reviewer-{n}"),
        "comment": "fine", "phase": "p4", "round": 1,
    })
}

fn session_note(n: usize) -> Value {
    json!({ "session_id": format!("there-{n}"), "reason": "done" })
}

fn slice_order(n: usize) -> Value {
    json!({ "slice_id": format!("there-{n}"), "reason": "so" })
}

/// A slice that can be declared where `there-0` is.
pub fn new_slice(id: &str) -> Value {
    json!({
        "slice_id": id, "dependencies": ["there-0"], "leaf_task_ids": ["leaf"],
        "config": mock(), "phase_spec": "spec",
    })
}

/// A configuration that runs nothing.
pub fn mock() -> Value {
    json!({
        "mode": "mock", "command": "true", "timeout_seconds": 300, "heartbeat_interval": 30,
        "runner": "r", "prompt": "p",
    })
}

/// The ids that samples are about.
pub fn ids(epoch: &str) -> Ids {
    Ids {
        epoch: epoch.to_owned(),
        slice: "s".to_owned(),
    }
}
