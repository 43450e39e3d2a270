//! Trials of the embedded engine as the process that people run: killed at any moment, on
//! a disk that is full or may not be written, and told nonsense by whoever can connect.
//! And of several daemons on a real server, which are killed in turn. What it does when
//! nothing goes wrong is the business of the other suites.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "a test that cannot go on fails, nothing here is used from outside, and helpers \
              take what their callers have and give what messages want"
)]

#[path = "../support.rs"]
mod support;

mod anything;
mod disk;
mod host;
mod hostile;
mod kills;
mod rpc;
mod scale_out;
mod wire;
