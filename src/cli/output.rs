//! Printing. What a command answers is one value with two forms; a closed pipe is not
//! an error.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use serde_json::json;

use super::failure::{Failure, Kind};
use crate::config::Format;

/// What a command answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Report {
    /// For people; without the last line's end.
    pub(super) text: String,
    /// For programs; without the last line's end.
    pub(super) json: String,
    /// What is not data.
    pub(super) notices: Vec<String>,
}

/// Prints a command's answer.
pub(super) fn print(report: &Report, format: Format) -> ExitCode {
    for notice in &report.notices {
        say(notice);
    }
    print_text(match format {
        Format::Text => &report.text,
        Format::Json => &report.json,
    })
}

/// Prints data.
pub(super) fn print_text(text: &str) -> ExitCode {
    let mut out = io::stdout().lock();
    match writeln!(out, "{}", text.trim_end_matches('\n')).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!(
                "internal error: the answer could not be printed: {error}"
            ));
            Kind::Internal.exit_code().into()
        }
    }
}

/// Prints a failure.
pub(super) fn fail(failure: &Failure, format: Format) -> ExitCode {
    match format {
        Format::Text => {
            say(&format!("{}: {}", failure.category, failure.what));
            say(&format!("  why: {}", failure.why));
            say(&format!("  impact: {}", failure.impact));
            say(&format!("  fix: {}", failure.fix));
        }
        Format::Json => say(&json!({ "error": failure }).to_string()),
    }
    failure.kind.exit_code().into()
}

/// The format that was most likely asked for, for failures that come before the words
/// are understood.
pub(super) fn guess(words: &[OsString]) -> Format {
    let words: Vec<_> = words.iter().filter_map(|word| word.to_str()).collect();
    let after = words
        .windows(2)
        .rev()
        .find(|pair| matches!(pair, ["--format", _]))
        .and_then(|pair| pair.last().copied());
    let joined = words
        .iter()
        .rev()
        .find_map(|word| word.strip_prefix("--format="));
    match after.or(joined) {
        Some("json") => Format::Json,
        _ => Format::Text,
    }
}

/// A line on standard error. Nobody can be told if that fails.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
