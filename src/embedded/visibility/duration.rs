//! The ways to write a duration: nanoseconds, Go's notation (`1h30m`, `1.5d`, `-300ms`; with
//! days) and `hh:mm:ss`.

/// Nanoseconds of a duration, or what is wrong with it in the server's words.
pub(super) fn nanoseconds(text: &str) -> Result<i64, &'static str> {
    if let Ok(nanoseconds) = text.parse() {
        return Ok(nanoseconds);
    }
    match units(text) {
        Some(nanoseconds) => Ok(nanoseconds),
        None => clock(text),
    }
}

fn units(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if rest.is_empty() {
        return None;
    }
    let mut sum = 0_i128;
    while !rest.is_empty() {
        let (number, after) = split(rest, |char| char.is_ascii_digit() || char == '.');
        let (unit, after) = split(after, |char| !char.is_ascii_digit() && char != '.');
        sum = sum.checked_add(part(number, unit)?)?;
        rest = after;
    }
    i64::try_from(if negative { -sum } else { sum }).ok()
}

/// One number with its unit; what is less than a nanosecond is cut off.
fn part(number: &str, unit: &str) -> Option<i128> {
    let unit: i128 = match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60 * 1_000_000_000,
        "h" => 3_600 * 1_000_000_000,
        "d" => 86_400 * 1_000_000_000,
        _ => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut sum = unit.checked_mul(digits(whole)?)?;
    let mut place = unit;
    for digit in fraction.chars() {
        place /= 10;
        sum += place * i128::from(digit.to_digit(10)?);
    }
    Some(sum)
}

fn digits(text: &str) -> Option<i128> {
    if text.is_empty() {
        return Some(0);
    }
    text.parse().ok()
}

fn split(text: &str, within: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|char| !within(char)).unwrap_or(text.len()))
}

fn clock(text: &str) -> Result<i64, &'static str> {
    const INVALID: &str = "invalid duration";
    let mut parts = text.split(':').map(str::parse::<i64>);
    let (Some(Ok(hours)), Some(Ok(minutes)), Some(Ok(seconds)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(INVALID);
    };
    if hours < 0 {
        return Err("invalid duration: hours must be a positive number");
    }
    if !(0..60).contains(&minutes) {
        return Err("invalid duration: minutes must be from 0 to 59");
    }
    if !(0..60).contains(&seconds) {
        return Err("invalid duration: seconds must be from 0 to 59");
    }
    hours
        .checked_mul(3_600)
        .and_then(|sum| sum.checked_add(minutes * 60 + seconds))
        .and_then(|sum| sum.checked_mul(1_000_000_000))
        .ok_or(INVALID)
}
