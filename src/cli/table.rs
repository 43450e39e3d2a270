//! Lines for people: columns that are aligned, no wider than the terminal, and how long
//! ago something was.

use std::io::{self, IsTerminal};
use std::time::{Duration, SystemTime};

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Row, Table};

use super::output::one_line;
use crate::contract::time::WireTime;
use crate::protocol::Timestamp;

/// Columns between two columns.
const GAP: u16 = 2;

/// What gives way where a terminal is too narrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// The end of the line: what comes first in it are ids and words to be typed.
    Cut,
    /// Nothing: texts go on in further lines of their column.
    Wrap,
}

/// The lines of a table, heads first, one for each row. Texts of others stay in their cell,
/// and a terminal's width cuts the last column; it is not cut for anything else that reads
/// it.
pub(super) fn lines(head: &[&str], rows: Vec<Vec<String>>) -> Vec<String> {
    lines_within(head, rows, terminal_width(), Fit::Cut)
}

/// The same of texts that are there to be read: a terminal gets all of them, rows with long
/// ones in several lines.
pub(super) fn wrapped(head: &[&str], rows: Vec<Vec<String>>) -> Vec<String> {
    lines_within(head, rows, terminal_width(), Fit::Wrap)
}

fn lines_within(
    head: &[&str],
    rows: Vec<Vec<String>>,
    width: Option<usize>,
    fit: Fit,
) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(NOTHING).set_truncation_indicator("…");
    match width {
        Some(width) => table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(width).unwrap_or(u16::MAX)),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    let row = |cells: Vec<String>| {
        let cells = cells.iter().map(|cell| one_line(cell));
        let mut row = Row::from(cells.collect::<Vec<String>>());
        if fit == Fit::Cut {
            row.max_height(1);
        }
        row
    };
    table.set_header(row(head.iter().map(ToString::to_string).collect()));
    table.add_rows(rows.into_iter().map(row));
    for column in table.column_iter_mut() {
        let is_last = column.index + 1 == head.len();
        column.set_padding((0, if is_last { 0 } else { GAP }));
        if column.index == 0 || (fit == Fit::Cut && !is_last) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let lines = table.lines();
    lines.map(|line| fitted(line.trim_end(), width)).collect()
}

/// The same without heads, and not cut.
pub(super) fn uncut(rows: &[Vec<String>]) -> Vec<String> {
    let Some((first, rest)) = rows.split_first() else {
        return Vec::new();
    };
    let head: Vec<&str> = first.iter().map(String::as_str).collect();
    lines_within(&head, rest.to_vec(), None, Fit::Cut)
}

/// A line that a terminal shows in one line.
pub(super) fn fitted(line: &str, width: Option<usize>) -> String {
    match width {
        Some(width) if line.chars().count() > width => {
            let kept: String = line.chars().take(width.saturating_sub(1)).collect();
            format!("{}…", kept.trim_end())
        }
        _ => line.to_owned(),
    }
}

/// How wide standard output is, if it is a terminal that tells.
pub(super) fn terminal_width() -> Option<usize> {
    terminal_size().map(|(columns, _)| columns)
}

/// Columns and rows of standard output, if it is a terminal that tells.
pub(super) fn terminal_size() -> Option<(usize, usize)> {
    #[cfg(test)]
    if let Some(columns) = tests::COLUMNS.get() {
        return Some((columns, 24));
    }
    let out = io::stdout();
    if !out.is_terminal() {
        return None;
    }
    let size = rustix::termios::tcgetwinsize(&out).ok()?;
    let (columns, rows) = (usize::from(size.ws_col), usize::from(size.ws_row));
    (columns > 0 && rows > 0).then_some((columns, rows))
}

/// How long ago a moment was, seen from a later one, in the largest unit that is not zero.
pub(super) fn before(at: WireTime, now: Timestamp) -> String {
    rough(now.since(at.0))
}

/// This machine's clock.
pub(super) fn now() -> Timestamp {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_micros(i64::try_from(now.as_micros()).unwrap_or(i64::MAX))
}

/// A time in its largest unit.
pub(super) fn rough(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// The width of the terminal that this test has, if it has one.
        pub(super) static COLUMNS: Cell<Option<usize>> = const { Cell::new(None) };
    }

    /// Does something on a terminal of this width.
    pub(in crate::cli) fn on_terminal<T>(columns: usize, body: impl FnOnce() -> T) -> T {
        COLUMNS.set(Some(columns));
        let result = body();
        COLUMNS.set(None);
        result
    }

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = vec![row(&["a", "running", ""]), row(&["größer", "ok", "so\nso"])];
        assert_eq!(
            lines_within(&["SLICE", "STATE", "NOTE"], rows, None, Fit::Cut),
            [
                "SLICE   STATE    NOTE",
                "a       running",
                "größer  ok       so\\nso",
            ]
        );
    }

    #[test]
    fn a_terminal_gets_lines_that_fit() {
        let rows = vec![row(&["a", "much too long for it"])];
        assert_eq!(
            lines_within(&["ID", "NOTE"], rows.clone(), Some(12), Fit::Cut),
            ["ID  NOTE", "a   much to…"]
        );
        assert_eq!(
            lines_within(&["ID", "NOTE"], rows, Some(12), Fit::Wrap),
            ["ID  NOTE", "a   much too", "    long for", "    it"]
        );
    }

    #[test]
    fn letters_that_are_two_columns_wide_count_for_two() {
        let rows = vec![row(&["名前", "x"]), row(&["abcd", "y"])];
        assert_eq!(
            lines_within(&["ID", "NOTE"], rows, Some(80), Fit::Cut),
            ["ID    NOTE", "名前  x", "abcd  y"]
        );
    }

    #[test]
    fn ids_are_cut_last() {
        let rows = vec![row(&["a-long-id", "running", "p4"])];
        assert_eq!(
            lines_within(&["ID", "STATUS", "PHASE"], rows, Some(15), Fit::Cut),
            ["ID         STA…", "a-long-id  run…"]
        );
    }

    #[test]
    fn times_are_rough() {
        for (seconds, told) in [
            (0, "0s"),
            (59, "59s"),
            (61, "1m"),
            (7_300, "2h"),
            (200_000, "2d"),
        ] {
            assert_eq!(rough(Duration::from_secs(seconds)), told);
        }
    }
}
