//! Lines for people: columns that are aligned, no wider than the terminal, and how long
//! ago something was.

use std::io::{self, IsTerminal};
use std::time::{Duration, SystemTime};

use super::output::one_line;
use crate::contract::time::WireTime;
use crate::protocol::Timestamp;

/// Between two columns.
const GAP: &str = "  ";

/// The lines of a table, heads first. Texts of others stay in their cell, and a terminal's
/// width cuts the last column; it is not cut for anything else that reads it.
pub(super) fn lines(head: &[&str], rows: Vec<Vec<String>>) -> Vec<String> {
    lines_within(head, rows, terminal_width())
}

fn lines_within(head: &[&str], rows: Vec<Vec<String>>, width: Option<usize>) -> Vec<String> {
    let head = head.iter().map(ToString::to_string).collect();
    let rows: Vec<Vec<String>> = std::iter::once(head)
        .chain(rows)
        .map(|row: Vec<String>| row.iter().map(|cell| one_line(cell)).collect())
        .collect();
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    rows.iter()
        .map(|row| {
            let cells = row.iter().zip(&widths).map(|(cell, width)| {
                let missing = width.saturating_sub(cell.chars().count());
                format!("{cell}{}", " ".repeat(missing))
            });
            let line = cells.collect::<Vec<_>>().join(GAP);
            fitted(line.trim_end(), width)
        })
        .collect()
}

/// The same without heads, and not cut.
pub(super) fn uncut(rows: &[Vec<String>]) -> Vec<String> {
    let Some((first, rest)) = rows.split_first() else {
        return Vec::new();
    };
    let head: Vec<&str> = first.iter().map(String::as_str).collect();
    lines_within(&head, rest.to_vec(), None)
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
    let out = io::stdout();
    if !out.is_terminal() {
        return None;
    }
    let size = rustix::termios::tcgetwinsize(&out).ok()?;
    let (columns, rows) = (usize::from(size.ws_col), usize::from(size.ws_row));
    (columns > 0 && rows > 0).then_some((columns, rows))
}

/// How long ago a moment was, by this machine's clock, in the largest unit that is not
/// zero.
pub(super) fn ago(at: WireTime) -> String {
    before(at, now())
}

/// The same, seen from a given moment.
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
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = vec![row(&["a", "running", ""]), row(&["größer", "ok", "so\nso"])];
        assert_eq!(
            lines_within(&["SLICE", "STATE", "NOTE"], rows, None),
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
            lines_within(&["ID", "NOTE"], rows, Some(12)),
            ["ID  NOTE", "a   much to…"]
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
