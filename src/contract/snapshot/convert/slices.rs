//! Slices: their snapshot is what queries show of them, and a little more.

use super::SnapshotError;
use crate::contract::snapshot::SliceSnapshot;
use crate::protocol::id::SliceId;
use crate::protocol::slice::{Slice, SliceOutcome};

impl From<&Slice> for SliceSnapshot {
    fn from(slice: &Slice) -> Self {
        Self {
            view: slice.into(),
            success: slice.outcome.as_ref().map(|outcome| outcome.success),
            declared_at: slice.declared_at.into(),
        }
    }
}

impl TryFrom<SliceSnapshot> for Slice {
    type Error = SnapshotError;

    fn try_from(snapshot: SliceSnapshot) -> Result<Self, SnapshotError> {
        let SliceSnapshot {
            view,
            success,
            declared_at,
        } = snapshot;
        let id =
            |text: &str| SliceId::parse(text).map_err(|error| SnapshotError::new("slices", error));
        let dependencies: Result<Vec<SliceId>, _> =
            view.dependencies.iter().map(|text| id(text)).collect();
        let outcome = success.map(|success| SliceOutcome {
            success,
            output: view.output.unwrap_or_default(),
            error: view.error,
            code: view.code,
            log: view.log,
            worktree: view.worktree,
            host: view.host,
        });
        Ok(Self {
            id: id(&view.slice_id)?,
            dependencies: dependencies?,
            leaf_task_ids: view.leaf_task_ids,
            config: view.config.into(),
            phase_spec: view.phase_spec,
            state: view.state,
            attempt: view.attempt,
            stopping: view.stopping,
            outcome,
            reason: view.reason,
            declared_at: declared_at.into(),
            changed_at: view.changed_at.into(),
        })
    }
}
