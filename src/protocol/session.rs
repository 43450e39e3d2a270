//! The agents' sessions that have announced themselves. Whether one is stale is the
//! reader's judgement: the state keeps when it was last heard of.

use super::limits::{Bound, SESSIONS, Weigh, texts_weight};
use super::phase::RoleId;
use super::time::Timestamp;

/// What an agent says of its session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The epoch it means; checked.
    pub epoch_id: String,
    /// Its own id.
    pub session_id: String,
    /// Its role; `None` is unspecified.
    pub role: Option<RoleId>,
    /// The agent program.
    pub model_harness: String,
    /// The model.
    pub model: String,
}

/// A session that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What it said.
    pub registration: Registration,
    /// When it registered.
    pub registered_at: Timestamp,
    /// When it was last heard of.
    pub last_seen: Timestamp,
}

impl Weigh for Session {
    fn weight(&self) -> usize {
        let said = &self.registration;
        200 + texts_weight([
            said.epoch_id.as_str(),
            &said.session_id,
            &said.model_harness,
            &said.model,
        ])
    }
}

/// The active sessions in order of arrival, and how many there ever were.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Sessions {
    /// Those kept.
    pub active: Vec<Session>,
    /// Registrations ever accepted.
    pub total: u64,
}

impl Sessions {
    const BOUND: Bound = SESSIONS;

    /// The session with this id.
    pub fn find(&self, session_id: &str) -> Option<&Session> {
        self.active
            .iter()
            .find(|session| session.registration.session_id == session_id)
    }

    /// Adds a session; those heard of least recently make room.
    pub(super) fn add(&mut self, session: Session) {
        self.active.push(session);
        self.total = self.total.saturating_add(1);
        while self.active.len() > Self::BOUND.count || self.weight() > Self::BOUND.bytes {
            let stalest = self
                .active
                .iter()
                .enumerate()
                .min_by_key(|(_, session)| session.last_seen)
                .map(|(index, _)| index);
            let Some(stalest) = stalest else { break };
            self.active.remove(stalest);
        }
    }

    /// Notes that a session lives; false when it is not known.
    pub(super) fn touch(&mut self, session_id: &str, at: Timestamp) -> bool {
        let found = self
            .active
            .iter_mut()
            .find(|s| s.registration.session_id == session_id);
        found.map(|session| session.last_seen = at).is_some()
    }

    /// Takes a session out.
    pub(super) fn end(&mut self, session_id: &str) -> Option<Session> {
        let index = self
            .active
            .iter()
            .position(|s| s.registration.session_id == session_id)?;
        Some(self.active.remove(index))
    }
}

impl Weigh for Sessions {
    fn weight(&self) -> usize {
        self.active.iter().map(Weigh::weight).sum()
    }
}
