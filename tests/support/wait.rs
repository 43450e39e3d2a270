//! Waiting for a condition that can only be polled from outside, such as a row
//! in a file that another process writes. It deliberately isn't used where an
//! event exists: log lines, exits and closed pipes are waited for directly.

use std::{
    thread,
    time::{Duration, Instant},
};

const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// Calls `probe` until it gives a value, and fails the test when it has given
/// none within `limit`. `what` names the awaited condition in that failure.
#[track_caller]
pub fn eventually<T>(what: &str, limit: Duration, probe: impl FnMut() -> Option<T>) -> T {
    match within(limit, probe) {
        Some(value) => value,
        None => panic!("{what}: did not happen within {limit:?}"),
    }
}

/// As [`eventually`], for callers that have something better to say than a
/// panic when the time is up.
pub fn within<T>(limit: Duration, mut probe: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + limit;
    let mut pause = FIRST_PAUSE;
    loop {
        if let Some(value) = probe() {
            return Some(value);
        }
        if Instant::now() >= deadline {
            return None;
        }
        thread::sleep(pause);
        pause = (pause * 5 / 4).min(LONGEST_PAUSE);
    }
}
