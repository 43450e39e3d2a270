//! The contract held against its own words: every name, every payload in full and at
//! its least, whatever may arrive instead of a signal, and snapshots over the years.
//! That a state survives its snapshot is a property, and is tested beside `snapshot`.

mod attributes;
mod conversions;
mod decoding;
mod enums;
mod evolution;
mod fingerprints;
mod fuzz;
mod inputs;
mod names;
mod payload;
mod rich;
mod signals;
mod times;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::contract::time::WireTime;
use crate::protocol::Timestamp;

/// 2026-01-01T00:00:00+00:00.
const NEW_YEAR: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);
/// A moment with whole seconds, and how the wire writes it.
const AT: WireTime = WireTime(NEW_YEAR);
/// A moment with a fraction of a second.
const LATER: WireTime = WireTime(Timestamp::from_micros(1_767_225_601_250_000));

/// A value as the wire has it.
fn wire<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap()
}

/// What the wire says, read.
fn read<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error} in {json}"))
}

/// JSON as a tree, for looking into it.
fn tree(json: &str) -> Value {
    read(json)
}

/// JSON that a test wrote over several lines, as the wire has it: on one.
fn one_line(json: &str) -> String {
    json.lines().map(str::trim).collect()
}
