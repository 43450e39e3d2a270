//! Payloads, good and bad, as bytes with an encoding.

#![expect(
    clippy::unnecessary_wraps,
    reason = "what is sent may also be no payload at all"
)]

use serde_json::Value;
use temporalio_common::protos::temporal::api::common::v1::{Payload, Payloads};

/// What every good message is encoded as.
pub const JSON: &[u8] = b"json/plain";

/// One payload of JSON.
pub fn json(value: &Value) -> Option<Payloads> {
    bytes(value.to_string().as_bytes(), Some(JSON))
}

/// A payload of JSON for each of several arguments.
pub fn list(values: &[Value]) -> Payloads {
    let one = |value: &Value| one(value.to_string().as_bytes(), Some(JSON));
    Payloads {
        payloads: values.iter().map(one).collect(),
    }
}

/// One payload of these bytes, said to be JSON.
pub fn text(data: impl AsRef<[u8]>) -> Option<Payloads> {
    bytes(data.as_ref(), Some(JSON))
}

/// One payload of these bytes, with this encoding or none.
pub fn bytes(data: &[u8], encoding: Option<&[u8]>) -> Option<Payloads> {
    Some(Payloads {
        payloads: vec![one(data, encoding)],
    })
}

/// The same payload so many times.
pub fn times(count: usize, data: &[u8]) -> Option<Payloads> {
    Some(Payloads {
        payloads: vec![one(data, Some(JSON)); count],
    })
}

fn one(data: &[u8], encoding: Option<&[u8]>) -> Payload {
    let metadata = encoding.map(|encoding| ("encoding".to_owned(), encoding.to_vec()));
    Payload {
        metadata: metadata.into_iter().collect(),
        data: data.to_vec(),
        ..Default::default()
    }
}
