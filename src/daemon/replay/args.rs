//! What `aurad replay` is called with.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::config::AccessFlags;
use crate::config::aurad::Flags;
use crate::usage::SecurityArgs;

/// Which histories, and where from.
#[derive(Debug, Args)]
#[group(id = "histories", required = true, multiple = false, args = ["file", "open"])]
pub struct Replay {
    /// A history as JSON; several may follow, or repeat the flag
    #[arg(long, value_name = "HISTORY", num_args = 1..)]
    file: Vec<PathBuf>,

    /// The histories of all open epochs, reviews and slices of the namespace
    #[arg(long)]
    open: bool,

    /// How the report is written
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: Format,

    #[arg(
        long,
        visible_alias = "server-address",
        value_name = "HOST:PORT",
        help = "Temporal server [env: TEMPORAL_ADDRESS]\n[default: localhost:7233]"
    )]
    address: Option<String>,

    #[arg(
        long,
        short = 'n',
        help = "Temporal namespace\n[env: TEMPORAL_NAMESPACE] [default: default]"
    )]
    namespace: Option<String>,

    #[arg(
        long,
        help = "The server is the engine of an aurad that runs here\n[env: AURAD_EMBEDDED]"
    )]
    embedded: bool,

    #[arg(
        long,
        value_name = "IP:PORT",
        help = "Where that engine listens\n[env: AURAD_LISTEN] [default: 127.0.0.1:7233]"
    )]
    listen: Option<String>,

    #[arg(
        long,
        value_name = "DURATION",
        help = "Give up if no server answers within this time\n\
                [env: AURAD_CONNECT_TIMEOUT] [default: 10s]"
    )]
    connect_timeout: Option<String>,

    #[arg(
        long,
        value_name = "FILE",
        help = "Config file\n[env: AURA_CONFIG] [default: ~/.config/aura/config.toml]"
    )]
    config: Option<PathBuf>,

    #[command(flatten)]
    access: SecurityArgs,
}

/// How the report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// One object a line for each execution, as they are replayed
    Jsonl,
}

/// Which histories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those in these files.
    Files(Vec<PathBuf>),
    /// Those of what is open.
    Open,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Which histories.
    pub which: Which,
    /// How the report is written.
    pub format: Format,
}

impl Replay {
    /// The order, and the flags with those that stood before the command.
    pub fn split(self, before: Flags) -> (Flags, Order) {
        let which = if self.open {
            Which::Open
        } else {
            Which::Files(self.file)
        };
        let (access, outer) = (AccessFlags::from(self.access), before.access);
        let flags = Flags {
            address: self.address.or(before.address),
            namespace: self.namespace.or(before.namespace),
            embedded: self.embedded || before.embedded,
            listen: self.listen.or(before.listen),
            connect_timeout: self.connect_timeout.or(before.connect_timeout),
            config: self.config.or(before.config),
            access: AccessFlags {
                profile: access.profile.or(outer.profile),
                tls: access.tls || outer.tls,
                tls_ca_path: access.tls_ca_path.or(outer.tls_ca_path),
                tls_cert_path: access.tls_cert_path.or(outer.tls_cert_path),
                tls_key_path: access.tls_key_path.or(outer.tls_key_path),
                tls_server_name: access.tls_server_name.or(outer.tls_server_name),
                api_key_file: access.api_key_file.or(outer.api_key_file),
            },
            ..before
        };
        let format = self.format;
        (flags, Order { which, format })
    }
}
