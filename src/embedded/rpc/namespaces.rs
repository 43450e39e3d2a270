//! Namespaces: registered, described, listed.

use prost_wkt_types::Duration;
use temporalio_common::protos::temporal::api::enums::v1::{ArchivalState, NamespaceState};
use temporalio_common::protos::temporal::api::namespace::v1::namespace_info::Capabilities;
use temporalio_common::protos::temporal::api::namespace::v1::{NamespaceConfig, NamespaceInfo};
use temporalio_common::protos::temporal::api::replication::v1::{
    ClusterReplicationConfig, NamespaceReplicationConfig,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeNamespaceRequest, DescribeNamespaceResponse, ListNamespacesRequest,
    ListNamespacesResponse, RegisterNamespaceRequest, RegisterNamespaceResponse,
};

use super::Context;
use crate::embedded::engine::{Answer, Refusal};

/// The name of the only cluster there is.
const CLUSTER: &str = "active";

/// How a namespace is described that was registered so.
pub(in crate::embedded) fn described(
    id: &str,
    name: &str,
    request: RegisterNamespaceRequest,
) -> DescribeNamespaceResponse {
    DescribeNamespaceResponse {
        namespace_info: Some(NamespaceInfo {
            name: name.to_owned(),
            state: NamespaceState::Registered as i32,
            description: request.description,
            owner_email: request.owner_email,
            data: request.data,
            id: id.to_owned(),
            capabilities: Some(Capabilities {
                sync_update: true,
                async_update: true,
                ..Default::default()
            }),
            ..Default::default()
        }),
        config: Some(NamespaceConfig {
            workflow_execution_retention_ttl: request.workflow_execution_retention_period.or(Some(
                Duration {
                    seconds: 30 * 24 * 60 * 60,
                    nanos: 0,
                },
            )),
            history_archival_state: ArchivalState::Disabled as i32,
            visibility_archival_state: ArchivalState::Disabled as i32,
            ..Default::default()
        }),
        replication_config: Some(NamespaceReplicationConfig {
            active_cluster_name: CLUSTER.to_owned(),
            clusters: vec![ClusterReplicationConfig {
                cluster_name: CLUSTER.to_owned(),
                ..Default::default()
            }],
            ..Default::default()
        }),
        ..Default::default()
    }
}

pub(super) async fn register(
    context: Context,
    request: RegisterNamespaceRequest,
) -> Answer<RegisterNamespaceResponse> {
    let name = request.namespace.clone();
    if name.is_empty() {
        return Err(Refusal::invalid("Namespace not set on request."));
    }
    if name.len() > 1_000 {
        return Err(Refusal::invalid("Namespace length exceeds limit."));
    }
    context
        .service
        .commit(|engine, transaction| {
            engine.register_namespace(transaction, &name, |id| described(id, &name, request))
        })
        .await?;
    Ok(RegisterNamespaceResponse {})
}

pub(super) async fn describe(
    context: Context,
    request: DescribeNamespaceRequest,
) -> Answer<DescribeNamespaceResponse> {
    context
        .service
        .see(|engine| {
            let namespaces = engine.namespaces();
            let found = if request.namespace.is_empty() && !request.id.is_empty() {
                namespaces.by_id(&request.id)
            } else {
                namespaces.get(&request.namespace)
            };
            found.map(|namespace| namespace.description.clone())
        })
        .await
}

pub(super) async fn list(
    context: Context,
    _request: ListNamespacesRequest,
) -> Answer<ListNamespacesResponse> {
    let namespaces = context
        .service
        .see(|engine| {
            let all = engine.namespaces().all();
            Ok(all.map(|namespace| namespace.description.clone()).collect())
        })
        .await?;
    Ok(ListNamespacesResponse {
        namespaces,
        next_page_token: Vec::new(),
    })
}
