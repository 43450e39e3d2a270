//! The settings of the command line client. It leaves out what belongs to single
//! commands, as the epoch does.

mod keys;

use std::path::PathBuf;
use std::time::Duration;

pub(super) use keys::SECTION;
use keys::{FORMAT, TASK_QUEUE, TIMEOUT};

use super::access::{self, Access};
use super::address::Address;
use super::connection::{ADDRESS, NAMESPACE};
use super::duration::show;
use super::env::Env;
use super::error::Error;
use super::otlp;
use super::resolve::Sources;
use super::source::{Row, Setting, show_path};
use crate::protocol::words::words;

words! {
    /// How results are printed.
    Format as "output format" {
        /// For programs.
        Json = "json",
        /// For people.
        Text = "text",
        /// For programs that read line by line: each item of a list is a line.
        Jsonl = "jsonl",
    }
}

/// What was typed: nothing is checked yet.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--config`
    pub config: Option<PathBuf>,
    /// How the connection is secured
    pub access: access::Flags,
    /// `--address`
    pub address: Option<String>,
    /// `--namespace`
    pub namespace: Option<String>,
    /// `--task-queue`
    pub task_queue: Option<String>,
    /// `--format`
    pub format: Option<String>,
    /// `--timeout`
    pub timeout: Option<String>,
}

/// What it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The configuration file that was read, if any.
    pub config: Setting<Option<PathBuf>>,
    /// The server.
    pub address: Setting<Address>,
    /// How the connection to it is secured.
    pub access: Access,
    /// The namespace.
    pub namespace: Setting<String>,
    /// The task queue of epochs that are started.
    pub task_queue: Setting<String>,
    /// How results are printed.
    pub format: Setting<Format>,
    /// How long to wait for an answer.
    pub timeout: Setting<Duration>,
    /// Where spans go; none is nowhere.
    pub otlp_endpoint: Setting<Option<String>>,
    /// What the caller should be told.
    pub notices: Vec<String>,
}

impl Settings {
    /// Weighs all sources.
    pub fn resolve(flags: Flags, env: &dyn Env) -> Result<Self, Error> {
        let (mut sources, config) = Sources::open(env, &SECTION, flags.config)?;
        let profile = sources.read_profile(flags.access.profile.clone())?;
        Ok(Self {
            config,
            access: Access::resolve(&sources, profile, flags.access)?,
            address: sources.resolve(&ADDRESS, flags.address)?,
            namespace: sources.resolve(&NAMESPACE, flags.namespace)?,
            task_queue: sources.resolve(&TASK_QUEUE, flags.task_queue)?,
            format: sources.resolve(&FORMAT, flags.format)?,
            timeout: sources.resolve(&TIMEOUT, flags.timeout)?,
            otlp_endpoint: sources.resolve(&otlp::OF_CLIENT, None::<String>)?,
            notices: sources.file_notices(),
        })
    }

    /// How results are printed where nothing is known but the environment and the file,
    /// and the file's other settings may be wrong.
    pub fn default_format(env: &dyn Env) -> Format {
        Sources::open(env, &SECTION, None)
            .and_then(|(sources, _)| sources.resolve(&FORMAT, None::<String>))
            .map_or(Format::Text, |setting| setting.value)
    }

    /// Every setting for people: name, value, source.
    pub fn describe(&self) -> Vec<Row> {
        let mut rows = vec![
            self.config.row("config", |path| show_path(path.as_deref())),
            self.address.row(ADDRESS.key, Address::to_string),
            self.namespace.row(NAMESPACE.key, String::clone),
            self.task_queue.row(TASK_QUEUE.key, String::clone),
            self.format.row(FORMAT.key, Format::to_string),
            self.timeout.row(TIMEOUT.key, |time| show(*time)),
            self.otlp_endpoint
                .row(otlp::OF_CLIENT.key, |at| otlp::show(at.as_deref())),
        ];
        rows.splice(2..2, self.access.describe());
        rows
    }
}
