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

/// A duration.
pub(super) fn duration(words: &[OsString], _: Context<'_>) -> Result<Duration, Invalid> {
    let text = text(words)?;
    read(text).map_err(|(fault, why)| Invalid::new(text, fault, why, "write 30s, for example"))
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
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = text.strip_suffix(unit).unwrap_or_default();
    let unit = match unit {
        "ms" => 1,
        "" | "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => 0,
    };
    if number.is_empty() || unit == 0 {
        return Err(("is no duration", FORMS.to_owned()));
    }
    // Digits alone are no number only if there are too many of them.
    let number: u64 = number.parse().unwrap_or(u64::MAX);
    match number.checked_mul(unit).map(Duration::from_millis) {
        Some(Duration::ZERO) => Err(("is no time at all", format!("0 is refused; {FORMS}"))),
        Some(duration) if duration <= MAX => Ok(duration),
        _ => Err((
            "is too long",
            format!("at most {} is allowed; {FORMS}", show(MAX)),
        )),
    }
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

/// The text of a limit.
pub(super) fn show_limit(limit: Option<Duration>) -> String {
    limit.map_or_else(|| "unlimited".to_owned(), show)
}
