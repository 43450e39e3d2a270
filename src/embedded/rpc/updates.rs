//! Updates: asked for, waited for, and asked for together with a start.

use std::time::Duration;

use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::enums::v1::UpdateWorkflowExecutionLifecycleStage as ApiStage;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::update::v1::{
    Outcome, Request, UpdateRef, WaitPolicy,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::execute_multi_operation_request::operation::Operation;
use temporalio_common::protos::temporal::api::workflowservice::v1::execute_multi_operation_response::{
    Response, response,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    ExecuteMultiOperationRequest, ExecuteMultiOperationResponse, PollWorkflowExecutionUpdateRequest,
    PollWorkflowExecutionUpdateResponse, UpdateWorkflowExecutionRequest,
    UpdateWorkflowExecutionResponse,
};
use tokio::time::{Instant, timeout_at};

use super::{Context, limits, workflows};
use crate::embedded::engine::{Answer, Refusal, Stage, UpdateState};
use crate::embedded::service::UpdateWaiter;
use crate::embedded::store::RunKey;

/// How long to wait for a stage, and how long before the caller gives up to stop.
const LONGEST: Duration = Duration::from_secs(20);
const MARGIN: Duration = Duration::from_millis(500);

/// An update that was found or taken in, and where more comes in of it.
struct Admitted {
    run: RunKey,
    workflow_id: String,
    id: String,
    state: UpdateState,
    told: Option<UpdateWaiter>,
}

pub(super) async fn update(
    context: Context,
    request: UpdateWorkflowExecutionRequest,
) -> Answer<UpdateWorkflowExecutionResponse> {
    limits::check(request.request.as_ref())?;
    let service = &context.service;
    let wait = stage(request.wait_policy.as_ref())?;
    let execution = request.workflow_execution.unwrap_or_default();
    let asked = checked(request.request)?;
    let id = asked.meta.clone().unwrap_or_default().update_id;
    let (admitted, seq) = service.transact(|engine, transaction| -> Answer<_> {
        let run = engine.find_for_update(
            &request.namespace,
            &execution.workflow_id,
            &execution.run_id,
            &request.first_execution_run_id,
        )?;
        let (id, state) = engine.admit_update(transaction, run, asked)?;
        let told = (state.stage < wait).then(|| service.hub().update(run, &id, wait));
        Ok(Admitted {
            run,
            workflow_id: execution.workflow_id.clone(),
            id,
            state,
            told,
        })
    })?;
    service.wait(seq).await?;
    match admitted {
        Ok(admitted) => finish(&context, admitted).await,
        Err(refusal) => done_before(&context, &request.namespace, &execution, &id)
            .await?
            .ok_or(refusal),
    }
}

/// What an update was whose run has ended since.
async fn done_before(
    context: &Context,
    namespace: &str,
    execution: &WorkflowExecution,
    id: &str,
) -> Answer<Option<UpdateWorkflowExecutionResponse>> {
    let seen = context
        .service
        .see(|engine| Ok(engine.history_of(namespace, execution).ok()))
        .await?;
    let Some(seen) = seen.filter(|seen| !seen.open && !id.is_empty()) else {
        return Ok(None);
    };
    let Ok(state) = recorded(context, seen.run, &seen.run_id, id) else {
        return Ok(None);
    };
    Ok(Some(UpdateWorkflowExecutionResponse {
        outcome: outcome(context, seen.run, &state)?,
        update_ref: Some(reference(&execution.workflow_id, &seen.run_id, id)),
        stage: api_stage(state.stage) as i32,
        ..Default::default()
    }))
}

/// An update that says what it wants.
fn checked(request: Option<Request>) -> Answer<Request> {
    let request = request.unwrap_or_default();
    if request.meta.is_none() {
        return Err(Refusal::invalid("Update meta is not set on request."));
    }
    if request
        .input
        .as_ref()
        .is_none_or(|input| input.name.is_empty())
    {
        return Err(Refusal::invalid("Update name is not set on request."));
    }
    Ok(request)
}

/// Waits for as long as the caller does, and tells how far the update has come.
async fn finish(context: &Context, admitted: Admitted) -> Answer<UpdateWorkflowExecutionResponse> {
    let Admitted {
        run,
        workflow_id,
        id,
        mut state,
        told,
    } = admitted;
    if let Some(told) = told {
        state = wait_for(context, run, &id, state, told).await?;
    }
    let outcome = outcome(context, run, &state)?;
    Ok(UpdateWorkflowExecutionResponse {
        update_ref: Some(reference(&workflow_id, &state.run_id, &id)),
        outcome,
        stage: api_stage(state.stage) as i32,
        ..Default::default()
    })
}

async fn wait_for(
    context: &Context,
    run: RunKey,
    id: &str,
    before: UpdateState,
    told: UpdateWaiter,
) -> Answer<UpdateState> {
    let longest = Instant::now() + LONGEST;
    let until = context
        .deadline
        .map_or(longest, |deadline| longest.min(deadline - MARGIN));
    let told = async {
        tokio::select! {
            told = timeout_at(until, told) => told.ok(),
            () = context.service.stopping() => None,
        }
    };
    if let Some(Ok(told)) = told.await {
        return told;
    }
    // Not so far yet: the caller asks again.
    let now = context
        .service
        .see(|engine| Ok(engine.update_state(run, id)))
        .await?;
    Ok(now.unwrap_or(before))
}

pub(super) async fn poll(
    context: Context,
    request: PollWorkflowExecutionUpdateRequest,
) -> Answer<PollWorkflowExecutionUpdateResponse> {
    let service = &context.service;
    let wait = stage(request.wait_policy.as_ref())?;
    let asked = request
        .update_ref
        .ok_or_else(|| Refusal::invalid("UpdateRef is not set on request."))?;
    let execution = asked.workflow_execution.unwrap_or_default();
    let id = asked.update_id;
    let (found, seq) = service.look(|engine| -> Answer<_> {
        let seen = engine.history_of(&request.namespace, &execution)?;
        let state = engine.update_state(seen.run, &id);
        let told = state
            .as_ref()
            .filter(|state| state.stage < wait)
            .map(|_| service.hub().update(seen.run, &id, wait));
        Ok((seen.run, seen.run_id, state, told))
    })?;
    service.wait(seq).await?;
    let (run, run_id, state, told) = found?;
    let mut state = match state {
        Some(state) => state,
        None => recorded(&context, run, &run_id, &id)?,
    };
    if let Some(told) = told {
        state = wait_for(&context, run, &id, state, told).await?;
    }
    let outcome = outcome(&context, run, &state)?;
    Ok(PollWorkflowExecutionUpdateResponse {
        outcome,
        stage: api_stage(state.stage) as i32,
        update_ref: Some(reference(&execution.workflow_id, &state.run_id, &id)),
    })
}

/// An update of a run that has ended.
fn recorded(context: &Context, run: RunKey, run_id: &str, id: &str) -> Answer<UpdateState> {
    let found = context.service.store().update(run, id)?;
    let found = found.ok_or_else(|| Refusal::not_found(format!("update {id:?} not found")))?;
    Ok(UpdateState {
        run_id: run_id.to_owned(),
        stage: if found.completed_id.is_some() {
            Stage::Completed
        } else {
            Stage::Accepted
        },
        outcome: None,
        completed_id: found.completed_id,
    })
}

/// The outcome, from the history where it is not at hand.
fn outcome(context: &Context, run: RunKey, state: &UpdateState) -> Answer<Option<Outcome>> {
    if state.outcome.is_some() {
        return Ok(state.outcome.clone());
    }
    let Some(event_id) = state.completed_id else {
        return Ok(None);
    };
    let event = context.service.store().event(run, event_id)?;
    match event.and_then(|event| event.attributes) {
        Some(Attributes::WorkflowExecutionUpdateCompletedEventAttributes(completed)) => {
            Ok(completed.outcome)
        }
        _ => Err(Refusal::internal("the update's outcome is missing")),
    }
}

/// Starts a workflow and updates it, in one transaction.
pub(super) async fn multi(
    context: Context,
    request: ExecuteMultiOperationRequest,
) -> Answer<ExecuteMultiOperationResponse> {
    let mut operations = request
        .operations
        .into_iter()
        .filter_map(|operation| operation.operation);
    let (Some(Operation::StartWorkflow(start)), Some(Operation::UpdateWorkflow(update)), None) =
        (operations.next(), operations.next(), operations.next())
    else {
        return Err(Refusal::invalid(
            "Operations have to be exactly [Start, Update].",
        ));
    };
    limits::check(start.input.as_ref())?;
    limits::check(update.request.as_ref())?;
    let service = &context.service;
    let wait = stage(update.wait_policy.as_ref())?;
    let workflow_id = start.workflow_id.clone();
    let asked = checked(update.request)?;
    let (both, seq) = service.transact(|engine, transaction| -> Answer<_> {
        let started = engine
            .start(transaction, start)
            .map_err(|refusal| Refusal::of_several(refusal, 1))?;
        let run = started.key;
        let (id, state) = engine.admit_update(transaction, run, asked)?;
        let told = (state.stage < wait).then(|| service.hub().update(run, &id, wait));
        let admitted = Admitted {
            run,
            workflow_id,
            id,
            state,
            told,
        };
        Ok((started, admitted))
    })?;
    service.wait(seq).await?;
    let (started, admitted) = both?;
    let updated = finish(&context, admitted).await?;
    let responses = [
        response::Response::StartWorkflow(workflows::response(started)),
        response::Response::UpdateWorkflow(updated),
    ];
    Ok(ExecuteMultiOperationResponse {
        responses: responses
            .into_iter()
            .map(|response| Response {
                response: Some(response),
            })
            .collect(),
    })
}

fn stage(policy: Option<&WaitPolicy>) -> Answer<Stage> {
    match policy.map(WaitPolicy::lifecycle_stage) {
        None | Some(ApiStage::Unspecified) => Ok(Stage::Admitted),
        Some(ApiStage::Admitted) => Err(Refusal::denied(
            "UpdateWorkflowExecution issued asynchronously and waiting on update admitted is not \
             supported.",
        )),
        Some(ApiStage::Accepted) => Ok(Stage::Accepted),
        Some(ApiStage::Completed) => Ok(Stage::Completed),
    }
}

const fn api_stage(stage: Stage) -> ApiStage {
    match stage {
        Stage::Admitted => ApiStage::Admitted,
        Stage::Accepted => ApiStage::Accepted,
        Stage::Completed => ApiStage::Completed,
    }
}

fn reference(workflow_id: &str, run_id: &str, update_id: &str) -> UpdateRef {
    UpdateRef {
        workflow_execution: Some(WorkflowExecution {
            workflow_id: workflow_id.to_owned(),
            run_id: run_id.to_owned(),
        }),
        update_id: update_id.to_owned(),
    }
}
