//! Hooks without an epoch that answers: whatever goes wrong, an agent gets JSON, an exit
//! code that it understands, and its turn back in time. And what sets hooks up.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::programs::{AURA_MSG, Shell};
use crate::support::dead_ends::{BlackHole, Refused};
use crate::support::output::Output;

const AGENTS: [&str; 3] = ["claude-code", "codex", "gemini"];
const EVENTS: [&str; 5] = [
    "session-start",
    "session-end",
    "user-prompt-submit",
    "pre-tool-use",
    "stop",
];
/// Two seconds, and what a loaded machine may add to them.
const DEADLINE: Duration = Duration::from_secs(6);

/// An event that would matter: the agent commits.
const SAID: &str = r#"{"session_id":"s","tool_name":"Bash","hook_event_name":"PreToolUse",
    "tool_input":{"command":"git commit"}}"#;

fn answer(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).expect("an agent gets JSON")
}

/// Every event of every agent, with more words.
fn every_event(shell: &Shell, more: &[&str], said: &str, check: impl Fn(&str, &Output)) {
    for agent in AGENTS {
        for event in EVENTS {
            let mut args = vec!["hook", event, "--agent", agent];
            args.extend(more);
            let output = shell.aura_msg_reading(args, said);
            assert!(output.elapsed < DEADLINE, "{output}");
            let _ = answer(&output);
            check(event, &output);
        }
    }
}

#[test]
fn without_an_epoch_nothing_happens() {
    let hole = BlackHole::open();
    let shell = Shell::new().env("TEMPORAL_ADDRESS", &hole.address());
    for said in [SAID, "", "{nonsense"] {
        every_event(&shell, &["--on-unreachable=block"], said, |_, output| {
            assert_eq!((output.code, output.stdout.trim()), (0, "{}"), "{output}");
            assert_eq!(output.stderr, "", "{output}");
        });
    }
    assert_eq!(hole.visits(), 0);
}

#[test]
fn a_server_that_is_down_blocks_nothing_unless_asked_to() {
    let refused = Refused::reserve();
    let shell = Shell::at(&refused.address());
    // What codex and gemini call Bash is none of their tools, and concerns nobody.
    let matters = |event: &str, output: &Output| {
        event != "pre-tool-use" || answer(output) != json!({}) || output.code == 2
    };
    every_event(&shell, &["--timeout=300ms"], SAID, |event, output| {
        assert_eq!(output.code, 0, "{output}");
        if matters(event, output) {
            let said = answer(output)["systemMessage"].to_string();
            assert!(said.contains("cannot reach"), "{output}");
        }
    });
    let block = ["--timeout=300ms", "--on-unreachable=block"];
    every_event(&shell, &block, SAID, |event, output| {
        let may_block = matches!(event, "stop" | "pre-tool-use") && matters(event, output);
        assert_eq!(output.code, if may_block { 2 } else { 0 }, "{output}");
        if may_block {
            let lines: Vec<&str> = output.stderr.lines().collect();
            assert_eq!(lines.len(), 4, "{output}");
            assert_eq!(lines[0], "aura: the epoch's state is not known", "{output}");
        }
    });
}

#[test]
fn a_server_that_is_silent_costs_two_seconds() {
    let hole = BlackHole::open();
    let shell = Shell::at(&hole.address());
    let args = ["hook", "stop", "--agent=codex", "--timeout=1h"];
    let output = shell.aura_msg_reading(args, SAID);
    assert_eq!(output.code, 0, "{output}");
    assert!(output.elapsed < DEADLINE, "{output}");
    assert!(hole.visits() > 0);
}

#[test]
fn an_agent_that_keeps_talking_is_not_waited_for() {
    let refused = Refused::reserve();
    let shell = Shell::new();
    let began = Instant::now();
    let mut child = shell
        .sandbox
        .command(AURA_MSG)
        .args(["hook", "stop", "--agent=claude-code"])
        .env("AURA_EPOCH_ID", "e")
        .env("TEMPORAL_ADDRESS", refused.address())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it can be started");
    // Its end of the pipe stays open.
    let stdin = child.stdin.take();
    let status = child.wait().expect("it ends");
    drop(stdin);
    assert_eq!(status.code(), Some(0));
    assert!(began.elapsed() < DEADLINE);
}

#[test]
fn words_that_are_wrong_block_nothing() {
    let shell = Shell::at("127.0.0.1:1");
    for words in [
        &["hook", "stop"][..],
        &["hook", "stop", "--agent", "emacs"],
        &["hook", "stop", "--agent", "codex", "--nonsense"],
        &[
            "hook",
            "stop",
            "--agent",
            "codex",
            "--on-unreachable",
            "perhaps",
        ],
        &["hook", "stop", "--agent", "codex", "--timeout", "soon"],
        &["hook", "stop", "--agent", "codex", "--config", "/nowhere"],
    ] {
        let output = shell.aura_msg_reading(words, SAID);
        assert_eq!(output.code, 0, "{output}");
        let told = answer(&output).to_string() + &output.stderr;
        assert!(told.len() > 10, "{output}");
    }
    // Help is help.
    assert_eq!(shell.aura_msg(["hook", "stop", "--help"]).code, 0);
}

#[test]
fn uses_that_concern_nobody_ask_no_server() {
    let hole = BlackHole::open();
    let shell = Shell::at(&hole.address());
    for said in [
        r#"{"tool_name":"Bash","tool_input":{"command":"cargo test"}}"#,
        r#"{"tool_name":"Read","tool_input":{"file_path":"git commit"}}"#,
        r#"{"tool_name":"Edit"}"#,
        "{nonsense",
    ] {
        let args = ["hook", "pre-tool-use", "--agent=claude-code", "--enforce"];
        let output = shell.aura_msg_reading(args, said);
        assert_eq!(output.code, 0, "{output}");
    }
    let again = r#"{"session_id":"s","stop_hook_active":true}"#;
    let output = shell.aura_msg_reading(["hook", "stop", "--agent=codex"], again);
    assert_eq!((output.code, output.stdout.trim()), (0, "{}"), "{output}");
    assert_eq!(hole.visits(), 0);
}

#[test]
fn hooks_are_installed_shown_and_taken_out_again() {
    for (agent, file) in [
        ("claude-code", ".claude/settings.json"),
        ("codex", ".codex/hooks.json"),
        ("gemini", ".gemini/settings.json"),
    ] {
        let shell = Shell::new();
        let path = shell.sandbox.folder("HOME").join(file);
        let run = |words: &[&str]| {
            let mut args = vec!["hook"];
            args.extend(words);
            args.extend(["--user", "--agent", agent]);
            shell.aura_msg(args)
        };
        let tried = run(&["install", "--dry-run"]);
        assert_eq!(tried.code, 0, "{tried}");
        assert!(!path.exists(), "{tried}");

        let installed = run(&["install"]);
        assert_eq!(installed.code, 0, "{installed}");
        let mine: Value =
            serde_json::from_slice(&fs::read(&path).expect("it is there")).expect("it is JSON");
        insta::assert_json_snapshot!(format!("{agent}_hooks"), mine);
        // Again, and nothing changes.
        let again = run(&["install"]);
        assert!(again.stdout.contains("is as it should be"), "{again}");

        let gone = run(&["uninstall", "--format=json"]);
        assert_eq!(gone.code, 0, "{gone}");
        assert_eq!(answer(&gone)["changed"], true, "{gone}");
        assert!(!path.exists(), "{gone}");

        // Somebody's own settings stay, to the letter.
        let own = "{\n  \"model\": \"x\",\n  \"hooks\": {\n    \"Stop\": [\n      {\n        \
                   \"hooks\": []\n      }\n    ]\n  }\n}\n";
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(&path, own).expect("it can be written");
        let enforced = run(&["install", "--enforce", "--on-unreachable=block"]);
        assert!(enforced.stdout.contains('+'), "{enforced}");
        let text = fs::read_to_string(&path).expect("it is there");
        assert!(text.contains("--enforce --on-unreachable block"), "{text}");
        assert_eq!(run(&["uninstall"]).code, 0);
        assert_eq!(fs::read_to_string(&path).expect("it is there"), own);

        fs::write(&path, "{ not json").expect("it can be written");
        let refused = run(&["install"]);
        assert_eq!(refused.code, 4, "{refused}");
        let text = fs::read_to_string(&path).expect("it is there");
        assert_eq!(text, "{ not json");
    }
}

#[test]
fn sample_events_are_answered_without_an_epoch() {
    for agent in AGENTS {
        let output = Shell::new().aura_msg(["hook", "test", "--agent", agent, "--format=json"]);
        assert_eq!(output.code, 0, "{output}");
        let answers = answer(&output);
        let answers = answers.as_array().expect("it is a list").clone();
        let events = if agent == "codex" { 6 } else { 7 };
        assert_eq!(answers.len(), events, "{output}");
        for one in answers {
            assert_eq!(
                (&one["exit_code"], &one["answer"]),
                (&json!(0), &json!("{}"))
            );
        }
    }
}
