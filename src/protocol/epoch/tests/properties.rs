//! What holds for every run of messages, however senseless or hostile.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::arbitrary::{Step, cases, config, run, settings};
use super::*;
use crate::protocol::words::Word;

/// Plays a run; `see` gets each message with the epoch before and after it.
fn play(
    settings: Settings,
    steps: &[Step],
    mut see: impl FnMut(&Epoch, &Message, &Answer, &Scene),
) -> Scene {
    let mut scene = Scene::with(settings);
    for step in steps {
        for message in step.messages(scene.state()) {
            let before = scene.epoch.clone();
            let answer = scene.send(message.clone());
            see(&before, &message, &answer, &scene);
        }
    }
    scene
}

/// What must be true of an epoch at any moment.
fn assert_sound(state: &State) {
    let State {
        phase,
        status,
        slices,
        settings,
        ..
    } = state;
    let running = slices.in_state(SliceState::Running).count();
    let limit = usize::try_from(settings.parallel_slices.max(1)).unwrap();

    assert_eq!(*status == EpochStatus::Complete, *phase == Complete);
    let last_acting = if *phase == Complete { P12 } else { *phase };
    assert_eq!(state.role, last_acting.spec().unwrap().acts);
    let open = state
        .findings
        .values()
        .filter(|finding| finding.is_open_blocker())
        .count();
    assert_eq!(state.blocker_count(), open as u64);
    assert_eq!(
        state.has_severity_groups,
        *phase >= P10 || state.completed_phases.contains(&P10)
    );

    assert_eq!(state.open_round().is_some(), phase.is_review());
    if let Some(round) = state.open_round() {
        assert_eq!(
            (round.phase, round.verdicts()),
            (*phase, state.votes.verdicts())
        );
    }
    assert_eq!(
        state.last_error.is_some(),
        state.transitions.last().is_some_and(|r| !r.success)
    );

    assert!(
        running == 0 || *phase == P9,
        "{running} slices run in {phase}"
    );
    assert!(running <= limit, "{running} slices run, {limit} may");
    assert!(
        *phase <= P9 || slices.unsettled().next().is_none(),
        "unsettled slices in {phase}"
    );
    for slice in &slices.0 {
        let states: Vec<SliceState> = slice
            .dependencies
            .iter()
            .map(|id| slices.find(id.as_str()).unwrap().state)
            .collect();
        let hindered = states.iter().any(|state| {
            matches!(
                state,
                SliceState::Failed | SliceState::Cancelled | SliceState::Blocked
            )
        });
        match slice.state {
            SliceState::Blocked => assert!(hindered, "{} is blocked by nothing", slice.id),
            SliceState::Waiting => {
                assert!(!hindered, "{} is not blocked", slice.id);
                let ready = states.iter().all(|state| state.is_settled());
                let held =
                    settings.fail_fast && slices.in_state(SliceState::Failed).next().is_some();
                let idle = *phase == P9 && *status == EpochStatus::Running && running < limit;
                assert!(
                    !(ready && idle && !held),
                    "{} could run and does not",
                    slice.id
                );
            }
            _ => {}
        }
        assert!(!slice.stopping || slice.state == SliceState::Running);
    }

    assert!(state.transitions.iter().len() <= 500 && state.progress.iter().len() <= 1_000);
    assert!(state.inbox.refusals.iter().len() <= 100 && state.inbox.outcomes.iter().len() <= 512);
    assert!(state.sessions.active.len() <= 200 && state.rounds.iter().len() <= 20);
}

/// What must be true of a change that was accepted.
fn assert_only_the_table_moves(before: &State, message: &Message, after: &State) {
    if before.phase == after.phase {
        assert_eq!(before.transitions, after.transitions);
        assert_eq!(before.completed_phases, after.completed_phases);
        return;
    }
    let Event::AdvancePhase(asked) = &message.event else {
        panic!("{} moved the epoch", message.event.name());
    };
    assert_eq!(after.phase, asked.to);
    assert!(
        CONTRACT
            .iter()
            .any(|row| (row.0, row.1) == (before.phase, after.phase))
    );
    assert_eq!(
        after.successful_transitions,
        before.successful_transitions + 1
    );
    assert!(after.votes.0.is_empty());
    assert!(after.completed_phases.is_superset(&before.completed_phases));
}

/// Effects come in their order; what they say is what the state says.
fn assert_effects(before: &State, effects: &[Effect], after: &State) {
    let class = |effect: &Effect| match effect {
        Effect::PublishAttributes => 0,
        Effect::Audit(_) => 1,
        Effect::CloseReview { .. } | Effect::CancelSlice { .. } => 2,
        Effect::OpenReview { .. } | Effect::StartSlice { .. } => 3,
        Effect::Finish(_) => 4,
    };
    assert!(effects.is_sorted_by_key(class), "{:?}", brief(effects));
    let ordinals: Vec<u64> = audits(effects).iter().map(|entry| entry.ordinal).collect();
    let wanted: Vec<u64> = (before.audit_entries + 1..=after.audit_entries).collect();
    assert_eq!(ordinals, wanted, "audit entries without gaps");
    for effect in effects {
        match effect {
            Effect::StartSlice { slice_id, attempt } => {
                let slice = after.slices.find(slice_id.as_str()).unwrap();
                assert_eq!(
                    (slice.state, slice.attempt),
                    (SliceState::Running, *attempt)
                );
            }
            Effect::CancelSlice { slice_id, .. } => {
                assert!(after.slices.find(slice_id.as_str()).unwrap().stopping);
            }
            Effect::OpenReview { phase, round } => {
                let open = after.open_round().unwrap();
                assert_eq!((open.phase, open.number), (*phase, *round));
            }
            Effect::Finish(_) => assert_ne!(after.status, before.status),
            _ => {}
        }
    }
    let published = effects.contains(&Effect::PublishAttributes);
    assert_eq!(
        published,
        before.phase != after.phase
            || after.status == EpochStatus::Cancelled && before.status == EpochStatus::Cancelling
    );
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_run_breaks_a_rule(settings in settings(), steps in run(80)) {
        play(settings, &steps, |before, message, answer, scene| {
            match answer {
                Ok(effects) => {
                    assert_only_the_table_moves(before.state(), message, scene.state());
                    assert_effects(before.state(), effects, scene.state());
                }
                Err(refused) => {
                    assert_only_the_refusal(before.state(), scene.state(), message, refused);
                    assert_effects(before.state(), &refused.effects, scene.state());
                }
            }
            assert_sound(scene.state());
        });
    }

    #[test]
    fn children_are_started_and_told_once(settings in settings(), steps in run(80)) {
        let scene = play(settings, &steps, |_, _, _, _| {});
        let mut told: Vec<String> = brief(&scene.effects);
        told.retain(|line| ["start ", "open ", "close ", "finish "].iter().any(|w| line.starts_with(w)));
        let count = told.len();
        told.sort();
        told.dedup();
        prop_assert_eq!(told.len(), count);
    }

    #[test]
    fn replaying_the_messages_gives_the_same_epoch(settings in settings(), steps in run(80)) {
        let mut messages = Vec::new();
        let mut answers = Vec::new();
        let first = play(settings.clone(), &steps, |_, message, answer, _| {
            messages.push(message.clone());
            answers.push(answer.clone());
        });
        let mut second = Scene::with(settings);
        let again: Vec<_> = messages.into_iter().map(|message| second.send(message)).collect();
        prop_assert_eq!(again, answers);
        prop_assert_eq!(second.effects, first.effects);
        assert_same(&second.epoch, &first.epoch);
    }

    #[test]
    fn a_repeated_message_changes_nothing(settings in settings(), steps in run(60)) {
        let mut scene = Scene::with(settings);
        for (n, step) in steps.iter().enumerate() {
            for (m, message) in step.messages(scene.state()).into_iter().enumerate() {
                let id = format!("m{n}-{m}");
                let message = identified(&id, "f", message.event);
                let answer = scene.send(message.clone());
                let before = scene.state().clone();

                let again = scene.send(message.clone());
                prop_assert_eq!(
                    again.map_err(|refused| (refused.refusal, refused.effects)),
                    answer.map(|_| vec![]).map_err(|refused| (refused.refusal, vec![]))
                );
                assert_same(scene.state(), &before);

                let first = scene.outcome(&id).cloned();
                let other = identified(&id, "other", message.event);
                let reused = scene.send(other.clone()).unwrap_err();
                prop_assert_eq!(reused.refusal.code, RefusalCode::RequestIdReused);
                assert_only_the_refusal(&before, scene.state(), &other, &reused);
                prop_assert_eq!(scene.outcome(&id).cloned(), first);
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(2))]

    #[test]
    fn what_is_offered_is_what_would_be_accepted(settings in settings(), steps in run(60)) {
        let scene = play(settings, &steps, |_, _, _, _| {});
        let accepted: Vec<PhaseId> = targets(scene.state().phase)
            .into_iter()
            .filter(|to| scene.clone().send(Message::internal(advance(*to))).is_ok())
            .collect();
        prop_assert_eq!(scene.available(), accepted);
        for to in PHASES {
            if !scene.available().contains(&to) {
                prop_assert!(scene.clone().send(Message::internal(advance(to))).is_err());
            }
        }
    }

    #[test]
    fn phase_names_are_read_or_refused(text in "\\PC{0,20}|[pP]?[0-9]{1,3}([-_][a-z_]{0,12})?") {
        if let Ok(phase) = PhaseId::parse_name(&text) {
            prop_assert_eq!(PhaseId::parse_name(&phase.canonical()), Ok(phase));
            prop_assert!(text.trim().to_lowercase().contains(&phase.word()[1..]) || text.len() > 2);
        }
    }
}

/// The properties say little if the runs don't go far: with a fixed seed, they take
/// every step of the table, and meet every refusal and every state of a slice.
#[test]
fn the_runs_go_everywhere() {
    // These belong to other executions, to a fault, or to a longer run.
    const ELSEWHERE: [RefusalCode; 5] = [
        RefusalCode::EpochFull,
        RefusalCode::Internal,
        RefusalCode::SliceMismatch,
        RefusalCode::MaxCycles,
        RefusalCode::AlreadyFinished,
    ];
    let mut runner = TestRunner::deterministic();
    let strategy = (settings(), run(80));
    let (mut rows, mut codes, mut states) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for _ in 0..300 {
        let (settings, steps) = strategy.new_tree(&mut runner).unwrap().current();
        play(settings, &steps, |before, _, answer, scene| {
            let (from, to) = (before.state().phase, scene.state().phase);
            if from != to {
                rows.insert((from, to));
            }
            codes.extend(answer.as_ref().err().map(|refused| refused.refusal.code));
            states.extend(scene.state().slices.0.iter().map(|slice| slice.state));
        });
    }
    assert_eq!(rows, CONTRACT.iter().map(|row| (row.0, row.1)).collect());
    assert_eq!(states, SliceState::ALL.iter().copied().collect());
    let all = RefusalCode::ALL
        .iter()
        .copied()
        .filter(|code| !ELSEWHERE.contains(code));
    assert_eq!(codes, all.collect());
}
