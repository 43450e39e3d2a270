//! Ending an epoch with its children, at once. The server ends the epoch alone, so the
//! children are looked for.

use std::collections::BTreeSet;

use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus;
use temporalio_common::protos::temporal::api::workflow::v1::WorkflowExecutionInfo;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    ListWorkflowExecutionsRequest, TerminateWorkflowExecutionRequest,
};

use super::call::{Client, execution, words};
use super::error::Error;
use super::status::{Meaning, meaning};
use crate::contract::names;

/// How many workflows are listed at once.
const PAGE: i32 = 1_000;

impl Client {
    /// Ends an epoch and its children at once, without their say; answers with how many
    /// children were ended. Of an epoch that was terminated before, it ends the children that
    /// were left.
    pub async fn terminate(&self, workflow_id: &str, reason: &str) -> Result<usize, Error> {
        let before = match self.terminate_one(workflow_id, reason).await {
            Ok(()) => None,
            Err(closed) if is_terminated(&closed) => Some(closed),
            Err(error) => return Err(error),
        };
        let children = self
            .terminate_children(workflow_id, Some(""), None, reason)
            .await
            .map_err(|error| unfinished(workflow_id, None, &error))?;
        match before {
            Some(closed) if children == 0 => Err(closed),
            _ => Ok(children),
        }
    }

    /// Ends the children of an epoch, but not those that its run `but` has started. Where
    /// a run has been `closed` just now, it is asked too: the list of children lags behind.
    pub(super) async fn terminate_children(
        &self,
        epoch_id: &str,
        closed: Option<&str>,
        but: Option<&str>,
        reason: &str,
    ) -> Result<usize, Error> {
        let mut children = self.listed_children(epoch_id, but).await?;
        if let Some(run_id) = closed {
            let run = self
                .describe_run(epoch_id, run_id)
                .await
                .map_err(|status| self.unseen(epoch_id, status))?;
            let pending = run.pending_children.into_iter();
            children.extend(
                pending
                    .filter(|child| is_child(&child.workflow_type_name))
                    .map(|child| child.workflow_id),
            );
        }
        let mut ended = 0;
        for child in children {
            match self.terminate_one(&child, reason).await {
                Ok(()) => ended += 1,
                // It ended by itself meanwhile.
                Err(Error::NotFound { .. } | Error::Closed { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(ended)
    }

    async fn terminate_one(&self, workflow_id: &str, reason: &str) -> Result<(), Error> {
        let message = TerminateWorkflowExecutionRequest {
            namespace: self.namespace.clone(),
            workflow_execution: Some(execution(workflow_id)),
            reason: reason.to_owned(),
            identity: self.identity.clone(),
            ..Default::default()
        };
        let mut repeated = false;
        loop {
            let mut service = self.service();
            let done = self
                .within(service.terminate_workflow_execution(self.request(message.clone())))
                .await;
            let Err(status) = done else { return Ok(()) };
            if self.may_repeat(&status).await {
                repeated = true;
                continue;
            }
            return match self.unchanged(workflow_id, None, status).await {
                // By the call whose answer was lost.
                error if repeated && is_terminated(&error) => Ok(()),
                error => Err(error),
            };
        }
    }

    /// The epoch's children that the server lists as open, but not those that its run `but`
    /// has started. The attribute is searched word by word, so the list has epochs with
    /// similar ids in it, and their children: what each says of itself decides.
    async fn listed_children(
        &self,
        epoch_id: &str,
        but: Option<&str>,
    ) -> Result<BTreeSet<String>, Error> {
        let quoted = epoch_id.replace('\'', "''");
        let mut message = ListWorkflowExecutionsRequest {
            namespace: self.namespace.clone(),
            page_size: PAGE,
            query: format!(
                "{} = '{quoted}' AND ExecutionStatus = 'Running'",
                names::search_attribute::EPOCH_ID
            ),
            ..Default::default()
        };
        let mut children = BTreeSet::new();
        loop {
            let page = match self.page(&message).await {
                Ok(page) => page,
                // Where the attribute does not exist, no child has it.
                Err(status) if meaning(&status) == Meaning::UnknownAttribute => {
                    return Ok(children);
                }
                Err(status) => return Err(self.called(status)),
            };
            let found = page.executions.into_iter();
            children.extend(found.filter_map(|info| child_of(info, epoch_id, but)));
            if page.next_page_token.is_empty() {
                return Ok(children);
            }
            message.next_page_token = page.next_page_token;
        }
    }
}

/// The workflow id of a child of this epoch, if it is one, and not of the run `but`.
fn child_of(info: WorkflowExecutionInfo, epoch_id: &str, but: Option<&str>) -> Option<String> {
    let kind = info.r#type?.name;
    let attributes = info.search_attributes?.indexed_fields;
    let named = attributes.get(names::search_attribute::EPOCH_ID)?;
    let is_ours = serde_json::from_slice::<String>(&named.data).is_ok_and(|id| id == epoch_id);
    let parent = info.parent_execution.unwrap_or_default().run_id;
    let is_spared = but.is_some_and(|run_id| run_id == parent);
    (is_child(&kind) && is_ours && !is_spared).then_some(info.execution?.workflow_id)
}

/// That an epoch's children may not all have been ended with it.
pub(super) fn unfinished(workflow_id: &str, request_id: Option<&str>, error: &Error) -> Error {
    Error::PerhapsDelivered {
        workflow_id: workflow_id.to_owned(),
        request_id: request_id.map(ToOwned::to_owned),
        why: error.to_string(),
    }
}

fn is_terminated(error: &Error) -> bool {
    let terminated = words(WorkflowExecutionStatus::Terminated);
    matches!(error, Error::Closed { status, .. } if *status == terminated)
}

fn is_child(kind: &str) -> bool {
    matches!(kind, names::SLICE_WORKFLOW | names::REVIEW_WORKFLOW)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use WorkflowExecutionStatus::Terminated;
    use prost::Message as _;
    use temporalio_client::tonic::Status;
    use temporalio_common::protos::temporal::api::workflow::v1::PendingChildExecutionInfo;
    use temporalio_common::protos::temporal::api::workflowservice::v1::{
        DescribeWorkflowExecutionResponse, ListWorkflowExecutionsResponse,
        TerminateWorkflowExecutionResponse,
    };

    use super::super::fake::{described, told};
    use super::*;

    /// Ends an epoch whose child, if it has one, its description tells, with so many lists that
    /// fail before; and how many calls to end something that took.
    async fn ended(was_open: bool, lists: usize, child: bool) -> (Result<usize, Error>, usize) {
        let asked = AtomicUsize::new(0);
        let ends = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&ends);
        let client = told(Duration::from_millis(500), move |rpc| {
            Some(match rpc {
                "ListWorkflowExecutions" if asked.fetch_add(1, Ordering::Relaxed) < lists => {
                    Err(Status::unavailable("it is away"))
                }
                "ListWorkflowExecutions" => {
                    Ok(ListWorkflowExecutionsResponse::default().encode_to_vec())
                }
                "DescribeWorkflowExecution" => Ok(with_child(child)),
                "TerminateWorkflowExecution" => {
                    let number = counted.fetch_add(1, Ordering::Relaxed);
                    if number == 0 && !was_open {
                        Err(Status::not_found("it is not open"))
                    } else {
                        Ok(TerminateWorkflowExecutionResponse::default().encode_to_vec())
                    }
                }
                other => Err(Status::unimplemented(other.to_owned())),
            })
        });
        let ended = client.await.terminate("e", "").await;
        (ended, ends.load(Ordering::Relaxed))
    }

    fn with_child(child: bool) -> Vec<u8> {
        let described = described(Terminated);
        let mut answer = DescribeWorkflowExecutionResponse::decode(&*described).unwrap();
        if child {
            answer.pending_children.push(PendingChildExecutionInfo {
                workflow_id: "slice-e-1".to_owned(),
                workflow_type_name: names::SLICE_WORKFLOW.to_owned(),
                ..PendingChildExecutionInfo::default()
            });
        }
        answer.encode_to_vec()
    }

    #[tokio::test]
    async fn its_children_are_looked_for_until_the_server_tells_them() {
        let (ended, calls) = ended(true, 3, true).await;
        assert_eq!(ended.unwrap(), 1);
        assert_eq!(calls, 2);
    }

    #[tokio::test]
    async fn an_epoch_that_was_ended_is_not_said_to_be_unchanged() {
        let (ended, _) = ended(true, usize::MAX, true).await;
        let error = ended.unwrap_err();
        assert!(matches!(error, Error::PerhapsDelivered { .. }), "{error}");
    }

    #[tokio::test]
    async fn once_more_it_ends_the_children_that_were_left() {
        let (again, calls) = ended(false, 0, true).await;
        assert_eq!(again.unwrap(), 1);
        assert_eq!(calls, 2);
        let (again, _) = ended(false, 0, false).await;
        let error = again.unwrap_err();
        assert!(matches!(error, Error::Closed { .. }), "{error}");
    }
}
