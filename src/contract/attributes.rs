//! The search attributes: their names and types, and what an epoch shows through them.

use super::names::search_attribute as name;
use crate::protocol::effect::EventType;
use crate::protocol::state::{EpochStatus, State};
use crate::protocol::{PhaseId, RoleId, Word};

/// The type of a search attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Compared whole.
    Keyword,
    /// Searched by words.
    Text,
}

/// All of them, to be registered.
pub const ALL: [(&str, Kind); 6] = [
    (name::EPOCH_ID, Kind::Text),
    (name::PHASE, Kind::Keyword),
    (name::ROLE, Kind::Keyword),
    (name::STATUS, Kind::Keyword),
    (name::DOMAIN, Kind::Keyword),
    (name::LAST_EVENT_TYPE, Kind::Keyword),
];

/// The value of one attribute.
pub type Shown = (&'static str, Kind, String);

/// What a new epoch shows before its first task, so that it need not spend an event on it.
pub fn of_new(epoch_id: &str) -> Vec<Shown> {
    let running = EpochStatus::Running;
    shown(
        epoch_id,
        PhaseId::P1,
        RoleId::Epoch,
        running,
        Some(EventType::EpochStarted),
    )
}

/// What an epoch shows now.
pub fn of_state(state: &State) -> Vec<Shown> {
    let id = state.epoch_id.as_str();
    shown(
        id,
        state.phase,
        state.role,
        state.status,
        state.last_event_type,
    )
}

/// What a child of an epoch shows.
pub fn of_child(epoch_id: &str) -> Vec<Shown> {
    vec![(name::EPOCH_ID, Kind::Text, epoch_id.to_owned())]
}

fn shown(
    epoch_id: &str,
    phase: PhaseId,
    role: RoleId,
    status: EpochStatus,
    last: Option<EventType>,
) -> Vec<Shown> {
    // One that is being cancelled still runs, for those who search.
    let status = match status {
        EpochStatus::Running | EpochStatus::Cancelling => EpochStatus::Running,
        ended @ (EpochStatus::Complete | EpochStatus::Cancelled) => ended,
    };
    let domain = phase.domain().map_or("", Word::word);
    let mut shown = vec![
        (name::EPOCH_ID, Kind::Text, epoch_id.to_owned()),
        (name::PHASE, Kind::Keyword, phase.word().to_owned()),
        (name::ROLE, Kind::Keyword, role.word().to_owned()),
        (name::STATUS, Kind::Keyword, status.word().to_owned()),
        (name::DOMAIN, Kind::Keyword, domain.to_owned()),
    ];
    if let Some(last) = last {
        shown.push((name::LAST_EVENT_TYPE, Kind::Keyword, last.word().to_owned()));
    }
    shown
}
