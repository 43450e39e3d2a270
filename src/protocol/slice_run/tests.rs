//! One run of a slice by itself: what starts it, what ends it, what it refuses.

use super::*;
use crate::protocol::epoch::tests::{moment, request};

fn config() -> ExecutionConfig {
    request("s", &[]).config
}

/// A run that has not been told how it is carried out.
fn waiting() -> SliceRun {
    SliceRun::new("e".to_owned(), "s".to_owned(), None)
}

fn start(slice_id: &str, epoch_id: &str) -> SliceRunEvent {
    SliceRunEvent::Start {
        slice_id: slice_id.to_owned(),
        epoch_id: epoch_id.to_owned(),
        config: config(),
    }
}

fn complete(slice_id: &str, output: &str) -> SliceRunEvent {
    SliceRunEvent::Complete {
        slice_id: slice_id.to_owned(),
        outcome: outcome(output),
    }
}

fn outcome(output: &str) -> SliceOutcome {
    SliceOutcome::succeeded(output.to_owned())
}

fn review(number: u32, feedback: &str) -> SliceRunEvent {
    SliceRunEvent::Review(ReviewCycle {
        number,
        feedback: feedback.to_owned(),
    })
}

fn send(run: &mut SliceRun, event: SliceRunEvent) -> Result<(), Refusal> {
    run.apply(moment(1), Envelope::default(), event)
}

/// Applies what must be refused, and change nothing but the record of it.
fn refused(run: &mut SliceRun, event: SliceRunEvent) -> RefusalCode {
    let before = run.clone();
    let refusal = send(run, event).expect_err("it is refused");
    assert_eq!(
        run.inbox.refusals.total(),
        before.inbox.refusals.total() + 1
    );
    let after = SliceRun {
        inbox: before.inbox.clone(),
        ..run.clone()
    };
    assert_eq!(after, before);
    refusal.code
}

#[test]
fn it_is_told_once_how_it_is_carried_out() {
    let mut run = waiting();
    assert_eq!(
        refused(&mut run, start("another", "e")),
        RefusalCode::SliceMismatch
    );
    assert_eq!(
        refused(&mut run, start("s", "another")),
        RefusalCode::EpochMismatch
    );
    assert_eq!(send(&mut run, start("s", "e")), Ok(()));
    assert_eq!(run.config, Some(config()));
    assert_eq!(refused(&mut run, start("s", "e")), RefusalCode::SliceState);
    let mut told = SliceRun::new("e".to_owned(), "s".to_owned(), Some(config()));
    assert_eq!(
        refused(&mut told, start("s", "e")),
        RefusalCode::SliceState,
        "its input has told it"
    );
}

#[test]
fn whoever_ends_it_first_has_the_say() {
    let ends = [
        complete("s", "outside"),
        SliceRunEvent::Executed(outcome("command")),
    ];
    for (first, second) in [(0, 1), (1, 0)] {
        // Somebody outside may end it before it was started, too.
        for mut run in [
            waiting(),
            SliceRun::new("e".to_owned(), "s".to_owned(), Some(config())),
        ] {
            assert_eq!(send(&mut run, ends[first].clone()), Ok(()));
            let end = run.outcome.clone();
            assert!(end.is_some());
            for late in [ends[second].clone(), start("s", "e"), review(1, "late")] {
                assert_eq!(refused(&mut run, late), RefusalCode::AlreadyFinished);
            }
            assert_eq!(run.outcome, end);
        }
    }
}

#[test]
fn it_is_completed_under_its_own_name_alone() {
    assert_eq!(
        refused(&mut waiting(), complete("another", "")),
        RefusalCode::SliceMismatch
    );
}

#[test]
fn it_goes_through_three_rounds_of_review() {
    let mut run = waiting();
    for number in 1..=3 {
        assert_eq!(send(&mut run, review(number, "names")), Ok(()));
    }
    assert_eq!(refused(&mut run, review(4, "more")), RefusalCode::MaxCycles);
    let numbers: Vec<u32> = run.cycles.iter().map(|cycle| cycle.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(run.cycles[0].feedback, "names");
}

#[test]
fn what_is_too_long_or_unreadable_is_refused() {
    let (text, long) = ("x".repeat(TEXT + 1), "x".repeat(LONG_TEXT + 1));
    for event in [
        start(&text, "e"),
        start("s", &text),
        complete("s", &long),
        review(1, &long),
    ] {
        assert_eq!(refused(&mut waiting(), event), RefusalCode::TooLong);
    }
    let garbage = SliceRunEvent::Malformed {
        message: "review_cycle".to_owned(),
        why: "it is no JSON".to_owned(),
    };
    assert_eq!(refused(&mut waiting(), garbage), RefusalCode::Malformed);
    // What its own command said is not a message: it is cut elsewhere, never refused.
    assert_eq!(
        send(&mut waiting(), SliceRunEvent::Executed(outcome(&long))),
        Ok(())
    );
}

#[test]
fn a_repeated_message_takes_effect_once() {
    let mut run = waiting();
    let envelope = || Envelope {
        request_id: Some("once".to_owned()),
        fingerprint: "f".to_owned(),
        actor: None,
    };
    for _ in 0..2 {
        assert_eq!(run.apply(moment(1), envelope(), review(1, "names")), Ok(()));
    }
    assert_eq!(run.cycles.len(), 1);
}

#[test]
fn what_reviewers_say_is_handed_to_the_command_once() {
    let mut run = SliceRun::new("e".to_owned(), "s".to_owned(), Some(config()));
    assert!(!run.begin_round(), "nobody has said anything");
    for number in 1..=2 {
        assert_eq!(send(&mut run, review(number, "more")), Ok(()));
    }
    assert!(run.begin_round());
    assert_eq!((run.round, run.handed), (2, 2));
    assert!(!run.begin_round());
    assert_eq!(send(&mut run, review(3, "last")), Ok(()));
    assert!(run.begin_round());
    assert_eq!((run.round, run.handed), (3, 3));
    assert_eq!(send(&mut run, complete("s", "outside")), Ok(()));
    assert!(!run.begin_round(), "it has its result");
}

#[test]
fn whatever_a_command_said_its_epoch_takes_the_report() {
    let mut run = SliceRun::new("e".to_owned(), "s".to_owned(), Some(config()));
    let long = "x".repeat(100_000);
    let said = SliceOutcome {
        error: Some(long.clone()),
        code: Some("exit_status".to_owned()),
        log: Some(long.clone()),
        ..SliceOutcome::succeeded(format!("{long} the end"))
    };
    assert_eq!(send(&mut run, SliceRunEvent::Executed(said)), Ok(()));
    let kept = run.outcome.unwrap();
    assert!(kept.output.ends_with("the end") && kept.output.len() <= LONG_TEXT);
    assert_eq!(kept.error.map(|error| error.len()), Some(LONG_TEXT));
    assert_eq!(
        (kept.code.as_deref(), kept.log),
        (Some("exit_status"), None)
    );
}
