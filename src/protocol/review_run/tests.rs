//! A round of review by itself: what ends it, what it passes on, what it refuses.

use super::*;
use crate::protocol::epoch::tests::moment;
use ReviewAxis::{Correctness, Elegance, TestQuality};
use VoteType::{Accept, Revise};

const AXES: [ReviewAxis; 3] = [Correctness, TestQuality, Elegance];

/// A round that reports to an epoch: the second one of p10.
fn reporting() -> ReviewRun {
    ReviewRun::new(Some(PhaseId::P10), Some(2), true)
}

/// One that nobody started but for itself.
fn alone() -> ReviewRun {
    ReviewRun::new(Some(PhaseId::P4), None, false)
}

fn cast(axis: ReviewAxis, vote: VoteType) -> VoteCast {
    VoteCast {
        axis,
        vote,
        reviewer_id: "r".to_owned(),
        comment: Some("because".to_owned()),
        phase: None,
        round: None,
    }
}

fn send(run: &mut ReviewRun, event: ReviewRunEvent) -> Result<Option<PassOn>, Refusal> {
    run.apply(moment(1), Envelope::default(), event)
}

fn vote(run: &mut ReviewRun, axis: ReviewAxis, vote: VoteType) -> Option<PassOn> {
    send(run, ReviewRunEvent::Vote(cast(axis, vote))).expect("the vote is taken")
}

fn close(round: u32, verdicts: &[VoteType]) -> ReviewRunEvent {
    let votes = AXES.into_iter().zip(verdicts.iter().copied()).collect();
    ReviewRunEvent::Close { round, votes }
}

/// Applies what must be refused, and change nothing but the record of it.
fn refused(run: &mut ReviewRun, event: ReviewRunEvent) -> RefusalCode {
    let before = run.clone();
    let refusal = send(run, event).expect_err("it is refused");
    assert_eq!(
        run.inbox.refusals.total(),
        before.inbox.refusals.total() + 1
    );
    let after = ReviewRun {
        inbox: before.inbox.clone(),
        ..run.clone()
    };
    assert_eq!(after, before);
    refusal.code
}

#[test]
fn a_vote_is_passed_on_with_the_phase_and_round_it_was_cast_in() {
    let mut run = reporting();
    for (number, axis) in (1..).zip(AXES) {
        let passed_on = vote(&mut run, axis, Accept).expect("there is an epoch");
        let expected = VoteCast {
            phase: Some(PhaseId::P10),
            round: Some(2),
            ..cast(axis, Accept)
        };
        assert_eq!((passed_on.number, passed_on.vote), (number, expected));
    }
    assert_eq!(run.closed, None, "that is the epoch's to say");
}

#[test]
fn a_vote_for_another_review_is_refused() {
    let meant = |phase, round| {
        ReviewRunEvent::Vote(VoteCast {
            phase,
            round,
            ..cast(Elegance, Accept)
        })
    };
    for (phase, round) in [
        (Some(PhaseId::P4), None),
        (Some(PhaseId::P4), Some(2)),
        (None, Some(1)),
        (Some(PhaseId::P10), Some(3)),
    ] {
        let code = refused(&mut reporting(), meant(phase, round));
        assert_eq!(code, RefusalCode::RoundClosed, "{phase:?} {round:?}");
    }
    for (phase, round) in [(Some(PhaseId::P10), None), (Some(PhaseId::P10), Some(2))] {
        assert!(send(&mut reporting(), meant(phase, round)).is_ok());
    }
    // One that is of no phase of ours takes what comes.
    let mut other = ReviewRun::new(None, None, true);
    let passed_on = send(&mut other, meant(None, Some(7))).unwrap().unwrap();
    assert_eq!((passed_on.vote.phase, passed_on.vote.round), (None, None));
    assert_eq!(other.shown_phase(), PhaseId::P4);
}

#[test]
fn the_epoch_says_how_a_round_ended_and_has_the_say_over_its_votes() {
    for (verdicts, reason) in [
        (&[Accept, Accept, Accept][..], CloseReason::Consensus),
        (&[Accept, Revise], CloseReason::Revise),
        (&[Accept], CloseReason::Left),
        (&[], CloseReason::Left),
    ] {
        let mut run = reporting();
        vote(&mut run, Elegance, Revise);
        assert_eq!(
            refused(&mut run, close(1, verdicts)),
            RefusalCode::RoundClosed
        );
        assert_eq!(send(&mut run, close(2, verdicts)), Ok(None));
        assert_eq!(run.closed, Some(reason), "{verdicts:?}");
        assert_eq!(run.votes.len(), verdicts.len());
        assert_eq!(run.is_consensus(), reason == CloseReason::Consensus);
    }
}

#[test]
fn alone_it_ends_with_the_third_axis_and_the_last_vote_of_each_counts() {
    for (last, reason) in [
        (Accept, CloseReason::Consensus),
        (Revise, CloseReason::Revise),
    ] {
        let mut run = alone();
        assert_eq!(vote(&mut run, Correctness, Revise), None);
        assert_eq!(vote(&mut run, Correctness, Accept), None);
        assert_eq!(vote(&mut run, TestQuality, Accept), None);
        assert_eq!(run.closed, None);
        assert_eq!(vote(&mut run, Elegance, last), None);
        assert_eq!(run.closed, Some(reason));
    }
}

#[test]
fn a_round_whose_epoch_is_gone_ends_as_if_it_stood_alone() {
    let mut run = reporting();
    vote(&mut run, Correctness, Accept);
    vote(&mut run, TestQuality, Accept);
    assert_eq!(send(&mut run, ReviewRunEvent::LoseEpoch), Ok(None));
    assert_eq!(run.closed, None);
    assert_eq!(
        vote(&mut run, Elegance, Accept),
        None,
        "there is nobody to tell"
    );
    assert_eq!(run.closed, Some(CloseReason::Consensus));

    let mut complete = reporting();
    for axis in AXES {
        vote(&mut complete, axis, Accept);
    }
    assert_eq!(send(&mut complete, ReviewRunEvent::LoseEpoch), Ok(None));
    assert_eq!(complete.closed, Some(CloseReason::Consensus));
}

#[test]
fn what_is_over_takes_no_more() {
    for reason in [CloseReason::Deadline, CloseReason::Lost] {
        let mut run = reporting();
        assert_eq!(send(&mut run, ReviewRunEvent::End(reason)), Ok(None));
        for event in [
            ReviewRunEvent::Vote(cast(Elegance, Accept)),
            close(2, &[]),
            ReviewRunEvent::End(CloseReason::Deadline),
        ] {
            assert_eq!(refused(&mut run, event), RefusalCode::AlreadyFinished);
        }
        assert_eq!(run.closed, Some(reason));
    }
}

#[test]
fn what_is_too_long_or_unreadable_is_refused() {
    let mut run = reporting();
    let long = VoteCast {
        reviewer_id: "r".repeat(TEXT + 1),
        ..cast(Elegance, Accept)
    };
    assert_eq!(
        refused(&mut run, ReviewRunEvent::Vote(long)),
        RefusalCode::TooLong
    );
    let long = VoteCast {
        comment: Some("c".repeat(LONG_TEXT + 1)),
        ..cast(Elegance, Accept)
    };
    assert_eq!(
        refused(&mut run, ReviewRunEvent::Vote(long)),
        RefusalCode::TooLong
    );
    let garbage = ReviewRunEvent::Malformed {
        message: "submit_vote".to_owned(),
        why: "it is no JSON".to_owned(),
    };
    assert_eq!(refused(&mut run, garbage), RefusalCode::Malformed);
}

#[test]
fn a_repeated_message_is_passed_on_once() {
    let mut run = reporting();
    let envelope = || Envelope {
        request_id: Some("once".to_owned()),
        fingerprint: "f".to_owned(),
        actor: None,
    };
    let event = || ReviewRunEvent::Vote(cast(Elegance, Accept));
    assert!(run.apply(moment(1), envelope(), event()).unwrap().is_some());
    assert_eq!(run.apply(moment(2), envelope(), event()), Ok(None));
    assert_eq!(run.passed_on, 1);
}
