//! The command's process: words in, exit code out.

use std::process::ExitCode;

use aura::config::ProcessEnv;

fn main() -> ExitCode {
    aura::cli::run(std::env::args_os().collect(), &ProcessEnv)
}
