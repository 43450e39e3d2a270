//! `aurad`: build, run, drain. It hosts the workflows and performs their effects; it
//! decides nothing about epochs. What it reads of its surroundings it reads once, at
//! the start. With `--embedded` it is the server, too.

pub mod args;

mod admin;
mod app;
mod connect;
pub mod db;
mod engine;
mod exit;
mod hints;
mod host;
mod limits;
mod readiness;
pub mod replay;
mod say;
mod search_attributes;
mod service;
mod signals;
mod traces;
mod users;
mod windows;
mod worker;

pub use app::{check, run};
pub use exit::Exit;
