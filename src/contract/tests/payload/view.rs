//! Findings, slices, rounds and violations as queries show them.

use std::collections::BTreeMap;

use super::super::{AT, LATER};
use super::check;
use super::query::{REFUSAL, refusal, votes};
use super::slice::{full_config, least_config};
use crate::contract::query::{
    ConstraintViolation, FindingView, NoVoteView, RefusalView, RoundView, SessionView, SliceView,
    VoteView,
};
use crate::protocol::finding::SeverityLevel;
use crate::protocol::review::CloseReason;
use crate::protocol::slice::SliceState;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{PhaseId, RoleId};

pub(super) fn check_all() -> Vec<&'static str> {
    vec![
        finding(),
        slice(),
        round(),
        no_vote(),
        vote(),
        violation(),
        session(),
        refused(),
    ]
}

#[test]
fn payloads_of_views() {
    check_all();
}

fn finding() -> &'static str {
    let open = FindingView {
        finding_id: "f1".to_owned(),
        severity: SeverityLevel::Blocker,
        summary: "it loses data".to_owned(),
        slice_id: None,
        reported_by: "bob".to_owned(),
        reported_at: AT,
        resolution: None,
        resolved_by: None,
        resolved_at: None,
    };
    check(
        &FindingView {
            slice_id: Some("s1".to_owned()),
            resolution: Some("fixed".to_owned()),
            resolved_by: Some("alice".to_owned()),
            resolved_at: Some(LATER),
            ..open.clone()
        },
        r#"{
            "finding_id":"f1",
            "severity":"BLOCKER",
            "summary":"it loses data",
            "slice_id":"s1",
            "reported_by":"bob",
            "reported_at":"2026-01-01T00:00:00+00:00",
            "resolution":"fixed",
            "resolved_by":"alice",
            "resolved_at":"2026-01-01T00:00:01.250000+00:00"
        }"#,
        &open,
        r#"{
            "finding_id":"f1",
            "severity":"BLOCKER",
            "summary":"it loses data",
            "reported_by":"bob",
            "reported_at":"2026-01-01T00:00:00+00:00"
        }"#,
    )
}

fn slice() -> &'static str {
    check(
        &full_slice(),
        &format!("{{{SLICE}}}"),
        &SliceView {
            config: least_config(),
            output: None,
            error: None,
            code: None,
            log: None,
            worktree: None,
            host: None,
            reason: None,
            ..full_slice()
        },
        r#"{
            "slice_id":"s2",
            "state":"failed",
            "attempt":2,
            "dependencies":["s1"],
            "leaf_task_ids":["t1"],
            "config":{"mode":"tmux"},
            "phase_spec":"the parser",
            "stopping":true,
            "changed_at":"2026-01-01T00:00:01.250000+00:00"
        }"#,
    )
}

/// The keys of a `SliceView`, without braces.
pub(super) const SLICE: &str = r#""slice_id":"s2","state":"failed","attempt":2,"dependencies":["s1"],"leaf_task_ids":["t1"],"config":{"mode":"subprocess","command":"make check","timeout_seconds":60,"heartbeat_interval":5,"runner":"claude","prompt":"do it"},"phase_spec":"the parser","stopping":true,"output":"2 failed","error":"exit status 1","code":"exit_status","log":"/l","worktree":"/w","host":"box","reason":"not needed","changed_at":"2026-01-01T00:00:01.250000+00:00""#;

pub(super) fn full_slice() -> SliceView {
    SliceView {
        slice_id: "s2".to_owned(),
        state: SliceState::Failed,
        attempt: 2,
        dependencies: vec!["s1".to_owned()],
        leaf_task_ids: vec!["t1".to_owned()],
        config: full_config(),
        phase_spec: "the parser".to_owned(),
        stopping: true,
        output: Some("2 failed".to_owned()),
        error: Some("exit status 1".to_owned()),
        code: Some("exit_status".to_owned()),
        log: Some("/l".to_owned()),
        worktree: Some("/w".to_owned()),
        host: Some("box".to_owned()),
        reason: Some("not needed".to_owned()),
        changed_at: LATER,
    }
}

pub(super) fn full_round() -> RoundView {
    RoundView {
        phase: PhaseId::P4,
        round: 2,
        opened_at: AT,
        votes: votes(),
        review_closed: Some(CloseReason::Revise),
        closed_at: Some(LATER),
        cast: BTreeMap::from([(ReviewAxis::Elegance, full_vote())]),
        missed: BTreeMap::from([(ReviewAxis::TestQuality, full_no_vote())]),
    }
}

/// The keys of a `RoundView`, without braces.
pub(super) const ROUND: &str = r#""phase":"p4","round":2,"opened_at":"2026-01-01T00:00:00+00:00","votes":{"correctness":"ACCEPT","elegance":"REVISE"},"review_closed":"revise","closed_at":"2026-01-01T00:00:01.250000+00:00","cast":{"elegance":{"vote":"REVISE","reviewer_id":"bob","comment":"too long","at":"2026-01-01T00:00:00+00:00"}},"missed":{"test_quality":{"reviewer_id":"runner:r","why":"it crashed","at":"2026-01-01T00:00:00+00:00"}}"#;

/// What `full_no_vote` is on the wire.
pub(super) const NO_VOTE: &str =
    r#"{"reviewer_id":"runner:r","why":"it crashed","at":"2026-01-01T00:00:00+00:00"}"#;

pub(super) fn full_no_vote() -> NoVoteView {
    NoVoteView {
        reviewer_id: "runner:r".to_owned(),
        why: "it crashed".to_owned(),
        at: AT,
    }
}

fn no_vote() -> &'static str {
    check(&full_no_vote(), NO_VOTE, &full_no_vote(), NO_VOTE)
}

fn full_vote() -> VoteView {
    VoteView {
        vote: VoteType::Revise,
        reviewer_id: "bob".to_owned(),
        comment: Some("too long".to_owned()),
        at: AT,
    }
}

fn vote() -> &'static str {
    check(
        &full_vote(),
        r#"{"vote":"REVISE","reviewer_id":"bob","comment":"too long","at":"2026-01-01T00:00:00+00:00"}"#,
        &VoteView {
            comment: None,
            ..full_vote()
        },
        r#"{"vote":"REVISE","reviewer_id":"bob","at":"2026-01-01T00:00:00+00:00"}"#,
    )
}

fn round() -> &'static str {
    check(
        &full_round(),
        &format!("{{{ROUND}}}"),
        &RoundView {
            votes: BTreeMap::new(),
            review_closed: None,
            closed_at: None,
            cast: BTreeMap::new(),
            missed: BTreeMap::new(),
            ..full_round()
        },
        r#"{"phase":"p4","round":2,"opened_at":"2026-01-01T00:00:00+00:00","votes":{}}"#,
    )
}

pub(super) const VIOLATION: &str = r#"{"constraint_id":"C-worker-gates","message":"m","context":{"blocker_count":"1","phase":"p10"}}"#;

pub(super) fn full_violation() -> ConstraintViolation {
    ConstraintViolation {
        constraint_id: "C-worker-gates".to_owned(),
        message: "m".to_owned(),
        context: BTreeMap::from([
            ("phase".to_owned(), "p10".to_owned()),
            ("blocker_count".to_owned(), "1".to_owned()),
        ]),
    }
}

fn violation() -> &'static str {
    check(
        &full_violation(),
        VIOLATION,
        &ConstraintViolation {
            context: BTreeMap::new(),
            ..full_violation()
        },
        r#"{"constraint_id":"C-worker-gates","message":"m"}"#,
    )
}

fn session() -> &'static str {
    let unspecified = SessionView {
        session_id: "s-1".to_owned(),
        role: None,
        model_harness: String::new(),
        model: "m".to_owned(),
        registered_at: AT,
        last_seen: LATER,
    };
    let least = r#"{
        "session_id":"s-1",
        "model_harness":"",
        "model":"m",
        "registered_at":"2026-01-01T00:00:00+00:00",
        "last_seen":"2026-01-01T00:00:01.250000+00:00"
    }"#;
    let full = least.replace("\"model_harness\"", "\"role\":\"worker\",\"model_harness\"");
    check(
        &SessionView {
            role: Some(RoleId::Worker),
            ..unspecified.clone()
        },
        &full,
        &unspecified,
        least,
    )
}

fn refused() -> &'static str {
    let nobody = RefusalView {
        at: AT,
        actor: None,
        refusal: refusal(),
    };
    let at = r#""at":"2026-01-01T00:00:00+00:00""#;
    check(
        &RefusalView {
            actor: Some("ann".to_owned()),
            ..nobody.clone()
        },
        &format!(r#"{{{at},"actor":"ann","refusal":{REFUSAL}}}"#),
        &nobody,
        &format!(r#"{{{at},"refusal":{REFUSAL}}}"#),
    )
}
