//! The daemon's process: words in, exit code out.

use std::process::ExitCode;

use aura::daemon::{self, args};

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    match args::parse(&words) {
        Ok(flags) => daemon::run(flags),
        Err(exit) => exit,
    }
    .into()
}
