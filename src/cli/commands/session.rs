//! The commands of `aura-msg session`.

pub(in crate::cli) mod end;
pub(in crate::cli) mod list;
pub(in crate::cli) mod register;
