//! What a call was about, for the log: the workflow, its run, and the caller's id for it.
//! It is asked only where a call fails.

use temporalio_client::tonic::Code;
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::operatorservice::v1::{
    AddSearchAttributesRequest, ListSearchAttributesRequest, RemoveSearchAttributesRequest,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    CountWorkflowExecutionsRequest, DeleteWorkflowExecutionRequest, DescribeNamespaceRequest,
    DescribeTaskQueueRequest, DescribeWorkflowExecutionRequest, ExecuteMultiOperationRequest,
    GetClusterInfoRequest, GetSearchAttributesRequest, GetSystemInfoRequest,
    GetWorkflowExecutionHistoryRequest, GetWorkflowExecutionHistoryReverseRequest,
    ListClosedWorkflowExecutionsRequest, ListNamespacesRequest, ListOpenWorkflowExecutionsRequest,
    ListTaskQueuePartitionsRequest, ListWorkflowExecutionsRequest, PollActivityTaskQueueRequest,
    PollWorkflowExecutionUpdateRequest, PollWorkflowTaskQueueRequest, QueryWorkflowRequest,
    RecordActivityTaskHeartbeatByIdRequest, RecordActivityTaskHeartbeatRequest,
    RecordWorkerHeartbeatRequest, RegisterNamespaceRequest, RequestCancelWorkflowExecutionRequest,
    ResetStickyTaskQueueRequest, RespondActivityTaskCanceledByIdRequest,
    RespondActivityTaskCanceledRequest, RespondActivityTaskCompletedByIdRequest,
    RespondActivityTaskCompletedRequest, RespondActivityTaskFailedByIdRequest,
    RespondActivityTaskFailedRequest, RespondQueryTaskCompletedRequest,
    RespondWorkflowTaskCompletedRequest, RespondWorkflowTaskFailedRequest,
    ScanWorkflowExecutionsRequest, ShutdownWorkerRequest, SignalWithStartWorkflowExecutionRequest,
    SignalWorkflowExecutionRequest, StartWorkflowExecutionRequest,
    TerminateWorkflowExecutionRequest, UpdateTaskQueueConfigRequest,
    UpdateWorkflowExecutionRequest,
};

use super::super::engine::{Refusal, Token};

/// The ids of what a call is about, as far as it has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "these are the names on the log")]
pub(super) struct Ids {
    workflow_id: String,
    run_id: String,
    request_id: String,
}

impl Ids {
    fn of(execution: Option<&WorkflowExecution>) -> Self {
        let execution = execution.cloned().unwrap_or_default();
        Self {
            workflow_id: execution.workflow_id,
            run_id: execution.run_id,
            ..Self::default()
        }
    }

    fn named(workflow_id: &str, run_id: &str) -> Self {
        Self {
            workflow_id: workflow_id.to_owned(),
            run_id: run_id.to_owned(),
            ..Self::default()
        }
    }

    fn of_token(bytes: &[u8]) -> Self {
        let token = Token::read(bytes).unwrap_or_default();
        Self::named(&token.workflow_id, &token.run_id)
    }

    fn with_request(self, request_id: &str) -> Self {
        Self {
            request_id: request_id.to_owned(),
            ..self
        }
    }

    /// Logs that a call was not carried out: an error where it is the engine's own fault, and
    /// otherwise of use only to those who look for a caller's.
    pub(super) fn failed(&self, method: &str, refusal: &Refusal) {
        let some = |id: &'_ String| Some(id.clone()).filter(|id| !id.is_empty());
        let workflow_id = some(&self.workflow_id);
        let run_id = some(&self.run_id);
        let request_id = some(&self.request_id);
        let Refusal { code, message, .. } = refusal;
        if matches!(code, Code::Internal | Code::Unknown | Code::DataLoss) {
            tracing::error!(
                method,
                ?code,
                workflow_id,
                run_id,
                request_id,
                "a call failed: {message}"
            );
        } else {
            tracing::debug!(
                method,
                ?code,
                workflow_id,
                run_id,
                request_id,
                "a call was refused: {message}"
            );
        }
    }
}

/// A request that can say what it is about.
pub(super) trait About {
    fn about(&self) -> Ids;
}

macro_rules! about {
    ($ids:expr; $($request:ty),+ $(,)?) => {$(
        impl About for $request {
            fn about(&self) -> Ids {
                let ids: fn(&Self) -> Ids = $ids;
                ids(self)
            }
        }
    )+};
}

about!(
    |request| Ids::named(&request.workflow_id, "").with_request(&request.request_id);
    StartWorkflowExecutionRequest,
    SignalWithStartWorkflowExecutionRequest,
);

about!(
    |request| Ids::of(request.workflow_execution.as_ref()).with_request(&request.request_id);
    SignalWorkflowExecutionRequest,
    RequestCancelWorkflowExecutionRequest,
);

about!(
    |request| Ids::of(request.workflow_execution.as_ref());
    TerminateWorkflowExecutionRequest,
    DeleteWorkflowExecutionRequest,
    UpdateWorkflowExecutionRequest,
);

about!(
    |request| Ids::of(request.execution.as_ref());
    QueryWorkflowRequest,
    DescribeWorkflowExecutionRequest,
    GetWorkflowExecutionHistoryRequest,
    GetWorkflowExecutionHistoryReverseRequest,
    ResetStickyTaskQueueRequest,
);

about!(
    |request| {
        let update = request.update_ref.as_ref();
        Ids::of(update.and_then(|update| update.workflow_execution.as_ref()))
    };
    PollWorkflowExecutionUpdateRequest,
);

about!(
    |request| Ids::of_token(&request.task_token);
    RespondWorkflowTaskCompletedRequest,
    RespondWorkflowTaskFailedRequest,
    RespondQueryTaskCompletedRequest,
    RecordActivityTaskHeartbeatRequest,
    RespondActivityTaskCompletedRequest,
    RespondActivityTaskFailedRequest,
    RespondActivityTaskCanceledRequest,
);

about!(
    |request| Ids::named(&request.workflow_id, &request.run_id);
    RecordActivityTaskHeartbeatByIdRequest,
    RespondActivityTaskCompletedByIdRequest,
    RespondActivityTaskFailedByIdRequest,
    RespondActivityTaskCanceledByIdRequest,
);

// These are about no workflow, or about several.
about!(
    |_| Ids::default();
    PollWorkflowTaskQueueRequest,
    PollActivityTaskQueueRequest,
    ExecuteMultiOperationRequest,
    DescribeTaskQueueRequest,
    UpdateTaskQueueConfigRequest,
    ListTaskQueuePartitionsRequest,
    ShutdownWorkerRequest,
    RecordWorkerHeartbeatRequest,
    ListWorkflowExecutionsRequest,
    ScanWorkflowExecutionsRequest,
    ListOpenWorkflowExecutionsRequest,
    ListClosedWorkflowExecutionsRequest,
    CountWorkflowExecutionsRequest,
    GetSearchAttributesRequest,
    RegisterNamespaceRequest,
    DescribeNamespaceRequest,
    ListNamespacesRequest,
    GetClusterInfoRequest,
    GetSystemInfoRequest,
    AddSearchAttributesRequest,
    RemoveSearchAttributesRequest,
    ListSearchAttributesRequest,
);
