//! An epoch: its state, and `apply`, through which everything happens to it. What
//! each kind of event means is in the submodules; here is what all of them share:
//! repeated messages, limits, refusals and outcomes.

mod advance;
mod cancel;
mod findings;
mod reviews;
mod sessions;
mod slices;
mod turn;
mod votes;

#[cfg(test)]
pub(crate) mod tests;

use super::board::Board;
use super::effect::{Effect, EventType, Fields};
use super::event::{Event, Message};
use super::id::EpochId;
use super::inbox::{Admission, Inbox, NAME_KEPT};
use super::limits::{self, Ring, head, text_weight};
use super::phase::{PhaseId, RoleId};
use super::refusal::{Refusal, RefusalCode};
use super::session::Sessions;
use super::state::{EpochStatus, Settings, State};
use super::table::Transition;
use super::time::Timestamp;
use super::vote::Tally;
use turn::Turn;

/// A refusal, with what must be recorded of it outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub refusal: Refusal,
    /// The audit entries of a refused advance; empty otherwise.
    pub effects: Vec<Effect>,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            effects: Vec::new(),
        }
    }
}

/// What an epoch is started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// Its id.
    pub epoch_id: EpochId,
    /// What is asked for.
    pub description: String,
    /// The version of the rules.
    pub rules_version: u32,
    /// The rules' settings.
    pub settings: Settings,
}

/// An epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epoch(State);

impl Epoch {
    /// Begins an epoch in p1.
    pub fn start(at: Timestamp, start: Start) -> Result<(Self, Vec<Effect>), Refusal> {
        let Start {
            epoch_id,
            description,
            rules_version,
            settings,
        } = start;
        if description.len() > limits::DESCRIPTION {
            let len = description.len();
            return Err(Refusal::too_long(
                "request_description",
                len,
                limits::DESCRIPTION,
            ));
        }
        let encoded = text_weight(&description);
        if encoded > limits::DESCRIPTION_ENCODED {
            let max = limits::DESCRIPTION_ENCODED;
            return Err(Refusal::too_long(
                "request_description, encoded,",
                encoded,
                max,
            ));
        }
        let payload = Fields::default()
            .with("request_description", description.as_str())
            .with("rules_version", rules_version)
            .with("max_rounds", settings.max_rounds)
            .with("parallel_slices", settings.parallel_slices)
            .with("fail_fast", settings.fail_fast)
            .with("review_deadline_s", settings.review_deadline_s);
        let mut state = State {
            epoch_id,
            description,
            rules_version,
            settings,
            started_at: at,
            phase: PhaseId::P1,
            role: RoleId::Epoch,
            status: EpochStatus::Running,
            completed_phases: std::collections::BTreeSet::new(),
            votes: Tally::default(),
            has_severity_groups: false,
            findings: std::collections::BTreeMap::new(),
            slices: Board::default(),
            progress: Ring::new(limits::PROGRESS),
            sessions: Sessions::default(),
            rounds: Ring::new(limits::ROUNDS),
            rounds_opened: std::collections::BTreeMap::new(),
            rounds_without_consensus: std::collections::BTreeMap::new(),
            transitions: Ring::new(limits::TRANSITIONS),
            successful_transitions: 0,
            violations: Ring::new(limits::VIOLATIONS),
            inbox: Inbox::new(limits::REFUSALS, limits::OUTCOMES),
            last_error: None,
            audit_entries: 0,
            last_event_type: None,
            cancel_reason: None,
        };
        let mut turn = Turn::new(&mut state, at, None);
        turn.audit(EventType::EpochStarted, payload);
        turn.publish();
        let effects = turn.into_effects();
        Ok((Self(state), effects))
    }

    /// An epoch with a state that was carried over.
    pub const fn restore(state: State) -> Self {
        Self(state)
    }

    /// What it remembers.
    pub const fn state(&self) -> &State {
        &self.0
    }

    /// The steps that would be accepted now, the way forward first.
    pub fn available_transitions(&self) -> Vec<&'static Transition> {
        advance::available(&self.0)
    }

    /// Applies a message that arrived `at` this moment. The effects are in the order in
    /// which they should be performed. A refused message changes nothing but what
    /// records the refusal.
    ///
    /// # Errors
    ///
    /// The refusal, when the rules forbid it or the message repeats a refused one.
    pub fn apply(&mut self, at: Timestamp, message: Message) -> Result<Vec<Effect>, Refused> {
        let Message { envelope, event } = message;
        let envelope = match self.0.inbox.admit(envelope, event.name()) {
            Admission::New(envelope) => envelope,
            Admission::Repeated(first) => return first.map(|()| Vec::new()).map_err(Into::into),
            Admission::Refused(refusal) => {
                self.0.inbox.note_refusal(at, refusal.clone());
                return Err(refusal.into());
            }
        };
        let too_long = event.over_long();
        let mut turn = Turn::new(&mut self.0, at, envelope.actor.clone());
        let result = match too_long {
            Some((field, len, max)) => Err(Refusal::too_long(field, len, max)),
            None => turn.take(event),
        };
        let note = turn.note.take();
        let effects = turn.into_effects();
        let phase = self.0.phase;
        self.0
            .inbox
            .settle(at, envelope, phase, result.clone().map(|()| note));
        match result {
            Ok(()) => Ok(effects),
            Err(refusal) => Err(Refused { refusal, effects }),
        }
    }

    /// Refuses a message for a reason that lies outside the rules, such as a fault or
    /// a backlog.
    pub fn refuse(&mut self, at: Timestamp, message: Message, refusal: Refusal) {
        let phase = self.0.phase;
        match self.0.inbox.admit(message.envelope, message.event.name()) {
            Admission::New(envelope) => self.0.inbox.settle(at, envelope, phase, Err(refusal)),
            Admission::Repeated(_) => {}
            Admission::Refused(other) => self.0.inbox.note_refusal(at, other),
        }
    }
}

impl Turn<'_> {
    /// Hands an event to those who know what it means.
    fn take(&mut self, event: Event) -> Result<(), Refusal> {
        if !event.is_report() && !matches!(event, Event::AdvancePhase(_) | Event::Malformed { .. })
        {
            self.check_open(event.name())?;
        }
        match event {
            Event::AdvancePhase(advance) => self.advance(advance),
            Event::SubmitVote(vote) => self.vote(vote),
            Event::ReportProgress(progress) => {
                self.report_progress(progress);
                Ok(())
            }
            Event::RegisterSession(said) => self.register_session(said.0),
            Event::HeartbeatSession(note) => self.heartbeat_session(&note),
            Event::EndSession(note) => self.end_session(&note),
            Event::RecordFinding(finding) => self.record_finding(finding),
            Event::ResolveFinding(resolved) => self.resolve_finding(resolved),
            Event::StartSlice(request) => self.plan_slices(&[request], None),
            Event::PlanSlices(plan) => self.plan_slices(&plan.slices, plan.fail_fast),
            Event::CancelSlice(order) => self.cancel_slice(&order),
            Event::WaiveSlice(order) => self.waive_slice(&order),
            Event::RetrySlice(order) => self.retry_slice(&order),
            Event::FinishSlice(report) => self.finish_slice(&report),
            Event::FinishReview(report) => {
                self.finish_review(&report);
                Ok(())
            }
            Event::MissVote(missed) => {
                self.miss_vote(missed);
                Ok(())
            }
            Event::LoseSlice(lost) => {
                self.lose_slice(&lost);
                Ok(())
            }
            Event::LoseReview(lost) => {
                self.lose_review(&lost);
                Ok(())
            }
            Event::RequestCancel { reason } => self.request_cancel(&reason),
            Event::SettleCancel => {
                self.settle_cancel();
                Ok(())
            }
            Event::Malformed { message, why } => {
                Err(Refusal::malformed(head(&message, NAME_KEPT), why))
            }
        }
    }

    /// Refuses when the epoch takes no more messages.
    fn check_open(&self, message: &str) -> Result<(), Refusal> {
        let id = &self.state.epoch_id;
        match self.state.status {
            EpochStatus::Running => Ok(()),
            EpochStatus::Complete => Err(Refusal::new(
                RefusalCode::Complete,
                format!("{message} was not applied"),
                format!("epoch '{id}' has completed"),
                "nothing changed; the epoch closes once its audit trail is written",
                "start a new epoch for further work",
            )),
            EpochStatus::Cancelling | EpochStatus::Cancelled => Err(Refusal::new(
                RefusalCode::Cancelling,
                format!("{message} was not applied"),
                format!("epoch '{id}' is being cancelled"),
                "nothing changed; the epoch closes once its children have ended",
                "start a new epoch for further work",
            )),
        }
    }
}
