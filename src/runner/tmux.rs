//! Commands in tmux windows: real, detached ones that a person can attach to, look at and
//! type into, and that go on when the daemon stops. How a command ended and what it showed
//! is learned from files (`files`, `log`), so a daemon that comes later learns it too.
//!
//! Who may work on a key, and what happens to an earlier run of it, is `host`'s.

mod client;
mod escapes;
mod files;
mod log;
mod mark;
mod names;
mod quote;
mod supervise;
mod window;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use tokio::time::sleep;

use super::group::{Group, aside};
use super::host::Run;
use super::place::Place;
use super::record::Record;
use super::{Ended, Error, HowEnded, Job, OnShutdown, Reason};
use crate::failpoint;
use client::Client;
use mark::Before;
use names::{session_name, window_name};

pub(super) use files::take_back;

/// The socket of aura's own tmux server, so that neither the settings of the user's tmux
/// nor its `kill-server` reach our windows.
const SOCKET: &str = "aura";

/// The word that makes this program the launcher in a window. The directory of the key and
/// the id of an order follow.
const WINDOW_FLAG: &str = "--aura-window";

/// The word that makes it the writer of a window's log. The directory of the key, the id
/// of the order and a limit in bytes follow.
const LOG_FLAG: &str = "--aura-log";

/// How either ends that failed.
const FAILED: u8 = 127;

/// Runs a job in its window: in a new one, or the one that an earlier daemon opened for it.
/// If the future is dropped, the window stays, for whoever comes next.
pub(super) async fn run(run: Run<'_>) -> Result<Ended, Error> {
    let Run {
        launcher,
        register: _,
        tmux_sockets,
        job,
        place,
        lock: _lock,
        mut interrupt,
        earlier,
    } = run;
    let earlier = match earlier {
        None => unreported(place, &job.run).await?,
        living => living,
    };
    let record = if let Some(record) = earlier {
        tracing::info!(key = %job.key, "a window of an earlier aurad is adopted");
        record
    } else {
        let client = Client::new(tmux_sockets);
        window::begin(&client, launcher, place, job).await?
    };
    let timeout = async {
        match job.timeout {
            // It counts from the command's beginning, whoever sees its end.
            Some(timeout) => sleep(timeout.saturating_sub(window::age(&record.identity))).await,
            None => std::future::pending().await,
        }
    };
    let how = tokio::select! {
        biased;
        own = window::own_end(place, &record) => own,
        reason = interrupt.asked() => Ok(stopped(job, reason, interrupt.is_in_the_way())),
        () = timeout => Ok(HowEnded::TimedOut),
    };
    if let Ok(HowEnded::Left(_)) = how {
        return left(place, how?).await;
    }
    failpoint::hit("run.ended");
    // Also after an end by itself: it may have left something behind.
    Group::recorded(&record, place).end(job.kill_after).await?;
    let captured = window::shown(place).await?;
    super::files::remove(&place.record())?;
    Ok(Ended {
        how: how?,
        output: captured.output,
        log: place.log(),
        bytes: captured.bytes,
        log_problem: captured.log_problem,
    })
}

/// The record of this run's command in a window that has ended since its daemon did, so that
/// nobody has been told. One of which nothing is known, since the host went down with it, is none.
async fn unreported(place: &Place, run: &str) -> Result<Option<Record>, Error> {
    let (place, run) = (place.clone(), run.to_owned());
    aside(move || {
        let record = Record::read(&place)?.filter(|record| record.is_adoptable(&run));
        let Some(record) = record else {
            return Ok(None);
        };
        let known = files::status(&place)?.is_some() || record.identity.is_of_this_host()?;
        Ok(known.then_some(record))
    })
    .await
}

/// What a wish to stop means for a command in a window.
fn stopped(job: &Job, reason: Reason, is_in_the_way: bool) -> HowEnded {
    match (reason, job.on_shutdown) {
        (Reason::Superseded, _) if is_in_the_way => HowEnded::Stopped(reason),
        // A later attempt adopts it, and an end by the key ends it.
        (Reason::Superseded, _) | (Reason::Shutdown, OnShutdown::Leave) => HowEnded::Left(reason),
        (Reason::Cancelled, _) | (Reason::Shutdown, OnShutdown::Kill) => HowEnded::Stopped(reason),
    }
}

/// What is known of a command that goes on. Its log, too, is for the one who adopts it.
async fn left(place: &Place, how: HowEnded) -> Result<Ended, Error> {
    let log = place.log();
    let size = aside(move || Ok(std::fs::metadata(&log).map_or(0, |file| file.len())));
    Ok(Ended {
        how,
        output: String::new(),
        log: place.log(),
        bytes: size.await?,
        log_problem: None,
    })
}

/// What a person types to look at a window, and to type into it: this very one, or none if
/// it is gone; without the signs, tmux would take one whose name begins alike. `TMUX_TMPDIR` must be
/// what it is for the daemon, or not be set for either; [`super::Host::attach_command`]
/// takes care of it.
pub fn attach_command(session: &str, window: &str) -> Vec<String> {
    let target = format!("={}:={}", session_name(session), window_name(window));
    ["tmux", "-L", SOCKET, "attach-session", "-t", &target]
        .map(str::to_owned)
        .into()
}

/// If these words of a command line, program included, ask for what runs in a window.
pub(super) fn is_asked(words: &[OsString]) -> bool {
    let first = words.get(1);
    first.is_some_and(|word| word == WINDOW_FLAG || word == LOG_FLAG)
}

/// Is what was asked for, to its end.
pub(super) fn main(words: &[OsString]) -> ExitCode {
    let done = match words {
        [_, flag, directory, id] if flag == WINDOW_FLAG => {
            supervise::run(&Place::at(PathBuf::from(directory)), &id.to_string_lossy())
                .map_err(|error| error.to_string())
        }
        [_, flag, directory, id, limit] if flag == LOG_FLAG => {
            let limit = limit.to_string_lossy().parse().unwrap_or_default();
            let shown = Before::new(io::stdin().lock(), mark::of(&id.to_string_lossy()));
            log::write(shown, &Place::at(PathBuf::from(directory)), limit)
                .map_err(|error| error.to_string())
        }
        _ => {
            complain("this is how aurad starts what runs in tmux windows; it is of no use by hand");
            return ExitCode::from(64);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::from(FAILED)
        }
    }
}

/// Nobody can be told if it cannot be written.
fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "aura: {line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_can_type_the_command_as_it_is_printed() {
        let words = attach_command("aura-e1", "slice-a");
        assert_eq!(
            words.join(" "),
            "tmux -L aura attach-session -t =aura-e1:=slice-a"
        );
    }
}
