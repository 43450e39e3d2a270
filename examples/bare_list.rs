//! The least that a Rust program can do to ask for the first page of open epochs: connect
//! and list, nothing checked, nothing printed. `benches/list.py` measures `aura-msg epoch
//! list` against it.

use std::error::Error;

use temporalio_client::tonic::Request;
use temporalio_client::{Connection, ConnectionOptions, GrpcCompression, Url};
use temporalio_common::protos::temporal::api::workflowservice::v1::ListWorkflowExecutionsRequest;

/// As many as `aura-msg epoch list` asks for, which wants to know whether there are more.
const PAGE: i32 = 51;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let Some(address) = std::env::args().nth(1) else {
        return Err("usage: bare_list HOST:PORT".into());
    };
    let url: Url = format!("http://{address}").parse()?;
    let options = ConnectionOptions::new(url)
        .grpc_compression(GrpcCompression::None)
        .build();
    let connection = Connection::connect(options).await?;
    let request = ListWorkflowExecutionsRequest {
        namespace: "default".to_owned(),
        page_size: PAGE,
        query: "WorkflowType = 'EpochWorkflow' AND ExecutionStatus = 'Running'".to_owned(),
        ..Default::default()
    };
    let listed = connection
        .workflow_service()
        .list_workflow_executions(Request::new(request))
        .await?
        .into_inner();
    if listed.executions.is_empty() {
        return Err("no epochs are listed".into());
    }
    Ok(())
}
