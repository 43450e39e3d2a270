//! Times on the wire: `+00:00`, six digits of a second or none.

use proptest::prelude::*;

use super::{read, wire};
use crate::contract::time::WireTime;
use crate::protocol::Timestamp;

/// Checks how a moment is written, and that it is read as the same moment again.
fn check(micros: i64, text: &str) {
    let time = WireTime(Timestamp::from_micros(micros));
    assert_eq!(wire(&time), format!("\"{text}\""));
    assert_eq!(read::<WireTime>(&wire(&time)), time);
}

#[test]
fn written_with_six_digits_or_none() {
    check(0, "1970-01-01T00:00:00+00:00");
    check(1, "1970-01-01T00:00:00.000001+00:00");
    check(500_000, "1970-01-01T00:00:00.500000+00:00");
    check(-1, "1969-12-31T23:59:59.999999+00:00");
    check(1_767_225_600_000_000, "2026-01-01T00:00:00+00:00");
    check(1_709_251_199_120_000, "2024-02-29T23:59:59.120000+00:00");
    check(253_402_207_200_000_000, "9999-12-30T22:00:00+00:00");
}

#[test]
fn read_with_any_offset_and_any_fraction() {
    for (text, micros) in [
        ("2026-01-01T00:00:00+00:00", 1_767_225_600_000_000),
        ("2026-01-01T00:00:00Z", 1_767_225_600_000_000),
        ("2026-01-01T02:30:00+02:30", 1_767_225_600_000_000),
        ("2026-01-01T00:00:00.5+00:00", 1_767_225_600_500_000),
        ("2026-01-01T00:00:00.123456789+00:00", 1_767_225_600_123_456),
        ("2026-01-01 00:00:00+00:00", 1_767_225_600_000_000),
    ] {
        assert_eq!(
            WireTime::parse(text).unwrap(),
            WireTime(Timestamp::from_micros(micros)),
            "{text}"
        );
    }
}

#[test]
fn refused_without_an_offset_and_when_it_is_no_time() {
    for text in [
        "",
        "now",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-02-30T00:00:00Z",
        "1767225600",
    ] {
        assert!(WireTime::parse(text).is_err(), "{text}");
    }
    for json in ["null", "1767225600", "1.5", "true", "[]", "{}"] {
        assert!(serde_json::from_str::<WireTime>(json).is_err(), "{json}");
    }
}

#[test]
fn a_moment_outside_the_calendar_is_written_as_one_inside() {
    for micros in [i64::MIN, i64::MAX] {
        let time = WireTime(Timestamp::from_micros(micros));
        assert_eq!(time.to_string(), "1970-01-01T00:00:00+00:00");
    }
}

proptest! {
    #[test]
    fn every_moment_from_year_zero_survives(micros in -62_135_596_800_000_000_i64..253_402_207_200_000_000) {
        let time = WireTime(Timestamp::from_micros(micros));
        prop_assert_eq!(read::<WireTime>(&wire(&time)), time);
    }

    #[test]
    fn no_text_panics(text in ".{0,60}") {
        let _ = WireTime::parse(&text);
    }
}
