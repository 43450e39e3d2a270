use std::collections::BTreeSet;
use std::ffi::OsString;

use insta::assert_snapshot;
use serde_json::{Map, Value, json};

use super::input::{command, schema, words};
use super::tools::{ALL, Tool};
use crate::cli::commands::schema::schema_of;
use crate::cli::failure::Failure;

fn tool(name: &str) -> &'static Tool {
    Tool::named(name).expect("there is such a tool")
}

fn read(name: &str, arguments: &Value) -> Result<Vec<String>, Failure> {
    let none = Map::new();
    let words = words(tool(name), arguments.as_object().unwrap_or(&none))?;
    let words = words.into_iter().map(OsString::into_string);
    Ok(words.map(|word| word.expect("it is text")).collect())
}

#[test]
fn each_tool_is_a_command_that_answers_with_one_object() {
    let mut names = BTreeSet::new();
    for tool in &ALL {
        assert!(names.insert(tool.name), "{} is there twice", tool.name);
        assert_eq!(command(tool).get_name(), tool.command[1], "{}", tool.name);
        assert!(command(tool).get_about().is_some(), "{}", tool.name);
        let output = schema_of(&tool.typed(), false).expect("it prints JSON");
        assert_eq!(output["type"], "object", "{}", tool.name);
        for without in tool.without {
            assert!(
                *without == "no_wait"
                    || command(tool)
                        .get_arguments()
                        .any(|a| a.get_id() == *without),
                "{} has no {without}",
                tool.name
            );
        }
    }
}

/// What agents are shown of the arguments, to be read when it changes.
#[test]
fn arguments_are_the_flags_of_the_commands() {
    let shown = ALL.iter().map(|tool| {
        let schema = serde_json::to_string_pretty(&schema(tool)).expect("it is JSON");
        format!("{}: {schema}", tool.name)
    });
    assert_snapshot!(shown.collect::<Vec<_>>().join("\n\n"));
}

#[test]
fn what_is_called_is_what_would_be_typed() {
    let vote = json!({
        "axis": "elegance", "vote": "accept", "round": 2, "comment": "--no-wait\n\"x\"",
        "epoch_id": null,
    });
    assert_eq!(
        read("vote", &vote).expect("it is right"),
        [
            "aura-msg",
            "signal",
            "vote",
            "--axis=elegance",
            "--vote=accept",
            "--round=2",
            "--comment=--no-wait\n\"x\"",
        ]
    );
    let progress = json!({ "slice_id": "s", "leaf": "l", "done": true });
    let said = read("slice_progress", &progress).expect("it is right");
    assert_eq!(said.last().map(String::as_str), Some("--done"));
    let progress = json!({ "slice_id": "s", "leaf": 7, "done": false });
    let said = read("slice_progress", &progress).expect("it is right");
    assert_eq!(said.last().map(String::as_str), Some("--leaf=7"));
}

#[test]
fn what_is_no_argument_is_refused_by_its_name() {
    for (name, arguments, what, why) in [
        (
            "vote",
            json!({ "axis": "elegance" }),
            "vote is missing",
            "vote cannot do without it: The verdict: ACCEPT or REVISE, in upper or lower case",
        ),
        (
            "vote",
            json!({ "axis": "elegance", "vote": null }),
            "vote is missing",
            "vote cannot do without it: The verdict: ACCEPT or REVISE, in upper or lower case",
        ),
        (
            "vote",
            json!({ "axis": "elegance", "vote": true }),
            "vote is no string: true",
            "valid: The verdict: ACCEPT or REVISE, in upper or lower case",
        ),
        (
            "slice_progress",
            json!({ "slice_id": "s", "leaf": "l", "done": "yes" }),
            "done is no boolean: \"yes\"",
            "valid: It is done",
        ),
        (
            "advance",
            json!({ "to_phase": "p2", "to-phase": "p3" }),
            "advance has no argument 'to-phase'",
            "did you mean to_phase?",
        ),
        (
            "advance",
            json!({ "to_phase": "p2", "no_wait": true }),
            "advance has no argument 'no_wait'",
            "valid: epoch_id, to_phase, triggered_by, condition, override, request_id, actor",
        ),
    ] {
        let failure = read(name, &arguments).expect_err("it is wrong");
        assert_eq!((&failure.what[..], &failure.why[..]), (what, why));
        assert_eq!(failure.code, "usage");
    }
}
