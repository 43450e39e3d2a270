//! The flags and commands of `aurad`, as they are typed. What they mean is `config`'s. Help texts are
//! the doc comments, or `help` where a word in it would want backticks, which a terminal
//! would show.

mod logs;
mod worker;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use super::exit::Exit;
use super::{db, replay, say};
use crate::config::aurad::Flags;
use crate::usage;

/// What is shown after the list of flags.
const AFTER_HELP: &str = "\
Every setting can also stand in the config file, below [aurad] and with _ for -, such as
grace_period = \"30s\". A flag wins over the environment, and that over the file.

Examples:
  aurad --embedded
  aurad --check
  aurad db check
  aurad replay --open
  aurad --address temporal.internal:7233 --namespace team --audit-trail sqlite

Exit codes:
  0   stopped as it was asked to
  1   failed while running, or its engine could not start
  3   replay: a history is not one that this aurad can go on with
  64  wrong flags or configuration
  69  no server within --connect-timeout";

const AFTER_REPLAY_HELP: &str = "\
Before an upgrade, run it with the new aurad. It changes nothing. The server is found as the
daemon finds it: flag, environment, file.

Examples:
  aurad replay --open
  aurad replay --file before.json after.json --format jsonl

Exit codes:
  0   all replay
  1   the server failed meanwhile
  3   one does not
  64  wrong flags or configuration, or a file that is no history
  69  no server within --connect-timeout";

/// Host aura's durable workflows, on a Temporal server or on an engine of its own
#[derive(Debug, Parser)]
#[command(
    name = "aurad",
    version,
    args_override_self = true,
    max_term_width = 100,
    disable_help_subcommand = true,
    subcommand_value_name = "COMMAND",
    after_help = AFTER_HELP
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    #[arg(
        long,
        visible_alias = "server-address",
        value_name = "HOST:PORT",
        help = "Temporal server [env: TEMPORAL_ADDRESS]\n[default: localhost:7233]"
    )]
    address: Option<String>,

    #[arg(
        long,
        help = "Start an engine in this process, instead of using a server\n[env: AURAD_EMBEDDED]"
    )]
    embedded: bool,

    #[arg(
        long,
        value_name = "FILE",
        help = "File of the embedded engine [env: AURAD_DB]\n\
                [default: ~/.local/share/aura/embedded.db]"
    )]
    db: Option<PathBuf>,

    #[arg(
        long,
        value_name = "IP:PORT",
        help = "Where the engine listens: loopback; port 0 takes a free one\n\
                [env: AURAD_LISTEN] [default: 127.0.0.1:7233]"
    )]
    listen: Option<String>,

    #[arg(
        long,
        value_name = "USER",
        help = "Another user, by name or number, who may connect to the engine;\n\
                repeat it for several [env: AURAD_ALLOW_USER]"
    )]
    allow_user: Vec<String>,

    #[arg(
        long,
        value_name = "DURATION",
        help = "How long the engine keeps closed workflows; 0 keeps all\n\
                [env: AURAD_RETENTION] [default: 30d]"
    )]
    retention: Option<String>,

    #[arg(
        long,
        value_name = "MODE",
        help = "What a commit of the engine outlives: full, a power cut;\n\
                normal, the process only [env: AURAD_SYNCHRONOUS] [default: full]"
    )]
    synchronous: Option<String>,

    #[arg(
        long,
        short = 'n',
        help = "Temporal namespace\n[env: TEMPORAL_NAMESPACE] [default: default]"
    )]
    namespace: Option<String>,

    #[arg(
        long,
        value_name = "QUEUE",
        help = "Task queue to poll; repeat it for several\n[env: TEMPORAL_TASK_QUEUE] [default: aura]"
    )]
    task_queue: Vec<String>,

    #[arg(
        long,
        value_name = "BACKEND",
        help = "Where the audit trail is kept: memory, sqlite, sqlite:PATH or temporal\n\
                [env: AURAD_AUDIT_TRAIL]\n[default: memory; sqlite with --embedded]"
    )]
    audit_trail: Option<String>,

    #[arg(
        long,
        value_name = "FILE",
        help = "File of the sqlite audit trail [env: AURAD_AUDIT_DB_PATH]\n\
                [default: ~/.local/share/aura/plugin/audit.db]"
    )]
    audit_db_path: Option<PathBuf>,

    #[arg(
        long,
        value_name = "DURATION",
        help = "Time for running activities to finish when asked to stop\n\
                [env: AURAD_GRACE_PERIOD] [default: 30s]"
    )]
    grace_period: Option<String>,

    #[arg(
        long,
        value_name = "DURATION",
        help = "Give up if no server answers within this time at the start\n\
                [env: AURAD_CONNECT_TIMEOUT] [default: unlimited]"
    )]
    connect_timeout: Option<String>,

    #[arg(
        long,
        help = "Let slices give shell commands of their own, not only name runners:\n\
                whoever can send a message can then run anything\n\
                [env: AURAD_ALLOW_SHELL]"
    )]
    allow_shell: bool,

    #[arg(
        long,
        value_name = "DIR",
        help = "Where logs and records of commands are kept\n\
                [env: AURAD_STATE_DIR] [default: ~/.local/state/aura]"
    )]
    state_dir: Option<PathBuf>,

    #[arg(
        long,
        value_name = "DURATION",
        help = "How long a slice waits for the host of its command to come back\n\
                [env: AURAD_HOST_TIMEOUT] [default: 10m]"
    )]
    host_timeout: Option<String>,

    #[arg(
        long,
        value_name = "COUNT",
        help = "How many commands run at once on this host\n\
                [env: AURAD_MAX_COMMANDS] [default: 8]"
    )]
    max_commands: Option<String>,

    #[arg(
        long,
        value_name = "IP:PORT",
        help = "Where health and metrics are answered over HTTP: loopback;\n\
                port 0 takes a free one [env: AURAD_ADMIN] [default: none]"
    )]
    admin: Option<String>,

    #[arg(
        long,
        help = "Let --admin be an address that other machines reach:\n\
                nobody is asked who they are [env: AURAD_ADMIN_EXPOSE]"
    )]
    admin_expose: bool,

    #[command(flatten)]
    log: logs::LogArgs,

    #[arg(
        long,
        value_name = "FILE",
        help = "Config file\n[env: AURA_CONFIG] [default: ~/.config/aura/config.toml]"
    )]
    config: Option<PathBuf>,

    /// Print every setting with its source, and log more
    #[arg(long)]
    verbose: bool,

    /// Read all settings, say what is wrong with them, and start nothing
    #[arg(long)]
    check: bool,

    #[command(flatten)]
    worker: worker::WorkerArgs,

    #[command(flatten)]
    access: usage::SecurityArgs,
}

/// What else `aurad` does than to run.
#[derive(Debug, Subcommand)]
enum Command {
    /// Check, copy or compact the embedded engine's file, or export a history from it
    #[command(subcommand_required = true)]
    Db {
        #[arg(
            long,
            global = true,
            value_name = "FILE",
            help = "File of the embedded engine [env: AURAD_DB]\n\
                    [default: ~/.local/share/aura/embedded.db]"
        )]
        db: Option<PathBuf>,

        #[arg(
            long,
            global = true,
            value_name = "FILE",
            help = "Config file\n[env: AURA_CONFIG] [default: ~/.config/aura/config.toml]"
        )]
        config: Option<PathBuf>,

        #[command(subcommand)]
        command: db::Command,
    },

    /// Say whether this aurad could go on with what another has begun: replay histories
    #[command(after_help = AFTER_REPLAY_HELP)]
    Replay(replay::Replay),
}

/// What `aurad` was called for.
pub enum Call {
    /// To host workflows.
    Run(Flags),
    /// To look whether it could, as far as its settings go.
    Check(Flags),
    /// To do something with the engine's file.
    Database(Flags, db::Command),
    /// To replay histories.
    Replay(Flags, replay::Order),
}

/// The whole command.
pub fn command() -> clap::Command {
    Args::command()
}

/// Reads the words that the daemon was called with. Where they ask for help, or make no
/// sense, the answer is printed here; nobody can be told if that fails.
pub fn parse(words: &[OsString]) -> Result<Call, Exit> {
    let mut command = command();
    let result = command.try_get_matches_from_mut(words);
    let error = match result.and_then(|matches| Args::from_arg_matches(&matches)) {
        Ok(args) if args.check && args.command.is_some() => {
            let what = "--check is of no use beside a command";
            let why = "it reads the settings of a daemon that is to run, and starts nothing";
            let fix = "leave out the one or the other";
            say::problem("validation error", what, why, "nothing was done", fix);
            return Err(Exit::Usage);
        }
        Ok(args) => return Ok(args.into()),
        Err(error) => error,
    };
    if !error.use_stderr() {
        let _ = error.print();
        return Err(Exit::Stopped);
    }
    let usage::Wrong { what, why, fix } = usage::explain(&command, words, &error);
    say::problem("validation error", &what, &why, "aurad did not start", &fix);
    Err(Exit::Usage)
}

impl From<Args> for Call {
    fn from(args: Args) -> Self {
        let Args {
            command,
            config,
            namespace,
            task_queue,
            address,
            embedded,
            db,
            listen,
            allow_user,
            retention,
            synchronous,
            audit_trail,
            audit_db_path,
            grace_period,
            connect_timeout,
            allow_shell,
            state_dir,
            host_timeout,
            max_commands,
            admin,
            admin_expose,
            log,
            verbose,
            check,
            worker,
            access,
        } = args;
        let flags = Flags {
            config,
            access: access.into(),
            namespace,
            task_queue,
            address,
            embedded,
            db,
            listen,
            allow_user,
            retention,
            synchronous,
            audit_trail,
            audit_db_path,
            allow_shell,
            state_dir,
            host_timeout,
            max_commands,
            admin,
            admin_expose,
            log_format: log.log_format,
            otlp_endpoint: log.otlp_endpoint,
            worker: worker.into(),
            verbose,
            grace_period,
            connect_timeout,
        };
        match command {
            None if check => Self::Check(flags),
            None => Self::Run(flags),
            Some(Command::Db {
                db,
                config,
                command,
            }) => {
                let flags = Flags {
                    db: db.or(flags.db),
                    config: config.or(flags.config),
                    ..flags
                };
                Self::Database(flags, command)
            }
            Some(Command::Replay(replay)) => {
                let (flags, order) = replay.split(flags);
                Self::Replay(flags, order)
            }
        }
    }
}
