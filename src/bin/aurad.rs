//! The daemon's process: flags in, exit code out.

use std::process::ExitCode;

use aura::daemon::{self, Exit, args::Args};
use clap::Parser;

fn main() -> ExitCode {
    match Args::try_parse() {
        Ok(args) => daemon::run(args.into()).into(),
        Err(error) => {
            // Help and version are data; the rest is about flags. Nobody can be told if
            // printing fails.
            let _ = error.print();
            if error.use_stderr() {
                Exit::Usage.into()
            } else {
                Exit::Stopped.into()
            }
        }
    }
}
