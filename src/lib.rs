//! aura: a referee for work that several coding agents do together.
//!
//! An epoch is one piece of work, taken through twelve phases by a durable workflow.
//! `aurad` hosts the workflows; `aura-msg` starts epochs, votes, advances and asks.
//! Both are thin: what they do is in this library, in layers that depend downwards.

pub mod protocol;

pub mod contract;

#[cfg(feature = "runtime")]
pub mod audit;
#[cfg(feature = "runtime")]
pub mod config;
#[cfg(feature = "runtime")]
pub mod connection;
#[cfg(feature = "runtime")]
pub mod embedded;
#[cfg(feature = "runtime")]
mod failpoint;
#[cfg(test)]
mod fuzz;
#[cfg(feature = "runtime")]
mod history;
#[cfg(feature = "runtime")]
pub mod runner;
#[cfg(feature = "runtime")]
mod shell;
#[cfg(feature = "runtime")]
pub mod telemetry;
#[cfg(feature = "runtime")]
mod usage;
#[cfg(feature = "runtime")]
mod wire;

#[cfg(feature = "runtime")]
pub mod activities;
#[cfg(feature = "runtime")]
pub mod workflows;

#[cfg(feature = "runtime")]
pub mod daemon;

#[cfg(feature = "runtime")]
pub mod cli;
#[cfg(feature = "runtime")]
pub mod client;
