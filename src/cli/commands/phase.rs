//! The commands of `aura-msg phase`.

pub(in crate::cli) mod advance;
