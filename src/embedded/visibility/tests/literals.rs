//! How values may be written.

use rusqlite::types::Value;

use super::registry;
use crate::embedded::visibility::ast::Literal;
use crate::embedded::visibility::{attribute, duration, value};

fn datetime(text: &str) -> Option<i64> {
    let when = attribute::resolve("W", &registry()).unwrap();
    match value::of(&Literal::Text(text.to_owned()), &when) {
        Ok(Value::Integer(nanoseconds)) => Some(nanoseconds),
        _ => None,
    }
}

#[test]
fn times() {
    let second = 1_000_000_000;
    for (text, wanted) in [
        ("1970-01-01T00:00:01Z", second),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("1970-01-01T00:00:00.5Z", second / 2),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T23:30:00-00:30", 0),
        ("2024-02-29T12:00:00Z", 1_709_208_000 * second),
        ("1969-12-31T23:59:59Z", -second),
        ("9999-12-31T23:59:59Z", i64::MAX),
        ("0001-01-01T00:00:00Z", i64::MIN),
    ] {
        assert_eq!(datetime(text), Some(wanted), "{text}");
    }
    for text in [
        "",
        "1970-01-01",
        "1970-01-01T00:00Z",
        "1970-01-01 00:00:00Z",
        "1970-01-01t00:00:00z",
        "1970-01-01T00:00:00",
        "1970-01-01T00:00:00.Z",
        "1970-01-01T00:00:00+0100",
        "1970-01-01T00:00:00+01",
        "1970-13-01T00:00:00Z",
        "1970-01-01T25:00:00Z",
        "1970-01-01T00:00:00+24:00",
        "1970-01-01T00:00:00é",
        "1970-01-01T00:00:00..5Z",
        "2023-02-29T00:00:00Z",
        "+001970-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z[UTC]",
        "1970-01-01T00:00:0äZ",
        "0",
    ] {
        assert_eq!(datetime(text), None, "{text}");
    }
}

#[test]
fn durations() {
    let second = 1_000_000_000;
    for (text, wanted) in [
        ("1500", 1500),
        ("-1500", -1500),
        ("0", 0),
        ("300ms", 300_000_000),
        ("-1.5h", -5_400 * second),
        ("+2h45m", 9_900 * second),
        ("1d", 86_400 * second),
        ("1.5d2s", 129_602 * second),
        (".5s", second / 2),
        ("1.s", second),
        ("1us1µs1μs1ns", 3_001),
        ("0.0000000019s", 1),
        ("00:00:01", second),
        ("100:59:59", (100 * 3600 + 59 * 60 + 59) * second),
    ] {
        assert_eq!(duration::nanoseconds(text), Ok(wanted), "{text}");
    }
    for text in [
        "",
        "s",
        "-",
        "1",
        ".s",
        "1.2.3s",
        "1x",
        "1s 2s",
        "abc",
        "1:2",
        "1:2:3:4",
        "-1:00:00",
        "1:60:00",
        "1:00:60",
        "300y",
        "99999999999999999999h",
        "9999999999:00:00",
        "999999d",
        "1.5",
    ] {
        let is_number = text.parse::<i64>().is_ok();
        assert_eq!(duration::nanoseconds(text).is_ok(), is_number, "{text}");
    }
}
