//! How far something is that takes longer than people wait without wondering: one line on
//! standard error, on a terminal only, drawn over again and gone in the end.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use super::output::one_line;
use super::table::fitted;

/// What is over sooner needs no word.
const SOON: Duration = Duration::from_secs(1);
/// Between two drawings.
const PACE: Duration = Duration::from_millis(200);
/// Columns that every terminal has.
const WIDTH: usize = 79;

/// A line that tells how far it is.
pub(super) struct Progress {
    total: usize,
    /// When it is drawn next; never where nobody looks.
    due: Option<Instant>,
    is_drawn: bool,
}

impl Progress {
    /// Begins with something of so many parts.
    pub(super) fn begin(total: usize) -> Self {
        let is_seen = io::stderr().is_terminal();
        Self {
            total,
            due: is_seen.then(|| Instant::now() + SOON),
            is_drawn: false,
        }
    }

    /// So many parts are done, and this one is next.
    pub(super) fn show(&mut self, done: usize, next: &str) {
        let now = Instant::now();
        if self.due.is_none_or(|due| now < due) {
            return;
        }
        self.due = Some(now + PACE);
        self.is_drawn = true;
        let line = line(done, self.total, next);
        // Nobody can be told if that fails.
        let _ = write!(io::stderr(), "\r\x1b[K{line}");
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_drawn {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(done: usize, total: usize, next: &str) -> String {
    let line = format!("{done} of {total} done; now {}", one_line(next));
    fitted(&line, Some(WIDTH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_of_any_terminal() {
        assert_eq!(line(3, 20, "a\nb"), "3 of 20 done; now a\\nb");
        let long = line(3, 20, &"e".repeat(200));
        assert_eq!(long.chars().count(), WIDTH);
    }
}
