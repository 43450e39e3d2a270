//! The processes that belong to a command: who they are, a signal to all of them, and
//! their end.
//!
//! They are known by the number of their process group, which is also that of the session
//! (a command that puts parts of itself into groups of their own, as an interactive shell
//! does, keeps them in its session). A process that leaves both, as daemons do, is let go.
//!
//! A number is used again once nobody has it as process id, group or session. So before
//! each signal the group is identified anew: host and start of the host must be the
//! recorded ones, and
//! - if a process with the number as its id is there (a zombie counts), it must have
//!   started when the recorded one did. Then all of the group are ours, since the number
//!   was never free. If it started at another time, none are.
//! - if there is none, the leader has ended. What is left with the number is ours if one
//!   of them carries the path of our request file in the environment it started with; the
//!   number cannot have been free while that one lived. Without such a mark nobody is
//!   signalled: rather an orphan than a stranger's process killed.

use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, getpgrp, kill_process, kill_process_group};
use serde::{Deserialize, Serialize};

use super::job::REQUEST_FILE;
use super::place::Place;
use super::processes::{self, Process};
use super::{Error, record::Record};

/// How long SIGKILL may take to have its effect.
const KILL_LIMIT: Duration = Duration::from_secs(10);
/// Between two looks at who is still there.
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// What tells a process group from every other, also from a later one with its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    /// The number: the process id of its first process.
    pub(super) group: i32,
    /// When that process started, in clock ticks since the host did.
    pub(super) started: u64,
    /// Which start of which host.
    pub(super) boot: String,
    /// The namespace in which the number counts.
    pub(super) namespace: String,
}

impl Identity {
    /// That of the group that a living process, or one that nobody has reaped, leads or
    /// is about to lead.
    pub(super) fn of_leader(pid: i32) -> Result<Self, Error> {
        let leader = processes::one(pid).ok_or_else(|| Error::Unsupported {
            path: format!("/proc/{pid}/stat").into(),
            detail: "the process does not show".to_owned(),
        })?;
        Ok(Self {
            group: pid,
            started: leader.started,
            boot: processes::boot_id()?,
            namespace: processes::namespace()?,
        })
    }

    /// If its number means here and now what it meant when it was written down.
    pub(super) fn is_of_this_host(&self) -> Result<bool, Error> {
        Ok(self.boot == processes::boot_id()? && self.namespace == processes::namespace()?)
    }

    /// That of the group this process is in.
    pub(super) fn own() -> Result<Self, Error> {
        Self::of_leader(getpgrp().as_raw_nonzero().get())
    }

    /// As if the test's process led a group. It need not: who started it may be gone.
    #[cfg(test)]
    pub(super) fn of_test() -> Self {
        Self::of_leader(std::process::id().cast_signed()).expect("this process shows")
    }
}

/// A group that can be looked for.
#[derive(Clone, Debug)]
pub(super) struct Group {
    key: String,
    identity: Identity,
    /// What its processes have in their environment.
    mark: Vec<u8>,
}

impl Group {
    /// The group with this identity, which was started under a key in its place.
    pub(super) fn new(key: &str, identity: Identity, place: &Place) -> Self {
        let request = place.request();
        let mut mark = format!("{REQUEST_FILE}=").into_bytes();
        mark.extend_from_slice(std::os::unix::ffi::OsStrExt::as_bytes(request.as_os_str()));
        Self {
            key: key.to_owned(),
            identity,
            mark,
        }
    }

    /// The group of a record.
    pub(super) fn recorded(record: &Record, place: &Place) -> Self {
        Self::new(&record.key, record.identity.clone(), place)
    }

    /// Who of it lives at this moment.
    pub(super) fn members(&self) -> Result<Vec<Process>, Error> {
        if !self.identity.is_of_this_host()? {
            return Ok(Vec::new());
        }
        let look = || -> Result<Vec<Process>, Error> {
            Ok(identify(&self.identity, &processes::all()?, |pid| {
                processes::has_variable(pid, &self.mark)
            }))
        };
        // One look can miss a process whose parent ends while it is born.
        Some(look()?)
            .filter(|found| !found.is_empty())
            .map_or_else(look, Ok)
    }

    /// Sends a signal to all of it, if there is anybody; says who there was.
    pub(super) fn signal(&self, signal: Signal) -> Result<Vec<Process>, Error> {
        let members = self.members()?;
        let number = self.identity.group;
        if members.iter().any(|member| member.group == number) {
            send(number, |pid| kill_process_group(pid, signal));
        }
        for member in members.iter().filter(|member| member.group != number) {
            send(member.pid, |pid| kill_process(pid, signal));
        }
        Ok(members)
    }

    /// Ends all of it: SIGTERM, after `kill_after` SIGKILL, until nobody is left.
    pub(super) async fn end(&self, kill_after: Duration) -> Result<(), Error> {
        if self.signal_aside(Signal::TERM).await?.is_empty() {
            return Ok(());
        }
        // A stopped process would see SIGTERM only when somebody lets it go on.
        self.signal_aside(Signal::CONT).await?;
        if self.gone_within(kill_after, None).await?.is_empty() {
            return Ok(());
        }
        let left = self.gone_within(KILL_LIMIT, Some(Signal::KILL)).await?;
        if left.is_empty() {
            return Ok(());
        }
        Err(Error::Unkillable {
            key: self.key.clone(),
            pids: left.iter().map(|member| member.pid).collect(),
        })
    }

    /// Waits until nobody is left, and says who is when the time is up. Each look sends
    /// the signal, if one is given: there may be new processes.
    async fn gone_within(
        &self,
        limit: Duration,
        signal: Option<Signal>,
    ) -> Result<Vec<Process>, Error> {
        let begun = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            let left = match signal {
                Some(signal) => self.signal_aside(signal).await?,
                None => self.members_aside().await?,
            };
            let Some(time) = limit.checked_sub(begun.elapsed()) else {
                return Ok(left);
            };
            if left.is_empty() {
                return Ok(left);
            }
            tokio::time::sleep(pause.min(time)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn signal_aside(&self, signal: Signal) -> Result<Vec<Process>, Error> {
        let group = self.clone();
        aside(move || group.signal(signal)).await
    }

    /// As [`Self::members`], on a thread where it holds up nobody.
    pub(super) async fn members_aside(&self) -> Result<Vec<Process>, Error> {
        let group = self.clone();
        aside(move || group.members()).await
    }
}

/// Does what may take a moment on a thread for that.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => Err(Error::Spawn {
                program: "a thread of aurad".to_owned(),
                detail: error.to_string(),
            }),
        },
    }
}

/// A process that is gone by now needs no signal; one of another user takes none, and is
/// found to be still there.
fn send(number: i32, kill: impl FnOnce(Pid) -> Result<(), Errno>) {
    // 0 and 1 are no numbers of ours, whatever a record says.
    if let Some(pid) = Pid::from_raw(number).filter(|_| number > 1) {
        match kill(pid) {
            Ok(()) | Err(Errno::SRCH) => {}
            Err(error) => tracing::warn!(pid = number, %error, "a process takes no signal"),
        }
    }
}

/// Who of these processes belongs to a group: the rule above.
fn identify(
    identity: &Identity,
    processes: &[Process],
    marked: impl Fn(i32) -> bool,
) -> Vec<Process> {
    let number = identity.group;
    let named: Vec<Process> = processes
        .iter()
        .filter(|one| one.pid == number || one.group == number || one.session == number)
        .copied()
        .collect();
    let ours = match named.iter().find(|one| one.pid == number) {
        Some(leader) => leader.started == identity.started,
        None => named
            .iter()
            .any(|one| one.started >= identity.started && marked(one.pid)),
    };
    if !ours {
        return Vec::new();
    }
    named.into_iter().filter(|one| !one.dead).collect()
}

#[cfg(test)]
mod tests;
