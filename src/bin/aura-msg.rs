//! The command's process: words in, exit code out.

use std::process::ExitCode;

use aura::cli::{self, Programs};
use aura::config::ProcessEnv;
use aura::daemon;

fn main() -> ExitCode {
    let programs = Programs::new(daemon::args::command);
    cli::run(std::env::args_os().collect(), &ProcessEnv, programs)
}
