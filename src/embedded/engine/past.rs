//! What the engine must look up of runs that it no longer has in memory, or of an open
//! run's history. All that it asks for was committed before.

use std::fmt;

use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;

use super::error::Answer;
use crate::embedded::store::{RunKey, RunRow};

/// Committed history.
pub(in crate::embedded) trait Past: fmt::Debug + Send + Sync {
    /// The newest run of a workflow id.
    fn current(&self, namespace: &str, workflow_id: &str) -> Answer<Option<RunRow>>;

    /// One run.
    fn run(&self, namespace: &str, workflow_id: &str, run_id: &str) -> Answer<Option<RunRow>>;

    /// One event.
    fn event(&self, run: RunKey, event_id: i64) -> Answer<Option<HistoryEvent>>;
}
