//! Arguments as other clients send them: the later ones may be missing or null.

use serde::de::DeserializeOwned;
use temporalio_common::data_converters::RawValue;
use temporalio_sdk::ApplicationFailure;
use temporalio_sdk::activities::ActivityError;

/// The failure type of arguments that cannot be read; trying again would not help.
const BAD_ARGUMENTS: &str = "BadArguments";

/// The only argument.
pub(super) fn one<T: DeserializeOwned>(raw: &RawValue) -> Result<T, ActivityError> {
    required(raw, 0, "the argument")
}

/// An argument that must be there.
pub(super) fn required<T: DeserializeOwned>(
    raw: &RawValue,
    index: usize,
    name: &str,
) -> Result<T, ActivityError> {
    let data = data(raw, index).ok_or_else(|| bad(format!("{name} is missing")))?;
    serde_json::from_slice(data).map_err(|error| bad(format!("{name} cannot be read: {error}")))
}

/// An argument that may be missing or null.
pub(super) fn optional<T: DeserializeOwned>(
    raw: &RawValue,
    index: usize,
    name: &str,
) -> Result<Option<T>, ActivityError> {
    match data(raw, index) {
        None | Some([]) => Ok(None),
        Some(data) => serde_json::from_slice(data)
            .map_err(|error| bad(format!("{name} cannot be read: {error}"))),
    }
}

/// A failure that trying again would not mend.
pub(super) fn bad(what: String) -> ActivityError {
    ApplicationFailure::builder(what)
        .type_name(BAD_ARGUMENTS.to_owned())
        .non_retryable(true)
        .build()
        .into()
}

fn data(raw: &RawValue, index: usize) -> Option<&[u8]> {
    raw.payloads
        .get(index)
        .map(|payload| payload.data.as_slice())
}
