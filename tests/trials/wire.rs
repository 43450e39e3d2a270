//! Requests as the bytes they are, so that anything can be sent, and answers as codes.

use std::time::Duration;

use prost::Message;
use temporalio_client::tonic::client::Grpc;
use temporalio_client::tonic::transport::{Channel, Endpoint};
use temporalio_client::tonic::{Code, Request, Response, Status};
use temporalio_common::protos::google::rpc::Status as RpcStatus;

use crate::support::bytes::Bytes;

pub const WORKFLOW_SERVICE: &str = "temporal.api.workflowservice.v1.WorkflowService";

/// No call takes longer, unless it is one that waits.
const LIMIT: Duration = Duration::from_secs(20);
/// Larger than any answer.
const LARGEST: usize = 64 * 1024 * 1024;

/// A connection on which anything may be sent.
#[derive(Clone)]
pub struct Wire {
    channel: Channel,
}

impl Wire {
    pub async fn connect(address: &str) -> Self {
        let endpoint = Endpoint::from_shared(format!("http://{address}"));
        let endpoint = endpoint.expect("an address makes an endpoint");
        let channel = endpoint.connect().await.expect("the port is open");
        Self { channel }
    }

    /// Calls a method of the workflow service.
    pub async fn call(&self, method: &str, message: &impl Message) -> Result<Vec<u8>, Status> {
        let path = format!("/{WORKFLOW_SERVICE}/{method}");
        self.send(&path, message.encode_to_vec(), LIMIT).await
    }

    /// Sends any bytes to any path, with a limit that the service is told of.
    pub async fn send(
        &self,
        path: &str,
        bytes: Vec<u8>,
        limit: Duration,
    ) -> Result<Vec<u8>, Status> {
        let mut grpc = Grpc::new(self.channel.clone()).max_decoding_message_size(LARGEST);
        let ready = grpc.ready().await;
        ready.map_err(|error| Status::unavailable(error.to_string()))?;
        let mut request = Request::new(bytes);
        request.set_timeout(limit);
        let path = path.parse().expect("it is a path");
        let call = grpc.unary(request, path, Bytes);
        let answer = tokio::time::timeout(limit + LIMIT, call).await;
        answer
            .expect("every call is answered")
            .map(Response::into_inner)
    }
}

/// What a call came to, in the terms that clients decide by: the code, and the types of
/// the details.
pub fn kind<T>(answer: &Result<T, Status>) -> String {
    let Err(status) = answer else {
        return format!("{:?}", Code::Ok);
    };
    let details = RpcStatus::decode(status.details()).unwrap_or_default();
    let types = details
        .details
        .iter()
        .filter_map(|detail| detail.type_url.rsplit(['.', '/']).next());
    format!("{:?} {:?}", status.code(), types.collect::<Vec<_>>())
}
