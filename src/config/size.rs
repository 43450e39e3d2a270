//! How the text of a number of bytes is read and written: a number and a unit. It leaves
//! out what is that large.

use std::ffi::OsString;

use super::invalid::Invalid;
use super::spec::Context;
use super::value::text;

/// The largest size. It is far from where adding to it overflows.
const MAX: u64 = 1_000_000_000_000;
const FORMS: &str = "accepted: 500kB, 10MB, 1GB, 64MiB, or a whole number of bytes";
const HINT: &str = "write 10MB, for example";
/// Units by their text in small letters, largest first among those of one kind.
const UNITS: [(&str, u64); 8] = [
    ("gb", 1_000_000_000),
    ("mb", 1_000_000),
    ("kb", 1_000),
    ("gib", 1 << 30),
    ("mib", 1 << 20),
    ("kib", 1 << 10),
    ("b", 1),
    ("", 1),
];

/// A number of bytes.
pub(super) fn size(words: &[OsString], _: Context<'_>) -> Result<u64, Invalid> {
    let text = text(words)?;
    match count(text) {
        None => Err(Invalid::new(text, "is no size", FORMS, HINT)),
        Some(0) => {
            let why = format!("0 is refused; {FORMS}");
            Err(Invalid::new(text, "is no size at all", why, HINT))
        }
        Some(size) if size <= MAX => Ok(size),
        Some(_) => {
            let why = format!("at most {} is allowed; {FORMS}", show(MAX));
            Err(Invalid::new(text, "is too large", why, HINT))
        }
    }
}

/// The bytes of a number and a unit; the most there are, if they are too many to count.
fn count(text: &str) -> Option<u64> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = text.strip_suffix(unit).unwrap_or_default();
    let unit = unit.trim_start().to_ascii_lowercase();
    let (_, unit) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
    if number.is_empty() {
        return None;
    }
    // Digits alone are no number only if there are too many of them.
    let number: u64 = number.parse().unwrap_or(u64::MAX);
    Some(number.saturating_mul(unit))
}

/// The text of a size, in the largest unit that gives a whole number.
pub(super) fn show(size: u64) -> String {
    let (unit, name) = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")]
        .into_iter()
        .find(|(unit, _)| size > 0 && size.is_multiple_of(*unit))
        .unwrap_or((1, "B"));
    format!("{}{name}", size / unit)
}
