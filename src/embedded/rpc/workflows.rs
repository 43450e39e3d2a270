//! Calls that act on workflows from outside: start, signal, cancel, terminate, delete.

use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DeleteWorkflowExecutionRequest, DeleteWorkflowExecutionResponse,
    RequestCancelWorkflowExecutionRequest, RequestCancelWorkflowExecutionResponse,
    SignalWithStartWorkflowExecutionRequest, SignalWithStartWorkflowExecutionResponse,
    SignalWorkflowExecutionRequest, SignalWorkflowExecutionResponse, StartWorkflowExecutionRequest,
    StartWorkflowExecutionResponse, TerminateWorkflowExecutionRequest,
    TerminateWorkflowExecutionResponse,
};

use super::{Context, limits};
use crate::embedded::engine::{Answer, Started};

pub(super) async fn start(
    context: Context,
    request: StartWorkflowExecutionRequest,
) -> Answer<StartWorkflowExecutionResponse> {
    limits::check(request.input.as_ref())?;
    limits::check(request.memo.as_ref())?;
    let started = context
        .service
        .commit(|engine, transaction| engine.start(transaction, request))
        .await?;
    Ok(response(started))
}

pub(super) fn response(started: Started) -> StartWorkflowExecutionResponse {
    StartWorkflowExecutionResponse {
        run_id: started.run_id,
        first_execution_run_id: started.first_run_id,
        started: started.new,
        status: started.status,
        ..Default::default()
    }
}

pub(super) async fn signal(
    context: Context,
    request: SignalWorkflowExecutionRequest,
) -> Answer<SignalWorkflowExecutionResponse> {
    limits::check(request.input.as_ref())?;
    context
        .service
        .commit(|engine, transaction| engine.signal(transaction, request))
        .await?;
    Ok(SignalWorkflowExecutionResponse::default())
}

pub(super) async fn signal_with_start(
    context: Context,
    request: SignalWithStartWorkflowExecutionRequest,
) -> Answer<SignalWithStartWorkflowExecutionResponse> {
    limits::check(request.input.as_ref())?;
    limits::check(request.signal_input.as_ref())?;
    limits::check(request.memo.as_ref())?;
    let started = context
        .service
        .commit(|engine, transaction| engine.signal_with_start(transaction, request))
        .await?;
    Ok(SignalWithStartWorkflowExecutionResponse {
        run_id: started.run_id,
        first_execution_run_id: started.first_run_id,
        started: started.new,
        ..Default::default()
    })
}

pub(super) async fn request_cancel(
    context: Context,
    request: RequestCancelWorkflowExecutionRequest,
) -> Answer<RequestCancelWorkflowExecutionResponse> {
    context
        .service
        .commit(|engine, transaction| engine.request_cancel(transaction, request))
        .await?;
    Ok(RequestCancelWorkflowExecutionResponse {})
}

pub(super) async fn terminate(
    context: Context,
    request: TerminateWorkflowExecutionRequest,
) -> Answer<TerminateWorkflowExecutionResponse> {
    limits::check(request.details.as_ref())?;
    context
        .service
        .commit(|engine, transaction| engine.terminate(transaction, request))
        .await?;
    Ok(TerminateWorkflowExecutionResponse {})
}

pub(super) async fn delete(
    context: Context,
    request: DeleteWorkflowExecutionRequest,
) -> Answer<DeleteWorkflowExecutionResponse> {
    let execution = request.workflow_execution.unwrap_or_default();
    context
        .service
        .commit(|engine, transaction| engine.delete(transaction, &request.namespace, &execution))
        .await?;
    Ok(DeleteWorkflowExecutionResponse {})
}
