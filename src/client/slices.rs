//! Asking after slices, and waiting for what becomes of them. A slice takes as long as
//! its work does, so a wait may have no limit: then each look has one of its own.

use std::time::{Duration, Instant};

use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus;

use super::call::{Client, words};
use super::deadline::Deadline;
use super::epoch::{FIRST_LOOK, LATER_LOOKS};
use super::error::Error;
use crate::contract::epoch::{SessionRegisterSignal, SliceProgressSignal};
use crate::contract::names::query;
use crate::contract::query::QueryStateResult;
use crate::contract::slice::SliceStateResult;
use crate::protocol::Word;

/// How long a wait goes on while nobody answers: a daemon may be restarted meanwhile.
const PATIENCE: Duration = Duration::from_mins(2);

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

    /// Looks at an epoch's state until something is found in it. With a limit, the deadline
    /// holds for the whole wait; without one, for each look. An epoch that has closed is
    /// looked at once more, and then given up.
    pub async fn watch<T>(
        mut self,
        epoch_id: &str,
        target: &str,
        has_limit: bool,
        mut find: impl FnMut(&QueryStateResult) -> Option<T>,
    ) -> Result<T, Error> {
        let whole = self.deadline;
        let mut heard = Instant::now();
        let mut look = FIRST_LOOK;
        let mut closed = None;
        loop {
            if !has_limit {
                self.deadline = Deadline::after(whole.limit());
            }
            match self.state(epoch_id).await {
                Ok(state) => {
                    heard = Instant::now();
                    if let Some(found) = find(&state) {
                        return Ok(found);
                    }
                    if let Some(closed) = closed.take() {
                        return Err(closed);
                    }
                    closed = self.closed(epoch_id).await;
                    if closed.is_some() {
                        continue;
                    }
                    if has_limit && look >= whole.left() {
                        return Err(Error::WaitedInVain {
                            workflow_id: epoch_id.to_owned(),
                            target: target.to_owned(),
                            limit: whole.limit(),
                            phase: state.current_phase.word().to_owned(),
                        });
                    }
                }
                Err(Error::NoAnswer { .. } | Error::Unreachable { .. })
                    if heard.elapsed() < PATIENCE && !(has_limit && look >= whole.left()) => {}
                Err(error) => return Err(error),
            }
            tokio::time::sleep(look).await;
            look = (look * 2).min(LATER_LOOKS);
        }
    }

    /// That an execution is over, if it is.
    async fn closed(&self, workflow_id: &str) -> Option<Error> {
        let status = self.describe(workflow_id).await.ok()?.status();
        (status != WorkflowExecutionStatus::Running).then(|| Error::Closed {
            workflow_id: workflow_id.to_owned(),
            status: words(status),
        })
    }
}
