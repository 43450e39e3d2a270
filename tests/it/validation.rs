//! Words of closed sets, and numbers: a bad one is told before anything is connected, by
//! name and with the valid ones; good ones, in all their spellings, get to the server.

use crate::commands::{ADD, ADVANCE, LIST, Nowhere, REGISTER, START, STATE, VOTE, WAIT, accept};

const PHASES: &str = "p1-request, p2-elicit, p3-propose, p4-review, p5-uat, p6-ratify, p7-handoff, \
                      p8-impl_plan, p9-slice, p10-code_review, p11-impl_uat, p12-landing, complete";
const AXES: &str = "correctness, test_quality, elegance";
const VOTES: &str = "ACCEPT, REVISE";
const ROLES: &str = "epoch, architect, reviewer, supervisor, worker";
const SEVERITIES: &str = "BLOCKER, IMPORTANT, MINOR";
const NUMBERS: &str = "whole numbers from 1 to 4294967295";

/// A command and a flag, values that are none, and what is said to be valid.
type Bad = (
    &'static [&'static str],
    &'static str,
    &'static [&'static str],
    &'static str,
);

const BAD_WORDS: [Bad; 17] = [
    (
        ADVANCE,
        "--to-phase",
        &["p13", "p0", "13", "", "p1-elicit", "phase2", "completed"],
        PHASES,
    ),
    (WAIT, "--until", &["p13", "done", ""], PHASES),
    (
        VOTE,
        "--axis",
        &[
            "A",
            "B",
            "C",
            "Correctness",
            "test-quality",
            "elegance ",
            "",
        ],
        AXES,
    ),
    (VOTE, "--vote", &["maybe", "accepted", "Accept!", ""], VOTES),
    (
        VOTE,
        "--round",
        &["0", "-1", "one", "4294967296", ""],
        NUMBERS,
    ),
    (REGISTER, "--role", &["boss", "Worker", "worker "], ROLES),
    (ADD, "--severity", &["critical", "minor!", ""], SEVERITIES),
    (
        START,
        "--if-exists",
        &["replace", "Use", ""],
        "fail, use, restart",
    ),
    (START, "--max-rounds", &["0", "-1", "many", "3.5"], NUMBERS),
    (START, "--parallel-slices", &["0", "none", "-4"], NUMBERS),
    (LIST, "--phase", &["p13", "review-p4", ""], PHASES),
    (
        LIST,
        "--status",
        &["open", "Running", "canceled", ""],
        "running, complete, cancelled, terminated, failed",
    ),
    (LIST, "--role", &["boss", "Worker", ""], ROLES),
    (LIST, "--limit", &["0", "-1", "all", ""], NUMBERS),
    (
        STATE,
        "--format",
        &["xml", "JSON", "json-lines", ""],
        "json, text, jsonl",
    ),
    (
        STATE,
        "--timeout",
        &["soon", "0", "-1s", "1.5s", "99999h", ""],
        "500ms, 30s, 2m, 1h",
    ),
    (
        STATE,
        "--address",
        &["here", "h:0", ":7233", "h:1/x", "::1:7233", ""],
        "7233",
    ),
];

#[test]
fn a_word_that_is_none_is_named_with_the_valid_ones() {
    let nowhere = Nowhere::new();
    for (command, flag, values, valid) in BAD_WORDS {
        for value in values {
            let (output, told) = nowhere.refuse(command, flag, value);
            assert!(told.what.contains(&format!("'{value}'")), "{output}");
            let rule = format!("{} {}", told.why, told.fix);
            assert!(rule.contains(valid), "{output}");
            assert!(told.fix.contains(flag), "{output}");
        }
    }
}

#[test]
fn a_value_that_would_spoil_the_message_is_shown_in_part_and_in_one_line() {
    let nowhere = Nowhere::new();
    let long = "x".repeat(5_000);
    for (command, flag, ..) in BAD_WORDS {
        let (output, _) = nowhere.refuse(command, flag, &long);
        assert!(output.stderr.len() < 1_000, "{output}");
        let (output, told) = nowhere.refuse(command, flag, "a\nb\u{1b}[31m\u{9b}");
        assert!(told.what.contains(r"'a\nb\u{1b}[31m\u{9b}'"), "{output}");
    }
}

#[test]
fn restarting_an_open_epoch_needs_a_second_word() {
    let nowhere = Nowhere::new();
    let (output, told) = nowhere.refuse(START, "--if-exists", "restart");
    assert!(told.fix.contains("--yes"), "{output}");
    accept(START, &["--if-exists=restart", "--yes"]);
    accept(START, &["--if-exists=use"]);
}

#[test]
fn phases_in_every_spelling() {
    const NAMES: [&str; 12] = [
        "request",
        "elicit",
        "propose",
        "review",
        "uat",
        "ratify",
        "handoff",
        "impl_plan",
        "slice",
        "code_review",
        "impl_uat",
        "landing",
    ];
    let advance = ["phase", "advance"];
    for (number, name) in (1..).zip(NAMES) {
        let dashed = name.replace('_', "-");
        for spelling in [
            format!("{number}"),
            format!("p{number}"),
            format!("P{number}"),
            name.to_owned(),
            dashed.clone(),
            name.to_uppercase(),
            format!("p{number}-{name}"),
            format!("P{number}_{}", dashed.to_uppercase()),
        ] {
            accept(&advance, &["--to-phase", &spelling]);
        }
        accept(WAIT, &["--until", name]);
    }
    for spelling in ["complete", "COMPLETE", "Complete"] {
        accept(&advance, &["--to-phase", spelling]);
        accept(WAIT, &["--until", spelling]);
    }
}

#[test]
fn other_words_in_their_spellings() {
    for vote in ["ACCEPT", "accept", "Revise"] {
        accept(VOTE, &["--vote", vote]);
    }
    for axis in ["correctness", "test_quality", "elegance"] {
        accept(VOTE, &["--axis", axis]);
    }
    for role in ["epoch", "architect", "reviewer", "supervisor", "worker", ""] {
        accept(REGISTER, &["--role", role]);
    }
    for severity in ["BLOCKER", "important", "Minor"] {
        accept(ADD, &["--severity", severity]);
    }
    for rounds in ["1", "4294967295", "none"] {
        accept(START, &["--max-rounds", rounds]);
    }
    accept(START, &["--parallel-slices", "1"]);
    accept(VOTE, &["--round", "1"]);
    for status in ["running", "complete", "cancelled", "terminated", "failed"] {
        accept(LIST, &["--status", status]);
    }
    accept(LIST, &["--phase", "review", "--role", "reviewer"]);
    accept(LIST, &["--limit", "4294967295", "--all"]);
    for format in ["text", "json", "jsonl"] {
        accept(STATE, &["--format", format]);
    }
    for timeout in ["500ms", "30s", "2m", "1h", "5"] {
        accept(STATE, &["--timeout", timeout]);
    }
}

/// Agents' session hook, as it is installed today.
#[test]
fn the_session_hooks_words_reach_the_server() {
    let register = [
        "session",
        "register",
        "--epoch-id",
        "e",
        "--session-id",
        "s",
    ];
    let more = [
        "--role",
        "worker",
        "--model-harness",
        "claude-code",
        "--model",
        "unknown",
    ];
    accept(&register, &more);
    accept(STATE, &["--epoch-id", "e", "--format", "text"]);
}
