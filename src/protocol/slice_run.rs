//! One run of a slice, as its own workflow sees it: when it may start, what ends it,
//! and the rounds of review it goes through. The epoch's view of it is `slice`.

use super::inbox::{Admission, Envelope, Inbox};
use super::limits::{LONG_TEXT, TEXT};
use super::phase::PhaseId;
use super::refusal::{Refusal, RefusalCode};
use super::slice::{ExecutionConfig, SliceOutcome};
use super::time::Timestamp;

/// Rounds of review that a slice may go through.
pub const MAX_CYCLES: usize = 3;
/// Slices run in this phase.
pub const PHASE: PhaseId = PhaseId::P9;
/// One run of a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SliceRun {
    /// Which slice.
    pub slice_id: String,
    /// Of which epoch.
    pub epoch_id: String,
    /// How it is carried out, once that is known.
    pub config: Option<ExecutionConfig>,
    /// How it ended, once it has.
    pub outcome: Option<SliceOutcome>,
    /// Rounds of review so far.
    pub cycles: Vec<ReviewCycle>,
    /// The round of work, from 1.
    pub round: u32,
    /// How many of the rounds of review its command has been told of.
    pub handed: usize,
    /// Messages seen and refused.
    pub inbox: Inbox,
}

/// A round of review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewCycle {
    /// Its number, as the reviewer counts.
    pub number: u32,
    /// What the reviewer said.
    pub feedback: String,
}

/// What can happen to a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SliceRunEvent {
    /// It is told how it is carried out.
    Start {
        /// Which slice is meant.
        slice_id: String,
        /// Of which epoch.
        epoch_id: String,
        /// How.
        config: ExecutionConfig,
    },
    /// Somebody outside says how it ended.
    Complete {
        /// Which slice is meant.
        slice_id: String,
        /// How.
        outcome: SliceOutcome,
    },
    /// A reviewer says something.
    Review(ReviewCycle),
    /// Its command ended, or it was stopped.
    Executed(SliceOutcome),
    /// A message that could not be read.
    Malformed {
        /// Which signal.
        message: String,
        /// What was wrong with it.
        why: String,
    },
}

impl SliceRunEvent {
    fn name(&self) -> &str {
        match self {
            Self::Start { .. } => "start_slice",
            Self::Complete { .. } => "complete_slice",
            Self::Review(_) => "review_cycle",
            Self::Executed(_) => "executed",
            Self::Malformed { message, .. } => message,
        }
    }

    fn over_long(&self) -> Option<(&'static str, usize, usize)> {
        let texts: Vec<(&'static str, &str, usize)> = match self {
            Self::Start {
                slice_id,
                epoch_id,
                config,
            } => vec![
                ("slice_id", slice_id, TEXT),
                ("epoch_id", epoch_id, TEXT),
                ("command", &config.command, TEXT),
                ("runner", config.runner.as_deref().unwrap_or(""), TEXT),
                ("prompt", config.prompt.as_deref().unwrap_or(""), LONG_TEXT),
            ],
            Self::Complete { slice_id, outcome } => vec![
                ("slice_id", slice_id, TEXT),
                ("output", &outcome.output, LONG_TEXT),
                ("error", outcome.error.as_deref().unwrap_or(""), LONG_TEXT),
            ],
            Self::Review(cycle) => vec![("reviewer_feedback", &cycle.feedback, LONG_TEXT)],
            Self::Executed(_) | Self::Malformed { .. } => Vec::new(),
        };
        texts
            .into_iter()
            .find(|(_, text, max)| text.len() > *max)
            .map(|(name, text, max)| (name, text.len(), max))
    }
}

impl SliceRun {
    /// A run that nothing has happened to.
    pub const fn new(epoch_id: String, slice_id: String, config: Option<ExecutionConfig>) -> Self {
        Self {
            slice_id,
            epoch_id,
            config,
            outcome: None,
            cycles: Vec::new(),
            round: 1,
            handed: 0,
            inbox: Inbox::of_child(),
        }
    }

    /// Applies a message. A refused one changes nothing but the record of the refusal.
    ///
    /// # Errors
    ///
    /// The refusal, when the rules forbid it or the message repeats a refused one.
    pub fn apply(
        &mut self,
        at: Timestamp,
        envelope: Envelope,
        event: SliceRunEvent,
    ) -> Result<(), Refusal> {
        let envelope = match self.inbox.admit(envelope, event.name()) {
            Admission::New(envelope) => envelope,
            Admission::Repeated(first) => return first,
            Admission::Refused(refusal) => {
                self.inbox.note_refusal(at, refusal.clone());
                return Err(refusal);
            }
        };
        let result = match event.over_long() {
            Some((field, len, max)) => Err(Refusal::too_long(field, len, max)),
            None => self.take(event),
        };
        self.inbox
            .settle(at, envelope, PHASE, result.clone().map(|()| None));
        result
    }

    /// Begins another round of work if a reviewer has said something that its command has
    /// not been told.
    pub fn begin_round(&mut self) -> bool {
        if self.outcome.is_some() || self.handed >= self.cycles.len() {
            return false;
        }
        self.handed = self.cycles.len();
        self.round = self.round.saturating_add(1);
        true
    }

    fn take(&mut self, event: SliceRunEvent) -> Result<(), Refusal> {
        let name = event.name().to_owned();
        if let SliceRunEvent::Malformed { message, why } = event {
            return Err(Refusal::malformed(&message, why));
        }
        if self.outcome.is_some() {
            return Err(refuse(
                &name,
                RefusalCode::AlreadyFinished,
                "the slice has its result".to_owned(),
                "have the epoch run it again if it must",
            ));
        }
        match event {
            SliceRunEvent::Start {
                slice_id,
                epoch_id,
                config,
            } => {
                self.check_slice(&name, &slice_id)?;
                if epoch_id != self.epoch_id {
                    let why = format!("it names another epoch; this one is '{}'", self.epoch_id);
                    let fix = "send it to that epoch's slice";
                    return Err(refuse(&name, RefusalCode::EpochMismatch, why, fix));
                }
                if self.config.is_some() {
                    let why = "it has been told how it is carried out".to_owned();
                    let fix = "let it end, and have the epoch run it again";
                    return Err(refuse(&name, RefusalCode::SliceState, why, fix));
                }
                self.config = Some(config);
            }
            SliceRunEvent::Complete { slice_id, outcome } => {
                self.check_slice(&name, &slice_id)?;
                self.outcome = Some(outcome);
            }
            SliceRunEvent::Review(cycle) => {
                if self.cycles.len() >= MAX_CYCLES {
                    let why = format!("it has had {MAX_CYCLES} rounds of review");
                    let fix = "complete the slice, or have the epoch run it again";
                    return Err(refuse(&name, RefusalCode::MaxCycles, why, fix));
                }
                self.cycles.push(cycle);
            }
            SliceRunEvent::Executed(outcome) => self.outcome = Some(outcome.fitting()),
            SliceRunEvent::Malformed { .. } => {}
        }
        Ok(())
    }

    fn check_slice(&self, message: &str, slice_id: &str) -> Result<(), Refusal> {
        if slice_id == self.slice_id {
            return Ok(());
        }
        Err(refuse(
            message,
            RefusalCode::SliceMismatch,
            format!("it names another slice; this one is '{}'", self.slice_id),
            "send it to that slice",
        ))
    }
}

fn refuse(message: &str, code: RefusalCode, why: String, fix: &str) -> Refusal {
    Refusal::new(
        code,
        format!("{message} was not applied"),
        why,
        "nothing changed",
        fix,
    )
}

#[cfg(test)]
mod tests;
