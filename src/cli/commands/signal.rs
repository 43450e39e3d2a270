//! The commands of `aura-msg signal`.

pub(in crate::cli) mod complete;
pub(in crate::cli) mod vote;
