//! Trials of the embedded engine as the process that people run: killed at any moment, on
//! a disk that is full or may not be written, under a clock that jumps, and told nonsense by
//! whoever can connect. Some are on Temporal's server, too: a disk under the audit trail, and
//! several daemons that are killed in turn. What it does when nothing goes wrong is the
//! business of the other suites.

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
mod clock;
mod disk;
mod full_trail;
mod host;
mod hostile;
mod kills;
mod rpc;
mod scale_out;
mod wire;
