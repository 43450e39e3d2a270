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

use std::future::{Future, ready};
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
        match call.service.as_str() {
            WORKFLOW_SERVICE => workflow_service(context, call),
            OPERATOR_SERVICE => operator_service(context, call),
            other => refused(Refusal::unimplemented(format!("unknown service {other}"))),
        }
    }
}

/// A call that is being answered. Each method's is a future of its own: as parts of one, all
/// would be as large as the largest, and what one runs through would lie far apart.
type Answering = BoxFuture<'static, Result<Vec<u8>, Status>>;

/// Reads a call's message, and writes its answer's.
fn answer<Request, Response, Answered>(
    context: Context,
    call: Call,
    rpc: impl FnOnce(Context, Request) -> Answered + Send + 'static,
) -> Answering
where
    Request: Message + Default + About,
    Response: Message,
    Answered: Future<Output = Answer<Response>> + Send,
{
    Box::pin(async move {
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
    })
}

fn refused(refusal: Refusal) -> Answering {
    Box::pin(ready(Err(refusal.into())))
}

fn workflow_service(context: Context, call: Call) -> Answering {
    match call.method.as_str() {
        "StartWorkflowExecution" => answer(context, call, workflows::start),
        "SignalWorkflowExecution" => answer(context, call, workflows::signal),
        "SignalWithStartWorkflowExecution" => answer(context, call, workflows::signal_with_start),
        "RequestCancelWorkflowExecution" => answer(context, call, workflows::request_cancel),
        "TerminateWorkflowExecution" => answer(context, call, workflows::terminate),
        "DeleteWorkflowExecution" => answer(context, call, workflows::delete),
        "ExecuteMultiOperation" => answer(context, call, updates::multi),
        "UpdateWorkflowExecution" => answer(context, call, updates::update),
        "PollWorkflowExecutionUpdate" => answer(context, call, updates::poll),
        "QueryWorkflow" => answer(context, call, queries::query),
        "RespondQueryTaskCompleted" => answer(context, call, queries::respond),
        "GetWorkflowExecutionHistory" => answer(context, call, history::forwards),
        "GetWorkflowExecutionHistoryReverse" => answer(context, call, history::backwards),
        "DescribeWorkflowExecution" => answer(context, call, describe::workflow),
        "DescribeTaskQueue" => answer(context, call, describe::task_queue),
        "UpdateTaskQueueConfig" => answer(context, call, describe::update_queue_config),
        "ListTaskQueuePartitions" => answer(context, call, describe::partitions),
        "PollWorkflowTaskQueue" => answer(context, call, poll::workflow),
        "PollActivityTaskQueue" => answer(context, call, poll::activity),
        "RespondWorkflowTaskCompleted" => answer(context, call, tasks::completed),
        "RespondWorkflowTaskFailed" => answer(context, call, tasks::failed),
        "ResetStickyTaskQueue" => answer(context, call, tasks::reset_sticky),
        "ShutdownWorker" => answer(context, call, tasks::shutdown_worker),
        "RecordWorkerHeartbeat" => answer(context, call, tasks::worker_heartbeat),
        "RecordActivityTaskHeartbeat" => answer(context, call, activities::heartbeat),
        "RecordActivityTaskHeartbeatById" => answer(context, call, activities::heartbeat_by_id),
        "RespondActivityTaskCompleted" => answer(context, call, activities::completed),
        "RespondActivityTaskCompletedById" => answer(context, call, activities::completed_by_id),
        "RespondActivityTaskFailed" => answer(context, call, activities::failed),
        "RespondActivityTaskFailedById" => answer(context, call, activities::failed_by_id),
        "RespondActivityTaskCanceled" => answer(context, call, activities::canceled),
        "RespondActivityTaskCanceledById" => answer(context, call, activities::canceled_by_id),
        "ListWorkflowExecutions" => answer(context, call, visibility::list),
        "ScanWorkflowExecutions" => answer(context, call, visibility::scan),
        "ListOpenWorkflowExecutions" => answer(context, call, visibility::list_open),
        "ListClosedWorkflowExecutions" => answer(context, call, visibility::list_closed),
        "CountWorkflowExecutions" => answer(context, call, visibility::count),
        "GetSearchAttributes" => answer(context, call, search_attributes::get),
        "RegisterNamespace" => answer(context, call, namespaces::register),
        "DescribeNamespace" => answer(context, call, namespaces::describe),
        "ListNamespaces" => answer(context, call, namespaces::list),
        "GetClusterInfo" => answer(context, call, system::cluster_info),
        "GetSystemInfo" => answer(context, call, system::system_info),
        method => refused(system::not_here(method)),
    }
}

fn operator_service(context: Context, call: Call) -> Answering {
    match call.method.as_str() {
        "AddSearchAttributes" => answer(context, call, search_attributes::add),
        "RemoveSearchAttributes" => answer(context, call, search_attributes::remove),
        "ListSearchAttributes" => answer(context, call, search_attributes::list),
        method => refused(system::not_here(method)),
    }
}
