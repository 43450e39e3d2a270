//! A command in a tmux window.

use super::host::Run;
use super::{Ended, Error};

/// How a person looks at a window.
pub fn attach_command(session: &str, window: &str) -> Vec<String> {
    let target = format!("{session}:{window}");
    ["tmux", "-L", "aura", "attach", "-t", &target]
        .map(ToOwned::to_owned)
        .to_vec()
}

/// Runs a job in its window.
pub(super) async fn run(run: Run<'_>) -> Result<Ended, Error> {
    Err(Error::Spawn {
        program: run.job.argv.join(" "),
        detail: "tmux windows are not there yet".to_owned(),
    })
}
