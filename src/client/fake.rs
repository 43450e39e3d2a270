//! For tests: a server that answers as it is told to; and one with an epoch in p1, whose
//! worker answers or does not.

use std::collections::BTreeMap;
use std::future::{pending, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use prost::Message as _;
use temporalio_client::callback_based::{CallbackBasedGrpcService, GrpcSuccessResponse};
use temporalio_client::tonic::Status;
use temporalio_common::protos::temporal::api::common::v1::Payloads;
use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus;
use temporalio_common::protos::temporal::api::workflow::v1::WorkflowExecutionInfo;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeWorkflowExecutionResponse, GetSystemInfoResponse, QueryWorkflowResponse,
};

use super::call::{Client, json};
use super::deadline::Deadline;
use crate::config::Address;
use crate::connection;
use crate::contract::query::QueryStateResult;
use crate::protocol::{PhaseId, RoleId};

/// What becomes of a query.
pub(super) enum Query {
    Answered,
    /// Nobody answers it.
    Held,
    /// The server gives it up, though there is time left.
    GivenUp,
    /// Nobody takes the call.
    Away,
}

/// A client of the server with that epoch, with so much time; `query` says what becomes of each
/// query.
pub(super) async fn client(
    limit: Duration,
    query: impl Fn(usize) -> Query + Send + Sync + 'static,
) -> Client {
    let (answer, described) = (answer(), described(WorkflowExecutionStatus::Running));
    let asked = AtomicUsize::new(0);
    told(limit, move |rpc| match rpc {
        "DescribeWorkflowExecution" => Some(Ok(described.clone())),
        "QueryWorkflow" => match query(asked.fetch_add(1, Ordering::Relaxed)) {
            Query::Answered => Some(Ok(answer.clone())),
            Query::Held => None,
            Query::GivenUp => Some(Err(Status::deadline_exceeded("it gave up"))),
            Query::Away => Some(Err(Status::unavailable("it is away"))),
        },
        other => Some(Err(Status::unimplemented(other.to_owned()))),
    })
    .await
}

/// A client of a server that gives these answers to calls by their names, or none.
pub(super) async fn told(
    limit: Duration,
    answer: impl Fn(&str) -> Option<Result<Vec<u8>, Status>> + Send + Sync + 'static,
) -> Client {
    let service = CallbackBasedGrpcService {
        callback: Arc::new(move |request| {
            let proto = match request.rpc.as_str() {
                "GetSystemInfo" => Some(Ok(GetSystemInfoResponse::default().encode_to_vec())),
                other => answer(other),
            };
            let Some(proto) = proto else {
                return Box::pin(pending());
            };
            let headers = http::HeaderMap::new();
            let answer = proto.map(|proto| GrpcSuccessResponse { headers, proto });
            Box::pin(ready(answer))
        }),
    };
    let address = Address::from(std::net::SocketAddr::from(([127, 0, 0, 1], 1)));
    let who = connection::Caller::default();
    let connection = connection::inside(service, &address, who, limit);
    Client::over(connection.await.unwrap(), Deadline::after(limit))
}

fn answer() -> Vec<u8> {
    let state = QueryStateResult {
        current_phase: PhaseId::P1,
        current_role: RoleId::Epoch,
        transition_history: Vec::new(),
        votes: BTreeMap::new(),
        last_error: None,
        available_transitions: Vec::new(),
        active_session_count: 0,
        more: None,
    };
    let answer = QueryWorkflowResponse {
        query_result: Some(Payloads {
            payloads: vec![json(&state)],
        }),
        ..QueryWorkflowResponse::default()
    };
    answer.encode_to_vec()
}

/// What the server says of a workflow with this status.
pub(super) fn described(status: WorkflowExecutionStatus) -> Vec<u8> {
    let described = DescribeWorkflowExecutionResponse {
        workflow_execution_info: Some(WorkflowExecutionInfo {
            status: status.into(),
            ..WorkflowExecutionInfo::default()
        }),
        ..DescribeWorkflowExecutionResponse::default()
    };
    described.encode_to_vec()
}
