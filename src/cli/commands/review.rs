//! The commands of `aura-msg review`.

pub(in crate::cli) mod show;
