//! The gates: consensus, blockers, slices, the cap on rounds; and what is offered.

use super::*;
use crate::protocol::finding::SeverityLevel::{Important, Minor};

/// Every combination of verdicts, an axis without a vote included.
fn verdicts() -> impl Iterator<Item = [Option<VoteType>; 3]> {
    const ONE: [Option<VoteType>; 3] = [None, Some(Accept), Some(Revise)];
    ONE.into_iter().flat_map(|a| {
        ONE.into_iter()
            .flat_map(move |b| ONE.into_iter().map(move |c| [a, b, c]))
    })
}

fn cast_all(scene: &mut Scene, verdicts: [Option<VoteType>; 3]) {
    for (axis, verdict) in AXES.into_iter().zip(verdicts) {
        if let Some(verdict) = verdict {
            scene.ok(vote(axis, verdict));
        }
    }
}

#[test]
fn only_three_accepts_open_the_way_forward_and_the_way_back_is_always_open() {
    for (review, forward, back) in [(P4, P5, P3), (P10, P11, P9)] {
        for verdicts in verdicts() {
            let mut scene = Scene::at(review);
            cast_all(&mut scene, verdicts);
            let consensus = verdicts == [Some(Accept); 3];
            let wanted = if consensus {
                vec![forward, back]
            } else {
                vec![back]
            };
            assert_eq!(scene.available(), wanted, "{review} {verdicts:?}");
            if consensus {
                scene.clone().ok(advance(forward));
            } else {
                let refusal = scene.refused(advance(forward));
                assert_eq!(refusal.code, RefusalCode::ConsensusMissing, "{refusal}");
                for (axis, verdict) in AXES.into_iter().zip(verdicts) {
                    let named = refusal.why.contains(&axis.to_string());
                    assert_eq!(named, verdict != Some(Accept), "{axis}: {refusal}");
                }
            }
            scene.ok(advance(back));
        }
    }
}

#[test]
fn a_revise_hides_the_way_forward_whatever_else_holds() {
    for axis in AXES {
        let mut scene = Scene::at(P10);
        scene.accept_all();
        scene.ok(vote(axis, Revise));
        assert_eq!(scene.available(), [P9]);
        scene.ok(blocker("b1"));
        assert_eq!(scene.available(), [P9]);
        scene.ok(resolve("b1"));
        assert_eq!(scene.available(), [P9]);
        // The last vote of an axis counts, in the open round too.
        scene.ok(vote(axis, Accept));
        assert_eq!(scene.available(), [P11, P9]);
        scene.ok(advance(P11));
    }
}

#[test]
fn a_revise_outside_the_reviews_hides_nothing() {
    for phase in PHASES
        .into_iter()
        .filter(|phase| !phase.is_review() && *phase != Complete)
    {
        let mut scene = Scene::at(phase);
        let offered = scene.available();
        assert_eq!(offered, targets(phase), "{phase}");
        scene.ok(vote(Correctness, Revise));
        assert_eq!(scene.available(), offered, "{phase}");
    }
}

#[test]
fn the_ways_back_need_no_vote_and_no_gate() {
    for (from, to) in [(P4, P3), (P5, P3), (P10, P9), (P11, P9)] {
        let mut bare = Scene::at(from);
        bare.ok(advance(to));
        let mut agreed = Scene::at(from);
        agreed.accept_all();
        agreed.ok(advance(to));
        let mut blocked = Scene::at(from);
        blocked.ok(blocker("b1"));
        assert_eq!(blocked.available().last(), Some(&to));
        blocked.ok(advance(to));
        assert_eq!(blocked.state().phase, to);
    }
}

#[test]
fn open_blockers_close_the_way_out_of_p10_and_lesser_findings_do_not() {
    let mut scene = Scene::at(P10);
    scene.accept_all();
    scene.ok(finding("i1", Important));
    scene.ok(finding("m1", Minor));
    assert_eq!(scene.available(), [P11, P9]);
    scene.ok(blocker("b1"));
    scene.ok(blocker("b2"));
    assert_eq!(scene.available(), [P9]);
    let refusal = scene.refused(advance(P11));
    assert_eq!(refusal.code, RefusalCode::BlockersOpen);
    assert!(
        refusal.why.contains("b1") && refusal.why.contains("b2"),
        "{refusal}"
    );
    scene.ok(resolve("b1"));
    assert_eq!(scene.available(), [P9]);
    let refusal = scene.refused(advance(P11));
    assert!(
        !refusal.why.contains("b1") && refusal.why.contains("b2"),
        "{refusal}"
    );
    scene.ok(resolve("b2"));
    assert_eq!(scene.available(), [P11, P9]);
    scene.ok(advance(P11));
}

#[test]
fn blockers_gate_no_other_step() {
    let mut scene = Scene::new();
    scene.ok(blocker("b1"));
    let mut scene = scene.moved_to(P10);
    assert_eq!(
        scene.state().blocker_count(),
        1,
        "a blocker of p1 still counts in p10"
    );
    scene.accept_all();
    assert_eq!(scene.refused(advance(P11)).code, RefusalCode::BlockersOpen);
    scene.ok(resolve("b1"));
    scene.ok(advance(P11));
    scene.ok(blocker("b2"));
    scene.moved_to(Complete);
}

#[test]
fn unsettled_slices_close_the_way_out_of_p9_and_are_named() {
    let mut scene = Scene::at(P9);
    assert_eq!(
        scene.available(),
        [P10],
        "an epoch without slices has nothing to wait for"
    );
    scene.ok(plan(&["a", "b<a", "c", "d"]));
    scene.ok(report("c", 1, false));
    scene.ok(report("d", 1, true));
    assert_eq!(scene.available(), []);
    let refusal = scene.refused(advance(P10));
    assert_eq!(refusal.code, RefusalCode::SlicesUnfinished);
    for named in ["a (running)", "b (waiting)", "c (failed)"] {
        assert!(refusal.why.contains(named), "{refusal}");
    }
    assert!(
        !refusal.why.contains('d') || !refusal.why.contains("d ("),
        "{refusal}"
    );
    // What helps is a command that can be typed as it is.
    for helps in [
        "`aura-msg slice list`",
        "let those that run and wait finish",
        "`aura-msg slice retry --slice-id c`",
        "`aura-msg slice waive --slice-id c --reason WHY`",
    ] {
        assert!(refusal.fix.contains(helps), "{refusal}");
    }
    scene.ok(waive("c"));
    scene.ok(report("a", 1, true));
    assert_eq!(
        scene.refused(advance(P10)).code,
        RefusalCode::SlicesUnfinished
    );
    scene.ok(report("b", 1, true));
    assert_eq!(scene.available(), [P10]);
    scene.ok(advance(P10));
}

#[test]
fn slices_known_by_their_progress_alone_never_gate() {
    use crate::protocol::event::Progress;
    let mut scene = Scene::at(P9);
    scene.ok(Event::ReportProgress(Progress {
        slice_id: "undeclared".to_owned(),
        leaf_task_id: "t1".to_owned(),
        stage_name: "execute".to_owned(),
        completed: false,
    }));
    assert_eq!(scene.state().progress.total(), 1);
    assert_eq!(scene.available(), [P10]);
    scene.ok(advance(P10));
}

/// From the phase before a review, through a round without consensus, back again.
fn round(scene: &mut Scene, review: PhaseId) {
    let before = scene.state().phase;
    scene.ok(advance(review));
    scene.ok(vote(Correctness, Revise));
    scene.ok(advance(before));
}

#[test]
fn the_cap_refuses_the_entry_into_a_further_round() {
    for (before, review, forward) in [(P3, P4, P5), (P9, P10, P11)] {
        let capped = Settings {
            max_rounds: Some(2),
            ..Settings::default()
        };
        let mut scene = Scene::with(capped).moved_to(before);
        round(&mut scene, review);
        assert_eq!(scene.available(), [review]);
        round(&mut scene, review);
        assert_eq!(scene.available(), []);
        assert_eq!(scene.refused(advance(review)).code, RefusalCode::MaxRounds);
        // A reason must be given, and passing once is passing once.
        assert_eq!(
            scene.refused(overriding(review, "")).code,
            RefusalCode::MaxRounds
        );
        assert_eq!(
            scene.refused(overriding(review, " \t")).code,
            RefusalCode::MaxRounds
        );
        scene.ok(overriding(review, "people agreed"));
        scene.ok(advance(before));
        assert_eq!(scene.refused(advance(review)).code, RefusalCode::MaxRounds);
        scene.ok(overriding(review, "people agreed again"));
        // A consensus starts the count anew.
        scene.accept_all();
        scene.ok(advance(forward));
        scene.ok(advance(before));
        assert_eq!(scene.available(), [review]);
        round(&mut scene, review);
        round(&mut scene, review);
        assert_eq!(scene.refused(advance(review)).code, RefusalCode::MaxRounds);
    }
}

#[test]
fn each_review_phase_counts_its_own_rounds() {
    let capped = Settings {
        max_rounds: Some(2),
        ..Settings::default()
    };
    let mut scene = Scene::with(capped).moved_to(P3);
    round(&mut scene, P4);
    let mut scene = scene.moved_to(P9);
    round(&mut scene, P10);
    assert_eq!(scene.available(), [P10]);
    round(&mut scene, P10);
    assert_eq!(scene.available(), []);
}

#[test]
fn without_a_cap_rounds_go_on() {
    let mut scene = Scene::at(P3);
    for _ in 0..30 {
        round(&mut scene, P4);
    }
    assert_eq!(scene.available(), [P4]);
    assert_eq!(scene.state().rounds.total(), 30);
    assert_eq!(
        scene.state().rounds.iter().len(),
        20,
        "the last 20 rounds are kept"
    );
}

#[test]
fn an_override_passes_the_cap_alone() {
    let mut scene = Scene::at(P4);
    assert_eq!(
        scene.refused(overriding(P5, "because")).code,
        RefusalCode::ConsensusMissing
    );
    assert_eq!(
        scene.refused(overriding(P6, "because")).code,
        RefusalCode::TransitionNotAllowed
    );
    let mut scene = Scene::at(P9);
    scene.ok(plan(&["a"]));
    assert_eq!(
        scene.refused(overriding(P10, "because")).code,
        RefusalCode::SlicesUnfinished
    );
    scene.ok(report("a", 1, true));
    scene.ok(overriding(P10, "because"));
    scene.ok(blocker("b1"));
    scene.accept_all();
    assert_eq!(
        scene.refused(overriding(P11, "because")).code,
        RefusalCode::BlockersOpen
    );
}
