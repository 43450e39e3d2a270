//! Commands in real tmux windows, on a tmux server of each test's own. What is asked of
//! them is in the folder.

mod adopted;
mod ends;
mod given;
mod left;
mod people;
mod runs;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use aura::runner::{Ended, Error, Host, How, Job, OnShutdown, Stop};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::support::binary::say;
use super::support::wait::eventually;

/// For everything that happens by itself, also on a busy machine.
const LIMIT: Duration = Duration::from_mins(1);

/// A folder with runs, a tmux server, and commands that work in it.
struct Desk {
    root: Arc<TempDir>,
}

/// A run in the background.
struct Running {
    stop: watch::Sender<Option<Stop>>,
    task: JoinHandle<Result<Ended, Error>>,
}

impl Running {
    async fn end(self) -> Result<Ended, Error> {
        tokio::time::timeout(LIMIT, self.task)
            .await
            .expect("it ends")
            .expect("it does not panic")
    }

    async fn stop(self, stop: Stop) -> Result<Ended, Error> {
        self.stop.send(Some(stop)).expect("it listens");
        self.end().await
    }
}

impl Desk {
    /// None, and a line about it, where there is no tmux; on a build server a failure.
    #[track_caller]
    fn new() -> Option<Self> {
        let version = Command::new("tmux").arg("-V").output();
        if let Err(error) = version {
            let current = thread::current();
            let test = current.name().unwrap_or("a test");
            let line = format!("{test} needs tmux: {error}");
            assert!(env::var("CI").as_deref() != Ok("true"), "{line}");
            say(&format!("SKIPPED: {line}"));
            return None;
        }
        let root = TempDir::with_prefix("aura-tmux-").expect("a folder can be made");
        fs::create_dir(root.path().join("sockets")).expect("and folders in it");
        Some(Self {
            root: Arc::new(root),
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// A file that a command makes, once it is there.
    #[track_caller]
    fn await_file(&self, name: &str) -> String {
        let path = self.path(name);
        eventually(name, LIMIT, || {
            fs::read_to_string(&path)
                .ok()
                .filter(|text| text.ends_with('\n'))
        })
    }

    fn touch(&self, name: &str) {
        fs::write(self.path(name), "").expect("a file can be made");
    }

    /// A daemon's; each call is another daemon's.
    fn host(&self) -> Host {
        let launcher = PathBuf::from(env!("CARGO_BIN_EXE_aurad"));
        Host::new(self.path("runs"), launcher).with_tmux_sockets(self.path("sockets"))
    }

    /// A shell with this script, in the window `slice-KEY` of the session `aura-e`.
    fn job(&self, key: &str, script: &str) -> Job {
        Job {
            key: key.to_owned(),
            run: "e/1".to_owned(),
            owner: "e".to_owned(),
            argv: ["/bin/sh", "-c", script].map(str::to_owned).into(),
            env: BTreeMap::from([("PATH".to_owned(), env::var("PATH").expect("it is set"))]),
            directory: Some(self.root.path().to_owned()),
            input: b"prompt\n".to_vec(),
            how: How::Tmux {
                session: "aura-e".to_owned(),
                window: format!("slice-{key}"),
            },
            timeout: Some(LIMIT),
            kill_after: Duration::from_secs(5),
            log_limit: 1024 * 1024,
            on_shutdown: OnShutdown::Leave,
        }
    }

    async fn run(&self, job: &Job) -> Result<Ended, Error> {
        Self::start(&self.host(), job).end().await
    }

    fn start(host: &Host, job: &Job) -> Running {
        let (stop, stopped) = watch::channel(None);
        let (host, job) = (host.clone(), job.clone());
        let task = tokio::spawn(async move { host.run(&job, stopped).await });
        Running { stop, task }
    }

    /// Starts a job and leaves it in its window, as a daemon does that stops; its process.
    async fn leave(&self, job: &Job) -> String {
        let running = Self::start(&self.host(), job);
        let pid = self.await_file("started");
        running.stop(Stop::Shutdown).await.unwrap();
        pid
    }

    fn tmux(&self, words: &[&str]) -> Output {
        Command::new("tmux")
            .args(["-L", "aura"])
            .args(words)
            .env("TMUX_TMPDIR", self.path("sockets"))
            .output()
            .expect("tmux runs")
    }

    fn windows(&self) -> Vec<String> {
        let format = "#{session_name}:#{window_name}";
        let output = self.tmux(&["list-windows", "-a", "-F", format]);
        let text = String::from_utf8(output.stdout).expect("names are text");
        text.lines().map(str::to_owned).collect()
    }

    /// Waits until a hunt finds these left. A process that is just being started has all our
    /// locks for a moment, and what is locked is not looked at.
    async fn await_hunted(&self, keys: &[&str]) {
        let hunting = async {
            while self.host().hunt().await.left != keys {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let found = tokio::time::timeout(LIMIT, hunting).await;
        found.unwrap_or_else(|_| panic!("{keys:?} are not left"));
    }

    #[track_caller]
    fn await_no_window(&self) {
        eventually("the window closes", LIMIT, || {
            self.windows().is_empty().then_some(())
        });
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.tmux(&["kill-server"]);
    }
}

/// A script that says it is there, and waits until it is let go.
fn waiting(then: &str) -> String {
    format!("echo $$ >> started; until [ -e go ]; do sleep 0.02; done; {then}")
}

#[track_caller]
fn await_gone(pid: &str) {
    let proc = Path::new("/proc").join(pid.trim());
    assert!(
        proc.file_name().is_some_and(|name| name != "proc"),
        "{pid:?}"
    );
    eventually("the process goes", LIMIT, || {
        let stat = fs::read_to_string(proc.join("stat")).unwrap_or_default();
        // A zombie that the system's first process has not reaped is gone, too.
        (stat.is_empty() || stat.contains(") Z ")).then_some(())
    });
}

/// The parent of a process.
fn parent(pid: &str) -> String {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"));
    line.unwrap().trim().to_owned()
}
