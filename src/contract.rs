//! What crosses the wire or enters a durable history: every name, every payload, and
//! how they become the rules' own types and back.
//!
//! Plain serde; it compiles without the SDK. Names and fields here are promises to
//! scripts, to other clients and to histories already written: they may be added to,
//! not changed. The decoding of what comes from outside never fails a workflow: what
//! cannot be read becomes a `malformed` event.

#![deny(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros
)]

pub mod attributes;
pub mod audit;
pub mod child;
pub mod command;
mod convert;
pub mod epoch;
pub mod fingerprint;
pub mod input;
pub mod names;
pub mod object;
pub mod query;
pub mod review;
pub mod signal;
pub mod slice;
pub mod snapshot;
pub mod time;
mod words;

#[cfg(test)]
mod tests;
