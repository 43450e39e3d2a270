//! How the text of names, paths and switches is read. What has a type of its own, as
//! addresses and durations have, is read beside that type.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::invalid::Invalid;
use super::spec::Context;
use crate::protocol::id::check_id;
use crate::protocol::words::{UnknownWord, Word};

/// Bytes of the name of a namespace or task queue; the server refuses longer ones.
const NAME_MAX: usize = 1_000;

/// The text of a value that is one word.
pub(super) fn text(words: &[OsString]) -> Result<&str, Invalid> {
    let word = word(words);
    word.to_str().ok_or_else(|| Invalid::not_text(word))
}

/// One of a type's words. `more` is said after those that there are.
pub(super) fn one_of<W: Word>(text: &str, more: &str, hint: &str) -> Result<W, Invalid> {
    W::from_word(text).map_err(|UnknownWord { kind, given, valid }| {
        let why = format!("valid: {valid}{more}");
        Invalid::new(given, format!("is no {kind}"), why, hint)
    })
}

fn word(words: &[OsString]) -> &OsStr {
    words.first().map(OsString::as_os_str).unwrap_or_default()
}

/// A namespace.
pub(super) fn namespace(words: &[OsString], _: Context<'_>) -> Result<String, Invalid> {
    name("namespace", text(words)?)
}

/// One task queue.
pub(super) fn task_queue(words: &[OsString], _: Context<'_>) -> Result<String, Invalid> {
    name("task queue", text(words)?)
}

/// Task queues, at least one, none twice.
pub(super) fn task_queues(words: &[OsString], _: Context<'_>) -> Result<Vec<String>, Invalid> {
    let mut queues = Vec::with_capacity(words.len());
    for word in words.chunks(1) {
        let queue = name("task queue", text(word)?)?;
        if queues.contains(&queue) {
            return Err(Invalid::new(
                queue,
                "is named twice",
                "a worker polls each task queue once",
                "name each task queue once",
            ));
        }
        queues.push(queue);
    }
    if queues.is_empty() {
        let why = "a worker without a task queue would do nothing";
        return Err(Invalid::new(
            "[]",
            "names no task queue",
            why,
            "name at least one",
        ));
    }
    Ok(queues)
}

fn name(kind: &'static str, text: &str) -> Result<String, Invalid> {
    check_id(kind, text, NAME_MAX).map_err(|error| {
        let hint = format!("a {kind} has 1 to {NAME_MAX} bytes and no control characters");
        Invalid::new(text, format!("is no {kind}"), error.to_string(), hint)
    })?;
    Ok(text.to_owned())
}

/// A path. It need not be UTF-8.
pub(super) fn path(words: &[OsString], context: Context<'_>) -> Result<PathBuf, Invalid> {
    locate(Path::new(word(words)), context)
}

/// What a path means where it was written: `~/` is the home, and a relative path in the
/// file begins at the file, wherever the program is started.
pub(super) fn locate(path: &Path, context: Context<'_>) -> Result<PathBuf, Invalid> {
    let refuse = |fault: &str, why: &str, hint: &str| {
        Err(Invalid::new(path.to_string_lossy(), fault, why, hint))
    };
    if path.as_os_str().is_empty() {
        return refuse("is no path", "it is empty", "name a file");
    }
    match (path.strip_prefix("~"), context) {
        (
            Ok(rest),
            Context {
                home: Some(home), ..
            },
        ) => Ok(home.join(rest)),
        (Ok(_), Context { home: None, .. }) => refuse(
            "cannot be found",
            "~ stands for the directory in HOME, and HOME is not set to an absolute path",
            "write the whole path, or set HOME",
        ),
        (
            Err(_),
            Context {
                base: Some(base), ..
            },
        ) => Ok(base.join(path)),
        (Err(_), Context { base: None, .. }) => Ok(path.to_owned()),
    }
}

/// A path that means the same in every working directory.
pub(super) fn absolute(words: &[OsString], context: Context<'_>) -> Result<PathBuf, Invalid> {
    locate_absolute(Path::new(word(words)), context)
}

/// The same for a path that is a part of a value. It has no NUL, which no path can have.
pub(super) fn locate_absolute(path: &Path, context: Context<'_>) -> Result<PathBuf, Invalid> {
    let refuse = |why: String, hint: &str| {
        Err(Invalid::new(
            path.to_string_lossy(),
            "is no path",
            why,
            hint,
        ))
    };
    if path.as_os_str().as_encoded_bytes().contains(&0) {
        return refuse("it has a NUL".to_owned(), "remove the NUL");
    }
    let located = locate(path, context)?;
    match std::path::absolute(&located) {
        Ok(path) => Ok(path),
        Err(error) => refuse(
            format!("it begins at the working directory, and that is unknown: {error}"),
            "write the whole path",
        ),
    }
}

/// On or off.
pub(super) fn switch(words: &[OsString], _: Context<'_>) -> Result<bool, Invalid> {
    match text(words)? {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        other => Err(Invalid::new(
            other,
            "is no switch",
            "it is on or off",
            "write true or false",
        )),
    }
}
