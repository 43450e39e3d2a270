//! `aurad`: build, run, drain. It hosts the workflows and performs their effects; it
//! decides nothing about epochs. What it reads of its surroundings it reads once, at
//! the start.

pub mod args;

mod app;
mod connect;
mod exit;
mod readiness;
mod search_attributes;
mod signals;
mod worker;

pub use app::run;
pub use exit::Exit;
