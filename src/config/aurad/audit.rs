//! Where the audit trail is kept: two settings that can both name its file. It leaves
//! out opening it.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::config::error::{DefaultFile, Error};
use crate::config::invalid::Invalid;
use crate::config::source::{Layer, Setting};
use crate::config::spec::Context;
use crate::config::value::{locate, text};

/// Where the audit trail is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditBackend {
    /// In memory, lost when the daemon stops.
    Memory,
    /// In this file.
    Sqlite(PathBuf),
    /// With the epochs themselves: each run answers for its own events.
    Temporal,
}

impl fmt::Display for AuditBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory"),
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Temporal => f.write_str("temporal"),
        }
    }
}

/// What `audit_trail` says by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trail {
    Memory,
    Sqlite(Option<PathBuf>),
    Temporal,
}

/// The trail where nobody says anything beside an engine that keeps a file as well.
pub(super) const BESIDE_ENGINE: Trail = Trail::Sqlite(None);

pub(super) fn trail(words: &[OsString], context: Context<'_>) -> Result<Trail, Invalid> {
    let text = text(words)?;
    match text {
        "memory" => return Ok(Trail::Memory),
        "sqlite" => return Ok(Trail::Sqlite(None)),
        "temporal" => return Ok(Trail::Temporal),
        _ => {}
    }
    match text.strip_prefix("sqlite:") {
        Some(path) => match locate(Path::new(path), context) {
            Ok(path) => Ok(Trail::Sqlite(Some(path))),
            Err(Invalid {
                fault, why, hint, ..
            }) => Err(Invalid::new(text, fault, why, hint)),
        },
        None => Err(Invalid::new(
            text,
            "is no audit trail",
            "valid: memory, sqlite, sqlite:PATH, temporal",
            "use sqlite, for example",
        )),
    }
}

/// The backend that both settings together mean. A path from a stronger source than the
/// trail's own wins over it: who types `--audit-db-path` does not look into the file.
pub(super) fn backend(
    trail: &Setting<Trail>,
    path: &Setting<Option<PathBuf>>,
) -> Result<AuditBackend, Error> {
    match &trail.value {
        Trail::Memory => Ok(AuditBackend::Memory),
        Trail::Temporal => Ok(AuditBackend::Temporal),
        Trail::Sqlite(Some(own)) if !path.source.outranks(&trail.source) => {
            Ok(AuditBackend::Sqlite(own.clone()))
        }
        Trail::Sqlite(_) => path
            .value
            .clone()
            .map(AuditBackend::Sqlite)
            .ok_or(Error::NoPlace(DefaultFile::AuditTrail)),
    }
}

/// A word on a path that has no effect, unless that is plainly meant: because another one
/// stands beside it, or because nobody chose the backend that it is for.
pub(super) fn unused_path(
    trail: &Setting<Trail>,
    path: &Setting<Option<PathBuf>>,
) -> Option<String> {
    let shown = path.value.as_ref()?.display();
    let same = path.source.layer() == trail.source.layer();
    let stronger = path.source.outranks(&trail.source);
    match &trail.value {
        _ if path.source.layer() == Layer::Default => None,
        Trail::Memory | Trail::Temporal if stronger => Some(format!(
            "audit_db_path {shown} ({}) is not used: the audit trail is kept {} ({}); \
             say sqlite there to keep it in the file",
            path.source,
            match trail.value {
                Trail::Temporal => "by the epochs themselves",
                _ => "in memory",
            },
            trail.source
        )),
        Trail::Sqlite(Some(own)) if same && path.value.as_ref() != Some(own) => Some(format!(
            "audit_db_path {shown} ({}) is not used: audit_trail names {} ({})",
            path.source,
            own.display(),
            trail.source
        )),
        Trail::Memory | Trail::Sqlite(_) | Trail::Temporal => None,
    }
}
