//! Moving on: the table, what an accepted advance changes, what a refused one does.

use std::collections::BTreeSet;

use super::*;
use crate::protocol::finding::SeverityLevel::{Important, Minor};
use crate::protocol::phase::{Domain, RoleId};
use crate::protocol::table::TABLE;

#[test]
fn an_epoch_begins_in_p1_with_nothing() {
    let scene = Scene::new();
    let state = scene.state();
    assert_eq!((state.phase, state.role), (P1, RoleId::Epoch));
    assert_eq!(
        (state.status, state.started_at),
        (EpochStatus::Running, moment(0))
    );
    assert_eq!((state.blocker_count(), &state.last_error), (0, &None));
    assert!(state.completed_phases.is_empty() && state.votes.0.is_empty());
    assert!(state.severity_groups().is_empty() && state.findings.is_empty());
    assert!(state.slices.0.is_empty() && state.sessions.active.is_empty());
    assert!(state.rounds.last().is_none() && state.open_round().is_none());
    assert_eq!(
        (state.transitions.total(), state.violations.total()),
        (0, 0)
    );
    assert_eq!(
        (state.inbox.refusals.total(), state.inbox.outcomes.total()),
        (0, 0)
    );
}

#[test]
fn the_table_is_the_contracts_word_for_word() {
    let rows: Vec<Row> = TABLE
        .iter()
        .map(|step| (step.from, step.to, step.condition, step.action))
        .collect();
    assert_eq!(rows, CONTRACT);
}

#[test]
fn the_phases_are_the_contracts() {
    use Domain::{Impl, Plan, User};
    use RoleId::{Architect, Epoch, Reviewer, Supervisor, Worker};
    type Wanted = (PhaseId, &'static str, Domain, &'static [RoleId], RoleId);
    let wanted: [Wanted; 12] = [
        (P1, "Request", User, &[Epoch, Architect], Epoch),
        (P2, "Elicit", User, &[Epoch, Architect], Architect),
        (P3, "Propose", Plan, &[Epoch, Architect], Architect),
        (P4, "Review", Plan, &[Epoch, Architect, Reviewer], Reviewer),
        (P5, "Plan UAT", User, &[Epoch, Architect], Architect),
        (P6, "Ratify", Plan, &[Epoch, Architect], Architect),
        (
            P7,
            "Handoff",
            Plan,
            &[Epoch, Architect, Supervisor],
            Supervisor,
        ),
        (P8, "Impl Plan", Impl, &[Epoch, Supervisor], Supervisor),
        (
            P9,
            "Worker Slices",
            Impl,
            &[Epoch, Supervisor, Worker],
            Worker,
        ),
        (
            P10,
            "Code Review",
            Impl,
            &[Epoch, Supervisor, Reviewer],
            Reviewer,
        ),
        (P11, "Impl UAT", User, &[Epoch, Supervisor], Supervisor),
        (P12, "Landing", Impl, &[Epoch, Supervisor], Supervisor),
    ];
    for ((phase, title, domain, owners, acts), number) in wanted.into_iter().zip(1..) {
        let spec = phase.spec().unwrap();
        assert_eq!((spec.id, spec.number, spec.title), (phase, number, title));
        assert_eq!(
            (spec.domain, spec.owners, spec.acts),
            (domain, owners, acts)
        );
    }
    assert!(Complete.spec().is_none() && Complete.domain().is_none());
}

#[test]
fn every_row_of_the_table_can_be_taken() {
    for (from, to, condition, action) in CONTRACT {
        let mut scene = Scene::at(from);
        scene.open_gate();
        let offered = scene.epoch.available_transitions();
        let step = offered.iter().find(|step| step.to == to).unwrap();
        assert_eq!((step.condition, step.action), (condition, action));

        let before = scene.state().clone();
        scene.ok(advance(to));
        let after = scene.state();
        let record = after.transitions.last().unwrap();
        assert_eq!((record.from, record.to, record.at), (from, to, scene.now()));
        assert_eq!(
            (&*record.triggered_by, &*record.condition_met),
            ("tester", "it is time")
        );
        assert!(record.success);
        assert_eq!(after.transitions.total(), before.transitions.total() + 1);
        assert_eq!(
            after.successful_transitions,
            before.successful_transitions + 1
        );
        let mut completed = before.completed_phases;
        completed.insert(from);
        assert_eq!(after.completed_phases, completed);
        assert_eq!(after.phase, to);
        assert_eq!(
            after.role,
            to.spec().map_or(before.role, |spec| spec.acts),
            "{from} → {to}"
        );
        assert!(after.votes.0.is_empty());
        assert_eq!(after.last_error, None);
    }
}

#[test]
fn what_is_not_in_the_table_is_refused_and_only_that_is_said() {
    for from in PHASES {
        for to in PHASES {
            if targets(from).contains(&to) {
                continue;
            }
            let mut scene = Scene::at(from);
            let refusal = scene.refused(advance(to));
            let wanted = match from {
                Complete => RefusalCode::Complete,
                _ => RefusalCode::TransitionNotAllowed,
            };
            assert_eq!(refusal.code, wanted, "{from} → {to}: {refusal}");
            assert!(!refusal.why.contains("; "), "{refusal}");
            assert_eq!(scene.state().violations.total(), reminders(from));
        }
    }
}

/// The reminders a straight path up to `phase` has left.
fn reminders(phase: PhaseId) -> u64 {
    match phase {
        _ if phase < P8 => 0,
        _ if phase < P10 => 1,
        _ => 2,
    }
}

#[test]
fn the_order_of_checks_is_the_contracts() {
    // Complete comes before the table, the table before the gates.
    let mut scene = Scene::at(Complete);
    assert_eq!(scene.refused(advance(P3)).code, RefusalCode::Complete);
    assert_eq!(scene.refused(advance(Complete)).code, RefusalCode::Complete);
    let mut scene = Scene::at(P10);
    scene.ok(blocker("b1"));
    let refusal = scene.refused(advance(P12));
    assert_eq!(refusal.code, RefusalCode::TransitionNotAllowed);
    assert!(!refusal.why.contains("b1"), "{refusal}");

    // The gates accumulate: consensus, then blockers.
    let refusal = scene.refused(advance(P11));
    assert_eq!(refusal.code, RefusalCode::ConsensusMissing);
    let (consensus, blockers) = (
        refusal.why.find("consensus").unwrap(),
        refusal.why.find("b1").unwrap(),
    );
    assert!(
        consensus < blockers && refusal.why.contains("; "),
        "{refusal}"
    );
    scene.accept_all();
    let refusal = scene.refused(advance(P11));
    assert_eq!(refusal.code, RefusalCode::BlockersOpen);
    assert!(!refusal.why.contains("consensus"), "{refusal}");

    // Then slices, then rounds.
    let mut scene = Scene::with(Settings {
        max_rounds: Some(0),
        ..Settings::default()
    });
    scene.ok(advance(P2));
    scene.ok(advance(P3));
    scene.ok(overriding(P4, "for the test"));
    let mut scene = scene.moved_to(P9);
    scene.ok(plan(&["a"]));
    let refusal = scene.refused(advance(P10));
    assert_eq!(refusal.code, RefusalCode::SlicesUnfinished);
    let (slices, rounds) = (
        refusal.why.find("a (running)").unwrap(),
        refusal.why.find("round").unwrap(),
    );
    assert!(slices < rounds && refusal.why.contains("; "), "{refusal}");
    scene.ok(report("a", 1, true));
    assert_eq!(scene.refused(advance(P10)).code, RefusalCode::MaxRounds);
    scene.ok(overriding(P10, "for the test"));
}

#[test]
fn the_last_error_stays_until_an_advance_is_accepted() {
    let mut scene = Scene::new();
    let first = scene.refused(advance(P5)).to_string();
    assert_eq!(scene.state().last_error.as_deref(), Some(&*first));
    scene.ok(vote(Elegance, Revise));
    scene.ok(blocker("b1"));
    scene.refused(resolve("unknown"));
    assert_eq!(scene.state().last_error.as_deref(), Some(&*first));
    let second = scene.refused(advance(P1)).to_string();
    assert_ne!(first, second);
    assert_eq!(scene.state().last_error.as_deref(), Some(&*second));
    scene.ok(advance(P2));
    assert_eq!(scene.state().last_error, None);
    assert_eq!(scene.state().transitions.total(), 3);
    assert_eq!(scene.state().successful_transitions, 1);
}

#[test]
fn a_refusal_is_told_by_the_boolean_and_not_by_its_prefix() {
    let mut scene = Scene::new();
    let said = |condition: &str| {
        Event::AdvancePhase(Advance {
            to: P2,
            triggered_by: String::new(),
            condition_met: condition.to_owned(),
            override_reason: None,
        })
    };
    scene.ok(said("FAILED: not at all"));
    let record = scene.state().transitions.last().unwrap();
    assert!(record.success);
    assert_eq!(record.condition_met, "FAILED: not at all");
    assert_eq!(record.triggered_by, "");
    // Free text may be empty, and is never compared with the table.
    let mut scene = Scene::new();
    scene.ok(said(""));
    assert_eq!(scene.state().phase, P2);
}

#[test]
fn completed_phases_never_shrink_and_may_hold_the_current_one() {
    let mut scene = Scene::at(P11);
    scene.ok(advance(P9));
    let all: BTreeSet<PhaseId> = PHASES[..11].iter().copied().collect();
    assert_eq!(scene.state().completed_phases, all);
    assert!(scene.state().completed_phases.contains(&P9));
    scene.ok(advance(P10));
    assert_eq!(scene.state().completed_phases, all);
}

#[test]
fn the_happy_path_has_twelve_advances_and_two_violations() {
    let scene = Scene::at(Complete);
    let state = scene.state();
    assert_eq!(
        (state.transitions.total(), state.successful_transitions),
        (12, 12)
    );
    assert_eq!(state.violations.total(), 2);
    assert_eq!(state.status, EpochStatus::Complete);
    assert_eq!(state.completed_phases.len(), 12);
    assert!(!state.completed_phases.contains(&Complete));
    assert_eq!(
        state.role,
        RoleId::Supervisor,
        "complete keeps the last role"
    );
    assert_eq!(scene.available(), []);
}

#[test]
fn violations_are_kept_on_refused_advances_too() {
    let mut scene = Scene::at(P4);
    scene.refused(advance(P5));
    assert_eq!(scene.state().violations.total(), 1, "C-review-consensus");
    let mut scene = Scene::at(P10);
    scene.ok(blocker("b1"));
    let before = scene.state().violations.total();
    scene.refused(advance(P11));
    assert_eq!(
        scene.state().violations.total(),
        before + 2,
        "consensus and the blocker gate"
    );
    scene.ok(advance(P9));
    assert_eq!(
        scene.state().violations.total(),
        before + 2,
        "ways back violate nothing"
    );
}

#[test]
fn severity_groups_come_with_the_first_p10_and_stay() {
    let groups = |scene: &Scene| -> Vec<String> {
        let groups = scene.state().severity_groups();
        groups
            .iter()
            .map(|(level, ids)| format!("{level}{ids:?}"))
            .collect()
    };
    let mut scene = Scene::at(P9);
    assert!(groups(&scene).is_empty());
    scene.ok(advance(P10));
    assert_eq!(groups(&scene), ["BLOCKER{}", "IMPORTANT{}", "MINOR{}"]);
    scene.ok(blocker("b1"));
    scene.ok(finding("i1", Important));
    scene.ok(finding("m1", Minor));
    scene.ok(advance(P9));
    let kept = [r#"BLOCKER{"b1"}"#, r#"IMPORTANT{"i1"}"#, r#"MINOR{"m1"}"#];
    assert_eq!(groups(&scene), kept);
    assert_eq!(scene.state().blocker_count(), 1);
    scene.ok(advance(P10));
    assert_eq!(groups(&scene), kept);
    assert_eq!(scene.state().blocker_count(), 1);
}
