//! The commands of `aura-msg slice`, and what they share.

pub(in crate::cli) mod attach;
pub(in crate::cli) mod cancel;
pub(in crate::cli) mod list;
pub(in crate::cli) mod logs;
pub(in crate::cli) mod plan;
pub(in crate::cli) mod progress;
pub(in crate::cli) mod retry;
pub(in crate::cli) mod show;
pub(in crate::cli) mod start;
pub(in crate::cli) mod waive;

pub(super) mod ending;
pub(super) mod leaves;
pub(in crate::cli) mod lookup;
mod plan_file;
mod request;

#[cfg(test)]
mod tests;
