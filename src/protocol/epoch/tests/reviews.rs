//! Review rounds: opened by an entry, told once that they are over, kept with their
//! votes.

use super::*;
use crate::protocol::event::{MissedVote, ReviewLost, ReviewReport};
use crate::protocol::review::{CloseReason, Round};

fn last(scene: &Scene) -> &Round {
    scene.state().rounds.last().unwrap()
}

fn finished(phase: PhaseId, round: u32, reason: CloseReason) -> Event {
    let success = reason == CloseReason::Consensus;
    Event::FinishReview(ReviewReport {
        phase,
        round,
        success,
        reason,
    })
}

#[test]
fn each_entry_opens_a_round_of_its_own() {
    let mut scene = Scene::at(P3);
    for number in 1..=3 {
        let effects = scene.ok(advance(P4));
        assert!(brief(&effects).contains(&format!("open p4 r{number}")));
        let round = last(&scene);
        assert_eq!(
            (round.phase, round.number, round.opened_at),
            (P4, number, scene.now())
        );
        assert!(round.has_child && round.closed_at.is_none() && round.votes.is_empty());
        scene.ok(vote(Correctness, Revise));
        scene.ok(advance(P3));
        assert_eq!(last(&scene).closed_at, Some(scene.now()));
        assert_eq!(
            last(&scene).verdicts().get(&Correctness),
            Some(&Revise),
            "kept"
        );
        assert!(scene.state().open_round().is_none());
    }
    let scene = scene.moved_to(P10);
    assert_eq!(
        (last(&scene).phase, last(&scene).number),
        (P10, 1),
        "each phase counts its own"
    );
}

#[test]
fn the_childs_id_is_the_contracts() {
    let id = EpochId::parse(EPOCH).unwrap();
    assert_eq!(id.review_workflow_id(P4, 1), "e1-review-p4");
    assert_eq!(id.review_workflow_id(P10, 2), "e1-review-p10-r2");
}

#[test]
fn a_review_is_told_once_why_it_is_over() {
    use CloseReason::{Consensus, Left, Revise as Revised};
    let accept = |axis| vote(axis, Accept);
    let cases: [(&str, Vec<Event>, CloseReason); 5] = [
        (
            "consensus",
            AXES.into_iter().map(accept).collect(),
            Consensus,
        ),
        ("a revise", vec![vote(Elegance, Revise)], Revised),
        (
            "a revise, overwritten",
            [Revise, Accept].map(|v| vote(Elegance, v)).into(),
            Revised,
        ),
        ("nothing", vec![], Left),
        ("an accept", vec![vote(Elegance, Accept)], Left),
    ];
    for (case, votes, reason) in cases {
        let mut scene = Scene::at(P4);
        let start = scene.effects.len();
        for event in votes {
            scene.ok(event);
        }
        if reason != Left {
            assert_eq!(last(&scene).review_closed, Some(reason), "{case}");
        }
        scene.ok(advance(P3));
        let told = brief(&scene.effects[start..]);
        assert_eq!(
            told.iter().filter(|line| *line == "close p4 r1").count(),
            1,
            "{case}"
        );
        assert_eq!(
            told.iter().filter(|line| *line == "review_closed").count(),
            1,
            "{case}"
        );
        assert_eq!(last(&scene).review_closed, Some(reason), "{case}");
    }
}

#[test]
fn votes_count_after_the_review_was_told_and_until_the_phase_is_left() {
    let mut scene = Scene::at(P4);
    scene.ok(vote(Elegance, Revise));
    scene.accept_all();
    assert_eq!(
        last(&scene).verdicts(),
        AXES.map(|axis| (axis, Accept)).into()
    );
    scene.ok(advance(P5));
}

#[test]
fn a_review_that_ended_by_itself_is_not_told() {
    let reports = [
        finished(P4, 1, CloseReason::Deadline),
        Event::LoseReview(ReviewLost {
            phase: P4,
            round: 1,
            why: "gone".to_owned(),
        }),
    ];
    for (report, reason) in reports
        .into_iter()
        .zip([CloseReason::Deadline, CloseReason::Lost])
    {
        let mut scene = Scene::at(P4);
        let start = scene.effects.len();
        scene.ok(report.clone());
        scene.ok(report);
        assert_eq!(last(&scene).review_closed, Some(reason));
        // The epoch's own tally goes on.
        scene.accept_all();
        scene.ok(advance(P5));
        let told = brief(&scene.effects[start..]);
        assert!(!told.contains(&"close p4 r1".to_owned()), "{told:?}");
        assert_eq!(
            told.iter().filter(|line| *line == "review_closed").count(),
            1
        );
    }
}

#[test]
fn a_stale_report_of_a_review_changes_nothing() {
    let mut scene = Scene::at(P4);
    scene.ok(vote(Correctness, Revise));
    scene.ok(advance(P3));
    scene.ok(advance(P4));
    let before = scene.state().clone();
    for event in [
        finished(P4, 1, CloseReason::Deadline),
        finished(P4, 3, CloseReason::Consensus),
        finished(P10, 2, CloseReason::Consensus),
        Event::LoseReview(ReviewLost {
            phase: P4,
            round: 1,
            why: String::new(),
        }),
    ] {
        assert_eq!(scene.ok(event), []);
    }
    assert_eq!(*scene.state(), before);
}

#[test]
fn a_reported_consensus_is_not_the_epochs() {
    let mut scene = Scene::at(P4);
    scene.ok(finished(P4, 1, CloseReason::Consensus));
    assert_eq!(scene.available(), [P3]);
    assert_eq!(
        scene.refused(advance(P5)).code,
        RefusalCode::ConsensusMissing
    );
}

#[test]
fn where_the_childs_id_would_be_too_long_the_round_goes_without_and_says_so() {
    // `-review-p4` are ten bytes, `-review-p10` are eleven.
    let mut scene = Scene::named(&"e".repeat(990), Settings::default()).moved_to(P3);
    assert_eq!(scene.note(advance(P4)), None);
    scene.ok(advance(P3));
    let note = scene.note(advance(P4)).unwrap();
    assert!(note.contains("no review workflow"), "{note}");
    assert!(!last(&scene).has_child);
    let start = scene.effects.len();
    scene.accept_all();
    assert_eq!(last(&scene).review_closed, Some(CloseReason::Consensus));
    scene.ok(advance(P5));
    let told = brief(&scene.effects[start..]);
    assert!(
        !told.iter().any(|line| line.starts_with("close")),
        "nobody is there: {told:?}"
    );
    assert!(
        told.contains(&"review_closed".to_owned()),
        "the trail has it all the same"
    );
}

fn missed(phase: PhaseId, round: u32) -> Event {
    Event::MissVote(MissedVote {
        phase,
        round,
        axis: Correctness,
        reviewer_id: "runner:r".to_owned(),
        why: "it crashed".to_owned(),
    })
}

#[test]
fn a_reviewer_that_did_not_vote_is_known_until_somebody_votes() {
    let mut scene = Scene::at(P4);
    let effects = scene.ok(missed(P4, 1));
    assert_eq!(brief(&effects), ["vote_missed"]);
    let known = last(&scene).missed.get(&Correctness).unwrap();
    assert_eq!((known.why.as_str(), known.at), ("it crashed", scene.now()));
    scene.ok(vote(Correctness, Accept));
    assert!(last(&scene).missed.is_empty());
    for late in [missed(P4, 1), missed(P4, 2), missed(P10, 1)] {
        assert!(brief(&scene.ok(late)).is_empty(), "nobody waits for it");
        assert!(last(&scene).missed.is_empty());
    }
}
