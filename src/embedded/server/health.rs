//! `grpc.health.v1.Health/Check`, for probes and for clients that ask before they start.
//! Whoever is answered is served: there is no state in which it would say anything else.

use bytes::Bytes;
use prost::Message as _;
use tonic::Status;

pub(super) const SERVICE: &str = "grpc.health.v1.Health";

const SERVED: [&str; 2] = ["", "temporal.api.workflowservice.v1.WorkflowService"];

/// `HealthCheckResponse.ServingStatus.SERVING`.
const SERVING: i32 = 1;

#[derive(Clone, PartialEq, prost::Message)]
struct HealthCheckRequest {
    #[prost(string, tag = "1")]
    service: String,
}

#[derive(Clone, PartialEq, prost::Message)]
struct HealthCheckResponse {
    #[prost(int32, tag = "1")]
    status: i32,
}

pub(super) fn answer(method: &str, body: Bytes) -> Result<Vec<u8>, Status> {
    if method != "Check" {
        return Err(Status::unimplemented(format!(
            "{SERVICE} has Check here, not {method}"
        )));
    }
    let request = HealthCheckRequest::decode(body)
        .map_err(|error| Status::invalid_argument(format!("not a HealthCheckRequest: {error}")))?;
    if !SERVED.contains(&request.service.as_str()) {
        return Err(Status::not_found(format!(
            "no service {:?} here",
            request.service
        )));
    }
    Ok(HealthCheckResponse { status: SERVING }.encode_to_vec())
}
