//! What activities ask the server: which search attributes it knows, which workflows are
//! open, and which votes an epoch waits for.

use std::time::Duration;

use temporalio_client::Client;
use temporalio_client::grpc::{OperatorService, WorkflowService};
use temporalio_client::tonic::{Code, Request, Response, Status};
use temporalio_common::protos::temporal::api::common::v1::{Payload, WorkflowExecution};
use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus;
use temporalio_common::protos::temporal::api::operatorservice::v1::ListSearchAttributesRequest;
use temporalio_common::protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse, QueryWorkflowRequest,
};
use temporalio_sdk::activities::ActivityError;

use crate::contract::attributes;
use crate::contract::child::ChildStatus;
use crate::contract::command::Reminder;
use crate::contract::names::query;
use crate::contract::query::QueryStateResult;
use crate::protocol::Word;
use crate::protocol::vote::ReviewAxis;

/// The search attributes that the namespace does not know.
pub(crate) async fn missing_attributes(client: &Client) -> Result<Vec<&'static str>, Status> {
    let namespace = client.options().namespace.clone();
    let mut client = client.clone();
    let request = Request::new(ListSearchAttributesRequest { namespace });
    let known = OperatorService::list_search_attributes(&mut client, request)
        .await?
        .into_inner();
    Ok(attributes::ALL
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| !known.custom_attributes.contains_key(*name))
        .collect())
}

/// What the server knows of a run; without an id, of the latest.
pub(crate) async fn describe_run(
    client: &Client,
    workflow_id: &str,
    run_id: &str,
) -> Result<DescribeWorkflowExecutionResponse, Status> {
    let request = Request::new(DescribeWorkflowExecutionRequest {
        namespace: client.options().namespace.clone(),
        execution: Some(WorkflowExecution {
            workflow_id: workflow_id.to_owned(),
            run_id: run_id.to_owned(),
        }),
    });
    let answer = WorkflowService::describe_workflow_execution(&mut client.clone(), request).await;
    answer.map(Response::into_inner)
}

/// What a run answers to a query; without an id, the latest. It takes as long as the server
/// lets it, unless it is given less.
pub(super) async fn query_run(
    client: &Client,
    (workflow_id, run_id): (&str, &str),
    query: WorkflowQuery,
    patience: Option<Duration>,
) -> Result<Payload, Status> {
    let mut request = Request::new(QueryWorkflowRequest {
        namespace: client.options().namespace.clone(),
        execution: Some(WorkflowExecution {
            workflow_id: workflow_id.to_owned(),
            run_id: run_id.to_owned(),
        }),
        query: Some(query),
        ..QueryWorkflowRequest::default()
    });
    if let Some(patience) = patience {
        request.set_timeout(patience);
    }
    let answer = WorkflowService::query_workflow(&mut client.clone(), request).await?;
    let payloads = answer.into_inner().query_result.unwrap_or_default();
    Ok(payloads.payloads.into_iter().next().unwrap_or_default())
}

/// Which of these workflows are open; one that is not found is closed.
pub(super) async fn describe(
    client: &Client,
    ids: Vec<String>,
) -> Result<Vec<ChildStatus>, ActivityError> {
    let mut found = Vec::with_capacity(ids.len());
    for workflow_id in ids {
        let status = match describe_run(client, &workflow_id, "").await {
            Ok(run) => run.workflow_execution_info.unwrap_or_default().status(),
            Err(status) if status.code() == Code::NotFound => WorkflowExecutionStatus::Unspecified,
            Err(status) => return Err(status.into()),
        };
        found.push(ChildStatus {
            workflow_id,
            open: status == WorkflowExecutionStatus::Running,
            status: match status {
                WorkflowExecutionStatus::Unspecified => "not found".to_owned(),
                known => format!("{known:?}"),
            },
        });
    }
    Ok(found)
}

/// Says which votes an epoch still waits for, if the round is open.
pub(super) async fn remind(client: &Client, reminder: Reminder) -> Result<(), ActivityError> {
    let Reminder {
        epoch_id,
        phase,
        round,
    } = reminder;
    let query = WorkflowQuery {
        query_type: query::FULL_STATE.to_owned(),
        ..WorkflowQuery::default()
    };
    let answer = query_run(client, (&epoch_id, ""), query, None).await?;
    let state: Option<QueryStateResult> = serde_json::from_slice(&answer.data).ok();
    let Some(state) = state.filter(|state| state.current_phase == phase) else {
        return Ok(());
    };
    let missing: Vec<&str> = ReviewAxis::ALL
        .iter()
        .filter(|axis| !state.votes.contains_key(axis))
        .map(|axis| axis.word())
        .collect();
    if !missing.is_empty() {
        let missing = missing.join(", ");
        tracing::warn!(
            "the review of {phase} (round {round}) of epoch {epoch_id} waits for votes on: \
             {missing}; vote with `aura-msg signal vote --epoch-id {epoch_id} --axis AXIS --vote \
             accept|revise`"
        );
    }
    Ok(())
}
