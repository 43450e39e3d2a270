//! Payloads as bytes and back. What a client sends is taken raw, since a typed handler
//! that cannot decode its payload wedges the workflow.

use serde::Serialize;
use serde::de::DeserializeOwned;
use temporalio_common::data_converters::RawValue;
use temporalio_common::protos::temporal::api::common::v1::Payload;

use crate::contract::input::{self, Input};
use crate::contract::signal::{self, Enveloped, Received};
use crate::protocol::limits;

const ENCODING: &str = "encoding";
const JSON: &[u8] = b"json/plain";

/// The JSON of a message that should be one object; otherwise what is there instead,
/// and why it is not read.
pub(super) fn json(raw: &RawValue) -> Result<&[u8], (&[u8], String)> {
    let [payload] = raw.payloads.as_slice() else {
        let first = raw
            .payloads
            .first()
            .map_or(&[][..], |payload| &payload.data);
        return Err((
            first,
            format!("it has {} payloads; one is expected", raw.payloads.len()),
        ));
    };
    match payload.metadata.get(ENCODING).map(Vec::as_slice) {
        Some(JSON) => Ok(&payload.data),
        Some(other) => {
            let shown: String = String::from_utf8_lossy(other).chars().take(80).collect();
            Err((
                &payload.data,
                format!("its encoding is '{shown}'; json/plain is expected"),
            ))
        }
        None => Err((
            &payload.data,
            "its encoding is missing; json/plain is expected".to_owned(),
        )),
    }
}

/// One payload of JSON.
pub(super) fn of<T: Serialize>(value: &T) -> RawValue {
    // The contract's types always serialize; an empty payload would be refused as
    // malformed by whoever receives it.
    let data = serde_json::to_vec(value).unwrap_or_default();
    RawValue::new(vec![json_of(data)])
}

/// JSON as a payload.
pub(super) fn json_of(data: Vec<u8>) -> Payload {
    let metadata = [(ENCODING.to_owned(), JSON.to_vec())].into_iter().collect();
    Payload {
        metadata,
        data,
        ..Default::default()
    }
}

/// A message of one workflow to another. An id that does not fit is left out: what the
/// message says of its attempt or round still makes it harmless twice.
pub(super) fn enveloped<T>(content: T, id: String, actor: Option<String>) -> Enveloped<T> {
    Enveloped {
        content,
        request_id: Some(id).filter(|id| id.len() <= limits::REQUEST_ID),
        actor,
    }
}

/// A child's input, or why it cannot be used.
pub(super) fn decode<T: Input>(raw: &RawValue) -> Result<T, String> {
    let json = json(raw).map_err(|(_, why)| why)?;
    input::read(json)
}

/// A signal's content, read as far as it can be.
pub(super) fn receive<T: DeserializeOwned + Serialize>(
    signal: &str,
    raw: &RawValue,
) -> Received<T> {
    match json(raw) {
        Ok(json) => signal::receive(signal, json),
        Err((bytes, why)) => Received::unreadable(signal, bytes, why),
    }
}
