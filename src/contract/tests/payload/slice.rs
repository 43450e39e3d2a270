//! What goes into a slice and comes out of it.

use super::check;
use crate::contract::query::Refusal;
use crate::contract::slice::{
    ReviewCycleRecord, ReviewCycleSignal, RunningCommand, SliceCompleteSignal,
    SliceExecutionConfig, SliceFinishedSignal, SliceInput, SliceResult, SliceStartSignal,
    SliceStateResult, StartSlice,
};
use crate::protocol::refusal::RefusalCode;
use crate::protocol::slice::SliceMode;

pub(super) fn check_all() -> Vec<&'static str> {
    vec![
        config(),
        start(),
        input(),
        result(),
        start_signal(),
        complete(),
        cycle(),
        finished(),
        running(),
        state(),
    ]
}

#[test]
fn payloads_of_slices() {
    check_all();
}

/// Everything set, as JSON and as a value.
const FULL_CONFIG: &str = r#"{"mode":"subprocess","command":"make check","timeout_seconds":60,"heartbeat_interval":5,"runner":"claude","prompt":"do it"}"#;

pub(super) fn full_config() -> SliceExecutionConfig {
    SliceExecutionConfig {
        mode: SliceMode::Subprocess,
        command: "make check".to_owned(),
        timeout_seconds: 60,
        heartbeat_interval: 5,
        runner: Some("claude".to_owned()),
        prompt: Some("do it".to_owned()),
    }
}

pub(super) fn least_config() -> SliceExecutionConfig {
    SliceExecutionConfig {
        mode: SliceMode::Tmux,
        command: String::new(),
        timeout_seconds: 300,
        heartbeat_interval: 30,
        runner: None,
        prompt: None,
    }
}

/// The contract gives `command` no default; the code is more lenient, for runners.
fn config() -> &'static str {
    check(
        &full_config(),
        FULL_CONFIG,
        &least_config(),
        r#"{"mode":"tmux"}"#,
    )
}

fn start() -> &'static str {
    check(
        &StartSlice {
            slice_id: "s2".to_owned(),
            dependencies: vec!["s1".to_owned()],
            leaf_task_ids: vec!["t1".to_owned()],
            config: full_config(),
            phase_spec: "the parser".to_owned(),
        },
        &format!(
            r#"{{
                "slice_id":"s2",
                "dependencies":["s1"],
                "leaf_task_ids":["t1"],
                "config":{FULL_CONFIG},
                "phase_spec":"the parser"
            }}"#
        ),
        &StartSlice {
            slice_id: "s1".to_owned(),
            dependencies: Vec::new(),
            leaf_task_ids: Vec::new(),
            config: least_config(),
            phase_spec: String::new(),
        },
        r#"{"slice_id":"s1","config":{"mode":"tmux"}}"#,
    )
}

fn input() -> &'static str {
    check(
        &SliceInput {
            epoch_id: "e1".to_owned(),
            slice_id: "s1".to_owned(),
            phase_spec: "the parser".to_owned(),
            parent_workflow_id: "e1".to_owned(),
            config: Some(full_config()),
            dependencies: vec!["s0".to_owned()],
            leaf_task_ids: vec!["t1".to_owned()],
            attempt: 2,
        },
        &format!(
            r#"{{
                "epoch_id":"e1",
                "slice_id":"s1",
                "phase_spec":"the parser",
                "parent_workflow_id":"e1",
                "config":{FULL_CONFIG},
                "dependencies":["s0"],
                "leaf_task_ids":["t1"],
                "attempt":2
            }}"#
        ),
        &SliceInput {
            epoch_id: "e1".to_owned(),
            slice_id: "s1".to_owned(),
            phase_spec: String::new(),
            parent_workflow_id: String::new(),
            config: None,
            dependencies: Vec::new(),
            leaf_task_ids: Vec::new(),
            attempt: 1,
        },
        r#"{"epoch_id":"e1","slice_id":"s1","phase_spec":"","parent_workflow_id":""}"#,
    )
}

fn failed() -> SliceResult {
    SliceResult {
        slice_id: "s1".to_owned(),
        success: false,
        output: "2 failed".to_owned(),
        error: Some("exit status 1".to_owned()),
        code: Some("exit_status".to_owned()),
        log: Some("/l".to_owned()),
        worktree: Some("/w".to_owned()),
        host: Some("box".to_owned()),
    }
}

const FAILED: &str = r#"{"slice_id":"s1","success":false,"output":"2 failed","error":"exit status 1","code":"exit_status","log":"/l","worktree":"/w","host":"box"}"#;

fn result() -> &'static str {
    check(
        &failed(),
        FAILED,
        &SliceResult {
            slice_id: "s1".to_owned(),
            success: true,
            output: String::new(),
            error: None,
            code: None,
            log: None,
            worktree: None,
            host: None,
        },
        r#"{"slice_id":"s1","success":true}"#,
    )
}

fn start_signal() -> &'static str {
    let start = SliceStartSignal {
        slice_id: "s1".to_owned(),
        epoch_id: "e1".to_owned(),
        config: full_config(),
    };
    let json = format!(r#"{{"slice_id":"s1","epoch_id":"e1","config":{FULL_CONFIG}}}"#);
    check(&start, &json, &start, &json)
}

/// Its `error` is a text, and never null as the result's is.
fn complete() -> &'static str {
    let complete = |success, output: &str, error: &str| SliceCompleteSignal {
        slice_id: "s1".to_owned(),
        success,
        output: output.to_owned(),
        error: error.to_owned(),
    };
    check(
        &complete(false, "2 failed", "exit status 1"),
        r#"{"slice_id":"s1","success":false,"output":"2 failed","error":"exit status 1"}"#,
        &complete(true, "", ""),
        r#"{"slice_id":"s1","success":true}"#,
    )
}

fn cycle() -> &'static str {
    let cycle = |feedback: &str| ReviewCycleSignal {
        cycle_number: 2,
        reviewer_feedback: feedback.to_owned(),
    };
    let record: ReviewCycleRecord = cycle("again");
    check(
        &record,
        r#"{"cycle_number":2,"reviewer_feedback":"again"}"#,
        &cycle(""),
        r#"{"cycle_number":2}"#,
    )
}

fn finished() -> &'static str {
    let finished = SliceFinishedSignal {
        slice_id: "s1".to_owned(),
        attempt: 2,
        result: failed(),
    };
    let json = format!(r#"{{"slice_id":"s1","attempt":2,"result":{FAILED}}}"#);
    check(&finished, &json, &finished, &json)
}

const RUNNING: &str =
    r#"{"mode":"tmux","host":"box","log":"/l","worktree":"/w","attach":["tmux","attach"]}"#;

fn running_command() -> RunningCommand {
    RunningCommand {
        mode: SliceMode::Tmux,
        host: "box".to_owned(),
        log: Some("/l".to_owned()),
        worktree: Some("/w".to_owned()),
        attach: vec!["tmux".to_owned(), "attach".to_owned()],
    }
}

fn running() -> &'static str {
    check(
        &running_command(),
        RUNNING,
        &RunningCommand {
            mode: SliceMode::Subprocess,
            host: "box".to_owned(),
            log: None,
            worktree: None,
            attach: Vec::new(),
        },
        r#"{"mode":"subprocess","host":"box"}"#,
    )
}

fn state() -> &'static str {
    let refusal = Refusal {
        code: RefusalCode::SliceMismatch,
        what: "what".to_owned(),
        why: "why".to_owned(),
        impact: "impact".to_owned(),
        fix: "fix".to_owned(),
    };
    let cycle = ReviewCycleSignal {
        cycle_number: 1,
        reviewer_feedback: "again".to_owned(),
    };
    check(
        &SliceStateResult {
            slice_id: "s1".to_owned(),
            epoch_id: "e1".to_owned(),
            attempt: 2,
            stage: "finished".to_owned(),
            config: Some(full_config()),
            review_cycles: vec![cycle],
            result: Some(failed()),
            refusals: vec![refusal],
            running: Some(running_command()),
        },
        &format!(
            r#"{{
                "slice_id":"s1",
                "epoch_id":"e1",
                "attempt":2,
                "stage":"finished",
                "config":{FULL_CONFIG},
                "review_cycles":[{{"cycle_number":1,"reviewer_feedback":"again"}}],
                "result":{FAILED},
                "refusals":[{{"code":"slice_mismatch","what":"what","why":"why","impact":"impact","fix":"fix"}}],
                "running":{RUNNING}
            }}"#
        ),
        &SliceStateResult {
            slice_id: "s1".to_owned(),
            epoch_id: "e1".to_owned(),
            attempt: 1,
            stage: "waiting".to_owned(),
            config: None,
            review_cycles: Vec::new(),
            result: None,
            refusals: Vec::new(),
            running: None,
        },
        r#"{
            "slice_id":"s1",
            "epoch_id":"e1",
            "attempt":1,
            "stage":"waiting",
            "review_cycles":[],
            "refusals":[]
        }"#,
    )
}
