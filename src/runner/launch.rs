//! The launcher: this program executed again, to become a command. It makes the command's
//! session, writes down what it is, and becomes it, so that a command never lives without
//! a record. Its standard input is the lock of the key, which is given up only once the
//! record is written: if the daemon dies in between, nobody starts the same again.
//!
//! It runs before there are threads, and prints nothing unless it fails.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use rustix::io::Errno;
use rustix::process::setsid;
use rustix::stdio::dup2_stdin;
use serde::{Deserialize, Serialize};

use super::group::Identity;
use super::job::{How, Job, REQUEST_FILE};
use super::place::Place;
use super::record::Record;
use super::{Error, files, tmux};

/// The word that makes this program a launcher. It stands first, and the directory of the
/// key second.
pub const FLAG: &str = "--aura-launch";

/// How a launcher ends that did not become the command.
const FAILED: u8 = 127;

/// What a launcher is to do. It is in a file, since an environment on a command line could
/// be read by every user of the host; the launcher takes the file away.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) key: String,
    #[serde(default)]
    pub(super) run: String,
    #[serde(default)]
    pub(super) owner: String,
    pub(super) argv: Vec<String>,
    pub(super) env: BTreeMap<String, String>,
    pub(super) directory: Option<PathBuf>,
    pub(super) how: How,
    pub(super) kill_after_ms: u64,
}

impl Order {
    /// The order to run a job.
    pub(super) fn of(job: &Job) -> Self {
        Self {
            key: job.key.clone(),
            run: job.run.clone(),
            owner: job.owner.clone(),
            argv: job.argv.clone(),
            env: job.env.clone(),
            directory: job.directory.clone(),
            how: job.how.clone(),
            kill_after_ms: u64::try_from(job.kill_after.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// What is started by it, which is the process that asks.
    pub(super) fn record(&self) -> Result<Record, Error> {
        Ok(Record {
            key: self.key.clone(),
            run: self.run.clone(),
            owner: self.owner.clone(),
            how: self.how.clone(),
            identity: Identity::own()?,
            kill_after_ms: self.kill_after_ms,
        })
    }

    /// Leaves it, and the input, for a launcher.
    pub(super) fn leave(&self, place: &Place, input: &[u8]) -> Result<(), Error> {
        files::replace(&place.request(), input)?;
        files::replace_json(&place.order(), self)
    }
}

/// Why the launcher of a place did not become the command, if it did not.
pub(super) fn failure(place: &Place) -> Result<Option<Error>, Error> {
    let path = place.failure();
    files::read_json(&path).map_err(|error| Error::records(&path, &error))
}

/// What the system has against a program.
pub(super) fn refused(program: &str, error: &io::Error) -> Error {
    let program = program.to_owned();
    let detail = error.to_string();
    match error.kind() {
        ErrorKind::NotFound => Error::NotFound { program, detail },
        ErrorKind::ArgumentListTooLong => Error::TooLarge { program, detail },
        ErrorKind::PermissionDenied | ErrorKind::NotADirectory | ErrorKind::IsADirectory => {
            Error::NotExecutable { program, detail }
        }
        _ if error.raw_os_error() == Some(Errno::NOEXEC.raw_os_error()) => {
            Error::NotExecutable { program, detail }
        }
        _ => Error::Spawn { program, detail },
    }
}

/// If these words of a command line, program included, ask for a launcher.
pub fn is_asked(words: &[OsString]) -> bool {
    tmux::is_asked(words) || words.get(1).is_some_and(|word| word == FLAG)
}

/// Becomes the command that is ordered; returns only if that failed. The reason is left
/// for the daemon, and said on standard error, where the command's output goes.
pub fn main(words: &[OsString]) -> ExitCode {
    if tmux::is_asked(words) {
        return tmux::main(words);
    }
    let [_, _, directory] = words else {
        complain(&format!(
            "{FLAG} is how aurad starts commands; it takes one directory, and is of no use by hand"
        ));
        return ExitCode::from(64);
    };
    let place = Place::at(PathBuf::from(directory));
    let Err(error) = become_command(&place);
    complain(&error.to_string());
    if let Err(error) = files::replace_json(&place.failure(), &error) {
        complain(&error.to_string());
    }
    ExitCode::from(FAILED)
}

fn become_command(place: &Place) -> Result<Infallible, Error> {
    let order = take_order(place)?;
    let Some((program, words)) = order.argv.split_first() else {
        return Err(Error::Invalid {
            what: "the command names no program".to_owned(),
        });
    };
    // In a session of its own there is no terminal to ask a person at, who is not there;
    // in a tmux window there is, and tmux has made the session.
    if order.how == How::Subprocess {
        setsid().map_err(|error| Error::Spawn {
            program: program.clone(),
            detail: format!("no session of its own: {error}"),
        })?;
    }
    order.record()?.write(place)?;
    let directory = order.directory.clone().unwrap_or_else(|| place.work());
    std::env::set_current_dir(&directory).map_err(|error| Error::Directory {
        path: directory,
        detail: error.to_string(),
    })?;
    // From here on the lock is the daemon's alone.
    let request = place.request();
    File::open(&request)
        .and_then(|file| Ok(dup2_stdin(&file)?))
        .map_err(|error| Error::records(&request, &error))?;
    let error = Command::new(program)
        .args(words)
        .env_clear()
        .envs(&order.env)
        .env(REQUEST_FILE, &request)
        .exec();
    Err(refused(program, &error))
}

/// Reads the order, and takes it away: there may be secrets in it.
fn take_order(place: &Place) -> Result<Order, Error> {
    let path = place.order();
    let order = files::read_json(&path).and_then(|order: Option<Order>| {
        std::fs::remove_file(&path)?;
        order.ok_or_else(|| ErrorKind::NotFound.into())
    });
    order.map_err(|error| Error::records(&path, &error))
}

/// Nobody can be told if it cannot be written.
fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "aura: {line}");
}
