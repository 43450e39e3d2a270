//! The commands of `aura-msg finding`.

pub(in crate::cli) mod add;
pub(in crate::cli) mod list;
pub(in crate::cli) mod resolve;
