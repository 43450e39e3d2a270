//! A sign of life on standard error while a command waits for the server, from a second on:
//! on a terminal, for people, and gone when the command ends, however it does.

use std::cell::Cell;
use std::convert::Infallible;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// A wait that is no longer than this needs no sign.
const SHORT: Duration = Duration::from_secs(1);
/// Between two signs.
const TURN: Duration = Duration::from_millis(200);
/// What they turn through.
const SIGNS: [char; 4] = ['|', '/', '-', '\\'];
/// To the left, and away with what is there.
const CLEAR: &str = "\r\x1b[K";

/// The wait of one command.
#[derive(Debug)]
pub(super) struct Progress {
    /// What is waited for; nothing is shown without it.
    what: Option<&'static str>,
    since: Cell<Option<Instant>>,
    is_drawn: Cell<bool>,
}

impl Progress {
    /// For a command that waits for this, or for one that has the terminal for itself.
    pub(super) fn of(what: Option<&'static str>) -> Self {
        Self {
            what,
            since: Cell::new(None),
            is_drawn: Cell::new(false),
        }
    }

    /// The wait begins, if people wait. Before it nothing is shown: somebody may be typing
    /// what the command reads.
    pub(super) fn begin(&self, for_people: bool) {
        if for_people && self.since.get().is_none() {
            self.since.set(Some(Instant::now()));
        }
    }

    /// Shows it for as long as it is polled; never ends.
    pub(super) async fn show(&self) -> Infallible {
        let Some(what) = self.what.filter(|_| io::stderr().is_terminal()) else {
            return std::future::pending().await;
        };
        let mut signs = SIGNS.iter().cycle();
        loop {
            tokio::time::sleep(TURN).await;
            if let Some(time) = self.since.get().map(|since| since.elapsed())
                && time >= SHORT
                && let Some(sign) = signs.next()
            {
                self.draw(&format!("{sign} {what}, {} s", time.as_secs()));
            }
        }
    }

    fn draw(&self, text: &str) {
        let mut out = io::stderr().lock();
        let columns = rustix::termios::tcgetwinsize(&out).map_or(0, |size| size.ws_col);
        // One that wraps could not be taken back.
        if usize::from(columns) <= text.chars().count() {
            return;
        }
        self.is_drawn.set(true);
        let _ = write!(out, "{CLEAR}{text}").and_then(|()| out.flush());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_drawn.get() {
            let mut out = io::stderr().lock();
            let _ = write!(out, "{CLEAR}").and_then(|()| out.flush());
        }
    }
}
