//! The schemas of the outputs: every command has one, each is a valid one, and what does not
//! keep to it is found. That real outputs keep to them is checked wherever a test runs a
//! command (`support/schema.rs`).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::programs::{Shell, Told};
use crate::support::schema::hold;

/// The words of every command that has none below it.
fn leaves(command: &clap::Command, path: &str, found: &mut BTreeSet<String>) {
    for below in command.get_subcommands() {
        let words = format!("{path} {}", below.get_name()).trim().to_owned();
        if below.has_subcommands() {
            leaves(below, &words, found);
        } else {
            found.insert(words);
        }
    }
}

#[test]
fn every_command_has_a_schema_or_a_reason_to_have_none() {
    let mut all = BTreeSet::new();
    leaves(&aura::cli::args::command(), "", &mut all);
    let mut known: BTreeSet<String> = aura::cli::with_json().map(str::to_owned).collect();
    assert!(known.remove("error"), "errors have a schema");
    for (command, why) in aura::cli::WITHOUT_JSON {
        assert!(!why.is_empty());
        assert!(known.insert(command.to_owned()), "{command} is in both");
    }
    assert_eq!(
        all, known,
        "left: the commands; right: those of src/cli/commands/schema/outputs.rs"
    );
}

#[test]
fn every_schema_is_printed_and_is_a_valid_one() {
    let shell = Shell::new();
    let listed = shell.aura_msg(["schema", "--format", "json"]).ok().json();
    let listed: Vec<&str> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|command| command.as_str().unwrap())
        .collect();
    assert_eq!(listed, aura::cli::with_json().collect::<Vec<_>>());
    let text = shell.aura_msg(["schema"]).ok();
    assert_eq!(text.stdout.lines().collect::<Vec<_>>(), listed);
    for command in listed {
        for line in [false, true] {
            let schema = aura::cli::schema_of(command, line).unwrap();
            assert_eq!(
                schema["$schema"], "https://json-schema.org/draft/2020-12/schema",
                "{command}"
            );
            // A schema that is no schema is refused as well, but otherwise.
            let error = hold(&json!(0.5), &schema).expect_err("it is no number");
            assert!(
                error.contains("want object") || error.contains("want array"),
                "{error}"
            );
        }
    }
    for args in [
        &["schema", "epoch", "list"][..],
        &["schema", "epoch list", "--line"],
    ] {
        let printed = shell.aura_msg(args).ok().json();
        let line = args.len() == 3 && args[2] == "--line";
        assert_eq!(Some(printed), aura::cli::schema_of("epoch list", line));
    }
}

#[test]
fn an_output_that_is_not_as_its_schema_says_is_found() {
    let schema = aura::cli::schema_of("session list", false).unwrap();
    let right = json!([{
        "session_id": "s", "role": "worker", "model_harness": "", "model": "",
        "registered_at": "2026-01-31T12:00:00+00:00", "last_seen": null, "stale": false,
    }]);
    hold(&right, &schema).unwrap();
    let with = |key: &str, value: Value| {
        let mut wrong = right.clone();
        wrong[0][key] = value;
        wrong
    };
    let mut less = right.clone();
    less[0].as_object_mut().unwrap().remove("stale");
    for wrong in [
        less,
        with("stale", json!("no")),
        with("role", json!("boss")),
        with("last_seen", json!("yesterday")),
        with("more", json!(1)),
    ] {
        assert!(hold(&wrong, &schema).is_err(), "{wrong}");
    }
}

#[test]
fn a_schema_that_is_not_there_is_told() {
    let shell = Shell::new();
    for (words, why) in [
        (
            &["epoch"][..],
            "it is several commands: epoch start, epoch list, epoch show, ",
        ),
        (&["slice", "logs"], "it prints a log as it is"),
        (&["nonsense"], "no command of that name prints JSON"),
    ] {
        let output = shell.aura_msg([&["schema"], words].concat()).code(1);
        let told = Told::in_text(&output);
        assert!(told.why.starts_with(why), "{output}");
        assert_eq!(told.impact, "no schema is printed");
    }
    let _ = shell.aura_msg(["schema", "--line"]).code(1);
}
