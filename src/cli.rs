//! `aura-msg`: what scripts, hooks and people call. Each command validates what it was
//! given before it connects, has a deadline, and ends with an exit code that is true.
//! Data goes to standard output, everything else to standard error.

pub mod args;

mod abbreviations;
mod commands;
mod complete;
mod context;
mod failure;
mod files;
mod input;
mod lenient;
mod manual;
mod output;
mod paint;
mod programs;
mod progress;
mod table;
mod traced;

#[cfg(test)]
mod tests;

pub use commands::schema::{WITHOUT as WITHOUT_JSON, commands as with_json, schema_of};

use std::any::Any;
use std::ffi::OsString;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use crate::config::aura_msg::Settings;
use crate::config::{Env, Format};
use commands::hook::event;
use complete::ids;
use failure::{Failure, Kind};
use paint::Paint;
pub use programs::Programs;

/// Runs one command, given the words it was called with, and what manuals and completions
/// are made from.
pub fn run(words: Vec<OsString>, env: &dyn Env, programs: Programs) -> ExitCode {
    let asked_for = output::asked_for(&words);
    let is_event = event::is_event(&words);
    let paint = Paint::on(&io::stderr(), output::colour_asked_for(&words));
    let fail = |failure: &Failure| {
        if is_event {
            // An agent reads it: a block is one, and whatever else failed is none.
            return match failure.kind {
                Kind::Blocked => output::fail(failure, Format::Text, Paint::PLAIN),
                _ => output::print(&event::not_understood(&failure.line()), Format::Text),
            };
        }
        let format = asked_for.unwrap_or_else(|| Settings::default_format(env));
        output::fail(failure, format, paint)
    };
    let place = silence_panics();
    if ids::are_asked(&words) {
        return ids::print(&words, env);
    }
    match caught(|| answer(words, env, paint, programs)) {
        Ok(Ok(exit)) => exit,
        Ok(Err(failure)) => fail(&failure),
        Err(failure) => fail(&Failure {
            why: format!(
                "{}, at {}",
                failure.why,
                place.get().map_or("?", String::as_str)
            ),
            ..failure
        }),
    }
}

/// Keeps panics from printing anything: they are faults of ours, and are answered as such.
/// Where the first one happens is kept for the answer.
fn silence_panics() -> Arc<OnceLock<String>> {
    let place = Arc::new(OnceLock::new());
    let seen = Arc::clone(&place);
    panic::set_hook(Box::new(move |panic| {
        seen.get_or_init(|| {
            panic
                .location()
                .map(ToString::to_string)
                .unwrap_or_default()
        });
    }));
    place
}

/// Runs one command, up to the failures that come before it knows its own format.
fn answer(
    words: Vec<OsString>,
    env: &dyn Env,
    paint: Paint,
    programs: Programs,
) -> Result<ExitCode, Failure> {
    let command = match args::parse(words) {
        args::Parsed::Command(command) => *command,
        args::Parsed::Help(text) => return Ok(output::print_text(&text)),
        args::Parsed::Wrong(failure) => return Err(failure),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::internal)?;
    let (result, format) = runtime.block_on(commands::run(command, env, programs));
    let failed = result.as_ref().err().map(|failure| failure.what.clone());
    let answered = match (result, format) {
        (Ok(report), format) => Ok(output::print(&report, format.unwrap_or(Format::Text))),
        (Err(failure), Some(format)) => Ok(output::fail(&failure, format, paint)),
        (Err(failure), None) => Err(failure),
    };
    // Whoever called has the answer by now.
    runtime.block_on(traced::end(failed.as_deref()));
    // What the connection still does in the background is not waited for.
    runtime.shutdown_background();
    answered
}

/// Runs something, and makes a failure of its panic.
fn caught<T>(body: impl FnOnce() -> T) -> Result<T, Failure> {
    // Nothing of what it worked on is used again.
    panic::catch_unwind(AssertUnwindSafe(body))
        .map_err(|panic| Failure::internal(panic_text(&*panic)))
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}
