//! The durable shells: a message comes in, `protocol` decides, effects go out. What
//! they do is recorded by the server and replayed after every crash, so nothing here
//! reads a clock, a random source, the environment or an unordered map, nothing here
//! can fail to decode what a client sends, and no handler may panic.

#![deny(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros
)]

pub mod activity;
mod attributes;
pub mod epoch;
mod failure;
pub mod options;
mod payload;
pub mod replay;
pub mod review;
mod said;
pub mod slice;
mod time;
pub mod traced;

pub use epoch::EpochWorkflow;
pub use review::ReviewPhaseWorkflow;
pub use slice::SliceWorkflow;
