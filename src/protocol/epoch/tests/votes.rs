//! Votes: which counts, where, and for which round.

use super::*;

#[test]
fn the_last_vote_of_an_axis_counts() {
    let mut scene = Scene::at(P4);
    scene.ok(vote(Elegance, Accept));
    scene.ok(vote(Elegance, Revise));
    assert_eq!(scene.state().votes.verdict(Elegance), Some(Revise));
    scene.ok(Event::SubmitVote(VoteCast {
        axis: Elegance,
        vote: Accept,
        reviewer_id: "another".to_owned(),
        comment: Some("better now".to_owned()),
        phase: None,
        round: None,
    }));
    let kept = &scene.state().votes.0[&Elegance];
    assert_eq!(
        (kept.vote, &*kept.reviewer_id, kept.at),
        (Accept, "another", scene.now())
    );
    assert_eq!(scene.state().votes.0.len(), 1);
    let round = scene.state().open_round().unwrap();
    assert_eq!(
        round.votes[&Elegance].comment.as_deref(),
        Some("better now")
    );
}

#[test]
fn a_vote_outside_the_reviews_is_shown_flagged_and_cleared_by_the_next_advance() {
    for phase in PHASES
        .into_iter()
        .filter(|phase| !phase.is_review() && *phase != Complete)
    {
        let mut scene = Scene::at(phase);
        let note = scene.note(vote(Correctness, Accept)).unwrap();
        assert!(note.contains("not counted in this phase"), "{note}");
        assert_eq!(scene.state().votes.verdict(Correctness), Some(Accept));
        assert!(
            scene
                .state()
                .rounds
                .iter()
                .all(|round| round.closed_at.is_some())
        );
        // A refused advance clears nothing.
        scene.refused(advance(P1));
        assert_eq!(scene.state().votes.0.len(), 1);
        scene.ok(advance(targets(phase)[0]));
        assert!(scene.state().votes.0.is_empty(), "{phase}");
    }
}

#[test]
fn a_vote_before_a_review_does_not_count_in_it() {
    let mut scene = Scene::at(P3);
    scene.accept_all();
    scene.ok(advance(P4));
    assert_eq!(
        scene.refused(advance(P5)).code,
        RefusalCode::ConsensusMissing
    );
}

#[test]
fn a_vote_in_a_review_has_no_note() {
    for phase in [P4, P10] {
        assert_eq!(Scene::at(phase).note(vote(Correctness, Revise)), None);
    }
}

#[test]
fn a_vote_may_name_the_open_round_and_no_other() {
    let mut scene = Scene::at(P4);
    scene.ok(cast(Correctness, Accept, Some(1)));
    for closed in [0, 2, u32::MAX] {
        let refusal = scene.refused(cast(Correctness, Revise, Some(closed)));
        assert_eq!(refusal.code, RefusalCode::RoundClosed);
    }
    scene.ok(advance(P3));
    assert_eq!(
        scene.refused(cast(Correctness, Revise, Some(1))).code,
        RefusalCode::RoundClosed
    );
    scene.ok(advance(P4));
    assert_eq!(
        scene.refused(cast(Correctness, Revise, Some(1))).code,
        RefusalCode::RoundClosed
    );
    assert!(scene.state().votes.0.is_empty());
    scene.ok(cast(Correctness, Revise, Some(2)));
    assert_eq!(scene.state().votes.verdict(Correctness), Some(Revise));
}

/// Each review phase counts its rounds from one, so the number alone would let a vote that
/// comes late from round 1 of p4 pass for one on round 1 of p10.
#[test]
fn a_vote_for_another_phase_is_refused_even_if_its_round_has_the_open_ones_number() {
    for (open, other) in [(P4, P10), (P10, P4)] {
        for round in [None, Some(1)] {
            let mut scene = Scene::at(open);
            let refusal = scene.refused(cast_for(Elegance, Accept, Some(other), round));
            assert_eq!(refusal.code, RefusalCode::RoundClosed);
            assert!(
                refusal.why.contains(&format!("of {open} is open")),
                "{refusal}"
            );
            assert!(refusal.why.contains(&format!("{other};")), "{refusal}");
            scene.ok(cast_for(Elegance, Accept, Some(open), round));
            assert_eq!(scene.state().votes.verdict(Elegance), Some(Accept));
        }
    }
    for phase in [P4, P10, P5] {
        let refusal = Scene::at(P5).refused(cast_for(Elegance, Accept, Some(phase), None));
        assert_eq!(refusal.code, RefusalCode::RoundClosed, "no round is open");
    }
}

#[test]
fn an_explicit_round_is_refused_where_none_is_open() {
    for phase in PHASES
        .into_iter()
        .filter(|phase| !phase.is_review() && *phase != Complete)
    {
        let mut scene = Scene::at(phase);
        for round in [0, 1, 2] {
            let refusal = scene.refused(cast(TestQuality, Accept, Some(round)));
            assert_eq!(refusal.code, RefusalCode::RoundClosed, "{phase}");
        }
    }
}

#[test]
fn votes_are_cleared_by_every_accepted_advance() {
    for (from, to, ..) in CONTRACT {
        let mut scene = Scene::at(from);
        scene.accept_all();
        scene.ok(advance(to));
        assert!(scene.state().votes.0.is_empty(), "{from} → {to}");
    }
}
