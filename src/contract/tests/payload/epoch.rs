//! What goes into an epoch and comes out of it.

use super::check;
use crate::contract::child::ChildStatus;
use crate::contract::epoch::{
    EpochInput, EpochResult, EpochSettings, FindingResolveSignal, FindingSignal,
    PhaseAdvanceSignal, PlanSlicesSignal, ReviewVoteSignal, SessionNoteSignal,
    SessionRegisterSignal, SliceOrderSignal, SliceProgressSignal,
};
use crate::contract::signal::Enveloped;
use crate::contract::slice::{SliceExecutionConfig, StartSlice};
use crate::protocol::finding::SeverityLevel;
use crate::protocol::slice::SliceMode;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{PhaseId, RoleId};

pub(super) fn check_all() -> Vec<&'static str> {
    vec![
        input(),
        settings(),
        result(),
        advance(),
        vote(),
        enveloped(),
        progress(),
        session(),
        session_note(),
        finding(),
        finding_resolved(),
        plan(),
        order(),
        child(),
    ]
}

#[test]
fn payloads_of_epochs() {
    check_all();
}

/// With nothing carried; what is carried has tests of its own.
fn input() -> &'static str {
    check(
        &EpochInput {
            epoch_id: "e1".to_owned(),
            request_description: "make it so".to_owned(),
            rules_version: 2,
            settings: EpochSettings {
                max_rounds: Some(3),
                parallel_slices: 8,
                fail_fast: true,
                review_deadline_s: Some(3_600),
            },
            carried: None,
        },
        r#"{
            "epoch_id":"e1",
            "request_description":"make it so",
            "rules_version":2,
            "settings":{
                "max_rounds":3,
                "parallel_slices":8,
                "fail_fast":true,
                "review_deadline_s":3600
            },
            "carried":null
        }"#,
        &EpochInput {
            epoch_id: "e1".to_owned(),
            request_description: String::new(),
            rules_version: 1,
            settings: EpochSettings {
                max_rounds: None,
                parallel_slices: 4,
                fail_fast: false,
                review_deadline_s: None,
            },
            carried: None,
        },
        r#"{"epoch_id":"e1","request_description":""}"#,
    )
}

fn settings() -> &'static str {
    check(
        &EpochSettings {
            max_rounds: Some(3),
            parallel_slices: 1,
            fail_fast: true,
            review_deadline_s: Some(60),
        },
        r#"{"max_rounds":3,"parallel_slices":1,"fail_fast":true,"review_deadline_s":60}"#,
        &EpochSettings {
            max_rounds: None,
            parallel_slices: 4,
            fail_fast: false,
            review_deadline_s: None,
        },
        "{}",
    )
}

fn result() -> &'static str {
    let result = EpochResult {
        epoch_id: "e1".to_owned(),
        final_phase: PhaseId::Complete,
        transition_count: 14,
        successful_transition_count: 12,
        constraint_violations_total: 2,
    };
    let json = r#"{
        "epoch_id":"e1",
        "final_phase":"complete",
        "transition_count":14,
        "successful_transition_count":12,
        "constraint_violations_total":2
    }"#;
    check(&result, json, &result, json)
}

fn advance() -> &'static str {
    check(
        &PhaseAdvanceSignal {
            to_phase: PhaseId::P4,
            triggered_by: "alice".to_owned(),
            condition_met: "proposal created".to_owned(),
            override_reason: Some("settled by phone".to_owned()),
        },
        r#"{
            "to_phase":"p4",
            "triggered_by":"alice",
            "condition_met":"proposal created",
            "override":"settled by phone"
        }"#,
        &PhaseAdvanceSignal {
            to_phase: PhaseId::P2,
            triggered_by: String::new(),
            condition_met: String::new(),
            override_reason: None,
        },
        r#"{"to_phase":"p2","triggered_by":"","condition_met":""}"#,
    )
}

fn vote() -> &'static str {
    check(
        &full_vote(),
        r#"{
            "axis":"test_quality",
            "vote":"REVISE",
            "reviewer_id":"bob",
            "comment":"no test of the gate",
            "phase":"p10",
            "round":2
        }"#,
        &ReviewVoteSignal {
            axis: ReviewAxis::Correctness,
            vote: VoteType::Accept,
            reviewer_id: String::new(),
            comment: None,
            phase: None,
            round: None,
        },
        r#"{"axis":"correctness","vote":"ACCEPT","reviewer_id":""}"#,
    )
}

fn full_vote() -> ReviewVoteSignal {
    ReviewVoteSignal {
        axis: ReviewAxis::TestQuality,
        vote: VoteType::Revise,
        reviewer_id: "bob".to_owned(),
        comment: Some("no test of the gate".to_owned()),
        phase: Some(PhaseId::P10),
        round: Some(2),
    }
}

fn enveloped() -> &'static str {
    check(
        &Enveloped {
            content: full_vote(),
            request_id: Some("r-1".to_owned()),
            actor: Some("alice".to_owned()),
        },
        r#"{
            "axis":"test_quality",
            "vote":"REVISE",
            "reviewer_id":"bob",
            "comment":"no test of the gate",
            "phase":"p10",
            "round":2,
            "request_id":"r-1",
            "actor":"alice"
        }"#,
        &Enveloped {
            content: ReviewVoteSignal {
                comment: None,
                phase: None,
                round: None,
                ..full_vote()
            },
            request_id: None,
            actor: None,
        },
        r#"{"axis":"test_quality","vote":"REVISE","reviewer_id":"bob"}"#,
    )
}

fn progress() -> &'static str {
    let progress = SliceProgressSignal {
        slice_id: "s1".to_owned(),
        leaf_task_id: "t1".to_owned(),
        stage_name: "execute".to_owned(),
        completed: true,
    };
    let json = r#"{"slice_id":"s1","leaf_task_id":"t1","stage_name":"execute","completed":true}"#;
    check(&progress, json, &progress, json)
}

fn session() -> &'static str {
    check(
        &SessionRegisterSignal {
            epoch_id: "e1".to_owned(),
            session_id: "s-1".to_owned(),
            role: Some(RoleId::Worker),
            model_harness: "claude-code".to_owned(),
            model: "some-model".to_owned(),
        },
        r#"{
            "epoch_id":"e1",
            "session_id":"s-1",
            "role":"worker",
            "model_harness":"claude-code",
            "model":"some-model"
        }"#,
        &SessionRegisterSignal {
            epoch_id: "e1".to_owned(),
            session_id: "s-1".to_owned(),
            role: None,
            model_harness: String::new(),
            model: String::new(),
        },
        r#"{"epoch_id":"e1","session_id":"s-1"}"#,
    )
}

#[test]
fn an_unspecified_role_is_the_empty_text() {
    let bare: SessionRegisterSignal = super::read(r#"{"epoch_id":"e","session_id":"s","role":""}"#);
    assert_eq!(bare.role, None);
    let json = r#"{"epoch_id":"e","session_id":"s","role":"","model_harness":"","model":""}"#;
    assert_eq!(super::wire(&bare), json);
}

fn session_note() -> &'static str {
    let note = |reason: &str| SessionNoteSignal {
        session_id: "s-1".to_owned(),
        reason: reason.to_owned(),
    };
    check(
        &note("done"),
        r#"{"session_id":"s-1","reason":"done"}"#,
        &note(""),
        r#"{"session_id":"s-1"}"#,
    )
}

/// The contract gives `reported_by` no default; the code is more lenient.
fn finding() -> &'static str {
    check(
        &FindingSignal {
            finding_id: "f1".to_owned(),
            severity: SeverityLevel::Blocker,
            summary: "it loses data".to_owned(),
            slice_id: Some("s1".to_owned()),
            reported_by: "bob".to_owned(),
        },
        r#"{
            "finding_id":"f1",
            "severity":"BLOCKER",
            "summary":"it loses data",
            "slice_id":"s1",
            "reported_by":"bob"
        }"#,
        &FindingSignal {
            finding_id: "f1".to_owned(),
            severity: SeverityLevel::Minor,
            summary: String::new(),
            slice_id: None,
            reported_by: String::new(),
        },
        r#"{"finding_id":"f1","severity":"MINOR","summary":""}"#,
    )
}

/// The contract gives `resolution` and `resolved_by` no default; the code is more lenient.
fn finding_resolved() -> &'static str {
    let resolved = |resolution: &str, resolved_by: &str| FindingResolveSignal {
        finding_id: "f1".to_owned(),
        resolution: resolution.to_owned(),
        resolved_by: resolved_by.to_owned(),
    };
    check(
        &resolved("fixed in 12ab", "alice"),
        r#"{"finding_id":"f1","resolution":"fixed in 12ab","resolved_by":"alice"}"#,
        &resolved("", ""),
        r#"{"finding_id":"f1"}"#,
    )
}

fn plan() -> &'static str {
    let slice = StartSlice {
        slice_id: "s1".to_owned(),
        dependencies: vec!["s0".to_owned()],
        leaf_task_ids: vec!["t1".to_owned(), "t2".to_owned()],
        config: SliceExecutionConfig {
            mode: SliceMode::Mock,
            command: String::new(),
            timeout_seconds: 300,
            heartbeat_interval: 30,
            runner: None,
            prompt: None,
        },
        phase_spec: "the parser".to_owned(),
    };
    check(
        &PlanSlicesSignal {
            slices: vec![slice],
            fail_fast: Some(true),
        },
        r#"{
            "slices":[{
                "slice_id":"s1",
                "dependencies":["s0"],
                "leaf_task_ids":["t1","t2"],
                "config":{
                    "mode":"mock",
                    "command":"",
                    "timeout_seconds":300,
                    "heartbeat_interval":30,
                    "runner":null,
                    "prompt":null
                },
                "phase_spec":"the parser"
            }],
            "fail_fast":true
        }"#,
        &PlanSlicesSignal {
            slices: Vec::new(),
            fail_fast: None,
        },
        r#"{"slices":[]}"#,
    )
}

/// The contract gives `reason` no default; the code is more lenient.
fn order() -> &'static str {
    let order = |reason: &str| SliceOrderSignal {
        slice_id: "s1".to_owned(),
        reason: reason.to_owned(),
    };
    check(
        &order("not needed"),
        r#"{"slice_id":"s1","reason":"not needed"}"#,
        &order(""),
        r#"{"slice_id":"s1"}"#,
    )
}

fn child() -> &'static str {
    let child = ChildStatus {
        workflow_id: "e1-slice-s1".to_owned(),
        open: true,
        status: "running".to_owned(),
    };
    let json = r#"{"workflow_id":"e1-slice-s1","open":true,"status":"running"}"#;
    check(&child, json, &child, json)
}
