//! What was typed, checked before anything is sent.

use std::str::FromStr;

use super::failure::Failure;
use crate::protocol::id::{EpochId, IdError, SliceId, check_id};
use crate::protocol::limits;
use crate::protocol::{PhaseId, UnknownWord, Word};

/// The id of an epoch that exists.
pub(super) fn epoch_id(text: &str) -> Result<String, Failure> {
    EpochId::parse(text)
        .map(|id| id.as_str().to_owned())
        .map_err(|error| bad_id(&error))
}

/// The id of an epoch that is to be started.
pub(super) fn new_epoch_id(text: &str) -> Result<String, Failure> {
    EpochId::parse_new(text)
        .map(|id| id.as_str().to_owned())
        .map_err(|error| bad_id(&error))
}

/// A slice's id.
pub(super) fn slice_id(text: &str) -> Result<SliceId, Failure> {
    SliceId::parse(text).map_err(|error| bad_id(&error))
}

/// Any other id.
pub(super) fn id(kind: &'static str, text: &str) -> Result<String, Failure> {
    check_id(kind, text, limits::ID)
        .map(|()| text.to_owned())
        .map_err(|error| bad_id(&error))
}

/// A message's id.
pub(super) fn request_id(text: &str) -> Result<String, Failure> {
    check_id("request id", text, limits::REQUEST_ID)
        .map(|()| text.to_owned())
        .map_err(|error| bad_id(&error))
}

/// A phase, in any of the ways people name it.
pub(super) fn phase(text: &str) -> Result<PhaseId, Failure> {
    PhaseId::parse_name(text).map_err(|error| unknown(&error))
}

/// One word of a closed set, exactly.
pub(super) fn word<T: Word + FromStr<Err = UnknownWord>>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|error| unknown(&error))
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
        "shorten it, or put it into a file and name the file",
    ))
}

fn bad_id(error: &IdError) -> Failure {
    let fix = "use printable characters, within the limit".to_owned();
    Failure::invalid(
        "invalid_id",
        error.to_string(),
        "ids become workflow ids",
        fix,
    )
}

fn unknown(error: &UnknownWord) -> Failure {
    Failure::invalid(
        &format!("unknown_{}", error.kind.replace(' ', "_")),
        format!("unknown {} '{}'", error.kind, error.given),
        format!("valid: {}", error.valid),
        format!("use one of the valid {}s", error.kind),
    )
}
