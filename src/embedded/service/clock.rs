//! The time of day, which a test can make its own.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::embedded::engine::Time;

/// Something that knows what time it is.
pub(in crate::embedded) trait Clock: Send + Sync {
    /// Nanoseconds since 1970, UTC.
    fn now(&self) -> Time;
}

/// The system's clock, so that deadlines hold across restarts and a laptop's sleep. When it
/// is put back, this one goes on at its pace until the process ends: a timer of a second
/// would else take as much longer as it was put back by.
#[derive(Debug)]
pub(in crate::embedded) struct SystemClock {
    began: Instant,
    pace: Pace,
}

impl SystemClock {
    pub(in crate::embedded) fn new() -> Self {
        Self {
            began: Instant::now(),
            pace: Pace(AtomicI64::new(Time::MIN)),
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Time {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH);
        self.pace
            .at(nanos(wall.unwrap_or_default()), nanos(self.began.elapsed()))
    }
}

fn nanos(span: Duration) -> Time {
    Time::try_from(span.as_nanos()).unwrap_or(Time::MAX)
}

/// When, by a clock on the wall, a stopwatch was started: the latest that it ever showed.
#[derive(Debug)]
struct Pace(AtomicI64);

impl Pace {
    fn at(&self, wall: Time, stopwatch: Time) -> Time {
        let began = wall.saturating_sub(stopwatch);
        let latest = self.0.fetch_max(began, Ordering::AcqRel).max(began);
        latest.saturating_add(stopwatch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_put_back_is_not_followed() {
        let pace = Pace(AtomicI64::new(Time::MIN));
        assert_eq!(pace.at(1_000, 0), 1_000);
        assert_eq!(pace.at(1_010, 10), 1_010);
        assert_eq!(pace.at(20, 20), 1_020);
        assert_eq!(pace.at(30, 30), 1_030);
    }

    #[test]
    fn one_that_is_put_forward_or_stood_still_in_between_is_followed() {
        let pace = Pace(AtomicI64::new(Time::MIN));
        assert_eq!(pace.at(1_000, 0), 1_000);
        assert_eq!(pace.at(5_000, 10), 5_000);
        assert_eq!(pace.at(5_010, 20), 5_010);
    }
}
