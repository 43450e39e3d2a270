//! The same service without a socket, for a client or worker in this process. Nothing of
//! HTTP remains of it but the headers.

use std::future::Future;
use std::sync::Arc;

use http::HeaderMap;
use temporalio_client::callback_based::{
    CallbackBasedGrpcService, GrpcRequest, GrpcSuccessResponse,
};
use tokio::time::{Instant, timeout_at};
use tonic::Status;

use super::call::{Handler, Head, Origin};

/// What `ConnectionOptions::service_override` takes.
pub(in crate::embedded) fn callback(handler: Arc<dyn Handler>) -> CallbackBasedGrpcService {
    CallbackBasedGrpcService {
        callback: Arc::new(move |request: GrpcRequest| {
            let handler = Arc::clone(&handler);
            Box::pin(async move {
                let head = Head::new(
                    &request.service,
                    &request.rpc,
                    &request.headers,
                    Origin::InProcess,
                )?;
                let deadline = head.deadline();
                let proto = by(deadline, head.answer(handler, request.proto)).await?;
                Ok(GrpcSuccessResponse {
                    headers: HeaderMap::new(),
                    proto,
                })
            })
        }),
    }
}

/// Over TCP it is the client that gives up at its deadline. Here the client has only written
/// it into a header, and would wait for ever.
async fn by<T>(
    deadline: Option<Instant>,
    answer: impl Future<Output = Result<T, Status>>,
) -> Result<T, Status> {
    let Some(deadline) = deadline else {
        return answer.await;
    };
    timeout_at(deadline, answer).await.unwrap_or_else(|_| {
        Err(Status::deadline_exceeded(
            "the caller's time limit passed before there was an answer",
        ))
    })
}
