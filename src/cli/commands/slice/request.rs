//! A slice as somebody asks for it, by flags or in a plan, and the message that this makes.
//! What is wrong with one is told by the name under which it was written.

use std::time::Duration;

use crate::cli::failure::Failure;
use crate::cli::files::Source;
use crate::cli::input;
use crate::config::read_duration;
use crate::contract::slice::{SliceExecutionConfig, StartSlice};
use crate::protocol::limits::{LONG_TEXT, SLICE_SECONDS, TEXT};
use crate::protocol::slice::SliceMode;

/// Seconds that a shell command may take where nobody says; a runner has its own limit.
const DEFAULT_SECONDS: u64 = 300;
/// Seconds between a command's signs of life.
const HEARTBEAT_SECONDS: u64 = 30;
/// What to do about a prompt that is too long for a message.
const SHORTER_PROMPT: &str =
    "put the details into a file that the runner can read, and name that file in a short prompt";

/// What a slice's parts are called where they were written.
pub(super) struct Names {
    pub(super) id: &'static str,
    pub(super) after: &'static str,
    pub(super) mode: &'static str,
    pub(super) runner: &'static str,
    pub(super) command: &'static str,
    pub(super) prompt: &'static str,
    pub(super) prompt_file: &'static str,
    pub(super) leaf: &'static str,
    pub(super) time_limit: &'static str,
    pub(super) about: &'static str,
}

/// The flags of `slice start`.
pub(super) const FLAGS: Names = Names {
    id: "--slice-id",
    after: "--after",
    mode: "--mode",
    runner: "--runner",
    command: "--command",
    prompt: "--prompt",
    prompt_file: "--prompt-file",
    leaf: "--leaf",
    time_limit: "--time-limit",
    about: "--about",
};

/// The keys of a plan's slice.
pub(super) const KEYS: Names = Names {
    id: "id",
    after: "after",
    mode: "mode",
    runner: "runner",
    command: "command",
    prompt: "prompt",
    prompt_file: "prompt_file",
    leaf: "leaf",
    time_limit: "timeout",
    about: "about",
};

impl Names {
    /// All of them, as they are listed.
    pub(super) fn all(&self) -> [&'static str; 10] {
        [
            self.id,
            self.after,
            self.mode,
            self.runner,
            self.command,
            self.prompt,
            self.prompt_file,
            self.leaf,
            self.time_limit,
            self.about,
        ]
    }
}

/// What a runner is told, or where that is written.
pub(super) enum Prompt {
    /// The text itself.
    Text(String),
    /// A file that has it.
    File(Source),
}

/// A slice as it was written, nothing checked.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) id: String,
    pub(super) after: Vec<String>,
    pub(super) mode: Option<String>,
    pub(super) runner: Option<String>,
    pub(super) command: Option<String>,
    pub(super) prompt: Option<Prompt>,
    pub(super) leaves: Vec<String>,
    pub(super) time_limit: Option<String>,
    pub(super) about: String,
}

/// What is wrong with a slice, and with which part of it.
pub(super) struct Wrong {
    pub(super) part: &'static str,
    pub(super) failure: Failure,
}

impl Wanted {
    /// The message's part for this slice. A prompt's file is read here.
    pub(super) async fn check(self, names: &Names) -> Result<StartSlice, Wrong> {
        let of = |part: &'static str| move |failure: Failure| Wrong { part, failure };
        let slice_id = input::slice_id(names.id, &self.id).map_err(of(names.id))?;
        let dependencies = self
            .after
            .iter()
            .map(|id| input::slice_id(names.after, id).map(|id| id.to_string()))
            .collect::<Result<_, _>>()
            .map_err(of(names.after))?;
        let mode = self.mode(names)?;
        let text = |part: &'static str, text: &str| input::text(part, text, TEXT).map_err(of(part));
        let runner = match &self.runner {
            Some(runner) => {
                Some(input::id(names.runner, "runner name", runner).map_err(of(names.runner))?)
            }
            None => None,
        };
        let command = text(names.command, self.command.as_deref().unwrap_or_default())?;
        let leaf_task_ids = self
            .leaves
            .iter()
            .map(|leaf| input::id(names.leaf, "leaf task", leaf))
            .collect::<Result<_, _>>()
            .map_err(of(names.leaf))?;
        let timeout_seconds = match &self.time_limit {
            Some(limit) => seconds(names.time_limit, limit).map_err(of(names.time_limit))?,
            None if runner.is_some() => SLICE_SECONDS,
            None => DEFAULT_SECONDS,
        };
        let phase_spec = text(names.about, &self.about)?;
        let prompt = match self.prompt {
            Some(Prompt::Text(text)) => Some(prompt(names.prompt, text).map_err(of(names.prompt))?),
            Some(Prompt::File(file)) => {
                let read = file.read(LONG_TEXT, SHORTER_PROMPT).await;
                let read = read.and_then(|text| prompt(names.prompt_file, text));
                Some(read.map_err(of(names.prompt_file))?)
            }
            None => None,
        };
        Ok(StartSlice {
            slice_id: slice_id.to_string(),
            dependencies,
            leaf_task_ids,
            config: SliceExecutionConfig {
                mode,
                command,
                timeout_seconds,
                heartbeat_interval: HEARTBEAT_SECONDS,
                runner,
                prompt,
            },
            phase_spec,
        })
    }

    /// How it is carried out. A slice with nothing to run would succeed without any work,
    /// which has to be asked for by name.
    fn mode(&self, names: &Names) -> Result<SliceMode, Wrong> {
        let Names {
            mode: flag,
            runner,
            command,
            ..
        } = names;
        let wrong = |part, code, what: String, why: &str, fix: String| Wrong {
            part,
            failure: Failure::invalid(code, what, why, fix),
        };
        let command_given = self.command.as_deref().is_some_and(|line| !line.is_empty());
        let runs = self.runner.is_some() || command_given;
        let mode = match &self.mode {
            Some(word) => input::word_in_any_case(flag, word).map_err(|failure| Wrong {
                part: flag,
                failure,
            })?,
            None if runs => SliceMode::Subprocess,
            None => {
                return Err(wrong(
                    names.id,
                    "nothing_to_run",
                    format!(
                        "nothing says how slice '{}' is carried out",
                        input::cut(&self.id)
                    ),
                    "a slice runs something, or is told to succeed without running anything",
                    format!(
                        "name a runner of aurad's configuration with {runner}; or say {flag} mock \
                         for one that runs nothing and succeeds at once, as for a rehearsal or \
                         for work that people have done"
                    ),
                ));
            }
        };
        if self.runner.is_some() && command_given {
            return Err(wrong(
                command,
                "two_commands",
                format!("{runner} and {command} exclude each other"),
                "a slice is carried out by a runner, or by a shell command",
                format!("keep {runner}; {command} needs aurad's allow_shell"),
            ));
        }
        if mode != SliceMode::Mock && !runs {
            return Err(wrong(
                flag,
                "nothing_to_run",
                format!("mode {mode} has nothing to run"),
                "a command comes from a runner of aurad's configuration",
                format!("add {runner} NAME"),
            ));
        }
        Ok(mode)
    }
}

/// A prompt as it may be sent: what is in it is nobody's business, but it must arrive.
fn prompt(name: &str, text: String) -> Result<String, Failure> {
    if let Some(at) = text.bytes().position(|byte| byte == 0) {
        return Err(Failure::invalid(
            "nul_byte",
            format!("{name} has a NUL byte in it"),
            format!(
                "it is byte {}; many programs read a text only up to there",
                at + 1
            ),
            "leave it out, or write it as \\0",
        ));
    }
    if text.len() > LONG_TEXT {
        return Err(Failure::invalid(
            "too_long",
            format!("{name} is too long"),
            format!("it has {} bytes; at most {LONG_TEXT} are sent", text.len()),
            SHORTER_PROMPT,
        ));
    }
    Ok(text)
}

/// A slice's time, in whole seconds, rounded up.
fn seconds(name: &str, text: &str) -> Result<u64, Failure> {
    let limit = read_duration(text).map_err(|invalid| {
        Failure::invalid(
            "invalid_duration",
            format!("{name} '{}' {}", invalid.given, invalid.fault),
            invalid.why,
            format!("{name}: {}", invalid.hint),
        )
    })?;
    if limit > Duration::from_secs(SLICE_SECONDS) {
        return Err(Failure::invalid(
            "invalid_duration",
            format!("{name} '{}' is too long", input::cut(text)),
            format!("at most {}h are allowed", SLICE_SECONDS / 3_600),
            format!("give {name} less, or cut the work into more slices"),
        ));
    }
    Ok(limit.as_secs() + u64::from(limit.subsec_nanos() > 0))
}
