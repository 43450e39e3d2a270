//! End to end: the real binaries, and a server: here Temporal's own, and the embedded
//! engine in `embedded.rs`, which is the same suite. Each test has a task queue and epochs
//! of its own; tests that break the server start one of their own.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "a test that cannot go on fails, nothing here is used from outside, and helpers \
              take what their callers have"
)]

#[path = "../support.rs"]
mod support;

mod activities;
mod admin;
mod ahead;
mod audit_cli;
mod audit_faults;
mod carry;
mod clock;
mod collector;
mod compat;
mod completing;
mod course;
mod dead_ends;
mod docs;
mod doctor;
mod endings;
mod evidence;
mod failures;
mod faults;
mod forced;
mod hooks;
mod kills;
mod lifecycle;
mod listed;
mod logs;
mod main_job;
mod malformed;
mod mcp;
mod network;
mod one_process;
mod order;
mod outages;
mod prometheus;
mod raw;
mod record;
#[path = "../replay/replayer.rs"]
mod replayer;
mod reviews;
mod seeing;
mod server;
mod slices;
mod slices_cli;
mod temporal;
mod tls;
mod traces;
mod trail;
mod upgrade;
mod versions;
mod work;
mod world;

/// What the scenarios run on.
const TARGET: server::Target = server::Target::Temporal;
