//! One turn: the state while one event is applied, and the effects it gathers.

use super::super::effect::{AuditEntry, Effect, EventType, Fields};
use super::super::state::State;
use super::super::time::Timestamp;

/// One event's view of the epoch. Whoever handles an event checks first and changes
/// afterwards, so that a refusal finds the state as it was.
pub(super) struct Turn<'a> {
    pub(super) state: &'a mut State,
    pub(super) at: Timestamp,
    pub(super) actor: Option<String>,
    /// What the sender should know although the message was applied.
    pub(super) note: Option<String>,
    effects: Vec<Effect>,
    publish: bool,
}

impl<'a> Turn<'a> {
    pub(super) fn new(state: &'a mut State, at: Timestamp, actor: Option<String>) -> Self {
        Self {
            state,
            at,
            actor,
            note: None,
            effects: Vec::new(),
            publish: false,
        }
    }

    /// Asks for an effect after those asked for before.
    pub(super) fn ask(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Asks for an audit entry.
    pub(super) fn audit(&mut self, event_type: EventType, payload: Fields) {
        let state = &mut *self.state;
        state.audit_entries += 1;
        state.last_event_type = Some(event_type);
        let entry = AuditEntry {
            ordinal: state.audit_entries,
            at: self.at,
            event_type,
            phase: state.phase,
            role: state.role,
            actor: self.actor.clone(),
            payload,
        };
        self.effects.push(Effect::Audit(entry));
    }

    /// Asks that the search attributes follow the state.
    pub(super) const fn publish(&mut self) {
        self.publish = true;
    }

    /// The effects, in the order to perform them: attributes first, since they cost a
    /// command and no wait; then the audit; then children, which take a round trip.
    pub(super) fn into_effects(self) -> Vec<Effect> {
        let mut effects = self.effects;
        if self.publish {
            effects.push(Effect::PublishAttributes);
        }
        effects.sort_by_key(|effect| match effect {
            Effect::PublishAttributes => 0,
            Effect::Audit(_) => 1,
            Effect::CloseReview { .. } | Effect::CancelSlice { .. } => 2,
            Effect::OpenReview { .. } | Effect::StartSlice { .. } => 3,
            Effect::Finish(_) => 4,
        });
        effects
    }
}
