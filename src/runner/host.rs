//! All runs of this host: the one door to this module. It decides who may work on a key,
//! and what becomes of an earlier attempt; how a command is run is `subprocess` and `tmux`.

mod clear;
mod hunt;
mod left;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use tokio::sync::watch;

pub use hunt::Hunted;
pub use left::Left;

use super::group::{Group, aside};
use super::interrupt::Interrupt;
use super::lock::Lock;
use super::place::Place;
use super::record::Record;
use super::register::Register;
use super::turns::Turns;
use super::{Ended, Error, How, HowEnded, Job, Reason, Stop, files, subprocess, tmux};

/// How long another process may hold a key, beyond the time its command has to end.
const BUSY_LIMIT: Duration = Duration::from_secs(30);
/// Between two tries to get a key.
const PAUSE: Duration = Duration::from_millis(20);
/// How often a key is tried for that is to be had only if nobody else has it.
const LOOKS: u32 = 5;

/// All runs of this host: where their records are, and who launches.
#[derive(Clone, Debug)]
pub struct Host {
    directory: PathBuf,
    launcher: PathBuf,
    turns: Turns,
    register: Register,
    tmux_sockets: Option<PathBuf>,
}

/// Everything that a way of running a command needs. Whoever has it has the key.
#[derive(Debug)]
pub(super) struct Run<'a> {
    /// The program that becomes the command.
    pub(super) launcher: &'a Path,
    /// Where commands by themselves are entered as long as they run.
    pub(super) register: &'a Register,
    /// Where the socket of tmux is, if not where the environment says.
    pub(super) tmux_sockets: Option<&'a Path>,
    pub(super) job: &'a Job,
    pub(super) place: &'a Place,
    /// To be held until the command has ended, or is left.
    pub(super) lock: Lock,
    pub(super) interrupt: Interrupt,
    /// A living earlier attempt that can be adopted: only one in a tmux window, and only
    /// for a job in one.
    pub(super) earlier: Option<Record>,
}

impl Host {
    /// Runs with their records below this directory, such as `~/.local/state/aura/runs`;
    /// it is made, and closed to other users, when the first command runs. The launcher is
    /// this program's own file: a program that hands its words to [`super::launch::main`].
    pub fn new(directory: PathBuf, launcher: PathBuf) -> Self {
        // Commands run in other directories than this program.
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        Self {
            directory: absolute(directory),
            launcher: absolute(launcher),
            turns: Turns::default(),
            register: Register::default(),
            tmux_sockets: None,
        }
    }

    /// The same, with the socket of its tmux server in this directory, instead of where
    /// `TMUX_TMPDIR` says.
    #[must_use]
    pub fn with_tmux_sockets(mut self, directory: PathBuf) -> Self {
        self.tmux_sockets = Some(directory);
        self
    }

    /// Runs a job to its end, or until it is told to stop. What still lives under the key is
    /// ended first, or adopted if it is the same `run` and both are in tmux windows; then the
    /// end of one that ended while nobody looked is reported, too.
    ///
    /// If the future is dropped before, the command is killed at once; in a tmux window it
    /// goes on, and the next attempt at the same run adopts it.
    pub async fn run(
        &self,
        job: &Job,
        stop: watch::Receiver<Option<Stop>>,
    ) -> Result<Ended, Error> {
        job.check()?;
        let place = Place::of(&self.directory, &job.key);
        let mut interrupt = Interrupt::new(stop, self.turns.take(&job.key, Some(&job.run)));
        let lock = match self
            .acquire(&job.key, &place, &mut interrupt, job.kill_after)
            .await?
        {
            Ok(lock) => lock,
            Err(reason) => return Ok(never_began(&place, reason)),
        };
        tmux::take_back(&place)?;
        let earlier = living(&place).await?;
        let earlier = match (earlier, &job.how) {
            (Some(record), How::Tmux { .. }) if record.is_adoptable(&job.run) => {
                Some(owned(record, job, &place)?)
            }
            (Some(record), _) => {
                tracing::warn!(key = %job.key, "an earlier command still lives, and is ended");
                let group = Group::recorded(&record, &place);
                group.end(job.kill_after).await?;
                // How we have ended it is nobody's result.
                files::remove(&place.record())?;
                None
            }
            (None, _) => None,
        };
        // What lives in a window is adopted first, so that a wish to stop reaches it.
        if earlier.is_none()
            && let Some(reason) = interrupt.asked().now_or_never()
        {
            return Ok(never_began(&place, reason));
        }
        let run = Run {
            launcher: &self.launcher,
            register: &self.register,
            tmux_sockets: self.tmux_sockets.as_deref(),
            job,
            place: &place,
            lock,
            interrupt,
            earlier,
        };
        match job.how {
            How::Subprocess => subprocess::run(run).await,
            How::Tmux { .. } => tmux::run(run).await,
        }
    }

    /// Ends whatever still lives of a key, wherever it runs: SIGTERM to all of it, and
    /// after `kill_after` SIGKILL. A run of the key in this process ends as superseded.
    pub async fn end(&self, key: &str, kill_after: Duration) -> Result<(), Error> {
        let place = Place::of(&self.directory, key);
        let (_nobody, stop) = watch::channel(None);
        let mut interrupt = Interrupt::new(stop, self.turns.take(key, None));
        let Ok(_lock) = self
            .acquire(key, &place, &mut interrupt, kill_after)
            .await?
        else {
            // A later run of the key sees to it.
            return Ok(());
        };
        tmux::take_back(&place)?;
        if let Some(record) = living(&place).await? {
            Group::recorded(&record, &place).end(kill_after).await?;
        }
        files::remove(&place.record())
    }

    /// Kills every command that runs by itself in this process right now, with all of its
    /// processes; for an exit that does not wait for runs to stop. It blocks until they are
    /// gone, a second at most. From then on no such command begins, and the runs of those
    /// that were killed, and of later ones, end as stopped by a shutdown. Windows go on.
    pub fn kill_all(&self) {
        self.register.kill_all();
    }

    /// What a person on this host types, in any shell, to look at a command's window, and
    /// to type into it.
    pub fn attach_command(&self, session: &str, window: &str) -> Vec<String> {
        let variable = std::env::var_os("TMUX_TMPDIR").map(PathBuf::from);
        let sockets = self.tmux_sockets.clone().or(variable);
        let mut words = Vec::new();
        if let Some(sockets) = sockets {
            words.push("env".to_owned());
            words.push(format!("TMUX_TMPDIR={}", sockets.display()));
        }
        words.extend(tmux::attach_command(session, window));
        words
    }

    /// What is known of a command that was told to stop before it was even asked for here.
    pub fn never_began(&self, key: &str, stop: Stop) -> Ended {
        never_began(&Place::of(&self.directory, key), stop.into())
    }

    /// The file in which the output of a key's commands is.
    pub fn log(&self, key: &str) -> PathBuf {
        Place::of(&self.directory, key).log()
    }

    /// Gets the key. Whoever has it in this process was told to let go when the turn was
    /// taken. If it is another process, which is no one that can be told, its command is
    /// ended, unless it is to be adopted: then it lets go.
    async fn acquire(
        &self,
        key: &str,
        place: &Place,
        interrupt: &mut Interrupt,
        kill_after: Duration,
    ) -> Result<Result<Lock, Reason>, Error> {
        let begun = Instant::now();
        let mut is_cancelled = false;
        let mut ended = None;
        loop {
            let there = place.clone();
            if let Some(lock) = aside(move || Lock::take(&there)).await? {
                // How we have ended it is nobody's result. Whoever watched it has removed it.
                if ended.is_some() && Record::read(place)? == ended {
                    files::remove(&place.record())?;
                }
                return Ok(Ok(lock));
            }
            if interrupt.is_alone()
                && let Some(record) = living(place).await?
                && !interrupt.run().is_some_and(|run| record.is_adoptable(run))
            {
                tracing::warn!(key, "the key's command is another aurad's, and is ended");
                Group::recorded(&record, place).end(kill_after).await?;
                ended = Some(record);
            }
            if begun.elapsed() > BUSY_LIMIT + kill_after {
                return Err(Error::Busy {
                    key: key.to_owned(),
                });
            }
            tokio::select! {
                reason = interrupt.asked(), if !is_cancelled => match reason {
                    // What lives of the key in a window is to be ended, for which it must
                    // be had first; it may be held by no more than a process that starts.
                    Reason::Cancelled => is_cancelled = true,
                    Reason::Shutdown | Reason::Superseded => return Ok(Err(reason)),
                },
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }
}

/// The lock of a place that nobody is at work on. It is asked for more than once: others may
/// be looking round at the same time, and a process that is just being started has all our
/// locks, too, until it becomes its program.
async fn free(place: &Place) -> Result<Option<Lock>, Error> {
    for _ in 0..LOOKS {
        let there = place.clone();
        let lock = aside(move || Lock::take(&there)).await?;
        if lock.is_some() {
            return Ok(lock);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(None)
}

/// The record of a place, if anybody of it lives.
async fn living(place: &Place) -> Result<Option<Record>, Error> {
    let place = place.clone();
    aside(move || {
        let Some(record) = Record::read(&place)? else {
            return Ok(None);
        };
        let members = Group::recorded(&record, &place).members()?;
        Ok(Some(record).filter(|_| !members.is_empty()))
    })
    .await
}

/// The record of what is adopted, with who asks for it now.
fn owned(mut record: Record, job: &Job, place: &Place) -> Result<Record, Error> {
    if record.owner != job.owner {
        record.owner.clone_from(&job.owner);
        record.write(place)?;
    }
    Ok(record)
}

/// The end of what was stopped before it began.
pub(super) fn never_began(place: &Place, reason: Reason) -> Ended {
    Ended {
        how: HowEnded::Stopped(reason),
        output: String::new(),
        log: place.log(),
        bytes: 0,
        log_problem: None,
    }
}
