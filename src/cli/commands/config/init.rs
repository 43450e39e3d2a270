//! `aura-msg config init`: a file with every key, commented out. What is there is never
//! overwritten unasked, and then as a whole or not at all.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use super::Answer;
use crate::cli::args::With;
use crate::cli::failure::{Failure, Kind};
use crate::cli::files;
use crate::cli::output::Report;
use crate::config::{Env, TEMPLATE};

/// Only its owner reads it: variables of runners may be secrets.
const MODE: u32 = 0o600;

/// The words of `aura-msg config init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Replace the file if there is one
    #[arg(long)]
    force: bool,
}

/// The file that was written.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli::commands) struct Output {
    /// Where it is.
    path: String,
    /// Whether another one was there before.
    replaced: bool,
}

pub(in crate::cli) fn run(args: With<InitArgs>, env: &dyn Env) -> Answer {
    let (path, _) = super::meant(args.common, env)?;
    let replaced = write(&path, args.own.force).map_err(|error| failure(&path, &error))?;
    let shown = path.display();
    let done = if replaced { "Replaced" } else { "Wrote" };
    let output = Output {
        path: path.to_string_lossy().into_owned(),
        replaced,
    };
    Ok(Report {
        text: format!("{done} {shown}\nEvery setting in it is commented out, with its default."),
        json: serde_json::to_string_pretty(&output).map_err(Failure::internal)?,
        notices: Vec::new(),
    })
}

/// Writes the file; whether another one was there.
fn write(path: &Path, force: bool) -> io::Result<bool> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| match error.kind() {
            // Of the folder, not of the file.
            io::ErrorKind::AlreadyExists => io::ErrorKind::NotADirectory.into(),
            _ => error,
        })?;
    }
    match create(path) {
        Ok(()) => return Ok(false),
        Err(error) if force && error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    // A link goes on leading to the file.
    let target = fs::canonicalize(path)?;
    files::replace(&target, TEMPLATE, Some(Permissions::from_mode(MODE)))?;
    Ok(true)
}

/// Makes a file that was not there before; one that cannot have all of the text is removed
/// again.
fn create(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(MODE).open(path)?;
    let written = file
        .write_all(TEMPLATE.as_bytes())
        .and_then(|()| file.sync_all());
    written.inspect_err(|_| drop(fs::remove_file(path)))
}

fn failure(path: &Path, error: &io::Error) -> Failure {
    let shown = path.display();
    if error.kind() == io::ErrorKind::AlreadyExists {
        return Failure::new(
            Kind::Configuration,
            "exists",
            format!("{shown} is there already"),
            "a configuration file is not overwritten unasked",
            "nothing was written",
            "name another with --config, or add --force to replace it",
        );
    }
    Failure::new(
        Kind::Configuration,
        "unwritable",
        format!("{shown} cannot be written"),
        error.to_string(),
        "there is no new configuration file",
        "name a file that can be written with --config",
    )
}
