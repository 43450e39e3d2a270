//! What the operator wants: flags, environment and file, made into typed settings once,
//! each of which knows where it comes from.
//!
//! Which source wins is the order of [`Layer`] and nothing else. Flags arrive here as
//! they were typed; parsing a command line, printing notices and errors, and doing
//! anything with a setting belong to the programs.

mod access;
mod address;
pub mod aura_msg;
pub mod aurad;
mod connection;
mod duration;
pub mod env;
mod error;
mod file;
mod invalid;
mod origin;
pub mod otlp;
mod places;
mod profile;
pub mod reference;
mod resolve;
pub mod review;
pub mod runner;
mod secret;
mod security;
mod size;
mod source;
mod spec;
pub(crate) mod suggest;
mod template;
#[cfg(test)]
mod tests;
mod value;
mod yaml;

pub use access::{Access, Flags as AccessFlags, Pem};
pub use address::{Address, AddressError};
pub use aura_msg::Format;
pub use aurad::{AuditBackend, Synchronous, User};
pub use duration::read_duration;
pub use env::{Env, ProcessEnv};
pub use error::{DefaultFile, Error, Problem, Unknown};
pub use invalid::Invalid;
pub use origin::{Origin, Place};
pub use resolve::config_file;
pub use review::Review;
pub use runner::{OnShutdown, Runner};
pub use secret::Secret;
pub use security::{Security, Tls};
pub use source::{Layer, Row, Setting, Source};
pub use template::TEMPLATE;

/// The sections of the file that have a fixed name; those of runners have one each. All
/// of them are checked by whoever reads the file, so that a mistake shows at the first
/// start of either program.
static SECTIONS: [&spec::Section; 3] = [&aurad::SECTION, &aura_msg::SECTION, &review::SECTION];
