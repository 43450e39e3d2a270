//! What goes into a review round and comes out of it.

use std::collections::BTreeMap;

use super::check;
use crate::contract::review::{
    CloseRoundSignal, ReviewFinishedSignal, ReviewInput, ReviewPhaseResult, VoteMissedSignal,
};
use crate::protocol::PhaseId;
use crate::protocol::review::CloseReason;
use crate::protocol::vote::{ReviewAxis, VoteType};

pub(super) fn check_all() -> Vec<&'static str> {
    vec![input(), result(), finished(), missed(), close()]
}

#[test]
fn payloads_of_reviews() {
    check_all();
}

/// All three votes, out of order: the wire has them in the axes' order.
fn votes() -> BTreeMap<ReviewAxis, VoteType> {
    BTreeMap::from([
        (ReviewAxis::Elegance, VoteType::Revise),
        (ReviewAxis::Correctness, VoteType::Accept),
        (ReviewAxis::TestQuality, VoteType::Accept),
    ])
}

fn input() -> &'static str {
    check(
        &ReviewInput {
            epoch_id: "e1".to_owned(),
            phase_id: "p4".to_owned(),
            round: Some(2),
            deadline: Some(3_600),
            runner: Some("claude".to_owned()),
            parent_workflow_id: Some("e1".to_owned()),
            request_description: Some("do it".to_owned()),
        },
        r#"{
            "epoch_id":"e1",
            "phase_id":"p4",
            "round":2,
            "deadline":3600,
            "runner":"claude",
            "parent_workflow_id":"e1",
            "request_description":"do it"
        }"#,
        &ReviewInput {
            epoch_id: "e1".to_owned(),
            phase_id: "p10".to_owned(),
            round: None,
            deadline: None,
            runner: None,
            parent_workflow_id: None,
            request_description: None,
        },
        r#"{"epoch_id":"e1","phase_id":"p10"}"#,
    )
}

fn result() -> &'static str {
    check(
        &ReviewPhaseResult {
            phase_id: "p4".to_owned(),
            success: false,
            vote_result: votes(),
        },
        r#"{
            "phase_id":"p4",
            "success":false,
            "vote_result":{"correctness":"ACCEPT","test_quality":"ACCEPT","elegance":"REVISE"}
        }"#,
        &ReviewPhaseResult {
            phase_id: "p4".to_owned(),
            success: true,
            vote_result: BTreeMap::new(),
        },
        r#"{"phase_id":"p4","success":true}"#,
    )
}

fn finished() -> &'static str {
    let result = ReviewPhaseResult {
        phase_id: "p10".to_owned(),
        success: false,
        vote_result: BTreeMap::new(),
    };
    check(
        &ReviewFinishedSignal {
            round: 2,
            result: result.clone(),
            reason: CloseReason::Revise,
        },
        r#"{
            "round":2,
            "result":{"phase_id":"p10","success":false,"vote_result":{}},
            "reason":"revise"
        }"#,
        &ReviewFinishedSignal {
            round: 1,
            result,
            reason: CloseReason::Deadline,
        },
        r#"{"round":1,"result":{"phase_id":"p10","success":false,"vote_result":{}}}"#,
    )
}

fn missed() -> &'static str {
    let missed = VoteMissedSignal {
        phase: PhaseId::P10,
        round: 2,
        axis: ReviewAxis::Elegance,
        reviewer_id: "runner:r".to_owned(),
        why: "it crashed".to_owned(),
    };
    let json = r#"{
        "phase":"p10",
        "round":2,
        "axis":"elegance",
        "reviewer_id":"runner:r",
        "why":"it crashed"
    }"#;
    check(&missed, json, &missed, json)
}

fn close() -> &'static str {
    let close = CloseRoundSignal {
        round: 2,
        reason: "revise".to_owned(),
        votes: votes(),
    };
    let json = r#"{
        "round":2,
        "reason":"revise",
        "votes":{"correctness":"ACCEPT","test_quality":"ACCEPT","elegance":"REVISE"}
    }"#;
    check(&close, json, &close, json)
}
