//! The token of a next page: what the last run of a page was sorted by, and its key. It is
//! opaque to clients, and checked when it comes back; it holds nothing that a client could
//! not have asked for.

use rusqlite::types::Value;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::embedded::store::RunKey;

/// Where a page ended.
#[derive(Debug, PartialEq)]
pub(super) struct Token {
    /// The values that the last run is sorted by.
    pub(super) values: Vec<Value>,
    /// The last run.
    pub(super) run: RunKey,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    after: Vec<Part>,
    run: RunKey,
}

#[derive(Deserialize, Serialize)]
enum Part {
    Null,
    Whole(i64),
    /// The bits of a double: as a decimal it might come back a little different, and a run
    /// would be listed twice, or not at all.
    Real(u64),
    Text(String),
}

impl Token {
    /// As bytes for the client.
    pub(super) fn encode(self) -> Vec<u8> {
        let after = self.values.into_iter().map(|value| match value {
            Value::Integer(number) => Part::Whole(number),
            Value::Real(number) => Part::Real(number.to_bits()),
            Value::Text(text) => Part::Text(text),
            Value::Null | Value::Blob(_) => Part::Null,
        });
        let wire = Wire {
            after: after.collect(),
            run: self.run,
        };
        serde_json::to_vec(&wire).unwrap_or_default()
    }

    /// From the client's bytes; none is the first page.
    pub(super) fn decode(bytes: &[u8], keys: usize) -> Result<Option<Self>, Error> {
        if bytes.is_empty() {
            return Ok(None);
        }
        let wire: Wire = serde_json::from_slice(bytes).map_err(|_| Error::Token)?;
        if wire.after.len() != keys {
            return Err(Error::Token);
        }
        let values = wire.after.into_iter().map(|part| match part {
            Part::Null => Value::Null,
            Part::Whole(number) => Value::Integer(number),
            Part::Real(bits) => Value::Real(f64::from_bits(bits)),
            Part::Text(text) => Value::Text(text),
        });
        Ok(Some(Self {
            values: values.collect(),
            run: wire.run,
        }))
    }
}
