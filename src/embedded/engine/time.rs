//! Time as the engine counts it: nanoseconds since 1970, UTC, in an `i64`. The clock itself
//! is the caller's; here is arithmetic, and the way to and from the API's messages.

use prost_wkt_types::{Duration, Timestamp};

/// A moment.
pub(in crate::embedded) type Time = i64;
/// A length of time in nanoseconds; 0 is none.
pub(in crate::embedded) type Span = i64;

const SECOND: i64 = 1_000_000_000;

/// So many seconds.
pub(in crate::embedded) const fn seconds(count: i64) -> Span {
    count * SECOND
}

/// The API's timestamp.
pub(in crate::embedded) fn timestamp(time: Time) -> Timestamp {
    let nanos = i32::try_from(time.rem_euclid(SECOND)).unwrap_or_default();
    Timestamp {
        seconds: time.div_euclid(SECOND),
        nanos,
    }
}

/// The API's duration.
pub(in crate::embedded) fn duration(span: Span) -> Duration {
    Duration {
        seconds: span / SECOND,
        nanos: i32::try_from(span % SECOND).unwrap_or_default(),
    }
}

/// The length that a message gives; none, a negative one and nonsense are 0, and what would
/// not fit is as long as can be.
pub(in crate::embedded) fn span(duration: Option<&Duration>) -> Span {
    duration.map_or(0, |duration| {
        duration
            .seconds
            .saturating_mul(SECOND)
            .saturating_add(i64::from(duration.nanos))
            .max(0)
    })
}

/// The earlier of two deadlines of which either may be missing (0).
pub(in crate::embedded) const fn earlier(one: Time, other: Time) -> Time {
    if one == 0 || (other != 0 && other < one) {
        other
    } else {
        one
    }
}

/// The shorter of two limits of which either may be missing (0).
pub(in crate::embedded) const fn shorter(one: Span, other: Span) -> Span {
    earlier(one, other)
}

/// The moment so long after another; none without a length.
pub(in crate::embedded) const fn after(time: Time, span: Span) -> Time {
    if span == 0 {
        0
    } else {
        time.saturating_add(span)
    }
}
