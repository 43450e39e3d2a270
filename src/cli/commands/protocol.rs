//! The commands of `aura-msg protocol`: the rules themselves, without a server.

pub(in crate::cli) mod check;
pub(in crate::cli) mod show;
