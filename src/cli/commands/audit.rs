//! The commands of `aura-msg audit`, and what they share: where the trail is, which of its
//! events are wanted, and how one is shown.

pub(in crate::cli) mod export;
pub(in crate::cli) mod list;
pub(in crate::cli) mod verify;

pub(in crate::cli::commands) mod entry;
mod source;
mod wanted;
