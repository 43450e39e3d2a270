//! `aurad db`: what can be done with the embedded engine's file while no daemon needs it, or
//! beside one. Answers are data and go to standard output; findings of a check end with 1.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::exit::Exit;
use super::say;
use crate::config::ProcessEnv;
use crate::config::aurad::{Flags, Settings};
use crate::embedded::tools::{self, Failed};

/// What to do with the file.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Look whether every page and every history is whole; beside a running aurad, too
    Check,
    /// Copy the file as it is at one moment; beside a running aurad, too
    Backup {
        /// Where to; nothing is overwritten
        to: PathBuf,
    },
    /// Give free room back to the file system; no aurad may run on the file
    Compact,
    /// Print a workflow's history as JSON, in the form that the SDK replays
    ExportHistory {
        /// Whose history
        #[arg(long, value_name = "ID")]
        workflow_id: String,
        /// Of which run, if not the newest
        #[arg(long, value_name = "ID")]
        run_id: Option<String>,
        /// Its namespace
        #[arg(long, short = 'n')]
        namespace: Option<String>,
    },
}

impl Command {
    /// What did not happen if it fails.
    const fn failed(&self) -> (&'static str, &'static str) {
        match self {
            Self::Check => ("the database could not be checked", "nothing was found out"),
            Self::Backup { .. } => ("the database could not be copied", "there is no copy"),
            Self::Compact => (
                "the database could not be compacted",
                "nothing in it was changed",
            ),
            Self::ExportHistory { .. } => {
                ("the history could not be exported", "nothing was printed")
            }
        }
    }
}

/// Does it, with the file that a daemon with these flags would use.
pub fn run(mut flags: Flags, command: &Command) -> Exit {
    flags.embedded = true;
    if let Command::ExportHistory { namespace, .. } = command {
        flags.namespace = namespace.clone().or(flags.namespace);
    }
    let settings = match Settings::resolve(flags, &ProcessEnv) {
        Ok(settings) => settings,
        Err(error) => {
            let (_, impact) = command.failed();
            say::problem(
                "configuration error",
                &error.what(),
                &error.why(),
                impact,
                &error.fix(),
            );
            return Exit::Usage;
        }
    };
    match perform(command, settings.database(), &settings.namespace.value) {
        Ok(answer) => print(&answer),
        Err(failed) => {
            let (what, impact) = command.failed();
            say::problem("database error", what, &failed.why, impact, &failed.fix);
            Exit::Failed
        }
    }
}

/// What is said, and whether it is bad.
struct Answer {
    lines: Vec<String>,
    is_bad: bool,
}

impl Answer {
    fn good(line: String) -> Self {
        Self {
            lines: vec![line],
            is_bad: false,
        }
    }
}

fn perform(command: &Command, database: &Path, namespace: &str) -> Result<Answer, Failed> {
    match command {
        Command::Check => {
            let found = tools::check(database)?;
            let is_bad = !found.problems.is_empty();
            let verdict = match found.problems.len() {
                0 => "ok".to_owned(),
                1 => "1 problem".to_owned(),
                many => format!("{many} problems"),
            };
            let summary = format!(
                "{verdict}; runs: {}, open: {}, events: {}, schema version: {}",
                found.runs, found.open, found.events, found.schema
            );
            let lines = found.problems.into_iter().chain([summary]).collect();
            Ok(Answer { lines, is_bad })
        }
        Command::Backup { to } => {
            let size = tools::backup(database, to)?;
            Ok(Answer::good(format!("{size} bytes in {}", to.display())))
        }
        Command::Compact => {
            let (before, after) = tools::compact(database)?;
            Ok(Answer::good(format!(
                "{before} bytes before, {after} bytes now"
            )))
        }
        Command::ExportHistory {
            workflow_id,
            run_id,
            ..
        } => {
            let history =
                tools::export_history(database, namespace, workflow_id, run_id.as_deref())?;
            serde_json::to_string(&history)
                .map(Answer::good)
                .map_err(|error| Failed {
                    why: error.to_string(),
                    fix: "report it as a bug of aura".to_owned(),
                })
        }
    }
}

/// A reader who has left is no failure.
fn print(answer: &Answer) -> Exit {
    let mut out = io::stdout().lock();
    let written = answer
        .lines
        .iter()
        .try_for_each(|line| writeln!(out, "{line}"));
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say::line(&format!("standard output cannot be written: {error}"));
            Exit::Failed
        }
        _ if answer.is_bad => Exit::Failed,
        _ => Exit::Stopped,
    }
}
