//! `aurad replay --file`: recorded histories pass, changed ones are named with what differs,
//! and what is no history is told apart from both.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::programs::{Shell, Told};
use crate::support::dead_ends::Refused;

fn recorded(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/histories");
    Path::new(folder).join(format!("0.1.0-{name}.json"))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path is text")
}

/// A recorded history with one text in its place for another, in a file of the shell's.
#[track_caller]
fn changed(shell: &Shell, name: &str, from: &str, to: &str) -> PathBuf {
    let history = fs::read_to_string(recorded(name)).unwrap();
    assert!(history.contains(from), "{name} has no {from}");
    let path = shell.sandbox.path().join(format!("changed-{name}.json"));
    fs::write(&path, history.replace(from, to)).unwrap();
    path
}

/// The activity of a slice as it is scheduled, under another name.
fn other_activity(shell: &Shell) -> PathBuf {
    let from = r#""activity_type":{"name":""#;
    changed(shell, "slice-command", from, &format!("{from}other_"))
}

#[test]
fn recorded_histories_replay() {
    let shell = Shell::new();
    let files = ["epoch-whole", "slice-mock", "review-told"].map(recorded);
    let mut args = vec!["replay", "--file"];
    args.extend(files.iter().map(|path| text(path)));
    let output = shell.aurad(args).ok();
    assert_eq!(output.stderr, "", "{output}");
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{output}");
    assert!(lines[0].starts_with("replays  EpochWorkflow "), "{output}");
    assert!(lines[1].contains("SliceWorkflow"), "{output}");
    assert!(lines[2].contains("ReviewPhaseWorkflow"), "{output}");
    assert_eq!(lines[3], "all replay: 3 of 3");
}

#[test]
fn one_that_was_changed_is_named_with_the_command_that_differs() {
    let shell = Shell::new();
    let wrong = other_activity(&shell);
    let right = recorded("epoch-bare");
    let args = ["replay", "--file", text(&right), text(&wrong)];
    let output = shell.aurad(args).code(3);
    let line = output
        .stdout
        .lines()
        .find(|line| line.starts_with("differs  SliceWorkflow"))
        .unwrap_or_else(|| panic!("{output}"));
    assert!(line.contains("of epoch "), "{output}");
    assert!(
        line.contains(", ActivityTaskScheduled other_execute_slice_command: "),
        "{output}"
    );
    assert!(
        output.stdout.ends_with("1 of 2 do not replay\n"),
        "{output}"
    );
    assert!(
        output
            .stderr
            .starts_with("workflow error: 1 of 2 do not replay, the first is SliceWorkflow"),
        "{output}"
    );
    assert_eq!(output.stderr.lines().count(), 4, "{output}");

    let args = args.into_iter().chain(["--format", "jsonl"]);
    let output = shell.aurad(args).code(3);
    let lines: Vec<Value> = output
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["result"], "replays");
    assert_eq!(lines[0]["difference"], Value::Null);
    assert_eq!(lines[1]["result"], "differs");
    assert_eq!(lines[1]["workflow_type"], "SliceWorkflow");
    assert_eq!(lines[1]["file"], text(&wrong));
    assert!(
        lines[1]["epoch_id"]
            .as_str()
            .is_some_and(|id| !id.is_empty())
    );
    let message = lines[1]["difference"]["message"].as_str().unwrap();
    assert!(message.contains("'other_"), "{message}");
}

/// What the search attributes were set by comes where another command is asked for.
#[test]
fn an_event_that_nobody_asked_for_is_named_with_its_number() {
    let shell = Shell::new();
    let history = fs::read_to_string(recorded("epoch-whole")).unwrap();
    let mut history: Value = serde_json::from_str(&history).unwrap();
    let events = history["events"].as_array_mut().unwrap();
    let at = events
        .iter()
        .position(|event| {
            let attributes = &event["attributes"];
            attributes["UpsertWorkflowSearchAttributesEventAttributes"].is_object()
        })
        .expect("an epoch shows where it is");
    let task = events[at]["attributes"]["UpsertWorkflowSearchAttributesEventAttributes"]
        ["workflow_task_completed_event_id"]
        .clone();
    events[at]["event_type"] = 17.into();
    events[at]["attributes"] = serde_json::json!({ "TimerStartedEventAttributes": {
        "timer_id": "999", "workflow_task_completed_event_id": task,
    } });
    let path = shell.sandbox.path().join("timer.json");
    fs::write(&path, history.to_string()).unwrap();
    let args = ["replay", "--format", "json", "--file", text(&path)];
    let output = shell.aurad(args).code(3);
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(report["replayed"], 1);
    assert_eq!(report["failed"], 1);
    let difference = &report["executions"][0]["difference"];
    assert_eq!(difference["event_id"], at + 1, "{output}");
    assert_eq!(difference["event"], "TimerStarted 999", "{output}");
}

#[test]
fn what_is_no_history_is_told_in_four_lines() {
    let shell = Shell::new();
    let file = |name: &str, text: &str| {
        let path = shell.sandbox.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let cut = fs::read_to_string(recorded("epoch-bare")).unwrap();
    let mut late: Value = serde_json::from_str(&cut).unwrap();
    late["events"].as_array_mut().unwrap().remove(0);
    for (path, why) in [
        (shell.sandbox.path().join("none.json"), "No such file"),
        (shell.sandbox.path().to_owned(), "Is a directory"),
        (file("cut.json", &cut[..cut.len() / 2]), "EOF while parsing"),
        (file("other.json", "{}"), "it has no list of events"),
        (file("empty.json", r#"{"events":[]}"#), "it has no event"),
        (
            file("late.json", &late.to_string()),
            "its first event is not the start of a workflow",
        ),
    ] {
        let output = shell.aurad(["replay", "--file", text(&path)]).code(64);
        assert_eq!(output.stdout, "0 histories replayed\n", "{output}");
        let lines: Vec<&str> = output.stderr.lines().collect();
        let what = format!(
            "validation error: {} cannot be read as a history",
            path.display()
        );
        assert_eq!(lines[0], what, "{output}");
        assert!(lines[1].starts_with(&format!("  why: {why}")), "{output}");
        assert_eq!(lines.len(), 4, "{output}");
    }
}

#[test]
fn one_that_cannot_be_read_does_not_hide_the_others() {
    let shell = Shell::new();
    let right = recorded("epoch-bare");
    let args = ["replay", "--file", "/none.json", "--file", text(&right)];
    let output = shell.aurad(args).code(64);
    assert!(output.stdout.contains("all replay: 1 of 1"), "{output}");
    let wrong = other_activity(&shell);
    let args = ["replay", "--file", "/none.json", text(&wrong)];
    let output = shell.aurad(args).code(3);
    assert!(
        output.stderr.contains("/none.json cannot be read"),
        "{output}"
    );
}

#[test]
fn without_a_server_what_is_open_is_unknown() {
    let refused = Refused::reserve();
    let shell = Shell::at(&refused.address());
    let output = shell
        .aurad(["replay", "--open", "--connect-timeout", "300ms"])
        .code(69);
    let told = Told::in_text(&output);
    assert_eq!(told.category, "connection error");
    assert_eq!(
        told.what,
        format!("no server at {} within 300ms", refused.address())
    );
    assert_eq!(told.impact, "nothing was replayed");
}

#[test]
fn it_is_either_files_or_what_is_open() {
    let shell = Shell::new();
    for args in [
        &["replay"][..],
        &["replay", "--open", "--file", "x.json"],
        &["replay", "--file"],
        &["replay", "--open", "--format", "yaml"],
        &["replay", "--open", "--embedded", "--listen", "127.0.0.1:0"],
    ] {
        let told = Told::in_text(&shell.aurad(args).code(64));
        assert!(!told.fix.is_empty(), "{args:?}");
    }
}
