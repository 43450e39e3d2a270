//! A command in a tmux window.

use super::host::Run;
use super::{Ended, Error};

/// Runs a job in its window.
pub(super) async fn run(run: Run<'_>) -> Result<Ended, Error> {
    Err(Error::Spawn {
        program: run.job.argv.join(" "),
        detail: "tmux windows are not there yet".to_owned(),
    })
}
