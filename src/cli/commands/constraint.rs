//! The commands of `aura-msg constraint`: what the protocol demands, without a server.

pub(in crate::cli) mod explain;
pub(in crate::cli) mod list;

pub(super) mod examples;

#[cfg(test)]
mod tests;
