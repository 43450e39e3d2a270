//! Dead ends: a server that is not there, is silent, or breaks off in the middle; a
//! namespace that does not exist; a workflow that is no epoch, or that nobody can carry
//! on; a reader who has left. Every command ends in time, and its exit code is true.

mod breaking_off;
mod closed_pipe;
mod no_server;
mod trap;
mod wedged;

use std::time::Duration;

use crate::support::output::Output;

/// Past its deadline, a command may be late by this much, however loaded the machine is.
pub const LATE: Duration = Duration::from_secs(20);

/// One command of every kind.
const COMMANDS: [&str; 9] = [
    "query state",
    "epoch start",
    "epoch cancel",
    "epoch terminate",
    "epoch wait",
    "signal vote --axis elegance --vote ACCEPT",
    "signal complete --slice-id s --output done",
    "phase advance --to-phase p2",
    "session register --session-id s --role worker",
];

/// Asserts that a command ended within its time, or soon after.
#[track_caller]
pub fn in_time(output: Output, limit: Duration) -> Output {
    assert!(
        output.elapsed < limit + LATE,
        "it should have given up after {limit:?}\n{output}"
    );
    output
}
