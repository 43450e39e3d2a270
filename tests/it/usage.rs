//! Words that make no command, and the forms in which words may be written. The answers
//! to every kind of wrong words are a snapshot, to be read as a user would read them.

use std::fmt::Write;

use crate::commands::COMMANDS;
use crate::programs::{Shell, Told, error_object};
use crate::support::dead_ends::Refused;

/// Words that make no command, each in a way of its own.
const WRONG: [&[&str]; 22] = [
    &["foo"],
    &["--foo"],
    &["--address", "h:1", "query", "state"],
    &["query", "stat"],
    &["query", "--foo"],
    &["help", "foo"],
    &["query", "state"],
    &["query", "state", "extra"],
    &["query", "state", "--no-wait"],
    &["query", "state", "--epoch-id"],
    &["signal", "vote"],
    &["signal", "vote", "--axsi", "elegance"],
    &["signal", "vote", "--epohc-id", "e"],
    &["signal", "vote", "--axis", "--vote", "ACCEPT"],
    &["signal", "vote", "--no-wait=1"],
    &["signal", "complete", "--slice-id", "s"],
    &[
        "signal",
        "complete",
        "--slice-id",
        "s",
        "--output",
        "a",
        "--error",
        "b",
    ],
    &["phase", "advance", "--to-phase", "p2", "--condition", "-x"],
    &["query", "state", "--format", "xml"],
    &["query", "state", "--timeout", "soon"],
    &["query", "state", "--address", "here"],
    &["query", "state", "a\nb\x1b[31mred"],
];

#[test]
fn wrong_words_are_explained_in_four_lines() {
    let shell = Shell::new();
    let mut transcript = String::new();
    for args in WRONG {
        let output = shell.aura_msg(args).code(1);
        let told = Told::in_text(&output);
        assert_eq!(told.category, "validation error", "{output}");
        assert_eq!(told.impact, "nothing was sent", "{output}");
        writeln!(
            transcript,
            "$ aura-msg {}\n{}",
            args.join(" ").escape_debug(),
            output.stderr
        )
        .unwrap();
    }
    insta::assert_snapshot!("wrong_words", transcript);
}

#[test]
fn wrong_words_in_json_are_the_same_in_one_line() {
    let shell = Shell::new();
    for format in [
        &["--format", "json"][..],
        &["--format=json"],
        &["--fo", "json"],
    ] {
        for args in WRONG.iter().filter(|args| !args.contains(&"xml")) {
            let in_text = Told::in_text(&shell.aura_msg(*args));
            // A flag that lacks its value would take the next word for it.
            let (command, rest) = args.split_at(args.len().min(2));
            let asked = [command, format, rest].concat();
            let output = shell.aura_msg(&asked).code(1);
            let error = error_object(&output);
            assert_eq!(error["code"], "usage", "{output}");
            assert_eq!(error["retryable"], false, "{output}");
            assert_eq!(Told::in_json(&output), in_text, "{output}");
        }
    }
}

#[test]
fn the_last_format_that_was_asked_for_counts_for_wrong_words_too() {
    let shell = Shell::new();
    for (args, is_json) in [
        (&["--format", "json", "--format=text"][..], false),
        (&["--format=text", "--format", "json"], true),
        (&["--format=json", "--format", "text"], false),
        (&["--format", "json", "--format", "nonsense"], true),
        (&["--format"], false),
        (&["--formats", "json"], false),
    ] {
        let output = shell.aura_msg(["query", "state"].iter().chain(args).chain(&["extra"]));
        assert_eq!(output.stderr.starts_with('{'), is_json, "{output}");
        let _ = output.code(1);
    }
    let _ = shell
        .sandbox
        .write_config("[aura-msg]\ndefault_format = 'json'\n");
    let _ = error_object(&shell.aura_msg(["query", "state", "extra"]).code(1));
    let _ = Told::in_text(&shell.aura_msg(["query", "state", "extra", "--format", "text"]));
}

#[test]
fn values_may_follow_an_equals_sign_and_the_last_of_a_repeated_flag_wins() {
    let refused = [Refused::reserve(), Refused::reserve()];
    let [first, last] = [refused[0].address(), refused[1].address()];
    for args in [
        vec![format!("--address={last}")],
        vec![
            "--address".to_owned(),
            first.clone(),
            "--address".to_owned(),
            last.clone(),
        ],
        vec![
            format!("--address={first}"),
            format!("--server-address={last}"),
        ],
        vec![
            format!("--server-address={first}"),
            format!("--address={last}"),
        ],
    ] {
        let args = args.iter().map(String::as_str);
        let output = Shell::new()
            .aura_msg(["query", "state", "--epoch-id=e"].into_iter().chain(args))
            .code(2);
        let what = Told::in_text(&output).what;
        assert_eq!(
            what,
            format!("cannot reach the Temporal server at {last}"),
            "{output}"
        );
    }
    let shell = Shell::at(&last);
    for (args, code) in [
        (["--epoch-id=", "--epoch-id=e", "--namespace=x"], 2),
        (["--epoch-id=e", "--epoch-id=", "--namespace=x"], 1),
        (["--timeout=x", "--timeout=1s", "--timeout=2s"], 2),
        (["--timeout=1s", "--timeout=x", "-n=x"], 1),
        (["-nx", "-n=y", "--namespace=z"], 2),
    ] {
        let _ = shell
            .aura_msg(["query", "state"].into_iter().chain(args))
            .code(code);
    }
    for args in [
        &[
            "epoch",
            "start",
            "--yes",
            "--yes",
            "--fail-fast",
            "--fail-fast",
        ][..],
        &[
            "phase",
            "advance",
            "--to-phase=p99",
            "--to-phase=p2",
            "--no-wait",
            "--no-wait",
        ],
        &[
            "signal",
            "complete",
            "--slice-id=s",
            "--output=a",
            "--output=b",
        ],
    ] {
        let _ = shell.aura_msg(args).code(2);
    }
}

#[test]
fn a_text_that_begins_with_a_dash_is_a_text_if_no_flag_could_look_like_it() {
    let refused = Refused::reserve();
    let shell = Shell::at(&refused.address());
    let advance = ["phase", "advance", "--to-phase", "p2"];
    for (args, code) in [
        (&["--condition", "- all good\n- really"][..], 2),
        (&["--condition", "-- so be it"], 2),
        (&["--condition", "-a = b"], 2),
        (&["--condition", "-"], 2),
        (&["--condition=-x"], 2),
        (&["--condition=- x"], 2),
        (&["--no-wait", "--condition=a b"], 2),
        (&["--condition", "-x"], 1),
        (&["--condition", "--no-wait"], 1),
        (&["--condition", "--no-wait=a b"], 1),
        (&["--no-wait", "- a b"], 1),
        (&["- a b"], 1),
        (&["--", "- a b"], 1),
    ] {
        let _ = shell.aura_msg(advance.iter().chain(args)).code(code);
    }
}

#[test]
fn a_missing_epoch_id_is_taken_from_the_environment() {
    let refused = Refused::reserve();
    let address = refused.address();
    for command in COMMANDS {
        let run = |variable: Option<&str>, flag: &[&str]| {
            let shell = Shell::new().env("TEMPORAL_ADDRESS", &address);
            let shell = match variable {
                Some(id) => shell.env("AURA_EPOCH_ID", id),
                None => shell,
            };
            shell.aura_msg(command.iter().chain(flag))
        };
        // An empty variable counts as unset; an empty flag is what was typed.
        for variable in [None, Some("")] {
            let told = Told::in_text(&run(variable, &[]).code(1));
            assert_eq!(told.what, "--epoch-id is missing");
            assert!(told.fix.contains("AURA_EPOCH_ID"), "{told:?}");
        }
        let _ = run(Some("from-variable"), &[]).code(2);
        let _ = run(Some("wrong\u{7}"), &["--epoch-id", "from-flag"]).code(2);
        let told = Told::in_text(&run(Some("from-variable"), &["--epoch-id", ""]).code(1));
        assert!(told.what.starts_with("--epoch-id"), "{told:?}");
        let told = Told::in_text(&run(Some("wrong\u{7}"), &[]).code(1));
        assert!(told.what.starts_with("AURA_EPOCH_ID"), "{told:?}");
    }
}
