//! The daemon's settings of the commands it runs, whichever runner they are of. It leaves
//! out the runners.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::Settings;
use crate::config::duration::duration;
use crate::config::env;
use crate::config::error::{DefaultFile, Error};
use crate::config::invalid::Invalid;
use crate::config::places::Places;
use crate::config::source::Setting;
use crate::config::spec::{Context, Shape, Spec};
use crate::config::value;

/// More commands than any one machine can run at once.
const MOST_COMMANDS: u32 = 10_000;

pub(super) static ALLOW_SHELL: Spec<bool> = Spec {
    key: "allow_shell",
    alias: None,
    flag: "--allow-shell",
    env: &[env::AURAD_ALLOW_SHELL],
    shape: Shape::Switch,
    parse: value::switch,
    default: |_| false,
};

/// In the state directory, what the names of files begin with that hold the name of a
/// machine's own task queue.
pub const HOST_QUEUE_FILE: &str = "host-queue-";

pub(super) static STATE_DIR: Spec<Option<PathBuf>> = Spec {
    key: "state_dir",
    alias: None,
    flag: "--state-dir",
    env: &[env::AURAD_STATE_DIR],
    shape: Shape::Text,
    parse: |words, context| value::absolute(words, context).map(Some),
    default: Places::state_dir,
};

pub(super) static HOST_TIMEOUT: Spec<Duration> = Spec {
    key: "host_timeout",
    alias: None,
    flag: "--host-timeout",
    env: &[env::AURAD_HOST_TIMEOUT],
    shape: Shape::Time,
    parse: duration,
    default: |_| Duration::from_mins(10),
};

pub(super) static MAX_COMMANDS: Spec<u32> = Spec {
    key: "max_commands",
    alias: None,
    flag: "--max-commands",
    env: &[env::AURAD_MAX_COMMANDS],
    shape: Shape::Count,
    parse: max_commands,
    default: |_| 8,
};

fn max_commands(words: &[OsString], _: Context<'_>) -> Result<u32, Invalid> {
    let text = value::text(words)?;
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(count) if digits && (1..=MOST_COMMANDS).contains(&count) => Ok(count),
        _ => Err(Invalid::new(
            text,
            "is no number of commands",
            format!("it is a whole number from 1 to {MOST_COMMANDS}"),
            "write 8, for example",
        )),
    }
}

/// Commands leave logs and records behind; who allows any needs a place for them.
pub(super) fn need_place(settings: &Settings) -> Result<(), Error> {
    let allowed = settings.allow_shell.value || !settings.runners.is_empty();
    if allowed && settings.state_dir.value.is_none() {
        return Err(Error::NoPlace(DefaultFile::State));
    }
    Ok(())
}

/// What a shell for everybody means.
pub(super) fn shell_notice(allow_shell: &Setting<bool>) -> Option<String> {
    allow_shell.value.then(|| {
        format!(
            "{} ({}): whoever can send a message to an epoch can run any command as this user",
            ALLOW_SHELL.key, allow_shell.source
        )
    })
}
