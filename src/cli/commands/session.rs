//! The commands of `aura-msg session`.

pub(in crate::cli) mod register;
