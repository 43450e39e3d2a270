//! Ids, names and texts at their limits and beyond: what is too long, empty or not
//! printable is told before anything is connected, and not repeated at length.

use crate::commands::{
    ADD, ADVANCE, CANCEL, COMMANDS, Nowhere, REGISTER, RESOLVE, SLICE, SLICE_CANCEL,
    SLICE_PROGRESS, SLICE_RETRY, SLICE_SHOW, SLICE_START, SLICE_WAIVE, START, STATE, TERMINATE,
    VOTE, accept,
};

#[test]
fn ids() {
    let nowhere = Nowhere::new();
    let control = [
        "a\u{1}b",
        "line\nbreak",
        "tab\t",
        "\u{7f}",
        "\u{85}",
        "\u{1b}[2J",
    ];
    let mut cases = vec![
        (START, "--epoch-id", 200),
        (START, "--request-id", 200),
        (SLICE, "--slice-id", 100),
        (SLICE_START, "--slice-id", 100),
        (SLICE_SHOW, "--slice-id", 100),
        (SLICE_PROGRESS, "--slice-id", 100),
        (REGISTER, "--session-id", 1_000),
        (ADD, "--finding-id", 1_000),
        (ADD, "--slice-id", 1_000),
        (RESOLVE, "--finding-id", 1_000),
    ];
    for command in [
        CANCEL,
        VOTE,
        SLICE,
        ADVANCE,
        REGISTER,
        ADD,
        RESOLVE,
        SLICE_START,
        SLICE_PROGRESS,
        SLICE_CANCEL,
        SLICE_RETRY,
        SLICE_WAIVE,
    ] {
        cases.push((command, "--request-id", 200));
    }
    for command in COMMANDS
        .into_iter()
        .filter(|command| !command.starts_with(START))
    {
        cases.push((command, "--epoch-id", 1_000));
    }
    for (command, flag, max) in cases {
        let kind = flag.trim_start_matches("--").replace('-', " ");
        for value in control {
            let (output, told) = nowhere.refuse(command, flag, value);
            let shown: String = value.escape_default().to_string();
            assert!(told.what.contains(&format!("{flag} '{shown}'")), "{output}");
            assert!(told.why.contains("control character U+"), "{output}");
        }
        let (output, told) = nowhere.refuse(command, flag, "");
        assert_eq!(told.what, format!("{flag} '' is no {kind}"), "{output}");
        assert_eq!(told.why, format!("{kind} is empty"), "{output}");
        for value in [
            "x".repeat(max + 1),
            "é".repeat(max / 2) + "x",
            "x".repeat(20_000),
        ] {
            let (output, told) = nowhere.refuse(command, flag, &value);
            assert!(
                told.why.contains(&format!("has {} bytes", value.len())),
                "{output}"
            );
            assert!(told.why.contains(&format!("at most {max}")), "{output}");
            assert!(output.stderr.len() < 600, "{output}");
        }
        for value in [
            "x".repeat(max),
            "é".repeat(max / 2),
            " a b/c:d\"'\\0␀".to_owned(),
        ] {
            accept(command, &[&format!("{flag}={value}")]);
        }
    }
}

#[test]
fn a_slice_id_has_no_word_that_separates_the_parts_of_ids() {
    let nowhere = Nowhere::new();
    for id in ["a-slice-b", "-slice-", "a-review-p4"] {
        let (output, told) = nowhere.refuse(SLICE, "--slice-id", id);
        assert!(told.what.contains(id), "{output}");
        assert!(told.why.contains("separates"), "{output}");
        assert!(
            told.fix.contains("-slice-") || told.fix.contains("-review-"),
            "{output}"
        );
    }
    accept(SLICE, &["--slice-id=slice-review"]);
}

#[test]
fn names_of_namespaces_and_task_queues() {
    let nowhere = Nowhere::new();
    let long = "x".repeat(1_001);
    for flag in ["--namespace", "--task-queue"] {
        for value in ["", "a\u{1}", &long] {
            let (output, told) = nowhere.refuse(STATE, flag, value);
            assert!(
                told.what.starts_with(flag) && told.fix.contains("1000 bytes"),
                "{output}"
            );
        }
    }
}

#[test]
fn texts_have_limits_and_are_not_repeated_in_the_message() {
    const TEXT: usize = 4 * 1024;
    const LONG: usize = 16 * 1024;
    let nowhere = Nowhere::new();
    let failed: &[&str] = &["signal", "complete", "--slice-id=s"];
    for (command, flag, max) in [
        (START, "--description", 64 * 1024),
        (TERMINATE, "--reason", TEXT),
        (VOTE, "--reviewer-id", TEXT),
        (VOTE, "--comment", LONG),
        (VOTE, "--actor", TEXT),
        (failed, "--output", LONG),
        (failed, "--error", LONG),
        (ADVANCE, "--triggered-by", TEXT),
        (ADVANCE, "--condition", TEXT),
        (ADVANCE, "--override", TEXT),
        (REGISTER, "--model-harness", TEXT),
        (REGISTER, "--model", TEXT),
        (ADD, "--summary", TEXT),
        (ADD, "--reported-by", TEXT),
        (RESOLVE, "--resolution", TEXT),
        (RESOLVE, "--resolved-by", TEXT),
        (SLICE_START, "--about", TEXT),
        (SLICE_START, "--command", TEXT),
        (SLICE_START, "--prompt", LONG),
        (SLICE_PROGRESS, "--stage", TEXT),
        (SLICE_CANCEL, "--reason", TEXT),
        (SLICE_RETRY, "--reason", TEXT),
    ] {
        let (output, told) = nowhere.refuse(command, flag, &"é\n".repeat(max / 3 + 1));
        assert_eq!(told.what, format!("{flag} is too long"), "{output}");
        assert!(told.why.contains(&format!("at most {max}")), "{output}");
        assert!(output.stderr.len() < 400, "{output}");
        accept(command, &[&format!("{flag}={}", "x".repeat(max))]);
        accept(command, &[&format!("{flag}=")]);
    }
}
