//! Waiting for what becomes of an epoch. Work takes as long as it does, so a wait may have no
//! limit: then each look has one of its own.

use std::time::{Duration, Instant};

use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus;

use super::call::{Client, words};
use super::deadline::{BRIEF, Deadline};
use super::epoch::{FIRST_LOOK, LATER_LOOKS};
use super::error::Error;
use crate::contract::query::QueryStateResult;
use crate::protocol::{PhaseId, Word};

/// How long a wait goes on while nobody answers: a daemon may be restarted meanwhile.
const PATIENCE: Duration = Duration::from_mins(2);

impl Client {
    /// Waits until an epoch has been in a phase, or has completed.
    pub async fn wait(&self, epoch_id: &str, until: PhaseId) -> Result<QueryStateResult, Error> {
        let been = |state: &QueryStateResult| {
            let more = state.more.as_ref();
            state.current_phase == until
                || more.is_some_and(|more| more.completed_phases.contains(&until))
        };
        let client = self.until(self.deadline);
        client
            .watch(epoch_id, &until.to_string(), true, |state| {
                been(state).then(|| state.clone())
            })
            .await
    }

    /// Looks at an epoch's state until something is found in it. With a limit, the deadline
    /// holds for the whole wait; without one, for each look. An epoch that has closed is
    /// looked at once more, and then given up. The last look of a wait may have so little time
    /// that no answer to it says nothing of the workers, if they answered the ones before.
    pub async fn watch<T>(
        mut self,
        epoch_id: &str,
        target: &str,
        has_limit: bool,
        mut find: impl FnMut(&QueryStateResult) -> Option<T>,
    ) -> Result<T, Error> {
        let whole = self.deadline;
        let in_vain = |phase: PhaseId| Error::WaitedInVain {
            workflow_id: epoch_id.to_owned(),
            target: target.to_owned(),
            limit: whole.limit(),
            phase: phase.word().to_owned(),
        };
        let mut heard = Instant::now();
        let mut look = FIRST_LOOK;
        let mut closed = None;
        let mut last = None;
        loop {
            if !has_limit {
                self.deadline = Deadline::after(whole.limit());
            }
            let is_brief = self.deadline.left() < BRIEF;
            let is_last = || has_limit && look >= whole.left();
            match self.state(epoch_id).await {
                Ok(state) => {
                    heard = Instant::now();
                    last = Some(state.current_phase);
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
                    if is_last() {
                        return Err(in_vain(state.current_phase));
                    }
                }
                Err(Error::NoAnswer { .. } | Error::Unreachable { .. })
                    if heard.elapsed() < PATIENCE && !is_last() => {}
                Err(error) => {
                    return Err(match last {
                        Some(phase) if is_brief && matches!(error, Error::NoAnswer { .. }) => {
                            in_vain(phase)
                        }
                        _ => error,
                    });
                }
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

#[cfg(test)]
mod tests {
    use super::super::fake::{Query, client};
    use super::*;

    /// Less than is brief, so that the last look is, however slow the machine.
    const LIMIT: Duration = Duration::from_millis(500);

    async fn waited(answered: usize) -> Error {
        let query = move |number| {
            if number < answered {
                Query::Answered
            } else {
                Query::Held
            }
        };
        let client = client(LIMIT, query).await;
        client.wait("e", PhaseId::P2).await.unwrap_err()
    }

    #[tokio::test]
    async fn a_last_look_without_an_answer_says_nothing_of_workers_that_answered_before() {
        let error = waited(1).await.to_string();
        assert_eq!(error, "'e' did not reach p2 within 500ms; it is in p1");
        let error = waited(0).await.to_string();
        assert_eq!(error, "no worker answered for 'e' within 500ms");
    }
}
