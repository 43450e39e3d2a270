//! The calls of the API: each is read, held against the limits, given to the engine, and
//! answered once what it saw and changed is committed. What calls mean is the engine's; how
//! they arrive is the transport's.

mod about;
mod activities;
mod describe;
mod handover;
mod history;
mod limits;
mod namespaces;
mod poll;
mod queries;
mod search_attributes;
mod system;
mod tasks;
#[cfg(test)]
mod tests;
mod updates;
mod visibility;
mod workflows;

pub(super) use namespaces::described as described_namespace;

use std::future::Future;
use std::sync::Arc;

use futures::future::BoxFuture;
use prost::Message;
use tokio::time::Instant;
use tonic::Status;

use about::About;

use super::engine::{Answer, Refusal};
use super::server::{Call, Handler, Origin};
use super::service::Service;

const WORKFLOW_SERVICE: &str = "temporal.api.workflowservice.v1.WorkflowService";
const OPERATOR_SERVICE: &str = "temporal.api.operatorservice.v1.OperatorService";

/// Answers calls with an engine.
pub(super) struct Rpc(pub(super) Arc<Service>);

/// What a call's answer may depend on besides its message.
#[derive(Clone)]
struct Context {
    service: Arc<Service>,
    deadline: Option<Instant>,
    in_process: bool,
}

impl Handler for Rpc {
    fn call(&self, call: Call) -> BoxFuture<'static, Result<Vec<u8>, Status>> {
        let context = Context {
            service: Arc::clone(&self.0),
            deadline: call.deadline,
            in_process: call.origin == Origin::InProcess,
        };
        Box::pin(async move {
            let answer = match call.service.as_str() {
                WORKFLOW_SERVICE => workflow_service(context, &call).await,
                OPERATOR_SERVICE => operator_service(context, &call).await,
                other => Err(Refusal::unimplemented(format!("unknown service {other}"))),
            };
            answer.map_err(Status::from)
        })
    }
}

/// Reads a call's message, and writes its answer's.
async fn answer<Request, Response, Answered>(
    context: Context,
    call: &Call,
    rpc: impl FnOnce(Context, Request) -> Answered,
) -> Answer<Vec<u8>>
where
    Request: Message + Default + About,
    Response: Message,
    Answered: Future<Output = Answer<Response>>,
{
    let request = Request::decode(call.body.clone()).map_err(|error| {
        Refusal::internal(format!("grpc: error unmarshalling request: {error}"))
    })?;
    let response = rpc(context, request).await.inspect_err(|refusal| {
        // It was read before, so it can be read.
        let ids = Request::decode(call.body.clone())
            .unwrap_or_default()
            .about();
        ids.failed(&call.method, refusal);
    })?;
    Ok(response.encode_to_vec())
}

async fn workflow_service(context: Context, call: &Call) -> Answer<Vec<u8>> {
    match call.method.as_str() {
        "StartWorkflowExecution" => answer(context, call, workflows::start).await,
        "SignalWorkflowExecution" => answer(context, call, workflows::signal).await,
        "SignalWithStartWorkflowExecution" => {
            answer(context, call, workflows::signal_with_start).await
        }
        "RequestCancelWorkflowExecution" => answer(context, call, workflows::request_cancel).await,
        "TerminateWorkflowExecution" => answer(context, call, workflows::terminate).await,
        "DeleteWorkflowExecution" => answer(context, call, workflows::delete).await,
        "ExecuteMultiOperation" => answer(context, call, updates::multi).await,
        "UpdateWorkflowExecution" => answer(context, call, updates::update).await,
        "PollWorkflowExecutionUpdate" => answer(context, call, updates::poll).await,
        "QueryWorkflow" => answer(context, call, queries::query).await,
        "RespondQueryTaskCompleted" => answer(context, call, queries::respond).await,
        "GetWorkflowExecutionHistory" => answer(context, call, history::forwards).await,
        "GetWorkflowExecutionHistoryReverse" => answer(context, call, history::backwards).await,
        "DescribeWorkflowExecution" => answer(context, call, describe::workflow).await,
        "DescribeTaskQueue" => answer(context, call, describe::task_queue).await,
        "UpdateTaskQueueConfig" => answer(context, call, describe::update_queue_config).await,
        "ListTaskQueuePartitions" => answer(context, call, describe::partitions).await,
        "PollWorkflowTaskQueue" => answer(context, call, poll::workflow).await,
        "PollActivityTaskQueue" => answer(context, call, poll::activity).await,
        "RespondWorkflowTaskCompleted" => answer(context, call, tasks::completed).await,
        "RespondWorkflowTaskFailed" => answer(context, call, tasks::failed).await,
        "ResetStickyTaskQueue" => answer(context, call, tasks::reset_sticky).await,
        "ShutdownWorker" => answer(context, call, tasks::shutdown_worker).await,
        "RecordWorkerHeartbeat" => answer(context, call, tasks::worker_heartbeat).await,
        "RecordActivityTaskHeartbeat" => answer(context, call, activities::heartbeat).await,
        "RecordActivityTaskHeartbeatById" => {
            answer(context, call, activities::heartbeat_by_id).await
        }
        "RespondActivityTaskCompleted" => answer(context, call, activities::completed).await,
        "RespondActivityTaskCompletedById" => {
            answer(context, call, activities::completed_by_id).await
        }
        "RespondActivityTaskFailed" => answer(context, call, activities::failed).await,
        "RespondActivityTaskFailedById" => answer(context, call, activities::failed_by_id).await,
        "RespondActivityTaskCanceled" => answer(context, call, activities::canceled).await,
        "RespondActivityTaskCanceledById" => {
            answer(context, call, activities::canceled_by_id).await
        }
        "ListWorkflowExecutions" => answer(context, call, visibility::list).await,
        "ScanWorkflowExecutions" => answer(context, call, visibility::scan).await,
        "ListOpenWorkflowExecutions" => answer(context, call, visibility::list_open).await,
        "ListClosedWorkflowExecutions" => answer(context, call, visibility::list_closed).await,
        "CountWorkflowExecutions" => answer(context, call, visibility::count).await,
        "GetSearchAttributes" => answer(context, call, search_attributes::get).await,
        "RegisterNamespace" => answer(context, call, namespaces::register).await,
        "DescribeNamespace" => answer(context, call, namespaces::describe).await,
        "ListNamespaces" => answer(context, call, namespaces::list).await,
        "GetClusterInfo" => answer(context, call, system::cluster_info).await,
        "GetSystemInfo" => answer(context, call, system::system_info).await,
        method => Err(system::not_here(method)),
    }
}

async fn operator_service(context: Context, call: &Call) -> Answer<Vec<u8>> {
    match call.method.as_str() {
        "AddSearchAttributes" => answer(context, call, search_attributes::add).await,
        "RemoveSearchAttributes" => answer(context, call, search_attributes::remove).await,
        "ListSearchAttributes" => answer(context, call, search_attributes::list).await,
        method => Err(system::not_here(method)),
    }
}
