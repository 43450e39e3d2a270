//! What is counted and measured of an epoch. Counts skip replays: a message is counted
//! where it is applied for the first time, and an effect measured if all of it happened
//! in this process. None of it is ever read by a workflow.

use super::shell::Shell;
use crate::protocol::effect::Effect;
use crate::protocol::refusal::RefusalCode;
use crate::protocol::slice::SliceState;
use crate::protocol::{Message, Word};
use crate::telemetry::metrics::{self, names};

/// How the search attributes' effect is called.
pub(super) const PUBLISH: &str = "publish_attributes";
/// A write of the audit trail inside the task.
pub(super) const AUDIT: &str = "audit";
/// One by an ordinary activity.
pub(super) const AUDIT_DEFERRED: &str = "audit_deferred";

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// It was applied.
    Applied,
    /// It had come before.
    Repeated,
    /// It was refused.
    Refused(RefusalCode),
}

impl Heard {
    /// Counts a message of this kind.
    pub(super) fn count(self, kind: &str) {
        match self {
            Self::Applied => metrics::counter(&names::MESSAGES_APPLIED, &[kind]),
            Self::Repeated => metrics::counter(&names::MESSAGES_REPEATED, &[kind]),
            Self::Refused(code) => metrics::counter(&names::MESSAGES_REFUSED, &[kind, code.word()]),
        }
        .increment();
    }
}

impl Shell {
    /// Whether this very message has come before.
    pub(super) fn has_heard(&self, message: &Message) -> bool {
        let envelope = &message.envelope;
        let id = envelope.request_id.as_deref();
        let first = id.and_then(|id| self.state().inbox.outcome(id));
        first.is_some_and(|first| first.fingerprint == envelope.fingerprint)
    }

    /// Tells how much waits, and how far the slices are.
    pub(super) fn tell(&mut self) {
        let backlog = self.pump.len() + self.queue.rows().count();
        let slices = &self.epoch.state().slices;
        let slices = SliceState::ALL
            .iter()
            .map(|state| (state.word(), slices.in_state(*state).count()))
            .filter(|(_, count)| *count > 0);
        self.in_memory.set(backlog, slices.collect());
    }
}

/// What an effect is called.
pub(super) const fn kind(effect: &Effect) -> &'static str {
    match effect {
        Effect::PublishAttributes => PUBLISH,
        Effect::Audit(_) => AUDIT,
        Effect::StartSlice { .. } => "start_slice",
        Effect::CancelSlice { .. } => "cancel_slice",
        Effect::OpenReview { .. } => "open_review",
        Effect::CloseReview { .. } => "close_review",
        Effect::Finish(_) => "finish",
    }
}
