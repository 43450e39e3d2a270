//! What can be done with an engine's file without an engine: look whether it is whole, copy
//! it, give its free room back, take a history out. Only the third needs the file for itself.

use std::path::Path;

use temporalio_common::protos::temporal::api::history::v1::History;

use super::store::{self, tools};

/// Why nothing came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// What is wrong.
    pub why: String,
    /// What to do about it.
    pub fix: String,
}

impl From<store::Error> for Failed {
    fn from(error: store::Error) -> Self {
        // The store's messages end with what to do, after a semicolon.
        let text = error.to_string();
        let (why, fix) = text.rsplit_once("; ").unwrap_or((&text, ""));
        Self {
            why: why.to_owned(),
            fix: fix.to_owned(),
        }
    }
}

/// What a check looked at, and what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The version of the file's schema.
    pub schema: i64,
    /// Runs that were looked at.
    pub runs: u64,
    /// Those of them that are open.
    pub open: u64,
    /// Events that were looked at.
    pub events: u64,
    /// What is wrong, each in a sentence.
    pub problems: Vec<String>,
}

/// Looks at every page and every event, while an engine may be writing.
pub fn check(database: &Path) -> Result<Checked, Failed> {
    let report = tools::check(database)?;
    Ok(Checked {
        schema: report.schema,
        runs: report.runs,
        open: report.open,
        events: report.events,
        problems: report.problems.iter().map(ToString::to_string).collect(),
    })
}

/// Copies the file as it is at one moment to a new one, while an engine may be writing.
/// Gives the copy's size in bytes.
pub fn backup(database: &Path, to: &Path) -> Result<u64, Failed> {
    Ok(tools::backup(database, to)?)
}

/// Gives free room back to the file system, while no engine runs. Gives the size in bytes
/// before and after.
pub fn compact(database: &Path) -> Result<(u64, u64), Failed> {
    let compacted = tools::compact(database)?;
    Ok((compacted.before, compacted.after))
}

/// The history of a run, by default of a workflow's newest.
pub fn export_history(
    database: &Path,
    namespace: &str,
    workflow_id: &str,
    run_id: Option<&str>,
) -> Result<History, Failed> {
    Ok(tools::export_history(
        database,
        namespace,
        workflow_id,
        run_id,
    )?)
}

#[cfg(test)]
mod tests {
    use super::Failed;
    use crate::embedded::store::Error;

    #[test]
    fn a_message_is_divided_where_its_advice_begins() {
        let failed = Failed::from(Error::Locked {
            path: "/e.db".into(),
            pid: Some(7),
        });
        assert_eq!(failed.why, "the database /e.db is in use by process 7");
        assert_eq!(failed.fix, "stop that process, or name another file");
    }
}
