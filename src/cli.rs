//! `aura-msg`: what scripts, hooks and people call. Each command validates what it was
//! given before it connects, has a deadline, and ends with an exit code that is true.
//! Data goes to standard output, everything else to standard error.

pub mod args;

mod abbreviations;
mod commands;
mod context;
mod failure;
mod input;
mod output;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::process::ExitCode;

use crate::config::Env;
use failure::Failure;

/// Runs one command, given the words it was called with.
pub fn run(words: Vec<OsString>, env: &dyn Env) -> ExitCode {
    let format = output::guess(&words);
    match args::parse(words) {
        args::Parsed::Command(command) => {
            let runtime = match tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
            {
                Ok(runtime) => runtime,
                Err(error) => return output::fail(&Failure::internal(error), format),
            };
            let (result, format) = runtime.block_on(commands::run(command, env, format));
            // What the connection still does in the background is not waited for.
            runtime.shutdown_background();
            match result {
                Ok(report) => output::print(&report, format),
                Err(failure) => output::fail(&failure, format),
            }
        }
        args::Parsed::Help(text) => output::print_text(&text),
        args::Parsed::Wrong(failure) => output::fail(&failure, format),
    }
}
