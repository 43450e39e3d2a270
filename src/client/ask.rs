//! Queries: asked again while the server is busy with another one, and while a workflow's
//! task is late or has to be done again. It tells a workflow that cannot go on from one
//! that merely has not yet.

use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use temporalio_client::tonic::Status;
use temporalio_common::protos::temporal::api::common::v1::{Payload, Payloads, WorkflowExecution};
use temporalio_common::protos::temporal::api::enums::v1::{EventType, WorkflowTaskFailedCause};
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    GetWorkflowExecutionHistoryReverseRequest, QueryWorkflowRequest,
};

use super::call::{Client, execution, read};
use super::deadline::BRIEF;
use super::error::Error;
use super::status::{Meaning, meaning};

/// A workflow task that has failed for so long is not going to recover by itself.
const RECOVERY: Duration = Duration::from_secs(3);
/// Between two looks at a task that is late.
const LOOK: Duration = Duration::from_millis(250);
/// Events of the end of a history, in which a task's failure is looked for.
const EVENTS: i32 = 100;

impl Client {
    /// Asks a query, again while the server is busy with another one of this workflow. A
    /// task that fails is given a moment: continue-as-new fails it, harmlessly, whenever a
    /// message arrives meanwhile, and a stream of messages does so several times running.
    /// After that moment the server's word that the task is failing is checked, since it
    /// says the same of a task that was lost with its worker several times.
    pub(super) async fn ask(
        &self,
        workflow_id: &str,
        query: &str,
        argument: Option<Payload>,
    ) -> Result<Payload, Status> {
        self.ask_run(&execution(workflow_id), query, argument).await
    }

    /// The same of one run.
    pub(super) async fn ask_run(
        &self,
        run: &WorkflowExecution,
        query: &str,
        argument: Option<Payload>,
    ) -> Result<Payload, Status> {
        let asked = Instant::now();
        let mut stuck = None;
        let mut before = None;
        loop {
            // While the task is between two failures, the server holds the query.
            let patience = match stuck {
                None => self.deadline.left(),
                Some(_) => RECOVERY.saturating_sub(asked.elapsed()),
            };
            let is_brief = patience < BRIEF;
            let call = self.ask_once(run, query, argument.clone());
            let status = match tokio::time::timeout(patience, call).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(status)) => status,
                Err(_) => Status::deadline_exceeded("no answer in time"),
            };
            match meaning(&status) {
                Meaning::Stuck if asked.elapsed() < RECOVERY => {
                    if !self.deadline.pause().await {
                        return Err(status);
                    }
                    stuck = Some(status);
                }
                Meaning::Stuck => {
                    if self.is_failing(run).await {
                        return Err(status);
                    }
                    if !self.deadline.sleep(LOOK).await {
                        return Err(Status::deadline_exceeded("its workflow task is late"));
                    }
                    stuck = None;
                }
                Meaning::OutOfTime => match stuck.take() {
                    // A server holds a question for so long and no longer.
                    None if self.deadline.pause().await => before = None,
                    // What the tries before this short one were told says more.
                    None => return Err(before.filter(|_| is_brief).unwrap_or(status)),
                    Some(status) if self.deadline.has_passed() || self.is_failing(run).await => {
                        return Err(status);
                    }
                    Some(_) => {}
                },
                _ if self.may_repeat(&status).await => before = Some(status),
                _ => return Err(status),
            }
        }
    }

    async fn ask_once(
        &self,
        run: &WorkflowExecution,
        query: &str,
        argument: Option<Payload>,
    ) -> Result<Payload, Status> {
        let message = QueryWorkflowRequest {
            namespace: self.namespace.clone(),
            execution: Some(run.clone()),
            query: Some(WorkflowQuery {
                query_type: query.to_owned(),
                query_args: argument.map(|payload| Payloads {
                    payloads: vec![payload],
                }),
                ..Default::default()
            }),
            ..Default::default()
        };
        let mut service = self.service();
        let answer = self
            .within(service.query_workflow(self.request(message)))
            .await?;
        let payloads = answer.query_result.unwrap_or_default().payloads;
        Ok(payloads.into_iter().next().unwrap_or_default())
    }

    /// Whether a workflow's task fails for a reason of its own, since it was last done. A
    /// server that does not tell is believed, unless there is no time left for it to tell.
    pub(super) async fn is_failing(&self, run: &WorkflowExecution) -> bool {
        let message = GetWorkflowExecutionHistoryReverseRequest {
            namespace: self.namespace.clone(),
            execution: Some(run.clone()),
            maximum_page_size: EVENTS,
            ..Default::default()
        };
        let mut service = self.service();
        let page = self
            .within(service.get_workflow_execution_history_reverse(self.request(message)))
            .await;
        let Ok(page) = page else {
            return !self.deadline.has_passed();
        };
        let latest_first = page.history.unwrap_or_default().events;
        latest_first
            .iter()
            .take_while(|event| event.event_type() != EventType::WorkflowTaskCompleted)
            .any(is_own_failure)
    }

    /// Asks a query and reads its answer.
    pub async fn query<T: DeserializeOwned>(
        &self,
        workflow_id: &str,
        query: &str,
    ) -> Result<T, Error> {
        let payload = self
            .ask(workflow_id, query, None)
            .await
            .map_err(|status| self.error(workflow_id, status))?;
        read(workflow_id, &payload)
    }
}

/// Whether a task failed, and not merely because the server had to have it done again.
fn is_own_failure(event: &HistoryEvent) -> bool {
    use WorkflowTaskFailedCause::{
        FailoverCloseCommand, ForceCloseCommand, ResetStickyTaskQueue, ResetWorkflow,
        UnhandledCommand,
    };
    let Some(Attributes::WorkflowTaskFailedEventAttributes(failed)) = &event.attributes else {
        return false;
    };
    !matches!(
        failed.cause(),
        UnhandledCommand
            | ForceCloseCommand
            | FailoverCloseCommand
            | ResetWorkflow
            | ResetStickyTaskQueue
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::fake::{Query, client};
    use super::*;
    use crate::protocol::PhaseId;

    #[tokio::test]
    async fn a_server_that_gives_a_question_up_too_soon_is_asked_again() {
        let query = |number| {
            if number < 2 {
                Query::GivenUp
            } else {
                Query::Answered
            }
        };
        let client = client(Duration::from_mins(1), query).await;
        assert_eq!(client.state("e").await.unwrap().current_phase, PhaseId::P1);
    }

    #[tokio::test]
    async fn a_last_try_without_an_answer_does_not_hide_that_the_server_was_away() {
        let query = |number| if number < 2 { Query::Away } else { Query::Held };
        let client = client(Duration::from_millis(500), query).await;
        let error = client.state("e").await.unwrap_err();
        assert!(matches!(error, Error::Unreachable { .. }), "{error}");
    }
}
