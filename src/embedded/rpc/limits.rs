//! How much a request may carry. The size of a request as a whole is the transport's.

use prost::Message;

use crate::embedded::engine::{Answer, Refusal};

/// The most bytes of payloads in one field.
pub(super) const MOST_BYTES: usize = 2 * 1024 * 1024;

/// Refuses a field that is too big.
pub(super) fn check(payloads: Option<&impl Message>) -> Answer<()> {
    match payloads {
        Some(payloads) if payloads.encoded_len() > MOST_BYTES => {
            Err(Refusal::invalid("Blob data size exceeds limit."))
        }
        _ => Ok(()),
    }
}
