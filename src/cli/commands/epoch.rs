//! The commands of `aura-msg epoch`.

pub(in crate::cli) mod cancel;
pub(in crate::cli) mod history;
pub(in crate::cli) mod list;
pub(in crate::cli) mod show;
pub(in crate::cli) mod simulate;
pub(in crate::cli) mod start;
pub(in crate::cli) mod terminate;
pub(in crate::cli) mod wait;
pub(in crate::cli) mod watch;

pub(in crate::cli) mod next;

#[cfg(test)]
pub(super) mod scene;
