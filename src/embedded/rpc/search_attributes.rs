//! The search attributes that a namespace has.

use std::collections::HashMap;

use temporalio_common::protos::temporal::api::enums::v1::IndexedValueType as Type;
use temporalio_common::protos::temporal::api::operatorservice::v1::{
    AddSearchAttributesRequest, AddSearchAttributesResponse, ListSearchAttributesRequest,
    ListSearchAttributesResponse, RemoveSearchAttributesRequest, RemoveSearchAttributesResponse,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    GetSearchAttributesRequest, GetSearchAttributesResponse,
};

use super::Context;
use crate::embedded::engine::Answer;

/// Attributes that every run has, or may have without their being registered.
const SYSTEM: [(&str, Type); 19] = [
    ("BatcherUser", Type::Keyword),
    ("BinaryChecksums", Type::KeywordList),
    ("BuildIds", Type::KeywordList),
    ("CloseTime", Type::Datetime),
    ("ExecutionDuration", Type::Int),
    ("ExecutionStatus", Type::Keyword),
    ("ExecutionTime", Type::Datetime),
    ("HistoryLength", Type::Int),
    ("HistorySizeBytes", Type::Int),
    ("ParentRunId", Type::Keyword),
    ("ParentWorkflowId", Type::Keyword),
    ("RootRunId", Type::Keyword),
    ("RootWorkflowId", Type::Keyword),
    ("RunId", Type::Keyword),
    ("StartTime", Type::Datetime),
    ("TaskQueue", Type::Keyword),
    ("TemporalChangeVersion", Type::KeywordList),
    ("WorkflowId", Type::Keyword),
    ("WorkflowType", Type::Keyword),
];

pub(super) async fn add(
    context: Context,
    request: AddSearchAttributesRequest,
) -> Answer<AddSearchAttributesResponse> {
    context
        .service
        .commit(|engine, transaction| {
            let (namespace, attributes) = (&request.namespace, &request.search_attributes);
            engine.add_search_attributes(transaction, or_default(namespace), attributes)
        })
        .await?;
    Ok(AddSearchAttributesResponse {})
}

pub(super) async fn remove(
    context: Context,
    request: RemoveSearchAttributesRequest,
) -> Answer<RemoveSearchAttributesResponse> {
    context
        .service
        .commit(|engine, transaction| {
            let (namespace, names) = (&request.namespace, &request.search_attributes);
            engine.remove_search_attributes(transaction, or_default(namespace), names)
        })
        .await?;
    Ok(RemoveSearchAttributesResponse {})
}

pub(super) async fn list(
    context: Context,
    request: ListSearchAttributesRequest,
) -> Answer<ListSearchAttributesResponse> {
    let custom_attributes = custom(&context, or_default(&request.namespace)).await?;
    Ok(ListSearchAttributesResponse {
        custom_attributes,
        system_attributes: system(),
        storage_schema: HashMap::new(),
    })
}

pub(super) async fn get(
    context: Context,
    _request: GetSearchAttributesRequest,
) -> Answer<GetSearchAttributesResponse> {
    let mut keys = custom(&context, "default").await?;
    keys.extend(system());
    Ok(GetSearchAttributesResponse { keys })
}

async fn custom(context: &Context, namespace: &str) -> Answer<HashMap<String, i32>> {
    context
        .service
        .see(|engine| {
            let namespace = engine.namespaces().get(namespace)?;
            Ok(namespace.attributes.clone())
        })
        .await
}

fn system() -> HashMap<String, i32> {
    SYSTEM
        .into_iter()
        .map(|(name, kind)| (name.to_owned(), kind as i32))
        .collect()
}

/// Older tools leave the namespace out.
fn or_default(namespace: &str) -> &str {
    if namespace.is_empty() {
        "default"
    } else {
        namespace
    }
}
