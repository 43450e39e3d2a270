//! Lines on standard error that are no logs: what keeps the daemon from starting, and what
//! to try once it has. Nobody can be told if they cannot be written.

use std::io::{self, Write};

/// One line.
pub(super) fn line(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// A problem, in the four parts of every message.
pub(super) fn problem(category: &str, what: &str, why: &str, impact: &str, fix: &str) {
    line(&format!(
        "{category}: {what}\n  why: {why}\n  impact: {impact}\n  fix: {fix}"
    ));
}
