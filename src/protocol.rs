//! The rules. An epoch's whole behaviour is here: what may happen in which phase,
//! what a vote or a finding means, when a gate opens, what must be done outside.
//!
//! Pure: time, ids and messages come in as arguments, effects go out as data. There
//! is no I/O, no clock, no async and no serialization here, so the same code runs in
//! the workflow, in its replay, in tests and in simulations with the same result.

#![deny(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros
)]

pub mod board;
pub mod constraint;
pub mod effect;
pub mod epoch;
pub mod event;
pub mod finding;
pub mod handoff;
pub mod id;
pub mod inbox;
pub mod limits;
pub mod outcome;
pub mod phase;
pub mod refusal;
pub mod review;
pub mod review_run;
pub mod session;
pub mod slice;
pub mod slice_run;
pub mod state;
pub mod table;
pub mod time;
pub mod vote;
pub mod words;

pub use epoch::{Epoch, Refused, Start};
pub use event::{Event, Message};
pub use inbox::Envelope;
pub use phase::{Domain, PhaseId, RoleId};
pub use time::Timestamp;
pub use words::{UnknownWord, Word};
