//! What the server knows of workflows by itself: descriptions and lists. A look changes
//! nothing, so each is repeated while the server is busy or away.

use temporalio_client::tonic::Status;
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::workflow::v1::WorkflowExecutionInfo;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse,
    ListWorkflowExecutionsRequest, ListWorkflowExecutionsResponse,
};

use super::call::Client;
use super::error::Error;
use super::status::{Meaning, meaning};

impl Client {
    /// What the server knows of the latest run.
    pub(super) async fn describe(
        &self,
        workflow_id: &str,
    ) -> Result<WorkflowExecutionInfo, Status> {
        let answer = self.describe_run(workflow_id, "").await?;
        Ok(answer.workflow_execution_info.unwrap_or_default())
    }

    /// The same where there may be none.
    pub(super) async fn find(
        &self,
        workflow_id: &str,
    ) -> Result<Option<WorkflowExecutionInfo>, Error> {
        match self.describe(workflow_id).await {
            Ok(info) => Ok(Some(info)),
            Err(status) if meaning(&status) == Meaning::NotFound => Ok(None),
            Err(status) => Err(self.called(status)),
        }
    }

    /// What the server knows of one run; an empty id means the latest.
    pub(super) async fn describe_run(
        &self,
        workflow_id: &str,
        run_id: &str,
    ) -> Result<DescribeWorkflowExecutionResponse, Status> {
        let message = DescribeWorkflowExecutionRequest {
            namespace: self.namespace.clone(),
            execution: Some(WorkflowExecution {
                workflow_id: workflow_id.to_owned(),
                run_id: run_id.to_owned(),
            }),
        };
        loop {
            let mut service = self.service();
            let answer = self
                .within(service.describe_workflow_execution(self.request(message.clone())))
                .await;
            match answer {
                Err(status) if self.may_repeat(&status).await => {}
                answer => return answer,
            }
        }
    }

    /// One page of a list.
    pub(super) async fn page(
        &self,
        message: &ListWorkflowExecutionsRequest,
    ) -> Result<ListWorkflowExecutionsResponse, Status> {
        loop {
            let mut service = self.service();
            let answer = self
                .within(service.list_workflow_executions(self.request(message.clone())))
                .await;
            match answer {
                Err(status) if self.may_repeat(&status).await => {}
                answer => return answer,
            }
        }
    }

    /// What a failed look at a workflow means. It was the server's to answer, not a worker's.
    pub(super) fn unseen(&self, workflow_id: &str, status: Status) -> Error {
        match meaning(&status) {
            Meaning::NotFound => self.error(workflow_id, status),
            _ => self.called(status),
        }
    }
}
