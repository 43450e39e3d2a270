//! How `aurad` ends.

use std::process::ExitCode;

/// How `aurad` ends; the number is what a service manager sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It was asked to stop, and did.
    Stopped = 0,
    /// It failed while running, or was made to stop before it had drained.
    Failed = 1,
    /// `aurad replay`: a history is not one that this binary can go on with.
    Differs = 3,
    /// Its flags or its configuration are wrong; starting it again will not help.
    Usage = 64,
    /// No server within the time it was given.
    Unreachable = 69,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
