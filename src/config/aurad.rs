//! The settings of the daemon. It leaves out what they do.

mod admin;
mod audit;
mod commands;
mod embedded;
mod keys;
mod logs;
mod versioning;
mod worker;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use admin::{ADMIN, ADMIN_EXPOSE, show_admin};
pub use audit::AuditBackend;
pub use commands::HOST_QUEUE_FILE;
use commands::{ALLOW_SHELL, HOST_TIMEOUT, MAX_COMMANDS, STATE_DIR};
use embedded::{ALLOW_USERS, DB, EMBEDDED, LISTEN, RETENTION, SYNCHRONOUS, show_users};
pub use embedded::{Synchronous, User};
pub(super) use keys::SECTION;
use keys::{AUDIT_DB_PATH, AUDIT_TRAIL, CONNECT_TIMEOUT, GRACE_PERIOD, TASK_QUEUES, VERBOSE};
use logs::LOG_FORMAT;
pub use logs::LogFormat;
pub use versioning::WorkerVersioning;
pub use worker::{Flags as WorkerFlags, Pollers, Rate, Worker};

use super::access::{self, Access};
use super::address::Address;
use super::connection::{ADDRESS, NAMESPACE};
use super::duration::{show, show_kept, show_limit};
use super::env::Env;
use super::error::{DefaultFile, Error};
use super::otlp;
use super::places::Places;
use super::resolve::Sources;
use super::review::Review;
use super::runner::{self, Runner};
use super::security::Security;
use super::source::{Layer, Row, Setting, Source, show_path};
use super::yaml;

/// What was typed: nothing is checked yet.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Flags {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--namespace`
    pub namespace: Option<String>,
    /// `--task-queue`, each of them
    pub task_queue: Vec<String>,
    /// `--address`
    pub address: Option<String>,
    /// How the connection is secured
    pub access: access::Flags,
    /// `--embedded`
    pub embedded: bool,
    /// `--db`
    pub db: Option<PathBuf>,
    /// `--listen`
    pub listen: Option<String>,
    /// `--allow-user`, each of them
    pub allow_user: Vec<String>,
    /// `--retention`
    pub retention: Option<String>,
    /// `--synchronous`
    pub synchronous: Option<String>,
    /// `--audit-trail`
    pub audit_trail: Option<String>,
    /// `--audit-db-path`
    pub audit_db_path: Option<PathBuf>,
    /// `--allow-shell`
    pub allow_shell: bool,
    /// `--state-dir`
    pub state_dir: Option<PathBuf>,
    /// `--host-timeout`
    pub host_timeout: Option<String>,
    /// `--max-commands`
    pub max_commands: Option<String>,
    /// `--admin`
    pub admin: Option<String>,
    /// `--admin-expose`
    pub admin_expose: bool,
    /// `--log-format`
    pub log_format: Option<String>,
    /// `--otlp-endpoint`
    pub otlp_endpoint: Option<String>,
    /// How the workers go about it
    pub worker: worker::Flags,
    /// `--verbose`
    pub verbose: bool,
    /// `--grace-period`
    pub grace_period: Option<String>,
    /// `--connect-timeout`
    pub connect_timeout: Option<String>,
}

/// What it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The configuration file that was read, if any.
    pub config: Setting<Option<PathBuf>>,
    /// The namespace.
    pub namespace: Setting<String>,
    /// The task queues to poll: at least one, none twice.
    pub task_queues: Setting<Vec<String>>,
    /// The server, if there is no engine.
    pub address: Setting<Address>,
    /// How the connection to it is secured.
    pub access: Access,
    /// Whether to start an engine in this process, and use that.
    pub embedded: Setting<bool>,
    /// The engine's file. Unknown only if nobody says and the user has no home.
    pub db: Setting<Option<PathBuf>>,
    /// Where the engine listens: loopback, and port 0 for a free one.
    pub listen: Setting<SocketAddr>,
    /// Users besides this one who may connect to the engine.
    pub allow_users: Setting<Vec<User>>,
    /// How long the engine keeps closed workflows; none is for ever.
    pub retention: Setting<Option<Duration>>,
    /// What a commit of the engine waits for.
    pub synchronous: Setting<Synchronous>,
    /// Where the audit trail is kept.
    pub audit_trail: Setting<AuditBackend>,
    /// The file of the audit trail where the backend names none itself. Unknown only if
    /// nobody says and the user has no home.
    pub audit_db_path: Setting<Option<PathBuf>>,
    /// How long activities may go on when the daemon stops.
    pub grace_period: Setting<Duration>,
    /// How long to try to reach the server; none is for ever.
    pub connect_timeout: Setting<Option<Duration>>,
    /// Whether slices may give shell commands of their own, instead of naming a runner.
    pub allow_shell: Setting<bool>,
    /// Where logs and records of commands are kept, absolute. Unknown only if nobody says,
    /// the user has no home, and nothing is allowed to run.
    pub state_dir: Setting<Option<PathBuf>>,
    /// How long a slice waits for the host of its command to come back.
    pub host_timeout: Setting<Duration>,
    /// How many commands run at once here, at least one.
    pub max_commands: Setting<u32>,
    /// How the workers go about it, one for each task queue.
    pub worker: Worker,
    /// The commands that slices and reviews may name.
    pub runners: BTreeMap<String, Runner>,
    /// Who reviews, and by when. Its runners are all among [`runners`](Self::runners).
    pub review: Review,
    /// Where the admin endpoint answers, port 0 for a free one; none is no endpoint. It is
    /// loopback unless `admin_expose` is set.
    pub admin: Setting<Option<SocketAddr>>,
    /// Whether other machines may reach the admin endpoint.
    pub admin_expose: Setting<bool>,
    /// In which form to log.
    pub log_format: Setting<LogFormat>,
    /// Where spans go; none is nowhere.
    pub otlp_endpoint: Setting<Option<String>>,
    /// Whether to print all settings.
    pub verbose: Setting<bool>,
    /// What the operator should be told. One may have several lines.
    pub notices: Vec<String>,
}

impl Settings {
    /// Weighs all sources.
    pub fn resolve(flags: Flags, env: &dyn Env) -> Result<Self, Error> {
        let (mut sources, config) = Sources::open(env, &SECTION, flags.config)?;
        let profile = sources.read_profile(flags.access.profile.clone())?;
        let access = Access::resolve(&sources, profile, flags.access)?;
        let embedded = sources.resolve(&EMBEDDED, flags.embedded.then_some("true"))?;
        let db = sources.resolve(&DB, flags.db)?;
        if embedded.value && db.value.is_none() {
            return Err(Error::NoPlace(DefaultFile::Engine));
        }
        let mut trail = sources.resolve(&AUDIT_TRAIL, flags.audit_trail)?;
        if embedded.value && trail.source.layer() == Layer::Default {
            trail.value = audit::BESIDE_ENGINE;
        }
        let path = sources.resolve(&AUDIT_DB_PATH, flags.audit_db_path)?;
        let backend = audit::backend(&trail, &path)?;
        let mut notices = sources.file_notices();
        notices.extend(audit::unused_path(&trail, &path));
        let target = config.value.as_deref();
        notices.extend(yaml::notices(sources.places(), &SECTION, target));
        let allow_shell = sources.resolve(&ALLOW_SHELL, flags.allow_shell.then_some("true"))?;
        notices.extend(commands::shell_notice(&allow_shell));
        let runners = runner::all(&sources)?;
        notices.extend(runner::notices(&runners, env));
        let review = Review::read(&sources)?;
        notices.extend(review.notice());
        let admin = sources.resolve(&ADMIN, flags.admin)?;
        let expose = flags.admin_expose.then_some("true");
        let admin_expose = sources.resolve(&ADMIN_EXPOSE, expose)?;
        admin::check_exposed(&admin, &admin_expose)?;
        notices.extend(admin::unused_expose(&admin, &admin_expose));
        let worker = Worker::resolve(&sources, flags.worker, embedded.value)?;
        let mut settings = Self {
            config,
            namespace: sources.resolve(&NAMESPACE, flags.namespace)?,
            task_queues: sources.resolve(&TASK_QUEUES, flags.task_queue)?,
            address: sources.resolve(&ADDRESS, flags.address)?,
            access,
            embedded,
            db,
            listen: sources.resolve(&LISTEN, flags.listen)?,
            allow_users: sources.resolve(&ALLOW_USERS, flags.allow_user)?,
            retention: sources.resolve(&RETENTION, flags.retention)?,
            synchronous: sources.resolve(&SYNCHRONOUS, flags.synchronous)?,
            audit_trail: Setting {
                value: backend,
                source: trail.source,
            },
            audit_db_path: path,
            grace_period: sources.resolve(&GRACE_PERIOD, flags.grace_period)?,
            connect_timeout: sources.resolve(&CONNECT_TIMEOUT, flags.connect_timeout)?,
            allow_shell,
            state_dir: sources.resolve(&STATE_DIR, flags.state_dir)?,
            host_timeout: sources.resolve(&HOST_TIMEOUT, flags.host_timeout)?,
            max_commands: sources.resolve(&MAX_COMMANDS, flags.max_commands)?,
            admin,
            admin_expose,
            worker,
            runners,
            review,
            log_format: sources.resolve(&LOG_FORMAT, flags.log_format)?,
            otlp_endpoint: sources.resolve(&otlp::OF_DAEMON, flags.otlp_endpoint)?,
            verbose: sources.resolve(&VERBOSE, flags.verbose.then_some("true"))?,
            notices,
        };
        commands::need_place(&settings)?;
        let unused = embedded::unused(&settings);
        settings.notices.extend(unused);
        Ok(settings)
    }

    /// A word on each file of the earlier implementation that is there and not read. They
    /// are among the notices, too.
    pub fn earlier_files(&self, env: &dyn Env) -> Vec<String> {
        yaml::notices(&Places::new(env), &SECTION, self.config.value.as_deref())
    }

    /// Where the audit trail is kept, as far as environment and file tell a program that
    /// reads it. Where they do not, it is taken to be in the usual file: in memory nobody
    /// else could read it.
    pub fn audit_trail(
        config: Option<PathBuf>,
        env: &dyn Env,
    ) -> Result<Setting<AuditBackend>, Error> {
        let (sources, _) = Sources::open(env, &SECTION, config)?;
        let mut trail = sources.resolve(&AUDIT_TRAIL, None::<String>)?;
        if trail.source.layer() == Layer::Default {
            trail.value = audit::BESIDE_ENGINE;
        }
        let path = sources.resolve(&AUDIT_DB_PATH, None::<PathBuf>)?;
        Ok(Setting {
            value: audit::backend(&trail, &path)?,
            source: trail.source,
        })
    }

    /// What secures the connection to the server; nothing with an engine of its own, which
    /// is reached within the process.
    pub fn security(&self) -> Result<Security, Error> {
        if self.embedded.value {
            return Ok(Security::default());
        }
        self.access.security(&self.address)
    }

    /// The engine's file. There always is one with `embedded`.
    pub fn database(&self) -> &Path {
        let path = self.db.value.as_deref();
        path.unwrap_or_else(|| Path::new(""))
    }

    /// Where logs and records of commands are kept. There always is such a place if any
    /// command may run.
    pub fn state_dir(&self) -> &Path {
        let path = self.state_dir.value.as_deref();
        path.unwrap_or_else(|| Path::new(""))
    }

    /// Every setting for people: name, value, source.
    pub fn describe(&self) -> Vec<Row> {
        let mut rows = self.describe_aurad();
        let path = self.config.value.clone();
        let file = path.map_or(Source::Default, Source::File);
        rows.extend(self.review.describe(&file));
        for runner in self.runners.values() {
            rows.extend(runner.describe(&file));
        }
        rows
    }

    fn describe_aurad(&self) -> Vec<Row> {
        let mut rows = vec![
            self.config.row("config", |path| show_path(path.as_deref())),
            self.namespace.row(NAMESPACE.key, String::clone),
            self.task_queues
                .row(TASK_QUEUES.key, |queues| queues.join(", ")),
            self.address.row(ADDRESS.key, Address::to_string),
            self.embedded.row(EMBEDDED.key, bool::to_string),
            self.db.row(DB.key, |path| show_path(path.as_deref())),
            self.listen.row(LISTEN.key, SocketAddr::to_string),
            self.allow_users
                .row(ALLOW_USERS.key, |users| show_users(users)),
            self.retention.row(RETENTION.key, |time| show_kept(*time)),
            self.synchronous
                .row(SYNCHRONOUS.key, Synchronous::to_string),
            self.audit_trail
                .row(AUDIT_TRAIL.key, AuditBackend::to_string),
            self.audit_db_path
                .row(AUDIT_DB_PATH.key, |path| show_path(path.as_deref())),
            self.grace_period.row(GRACE_PERIOD.key, |time| show(*time)),
            self.connect_timeout
                .row(CONNECT_TIMEOUT.key, |time| show_limit(*time)),
            self.allow_shell.row(ALLOW_SHELL.key, bool::to_string),
            self.state_dir
                .row(STATE_DIR.key, |path| show_path(path.as_deref())),
            self.host_timeout.row(HOST_TIMEOUT.key, |time| show(*time)),
            self.max_commands.row(MAX_COMMANDS.key, u32::to_string),
            self.admin.row(ADMIN.key, |admin| show_admin(*admin)),
            self.admin_expose.row(ADMIN_EXPOSE.key, bool::to_string),
            self.log_format.row(LOG_FORMAT.key, LogFormat::to_string),
            self.otlp_endpoint
                .row(otlp::OF_DAEMON.key, |at| otlp::show(at.as_deref())),
        ];
        rows.splice(4..4, self.access.describe());
        rows.extend(self.worker.describe());
        rows.push(self.verbose.row(VERBOSE.key, bool::to_string));
        rows
    }
}
