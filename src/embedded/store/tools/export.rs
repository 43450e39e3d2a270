//! One run's history as the API has it, for replays and for reading.

use std::path::Path;

use temporalio_common::protos::temporal::api::history::v1::History;

use super::Error;
use crate::embedded::store::Limit;
use crate::embedded::store::read;

const ALL: Limit = Limit {
    events: usize::MAX,
    bytes: usize::MAX,
};

/// The whole history of a run, by default of the one that is open, else of the newest.
pub(in crate::embedded) fn export_history(
    path: &Path,
    namespace: &str,
    workflow_id: &str,
    run_id: Option<&str>,
) -> Result<History, Error> {
    let (path, connection) = super::open(path)?;
    let fail = |error| Error::of_sqlite(&path, &error);
    let moment = connection.unchecked_transaction().map_err(fail)?;
    let run = match run_id {
        Some(run_id) => read::run(&moment, namespace, workflow_id, run_id),
        None => read::current(&moment, namespace, workflow_id),
    };
    let run = run.map_err(fail)?.ok_or_else(|| Error::NoSuchRun {
        path: path.clone(),
        namespace: namespace.to_owned(),
        workflow_id: workflow_id.to_owned(),
        run_id: run_id.map(str::to_owned),
    })?;
    let events = read::events(&moment, run.key, 1, ALL).map_err(fail)?;
    Ok(History { events })
}
