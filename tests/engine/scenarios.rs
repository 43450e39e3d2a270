//! All scenarios, a family per file.

use crate::suite::Scenario;

mod activities;
mod asynchronous;
mod cancelled_activities;
mod timeouts;

/// Those that take longest come first, so that they are not what all wait for at the end.
pub fn all() -> Vec<Scenario> {
    [timeouts::ALL, asynchronous::ALL, cancelled_activities::ALL, activities::ALL].concat()
}
