//! What the queries of an epoch answer.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{AT, LATER};
use super::view::{ROUND, full_round};
use super::{check, check_value};
use crate::contract::query::{
    EpochState, MoreState, Outcome, OutcomeRequest, OutcomeStatus, QueryStateResult, Refusal,
    Transition, TransitionRecord,
};
use crate::protocol::finding::SeverityLevel;
use crate::protocol::refusal::RefusalCode;
use crate::protocol::state::EpochStatus;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{PhaseId, RoleId};

pub(super) fn check_all() -> Vec<&'static str> {
    vec![
        record(),
        transition(),
        epoch_state(),
        full_state(),
        more_state(),
        check(&refusal(), REFUSAL, &refusal(), REFUSAL),
        outcome(),
        outcome_status(),
        outcome_request(),
    ]
}

#[test]
fn payloads_of_queries() {
    check_all();
}

pub(super) const RECORD: &str = r#"{"from_phase":"p1","to_phase":"p2","timestamp":"2026-01-01T00:00:01.250000+00:00","triggered_by":"alice","condition_met":"","success":false}"#;

pub(super) fn full_record() -> TransitionRecord {
    TransitionRecord {
        from_phase: PhaseId::P1,
        to_phase: PhaseId::P2,
        timestamp: LATER,
        triggered_by: "alice".to_owned(),
        condition_met: String::new(),
        success: false,
    }
}

fn record() -> &'static str {
    check(
        &full_record(),
        RECORD,
        &TransitionRecord {
            success: true,
            timestamp: AT,
            ..full_record()
        },
        r#"{
            "from_phase":"p1",
            "to_phase":"p2",
            "timestamp":"2026-01-01T00:00:00+00:00",
            "triggered_by":"alice",
            "condition_met":""
        }"#,
    )
}

const TRANSITION: &str =
    r#"{"to_phase":"p3","condition":"any reviewer votes REVISE","action":"create PROPOSAL-{N+1}"}"#;

fn full_transition() -> Transition {
    Transition {
        to_phase: PhaseId::P3,
        condition: "any reviewer votes REVISE".to_owned(),
        action: Some("create PROPOSAL-{N+1}".to_owned()),
    }
}

fn transition() -> &'static str {
    check(
        &full_transition(),
        TRANSITION,
        &Transition {
            to_phase: PhaseId::P4,
            condition: "proposal created".to_owned(),
            action: None,
        },
        r#"{"to_phase":"p4","condition":"proposal created"}"#,
    )
}

/// Sets that were filled out of order.
fn phases() -> BTreeSet<PhaseId> {
    BTreeSet::from([PhaseId::P10, PhaseId::P9, PhaseId::P1])
}

pub(super) fn votes() -> BTreeMap<ReviewAxis, VoteType> {
    BTreeMap::from([
        (ReviewAxis::Elegance, VoteType::Revise),
        (ReviewAxis::Correctness, VoteType::Accept),
    ])
}

fn epoch_state() -> &'static str {
    let ids = |ids: &[&str]| ids.iter().map(ToString::to_string).collect();
    check(
        &EpochState {
            epoch_id: "e1".to_owned(),
            current_phase: PhaseId::P10,
            completed_phases: phases(),
            review_votes: votes(),
            blocker_count: 2,
            current_role: "reviewer".to_owned(),
            severity_groups: BTreeMap::from([
                (SeverityLevel::Minor, ids(&[])),
                (SeverityLevel::Important, ids(&["f3"])),
                (SeverityLevel::Blocker, ids(&["f2", "f1"])),
            ]),
            transition_history: vec![full_record()],
            last_error: Some("p10 → p11 was refused".to_owned()),
        },
        &format!(
            r#"{{
                "epoch_id":"e1",
                "current_phase":"p10",
                "completed_phases":["p1","p9","p10"],
                "review_votes":{{"correctness":"ACCEPT","elegance":"REVISE"}},
                "blocker_count":2,
                "current_role":"reviewer",
                "severity_groups":{{"BLOCKER":["f1","f2"],"IMPORTANT":["f3"],"MINOR":[]}},
                "transition_history":[{RECORD}],
                "last_error":"p10 → p11 was refused"
            }}"#
        ),
        &EpochState {
            epoch_id: "e1".to_owned(),
            current_phase: PhaseId::P1,
            completed_phases: BTreeSet::new(),
            review_votes: BTreeMap::new(),
            blocker_count: 0,
            current_role: "epoch".to_owned(),
            severity_groups: BTreeMap::new(),
            transition_history: Vec::new(),
            last_error: None,
        },
        r#"{"epoch_id":"e1","current_phase":"p1","current_role":"epoch"}"#,
    )
}

/// At its least it is the answer of an earlier worker, which knows no `more`.
fn full_state() -> &'static str {
    check(
        &QueryStateResult {
            current_phase: PhaseId::P4,
            current_role: RoleId::Reviewer,
            transition_history: vec![full_record()],
            votes: votes(),
            last_error: Some("p4 → p5 was refused".to_owned()),
            available_transitions: vec![full_transition()],
            active_session_count: 2,
            more: Some(full_more()),
        },
        &format!(
            r#"{{
                "current_phase":"p4",
                "current_role":"reviewer",
                "transition_history":[{RECORD}],
                "votes":{{"correctness":"ACCEPT","elegance":"REVISE"}},
                "last_error":"p4 → p5 was refused",
                "available_transitions":[{TRANSITION}],
                "active_session_count":2,
                {}
            }}"#,
            more()
        ),
        &QueryStateResult {
            current_phase: PhaseId::P1,
            current_role: RoleId::Epoch,
            transition_history: Vec::new(),
            votes: BTreeMap::new(),
            last_error: None,
            available_transitions: Vec::new(),
            active_session_count: 0,
            more: None,
        },
        r#"{
            "current_phase":"p1",
            "current_role":"epoch",
            "transition_history":[],
            "votes":{},
            "available_transitions":[],
            "active_session_count":0
        }"#,
    )
}

/// The keys of `MoreState`, without braces.
fn more() -> String {
    format!(
        r#""epoch_id":"e1","status":"cancelling","completed_phases":["p1","p9","p10"],"blocker_count":1,"findings":[],"slices":[],"review_round":{{{ROUND}}},"review_rounds":[{{{ROUND}}}],"violations":[],"constraint_violations_total":3,"transition_count":14,"successful_transition_count":12,"last_refusal":{{"code":"max_rounds","what":"what","why":"why","impact":"impact","fix":"fix"}},"refusal_count":5,"rules_version":1,"description":"it","started_at":"2026-01-01T00:00:00+00:00","sessions":[],"refusals":[]"#
    )
}

fn full_more() -> MoreState {
    MoreState {
        epoch_id: "e1".to_owned(),
        status: EpochStatus::Cancelling,
        completed_phases: phases(),
        blocker_count: 1,
        findings: Vec::new(),
        slices: Vec::new(),
        review_round: Some(full_round()),
        review_rounds: vec![full_round()],
        violations: Vec::new(),
        constraint_violations_total: 3,
        transition_count: 14,
        successful_transition_count: 12,
        last_refusal: Some(refusal()),
        refusal_count: 5,
        rules_version: 1,
        description: "it".to_owned(),
        started_at: Some(AT),
        sessions: Vec::new(),
        refusals: Vec::new(),
    }
}

fn more_state() -> &'static str {
    check(
        &full_more(),
        &format!("{{{}}}", more()),
        &MoreState {
            status: EpochStatus::Running,
            completed_phases: BTreeSet::new(),
            review_round: None,
            review_rounds: Vec::new(),
            last_refusal: None,
            description: String::new(),
            started_at: None,
            ..full_more()
        },
        r#"{
            "epoch_id":"e1",
            "status":"running",
            "completed_phases":[],
            "blocker_count":1,
            "findings":[],
            "slices":[],
            "violations":[],
            "constraint_violations_total":3,
            "transition_count":14,
            "successful_transition_count":12,
            "refusal_count":5,
            "rules_version":1
        }"#,
    )
}

pub(super) const REFUSAL: &str =
    r#"{"code":"max_rounds","what":"what","why":"why","impact":"impact","fix":"fix"}"#;

pub(super) fn refusal() -> Refusal {
    Refusal {
        code: RefusalCode::MaxRounds,
        what: "what".to_owned(),
        why: "why".to_owned(),
        impact: "impact".to_owned(),
        fix: "fix".to_owned(),
    }
}

fn outcome() -> &'static str {
    check(
        &Outcome {
            request_id: "r-1".to_owned(),
            status: OutcomeStatus::Refused,
            refusal: Some(refusal()),
            note: Some("not counted in this phase".to_owned()),
            phase: PhaseId::P3,
            fingerprint: Some("0a1b".to_owned()),
        },
        &format!(
            r#"{{
                "request_id":"r-1",
                "status":"refused",
                "refusal":{REFUSAL},
                "note":"not counted in this phase",
                "phase":"p3",
                "fingerprint":"0a1b"
            }}"#
        ),
        &Outcome {
            request_id: "r-1".to_owned(),
            status: OutcomeStatus::Unknown,
            refusal: None,
            note: None,
            phase: PhaseId::P1,
            fingerprint: None,
        },
        r#"{"request_id":"r-1","status":"unknown","phase":"p1"}"#,
    )
}

fn outcome_status() -> &'static str {
    check_value(&OutcomeStatus::Applied, r#""applied""#);
    check_value(&OutcomeStatus::Refused, r#""refused""#);
    check_value(&OutcomeStatus::Unknown, r#""unknown""#)
}

fn outcome_request() -> &'static str {
    check_value(&OutcomeRequest::Id("r-1".to_owned()), r#""r-1""#);
    let object = OutcomeRequest::Object {
        request_id: "r-1".to_owned(),
    };
    check_value(&object, r#"{"request_id":"r-1"}"#)
}
