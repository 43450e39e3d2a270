//! The least that a Rust program can do to ask an epoch for its state: connect and
//! query, nothing checked, nothing printed. `benches/figures.py` measures `aura-msg`
//! against it.

use std::error::Error;

use temporalio_client::tonic::Request;
use temporalio_client::{Connection, ConnectionOptions, GrpcCompression, Url};
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_common::protos::temporal::api::workflowservice::v1::QueryWorkflowRequest;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(address), Some(epoch)) = (args.next(), args.next()) else {
        return Err("usage: bare_query HOST:PORT EPOCH".into());
    };
    let url: Url = format!("http://{address}").parse()?;
    let options = ConnectionOptions::new(url)
        .grpc_compression(GrpcCompression::None)
        .build();
    let connection = Connection::connect(options).await?;
    let request = QueryWorkflowRequest {
        namespace: "default".to_owned(),
        execution: Some(WorkflowExecution {
            workflow_id: epoch,
            run_id: String::new(),
        }),
        query: Some(WorkflowQuery {
            query_type: "full_state".to_owned(),
            ..Default::default()
        }),
        ..Default::default()
    };
    connection
        .workflow_service()
        .query_workflow(Request::new(request))
        .await?;
    Ok(())
}
