//! Printing. What a command answers is one value with two forms; a closed pipe is not
//! an error.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::ColorChoice;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::failure::{Failure, Kind};
use super::paint::Paint;
use crate::config::Format;
use crate::protocol::Word;

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

/// What is said of a failure to programs.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Complaint<'a> {
    /// Why the command failed.
    error: &'a Failure,
}

/// A list that JSON has inside of an object: for readers of lines each item is one.
pub(super) fn listed(
    format: Format,
    whole: &impl Serialize,
    list: &str,
) -> Result<String, Failure> {
    let whole = serde_json::to_value(whole).map_err(Failure::internal)?;
    let shown = match format {
        Format::Jsonl => &whole[list],
        Format::Text | Format::Json => &whole,
    };
    serde_json::to_string_pretty(shown).map_err(Failure::internal)
}

impl Report {
    /// For a command that has printed its data already.
    pub(super) const fn printed() -> Self {
        Self {
            text: String::new(),
            json: String::new(),
            notices: Vec::new(),
        }
    }
}

/// Prints a command's answer.
pub(super) fn print(report: &Report, format: Format) -> ExitCode {
    for notice in &report.notices {
        say(notice);
    }
    match &data(report, format)[..] {
        "" => ExitCode::SUCCESS,
        data => print_text(data),
    }
}

/// What goes to standard output, without the last line's end.
pub(super) fn data(report: &Report, format: Format) -> Cow<'_, str> {
    match format {
        Format::Text => Cow::Borrowed(&report.text),
        Format::Json => Cow::Borrowed(&report.json),
        Format::Jsonl => Cow::Owned(json_lines(&report.json)),
    }
}

/// The same data with a line for each item of a list, or in one line where it is none.
fn json_lines(json: &str) -> String {
    match serde_json::from_str(json) {
        Ok(Value::Array(items)) => {
            let lines: Vec<String> = items.iter().map(Value::to_string).collect();
            lines.join("\n")
        }
        Ok(item) => item.to_string(),
        // It was printed by the command itself.
        Err(_) => json.to_owned(),
    }
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

/// Prints a failure, after what the command has to tell in spite of it.
pub(super) fn fail(failure: &Failure, format: Format, paint: Paint) -> ExitCode {
    if let Some(report) = &failure.report {
        // If it cannot be printed, the failure still can.
        let _ = print(report, format);
    }
    say(&complaint(failure, format, paint));
    failure.kind.exit_code().into()
}

/// What goes to standard error, without the last line's end.
pub(super) fn complaint(failure: &Failure, format: Format, paint: Paint) -> String {
    match format {
        Format::Text => {
            let [what, why, impact, fix] =
                [&failure.what, &failure.why, &failure.impact, &failure.fix]
                    .map(|part| one_line(part));
            let category = paint.category(failure.category);
            format!("{category}: {what}\n  why: {why}\n  impact: {impact}\n  fix: {fix}")
        }
        // Texts alone can always be written.
        Format::Json | Format::Jsonl => {
            serde_json::to_string(&Complaint { error: failure }).unwrap_or_default()
        }
    }
}

/// The format that the words ask for, as far as they can be understood; for failures
/// that come before they are.
pub(super) fn asked_for(words: &[OsString]) -> Option<Format> {
    let mut words = words.iter().map(|word| word.to_str().unwrap_or_default());
    let mut format = None;
    while let Some(word) = words.next() {
        let (flag, joined) = match word.split_once('=') {
            Some((flag, value)) => (flag, Some(value)),
            None => (word, None),
        };
        let name = flag.strip_prefix("--").unwrap_or_default();
        if !name.is_empty() && "format".starts_with(name) {
            let value = joined.or_else(|| words.next()).unwrap_or_default();
            format = Format::from_word(value).ok().or(format);
        }
    }
    format
}

/// The colour that the words ask for, as far as they can be understood.
pub(super) fn colour_asked_for(words: &[OsString]) -> ColorChoice {
    let mut words = words.iter().map(|word| word.to_str().unwrap_or_default());
    let mut colour = ColorChoice::Auto;
    while let Some(word) = words.next() {
        let value = match word.split_once('=') {
            Some(("--color", value)) => value,
            None if word == "--color" => words.next().unwrap_or_default(),
            _ => continue,
        };
        colour = value.parse().unwrap_or(colour);
    }
    colour
}

/// A text in one line, whatever is in it: others read these lines by their number, and a
/// terminal obeys control characters.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

/// A line on standard error. Nobody can be told if that fails.
pub(super) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
