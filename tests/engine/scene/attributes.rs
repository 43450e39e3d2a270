//! The search attributes that scenarios use, registered once per target.

use std::collections::HashMap;

use temporalio_client::Connection;
use temporalio_client::tonic::{Code, Request};
use temporalio_common::protos::temporal::api::enums::v1::IndexedValueType;
use temporalio_common::protos::temporal::api::operatorservice::v1::AddSearchAttributesRequest;

use crate::worker::NAMESPACE;

const ALL: [(&str, IndexedValueType); 5] = [
    ("EngineWord", IndexedValueType::Keyword),
    ("EngineCount", IndexedValueType::Int),
    ("EngineFlag", IndexedValueType::Bool),
    ("EngineShare", IndexedValueType::Double),
    ("EngineWords", IndexedValueType::KeywordList),
];

/// Registers them; that they are there already is well.
pub async fn register(connection: &Connection) {
    let search_attributes: HashMap<String, i32> = ALL
        .iter()
        .map(|(name, kind)| ((*name).to_owned(), *kind as i32))
        .collect();
    let message = AddSearchAttributesRequest {
        namespace: NAMESPACE.to_owned(),
        search_attributes,
    };
    let mut service = connection.operator_service();
    let added = service.add_search_attributes(Request::new(message)).await;
    if let Err(status) = added {
        assert_eq!(status.code(), Code::AlreadyExists, "{status}");
    }
}
