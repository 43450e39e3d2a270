//! Scripts: what they mean, and what is told of wrong ones.

use std::time::Duration;

use super::script::{Action, Script};
use super::words::Expected;
use super::{AFTER_HELP, play};
use crate::fuzz::{feed, texts};
use crate::protocol::refusal::RefusalCode;
use crate::protocol::state::EpochStatus;
use crate::protocol::{PhaseId, Word};

#[track_caller]
fn script(text: &str) -> Script {
    match Script::parse(text) {
        Ok(script) => script,
        Err(mistake) => panic!("{mistake:?}\n{text}"),
    }
}

#[track_caller]
fn mistake(text: &str) -> (usize, String) {
    let mistake = Script::parse(text).err().expect("it is refused");
    (mistake.line, mistake.why)
}

/// An event in its own script.
fn event(keys: &str) -> String {
    format!("[[event]]\n{keys}\n")
}

#[test]
fn changed_scripts_are_played_or_refused_at_a_line() {
    let samples = texts([
        include_str!("../../../../../examples/simulate/clean.toml"),
        include_str!("../../../../../examples/simulate/revise.toml"),
    ]);
    feed(&samples, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        match Script::parse(&text) {
            Ok(script) => drop(play::play(&script)),
            Err(mistake) => assert!(mistake.line >= 1, "{mistake:?}"),
        }
    });
}

#[test]
fn an_event_has_a_second_and_is_applied_unless_it_says_otherwise() {
    let script = script(&format!(
        "{}{}",
        event("advance = \"p2\""),
        event("at = \"+5m\"\nadvance = \"p3\"\nexpect = \"refused:max_rounds\"\nphase = \"4\"")
    ));
    let [first, second] = &script.steps[..] else {
        panic!("two events");
    };
    assert_eq!((first.line, second.line), (1, 3));
    assert_eq!(first.later, Duration::from_secs(1));
    assert_eq!(first.expected.value, Expected::Applied);
    assert!(first.phase.is_none());
    assert_eq!(second.later, Duration::from_mins(5));
    assert_eq!(
        second.expected.value,
        Expected::Refused(RefusalCode::MaxRounds)
    );
    assert_eq!(second.expected.line, 6);
    assert_eq!(
        second.phase.as_ref().map(|at| (at.line, at.value)),
        Some((7, PhaseId::P4))
    );
}

#[test]
fn settings_are_as_those_of_a_new_epoch_unless_given() {
    let some = event("advance = \"p2\"");
    let usual = script(&some).settings;
    assert_eq!((usual.max_rounds, usual.parallel_slices), (Some(3), 4));
    let other =
        format!("[settings]\nmax_rounds = \"none\"\nparallel_slices = 1\nfail_fast = true\n{some}");
    let other = script(&other).settings;
    assert_eq!((other.max_rounds, other.parallel_slices), (None, 1));
    assert!(other.fail_fast);
}

#[test]
fn a_text_may_stand_for_a_table() {
    for (short, long) in [
        ("advance = \"P3-Propose\"", "advance = { to = \"3\" }"),
        ("resolve = \"B\"", "resolve = { id = \"B\" }"),
        (
            "slice_finished = \"a\"",
            "slice_finished = { id = \"a\", success = true }",
        ),
        ("cancel_slice = \"a\"", "cancel_slice = { id = \"a\" }"),
        ("retry_slice = \"a\"", "retry_slice = { id = \"a\" }"),
        ("waive_slice = \"a\"", "waive_slice = { id = \"a\" }"),
    ] {
        let of = |keys: &str| match &script(&event(keys)).steps[0].action {
            Action::Event(event) => format!("{event:?}"),
            Action::SliceFinished { outcome, .. } => format!("{outcome:?}"),
        };
        assert_eq!(of(short), of(long));
    }
}

#[test]
fn wrong_scripts_are_told_by_line() {
    for (text, line, why) in [
        ("", 1, "no events"),
        (
            "\n\nx = 1\n",
            3,
            "unknown key 'x'; valid: description, settings, event, expect",
        ),
        (
            "[[event]]\nadvanec = \"p2\"\n",
            2,
            "unknown key 'advanec'; did you mean advance?",
        ),
        (
            "[[event]]\nadvance = \"p13\"\n",
            2,
            "unknown phase 'p13'; valid: p1-request",
        ),
        ("[[event]]\nadvance = 2\n", 2, "a phase, or a table with to"),
        (
            "[[event]]\nadvance = { by = \"me\" }\n",
            2,
            "missing field `to`",
        ),
        (
            "[[event]]\nadvance = { to = \"p2\", form = \"p1\" }\n",
            2,
            "unknown key 'form'",
        ),
        ("\n[[event]]\nat = \"+1s\"\n", 2, "nothing that happens"),
        (
            "[[event]]\nadvance = \"p2\"\ncancel = \"\"\n",
            1,
            "both 'advance p2' and 'cancel'",
        ),
        (
            "[[event]]\nat = \"5m\"\nadvance = \"p2\"\n",
            2,
            "does not begin with +",
        ),
        (
            "[[event]]\nat = \"+soon\"\nadvance = \"p2\"\n",
            2,
            "is no duration",
        ),
        (
            "[[event]]\nadvance = \"p2\"\nexpect = \"refused\"\n",
            3,
            "valid: applied, refused:CODE",
        ),
        (
            "[[event]]\nadvance = \"p2\"\nexpect = \"refused:consensus_mising\"\n",
            3,
            "did you mean consensus_missing?",
        ),
        (
            "[[event]]\nvote = { axis = \"A\", vote = \"ACCEPT\" }\n",
            2,
            "valid: correctness",
        ),
        ("[settings]\nmax_rounds = 0\n", 2, "valid: 1 to"),
        ("[settings]\nmax_rounds = 1.5\n", 2, "or \"none\""),
        ("[settings]\nparallel_slices = 0\n", 2, "nonzero"),
        ("[expect]\nviolations = -1\n", 2, "invalid value"),
        (
            "[expect]\nstatus = \"done\"\n",
            2,
            "valid: running, complete",
        ),
        ("[[event]]\nadvance = \"p2\n", 2, ""),
    ] {
        let (found, told) = mistake(text);
        assert_eq!(found, line, "{text}: {told}");
        assert!(told.contains(why), "{text}: {told}");
        assert!(!told.contains('\n'), "{text}: {told}");
    }
}

#[test]
fn what_the_help_shows_can_be_run() {
    let form = AFTER_HELP.split("\n\nOther events:").next().unwrap();
    let (_, text) = form.split_once(":\n").unwrap();
    // The help tells what else may stand there after the value.
    let played = play::play(&script(text)).unwrap();
    let unmet: Vec<_> = played.unmet().collect();
    assert!(unmet.is_empty(), "{unmet:?}");
    let others = AFTER_HELP.split("Other events:\n").nth(1).unwrap();
    let lines = others.lines().take_while(|line| !line.is_empty());
    for line in lines.filter(|line| !line.contains("_slice = ")) {
        script(&event(line));
    }
}

fn played(keys: &[&str]) -> play::Played {
    let text: String = keys.iter().map(|keys| event(keys)).collect();
    play::play(&script(&text)).unwrap()
}

#[test]
fn slices_run_until_they_are_told_to_have_finished() {
    let mut keys: Vec<String> = Vec::new();
    for phase in ["p2", "p3", "p4"] {
        keys.push(format!("advance = \"{phase}\""));
    }
    for axis in ["correctness", "test_quality", "elegance"] {
        keys.push(format!("vote = {{ axis = \"{axis}\", vote = \"accept\" }}"));
    }
    for phase in ["p5", "p6", "p7", "p8", "p9"] {
        keys.push(format!("advance = \"{phase}\""));
    }
    keys.push("plan = [{ id = \"a\" }, { id = \"b\", after = [\"a\"] }]".to_owned());
    keys.push("advance = \"p10\"\nexpect = \"refused:slices_unfinished\"".to_owned());
    keys.push("slice_finished = \"a\"".to_owned());
    keys.push("cancel = \"enough\"".to_owned());
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let before = played(&keys);
    assert_eq!(before.unmet().next(), None);
    let notes = |number: usize| before.steps[number].notes.join("; ");
    assert_eq!(notes(11), "slice a starts");
    assert_eq!(notes(13), "slice b starts");
    assert!(
        notes(14).contains("slice b is told to stop"),
        "{}",
        notes(14)
    );
    assert_eq!(before.epoch.state().status, EpochStatus::Cancelling);
    let after = played(
        &[
            &keys[..],
            &["slice_finished = { id = \"b\", success = false }"],
        ]
        .concat(),
    );
    assert_eq!(after.epoch.state().status, EpochStatus::Cancelled);
    assert!(
        after.steps[15]
            .notes
            .contains(&"the epoch is cancelled".to_owned())
    );
}

#[test]
fn every_unmet_expectation_is_told_with_its_line() {
    let text = "[[event]]\nadvance = \"p3\"\n\n[[event]]\nadvance = \"p2\"\n\
                expect = \"refused:max_rounds\"\nphase = \"p1\"\n\n\
                [expect]\nphase = \"p3\"\nstatus = \"complete\"\nviolations = 7\n";
    let played = play::play(&script(text)).unwrap();
    let told: Vec<String> = played
        .unmet()
        .map(|unmet| {
            let expected = unmet.expectation();
            format!("{}: {expected}, not {}", unmet.line, unmet.found)
        })
        .collect();
    assert_eq!(
        told,
        [
            "1: applied for 'advance p3', not refused:transition_not_allowed: no step leads \
             from p1 to p3",
            "6: refused:max_rounds for 'advance p2', not applied",
            "7: phase p1 for 'advance p2', not phase p2",
            "10: phase p3 at the end, not phase p2",
            "11: status complete at the end, not status running",
            "12: violations 7 at the end, not violations 0",
        ]
    );
}

/// A refusal code that a script expects must be one that can be written.
#[test]
fn every_refusal_code_can_be_expected() {
    for code in RefusalCode::ALL {
        let text = event(&format!(
            "advance = \"p2\"\nexpect = \"refused:{}\"",
            code.word()
        ));
        assert_eq!(
            script(&text).steps[0].expected.value,
            Expected::Refused(*code)
        );
    }
}

#[test]
fn what_the_docs_show_can_be_run() {
    let docs = include_str!("../../../../../docs/simulate.md");
    let text = docs.split("```toml file=\"login.toml\"\n").nth(1).unwrap();
    let played = play::play(&script(text.split("```").next().unwrap())).unwrap();
    assert_eq!(played.unmet().next(), None);
}
