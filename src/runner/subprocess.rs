//! A command by itself: in a session of its own, without a terminal, its output in a pipe.
//! It ends with its daemon.

mod leader;

use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use leader::Leader;

use super::capture::Capture;
use super::group::aside;
use super::host::Run;
use super::launch::{self, Order};
use super::lock::Lock;
use super::place::Place;
use super::record::Record;
use super::{Ended, Error, HowEnded, Job, files};
use crate::failpoint;

/// How long the output is waited for when all processes of a command are gone: somebody
/// who has left its group and session may keep it open.
const PATIENCE: Duration = Duration::from_secs(2);

/// A command that runs. Dropping it kills the command.
struct Running {
    leader: Leader,
    capture: Capture,
    /// Dropped last: the key is free when nobody of it is watched any more.
    _lock: Lock,
}

/// Runs a job to its end.
pub(super) async fn run(run: Run<'_>) -> Result<Ended, Error> {
    let Run {
        launcher,
        tmux_sockets: _,
        job,
        place,
        lock,
        mut interrupt,
        earlier: _,
    } = run;
    let (launcher, owned, there) = (launcher.to_owned(), job.clone(), place.clone());
    let mut running = aside(move || start(&launcher, &owned, &there, lock)).await?;
    let timeout = async {
        match job.timeout {
            Some(timeout) => tokio::time::sleep(timeout).await,
            None => std::future::pending().await,
        }
    };
    let how = tokio::select! {
        // What has ended by itself is not said to have been stopped.
        biased;
        how = running.leader.ended() => how?,
        reason = interrupt.asked() => HowEnded::Stopped(reason),
        () = timeout => HowEnded::TimedOut,
    };
    // Also after an end by itself: it may have left something behind.
    running.leader.group().end(job.kill_after).await?;
    let began = aside({
        let (place, pid) = (place.clone(), running.leader.pid());
        move || began(&place, pid)
    })
    .await?;
    let Running {
        leader,
        capture,
        _lock: lock,
    } = running;
    failpoint::hit("run.ended");
    let captured = capture.finish(PATIENCE).await;
    leader.reap();
    if let (false, HowEnded::Exited(_) | HowEnded::Signalled(_)) = (began, how) {
        return Err(Error::Launcher {
            launcher: run.launcher.to_owned(),
            program: job.argv[0].clone(),
            detail: format!("{how:?}: {}", captured.output.trim()),
        });
    }
    files::remove(&place.record())?;
    drop(lock);
    Ok(Ended {
        how,
        output: captured.output,
        log: place.log(),
        bytes: captured.bytes,
        log_problem: captured.log_problem,
    })
}

/// Starts the launcher, which becomes the command.
fn start(launcher: &PathBuf, job: &Job, place: &Place, lock: Lock) -> Result<Running, Error> {
    let fail = |error: io::Error| Error::Spawn {
        program: job.argv[0].clone(),
        detail: error.to_string(),
    };
    failpoint::hit("run.locked");
    place.clear()?;
    Order::of(job).leave(place, &job.input)?;
    let (source, sink) = io::pipe().map_err(fail)?;
    let capture = Capture::start(source, &place.log(), job.log_limit)?;
    let mut command = Command::new(launcher);
    command
        .arg(launch::FLAG)
        .arg(place.directory())
        .env_clear()
        .current_dir(place.directory())
        .stdin(lock.share().map_err(fail)?)
        .stdout(Stdio::from(sink.try_clone().map_err(fail)?))
        .stderr(Stdio::from(sink));
    let spawned = command.spawn();
    // It holds the writing end of the pipe, and a share of the lock.
    drop(command);
    failpoint::hit("run.spawned");
    let child = spawned.map_err(|error| Error::Launcher {
        launcher: launcher.clone(),
        program: job.argv[0].clone(),
        detail: error.to_string(),
    })?;
    Ok(Running {
        leader: Leader::watch(child, job, place)?,
        capture,
        _lock: lock,
    })
}

/// If the launcher came as far as the command; what it says if it did not.
fn began(place: &Place, pid: i32) -> Result<bool, Error> {
    if let Some(error) = launch::failure(place)? {
        return Err(error);
    }
    Ok(Record::read(place)?.is_some_and(|record| record.identity.group == pid))
}
