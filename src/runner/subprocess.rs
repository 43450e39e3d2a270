//! A command by itself: in a session of its own, without a terminal, its output in a pipe.
//! It ends with its daemon.

mod leader;

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use leader::Leader;

use super::capture::Capture;
use super::group::aside;
use super::host::{Run, never_began};
use super::launch::{self, Order};
use super::lock::Lock;
use super::place::Place;
use super::record::Record;
use super::register::Register;
use super::{Ended, Error, HowEnded, Job, Reason, files};
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
        register,
        tmux_sockets: _,
        job,
        place,
        lock,
        mut interrupt,
        earlier: _,
    } = run;
    let started = aside({
        let (launcher, register) = (launcher.to_owned(), register.clone());
        let (job, place) = (job.clone(), place.clone());
        move || start(&launcher, &register, &job, &place, lock)
    });
    let Some(mut running) = started.await? else {
        return Ok(never_began(place, Reason::Shutdown));
    };
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
    // Somebody's SIGKILL may be ours, and then says nothing of the command.
    let how = match how {
        HowEnded::Signalled(_) if register.is_closed() => HowEnded::Stopped(Reason::Shutdown),
        how => how,
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

/// Starts the launcher, which becomes the command; none if no more are to begin.
fn start(
    launcher: &Path,
    register: &Register,
    job: &Job,
    place: &Place,
    lock: Lock,
) -> Result<Option<Running>, Error> {
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
    let Some(admission) = register.admit() else {
        // There may be secrets in it.
        files::remove(&place.order())?;
        return Ok(None);
    };
    let spawned = command.spawn();
    // It holds the writing end of the pipe, and a share of the lock.
    drop(command);
    failpoint::hit("run.spawned");
    let child = spawned.map_err(|error| Error::Launcher {
        launcher: launcher.to_owned(),
        program: job.argv[0].clone(),
        detail: error.to_string(),
    })?;
    Ok(Some(Running {
        leader: Leader::watch(child, admission, job, place)?,
        capture,
        _lock: lock,
    }))
}

/// If the launcher came as far as the command; what it says if it did not.
fn began(place: &Place, pid: i32) -> Result<bool, Error> {
    if let Some(error) = launch::failure(place)? {
        return Err(error);
    }
    Ok(Record::read(place)?.is_some_and(|record| record.identity.group == pid))
}
