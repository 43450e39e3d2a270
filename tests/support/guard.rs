//! A child process that cannot outlive the test process, however that ends,
//! SIGKILL included. It deliberately needs neither `unsafe` nor Linux: the
//! usual parent-death signal needs both, and fires when the spawning *thread*
//! ends, which is much too early in a test.
//!
//! A small shell starts a watcher and then becomes the program, so that the
//! program is our direct child, with the process id we know, and the watcher is
//! nobody's child. The watcher holds the other end of a pipe from us. When that
//! closes, because we dropped it or because the kernel did, it kills its own
//! process group: the program, what the program started without a group of its
//! own, and itself. A group stays taken while the watcher is in it, so no
//! recycled process id can ever be hit.

use std::{
    ffi::OsStr,
    io,
    os::unix::process::CommandExt,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

use super::{lines::Lines, wait};

// The watcher must not hold the program's output open, or the end of that
// output would no longer tell that the program has ended.
const BECOME_GUARDED: &str = r#"
( ( trap '' HUP INT TERM; read -r _; kill -s KILL 0 ) <&3 3<&- >/dev/null 2>&1 & ) 3<&0
exec "$@" </dev/null
"#;

const STOP_LIMIT: Duration = Duration::from_secs(5);

/// A running guarded process; dropping it kills it and its group.
pub struct Guarded {
    child: Child,
    // Never written to: only its closing means something. It must close after
    // the child was reaped, so it is declared after it.
    _lifeline: ChildStdin,
}

/// A command that becomes `program`, guarded; arguments that are added to it
/// are the program's. It is for [`Guarded::spawn`] alone.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", BECOME_GUARDED, "guarded"])
        .arg(program)
        .process_group(0);
    command
}

impl Guarded {
    /// Starts a command made by [`command`]; its standard output goes to
    /// `stdout`, its standard error to `stderr`.
    pub fn spawn(command: &mut Command, stdout: &Lines, stderr: &Lines) -> io::Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        stdout.collect(child.stdout.take().expect("stdout is piped"));
        stderr.collect(child.stderr.take().expect("stderr is piped"));
        let lifeline = child.stdin.take().expect("stdin is piped");
        Ok(Self {
            child,
            _lifeline: lifeline,
        })
    }

    /// The process id of the program itself.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal to the program alone, not to its group. One that has
    /// already ended gets none.
    pub fn signal(&mut self, signal: Signal) {
        if self.exit_status().is_none() {
            kill_process(Pid::from_child(&self.child), signal)
                .expect("our own child takes signals");
        }
    }

    /// SIGSTOP, and waits until it has stopped: its threads run on for a moment
    /// after the signal was sent, and could still answer somebody.
    pub fn pause(&mut self) {
        self.signal(Signal::STOP);
        // Only a look; whoever reaps the child must find its state untouched.
        let look = WaitIdOptions::STOPPED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        wait::within(STOP_LIMIT, || {
            let id = WaitId::Pid(Pid::from_child(&self.child));
            let stopped = waitid(id, look)
                .ok()
                .flatten()
                .is_some_and(|status| status.stopped());
            (stopped || self.exit_status().is_some()).then_some(())
        })
        .expect("a stopped process stops");
    }

    /// SIGCONT: ends a [`Self::pause`].
    pub fn resume(&mut self) {
        self.signal(Signal::CONT);
    }

    /// Kills the program (not what it started) and waits until it is gone.
    pub fn kill(&mut self) -> ExitStatus {
        self.child.kill().expect("our own child can be killed");
        self.child.wait().expect("our own child can be waited for")
    }

    /// How it ended, if it has.
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child
            .try_wait()
            .expect("our own child can be waited for")
    }

    /// Waits until it has ended by itself.
    pub fn wait_exit(&mut self, limit: Duration) -> Option<ExitStatus> {
        wait::within(limit, || self.exit_status())
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.kill();
    }
}
