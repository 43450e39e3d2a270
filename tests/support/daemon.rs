//! A daemon under test: started, listened to, signalled, and never left behind.
//! It deliberately knows of `aurad` no more than the line that says it is
//! ready; flags and environment come from the test.

use std::{
    ffi::OsStr,
    mem,
    path::Path,
    process::{Command, ExitStatus},
    thread,
    time::Duration,
};

use rustix::process::Signal;

use super::{
    guard::Guarded,
    lines::{Lines, Missing},
    sandbox::Sandbox,
};

/// What a line on standard error contains once the daemon takes work.
pub const READY_MARKER: &str = "aurad ready";

/// Generous, because a loaded machine is no failure of the daemon.
const READY_LIMIT: Duration = Duration::from_mins(1);

/// When a process ends, its last words may still be on their way through the
/// pipe. It takes long only where what it started holds the pipe open.
const LAST_WORDS_LIMIT: Duration = Duration::from_secs(1);

const LINES_SHOWN_ON_FAILURE: usize = 80;

/// A running (or ended) daemon. Dropping it kills it, and prints the end of its
/// log when the test is failing.
pub struct Daemon {
    name: String,
    command: Command,
    process: Guarded,
    /// Killed processes whose own children may live on, as they would after a
    /// real `kill -9`; what is left of them ends with the test.
    earlier: Vec<Guarded>,
    stdout: Lines,
    stderr: Lines,
    /// Where in `stderr` the present process began.
    started_at: usize,
}

impl Daemon {
    /// Starts `program` in the sandbox; `configure` adds arguments and
    /// environment. It doesn't wait for readiness.
    #[track_caller]
    pub fn start(
        sandbox: &Sandbox,
        program: impl AsRef<OsStr>,
        configure: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Self {
        let program = Path::new(program.as_ref());
        assert!(program.is_file(), "{} is no program", program.display());
        let name = program
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let mut command = sandbox.guarded(program);
        configure(&mut command);
        let (stdout, stderr) = (Lines::default(), Lines::default());
        let process = Guarded::spawn(&mut command, &stdout, &stderr).expect("a shell can be run");
        Self {
            name,
            command,
            process,
            earlier: Vec::new(),
            stdout,
            stderr,
            started_at: 0,
        }
    }

    /// Starts it once more, with the same arguments and environment, after
    /// killing the present process if it still runs. The log goes on.
    pub fn restart(&mut self) {
        self.kill();
        // A line of the old process must not be taken for one of the new.
        self.stderr.wait_end(LAST_WORDS_LIMIT);
        self.started_at = self.stderr.len();
        let process = Guarded::spawn(&mut self.command, &self.stdout, &self.stderr)
            .expect("what could be started once can be started again");
        self.earlier.push(mem::replace(&mut self.process, process));
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Waits for a line on standard error that contains `pattern`, among those
    /// written since the last start; fails the test when none comes.
    #[track_caller]
    pub fn wait_for_line(&self, pattern: &str, limit: Duration) -> String {
        self.wait_for_line_since(self.started_at, pattern, limit)
    }

    /// Whether such a line comes, for callers that can do something about it.
    pub fn has_line(&self, pattern: &str, limit: Duration) -> bool {
        self.stderr
            .wait_for(self.started_at, pattern, limit)
            .is_ok()
    }

    /// As [`Self::wait_for_line`], but only among lines after a [`Self::mark`].
    #[track_caller]
    pub fn wait_for_line_since(&self, mark: usize, pattern: &str, limit: Duration) -> String {
        let why = match self.stderr.wait_for(mark, pattern, limit) {
            Ok(line) => return line,
            Err(Missing::TimedOut) => format!("within {limit:?}"),
            Err(Missing::Ended) => "before it closed its standard error".to_owned(),
        };
        panic!("{} wrote no line containing {pattern:?} {why}", self.name);
    }

    /// The present end of standard error, for [`Self::wait_for_line_since`].
    pub fn mark(&self) -> usize {
        self.stderr.len()
    }

    /// Waits until it says that it is ready, and gives that line.
    #[track_caller]
    pub fn wait_ready(&self) -> String {
        self.wait_for_line(READY_MARKER, READY_LIMIT)
    }

    /// SIGKILL to the daemon alone, as `kill -9` or the kernel's memory killer
    /// would send it; returns when the process is gone.
    pub fn kill(&mut self) -> ExitStatus {
        self.process.kill()
    }

    /// SIGTERM: a service manager's wish that it stop.
    pub fn terminate(&mut self) {
        self.process.signal(Signal::TERM);
    }

    /// SIGINT: a person's Ctrl-C.
    pub fn interrupt(&mut self) {
        self.process.signal(Signal::INT);
    }

    /// SIGSTOP; from then on it keeps its connections and answers nothing.
    pub fn pause(&mut self) {
        self.process.pause();
    }

    /// SIGCONT: ends a [`Self::pause`].
    pub fn resume(&mut self) {
        self.process.resume();
    }

    /// How it ended, if it has.
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.process.exit_status()
    }

    /// Waits until it has ended by itself; fails the test when it has not.
    #[track_caller]
    pub fn wait_exit(&mut self, limit: Duration) -> ExitStatus {
        let Some(status) = self.process.wait_exit(limit) else {
            panic!("{} did not exit within {limit:?}", self.name);
        };
        self.stderr.wait_end(LAST_WORDS_LIMIT);
        status
    }

    /// Everything on standard error so far, over all starts.
    pub fn logs(&self) -> Vec<String> {
        self.stderr.all()
    }

    /// Everything on standard output so far, over all starts.
    pub fn stdout(&self) -> Vec<String> {
        self.stdout.all()
    }
}

impl Drop for Daemon {
    #[expect(
        clippy::print_stderr,
        reason = "the test runner shows it under the failing test"
    )]
    fn drop(&mut self) {
        self.process.kill();
        if thread::panicking() {
            self.stderr.wait_end(LAST_WORDS_LIMIT);
            for line in self.stderr.tail(LINES_SHOWN_ON_FAILURE) {
                eprintln!("[{} {}] {line}", self.name, self.pid());
            }
        }
    }
}
