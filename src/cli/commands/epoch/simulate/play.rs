//! Runs a script through the rules: the same `apply` that the workflow calls, with the time
//! that the script says.

use std::time::Duration;

use super::script::{Action, At, Script, Step};
use super::words::Expected;
use crate::protocol::effect::{Effect, Ending};
use crate::protocol::event::{Event, SliceReport};
use crate::protocol::id::EpochId;
use crate::protocol::refusal::{Refusal, RefusalCode};
use crate::protocol::slice::SliceState;
use crate::protocol::state::{EpochStatus, State};
use crate::protocol::{Envelope, Epoch, Message, PhaseId, Start, Timestamp, Word};

/// The id of the epoch; nobody sees it but in messages.
const EPOCH: &str = "simulated";

/// What became of a script.
pub(super) struct Played {
    pub(super) steps: Vec<PlayedStep>,
    /// What is not as expected at the end; what is not so at an event is there.
    pub(super) end: Vec<Unmet>,
    /// The epoch afterwards.
    pub(super) epoch: Epoch,
}

/// What became of an event.
pub(super) struct PlayedStep {
    /// Its number, from 1.
    pub(super) number: usize,
    /// Where it stands.
    pub(super) line: usize,
    /// Time since the epoch began.
    pub(super) after: Duration,
    /// What it was, in the words of the script.
    pub(super) told: String,
    /// Why it was refused, if it was.
    pub(super) refusal: Option<Refusal>,
    /// Where the epoch is afterwards.
    pub(super) phase: PhaseId,
    /// What followed, and what its sender would be told.
    pub(super) notes: Vec<String>,
    /// What is not as expected.
    pub(super) unmet: Vec<Unmet>,
}

/// An expectation that failed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unmet {
    /// Where it stands.
    pub(super) line: usize,
    /// The event that it is about; none is the end.
    pub(super) event: Option<String>,
    /// What should be, such as `applied`.
    pub(super) expected: String,
    /// What is instead.
    pub(super) found: String,
}

impl Unmet {
    /// What should be, in words.
    pub(super) fn expectation(&self) -> String {
        let expected = &self.expected;
        match &self.event {
            Some(event) => format!("{expected} for '{event}'"),
            None => format!("{expected} at the end"),
        }
    }
}

impl Played {
    /// All expectations that failed, in the order of the events.
    pub(super) fn unmet(&self) -> impl Iterator<Item = &Unmet> {
        let in_steps = self.steps.iter().flat_map(|step| &step.unmet);
        in_steps.chain(&self.end)
    }
}

/// Runs it. An error says why the epoch cannot begin.
pub(super) fn play(script: &Script) -> Result<Played, Box<Refusal>> {
    let begin = Timestamp::default();
    let epoch_id = EpochId::parse_new(EPOCH).map_err(|error| {
        let what = error.to_string();
        Refusal::new(RefusalCode::InvalidId, what, "", "", "")
    })?;
    let start = Start {
        epoch_id,
        description: script.description.clone(),
        rules_version: State::NEWEST_RULES,
        settings: script.settings.clone(),
    };
    let (epoch, _) = Epoch::start(begin, start)?;
    let mut player = Player {
        epoch,
        after: Duration::ZERO,
    };
    let steps = script.steps.iter().zip(1..);
    let steps = steps
        .map(|(step, number)| player.take(step, number))
        .collect();
    let end = player.end(script);
    Ok(Played {
        steps,
        end,
        epoch: player.epoch,
    })
}

struct Player {
    epoch: Epoch,
    after: Duration,
}

impl Player {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(i64::try_from(self.after.as_micros()).unwrap_or(i64::MAX))
    }

    fn take(&mut self, step: &Step, number: usize) -> PlayedStep {
        self.after = self.after.saturating_add(step.later);
        let told = step.action.to_string();
        let event = self.event(step.action.clone());
        let request_id = format!("event-{number}");
        let violations = self.epoch.state().violations.total();
        let message = Message {
            envelope: Envelope {
                request_id: Some(request_id.clone()),
                fingerprint: String::new(),
                actor: step.actor.clone(),
            },
            event,
        };
        let (mut effects, refusal) = match self.epoch.apply(self.now(), message) {
            Ok(effects) => (effects, None),
            Err(refused) => (refused.effects, Some(refused.refusal)),
        };
        effects.extend(self.settle());
        let state = self.epoch.state();
        let outcome = state.inbox.outcome(&request_id);
        let note = outcome.and_then(|outcome| outcome.note.clone());
        let mut notes: Vec<String> = note.into_iter().collect();
        notes.extend(effects.iter().filter_map(followed));
        notes.extend(violated(state, violations));
        let unmet = unmet(step, refusal.as_ref(), state.phase);
        PlayedStep {
            number,
            line: step.line,
            after: self.after,
            told,
            refusal,
            phase: state.phase,
            notes,
            unmet,
        }
    }

    /// What the rules are told. A run that is not named is the slice's last one.
    fn event(&self, action: Action) -> Event {
        match action {
            Action::Event(event) => event,
            Action::SliceFinished {
                slice_id,
                attempt,
                outcome,
            } => {
                let last = || self.epoch.state().slices.find(&slice_id);
                let attempt = attempt.or_else(|| last().map(|slice| slice.attempt));
                Event::FinishSlice(SliceReport {
                    attempt: attempt.unwrap_or_default(),
                    slice_id,
                    outcome,
                })
            }
        }
    }

    /// A cancelled epoch closes when its slices have ended, as the workflow has it.
    fn settle(&mut self) -> Vec<Effect> {
        let state = self.epoch.state();
        let runs = state.slices.in_state(SliceState::Running).next().is_some();
        if state.status != EpochStatus::Cancelling || runs {
            return Vec::new();
        }
        let message = Message::internal(Event::SettleCancel);
        // It is never refused while the epoch is being cancelled.
        self.epoch.apply(self.now(), message).unwrap_or_default()
    }

    fn end(&self, script: &Script) -> Vec<Unmet> {
        let state = self.epoch.state();
        let phase = script.phase.as_ref();
        let status = script.status.as_ref();
        let violations = script.violations.as_ref();
        [
            phase.and_then(|phase| differs("phase", phase, &state.phase)),
            status.and_then(|status| differs("status", status, &state.status)),
            violations.and_then(|count| differs("violations", count, &state.violations.total())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn unmet(step: &Step, refusal: Option<&Refusal>, phase: PhaseId) -> Vec<Unmet> {
    let At {
        line,
        value: expected,
    } = &step.expected;
    let is_met = match (expected, refusal) {
        (Expected::Applied, None) => true,
        (Expected::Refused(code), Some(refusal)) => refusal.code == *code,
        _ => false,
    };
    let outcome = (!is_met).then(|| Unmet {
        line: *line,
        event: Some(step.action.to_string()),
        expected: expected.to_string(),
        found: match refusal {
            None => Expected::Applied.to_string(),
            Some(refusal) => format!("refused:{}: {}", refusal.code, refusal.why),
        },
    });
    let phase = step.phase.as_ref().and_then(|wanted| {
        let event = Some(step.action.to_string());
        differs("phase", wanted, &phase).map(|unmet| Unmet { event, ..unmet })
    });
    outcome.into_iter().chain(phase).collect()
}

fn differs<T: PartialEq + std::fmt::Display>(
    name: &str,
    expected: &At<T>,
    found: &T,
) -> Option<Unmet> {
    (expected.value != *found).then(|| Unmet {
        line: expected.line,
        event: None,
        expected: format!("{name} {}", expected.value),
        found: format!("{name} {found}"),
    })
}

/// What the outside would do about an event, in words; what only keeps records is left out.
fn followed(effect: &Effect) -> Option<String> {
    match effect {
        Effect::PublishAttributes | Effect::Audit(_) => None,
        Effect::StartSlice {
            slice_id,
            attempt: 1,
        } => Some(format!("slice {slice_id} starts")),
        Effect::StartSlice { slice_id, attempt } => {
            Some(format!("slice {slice_id} starts, run {attempt}"))
        }
        Effect::CancelSlice { slice_id, .. } => Some(format!("slice {slice_id} is told to stop")),
        Effect::OpenReview { phase, round } => Some(format!("round {round} of {phase} opens")),
        Effect::CloseReview { phase, round } => Some(format!("round {round} of {phase} closes")),
        Effect::Finish(Ending::Completed) => Some("the epoch completes".to_owned()),
        Effect::Finish(Ending::Cancelled) => Some("the epoch is cancelled".to_owned()),
    }
}

/// The constraints violated since there were `before` violations.
fn violated(state: &State, before: u64) -> Vec<String> {
    let new = state.violations.total().saturating_sub(before);
    let new = usize::try_from(new).unwrap_or(usize::MAX);
    let mut last: Vec<String> = state
        .violations
        .iter()
        .rev()
        .take(new)
        .map(|found| format!("violates {}", found.constraint.word()))
        .collect();
    last.reverse();
    last
}
