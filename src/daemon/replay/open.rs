//! What is open in a namespace, page by page, and the history of each run. It leaves out the
//! replay.

use std::collections::VecDeque;

use temporalio_client::Client;
use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::{Code, Request, Status};
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    GetWorkflowExecutionHistoryRequest, ListWorkflowExecutionsRequest,
};

use crate::contract::names::{EPOCH_WORKFLOW, REVIEW_WORKFLOW, SLICE_WORKFLOW};

/// How many runs are asked for at once.
const PAGE: i32 = 100;

/// The open runs of a namespace, one after the other. What begins meanwhile is not among them.
pub(super) struct Open {
    client: Client,
    page: VecDeque<WorkflowExecution>,
    /// Where the next page begins; none after the last.
    token: Option<Vec<u8>>,
}

impl Open {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            page: VecDeque::new(),
            token: Some(Vec::new()),
        }
    }

    /// The next run.
    pub(super) async fn next(&mut self) -> Result<Option<WorkflowExecution>, Status> {
        loop {
            if let Some(run) = self.page.pop_front() {
                return Ok(Some(run));
            }
            // A page may be empty and not the last.
            let Some(token) = self.token.take() else {
                return Ok(None);
            };
            let message = ListWorkflowExecutionsRequest {
                namespace: self.client.options().namespace.clone(),
                page_size: PAGE,
                next_page_token: token,
                query: query(),
            };
            let request = Request::new(message);
            let mut client = self.client.clone();
            let answer = WorkflowService::list_workflow_executions(&mut client, request).await?;
            let answer = answer.into_inner();
            let runs = answer.executions.into_iter();
            self.page = runs.filter_map(|run| run.execution).collect();
            self.token = Some(answer.next_page_token).filter(|token| !token.is_empty());
        }
    }
}

fn query() -> String {
    format!(
        "ExecutionStatus = 'Running' AND WorkflowType IN ('{EPOCH_WORKFLOW}', \
         '{REVIEW_WORKFLOW}', '{SLICE_WORKFLOW}')"
    )
}

/// All events of a run; none if the server has it no more.
pub(super) async fn history(
    client: &Client,
    run: &WorkflowExecution,
) -> Result<Option<Vec<HistoryEvent>>, Status> {
    let mut events = Vec::new();
    let mut next_page_token = Vec::new();
    loop {
        let request = Request::new(GetWorkflowExecutionHistoryRequest {
            namespace: client.options().namespace.clone(),
            execution: Some(run.clone()),
            next_page_token,
            ..GetWorkflowExecutionHistoryRequest::default()
        });
        let mut client = client.clone();
        let answer = WorkflowService::get_workflow_execution_history(&mut client, request).await;
        let answer = match answer {
            Ok(answer) => answer.into_inner(),
            Err(status) if status.code() == Code::NotFound => return Ok(None),
            Err(status) => return Err(status),
        };
        events.extend(answer.history.unwrap_or_default().events);
        next_page_token = answer.next_page_token;
        if next_page_token.is_empty() {
            return Ok(Some(events));
        }
    }
}
