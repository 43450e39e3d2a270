//! The flags of `aurad`, as they are typed. What they mean is `config`'s.

use std::path::PathBuf;

use clap::Parser;

use crate::config::aurad::Flags;

/// Host aura's durable workflows on a Temporal server
///
/// Every setting can also come from the environment or from the configuration file;
/// a flag goes before the environment, and the environment before the file.
#[derive(Debug, Parser)]
#[command(
    name = "aurad",
    version,
    args_override_self = true,
    after_help = "Examples:\n  aurad\n  aurad --address temporal.internal:7233 --namespace team \
                  --audit-trail sqlite\n\nExit codes: 0 stopped · 1 failed while running · 64 \
                  flags or configuration · 69 server unreachable within --connect-timeout"
)]
pub struct Args {
    /// Read this configuration file [env: `AURA_CONFIG`]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Work in this namespace [env: `TEMPORAL_NAMESPACE`; default: default]
    #[arg(long, short = 'n')]
    namespace: Option<String>,

    /// Poll this task queue; may be given several times [env: `TEMPORAL_TASK_QUEUE`; default: aura]
    #[arg(long, value_name = "QUEUE")]
    task_queue: Vec<String>,

    /// Connect to this server [env: `TEMPORAL_ADDRESS`; default: localhost:7233]
    #[arg(long, visible_alias = "server-address", value_name = "HOST:PORT")]
    address: Option<String>,

    /// Keep the audit trail in `memory`, `sqlite` or `sqlite:PATH` [env: `AURAD_AUDIT_TRAIL`;
    /// default: memory]
    #[arg(long, value_name = "BACKEND")]
    audit_trail: Option<String>,

    /// Keep the sqlite audit trail in this file [env: `AURAD_AUDIT_DB_PATH`]
    #[arg(long, value_name = "FILE")]
    audit_db_path: Option<PathBuf>,

    /// Let running activities finish for so long when asked to stop
    /// [env: `AURAD_GRACE_PERIOD`; default: 30s]
    #[arg(long, value_name = "DURATION")]
    grace_period: Option<String>,

    /// Give up when no server answers for so long [env: `AURAD_CONNECT_TIMEOUT`;
    /// default: unlimited]
    #[arg(long, value_name = "DURATION")]
    connect_timeout: Option<String>,

    /// Print every setting with its source, and log more
    #[arg(long)]
    verbose: bool,
}

impl From<Args> for Flags {
    fn from(args: Args) -> Self {
        let Args {
            config,
            namespace,
            task_queue,
            address,
            audit_trail,
            audit_db_path,
            grace_period,
            connect_timeout,
            verbose,
        } = args;
        Self {
            config,
            namespace,
            task_queue,
            address,
            audit_trail,
            audit_db_path,
            verbose,
            grace_period,
            connect_timeout,
        }
    }
}
