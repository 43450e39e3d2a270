//! The commands that need no server: the rules shown, checked and simulated. What each
//! prints, on both outputs, and its exit code are snapshots in both formats.

use aura::protocol::table::TABLE;
use serde_json::Value;

use crate::programs::{AURA_MSG, Shell, Told, error_object};
use crate::support::cli::AuraMsg;
use crate::support::output::Output;

const CLEAN: &str = include_str!("../../examples/simulate/clean.toml");
const REVISE: &str = include_str!("../../examples/simulate/revise.toml");

/// A description with something wrong in each of its parts.
const WRONG: &str = r#"{
  "titles": ["PROPOSAL-1: sign in", "PROPOSAL: sign in", "a title"],
  "dependencies": [
    {"parent_id": "docs", "child_id": "parser"},
    {"parent_id": "docs", "child_id": "docs"}
  ],
  "checks": [
    {"constraint": "C-agent-commit", "command": "git commit -m done"},
    {"slice_id": "parser", "leaf_task_ids": ["lexer"]},
    {"phase": "p9", "asked_user": true}
  ],
  "state": {
    "current_phase": "p10",
    "review_votes": {"elegance": "ACCEPT"},
    "blocker_count": 2,
    "severity_groups": {"BLOCKER": ["B-1", "B-2"], "IMPORTANT": [], "MINOR": []}
  },
  "transition": {"from": "p10", "to": "p11"}
}"#;

/// The same with nothing wrong.
const RIGHT: &str = r#"{
  "titles": ["PROPOSAL-1: sign in", "SLICE-2-REVIEW-elegance-1", "FOLLOWUP: rest"],
  "dependencies": [{"parent_id": "docs", "child_id": "parser"}],
  "checks": [{"constraint": "agent-commit", "command": "git agent-commit -m done"}],
  "state": {
    "current_phase": "review",
    "review_votes": {"correctness": "ACCEPT", "test_quality": "ACCEPT", "elegance": "ACCEPT"},
    "transition_history": [{
      "from_phase": "p3", "to_phase": "p4", "timestamp": "2026-01-31T12:00:00+00:00",
      "triggered_by": "architect", "condition_met": "proposal created"
    }]
  },
  "transition": {"to": "uat"}
}"#;

/// Two expectations that fail, and one at the end.
const UNMET: &str = r#"description = "Not as expected"

[[event]]
advance = "p2"
phase = "p3"

[[event]]
at = "+2m"
advance = "p4"

[expect]
status = "complete"
"#;

/// A shell with these files in its working directory.
fn shell() -> Shell {
    let shell = Shell::new();
    for (name, text) in [
        ("clean.toml", CLEAN),
        ("revise.toml", REVISE),
        ("unmet.toml", UNMET),
        ("wrong.json", WRONG),
        ("right.json", RIGHT),
    ] {
        shell.sandbox.write(format!("work/{name}"), text);
    }
    shell
}

/// All that a command shows.
fn transcript(args: &[&str], output: &Output) -> String {
    format!(
        "$ aura-msg {}\nexit code: {}\n--- stdout\n{}--- stderr\n{}",
        args.join(" "),
        output.code,
        output.stdout,
        output.stderr
    )
}

#[test]
fn every_command_in_text_and_json() {
    let shell = shell();
    for (name, args, code) in [
        ("protocol_show", &["protocol", "show"][..], 0),
        (
            "protocol_check_right",
            &["protocol", "check", "right.json"],
            0,
        ),
        (
            "protocol_check_wrong",
            &["protocol", "check", "wrong.json"],
            3,
        ),
        ("constraint_list", &["constraint", "list"], 0),
        (
            "constraint_explain",
            &["constraint", "explain", "C-worker-gates"],
            0,
        ),
        (
            "simulate_clean",
            &["epoch", "simulate", "--script", "clean.toml"],
            0,
        ),
        (
            "simulate_revise",
            &["epoch", "simulate", "--script", "revise.toml"],
            0,
        ),
        (
            "simulate_unmet",
            &["epoch", "simulate", "--script", "unmet.toml"],
            3,
        ),
    ] {
        for format in ["text", "json"] {
            let args = [args, &["--format", format]].concat();
            let output = shell.aura_msg(&args).code(code);
            if format == "json" {
                assert!(output.json().is_object(), "{output}");
            }
            let said = transcript(&args, &output);
            insta::assert_snapshot!(format!("{name}_{format}"), said);
        }
    }
}

#[test]
fn drawings_have_every_step() {
    let shell = shell();
    for format in ["mermaid", "dot"] {
        let args = ["protocol", "show", "--format", format];
        let output = shell.aura_msg(args).ok();
        assert_eq!(output.stderr, "", "{output}");
        for step in &TABLE {
            let (from, to) = (step.from.to_string(), step.to.to_string());
            let is_step = |line: &&str| {
                let mut words = line.split_whitespace();
                let is_of_both = words.next() == Some(&from)
                    && match format {
                        "mermaid" => line.ends_with(&format!("| {to}")),
                        _ => line.contains(&format!("-> {to} [")),
                    };
                is_of_both && line.contains(step.condition)
            };
            assert_eq!(
                output.stdout.lines().filter(is_step).count(),
                1,
                "{step:?}\n{output}"
            );
        }
        insta::assert_snapshot!(format!("protocol_show_{format}"), output.stdout);
    }
}

#[test]
fn a_format_that_is_none_is_told_with_the_valid_ones() {
    let shell = shell();
    let told = Told::in_text(&shell.aura_msg(["protocol", "show", "--format=xml"]).code(1));
    assert!(told.why.contains("json, text, mermaid, dot"), "{told:?}");
    // Other commands do not draw.
    let told = Told::in_text(
        &shell
            .aura_msg(["constraint", "list", "--format=dot"])
            .code(1),
    );
    assert!(told.why.contains("json, text"), "{told:?}");
}

#[test]
fn the_default_format_is_that_of_the_configuration() {
    let shell = shell();
    shell
        .sandbox
        .write_config("[aura-msg]\ndefault_format = \"json\"\n");
    assert!(shell.aura_msg(["protocol", "show"]).ok().json().is_object());
    let drawn = shell
        .aura_msg(["protocol", "show", "--format=mermaid"])
        .ok();
    assert!(drawn.stdout.starts_with("flowchart"), "{drawn}");
}

/// A description that is wrong, and what is said of it.
const MISTAKES: [(&str, &str, &str); 18] = [
    ("", "d.json:1", "EOF"),
    ("{\n\"titles\": [}", "d.json:2: titles", "expected value"),
    ("{}", "d.json: the description", "nothing to check"),
    ("[]", "d.json:1: the description", "an object with titles"),
    ("{\"titels\": []}", "d.json:1", "unknown field"),
    ("{\"titles\": [\"a\", 1]}", "d.json:1: titles[1]", "string"),
    (
        "{\"checks\": [\n{\"vote\": \"ACCEPT\"},\n{\"vot\": 1}]}",
        "d.json:3: checks[1]",
        "did you mean vote?",
    ),
    (
        "{\"checks\": [{\"constraint\": \"C-dep-directoin\"}]}",
        "d.json:1: checks[0].constraint",
        "did you mean C-dep-direction?",
    ),
    (
        "{\"checks\": [{\"constraint\": \"C-dep-direction\", \"parent_id\": \"a\"}]}",
        "d.json:1: checks[0]",
        "C-dep-direction needs child_id",
    ),
    (
        "{\"checks\": [{\"constraint\": \"C-review-binary\", \"vote\": \"x\", \"phase\": \"p1\"}]}",
        "d.json:1: checks[0]",
        "does not look at phase",
    ),
    (
        "{\"checks\": [{\"constraint\": \"C-severity-eager\"}]}",
        "d.json:1: checks[0]",
        "looks at state",
    ),
    (
        "{\"checks\": [{\"parent_id\": \"a\"}]}",
        "d.json:1: checks[0]",
        "no constraint has all its arguments",
    ),
    (
        "{\"checks\": [{\"vote\": \"x\", \"phase\": \"p1\"}]}",
        "d.json:1: checks[0]",
        "looks at phase",
    ),
    (
        "{\"checks\": [{\"asked_user\": \"no\", \"phase\": \"p1\"}]}",
        "d.json:1: checks[0].asked_user",
        "boolean",
    ),
    (
        "{\"state\": {\"current_phase\": \"p4\", \"votes\": {}}}",
        "d.json:1: state.votes",
        "unknown field",
    ),
    (
        "{\"transition\": {\"to\": \"p2\"}}",
        "d.json: transition is",
        "give state",
    ),
    (
        "{\"state\": {\"current_phase\": \"p1\"}, \"transition\": {\"to\": \"p9\"}}",
        "d.json: transition.to",
        "valid: p2",
    ),
    (
        "{\"state\": {\"current_phase\": \"p1\"}, \"transition\": {\"from\": \"p2\", \"to\": \"p3\"}}",
        "d.json: transition.from",
        "the state is in p1",
    ),
];

#[test]
fn a_wrong_description_is_told_by_line_and_key() {
    let shell = shell();
    for (text, place, why) in MISTAKES {
        shell.sandbox.write("work/d.json", text);
        let output = shell.aura_msg(["protocol", "check", "d.json"]).code(1);
        let told = Told::in_text(&output);
        assert!(told.what.starts_with(place), "{text}\n{output}");
        assert!(told.why.contains(why), "{text}\n{output}");
        assert_eq!(told.impact, "nothing was checked", "{output}");
    }
    let output = shell
        .aura_msg(["protocol", "check", "absent.json", "--format=json"])
        .code(1);
    assert_eq!(error_object(&output)["code"], "unreadable_file", "{output}");
}

#[test]
fn a_wrong_script_is_told_by_line() {
    let shell = shell();
    shell
        .sandbox
        .write("work/s.toml", "[[event]]\nadvanse = \"p2\"\n");
    let output = shell
        .aura_msg(["epoch", "simulate", "--script=s.toml"])
        .code(1);
    let told = Told::in_text(&output);
    assert!(told.what.starts_with("s.toml:2:"), "{output}");
    assert!(told.why.contains("did you mean advance?"), "{output}");
    assert_eq!(told.impact, "nothing was run", "{output}");
}

#[test]
fn a_constraint_that_is_none() {
    let output = shell()
        .aura_msg(["constraint", "explain", "C-worker-gate"])
        .code(1);
    let told = Told::in_text(&output);
    assert_eq!(told.what, "unknown constraint 'C-worker-gate'");
    assert_eq!(told.why, "did you mean C-worker-gates?");
}

/// Each constraint's first example is one that `protocol check` finds to violate it.
#[test]
fn what_is_explained_can_be_checked() {
    let shell = shell();
    let list = shell
        .aura_msg(["constraint", "list", "--format=json"])
        .ok()
        .json();
    let constraints = list["constraints"].as_array().unwrap();
    assert_eq!(constraints.len(), 28);
    for id in constraints
        .iter()
        .map(|one| one["constraint"].as_str().unwrap())
    {
        let explained = shell
            .aura_msg(["constraint", "explain", id, "--format=json"])
            .ok()
            .json();
        let examples = explained["examples"].as_array().unwrap();
        assert_eq!(examples.is_empty(), id == "C-actionable-errors", "{id}");
        let Some(example) = examples.first() else {
            continue;
        };
        shell
            .sandbox
            .write("work/e.json", &example["description"].to_string());
        let output = shell
            .aura_msg(["protocol", "check", "e.json", "--format=json"])
            .code(3);
        let found: Value = output.json();
        let violations = found["violations"].as_array().unwrap();
        assert!(
            violations.iter().any(|one| one["constraint_id"] == id),
            "{output}"
        );
    }
}

/// Every script among the examples takes the path that it says.
#[test]
fn every_example_is_as_expected() {
    let shell = shell();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/simulate");
    let scripts: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().display().to_string())
        .collect();
    assert!(scripts.len() >= 2, "{scripts:?}");
    for script in scripts {
        let output = shell
            .aura_msg(["epoch", "simulate", "--script", &script])
            .ok();
        assert!(output.stdout.contains("All is as expected"), "{output}");
    }
}

#[test]
fn standard_input_is_a_file_too() {
    let shell = shell();
    let run = |args: &[&str], text: &str| {
        AuraMsg::new(&shell.sandbox, AURA_MSG).run_with_stdin(args, text)
    };
    let simulate = ["epoch", "simulate", "--script", "-"];
    let _ = run(&simulate, CLEAN).ok();
    let told = Told::in_text(&run(&simulate, "x").code(1));
    assert!(told.what.starts_with("standard input:1:"), "{told:?}");
    let check = ["protocol", "check", "-"];
    let output = run(&check, RIGHT).ok();
    assert!(
        output.stdout.starts_with("standard input: no violations"),
        "{output}"
    );
    let _ = run(&check, WRONG).code(3);
}

/// Nobody answers at this address, so a command that asked would have to give up.
#[test]
fn no_server_is_asked() {
    let shell = Shell::at("192.0.2.1:7233");
    for args in [
        &["protocol", "show", "--timeout=1ms"][..],
        &["constraint", "list", "--timeout=1ms"],
    ] {
        let _ = shell.aura_msg(args).ok();
    }
}
