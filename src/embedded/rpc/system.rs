//! What this server is, and what it is not.

use std::collections::HashMap;

use temporalio_common::protos::temporal::api::workflowservice::v1::get_system_info_response::Capabilities;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    GetClusterInfoRequest, GetClusterInfoResponse, GetSystemInfoRequest, GetSystemInfoResponse,
};

use super::Context;
use crate::embedded::engine::{Answer, Refusal};

/// What calls itself a Temporal server's version must begin as one, or clients doubt it.
const SERVER_VERSION: &str = concat!("1.29.1-embedded.", env!("CARGO_PKG_VERSION"));

pub(super) async fn system_info(
    _context: Context,
    _request: GetSystemInfoRequest,
) -> Answer<GetSystemInfoResponse> {
    Ok(GetSystemInfoResponse {
        server_version: SERVER_VERSION.to_owned(),
        capabilities: Some(Capabilities {
            signal_and_query_header: true,
            internal_error_differentiation: true,
            activity_failure_include_heartbeat: true,
            encoded_failure_attributes: true,
            upsert_memo: true,
            sdk_metadata: true,
            count_group_by_execution_status: true,
            // Workers say what they were built from, which histories show; there are no rules.
            build_id_based_versioning: true,
            ..Default::default()
        }),
    })
}

pub(super) async fn cluster_info(
    _context: Context,
    _request: GetClusterInfoRequest,
) -> Answer<GetClusterInfoResponse> {
    let clients = [
        "temporal-go",
        "temporal-java",
        "temporal-cli",
        "temporal-ui",
    ];
    Ok(GetClusterInfoResponse {
        supported_clients: clients
            .into_iter()
            .map(|client| (client.to_owned(), "<3.0.0".to_owned()))
            .collect::<HashMap<_, _>>(),
        server_version: SERVER_VERSION.to_owned(),
        cluster_name: "active".to_owned(),
        history_shard_count: 1,
        persistence_store: "sqlite".to_owned(),
        visibility_store: "sqlite".to_owned(),
        ..Default::default()
    })
}

/// What to use for a call that is not answered here.
pub(super) fn not_here(method: &str) -> Refusal {
    let instead = if method.contains("Schedule") {
        "has no schedules; use a timer of the system that starts workflows"
    } else if method.contains("Batch") {
        "has no batch operations; list the workflows and send each its request"
    } else if method.contains("Nexus") {
        "has no Nexus; use child or external workflows"
    } else if method.contains("Deployment")
        || method.contains("BuildId")
        || method.contains("Versioning")
    {
        "has no worker versioning; use patches in workflows"
    } else if method.contains("Reset") {
        "cannot reset workflows; start a new run"
    } else if method.contains("Archived") {
        "archives nothing; export histories before they expire"
    } else if method.contains("ActivityExecution") {
        "runs activities only in workflows; start one that has the activity"
    } else {
        "does not do this"
    };
    Refusal::unimplemented(format!(
        "{method}: the embedded engine {instead}. A Temporal server does, and takes the same \
         workers and clients."
    ))
}
