//! What workflows and the activities that run commands tell each other.

use std::collections::BTreeMap;

use super::check;
use crate::contract::command::{
    PlaceOrder, Placement, Reminder, ReviewAnswer, ReviewOrder, ReviewSettings, ReviewerFinding,
    SliceRound,
};
use crate::contract::slice::{RunningCommand, SliceExecutionConfig};
use crate::protocol::PhaseId;
use crate::protocol::finding::SeverityLevel;
use crate::protocol::slice::SliceMode;
use crate::protocol::vote::{ReviewAxis, VoteType};

pub(super) fn check_all() -> Vec<&'static str> {
    vec![
        order(),
        placement(),
        round(),
        settings(),
        review(),
        finding(),
        answer(),
        reminder(),
    ]
}

#[test]
fn payloads_of_commands() {
    check_all();
}

fn order() -> &'static str {
    let order = PlaceOrder {
        epoch_id: "e1".to_owned(),
        slice_id: "s1".to_owned(),
        config: SliceExecutionConfig {
            mode: SliceMode::Tmux,
            command: String::new(),
            timeout_seconds: 60,
            heartbeat_interval: 5,
            runner: Some("claude".to_owned()),
            prompt: None,
        },
    };
    let json = r#"{
        "epoch_id":"e1",
        "slice_id":"s1",
        "config":{
            "mode":"tmux",
            "command":"",
            "timeout_seconds":60,
            "heartbeat_interval":5,
            "runner":"claude",
            "prompt":null
        }
    }"#;
    check(&order, json, &order, json)
}

fn placement() -> &'static str {
    check(
        &Placement {
            queue: "aura-host-h".to_owned(),
            host_timeout_s: 600,
            timeout_s: 60,
            running: Some(RunningCommand {
                mode: SliceMode::Subprocess,
                host: "h".to_owned(),
                log: Some("/log".to_owned()),
                worktree: None,
                attach: Vec::new(),
            }),
            refused: None,
        },
        r#"{
            "queue":"aura-host-h",
            "host_timeout_s":600,
            "timeout_s":60,
            "running":{
                "mode":"subprocess",
                "host":"h",
                "log":"/log",
                "worktree":null,
                "attach":[]
            },
            "refused":null
        }"#,
        &Placement::default(),
        "{}",
    )
}

fn round() -> &'static str {
    check(
        &SliceRound {
            about: "the parser".to_owned(),
            round: 2,
            feedback: vec!["more tests".to_owned()],
            timeout_s: 60,
        },
        r#"{"about":"the parser","round":2,"feedback":["more tests"],"timeout_s":60}"#,
        &SliceRound::default(),
        "{}",
    )
}

fn settings() -> &'static str {
    check(
        &ReviewSettings {
            deadline_s: Some(3_600),
            remind_every_s: Some(600),
            runners: BTreeMap::from([(ReviewAxis::Elegance, "r".to_owned())]),
            timeout_s: 60,
            queue: "aura-host-h".to_owned(),
            host_timeout_s: 600,
        },
        r#"{
            "deadline_s":3600,
            "remind_every_s":600,
            "runners":{"elegance":"r"},
            "timeout_s":60,
            "queue":"aura-host-h",
            "host_timeout_s":600
        }"#,
        &ReviewSettings::default(),
        "{}",
    )
}

fn review() -> &'static str {
    let order = ReviewOrder {
        epoch_id: "e1".to_owned(),
        phase: PhaseId::P4,
        round: 1,
        axis: ReviewAxis::Correctness,
        runner: "r".to_owned(),
        request: "do it".to_owned(),
        attempt: 1,
        timeout_s: 60,
    };
    let json = r#"{
        "epoch_id":"e1",
        "phase":"p4",
        "round":1,
        "axis":"correctness",
        "runner":"r",
        "request":"do it",
        "attempt":1,
        "timeout_s":60
    }"#;
    check(&order, json, &order, json)
}

fn finding() -> &'static str {
    check(
        &ReviewerFinding {
            severity: SeverityLevel::Blocker,
            slice_id: Some("s1".to_owned()),
            summary: "it panics".to_owned(),
        },
        r#"{"severity":"BLOCKER","slice_id":"s1","summary":"it panics"}"#,
        &ReviewerFinding {
            severity: SeverityLevel::Minor,
            slice_id: None,
            summary: "a typo".to_owned(),
        },
        r#"{"severity":"MINOR","summary":"a typo"}"#,
    )
}

fn answer() -> &'static str {
    check(
        &ReviewAnswer {
            vote: Some(VoteType::Revise),
            comment: "not yet".to_owned(),
            findings: Vec::new(),
            problem: None,
        },
        r#"{"vote":"REVISE","comment":"not yet","findings":[],"problem":null}"#,
        &ReviewAnswer::default(),
        "{}",
    )
}

fn reminder() -> &'static str {
    let reminder = Reminder {
        epoch_id: "e1".to_owned(),
        phase: PhaseId::P10,
        round: 2,
    };
    let json = r#"{"epoch_id":"e1","phase":"p10","round":2}"#;
    check(&reminder, json, &reminder, json)
}
