//! What one short command did, with all of it at hand when an assertion fails,
//! and the running of it, bounded in time. It deliberately understands nothing
//! of the output but exit codes and JSON.

use std::{
    fmt,
    io::{self, Write},
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};

/// How long a killed command may take to be gone.
const KILL_LIMIT: Duration = Duration::from_secs(5);

/// What a command did.
#[derive(Debug, Clone)]
pub struct Output {
    /// The exit code; 128 + n where signal n ended it, as shells count.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// Wall time from before the start to after the end.
    pub elapsed: Duration,
    /// Whether it was killed because its time was up.
    pub timed_out: bool,
    command: String,
}

impl Output {
    /// Asserts that it succeeded.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.code(0)
    }

    /// Asserts its exit code.
    #[track_caller]
    pub fn code(self, expected: i32) -> Self {
        assert!(
            self.code == expected,
            "expected exit code {expected}\n{self}"
        );
        self
    }

    /// Its standard output as one JSON value; fails the test where it isn't.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        match serde_json::from_str(&self.stdout) {
            Ok(value) => value,
            Err(error) => panic!("stdout is not JSON: {error}\n{self}"),
        }
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            command,
            code,
            elapsed,
            stdout,
            stderr,
            ..
        } = self;
        writeln!(f, "command: {command}\nexit code: {code} after {elapsed:?}")?;
        write!(f, "--- stdout\n{stdout}\n--- stderr\n{stderr}\n---")
    }
}

/// Runs a command to its end, killing it and all it started after `limit`.
pub fn run_limited(command: &mut Command, stdin: &str, limit: Duration) -> io::Result<Output> {
    let begin = Instant::now();
    let mut child = command
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let group = Pid::from_child(&child);
    let mut input = child.stdin.take().expect("stdin is piped");
    let text = stdin.to_owned();
    // A command may leave its input unread; that is no failure, and must not
    // keep us from reading its output.
    thread::spawn(move || input.write_all(text.as_bytes()));
    // Waited for in a thread, because it is over only when every copy of its
    // output is closed, and something it left behind may hold one for ever.
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send((child.wait_with_output(), begin.elapsed())));
    let in_time = receiver.recv_timeout(limit);
    let timed_out = in_time.is_err();
    let finished = in_time.or_else(|_| {
        // It may have ended, and left only others behind.
        let _ = kill_process_group(group, Signal::KILL);
        receiver.recv_timeout(KILL_LIMIT)
    });
    let Ok((output, elapsed)) = finished else {
        let why = "it, or what it started, holds its output open and can't be killed";
        return Err(io::Error::new(io::ErrorKind::TimedOut, why));
    };
    let output = output?;
    let code = output
        .status
        .code()
        .or_else(|| output.status.signal().map(|n| 128 + n));
    Ok(Output {
        code: code.expect("an ended process has an exit code or a signal"),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        elapsed,
        timed_out,
        command: format!("{command:?}"),
    })
}
