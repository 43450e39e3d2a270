//! A state and its snapshot: nothing is lost on the way there and back, and however
//! long hostile messages go on, it stays under the megabyte that may be carried.

use proptest::prelude::*;
use serde::Serialize;

use super::StateSnapshot;
use crate::contract::epoch::SliceProgressSignal;
use crate::contract::query::{ConstraintViolation, FindingView, Outcome, TransitionRecord};
use crate::contract::snapshot::{RefusalSnapshot, RoundSnapshot, SessionSnapshot, SliceSnapshot};
use crate::protocol::PhaseId;
use crate::protocol::epoch::tests::arbitrary::{Step, cases, config, run, settings};
use crate::protocol::epoch::tests::{
    AXES, Scene, advance, assert_same, cancel, cancel_slice, plan, request, targets,
};
use crate::protocol::event::{
    Advance, Event, FindingResolved, NewFinding, Progress, RegisterSession, SliceOrder,
    SliceReport, VoteCast,
};
use crate::protocol::finding::SeverityLevel;
use crate::protocol::inbox::Envelope;
use crate::protocol::limits::Weigh;
use crate::protocol::session::Registration;
use crate::protocol::slice::{ExecutionConfig, SliceMode, SliceOutcome, SliceRequest};
use crate::protocol::state::{Settings, State};
use crate::protocol::vote::VoteType;
use crate::protocol::{Epoch, Message, RoleId, Start};

/// What an encoded state must stay under.
const BUDGET: usize = 1_000_000;

/// Texts that grow in different ways when they are encoded.
const UNITS: [&str; 5] = ["\u{1}", "\"", "x", "é", "🦀"];

fn encoded(state: &State) -> String {
    serde_json::to_string(&StateSnapshot::from(state)).unwrap()
}

fn assert_survives(state: &State) {
    let snapshot: StateSnapshot = serde_json::from_str(&encoded(state)).unwrap();
    assert!(snapshot.extra.is_empty(), "{:?}", snapshot.extra.keys());
    assert_same(&State::try_from(snapshot).unwrap(), state);
}

/// Everything is counted with at least the bytes that it takes.
fn assert_weighed(state: &State) {
    fn check<'a, T: Weigh + 'a, U: Serialize + From<&'a T>>(all: impl Iterator<Item = &'a T>) {
        for one in all {
            let json = serde_json::to_string(&U::from(one)).unwrap();
            assert!(
                json.len() < one.weight(),
                "{} of {}: {json:.300}",
                json.len(),
                one.weight()
            );
        }
    }
    check::<_, TransitionRecord>(state.transitions.iter());
    check::<_, RefusalSnapshot>(state.inbox.refusals.iter());
    check::<_, Outcome>(state.inbox.outcomes.iter());
    check::<_, SliceProgressSignal>(state.progress.iter());
    check::<_, ConstraintViolation>(state.violations.iter());
    check::<_, RoundSnapshot>(state.rounds.iter());
    check::<_, SessionSnapshot>(state.sessions.active.iter());
    check::<_, FindingView>(state.findings.values());
    check::<_, SliceSnapshot>(state.slices.0.iter());
}

/// A hostile message: which kind, in which characters, and a number that makes it new.
#[derive(Clone, Copy, Debug)]
struct Hostile {
    kind: usize,
    unit: usize,
    number: usize,
}

/// Kinds of hostile messages.
const KINDS: usize = 14;

impl Hostile {
    /// The longest text of up to `most` bytes.
    fn text(self, most: usize) -> String {
        let unit = UNITS[self.unit];
        unit.repeat(most / unit.len())
    }

    fn field(self) -> String {
        self.text(4_096)
    }

    fn long(self) -> String {
        self.text(16_384)
    }

    /// An id that is new, of up to `most` bytes.
    fn id(self, most: usize) -> String {
        let unit = match UNITS[self.unit] {
            "\u{1}" => "\\",
            printable => printable,
        };
        let number = format!("{}", self.number % 500);
        format!(
            "{number}{}",
            unit.repeat((most - number.len()) / unit.len())
        )
    }

    fn message(self, state: &State) -> Message {
        let request_id = format!("{:02}{:06}{}", self.kind, self.number, self.text(192));
        let fingerprint = "0123456789abcdef0123456789abcdef".to_owned();
        let actor = Some(self.field());
        let envelope = Envelope {
            request_id: Some(request_id),
            fingerprint,
            actor,
        };
        Message {
            envelope,
            event: self.event(state),
        }
    }

    fn event(self, state: &State) -> Event {
        let advance_to = |to| {
            Event::AdvancePhase(Advance {
                to,
                triggered_by: self.field(),
                condition_met: self.field(),
                override_reason: Some(self.field()),
            })
        };
        let order = || SliceOrder {
            slice_id: self.id(100),
            reason: self.field(),
        };
        match self.kind {
            0 => advance_to(PhaseId::P1),
            1 => advance_to(*targets(state.phase).last().unwrap_or(&PhaseId::P1)),
            2 => Event::SubmitVote(VoteCast {
                axis: AXES[self.number % 3],
                vote: VoteType::Revise,
                reviewer_id: self.field(),
                comment: Some(self.long()),
                phase: None,
                round: None,
            }),
            3 => Event::RegisterSession(RegisterSession(Registration {
                epoch_id: state.epoch_id.to_string(),
                session_id: self.id(1_000),
                role: Some(RoleId::Supervisor),
                model_harness: self.text(1_000),
                model: String::new(),
            })),
            4 => Event::RecordFinding(NewFinding {
                finding_id: self.id(1_000),
                severity: SeverityLevel::Important,
                summary: self.field(),
                slice_id: Some(self.field()),
                reported_by: self.field(),
            }),
            5 => Event::ResolveFinding(FindingResolved {
                finding_id: self.id(1_000),
                resolution: self.field(),
                resolved_by: self.field(),
            }),
            6 | 7 => Event::StartSlice(SliceRequest {
                slice_id: self.id(100),
                dependencies: state
                    .slices
                    .0
                    .iter()
                    .rev()
                    .take(20)
                    .map(|s| s.id.to_string())
                    .collect(),
                leaf_task_ids: vec![self.text(200); self.number % 5],
                config: ExecutionConfig {
                    mode: SliceMode::Subprocess,
                    command: self.text(4_096 * (self.number % 2)),
                    timeout_seconds: u64::MAX,
                    heartbeat_interval: u64::MAX,
                    runner: Some(String::new()),
                    prompt: Some(String::new()),
                },
                phase_spec: String::new(),
            }),
            8 => Event::FinishSlice(SliceReport {
                slice_id: self.id(100),
                attempt: state
                    .slices
                    .find(&self.id(100))
                    .map_or(1, |slice| slice.attempt),
                outcome: SliceOutcome {
                    success: self.number.is_multiple_of(2),
                    output: self.long(),
                    error: Some(self.long()),
                    code: Some(self.text(40)),
                    log: Some(self.text(10 * (self.number % 60))),
                    worktree: Some(self.text(10 * (self.number % 50))),
                    host: Some(self.text(self.number % 300)),
                },
            }),
            9 => Event::CancelSlice(order()),
            10 => Event::WaiveSlice(order()),
            11 => Event::RetrySlice(order()),
            12 => Event::ReportProgress(Progress {
                slice_id: self.text(40 * (self.number % 60)),
                leaf_task_id: self.text(40),
                stage_name: String::new(),
                completed: false,
            }),
            _ => Event::Malformed {
                message: self.long(),
                why: self.long(),
            },
        }
    }
}

/// An epoch with the longest id under which slices can be declared, and the longest
/// description that is taken.
fn epoch_of(unit: &str, settings: Settings) -> Epoch {
    let id = match unit {
        "\u{1}" => "\\".repeat(850),
        unit => unit.repeat(850 / unit.len()),
    };
    let most =
        (64 * 1_024 / unit.len()).min(131_000 / serde_json::to_string(unit).unwrap().len().max(1));
    let start = Start {
        epoch_id: crate::protocol::id::EpochId::parse(&id).unwrap(),
        description: unit.repeat(most),
        rules_version: 1,
        settings,
    };
    Epoch::start(
        crate::protocol::Timestamp::from_micros(1_700_000_000_123_456),
        start,
    )
    .unwrap()
    .0
}

fn hostile() -> impl Strategy<Value = Hostile> {
    (0..KINDS, 0..UNITS.len(), 0..100_000_usize).prop_map(|(kind, unit, number)| Hostile {
        kind,
        unit,
        number,
    })
}

/// Leads an epoch to p9 by plain messages, so that slices can be declared and run.
fn to_p9(scene: &mut Scene) {
    while scene.state().phase != PhaseId::P9 {
        scene.open_gate();
        scene.ok(advance(targets(scene.state().phase)[0]));
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_state_survives_its_snapshot(settings in settings(), steps in run(80)) {
        let mut scene = Scene::with(settings);
        for (at, step) in steps.iter().enumerate() {
            for message in step.messages(scene.state()) {
                let _ = scene.send(message);
            }
            if at % 10 == 0 {
                assert_survives(scene.state());
            }
        }
        assert_survives(scene.state());
        assert_weighed(scene.state());
    }

    /// The state after the snapshot is the same epoch: it answers as the other one.
    #[test]
    fn an_epoch_goes_on_after_its_snapshot(settings in settings(), before in run(40), after in run(20)) {
        let mut scene = Scene::with(settings);
        let play = |scene: &mut Scene, steps: &[Step]| {
            for step in steps {
                for message in step.messages(scene.state()) {
                    let _ = scene.send(message);
                }
            }
        };
        play(&mut scene, &before);
        let snapshot: StateSnapshot = serde_json::from_str(&encoded(scene.state())).unwrap();
        let mut restored = scene.clone();
        restored.epoch = Epoch::restore(State::try_from(snapshot).unwrap());
        play(&mut scene, &after);
        play(&mut restored, &after);
        prop_assert_eq!(scene.effects, restored.effects);
        assert_same(&scene.epoch, &restored.epoch);
    }
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn no_run_of_hostile_messages_outgrows_the_budget(
        unit in 0..UNITS.len(),
        messages in proptest::collection::vec(hostile(), 200..600),
    ) {
        let mut scene = Scene::new();
        scene.epoch = epoch_of(UNITS[unit], Settings::default());
        to_p9(&mut scene);
        for message in messages {
            let _ = scene.send(message.message(scene.state()));
        }
        let size = encoded(scene.state()).len();
        prop_assert!(size < BUDGET, "{} bytes", size);
        assert_weighed(scene.state());
        assert_survives(scene.state());
    }
}

/// What runs of plain messages seldom or never lead to.
#[test]
fn rare_states_survive_their_snapshot() {
    // A round without a child: its id would be too long.
    let scene = Scene::named(&"e".repeat(995), Settings::default()).moved_to(PhaseId::P4);
    assert!(!scene.state().open_round().unwrap().has_child);
    assert_survives(scene.state());

    // A slice that has been told to stop, in an epoch that is being cancelled.
    let mut scene = Scene::at(PhaseId::P9);
    scene.ok(plan(&["a", "b<a"]));
    scene.ok(cancel_slice("a"));
    assert_survives(scene.state());
    scene.ok(cancel());
    assert_survives(scene.state());
    scene.ok(Event::SettleCancel);
    assert_survives(scene.state());

    // Limits of numbers.
    let settings = Settings {
        max_rounds: Some(u32::MAX),
        parallel_slices: u32::MAX,
        fail_fast: true,
        review_deadline_s: Some(u64::MAX),
    };
    let mut scene = Scene::with(settings).moved_to(PhaseId::P9);
    let mut asked = request("a", &[]);
    asked.config.timeout_seconds = u64::MAX;
    scene.ok(Event::StartSlice(asked));
    assert_survives(scene.state());
    assert_survives(Scene::at(PhaseId::Complete).state());
}

/// The worst that can be thought of: every list filled to its brim, in each kind of
/// character, with findings before slices and slices before findings.
#[test]
fn a_state_that_is_full_of_everything_fits() {
    for (unit, shown) in UNITS.iter().enumerate() {
        let kinds: [Vec<usize>; 2] = [(0..KINDS).collect(), (0..KINDS).rev().collect()];
        let sizes = kinds.map(|kinds| {
            let mut scene = Scene::new();
            scene.epoch = epoch_of(shown, Settings::default());
            to_p9(&mut scene);
            for kind in kinds {
                for number in 0..100 {
                    let hostile = Hostile { kind, unit, number };
                    let _ = scene.send(hostile.message(scene.state()));
                }
            }
            assert_weighed(scene.state());
            assert_survives(scene.state());
            encoded(scene.state()).len()
        });
        println!("{shown:?}: {sizes:?} bytes");
        for size in sizes {
            assert!(size < BUDGET, "{shown:?}: {size} bytes");
            assert!(size > BUDGET * 3 / 4, "it is not full: {size} bytes");
        }
    }
}
