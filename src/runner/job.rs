//! What is asked for, and how it ended.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Error;

/// The variable in which a command finds the path of its input as a file.
pub(super) const REQUEST_FILE: &str = "AURA_REQUEST_FILE";

/// A command to run.
#[derive(Clone, Debug)]
pub struct Job {
    /// What it is known by on this host; any text. Two jobs with one key never run at
    /// once: the later one ends the earlier (or adopts it, if it is the same `run` and both
    /// are in tmux windows).
    pub key: String,
    /// What is asked for; any text, the same for every attempt at the same thing. What was
    /// begun in a window is adopted, and its end reported, for a job with the same text
    /// alone.
    pub run: String,
    /// Who asks: any text of the caller's. It is kept with the command, for [`super::Left`].
    pub owner: String,
    /// The program and its arguments, as they are; no shell reads them. A program without
    /// a slash is looked up in the `PATH` of `env`.
    pub argv: Vec<String>,
    /// The whole environment of the command. Nothing is inherited; `AURA_REQUEST_FILE` is
    /// added.
    pub env: BTreeMap<String, String>,
    /// Where it runs, from the root on. If none is named, in a directory of the key's own, which is cleared
    /// away with its log.
    pub directory: Option<PathBuf>,
    /// What it finds on its standard input, and in the file `AURA_REQUEST_FILE`. Any
    /// bytes.
    pub input: Vec<u8>,
    /// By itself, or where a person can look.
    pub how: How,
    /// How long it may take; without an end if none is given.
    pub timeout: Option<Duration>,
    /// How long it may take to end after SIGTERM, before SIGKILL.
    pub kill_after: Duration,
    /// How many bytes of its output go to the log file, at most.
    pub log_limit: u64,
    /// What becomes of it when the daemon stops.
    pub on_shutdown: OnShutdown,
}

impl Job {
    /// Refuses what no system can start: better here, with a name, than as `EINVAL`.
    pub(super) fn check(&self) -> Result<(), Error> {
        let invalid = |what: String| Err(Error::Invalid { what });
        if self.argv.first().is_none_or(String::is_empty) {
            return invalid("the command names no program".to_owned());
        }
        for (at, word) in self.argv.iter().enumerate() {
            if word.contains('\0') {
                return invalid(format!("argument {at} of the command has a NUL byte in it"));
            }
        }
        for (name, value) in &self.env {
            if name.is_empty() || name.contains(['=', '\0']) {
                return invalid(format!(
                    "{name:?} cannot be the name of an environment variable"
                ));
            }
            if value.contains('\0') {
                return invalid(format!(
                    "the environment variable {name} has a NUL byte in its value"
                ));
            }
        }
        match &self.directory {
            Some(directory) if !directory.is_absolute() => invalid(format!(
                "its directory {} is a relative path, and it is not clear to what",
                directory.display()
            )),
            _ => Ok(()),
        }
    }
}

/// Where a command runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// In a session of its own, without a terminal. It does not outlive its daemon: it is
    /// ended with it, or when it is found again.
    Subprocess,
    /// In a detached tmux window, to which a person can attach.
    Tmux {
        /// The tmux session, made if it is not there.
        session: String,
        /// The window in it.
        window: String,
    },
}

/// What becomes of a command when the daemon stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnShutdown {
    /// It is ended.
    Kill,
    /// It runs on, and the next daemon adopts it. Only a tmux window can be left: a
    /// subprocess has its output in a pipe that ends here, so it is ended all the same.
    Leave,
}

/// Why a command is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Nobody wants it any more.
    Cancel,
    /// The daemon stops.
    Shutdown,
}

/// Why a command was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// [`Stop::Cancel`].
    Cancelled,
    /// [`Stop::Shutdown`].
    Shutdown,
    /// A later run, or an end, of the same key came in this process.
    Superseded,
}

impl From<Stop> for Reason {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Cancel => Self::Cancelled,
            Stop::Shutdown => Self::Shutdown,
        }
    }
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HowEnded {
    /// By itself, with this code.
    Exited(i32),
    /// By a signal, with this number, that was not ours. It is 1, a hangup, if somebody
    /// closed its tmux window.
    Signalled(i32),
    /// It took longer than it may, and was ended.
    TimedOut,
    /// It was asked to stop, and ended; or never began, as the wish came before.
    Stopped(Reason),
    /// It was left running in its tmux window.
    Left(Reason),
}

/// What is known of a command that has ended, or was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub how: HowEnded,
    /// What it wrote, standard output and error as they came: all of it if it is short,
    /// else the head and the tail with a line between them that counts what is left out.
    /// Bytes that are no UTF-8 are replaced.
    pub output: String,
    /// The file with its output, as far as the log's limit goes.
    pub log: PathBuf,
    /// How many bytes it wrote, wherever they went.
    pub bytes: u64,
    /// Why the log has less than it should: the disk is full, for example.
    pub log_problem: Option<String>,
}
