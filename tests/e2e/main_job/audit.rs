//! The audit trail of the journey: every row, in order, once.

use aura::audit::{AuditTrail, Sqlite};
use aura::contract::audit::AuditFilter;
use aura::contract::time::WireTime;

use super::{ready, travelled};
use crate::listed;
use crate::temporal::Workflow;

/// Every event of the journey: its type, the phase and the role after it.
const ROWS: &str = "
    epoch_started p1 epoch
    phase_transition p2 architect
    phase_transition p3 architect
    phase_transition p4 reviewer
    review_opened p4 reviewer
    vote_recorded p4 reviewer
    vote_recorded p4 reviewer
    constraint_check p4 reviewer
    advance_refused p4 reviewer
    constraint_check p4 reviewer
    advance_refused p4 reviewer
    vote_recorded p4 reviewer
    review_closed p4 reviewer
    phase_transition p3 architect
    phase_transition p4 reviewer
    review_opened p4 reviewer
    vote_recorded p4 reviewer
    vote_recorded p4 reviewer
    vote_recorded p4 reviewer
    review_closed p4 reviewer
    phase_transition p5 architect
    phase_transition p6 architect
    phase_transition p7 supervisor
    constraint_check p7 supervisor
    phase_transition p8 supervisor
    phase_transition p9 worker
    constraint_check p9 worker
    phase_transition p10 reviewer
    review_opened p10 reviewer
    blocker_recorded p10 reviewer
    finding_recorded p10 reviewer
    vote_recorded p10 reviewer
    vote_recorded p10 reviewer
    vote_recorded p10 reviewer
    review_closed p10 reviewer
    constraint_check p10 reviewer
    advance_refused p10 reviewer
    constraint_check p10 reviewer
    advance_refused p10 reviewer
    blocker_resolved p10 reviewer
    phase_transition p11 supervisor
    phase_transition p9 worker
    constraint_check p9 worker
    phase_transition p10 reviewer
    review_opened p10 reviewer
    vote_recorded p10 reviewer
    vote_recorded p10 reviewer
    vote_recorded p10 reviewer
    review_closed p10 reviewer
    phase_transition p11 supervisor
    phase_transition p12 supervisor
    phase_transition complete supervisor
    epoch_completed complete supervisor
";

#[test]
fn every_event_is_in_the_trail_once_and_in_order() {
    let Some((world, daemon, server)) = travelled() else {
        return;
    };
    // The execution closes when the trail is written, not before.
    let epoch = Workflow::new(server, &world.epoch);
    assert_eq!(listed::end(&epoch).0, "COMPLETED");
    let rows = world.audit_rows();
    let found: Vec<_> = rows
        .iter()
        .map(|row| format!("{} {} {}", row.event_type, row.phase, row.role))
        .collect();
    let expected: Vec<_> = ROWS.trim().lines().map(str::trim).collect();
    assert_eq!(found, expected);
    let run = epoch.run_id();
    for (row, ordinal) in rows.iter().zip(1..) {
        assert_eq!(row.event_id, Some(format!("{run}:{ordinal}")));
    }
    let errors: Vec<_> = daemon
        .logs()
        .into_iter()
        .filter(|line| line.contains("ERROR"))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn a_row_says_who_did_what_and_why() {
    let Some((world, _daemon, _)) = travelled() else {
        return;
    };
    let rows = world.audit_rows_with("epoch_completed", 1);
    let first = |kind: &str| {
        rows.iter()
            .find(|row| row.event_type == kind)
            .unwrap()
            .details()
    };

    assert_eq!(
        first("epoch_started")["request_description"],
        "what is asked for"
    );
    let moved = first("phase_transition");
    assert_eq!(moved["from_phase"], "p1");
    assert_eq!(moved["to_phase"], "p2");
    assert_eq!(moved["triggered_by"], "test");
    assert_eq!(moved["condition_met"], "met");
    let vote = first("vote_recorded");
    assert_eq!(vote["axis"], "correctness");
    assert_eq!(vote["vote"], "ACCEPT");
    assert_eq!(vote["reviewer_id"], "reviewer-correctness");
    assert_eq!(vote["round"], 1);
    let refused = first("advance_refused");
    assert_eq!(refused["code"], "consensus_missing");
    assert_eq!(refused["to_phase"], "p5");
    let blocker = first("blocker_recorded");
    assert_eq!(blocker["finding_id"], "leak");
    assert_eq!(first("blocker_resolved")["resolution"], "closed");
    assert_eq!(first("epoch_completed")["transition_count"], 21);
}

#[test]
fn a_row_says_by_whom_in_which_run_and_when() {
    let Some((world, _daemon, server)) = ready() else {
        return;
    };
    let _ = world.start();
    let _ = world.say("phase advance --to-phase p2 --actor ann").ok();
    let _ = world.say("phase advance --to-phase p3").ok();
    let _ = world.audit_rows_with("phase_transition", 2);
    let epoch = Workflow::new(server, &world.epoch);
    let trail = Sqlite::new(world.audit_db());
    let events = trail.query(&AuditFilter::default()).unwrap();
    let actors: Vec<_> = events.iter().map(|event| event.actor.as_deref()).collect();
    assert_eq!(actors, [None, Some("ann"), None]);
    let state = world.state();
    let records = state["transition_history"].as_array().unwrap();
    for event in &events {
        assert_eq!(event.workflow_id.as_ref(), Some(&world.epoch));
        assert_eq!(event.run_id, Some(epoch.run_id()));
    }
    for (event, record) in events[1..].iter().zip(records) {
        // By the workflow's own clock, not by the writer's. A worker that has had to replay
        // the history may have it from the task after.
        let at: WireTime = serde_json::from_value(record["timestamp"].clone()).unwrap();
        let when = event.occurred_at.expect("it has a time");
        let apart = when.0.as_micros().abs_diff(at.0.as_micros());
        assert!(apart < 5_000_000, "{when} and {at}");
    }
}
