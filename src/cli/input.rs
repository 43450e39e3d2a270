//! What was typed, checked before anything is sent. Every check is told where the text
//! was written, a flag or a variable, so that its message can name it.

use std::str::FromStr;

use super::failure::Failure;
use crate::protocol::id::{EpochId, IdError, SliceId, check_id};
use crate::protocol::limits;
use crate::protocol::{PhaseId, UnknownWord, Word};

/// The id of an epoch that exists.
pub(super) fn epoch_id(name: &str, text: &str) -> Result<String, Failure> {
    EpochId::parse(text)
        .map(|id| id.as_str().to_owned())
        .map_err(|error| bad_id(name, text, limits::ID, &error))
}

/// The id of an epoch that is to be started.
pub(super) fn new_epoch_id(name: &str, text: &str) -> Result<String, Failure> {
    EpochId::parse_new(text)
        .map(|id| id.as_str().to_owned())
        .map_err(|error| bad_id(name, text, EpochId::NEW_MAX, &error))
}

/// A slice's id.
pub(super) fn slice_id(name: &str, text: &str) -> Result<SliceId, Failure> {
    SliceId::parse(text).map_err(|error| bad_id(name, text, limits::SLICE_ID, &error))
}

/// Any other id.
pub(super) fn id(name: &str, kind: &'static str, text: &str) -> Result<String, Failure> {
    bounded_id(name, kind, text, limits::ID)
}

/// A message's id.
pub(super) fn request_id(text: &str) -> Result<String, Failure> {
    bounded_id("--request-id", "request id", text, limits::REQUEST_ID)
}

fn bounded_id(name: &str, kind: &'static str, text: &str, max: usize) -> Result<String, Failure> {
    check_id(kind, text, max)
        .map(|()| text.to_owned())
        .map_err(|error| bad_id(name, text, max, &error))
}

/// A phase, in any of the ways people name it.
pub(super) fn phase(name: &str, text: &str) -> Result<PhaseId, Failure> {
    PhaseId::parse_name(text).map_err(|error| unknown(name, &error))
}

/// One word of a closed set, exactly.
pub(super) fn word<T>(name: &str, text: &str) -> Result<T, Failure>
where
    T: Word + FromStr<Err = UnknownWord>,
{
    text.parse().map_err(|error| unknown(name, &error))
}

/// One word of a closed set, in upper or lower case.
pub(super) fn word_in_any_case<T: Word>(name: &str, text: &str) -> Result<T, Failure> {
    let same = |value: &&T| value.word().eq_ignore_ascii_case(text);
    T::ALL
        .iter()
        .find(same)
        .copied()
        .ok_or_else(|| unknown(name, &UnknownWord::new(T::KIND, text, T::WORDS)))
}

/// A text within its limit.
pub(super) fn text(name: &str, text: &str, max: usize) -> Result<String, Failure> {
    if text.len() <= max {
        return Ok(text.to_owned());
    }
    Err(Failure::invalid(
        "too_long",
        format!("{name} is too long"),
        format!("it has {} bytes; at most {max} are kept", text.len()),
        "shorten it, or put it into a file and give the file's name instead",
    ))
}

/// A whole number, not zero.
pub(super) fn number(name: &str, text: &str) -> Result<u32, Failure> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| {
        Failure::invalid(
            "invalid_number",
            format!("{name} '{}' is no number from 1 on", cut(text)),
            format!("valid: whole numbers from 1 to {}", u32::MAX),
            format!("write {name} 3, for example"),
        )
    })
}

fn bad_id(name: &str, text: &str, max: usize, error: &IdError) -> Failure {
    let (IdError::Empty { kind }
    | IdError::TooLong { kind, .. }
    | IdError::Control { kind, .. }
    | IdError::Reserved { kind, .. }) = error;
    let reserved = match error {
        IdError::Reserved { word, .. } => format!(", and no '{word}'"),
        _ => String::new(),
    };
    Failure::invalid(
        "invalid_id",
        format!("{name} '{}' is no {kind}", cut(text)),
        error.to_string(),
        format!("give {name} 1 to {max} bytes without control characters{reserved}"),
    )
}

/// A word that is none of a closed set.
pub(super) fn unknown(name: &str, error: &UnknownWord) -> Failure {
    Failure::invalid(
        &format!("unknown_{}", error.kind.replace(' ', "_")),
        format!("unknown {} '{}'", error.kind, error.given),
        format!("valid: {}", error.valid),
        format!("give {name} one of the valid values"),
    )
}

/// As much of a text as a message needs to be recognised by.
pub(super) fn cut(text: &str) -> String {
    const SHOWN: usize = 80;
    let mut cut: String = text.chars().take(SHOWN).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
