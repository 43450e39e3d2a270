//! One deadline for all that a command does.

use std::time::{Duration, Instant};

/// A question that had less time than this and got no answer says nothing of the workers.
pub(super) const BRIEF: Duration = Duration::from_secs(2);

/// The moment after which a command has to have answered.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    start: Instant,
    limit: Duration,
}

impl Deadline {
    /// The deadline `limit` from now.
    pub fn after(limit: Duration) -> Self {
        Self {
            start: Instant::now(),
            limit,
        }
    }

    /// The time left; zero when it has passed.
    pub fn left(self) -> Duration {
        self.limit.saturating_sub(self.start.elapsed())
    }

    /// Whether it has passed.
    pub fn has_passed(self) -> bool {
        self.left().is_zero()
    }

    /// The whole time there was.
    pub const fn limit(self) -> Duration {
        self.limit
    }

    /// Waits a few milliseconds, a different few each time so that those who wait for the
    /// same thing don't all come back at once; false when the deadline comes first.
    pub(super) async fn pause(self) -> bool {
        const SHORTEST: u64 = 5_000;
        const SPREAD: u64 = 15_000;
        let nanos = u64::from(self.start.elapsed().subsec_nanos());
        let jitter = nanos.wrapping_mul(u64::from(std::process::id())) % SPREAD;
        self.sleep(Duration::from_micros(SHORTEST + jitter)).await
    }

    /// Waits for so long; false when the deadline comes first.
    pub(super) async fn sleep(self, wait: Duration) -> bool {
        if wait >= self.left() {
            return false;
        }
        tokio::time::sleep(wait).await;
        true
    }
}
