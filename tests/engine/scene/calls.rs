//! Raw calls about workflows, for scenarios that look at how they are answered. Nothing
//! is tried again, and refusals come back as they are.

use std::time::Duration;

use futures::join;
use temporalio_client::tonic::{Request, Response, Status};
use temporalio_common::protos::temporal::api::common::v1::Payloads;
use temporalio_common::protos::temporal::api::enums::v1::{
    QueryRejectCondition, UpdateWorkflowExecutionLifecycleStage as Stage,
};
use temporalio_common::protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_common::protos::temporal::api::update::v1::{
    Input, Meta, Request as Update, WaitPolicy,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    ListWorkflowExecutionsRequest, ListWorkflowExecutionsResponse, QueryWorkflowRequest,
    QueryWorkflowResponse, RequestCancelWorkflowExecutionRequest,
    SignalWithStartWorkflowExecutionRequest, SignalWorkflowExecutionRequest,
    StartWorkflowExecutionRequest, TerminateWorkflowExecutionRequest,
    UpdateWorkflowExecutionRequest, UpdateWorkflowExecutionResponse,
};

use super::Scene;
use crate::hand;
use crate::worker::NAMESPACE;

impl Scene {
    /// A signal with a text.
    pub fn signal_request(&self, name: &str, signal: &str) -> SignalWorkflowExecutionRequest {
        SignalWorkflowExecutionRequest {
            namespace: NAMESPACE.to_owned(),
            workflow_execution: Some(self.execution(name)),
            signal_name: "tell".to_owned(),
            input: hand::text(signal),
            identity: "signaller".to_owned(),
            request_id: uuid::Uuid::new_v4().to_string(),
            ..Default::default()
        }
    }

    /// Sends a signal.
    pub async fn signal(&self, request: SignalWorkflowExecutionRequest) -> Result<(), Status> {
        self.service()
            .signal_workflow_execution(Request::new(request))
            .await
            .map(drop)
    }

    /// A signal with a text that starts its workflow if need be, as `start` says.
    pub fn signal_with_start_request(
        &self,
        start: StartWorkflowExecutionRequest,
        signal: &str,
    ) -> SignalWithStartWorkflowExecutionRequest {
        SignalWithStartWorkflowExecutionRequest {
            namespace: start.namespace,
            workflow_id: start.workflow_id,
            workflow_type: start.workflow_type,
            task_queue: start.task_queue,
            input: start.input,
            identity: start.identity,
            request_id: start.request_id,
            workflow_id_reuse_policy: start.workflow_id_reuse_policy,
            workflow_id_conflict_policy: start.workflow_id_conflict_policy,
            signal_name: "tell".to_owned(),
            signal_input: hand::text(signal),
            ..Default::default()
        }
    }

    /// Sends it; gives the run that has the signal, and whether it was started by it.
    pub async fn signal_with_start(
        &self,
        request: SignalWithStartWorkflowExecutionRequest,
    ) -> Result<(String, bool), Status> {
        let id = request.workflow_id.clone();
        let mut service = self.service();
        let answer = service
            .signal_with_start_workflow_execution(Request::new(request))
            .await?;
        let answer = answer.into_inner();
        self.saw_run(&id, &answer.run_id);
        Ok((answer.run_id, answer.started))
    }

    /// A query without arguments.
    pub fn query_request(&self, name: &str, query: &str) -> QueryWorkflowRequest {
        QueryWorkflowRequest {
            namespace: NAMESPACE.to_owned(),
            execution: Some(self.execution(name)),
            query: Some(WorkflowQuery {
                query_type: query.to_owned(),
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    /// Asks it.
    pub async fn query(
        &self,
        request: QueryWorkflowRequest,
    ) -> Result<QueryWorkflowResponse, Status> {
        let answer = self.service().query_workflow(Request::new(request)).await;
        answer.map(Response::into_inner)
    }

    /// Asks a query and records what came of it.
    pub async fn asked(&self, what: &str, request: QueryWorkflowRequest) {
        self.asked_meanwhile(what, request, async {}).await;
    }

    /// The same while something else is done, which is recorded first.
    pub async fn asked_meanwhile(
        &self,
        what: &str,
        request: QueryWorkflowRequest,
        meanwhile: impl Future<Output = ()>,
    ) {
        let (answer, ()) = join!(self.query(request), meanwhile);
        match answer {
            Ok(answer) => match answer.query_rejected {
                Some(rejected) => self.note(what, format!("rejected: {:?}", rejected.status())),
                None => self.note(what, said(answer.query_result.as_ref())),
            },
            Err(status) => self.refused_in_words(what, &status),
        }
    }

    /// A query with a condition on the run.
    pub fn query_if(
        &self,
        name: &str,
        query: &str,
        condition: QueryRejectCondition,
    ) -> QueryWorkflowRequest {
        QueryWorkflowRequest {
            query_reject_condition: condition as i32,
            ..self.query_request(name, query)
        }
    }

    /// A request to cancel.
    pub fn cancel_request(&self, name: &str) -> RequestCancelWorkflowExecutionRequest {
        RequestCancelWorkflowExecutionRequest {
            namespace: NAMESPACE.to_owned(),
            workflow_execution: Some(self.execution(name)),
            identity: "canceller".to_owned(),
            request_id: uuid::Uuid::new_v4().to_string(),
            reason: "asked by the scenario".to_owned(),
            ..Default::default()
        }
    }

    /// Sends it.
    pub async fn cancel(
        &self,
        request: RequestCancelWorkflowExecutionRequest,
    ) -> Result<(), Status> {
        self.service()
            .request_cancel_workflow_execution(Request::new(request))
            .await
            .map(drop)
    }

    /// A request to terminate.
    pub fn terminate_request(&self, name: &str) -> TerminateWorkflowExecutionRequest {
        TerminateWorkflowExecutionRequest {
            namespace: NAMESPACE.to_owned(),
            workflow_execution: Some(self.execution(name)),
            identity: "terminator".to_owned(),
            reason: "ended by the scenario".to_owned(),
            ..Default::default()
        }
    }

    /// Sends it.
    pub async fn try_terminate(
        &self,
        request: TerminateWorkflowExecutionRequest,
    ) -> Result<(), Status> {
        self.service()
            .terminate_workflow_execution(Request::new(request))
            .await
            .map(drop)
    }

    /// A request for what a filter finds.
    pub fn list_request(query: &str) -> ListWorkflowExecutionsRequest {
        ListWorkflowExecutionsRequest {
            namespace: NAMESPACE.to_owned(),
            query: query.to_owned(),
            ..Default::default()
        }
    }

    /// Sends it.
    pub async fn list(
        &self,
        request: ListWorkflowExecutionsRequest,
    ) -> Result<ListWorkflowExecutionsResponse, Status> {
        let answer = self
            .service()
            .list_workflow_executions(Request::new(request))
            .await;
        answer.map(Response::into_inner)
    }

    /// Waits until a filter finds so many: a list may lag behind.
    pub async fn lists(&self, query: &str, wanted: usize) {
        const PAUSE: Duration = Duration::from_millis(20);
        let found = || async {
            let answer = self.list(Self::list_request(query)).await;
            answer
                .unwrap_or_else(|status| panic!("{query}: {status}"))
                .executions
                .len()
        };
        while found().await != wanted {
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// An update with a text, which waits until it has got to this stage.
    pub fn update_request(
        &self,
        name: &str,
        update_id: &str,
        update: &str,
        argument: &str,
        stage: Stage,
    ) -> UpdateWorkflowExecutionRequest {
        UpdateWorkflowExecutionRequest {
            namespace: NAMESPACE.to_owned(),
            workflow_execution: Some(self.execution(name)),
            wait_policy: Some(WaitPolicy {
                lifecycle_stage: stage as i32,
            }),
            request: Some(Update {
                meta: Some(Meta {
                    update_id: update_id.to_owned(),
                    identity: "updater".to_owned(),
                }),
                input: Some(Input {
                    name: update.to_owned(),
                    args: hand::text(argument),
                    ..Default::default()
                }),
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    /// Sends it.
    pub async fn update(
        &self,
        request: UpdateWorkflowExecutionRequest,
    ) -> Result<UpdateWorkflowExecutionResponse, Status> {
        let answer = self
            .service()
            .update_workflow_execution(Request::new(request))
            .await;
        answer.map(Response::into_inner)
    }
}

/// Payloads as the texts they are.
pub fn said(payloads: Option<&Payloads>) -> String {
    let texts: Vec<_> = payloads
        .iter()
        .flat_map(|payloads| &payloads.payloads)
        .map(|payload| String::from_utf8_lossy(&payload.data))
        .collect();
    texts.join(", ")
}
