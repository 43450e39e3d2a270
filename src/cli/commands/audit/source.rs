//! Where the trail is that a command reads: a file, which needs neither server nor daemon,
//! or an epoch that answers for its own events.

use std::path::PathBuf;

use clap::Args;

use crate::audit::{Error, Sqlite};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::config::{AuditBackend, Source as Origin};

#[derive(Debug, Args)]
pub(super) struct SourceArgs {
    #[arg(
        long,
        value_name = "FILE",
        help = "Read this file [default: as aurad is configured: audit_trail, audit_db_path]"
    )]
    db: Option<PathBuf>,

    #[arg(
        long,
        conflicts_with = "db",
        help = "Ask the epoch itself instead; it needs a server and a worker"
    )]
    from_epoch: bool,
}

/// Where the trail is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// In a file.
    File(PathBuf),
    /// With the epochs.
    Epochs,
}

impl SourceArgs {
    /// What the words and the configuration say.
    pub(super) fn find(&self, context: &Context<'_>) -> Result<Source, Failure> {
        if self.from_epoch {
            return Ok(Source::Epochs);
        }
        find(self.db.as_ref(), context)
    }
}

/// The file that is named, or what the configuration says.
pub(super) fn find(db: Option<&PathBuf>, context: &Context<'_>) -> Result<Source, Failure> {
    if let Some(path) = db {
        return Ok(Source::File(path.clone()));
    }
    let trail = context.audit_trail()?;
    match trail.value {
        AuditBackend::Sqlite(path) => Ok(Source::File(path)),
        AuditBackend::Temporal => Ok(Source::Epochs),
        AuditBackend::Memory => Err(in_memory(&trail.source)),
    }
}

fn in_memory(source: &Origin) -> Failure {
    Failure::new(
        Kind::Configuration,
        "trail_in_memory",
        "there is no audit trail to read",
        format!("aurad keeps it in memory ({source}), where nobody else can read it"),
        "nothing was read",
        "name a file with --db, or ask an epoch itself with audit list --from-epoch",
    )
}

/// A file that cannot be read.
pub(super) fn unreadable(error: &Error) -> Failure {
    let missing = matches!(error, Error::Missing { .. });
    Failure::new(
        Kind::Configuration,
        if missing {
            "trail_missing"
        } else {
            "trail_unreadable"
        },
        "the audit trail cannot be read",
        error.to_string(),
        "nothing was read; epochs are not affected",
        "name the file that aurad writes with --db, or ask an epoch itself with audit list \
         --from-epoch",
    )
}

/// Does something with a file, which blocks, without being deaf to Ctrl-C meanwhile.
pub(super) async fn blocking<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(&Sqlite) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(move || work(&Sqlite::new(path)))
        .await
        .map_err(Failure::internal)?
}
