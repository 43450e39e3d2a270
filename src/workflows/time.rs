//! The workflow's time, which is the history's: the same on every replay.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::protocol::Timestamp;

/// The moment that the rules are given. A task always has a time; were it missing, the
/// Unix epoch would stand for it, on every replay alike.
pub(super) fn timestamp(time: Option<SystemTime>) -> Timestamp {
    let since = time
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
