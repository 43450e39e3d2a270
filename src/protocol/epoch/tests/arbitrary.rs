//! Arbitrary runs of an epoch: valid, invalid and hostile messages, as proptest
//! strategies, so that a failing run shrinks to a short one.
//!
//! Most messages are taken from a small domain, because only what meets something
//! already there says much; and some steps look at the state first, because blind
//! messages would hardly ever leave p4.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::protocol::event::{
    MissedVote, Progress, RegisterSession, ReviewLost, ReviewReport, SessionNote, SliceLost,
};
use crate::protocol::phase::RoleId;
use crate::protocol::review::CloseReason;
use crate::protocol::session::Registration;
use crate::protocol::words::Word;

/// Cases per property: `AURA_PROPTEST_CASES`, or 256.
pub(crate) fn config() -> ProptestConfig {
    cases(1)
}

/// The same for a property whose cases are long: one in `share` of the cases.
pub(crate) fn cases(share: u32) -> ProptestConfig {
    #[expect(
        clippy::disallowed_methods,
        reason = "how many cases is for the tester to say"
    )]
    let wanted = std::env::var("AURA_PROPTEST_CASES");
    let cases: u32 = wanted
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(256);
    ProptestConfig {
        cases: (cases / share).max(1),
        // Runs are long, and a failing one is worth the time to make it short. It is
        // printed whole; a file beside the sources would only be in the way.
        max_shrink_iters: 20_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// One step of a run.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// This message, whatever the state is.
    Send(Box<Message>),
    /// Forward, by the table.
    Forward,
    /// Back, by the table, where that is possible.
    Back,
    /// Three ACCEPTs.
    Accept,
    /// The end of the present run of a slice.
    Finish(String, bool),
    /// The end of all slices that run.
    FinishAll,
}

impl Step {
    /// The messages it comes to in this state.
    pub(crate) fn messages(&self, state: &State) -> Vec<Message> {
        let events: Vec<Event> = match self {
            Self::Send(message) => return vec![message.as_ref().clone()],
            Self::Forward => targets(state.phase)
                .into_iter()
                .take(1)
                .map(advance)
                .collect(),
            Self::Back => targets(state.phase)
                .into_iter()
                .skip(1)
                .map(advance)
                .collect(),
            Self::Accept => AXES.map(|axis| vote(axis, Accept)).into(),
            Self::Finish(id, success) => {
                let found = state.slices.find(id);
                found
                    .map(|slice| report(id, slice.attempt, *success))
                    .into_iter()
                    .collect()
            }
            Self::FinishAll => state
                .slices
                .in_state(SliceState::Running)
                .map(|slice| report(slice.id.as_str(), slice.attempt, true))
                .collect(),
        };
        events.into_iter().map(Message::internal).collect()
    }
}

/// A run of up to `most` steps, from any phase on.
pub(crate) fn run(most: usize) -> impl Strategy<Value = Vec<Step>> {
    (0..12_usize, vec(step(), 0..most)).prop_map(|(phases, steps)| {
        let way = [Step::Accept, Step::Forward]
            .into_iter()
            .cycle()
            .take(2 * phases);
        way.chain(steps).collect()
    })
}

pub(crate) fn settings() -> impl Strategy<Value = Settings> {
    let max_rounds = option::of(0..4_u32);
    let parallel_slices = prop_oneof![0..4_u32, Just(u32::MAX)];
    (
        max_rounds,
        parallel_slices,
        any::<bool>(),
        option::of(any::<u64>()),
    )
        .prop_map(
            |(max_rounds, parallel_slices, fail_fast, review_deadline_s)| Settings {
                max_rounds,
                parallel_slices,
                fail_fast,
                review_deadline_s,
            },
        )
}

fn step() -> BoxedStrategy<Step> {
    prop_oneof![
        6 => Just(Step::Forward),
        2 => Just(Step::Back),
        4 => Just(Step::Accept),
        3 => Just(Step::FinishAll),
        6 => (slice_name(), any::<bool>()).prop_map(|(id, success)| Step::Finish(id, success)),
        30 => message().prop_map(|message| Step::Send(Box::new(message))),
    ]
    .boxed()
}

/// A message: mostly without an id, sometimes with one of a few.
pub(crate) fn message() -> BoxedStrategy<Message> {
    let request_id = prop_oneof![
        12 => Just(None),
        4 => (0..6_u8).prop_map(|n| Some(format!("r{n}"))),
        1 => text().prop_map(Some),
    ];
    let fingerprint = select(&["f0", "f1"][..]).prop_map(str::to_owned);
    (request_id, fingerprint, option::of(text()), event())
        .prop_map(|(request_id, fingerprint, actor, event)| Message {
            envelope: Envelope {
                request_id,
                fingerprint,
                actor,
            },
            event,
        })
        .boxed()
}

/// A text of up to and just over the limits, in characters that encode differently.
pub(crate) fn text() -> BoxedStrategy<String> {
    let length = prop_oneof![
        20 => 0..20_usize,
        1 => select(&[200, 201, 1_000, 1_024, 4_095, 4_096, 4_097, 16_384, 16_385][..]),
    ];
    (
        select(&["x", "\"", "\u{1}", "é", "🦀", "-slice-", " "][..]),
        length,
    )
        .prop_map(|(unit, length)| unit.repeat(length / unit.len()))
        .boxed()
}

fn slice_name() -> impl Strategy<Value = String> {
    prop_oneof![
        20 => select(&["s1", "s2", "s3", "s4"][..]).prop_map(str::to_owned),
        1 => text(),
    ]
}

fn finding_name() -> impl Strategy<Value = String> {
    prop_oneof![
        10 => select(&["b1", "b2", "b3"][..]).prop_map(str::to_owned),
        1 => text(),
    ]
}

fn session_name() -> impl Strategy<Value = String> {
    prop_oneof![
        10 => select(&["a1", "a2"][..]).prop_map(str::to_owned),
        1 => text(),
    ]
}

fn phase() -> impl Strategy<Value = PhaseId> {
    select(&PHASES[..])
}

fn round() -> impl Strategy<Value = u32> {
    prop_oneof![8 => 0..4_u32, 1 => any::<u32>()]
}

pub(crate) fn event() -> BoxedStrategy<Event> {
    prop_oneof![
        6 => advances(),
        6 => votes(),
        2 => progress().prop_map(Event::ReportProgress),
        3 => sessions(),
        4 => findings(),
        5 => declarations(),
        5 => orders(),
        4 => reports(),
        1 => endings(),
    ]
    .boxed()
}

fn advances() -> BoxedStrategy<Event> {
    (phase(), text(), text(), option::of(text()))
        .prop_map(|(to, triggered_by, condition_met, override_reason)| {
            Event::AdvancePhase(Advance {
                to,
                triggered_by,
                condition_met,
                override_reason,
            })
        })
        .boxed()
}

fn votes() -> BoxedStrategy<Event> {
    let axis = select(ReviewAxis::ALL);
    let verdict = prop_oneof![3 => Just(Accept), 1 => Just(Revise)];
    (
        axis,
        verdict,
        text(),
        option::of(text()),
        option::weighted(0.3, phase()),
        option::weighted(0.3, round()),
    )
        .prop_map(|(axis, vote, reviewer_id, comment, phase, round)| {
            Event::SubmitVote(VoteCast {
                axis,
                vote,
                reviewer_id,
                comment,
                phase,
                round,
            })
        })
        .boxed()
}

fn progress() -> impl Strategy<Value = Progress> {
    (slice_name(), text(), text(), any::<bool>()).prop_map(
        |(slice_id, leaf_task_id, stage_name, completed)| Progress {
            slice_id,
            leaf_task_id,
            stage_name,
            completed,
        },
    )
}

fn sessions() -> BoxedStrategy<Event> {
    let epoch_id = prop_oneof![8 => Just(EPOCH.to_owned()), 1 => text()];
    let role = option::of(select(RoleId::ALL));
    let registration = (epoch_id, session_name(), role, text(), text()).prop_map(
        |(epoch_id, session_id, role, model_harness, model)| Registration {
            epoch_id,
            session_id,
            role,
            model_harness,
            model,
        },
    );
    let note = || {
        (session_name(), text()).prop_map(|(session_id, reason)| SessionNote { session_id, reason })
    };
    prop_oneof![
        2 => registration.prop_map(|said| Event::RegisterSession(RegisterSession(said))),
        1 => note().prop_map(Event::HeartbeatSession),
        1 => note().prop_map(Event::EndSession),
    ]
    .boxed()
}

fn findings() -> BoxedStrategy<Event> {
    let new = (
        finding_name(),
        select(SeverityLevel::ALL),
        text(),
        option::of(text()),
        text(),
    );
    let new = new.prop_map(|(finding_id, severity, summary, slice_id, reported_by)| {
        Event::RecordFinding(NewFinding {
            finding_id,
            severity,
            summary,
            slice_id,
            reported_by,
        })
    });
    let resolved =
        (finding_name(), text(), text()).prop_map(|(finding_id, resolution, resolved_by)| {
            Event::ResolveFinding(FindingResolved {
                finding_id,
                resolution,
                resolved_by,
            })
        });
    prop_oneof![1 => new, 2 => resolved].boxed()
}

fn slice_request() -> BoxedStrategy<SliceRequest> {
    let config = (
        select(SliceMode::ALL),
        text(),
        any::<u64>(),
        option::of(text()),
        option::of(text()),
    )
        .prop_map(
            |(mode, command, timeout_seconds, runner, prompt)| ExecutionConfig {
                mode,
                command,
                timeout_seconds,
                heartbeat_interval: timeout_seconds,
                runner,
                prompt,
            },
        );
    let dependencies = vec(slice_name(), 0..3);
    (
        slice_name(),
        dependencies,
        vec(text(), 0..3),
        config,
        text(),
    )
        .prop_map(
            |(slice_id, dependencies, leaf_task_ids, config, phase_spec)| SliceRequest {
                slice_id,
                dependencies,
                leaf_task_ids,
                config,
                phase_spec,
            },
        )
        .boxed()
}

/// Plans: anything, and now and then one that is surely sound.
fn declarations() -> BoxedStrategy<Event> {
    const SOUND: &[&[&str]] = &[
        &["s1"],
        &["s2<s3", "s3"],
        &["s1", "s2<s1", "s3<s1", "s4<s2,s3"],
    ];
    prop_oneof![
        2 => slice_request().prop_map(Event::StartSlice),
        1 => (vec(slice_request(), 0..4), option::of(any::<bool>()))
            .prop_map(|(slices, fail_fast)| Event::PlanSlices(SlicePlan { slices, fail_fast })),
        3 => select(SOUND).prop_map(plan),
    ]
    .boxed()
}

fn orders() -> BoxedStrategy<Event> {
    let order =
        || (slice_name(), text()).prop_map(|(slice_id, reason)| SliceOrder { slice_id, reason });
    prop_oneof![
        order().prop_map(Event::CancelSlice),
        order().prop_map(Event::WaiveSlice),
        order().prop_map(Event::RetrySlice),
    ]
    .boxed()
}

fn reports() -> BoxedStrategy<Event> {
    let attempt = || prop_oneof![8 => 0..4_u32, 1 => any::<u32>()];
    let names = (
        option::of(text()),
        option::of(text()),
        option::of(text()),
        option::of(text()),
    );
    let outcome = (any::<bool>(), text(), option::of(text()), names).prop_map(
        |(success, output, error, (code, log, worktree, host))| SliceOutcome {
            success,
            output,
            error,
            code,
            log,
            worktree,
            host,
        },
    );
    let slice = (slice_name(), attempt(), outcome).prop_map(|(slice_id, attempt, outcome)| {
        Event::FinishSlice(SliceReport {
            slice_id,
            attempt,
            outcome,
        })
    });
    let lost = (slice_name(), attempt(), text()).prop_map(|(slice_id, attempt, why)| {
        Event::LoseSlice(SliceLost {
            slice_id,
            attempt,
            why,
        })
    });
    let review = (phase(), round(), any::<bool>(), select(CloseReason::ALL)).prop_map(
        |(phase, round, success, reason)| {
            Event::FinishReview(ReviewReport {
                phase,
                round,
                success,
                reason,
            })
        },
    );
    let gone = (phase(), round(), text())
        .prop_map(|(phase, round, why)| Event::LoseReview(ReviewLost { phase, round, why }));
    let missed = (phase(), round(), select(ReviewAxis::ALL), text(), text()).prop_map(
        |(phase, round, axis, reviewer_id, why)| {
            Event::MissVote(MissedVote {
                phase,
                round,
                axis,
                reviewer_id,
                why,
            })
        },
    );
    prop_oneof![3 => slice, 1 => lost, 1 => review, 1 => gone, 1 => missed].boxed()
}

fn endings() -> BoxedStrategy<Event> {
    prop_oneof![
        1 => text().prop_map(|reason| Event::RequestCancel { reason }),
        2 => Just(Event::SettleCancel),
        10 => (text(), text()).prop_map(|(message, why)| Event::Malformed { message, why }),
    ]
    .boxed()
}
