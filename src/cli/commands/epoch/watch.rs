//! `aura-msg epoch watch`: an epoch as it changes, until it ends. On a terminal the same
//! screen is drawn again; elsewhere, and for programs, each change is told once. Nothing of
//! the terminal's is changed that would have to be restored.

use std::io::{self, IsTerminal, Write};

use super::show::Seen;
use crate::cli::args::EpochArgs;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::Report;
use crate::cli::paint::Paint;
use crate::cli::table;
use crate::client::{Client, Error};
use crate::config::{Format, Layer};
use crate::contract::query::QueryStateResult;
use crate::protocol::PhaseId;
use crate::protocol::state::EpochStatus;

/// To the top left corner.
const HOME: &str = "\x1b[H";
/// What is left of a line, and of the screen.
const CLEAR_LINE: &str = "\x1b[K";
const CLEAR_BELOW: &str = "\x1b[J";

pub(in crate::cli) async fn run(context: &Context<'_>, args: EpochArgs) -> Answer {
    let epoch_id = context.epoch_id(&args)?;
    // The default limit is one for answers, not for an epoch.
    let has_limit = context.settings.timeout.source.layer() == Layer::Flag;
    let mut screen = Screen::new(&epoch_id, context.settings.format.value, context.paint);
    let client = context.connect().await?;
    let ended = watch(client, &epoch_id, has_limit, &mut screen).await;
    match ended {
        Ok(Shown::Goes | Shown::Ended | Shown::Unwatched) => Ok(Report::printed()),
        Ok(Shown::Broken(error)) => Err(Failure::internal(error)),
        // Ended from outside: that is told as well.
        Err(Error::Closed { status, .. }) => match screen.last_word(&status) {
            Shown::Broken(error) => Err(Failure::internal(error)),
            _ => Ok(Report::printed()),
        },
        Err(error) => Err(error.into()),
    }
}

async fn watch(
    client: Client,
    epoch_id: &str,
    has_limit: bool,
    screen: &mut Screen<'_>,
) -> Result<Shown, Error> {
    client
        .watch(epoch_id, "its end", has_limit, |state| {
            match screen.show(state, None) {
                Shown::Goes => None,
                over => Some(over),
            }
        })
        .await
}

/// What became of showing a state.
enum Shown {
    /// The epoch goes on.
    Goes,
    /// It has ended.
    Ended,
    /// Nobody reads any more.
    Unwatched,
    /// It could not be printed.
    Broken(io::Error),
}

/// Where the changes are told.
struct Screen<'a> {
    epoch_id: &'a str,
    format: Format,
    paint: Paint,
    is_terminal: bool,
    /// What was seen last.
    state: Option<QueryStateResult>,
    /// What was told of it.
    told: Option<String>,
}

impl<'a> Screen<'a> {
    fn new(epoch_id: &'a str, format: Format, paint: Paint) -> Self {
        Self {
            epoch_id,
            format,
            paint,
            is_terminal: format == Format::Text && io::stdout().is_terminal(),
            state: None,
            told: None,
        }
    }

    /// Shows a state, if there is something new in it.
    fn show(&mut self, state: &QueryStateResult, ending: Option<&str>) -> Shown {
        let seen = Seen {
            epoch_id: self.epoch_id,
            state,
            ending,
            now: table::now(),
        };
        let json = match serde_json::to_string(&seen.output()) {
            Ok(json) => json,
            Err(error) => return Shown::Broken(error.into()),
        };
        let is_new = self.told.as_ref() != Some(&json);
        let printed = if self.is_terminal {
            // Times go on, so it is drawn in any case.
            draw(&seen, self.paint)
        } else if is_new {
            tell(&seen, &json, self.format, self.paint)
        } else {
            Ok(())
        };
        self.told = Some(json);
        self.state = Some(state.clone());
        match printed {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Shown::Unwatched,
            Err(error) => Shown::Broken(error),
            Ok(()) if has_ended(state) => Shown::Ended,
            Ok(()) => Shown::Goes,
        }
    }

    /// Shows once more what was seen last, now that it has ended so.
    fn last_word(&mut self, ending: &str) -> Shown {
        match self.state.take() {
            Some(state) => self.show(&state, Some(ending)),
            None => Shown::Ended,
        }
    }
}

/// Whether an epoch is over by its own word.
pub(super) fn has_ended(state: &QueryStateResult) -> bool {
    match &state.more {
        Some(more) => matches!(more.status, EpochStatus::Complete | EpochStatus::Cancelled),
        None => state.current_phase == PhaseId::Complete,
    }
}

/// One change, for those that read line by line; with an empty line after it for people.
fn tell(seen: &Seen<'_>, json: &str, format: Format, paint: Paint) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        Format::Text => writeln!(out, "{}\n", seen.painted(paint).join("\n"))?,
        // A stream of objects has no other form than this one.
        Format::Json | Format::Jsonl => writeln!(out, "{json}")?,
    }
    out.flush()
}

/// The whole screen, in one write, so that it does not flicker.
fn draw(seen: &Seen<'_>, paint: Paint) -> io::Result<()> {
    let (columns, rows) = table::terminal_size().unwrap_or((80, 24));
    let frame = frame(&seen.lines(), columns, rows, paint);
    let mut out = io::stdout().lock();
    out.write_all(frame.as_bytes())?;
    out.flush()
}

/// Lines as a screen takes them: long ones go on in the next, and what has no room at
/// the bottom is left out from the middle, since what comes next stands last.
fn frame(lines: &[String], columns: usize, rows: usize, paint: Paint) -> String {
    let mut shown: Vec<String> = Vec::new();
    for line in lines {
        let letters: Vec<char> = line.chars().collect();
        if letters.is_empty() {
            shown.push(String::new());
        }
        shown.extend(letters.chunks(columns).map(|part| part.iter().collect()));
    }
    // The cursor stands in the line below.
    let room = rows.saturating_sub(1).max(1);
    if shown.len() > room {
        let too_many = shown.len() - room + 1;
        let half = room / 2;
        shown.splice(half..half + too_many, [format!("… {too_many} lines …")]);
    }
    let mut frame = HOME.to_owned();
    for line in shown {
        // Only now, since colour takes no room.
        frame.push_str(&paint.epoch(&line));
        frame.push_str(CLEAR_LINE);
        frame.push_str("\r\n");
    }
    frame.push_str(CLEAR_BELOW);
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(frame: &str) -> Vec<&str> {
        let body = frame.strip_prefix(HOME).expect("it begins at the top");
        let body = body.strip_suffix(CLEAR_BELOW).expect("nothing old is left");
        body.split_terminator("\x1b[K\r\n").collect()
    }

    #[test]
    fn a_screen_shows_all_that_it_has_room_for() {
        let lines = ["abcdef", "", "gh"].map(str::to_owned);
        assert_eq!(
            rows(&frame(&lines, 4, 24, Paint::PLAIN)),
            ["abcd", "ef", "", "gh"]
        );
        assert_eq!(
            rows(&frame(&lines, 80, 3, Paint::PLAIN)),
            ["abcdef", "… 2 lines …"]
        );
    }

    #[test]
    fn a_low_screen_keeps_the_first_and_the_last_lines() {
        let lines: Vec<String> = (1..=10).map(|n| n.to_string()).collect();
        assert_eq!(
            rows(&frame(&lines, 80, 6, Paint::PLAIN)),
            ["1", "2", "… 6 lines …", "9", "10"]
        );
        assert_eq!(rows(&frame(&lines, 80, 11, Paint::PLAIN)).len(), 10);
    }
}
