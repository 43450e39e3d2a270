//! Colour for people, on a terminal that wants it: a few words of a finished line are
//! painted, so that nothing is measured or cut with colour in it. What a terminal wants is
//! anstream's to say (`NO_COLOR`, `CLICOLOR_FORCE`, `TERM`); programs never get any.

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Effects, Style};

use crate::protocol::Word;
use crate::protocol::vote::{ReviewAxis, VoteType};

/// What went well, should be known, went wrong, is not so important, is now.
const WELL: Style = AnsiColor::Green.on_default();
const NOTE: Style = AnsiColor::Yellow.on_default();
const ILL: Style = AnsiColor::Red.on_default().effects(Effects::BOLD);
const ASIDE: Style = Style::new().effects(Effects::DIMMED);
const NOW: Style = AnsiColor::Cyan.on_default().effects(Effects::BOLD);

/// Whether to paint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Paint {
    is_on: bool,
}

impl Paint {
    /// No colour.
    pub(super) const PLAIN: Self = Self { is_on: false };
    /// Colour, wherever it goes.
    #[cfg(test)]
    pub(super) const COLOURED: Self = Self { is_on: true };

    /// What a stream wants, unless somebody has said so.
    pub(super) fn on(stream: &impl RawStream, wanted: clap::ColorChoice) -> Self {
        let is_on = match wanted {
            clap::ColorChoice::Always => true,
            clap::ColorChoice::Never => false,
            clap::ColorChoice::Auto => AutoStream::choice(stream) != ColorChoice::Never,
        };
        Self { is_on }
    }

    fn paint(self, style: Style, text: &str) -> String {
        if self.is_on {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// The category of a failure.
    pub(super) fn category(self, text: &str) -> String {
        self.paint(ILL, text)
    }

    /// A check's status.
    pub(super) fn status(self, text: &str) -> String {
        let style = match text.trim() {
            "ok" => WELL,
            "warn" => NOTE,
            "fail" => ILL,
            _ => ASIDE,
        };
        self.paint(style, text)
    }

    /// A line about an epoch: the drawing of its phases, or a vote; others stay as they are.
    pub(super) fn epoch(self, line: &str) -> String {
        if let Some((head, phases)) = line.split_once(PHASES).filter(|(head, _)| head.is_empty()) {
            let painted: Vec<String> = phases.split(' ').map(|phase| self.phase(phase)).collect();
            return format!("{head}{PHASES}{}", painted.join(" "));
        }
        self.vote(line).unwrap_or_else(|| line.to_owned())
    }

    fn phase(self, drawn: &str) -> String {
        match drawn.chars().next() {
            Some('✓') => self.paint(WELL, drawn),
            Some('▶') => self.paint(NOW, drawn),
            Some('↻') => self.paint(NOTE, drawn),
            _ => self.paint(ASIDE, drawn),
        }
    }

    /// A line that begins with an axis and the vote on it.
    fn vote(self, line: &str) -> Option<String> {
        let axis = line
            .strip_prefix("  ")
            .filter(|rest| !rest.starts_with(' '))?;
        let (axis, _) = axis.split_once(' ')?;
        ReviewAxis::from_word(axis).ok()?;
        let head = line.len() - line.get(2 + axis.len()..)?.trim_start().len();
        let (head, told) = line.split_at(head);
        let word = told.split([' ', ',']).next().unwrap_or_default();
        let style = match VoteType::from_word(word).ok()? {
            VoteType::Accept => WELL,
            VoteType::Revise => NOTE,
        };
        let rest = told.get(word.len()..)?;
        Some(format!("{head}{}{rest}", self.paint(style, word)))
    }
}

/// What the line of the phases begins with.
const PHASES: &str = "Phases:   ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_and_votes_are_painted_and_nothing_else() {
        let paint = Paint::COLOURED;
        assert_eq!(
            paint.epoch("Phases:   ✓p1 ▶p2 ·p3"),
            "Phases:   \x1b[32m✓p1\x1b[0m \x1b[1m\x1b[36m▶p2\x1b[0m \x1b[2m·p3\x1b[0m"
        );
        assert_eq!(
            paint.epoch("  elegance      ACCEPT by ann, 3m ago"),
            "  elegance      \x1b[32mACCEPT\x1b[0m by ann, 3m ago"
        );
        assert_eq!(
            paint.epoch("  correctness   REVISE, 2026"),
            "  correctness   \x1b[33mREVISE\x1b[0m, 2026"
        );
        for line in [
            "Request:  Phases:   ✓p1",
            "  elegance      missing",
            "    | elegance ACCEPT",
            "  other  ACCEPT",
            "",
        ] {
            assert_eq!(paint.epoch(line), line);
        }
    }

    #[test]
    fn without_colour_a_line_stays_as_it_is() {
        for line in ["Phases:   ✓p1 ▶p2 ·p3", "  elegance      ACCEPT by ann"] {
            assert_eq!(Paint::PLAIN.epoch(line), line);
        }
        assert_eq!(Paint::PLAIN.status("fail"), "fail");
    }
}
