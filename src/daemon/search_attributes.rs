//! Registering aura's search attributes. Where that is not allowed, epochs run without
//! them, and the log says what an administrator can do.

use std::collections::HashMap;
use std::time::Duration;

use temporalio_client::Client;
use temporalio_client::grpc::OperatorService;
use temporalio_client::tonic::{Code, Request, Status};
use temporalio_common::protos::temporal::api::enums::v1::IndexedValueType;
use temporalio_common::protos::temporal::api::operatorservice::v1::AddSearchAttributesRequest;

use crate::activities::missing_attributes;
use crate::contract::attributes::{ALL, Kind};

/// How often, and after which waits, to ask whether the server shows what it accepted.
const VISIBLE: u32 = 50;
const WAIT: Duration = Duration::from_millis(100);

/// Registers the attributes that the namespace does not know.
pub(super) async fn register(client: &Client) {
    let missing = match missing_attributes(client).await {
        Ok(missing) if missing.is_empty() => return,
        Ok(missing) => missing,
        Err(status) => return explain(&status, client),
    };
    let namespace = client.options().namespace.clone();
    let search_attributes: HashMap<String, i32> = ALL
        .into_iter()
        .filter(|(name, _)| missing.contains(name))
        .map(|(name, kind)| (name.to_owned(), indexed(kind) as i32))
        .collect();
    let request = Request::new(AddSearchAttributesRequest {
        namespace,
        search_attributes,
    });
    match OperatorService::add_search_attributes(&mut client.clone(), request).await {
        Ok(_) => {}
        Err(status) if status.code() == Code::AlreadyExists => {}
        Err(status) => return explain(&status, client),
    }
    for _ in 0..VISIBLE {
        match missing_attributes(client).await {
            Ok(missing) if missing.is_empty() => {
                tracing::info!("search attributes registered");
                return;
            }
            _ => tokio::time::sleep(WAIT).await,
        }
    }
    tracing::warn!("the server accepted the search attributes but does not show them yet");
}

fn explain(status: &Status, client: &Client) {
    let namespace = &client.options().namespace;
    let commands: Vec<String> = ALL
        .into_iter()
        .map(|(name, kind)| {
            format!(
                "temporal operator search-attribute create -n {namespace} --name {name} --type \
                 {kind:?}"
            )
        })
        .collect();
    tracing::warn!(
        "search attributes could not be registered ({}: {}); epochs run without them unless they \
         exist. An administrator can run: {}",
        status.code(),
        status.message(),
        commands.join("; ")
    );
}

const fn indexed(kind: Kind) -> IndexedValueType {
    match kind {
        Kind::Keyword => IndexedValueType::Keyword,
        Kind::Text => IndexedValueType::Text,
    }
}
