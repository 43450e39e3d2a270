//! How the text of a duration is read and written: a number and a unit. It leaves out
//! what is waited for.

use std::ffi::OsString;
use std::time::Duration;

use super::invalid::Invalid;
use super::spec::Context;
use super::value::text;

/// The longest duration. Nothing here is meant to take longer, and it is far from where
/// adding it to a clock overflows.
const MAX: Duration = Duration::from_hours(365 * 24);
const FORMS: &str = "accepted: 500ms, 30s, 2m, 1h, or a whole number of seconds";
/// What is kept is kept for days rather than hours, and perhaps for years.
const MAX_KEPT: Duration = Duration::from_hours(100 * 365 * 24);
const FORMS_KEPT: &str = "accepted: 30d, 12h, 90m, or a whole number of seconds";
const DAY: u64 = 24 * HOUR;
const HOUR: u64 = 3_600_000;

/// A duration.
pub(super) fn duration(words: &[OsString], _: Context<'_>) -> Result<Duration, Invalid> {
    read_duration(text(words)?)
}

/// Reads a duration as settings are written: a number and a unit, from ms to h, or whole
/// seconds; not zero, and at most a year.
pub fn read_duration(text: &str) -> Result<Duration, Invalid> {
    read(text).map_err(|(fault, why)| Invalid::new(text, fault, why, "write 30s, for example"))
}

/// How long something is kept; none is for ever, which 0 means as well: nobody wants it
/// gone at once.
pub(super) fn retention(words: &[OsString], _: Context<'_>) -> Result<Option<Duration>, Invalid> {
    let text = text(words)?;
    if matches!(text, "unlimited" | "none") {
        return Ok(None);
    }
    match count(text, DAY).map(Duration::from_millis) {
        Some(Duration::ZERO) => Ok(None),
        Some(time) if time <= MAX_KEPT => Ok(Some(time)),
        Some(_) => {
            let why = format!(
                "at most {} is allowed; 0 keeps everything",
                show_kept(Some(MAX_KEPT))
            );
            Err(Invalid::new(
                text,
                "is too long",
                why,
                "write 30d, for example, or 0",
            ))
        }
        None => {
            let why = format!("{FORMS_KEPT}; 0 keeps everything");
            Err(Invalid::new(
                text,
                "is no duration",
                why,
                "write 30d, for example, or 0",
            ))
        }
    }
}

/// A duration, or none: no limit.
pub(super) fn limit(words: &[OsString], _: Context<'_>) -> Result<Option<Duration>, Invalid> {
    let text = text(words)?;
    if matches!(text, "unlimited" | "none") {
        return Ok(None);
    }
    read(text).map(Some).map_err(|(fault, why)| {
        let why = format!("{why}; or unlimited (none)");
        Invalid::new(text, fault, why, "write 30s, for example, or unlimited")
    })
}

/// The duration, or what is wrong and the rule.
fn read(text: &str) -> Result<Duration, (&'static str, String)> {
    match count(text, HOUR).map(Duration::from_millis) {
        None => Err(("is no duration", FORMS.to_owned())),
        Some(Duration::ZERO) => Err(("is no time at all", format!("0 is refused; {FORMS}"))),
        Some(duration) if duration <= MAX => Ok(duration),
        Some(_) => Err((
            "is too long",
            format!("at most {} is allowed; {FORMS}", show(MAX)),
        )),
    }
}

/// The milliseconds of a number and a unit, of which `largest` is the largest; the most
/// there are, if they are too many to count.
fn count(text: &str, largest: u64) -> Option<u64> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = text.strip_suffix(unit).unwrap_or_default();
    let unit = match unit {
        "ms" => 1,
        "" | "s" => 1_000,
        "m" => 60_000,
        "h" => HOUR,
        "d" => DAY,
        _ => return None,
    };
    if number.is_empty() || unit > largest {
        return None;
    }
    // Digits alone are no number only if there are too many of them.
    let number: u64 = number.parse().unwrap_or(u64::MAX);
    Some(number.saturating_mul(unit))
}

/// The text of a duration, in the largest unit that gives a whole number.
pub(super) fn show(duration: Duration) -> String {
    let millis = duration.as_millis();
    let (unit, name) = [(3_600_000, "h"), (60_000, "m"), (1_000, "s")]
        .into_iter()
        .find(|(unit, _)| millis > 0 && millis.is_multiple_of(*unit))
        .unwrap_or((1, "ms"));
    format!("{}{name}", millis / unit)
}

/// The text of how long something is kept.
pub(super) fn show_kept(time: Option<Duration>) -> String {
    match time {
        Some(time) if time.as_millis().is_multiple_of(DAY.into()) => {
            format!("{}d", time.as_millis() / u128::from(DAY))
        }
        Some(time) => show(time),
        None => "unlimited".to_owned(),
    }
}

/// The text of a limit.
pub(super) fn show_limit(limit: Option<Duration>) -> String {
    limit.map_or_else(|| "unlimited".to_owned(), show)
}
