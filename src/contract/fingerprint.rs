//! A digest of what a message says, by which a request id that is used again for
//! something else is told from the same message sent twice.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Hex digits of a fingerprint.
const DIGITS: usize = 32;

/// The fingerprint of a signal's content: its name and its fields, without the id and
/// the actor. Both sides compute it from the same type, so extra fields don't matter.
/// Fields that are null are left out and the others sorted, so that a release which adds
/// an optional field gives the messages of the one before the same fingerprint.
pub fn of_signal<T: Serialize>(signal: &str, content: &T) -> String {
    // Values of our own types always serialize; a null would merely make two such
    // messages look alike.
    let mut value = serde_json::to_value(content).unwrap_or_default();
    normalize(&mut value);
    of_bytes(signal, value.to_string().as_bytes())
}

fn normalize(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(normalize);
            fields.sort_keys();
        }
        Value::Array(items) => items.iter_mut().for_each(normalize),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The fingerprint of a signal whose content could not be read.
pub fn of_bytes(signal: &str, content: &[u8]) -> String {
    let mut digest = Sha256::new();
    digest.update(signal.as_bytes());
    digest.update([0]);
    digest.update(content);
    let digest = digest.finalize();
    hex(digest.get(..DIGITS / 2).unwrap_or(&digest))
}

/// Bytes as lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)])
        .collect()
}
