//! The payloads of the audit trail.

use super::super::{AT, LATER};
use super::check;
use crate::contract::audit::{AuditEvent, AuditPage, AuditRequest, TransitionToRecord};
use crate::contract::query::TransitionRecord;
use crate::protocol::effect::EventType;
use crate::protocol::{PhaseId, RoleId};
use serde_json::{Map, Value};

pub(super) fn check_all() -> Vec<&'static str> {
    vec![event(), transition(), request(), page()]
}

#[test]
fn payloads_of_the_audit_trail() {
    check_all();
}

fn event() -> &'static str {
    let payload = [
        ("axis".to_owned(), Value::from("elegance")),
        ("counted".to_owned(), true.into()),
        ("round".to_owned(), 2.into()),
        ("votes".to_owned(), vec!["elegance=REVISE"].into()),
    ];
    check(
        &AuditEvent {
            epoch_id: "e1".to_owned(),
            event_type: EventType::VoteRecorded,
            phase: PhaseId::P4,
            role: RoleId::Reviewer,
            payload: payload.into_iter().collect(),
            event_id: Some("run-1:7".to_owned()),
            occurred_at: Some(LATER),
            actor: Some("alice".to_owned()),
            workflow_id: Some("e1".to_owned()),
            run_id: Some("run-1".to_owned()),
        },
        r#"{
            "epoch_id":"e1",
            "event_type":"vote_recorded",
            "phase":"p4",
            "role":"reviewer",
            "payload":{"axis":"elegance","counted":true,"round":2,"votes":["elegance=REVISE"]},
            "event_id":"run-1:7",
            "occurred_at":"2026-01-01T00:00:01.250000+00:00",
            "actor":"alice",
            "workflow_id":"e1",
            "run_id":"run-1"
        }"#,
        &AuditEvent {
            epoch_id: "e1".to_owned(),
            event_type: EventType::PhaseAdvance,
            phase: PhaseId::Complete,
            role: RoleId::Epoch,
            payload: Map::new(),
            event_id: None,
            occurred_at: None,
            actor: None,
            workflow_id: None,
            run_id: None,
        },
        r#"{
            "epoch_id":"e1",
            "event_type":"phase_advance",
            "phase":"complete",
            "role":"epoch",
            "payload":{}
        }"#,
    )
}

fn request() -> &'static str {
    let from_the_first = AuditRequest { from: 0 };
    check(
        &AuditRequest { from: 200 },
        r#"{"from":200}"#,
        &from_the_first,
        "{}",
    )
}

fn page() -> &'static str {
    let least = AuditPage {
        run_id: "run-2".to_owned(),
        previous_run_id: None,
        events: Vec::new(),
        next: None,
        unwritten: Vec::new(),
    };
    check(
        &AuditPage {
            previous_run_id: Some("run-1".to_owned()),
            next: Some(200),
            unwritten: vec!["run-1:7".to_owned()],
            ..least.clone()
        },
        r#"{
            "run_id":"run-2",
            "previous_run_id":"run-1",
            "events":[],
            "next":200,
            "unwritten":["run-1:7"]
        }"#,
        &least,
        r#"{"run_id":"run-2","events":[]}"#,
    )
}

fn transition() -> &'static str {
    let record = TransitionRecord {
        from_phase: PhaseId::P4,
        to_phase: PhaseId::P5,
        timestamp: AT,
        triggered_by: "alice".to_owned(),
        condition_met: "FAILED: consensus is missing".to_owned(),
        success: false,
    };
    check(
        &TransitionToRecord {
            record: record.clone(),
            epoch_id: Some("e1".to_owned()),
        },
        r#"{
            "from_phase":"p4",
            "to_phase":"p5",
            "timestamp":"2026-01-01T00:00:00+00:00",
            "triggered_by":"alice",
            "condition_met":"FAILED: consensus is missing",
            "success":false,
            "epoch_id":"e1"
        }"#,
        &TransitionToRecord {
            record: TransitionRecord {
                success: true,
                ..record
            },
            epoch_id: None,
        },
        r#"{
            "from_phase":"p4",
            "to_phase":"p5",
            "timestamp":"2026-01-01T00:00:00+00:00",
            "triggered_by":"alice",
            "condition_met":"FAILED: consensus is missing"
        }"#,
    )
}
