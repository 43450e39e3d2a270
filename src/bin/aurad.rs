//! The daemon's process: words in, exit code out.

use std::process::ExitCode;

use aura::daemon::args::{self, Call};
use aura::daemon::{self, db, replay};
use aura::runner::launch;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    // Before anything else: it is to become a command, and nobody typed it.
    if launch::is_asked(&words) {
        return launch::main(&words);
    }
    match args::parse(&words) {
        Ok(Call::Run(flags)) => daemon::run(flags),
        Ok(Call::Check(flags)) => daemon::check(flags),
        Ok(Call::Database(flags, command)) => db::run(flags, &command),
        Ok(Call::Replay(flags, order)) => replay::run(flags, &order),
        Err(exit) => exit,
    }
    .into()
}
