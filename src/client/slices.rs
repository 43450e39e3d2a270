//! Asking after slices and sessions.

use super::call::Client;
use super::error::Error;
use crate::contract::epoch::{SessionRegisterSignal, SliceProgressSignal};
use crate::contract::names::query;
use crate::contract::slice::SliceStateResult;

impl Client {
    /// What an epoch was told of its slices' leaf tasks, in order of arrival.
    pub async fn slice_progress(&self, epoch_id: &str) -> Result<Vec<SliceProgressSignal>, Error> {
        self.query(epoch_id, query::SLICE_PROGRESS_STATE).await
    }

    /// The active sessions as they announced themselves, in order of arrival.
    pub async fn sessions(&self, epoch_id: &str) -> Result<Vec<SessionRegisterSignal>, Error> {
        self.query(epoch_id, query::ACTIVE_SESSIONS).await
    }

    /// What a slice's own workflow knows; none where there is no such workflow.
    pub async fn slice_state(&self, workflow_id: &str) -> Result<Option<SliceStateResult>, Error> {
        match self.query(workflow_id, query::SLICE_STATE).await {
            Ok(state) => Ok(Some(state)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
