//! Commands on this host, with real processes and the real launcher. What is asked of each
//! is in the folder.

mod commands;
mod ends;
mod exits;
mod found;
mod hunt;
mod output;
mod refusals;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aura::runner::{Ended, Error, Host, How, HowEnded, Job, OnShutdown, Stop};
use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::programs::AURAD;
use crate::support::wait::within;

/// For what comes by itself; a test that waits so long has failed.
const LIMIT: Duration = Duration::from_secs(30);

/// A host with nothing on it.
struct Bench {
    folder: TempDir,
    host: Host,
}

impl Bench {
    fn new() -> Self {
        let folder = TempDir::with_prefix("aura-runner-").unwrap();
        let host = host_in(folder.path());
        Self { folder, host }
    }

    /// A path for a file that a command and its test have in common.
    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a job to its end.
    async fn run(&self, job: &Job) -> Result<Ended, Error> {
        let (_stop, never) = watch::channel(None);
        tokio::time::timeout(LIMIT, self.host.run(job, never))
            .await
            .expect("it ends in time")
    }

    /// Runs a script to its end, which it has to come to.
    async fn script(&self, script: &str) -> Ended {
        self.run(&self.job(script)).await.expect("it runs")
    }

    /// A job for a shell script that finds the bench's folder in `$DIR`.
    fn job(&self, script: &str) -> Job {
        let mut env = BTreeMap::from([("PATH".to_owned(), std::env::var("PATH").unwrap())]);
        env.insert("DIR".to_owned(), text(self.folder.path()));
        Job {
            key: "epoch/slice".to_owned(),
            run: "epoch/1".to_owned(),
            owner: "epoch".to_owned(),
            argv: ["sh", "-c", script].map(str::to_owned).to_vec(),
            env,
            directory: None,
            input: Vec::new(),
            how: How::Subprocess,
            timeout: None,
            kill_after: LIMIT,
            log_limit: 1024 * 1024,
            on_shutdown: OnShutdown::Kill,
        }
    }

    /// Starts a job, and gives what stops it.
    fn start(&self, job: Job) -> Started {
        let (stop, asked) = watch::channel(None);
        let host = self.host.clone();
        let run = tokio::spawn(async move { host.run(&job, asked).await });
        Started { stop, run }
    }

    /// Waits until a command has written a whole line into a file, and gives it.
    async fn line(&self, name: &str) -> String {
        let path = self.file(name);
        let what = format!("a line in {name}");
        eventually(&what, move || {
            let text = fs::read_to_string(&path).ok()?;
            Some(text.strip_suffix('\n')?.to_owned())
        })
        .await
    }

    /// As [`Self::line`], for a process id.
    async fn pid(&self, name: &str) -> i32 {
        self.line(name).await.parse().expect("it is a number")
    }
}

/// A run in the background.
struct Started {
    stop: watch::Sender<Option<Stop>>,
    run: JoinHandle<Result<Ended, Error>>,
}

impl Started {
    fn stop(&self, why: Stop) {
        self.stop.send(Some(why)).expect("somebody listens");
    }

    async fn end(self) -> Result<Ended, Error> {
        let ended = tokio::time::timeout(LIMIT, self.run).await;
        ended.expect("it ends in time").expect("it does not panic")
    }
}

/// Another daemon's view of the same directory.
fn host_in(folder: &Path) -> Host {
    Host::new(folder.join("state/runs"), PathBuf::from(AURAD))
}

fn text(path: &Path) -> String {
    path.to_str().expect("it is UTF-8").to_owned()
}

async fn eventually<T: Send + 'static>(
    what: &str,
    probe: impl FnMut() -> Option<T> + Send + 'static,
) -> T {
    let found = tokio::task::spawn_blocking(|| within(LIMIT, probe)).await;
    found
        .expect("looking does not panic")
        .unwrap_or_else(|| panic!("{what}: not within {LIMIT:?}"))
}

/// If a process is there and has not ended.
fn lives(pid: i32) -> bool {
    state(pid).is_some_and(|state| !matches!(state, 'Z' | 'X'))
}

/// What the kernel says a process does; none if there is none.
fn state(pid: i32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit(") ").next()?.chars().next()
}

/// A group of processes that does not outlive its test.
struct Doomed(i32);

impl Drop for Doomed {
    fn drop(&mut self) {
        if let Some(pid) = Pid::from_raw(self.0) {
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

#[track_caller]
fn assert_exited(ended: &Ended, code: i32) {
    assert_eq!(ended.how, HowEnded::Exited(code), "{ended:?}");
}
