//! Asking epochs for their own audit events, run by run: an epoch with a long history goes
//! on in further runs, and each answers for what happened in it as long as the server
//! keeps its history.

use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::workflowservice::v1::ListWorkflowExecutionsRequest;

use super::call::{Client, json, read};
use super::error::Error;
use crate::contract::audit::{AuditPage, AuditRequest};
use crate::contract::names::{self, query};

/// How many runs are listed at once.
const PAGE: i32 = 1_000;

/// The runs of an epoch, by what they say of each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// The runs, the earliest first.
    pub runs: Vec<String>,
    /// The run before the first of these, which the server has forgotten.
    pub forgotten: Option<String>,
}

impl Client {
    /// A part of the events of one run; an empty id means the latest.
    pub async fn audit_page(
        &self,
        epoch_id: &str,
        run_id: &str,
        from: u64,
    ) -> Result<AuditPage, Error> {
        let run = WorkflowExecution {
            workflow_id: epoch_id.to_owned(),
            run_id: run_id.to_owned(),
        };
        let argument = json(&AuditRequest { from });
        let answer = self
            .ask_run(&run, query::AUDIT_EVENTS, Some(argument))
            .await
            .map_err(|status| self.error(epoch_id, status))?;
        read(epoch_id, &answer)
    }

    /// The runs of an epoch from the latest back to the first that the server remembers.
    pub async fn audit_chain(&self, epoch_id: &str) -> Result<Chain, Error> {
        let mut chain = Chain::default();
        let mut run_id = String::new();
        loop {
            // From far behind: no events are wanted yet.
            let page = match self.audit_page(epoch_id, &run_id, u64::MAX).await {
                Err(Error::NotFound { .. }) if !run_id.is_empty() => {
                    chain.forgotten = Some(run_id);
                    break;
                }
                page => page?,
            };
            chain.runs.push(page.run_id);
            match page.previous_run_id {
                Some(previous) => run_id = previous,
                None => break,
            }
        }
        chain.runs.reverse();
        Ok(chain)
    }

    /// Whether the latest run of an epoch is open.
    pub async fn is_open(&self, epoch_id: &str) -> Result<bool, Error> {
        Ok(self.ending(epoch_id).await?.is_none())
    }

    /// Every run of every epoch, or of one, that the server lists: the epoch's id and the
    /// run's. What has just begun may not be listed yet.
    pub async fn listed_runs(
        &self,
        epoch_id: Option<&str>,
    ) -> Result<Vec<(String, String)>, Error> {
        let mut conditions = vec![format!("WorkflowType = '{}'", names::EPOCH_WORKFLOW)];
        if let Some(epoch_id) = epoch_id {
            conditions.push(format!("WorkflowId = '{}'", epoch_id.replace('\'', "''")));
        }
        let mut message = ListWorkflowExecutionsRequest {
            namespace: self.namespace.clone(),
            page_size: PAGE,
            query: conditions.join(" AND "),
            ..Default::default()
        };
        let mut runs = Vec::new();
        loop {
            let page = self.page(&message).await;
            let page = page.map_err(|status| self.called(status))?;
            let found = page.executions.into_iter();
            let named = found.filter_map(|info| info.execution);
            runs.extend(named.map(|run| (run.workflow_id, run.run_id)));
            if page.next_page_token.is_empty() {
                return Ok(runs);
            }
            message.next_page_token = page.next_page_token;
        }
    }
}
