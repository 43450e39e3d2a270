//! The commands of `aura-msg query`.

pub(in crate::cli) mod state;
pub(in crate::cli) mod transitions;
