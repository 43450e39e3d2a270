//! All scenarios, a family per file.

use crate::suite::Scenario;

mod activities;
mod asynchronous;
mod cancelled_activities;
mod children;
mod close_policies;
mod closing;
mod decorations;
mod descriptions;
mod histories;
mod limits;
mod others;
mod queries;
mod renewal;
mod signals;
mod starting;
mod tasks;
mod timeouts;
mod timers;
mod tools;
mod updates;
mod updates_by_hand;
mod visibility;
mod workers;

/// Those that take longest come first, so that they are not what all wait for at the end.
pub fn all() -> Vec<Scenario> {
    [
        tools::ALL,
        workers::ALL,
        timeouts::ALL,
        asynchronous::ALL,
        cancelled_activities::ALL,
        activities::ALL,
        queries::ALL,
        decorations::ALL,
        visibility::ALL,
        descriptions::ALL,
        histories::ALL,
        updates_by_hand::ALL,
        limits::ALL,
        closing::ALL,
        starting::ALL,
        tasks::ALL,
        children::ALL,
        close_policies::ALL,
        others::ALL,
        renewal::ALL,
        signals::ALL,
        timers::ALL,
        updates::ALL,
    ]
    .concat()
}
