//! Runners: the commands that the operator allows, each under a name that slices and
//! reviews use. It leaves out running them, and whether programs and directories are
//! there, which may change while the daemon runs.

mod keys;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

pub(super) use keys::{ARGV, DIRECTORY, SECTION, WORKTREE};
use keys::{ENV, KILL_AFTER, LOG_LIMIT, ON_SHUTDOWN, PASS_ENV, TIMEOUT};

use super::env::Env;
use super::error::Error;
use super::invalid::Invalid;
use super::resolve::Sources;
use super::source::{Row, Source, show_path};
use super::spec::Field;
use super::{duration, size};
use crate::protocol::words::words;

/// The table that has the runners.
pub(super) const TABLE: &str = "runner";

/// Variables of the daemon that every command gets, if they are set. Of the others it gets
/// those that its runner's `pass_env` names, and never the daemon's own.
pub const BASE_ENV: [&str; 7] = ["PATH", "HOME", "LANG", "USER", "SHELL", "TERM", "TMPDIR"];

/// Variables that say to a command what it is run for, and how to answer. `aurad` sets them,
/// so no runner does.
pub const RUN_ENV: [&str; 9] = [
    "TEMPORAL_ADDRESS",
    "TEMPORAL_NAMESPACE",
    "AURA_EPOCH_ID",
    "AURA_SLICE_ID",
    "AURA_PHASE",
    "AURA_ROLE",
    "AURA_ROUND",
    "AURA_AXIS",
    "AURA_REQUEST_FILE",
];

/// Characters of a runner's name.
const NAME_MAX: usize = 64;

words! {
    /// What becomes of a running command when the daemon stops.
    OnShutdown as "way to stop" {
        /// It is ended, and the attempt does not count.
        Kill = "kill",
        /// It goes on, and the next daemon finds it.
        Leave = "leave",
    }
}

/// A command that the operator allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runner {
    /// Its name.
    pub name: String,
    /// The program and its arguments, at least one. A program with a `/` is an absolute
    /// path; one without is looked for in `PATH`.
    pub argv: Vec<String>,
    /// Variables it gets, with their values.
    pub env: BTreeMap<String, String>,
    /// Variables of the daemon it gets, besides [`BASE_ENV`].
    pub pass_env: Vec<String>,
    /// The directory it runs in, absolute; none is the user's home.
    pub directory: Option<PathBuf>,
    /// How long a slice's command may take. A slice may ask for less, not for more; a
    /// reviewer's command has the limit of reviews.
    pub timeout: Duration,
    /// How long after SIGTERM it gets SIGKILL.
    pub kill_after: Duration,
    /// Bytes of its log file.
    pub log_limit: u64,
    /// Whether each slice gets a fresh git worktree of the repository in `directory`.
    pub worktree: bool,
    /// What becomes of it when the daemon stops; none leaves it to the mode: a command in
    /// tmux goes on, another is ended.
    pub on_shutdown: Option<OnShutdown>,
    /// The keys that the file has; the others have their defaults.
    pub written: BTreeSet<&'static str>,
}

impl Runner {
    /// A runner of which nothing is said but its command.
    pub fn new(name: impl Into<String>, argv: Vec<String>) -> Self {
        Self {
            name: name.into(),
            argv,
            env: BTreeMap::new(),
            pass_env: Vec::new(),
            directory: None,
            timeout: Duration::from_mins(30),
            kill_after: Duration::from_secs(10),
            log_limit: 100_000_000,
            worktree: false,
            on_shutdown: None,
            written: BTreeSet::new(),
        }
    }

    /// The runner that the file has under this name. What is missing has its default.
    fn read(sources: &Sources<'_>, name: &str) -> Result<Self, Error> {
        let label = label(name);
        let mut runner = Self::new(name, Vec::new());
        let mut reader = Reader {
            sources,
            table: &label,
            written: BTreeSet::new(),
        };
        reader.set(&ARGV, &mut runner.argv)?;
        reader.set(&ENV, &mut runner.env)?;
        reader.set(&PASS_ENV, &mut runner.pass_env)?;
        reader.set(&DIRECTORY, &mut runner.directory)?;
        reader.set(&TIMEOUT, &mut runner.timeout)?;
        reader.set(&KILL_AFTER, &mut runner.kill_after)?;
        reader.set(&LOG_LIMIT, &mut runner.log_limit)?;
        reader.set(&WORKTREE, &mut runner.worktree)?;
        reader.set(&ON_SHUTDOWN, &mut runner.on_shutdown)?;
        runner.written = reader.written;
        Ok(runner)
    }

    /// What a command of this runner finds in its environment, before what says to it
    /// what it is run for ([`RUN_ENV`]): the base, what is passed on, and what is set, of
    /// which the last wins. A variable that is not UTF-8 is left out; the daemon says so
    /// when it starts.
    pub fn environment(&self, of_daemon: &dyn Env) -> BTreeMap<String, String> {
        let passed = self.passed().filter_map(|name| {
            let value = of_daemon.raw(name)?.into_string().ok()?;
            Some((name.to_owned(), value))
        });
        let set = self
            .env
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()));
        passed.chain(set).collect()
    }

    /// The variables that cannot be passed on because they are not UTF-8.
    fn lost(&self, of_daemon: &dyn Env) -> Vec<&str> {
        self.passed()
            .filter(|name| !self.env.contains_key(*name))
            .filter(|name| {
                of_daemon
                    .raw(name)
                    .is_some_and(|value| value.to_str().is_none())
            })
            .collect()
    }

    fn passed(&self) -> impl Iterator<Item = &str> {
        let named = self.pass_env.iter().map(String::as_str);
        BASE_ENV.into_iter().chain(named)
    }

    /// Its settings for people. Values of variables are not shown: they may be secrets.
    pub(super) fn describe(&self, file: &Source) -> Vec<Row> {
        let row = |field: &str, value: String| {
            let source = if self.written.contains(field) {
                file
            } else {
                &Source::Default
            };
            let name = format!("{}.{field}", label(&self.name));
            (name, value, source.to_string())
        };
        let on_shutdown = match self.on_shutdown {
            Some(way) => way.to_string(),
            None => "leave in tmux, else kill".to_owned(),
        };
        vec![
            row(ARGV.key, format!("{:?}", self.argv)),
            row(ENV.key, names(self.env.keys())),
            row(PASS_ENV.key, names(&self.pass_env)),
            row(DIRECTORY.key, show_path(self.directory.as_deref())),
            row(TIMEOUT.key, duration::show(self.timeout)),
            row(KILL_AFTER.key, duration::show(self.kill_after)),
            row(LOG_LIMIT.key, size::show(self.log_limit)),
            row(WORKTREE.key, self.worktree.to_string()),
            row(ON_SHUTDOWN.key, on_shutdown),
        ]
    }
}

/// All runners of the file, by name.
pub(super) fn all(sources: &Sources<'_>) -> Result<BTreeMap<String, Runner>, Error> {
    let runners = sources.runners().iter();
    runners
        .map(|name| Ok((name.clone(), Runner::read(sources, name)?)))
        .collect()
}

/// What the operator should know of the runners.
pub(super) fn notices(runners: &BTreeMap<String, Runner>, env: &dyn Env) -> Vec<String> {
    let lost = |runner: &Runner| {
        let lost = runner.lost(env);
        (!lost.is_empty()).then(|| {
            format!(
                "commands of runner {} do not get {}: what aurad has there is not UTF-8 text; \
                 set it in env of [{}]",
                runner.name,
                lost.join(", "),
                label(&runner.name)
            )
        })
    };
    runners.values().filter_map(lost).collect()
}

/// Reads one table, and keeps which keys it has.
pub(super) struct Reader<'r> {
    pub(super) sources: &'r Sources<'r>,
    pub(super) table: &'r str,
    pub(super) written: BTreeSet<&'static str>,
}

impl Reader<'_> {
    /// What the table says for a key, over what is there.
    pub(super) fn set<T>(&mut self, field: &Field<T>, value: &mut T) -> Result<(), Error> {
        if let Some(read) = self.sources.field(self.table, field)? {
            *value = read;
            self.written.insert(field.key);
        }
        Ok(())
    }
}

/// The name of a runner's table, as TOML has it.
pub(super) fn label(name: &str) -> String {
    if name.contains('.') {
        format!("{TABLE}.\"{name}\"")
    } else {
        format!("{TABLE}.{name}")
    }
}

/// Whether a text can be a runner's name. Names become parts of file names and are typed
/// behind flags.
pub(super) fn check_name(name: &str) -> Result<(), Invalid> {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let fits = (1..=NAME_MAX).contains(&name.len()) && name.chars().all(known);
    if fits && !name.starts_with(['.', '-']) {
        return Ok(());
    }
    let why = format!(
        "a name has 1 to {NAME_MAX} of the characters A-Z a-z 0-9 _ . - and begins with \
         neither . nor -"
    );
    Err(Invalid::new(
        name,
        "is no runner's name",
        why,
        "write [runner.claude], for example",
    ))
}

/// A list of names, for people.
fn names<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let names: Vec<_> = names.into_iter().map(String::as_str).collect();
    if names.is_empty() {
        return "none".to_owned();
    }
    names.join(", ")
}
