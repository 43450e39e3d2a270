//! The report on standard output, as it is asked for: line by line where it can be.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::args::Format;
use super::told::{Execution, Verdict};

/// What was found so far.
pub(super) struct Report {
    format: Format,
    /// All that was said, where it is one object in the end.
    said: Vec<Value>,
    pub(super) replayed: usize,
    pub(super) failed: usize,
    /// The first that failed.
    pub(super) first: Option<String>,
}

impl Report {
    pub(super) const fn new(format: Format) -> Self {
        Self {
            format,
            said: Vec::new(),
            replayed: 0,
            failed: 0,
            first: None,
        }
    }

    /// Says what came of an execution.
    pub(super) fn add(&mut self, execution: &Execution, verdict: &Verdict) -> io::Result<()> {
        self.replayed += 1;
        if let Verdict::Not(_) = verdict {
            self.failed += 1;
            self.first.get_or_insert_with(|| execution.name());
        }
        match self.format {
            Format::Text => print(&verdict.line(execution)),
            Format::Jsonl => print(&verdict.json(execution).to_string()),
            Format::Json => {
                self.said.push(verdict.json(execution));
                Ok(())
            }
        }
    }

    /// Says what all of it comes to; `none` is said if there was nothing.
    pub(super) fn close(&mut self, none: &str) -> io::Result<()> {
        let (all, failed) = (self.replayed, self.failed);
        match self.format {
            Format::Text if all == 0 => print(none),
            Format::Text if failed == 0 => print(&format!("all replay: {all} of {all}")),
            Format::Text => print(&format!("{failed} of {all} do not replay")),
            Format::Jsonl => Ok(()),
            Format::Json => {
                let executions = std::mem::take(&mut self.said);
                let json = json!({ "replayed": all, "failed": failed, "executions": executions });
                print(&format!("{json:#}"))
            }
        }
    }
}

/// A reader who has left is no failure.
fn print(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}
