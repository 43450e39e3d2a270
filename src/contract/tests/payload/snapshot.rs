//! What one run hands to the next.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{AT, LATER};
use super::query::{RECORD, REFUSAL, full_record, refusal};
use super::view::{NO_VOTE, SLICE, VIOLATION, full_no_vote, full_slice, full_violation};
use super::{check, check_value};
use crate::contract::audit::AuditEvent;
use crate::contract::epoch::{EpochSettings, SessionRegisterSignal};
use crate::contract::query::{Outcome, OutcomeStatus, SliceView};
use crate::contract::snapshot::{
    Carried, Kept, PendingEffect, RefusalSnapshot, RoundSnapshot, SessionSnapshot, SliceSnapshot,
    StateSnapshot, VoteSnapshot,
};
use crate::protocol::effect::EventType;
use crate::protocol::review::CloseReason;
use crate::protocol::state::EpochStatus;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{PhaseId, RoleId};
use serde_json::Map;

pub(super) fn check_all() -> Vec<&'static str> {
    vec![
        carried(),
        pending_effect(),
        kept(),
        state(),
        vote(),
        slice(),
        session(),
        round(),
        refusal_record(),
    ]
}

#[test]
fn payloads_of_snapshots() {
    check_all();
}

const LEAST_STATE: &str = r#"{"epoch_id":"e1","rules_version":1,"started_at":"2026-01-01T00:00:00+00:00","phase":"p1","role":"epoch","status":"running"}"#;

fn least_state() -> StateSnapshot {
    StateSnapshot {
        epoch_id: "e1".to_owned(),
        description: String::new(),
        rules_version: 1,
        settings: EpochSettings::default(),
        started_at: AT,
        phase: PhaseId::P1,
        role: RoleId::Epoch,
        status: EpochStatus::Running,
        completed_phases: BTreeSet::new(),
        votes: BTreeMap::new(),
        has_severity_groups: false,
        findings: Vec::new(),
        slices: Vec::new(),
        progress: Kept::default(),
        sessions: Kept::default(),
        rounds: Kept::default(),
        rounds_opened: BTreeMap::new(),
        rounds_without_consensus: BTreeMap::new(),
        transitions: Kept::default(),
        successful_transitions: 0,
        violations: Kept::default(),
        refusals: Kept::default(),
        outcomes: Kept::default(),
        last_error: None,
        audit_entries: 0,
        last_event_type: None,
        cancel_reason: None,
        extra: Map::new(),
    }
}

/// Every field once; `evolution` has a state that the rules reached.
fn state() -> &'static str {
    let full = StateSnapshot {
        description: "make it so".to_owned(),
        phase: PhaseId::P10,
        role: RoleId::Reviewer,
        status: EpochStatus::Cancelling,
        completed_phases: BTreeSet::from([PhaseId::P10, PhaseId::P9]),
        votes: BTreeMap::from([(ReviewAxis::Elegance, full_vote())]),
        has_severity_groups: true,
        rounds_opened: BTreeMap::from([(PhaseId::P10, 2), (PhaseId::P4, 1)]),
        rounds_without_consensus: BTreeMap::from([(PhaseId::P4, 0)]),
        transitions: Kept {
            last: vec![full_record()],
            total: 14,
        },
        successful_transitions: 12,
        violations: Kept {
            last: vec![full_violation()],
            total: 3,
        },
        outcomes: Kept {
            last: vec![applied()],
            total: 9,
        },
        last_error: Some("p10 → p11 was refused".to_owned()),
        audit_entries: 40,
        last_event_type: Some(EventType::AdvanceRefused),
        cancel_reason: Some("enough".to_owned()),
        ..least_state()
    };
    check(
        &full,
        &format!(
            r#"{{
                "epoch_id":"e1",
                "description":"make it so",
                "rules_version":1,
                "settings":{{"max_rounds":null,"parallel_slices":4,"fail_fast":false,"review_deadline_s":null}},
                "started_at":"2026-01-01T00:00:00+00:00",
                "phase":"p10",
                "role":"reviewer",
                "status":"cancelling",
                "completed_phases":["p9","p10"],
                "votes":{{"elegance":{VOTE}}},
                "has_severity_groups":true,
                "findings":[],
                "slices":[],
                "progress":{{"last":[],"total":0}},
                "sessions":{{"last":[],"total":0}},
                "rounds":{{"last":[],"total":0}},
                "rounds_opened":{{"p4":1,"p10":2}},
                "rounds_without_consensus":{{"p4":0}},
                "transitions":{{"last":[{RECORD}],"total":14}},
                "successful_transitions":12,
                "violations":{{"last":[{VIOLATION}],"total":3}},
                "refusals":{{"last":[],"total":0}},
                "outcomes":{{"last":[{APPLIED}],"total":9}},
                "last_error":"p10 → p11 was refused",
                "audit_entries":40,
                "last_event_type":"advance_refused",
                "cancel_reason":"enough"
            }}"#
        ),
        &least_state(),
        LEAST_STATE,
    )
}

const APPLIED: &str = r#"{"request_id":"r-1","status":"applied","refusal":null,"note":null,"phase":"p2","fingerprint":"0a1b"}"#;

fn applied() -> Outcome {
    Outcome {
        request_id: "r-1".to_owned(),
        status: OutcomeStatus::Applied,
        refusal: None,
        note: None,
        phase: PhaseId::P2,
        fingerprint: Some("0a1b".to_owned()),
    }
}

fn carried() -> &'static str {
    let event = AuditEvent {
        epoch_id: "e1".to_owned(),
        event_type: EventType::EpochStarted,
        phase: PhaseId::P1,
        role: RoleId::Epoch,
        payload: Map::new(),
        event_id: Some("run-1:1".to_owned()),
        occurred_at: None,
        actor: None,
        workflow_id: None,
        run_id: None,
    };
    let least = Carried {
        schema: 1,
        state: least_state(),
        effects: Vec::new(),
        audit_backlog: Vec::new(),
        audit_remote_until: None,
        extra: Map::new(),
    };
    let full = Carried {
        effects: vec![PendingEffect::PublishAttributes],
        audit_backlog: vec![event],
        audit_remote_until: Some(LATER),
        ..least.clone()
    };
    let state = super::wire(&least_state());
    check(
        &full,
        &format!(
            r#"{{
                "schema":1,
                "state":{state},
                "effects":[{{"effect":"publish_attributes"}}],
                "audit_backlog":[{{
                    "epoch_id":"e1",
                    "event_type":"epoch_started",
                    "phase":"p1",
                    "role":"epoch",
                    "payload":{{}},
                    "event_id":"run-1:1",
                    "occurred_at":null,
                    "actor":null,
                    "workflow_id":null,
                    "run_id":null
                }}],
                "audit_remote_until":"2026-01-01T00:00:01.250000+00:00"
            }}"#
        ),
        &least,
        &format!(r#"{{"schema":1,"state":{LEAST_STATE}}}"#),
    )
}

fn pending_effect() -> &'static str {
    let (phase, round) = (PhaseId::P4, 2);
    let slice_id = || "s1".to_owned();
    for (effect, json) in [
        (
            PendingEffect::PublishAttributes,
            r#"{"effect":"publish_attributes"}"#,
        ),
        (
            PendingEffect::StartSlice {
                slice_id: slice_id(),
                attempt: 2,
            },
            r#"{"effect":"start_slice","slice_id":"s1","attempt":2}"#,
        ),
        (
            PendingEffect::CancelSlice {
                slice_id: slice_id(),
                reason: "enough".to_owned(),
            },
            r#"{"effect":"cancel_slice","slice_id":"s1","reason":"enough"}"#,
        ),
        (
            PendingEffect::OpenReview { phase, round },
            r#"{"effect":"open_review","phase":"p4","round":2}"#,
        ),
        (
            PendingEffect::CloseReview { phase, round },
            r#"{"effect":"close_review","phase":"p4","round":2}"#,
        ),
        (
            PendingEffect::Finish { cancelled: false },
            r#"{"effect":"finish","cancelled":false}"#,
        ),
    ] {
        check_value(&effect, json);
    }
    check_value(
        &PendingEffect::Finish { cancelled: true },
        r#"{"effect":"finish","cancelled":true}"#,
    )
}

fn kept() -> &'static str {
    let kept = Kept {
        last: vec!["y".to_owned(), "z".to_owned()],
        total: 26,
    };
    let json = r#"{"last":["y","z"],"total":26}"#;
    check(&kept, json, &kept, json)
}

const VOTE: &str = r#"{"vote":"REVISE","reviewer_id":"bob","comment":"too long","at":"2026-01-01T00:00:01.250000+00:00"}"#;

fn full_vote() -> VoteSnapshot {
    VoteSnapshot {
        vote: VoteType::Revise,
        reviewer_id: "bob".to_owned(),
        comment: Some("too long".to_owned()),
        at: LATER,
    }
}

fn vote() -> &'static str {
    check(
        &full_vote(),
        VOTE,
        &VoteSnapshot {
            reviewer_id: String::new(),
            comment: None,
            ..full_vote()
        },
        r#"{"vote":"REVISE","at":"2026-01-01T00:00:01.250000+00:00"}"#,
    )
}

fn slice() -> &'static str {
    let view = full_slice();
    check(
        &SliceSnapshot {
            view: view.clone(),
            success: Some(false),
            declared_at: AT,
        },
        &format!(r#"{{{SLICE},"success":false,"declared_at":"2026-01-01T00:00:00+00:00"}}"#),
        &SliceSnapshot {
            view: SliceView {
                output: None,
                error: None,
                code: None,
                log: None,
                worktree: None,
                host: None,
                reason: None,
                ..view
            },
            success: None,
            declared_at: AT,
        },
        r#"{
            "slice_id":"s2",
            "state":"failed",
            "attempt":2,
            "dependencies":["s1"],
            "leaf_task_ids":["t1"],
            "config":{"mode":"subprocess","command":"make check","timeout_seconds":60,"heartbeat_interval":5,"runner":"claude","prompt":"do it"},
            "phase_spec":"the parser",
            "stopping":true,
            "changed_at":"2026-01-01T00:00:01.250000+00:00",
            "declared_at":"2026-01-01T00:00:00+00:00"
        }"#,
    )
}

fn session() -> &'static str {
    let registration = SessionRegisterSignal {
        epoch_id: "e1".to_owned(),
        session_id: "s-1".to_owned(),
        role: Some(RoleId::Worker),
        model_harness: "claude-code".to_owned(),
        model: "some-model".to_owned(),
    };
    let unspecified = SessionRegisterSignal {
        role: None,
        model_harness: String::new(),
        model: String::new(),
        ..registration.clone()
    };
    check(
        &SessionSnapshot {
            registration,
            registered_at: AT,
            last_seen: LATER,
        },
        r#"{
            "epoch_id":"e1",
            "session_id":"s-1",
            "role":"worker",
            "model_harness":"claude-code",
            "model":"some-model",
            "registered_at":"2026-01-01T00:00:00+00:00",
            "last_seen":"2026-01-01T00:00:01.250000+00:00"
        }"#,
        &SessionSnapshot {
            registration: unspecified,
            registered_at: AT,
            last_seen: AT,
        },
        r#"{
            "epoch_id":"e1",
            "session_id":"s-1",
            "registered_at":"2026-01-01T00:00:00+00:00",
            "last_seen":"2026-01-01T00:00:00+00:00"
        }"#,
    )
}

fn round() -> &'static str {
    check(
        &RoundSnapshot {
            phase: PhaseId::P4,
            round: 2,
            opened_at: AT,
            votes: BTreeMap::from([(ReviewAxis::Elegance, full_vote())]),
            missed: BTreeMap::from([(ReviewAxis::Correctness, full_no_vote())]),
            closed_at: Some(LATER),
            review_closed: Some(CloseReason::Left),
            has_child: true,
        },
        &format!(
            r#"{{
                "phase":"p4",
                "round":2,
                "opened_at":"2026-01-01T00:00:00+00:00",
                "votes":{{"elegance":{VOTE}}},
                "missed":{{"correctness":{NO_VOTE}}},
                "closed_at":"2026-01-01T00:00:01.250000+00:00",
                "review_closed":"left_phase",
                "has_child":true
            }}"#
        ),
        &RoundSnapshot {
            phase: PhaseId::P4,
            round: 2,
            opened_at: AT,
            votes: BTreeMap::new(),
            missed: BTreeMap::new(),
            closed_at: None,
            review_closed: None,
            has_child: false,
        },
        r#"{"phase":"p4","round":2,"opened_at":"2026-01-01T00:00:00+00:00"}"#,
    )
}

fn refusal_record() -> &'static str {
    let fields = REFUSAL.trim_start_matches('{');
    let record = |actor: Option<&str>| RefusalSnapshot {
        at: AT,
        actor: actor.map(str::to_owned),
        refusal: refusal(),
    };
    check(
        &record(Some("alice")),
        &format!(r#"{{"at":"2026-01-01T00:00:00+00:00","actor":"alice",{fields}"#),
        &record(None),
        &format!(r#"{{"at":"2026-01-01T00:00:00+00:00",{fields}"#),
    )
}
