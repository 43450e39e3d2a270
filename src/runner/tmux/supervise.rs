//! The launcher in a window: the process between tmux and the command, which stays to see
//! how the command ends and leaves that in a file, since tmux tells nobody and the daemon
//! may be away. The command has the window's terminal, the launcher's process group and
//! exactly the environment it was given; nothing of it passes through a shell.

use std::env;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Signal, getpgrp, getpid, kill_process_group};
use tokio::process::{Child, Command};
use tokio::signal::unix::{self, SignalKind, signal};
use tokio::time::{Instant, sleep, timeout};

use super::files::{self, Status};
use super::{log, mark};
use crate::runner::Error;
use crate::runner::job::REQUEST_FILE;
use crate::runner::launch::{self, Order};
use crate::runner::place::Place;

/// How long the launcher waits to be let go, and how often it looks.
const BLOCKED: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(5);

/// Carries out the order with this id, and ends with all of its process group, the
/// launcher included, so that nothing the command left behind outlives it.
pub(super) fn run(place: &Place, id: &str) -> io::Result<()> {
    if getpgrp() != getpid() {
        return Err(io::Error::other("only tmux can start it, in a window"));
    }
    let order = files::take_order(place, id)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut signals = Signals::caught()?;
        if !begin(place, id, &order).await? {
            return Ok(());
        }
        let status = signals.supervise(place, &order).await;
        if status != Status::Closed {
            signals.shown(place, id).await;
        }
        files::put_status(place, &status).map_err(io::Error::other)?;
        Ok(kill_process_group(getpgrp(), Signal::KILL)?)
    })
}

/// How long the terminal and the writer of the log may take for the last of the output.
const SHOWING: Duration = Duration::from_secs(10);

/// Waits until the command may begin; false if it never will.
async fn begin(place: &Place, id: &str, order: &Order) -> io::Result<bool> {
    let record = order.record().map_err(io::Error::other)?;
    let until = Instant::now() + BLOCKED;
    while Instant::now() < until {
        if files::begin(place, id, &record)? {
            return Ok(true);
        }
        sleep(PAUSE).await;
    }
    Ok(false)
}

/// The signals that come to the whole group, the launcher included, which must be the last
/// of it to end. They are caught rather than ignored, since a command would inherit that.
struct Signals {
    closed: unix::Signal,
    _others: [unix::Signal; 3],
}

impl Signals {
    fn caught() -> io::Result<Self> {
        Ok(Self {
            closed: signal(SignalKind::hangup())?,
            _others: [
                signal(SignalKind::terminate())?,
                signal(SignalKind::interrupt())?,
                signal(SignalKind::quit())?,
            ],
        })
    }

    /// Runs the command to its end.
    async fn supervise(&mut self, place: &Place, order: &Order) -> Status {
        let mut child = match start(place, order) {
            Ok(child) => child,
            Err(error) => return Status::NotStarted(error),
        };
        tokio::select! {
            // A command that has ended has ended by itself, also if its window closes now.
            biased;
            ended = child.wait() => status(order, ended),
            _ = self.closed.recv() => {
                // The terminal has sent a hangup to its foreground group; who ignores that,
                // or is in another, has nobody left to show anything to.
                let _ = kill_process_group(getpgrp(), Signal::TERM);
                let _ = timeout(Duration::from_millis(order.kill_after_ms), child.wait()).await;
                Status::Closed
            }
        }
    }

    /// Waits until all that the command has shown is in its log.
    async fn shown(&mut self, place: &Place, id: &str) {
        let mark = mark::of(id);
        // A terminal that a person has stopped takes nothing, and holds up who writes.
        std::thread::spawn(move || {
            let mut terminal = io::stdout();
            // Without a terminal there is nothing to wait for: then the log has ended, too.
            let _ = terminal.write_all(&mark).and_then(|()| terminal.flush());
        });
        let complete = async {
            while !log::is_complete(place) {
                sleep(PAUSE).await;
            }
        };
        tokio::select! {
            _ = timeout(SHOWING, complete) => {}
            _ = self.closed.recv() => {}
        }
    }
}

fn start(place: &Place, order: &Order) -> Result<Child, Error> {
    let Some((program, words)) = order.argv.split_first() else {
        return Err(launch::refused("", &io::ErrorKind::InvalidInput.into()));
    };
    let directory = order.directory.clone().unwrap_or_else(|| place.work());
    env::set_current_dir(&directory).map_err(|error| Error::Directory {
        path: directory,
        detail: error.to_string(),
    })?;
    let request = place.request();
    let input = File::open(&request).map_err(|error| Error::records(&request, &error))?;
    let mut command = Command::new(program);
    command
        .args(words)
        .env_clear()
        .envs(&order.env)
        .env(REQUEST_FILE, &request)
        .stdin(Stdio::from(input));
    // What the terminal is called is tmux's to say.
    if let Some(term) = env::var_os("TERM") {
        command.env("TERM", term);
    }
    command
        .spawn()
        .map_err(|error| launch::refused(program, &error))
}

fn status(order: &Order, ended: io::Result<ExitStatus>) -> Status {
    match ended {
        Ok(ended) => match (ended.code(), ended.signal()) {
            (Some(code), _) => Status::Exited(code),
            (None, signal) => Status::Signalled(signal.unwrap_or_default()),
        },
        Err(error) => Status::NotStarted(launch::refused(&order.argv[0], &error)),
    }
}
