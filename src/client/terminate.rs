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
    /// children were ended.
    pub async fn terminate(&self, workflow_id: &str, reason: &str) -> Result<usize, Error> {
        self.terminate_one(workflow_id, reason).await?;
        self.terminate_children(workflow_id, Some(""), None, reason)
            .await
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
                .map_err(|status| self.error(epoch_id, status))?;
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
                Error::Closed { status, .. }
                    if repeated && status == words(WorkflowExecutionStatus::Terminated) =>
                {
                    Ok(())
                }
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
            let mut service = self.service();
            let page = match self
                .within(service.list_workflow_executions(self.request(message.clone())))
                .await
            {
                Ok(page) => page,
                // Where the attribute does not exist, no child has it.
                Err(status) if meaning(&status) == Meaning::UnknownAttribute => {
                    return Ok(children);
                }
                Err(status) => return Err(self.error(epoch_id, status)),
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

fn is_child(kind: &str) -> bool {
    matches!(kind, names::SLICE_WORKFLOW | names::REVIEW_WORKFLOW)
}
