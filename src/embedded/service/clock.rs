//! The time of day, which a test can make its own.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::embedded::engine::Time;

/// Something that knows what time it is.
pub(in crate::embedded) trait Clock: Send + Sync {
    /// Nanoseconds since 1970, UTC.
    fn now(&self) -> Time;
}

/// The system's clock: deadlines are to hold across restarts and a laptop's sleep.
#[derive(Debug, Default)]
pub(in crate::embedded) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| {
            i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
        })
    }
}
