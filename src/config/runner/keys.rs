//! The keys of a runner, one by one: name, shape, meaning. Their defaults are the
//! runner's.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{BASE_ENV, OnShutdown, RUN_ENV};
use crate::config::duration::duration;
use crate::config::invalid::Invalid;
use crate::config::size::size;
use crate::config::spec::{Context, Field, Section, Shape};
use crate::config::value::{self, text};

const SET_BY_AURAD: &str = "aurad sets it for each command, to say what it is run for";

/// The section of each runner.
pub(in crate::config) static SECTION: Section = Section {
    name: "runner.NAME",
    keys: &[
        &ARGV,
        &ENV,
        &PASS_ENV,
        &DIRECTORY,
        &TIMEOUT,
        &KILL_AFTER,
        &LOG_LIMIT,
        &WORKTREE,
        &ON_SHUTDOWN,
    ],
};

pub(in crate::config) static ARGV: Field<Vec<String>> = Field {
    key: "argv",
    shape: Shape::List,
    parse: argv,
};

pub(super) static ENV: Field<BTreeMap<String, String>> = Field {
    key: "env",
    shape: Shape::Table,
    parse: env,
};

pub(super) static PASS_ENV: Field<Vec<String>> = Field {
    key: "pass_env",
    shape: Shape::List,
    parse: pass_env,
};

pub(in crate::config) static DIRECTORY: Field<Option<PathBuf>> = Field {
    key: "directory",
    shape: Shape::Text,
    parse: |words, context| value::absolute(words, context).map(Some),
};

pub(super) static TIMEOUT: Field<Duration> = Field {
    key: "timeout",
    shape: Shape::Time,
    parse: duration,
};

pub(super) static KILL_AFTER: Field<Duration> = Field {
    key: "kill_after",
    shape: Shape::Time,
    parse: duration,
};

pub(super) static LOG_LIMIT: Field<u64> = Field {
    key: "log_limit",
    shape: Shape::Size,
    parse: size,
};

pub(in crate::config) static WORKTREE: Field<bool> = Field {
    key: "worktree",
    shape: Shape::Switch,
    parse: value::switch,
};

pub(super) static ON_SHUTDOWN: Field<Option<OnShutdown>> = Field {
    key: "on_shutdown",
    shape: Shape::Text,
    parse: |words, _| on_shutdown(words).map(Some),
};

/// The program and its arguments. A program with a `/` is a path like any other in the
/// file; arguments are passed as they are, since no shell reads them.
fn argv(words: &[OsString], context: Context<'_>) -> Result<Vec<String>, Invalid> {
    let mut argv = Vec::with_capacity(words.len());
    for word in words.chunks(1) {
        argv.push(without_nul(text(word)?)?.to_owned());
    }
    let hint = "write argv = [\"program\", \"argument\"], for example";
    match argv.first_mut() {
        None => {
            let why = "its first string is the program";
            return Err(Invalid::new("[]", "names no program", why, hint));
        }
        Some(program) if program.is_empty() => {
            let why = "the first string of argv is the program, and it is empty";
            return Err(Invalid::new("", "is no program", why, hint));
        }
        Some(program) if program.contains('/') => *program = path_of(program, context)?,
        Some(_) => {}
    }
    Ok(argv)
}

fn path_of(program: &str, context: Context<'_>) -> Result<String, Invalid> {
    let path = value::locate_absolute(Path::new(program), context)?;
    path.into_os_string().into_string().map_err(|_| {
        let why = "the directory it is in has a name that is not UTF-8 text";
        let hint = "move it to a directory whose name is UTF-8";
        Invalid::new(program, "cannot be called", why, hint)
    })
}

/// Variables with their values. All of them, or one of them.
fn env(words: &[OsString], _: Context<'_>) -> Result<BTreeMap<String, String>, Invalid> {
    let mut env = BTreeMap::new();
    for pair in words.chunks(2) {
        let name = variable(text(pair)?)?;
        if RUN_ENV.contains(&name) {
            return Err(Invalid::new(
                name,
                "is not for a runner to set",
                SET_BY_AURAD,
                "give it another name",
            ));
        }
        let value = text(pair.get(1..).unwrap_or_default())?;
        env.insert(name.to_owned(), without_nul(value)?.to_owned());
    }
    Ok(env)
}

/// Names of variables of the daemon.
fn pass_env(words: &[OsString], _: Context<'_>) -> Result<Vec<String>, Invalid> {
    let mut names: Vec<String> = Vec::with_capacity(words.len());
    for word in words.chunks(1) {
        let name = variable(text(word)?)?;
        if RUN_ENV.contains(&name) {
            return Err(Invalid::new(
                name,
                "is not passed on",
                SET_BY_AURAD,
                "remove it",
            ));
        }
        if name.starts_with("TEMPORAL_") || name.starts_with("AURA") {
            return Err(Invalid::new(
                name,
                "is not passed on",
                "variables of aura and Temporal configure the daemon and may be its secrets, \
                 which never reach a command",
                "remove it; what a command needs of them can be set in env",
            ));
        }
        if !BASE_ENV.contains(&name) && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// A variable's name.
fn variable(name: &str) -> Result<&str, Invalid> {
    let known = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let digit = name.starts_with(|c: char| c.is_ascii_digit());
    if name.is_empty() || digit || !name.chars().all(known) {
        return Err(Invalid::new(
            name,
            "is no variable's name",
            "it has letters, digits and _, and begins with no digit; each variable is named \
             in full",
            "write ANTHROPIC_API_KEY, for example",
        ));
    }
    Ok(name)
}

/// Text that the system can pass to a program.
fn without_nul(text: &str) -> Result<&str, Invalid> {
    if text.contains('\0') {
        let why = "the system ends a text at a NUL, so none can be passed to a program";
        return Err(Invalid::new(text, "has a NUL", why, "remove the NUL"));
    }
    Ok(text)
}

fn on_shutdown(words: &[OsString]) -> Result<OnShutdown, Invalid> {
    value::one_of(
        text(words)?,
        "; left out, it is leave in tmux and kill elsewhere",
        "use kill or leave",
    )
}
