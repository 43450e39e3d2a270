//! Whether Temporal decides by the daemon's version which executions are its to work on. It
//! leaves out what that version is (`deployment_name`, `build_id`).

use std::ffi::OsString;

use crate::config::env;
use crate::config::error::{Error, Problem};
use crate::config::invalid::Invalid;
use crate::config::source::Setting;
use crate::config::spec::{Context, Shape, Spec};
use crate::config::value;
use crate::protocol::words::words;

words! {
    /// Temporal's worker versioning, and what becomes of an execution when another version
    /// becomes the current one.
    WorkerVersioning as "kind of worker versioning" {
        /// Any worker of the queue works on any execution.
        Off = "off",
        /// An execution goes on with the version that is current.
        AutoUpgrade = "auto-upgrade",
        /// A run stays with the version that it began with, to its end.
        Pinned = "pinned",
    }
}

pub(super) static WORKER_VERSIONING: Spec<WorkerVersioning> = Spec {
    key: "worker_versioning",
    alias: None,
    flag: "--worker-versioning",
    env: &[env::AURAD_WORKER_VERSIONING],
    shape: Shape::Text,
    parse: versioning,
    default: |_| WorkerVersioning::Off,
};

fn versioning(words: &[OsString], _: Context<'_>) -> Result<WorkerVersioning, Invalid> {
    value::one_of(
        value::text(words)?,
        "",
        "write auto-upgrade to have open epochs go on with a new version, or leave it out",
    )
}

/// The engine gives every task to any worker.
pub(super) fn check_server(
    versioning: &Setting<WorkerVersioning>,
    is_beside_engine: bool,
) -> Result<(), Error> {
    if versioning.value == WorkerVersioning::Off || !is_beside_engine {
        return Ok(());
    }
    Err(Problem::error(
        format!(
            "{} {} ({}) cannot be had with --embedded",
            WORKER_VERSIONING.key, versioning.value, versioning.source
        ),
        "the engine knows no versions of workers, and gives every task to any of them",
        "leave it out, or connect to a Temporal server with --address",
    ))
}
