//! The first process of a command, which is a child of this one. Its end is noticed
//! without being taken note of in the kernel: as long as it waits to be reaped, its number
//! is its own, and what it left behind can be signalled without a doubt who that is.

use std::process::Child;
use std::sync::mpsc;
use std::thread;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, waitid};
use tokio::sync::oneshot;

use super::super::group::{Group, Identity};
use super::super::place::Place;
use super::super::register::{Admission, Entry};
use super::super::{Error, HowEnded, Job};

/// What the watching thread needs, which does nothing but wait.
const STACK: usize = 64 * 1024;

/// The first process. Dropping it kills its whole group.
#[derive(Debug)]
pub(super) struct Leader {
    pid: i32,
    group: Group,
    /// That it runs, for whoever kills all.
    _entry: Entry,
    ended: oneshot::Receiver<Result<HowEnded, Error>>,
    /// Closing it lets the thread reap.
    reap: Option<mpsc::Sender<()>>,
}

impl Leader {
    /// Watches a child, on a thread of its own: it has to be waited for somewhere.
    pub(super) fn watch(
        mut child: Child,
        admission: Admission<'_>,
        job: &Job,
        place: &Place,
    ) -> Result<Self, Error> {
        let pid = Pid::from_child(&child);
        let number = pid.as_raw_nonzero().get();
        let identity = match Identity::of_leader(number) {
            Ok(identity) => identity,
            Err(error) => {
                give_up(&mut child);
                return Err(error);
            }
        };
        let group = Group::new(&job.key, identity, place);
        let entry = admission.enter(group.clone());
        let program = job.argv[0].clone();
        let (tell, ended) = oneshot::channel();
        let (reap, may_reap) = mpsc::channel::<()>();
        let spawned = thread::Builder::new()
            .name("aura-command".to_owned())
            .stack_size(STACK)
            .spawn(move || {
                let how = wait(pid).map_err(|error| Error::Lost {
                    program,
                    detail: error.to_string(),
                });
                // The run may be gone already.
                let _ = tell.send(how);
                let _ = may_reap.recv();
                let _ = child.wait();
            });
        let leader = Self {
            pid: number,
            group,
            _entry: entry,
            ended,
            reap: Some(reap),
        };
        match spawned {
            Ok(_) => Ok(leader),
            // The child went with the thread that is not there; dropping the leader kills
            // it, and it stays unreaped, as a note in the process table.
            Err(error) => Err(Error::Spawn {
                program: "the watcher of a command".to_owned(),
                detail: error.to_string(),
            }),
        }
    }

    /// Its process id.
    pub(super) fn pid(&self) -> i32 {
        self.pid
    }

    /// It and all that came from it.
    pub(super) fn group(&self) -> &Group {
        &self.group
    }

    /// Waits for its end, which can be waited for once.
    pub(super) async fn ended(&mut self) -> Result<HowEnded, Error> {
        match (&mut self.ended).await {
            Ok(how) => how,
            // The thread does nothing that can panic.
            Err(_) => std::future::pending().await,
        }
    }

    /// Gives its number back, once its group is gone.
    pub(super) fn reap(mut self) {
        self.reap = None;
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        if self.reap.is_some()
            && let Err(error) = self.group.signal(Signal::KILL)
        {
            tracing::error!(pid = self.pid, %error, "a command could not be killed");
        }
    }
}

fn wait(pid: Pid) -> Result<HowEnded, Errno> {
    loop {
        match waitid(
            WaitId::Pid(pid),
            WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
        ) {
            Ok(Some(status)) => {
                if let Some(code) = status.exit_status() {
                    return Ok(HowEnded::Exited(code));
                }
                if let Some(signal) = status.terminating_signal() {
                    return Ok(HowEnded::Signalled(signal));
                }
            }
            Ok(None) | Err(Errno::INTR) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Ends a child that cannot be watched.
fn give_up(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
