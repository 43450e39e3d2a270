//! One request as the handler gets it, and what its headers say. The message itself stays
//! bytes: only the handler knows its type.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::HeaderMap;
use tokio::time::Instant;
use tonic::Status;

use super::health;

/// The largest request, as of a Temporal server with gRPC's default. It is also the most
/// that is ever decompressed for one request.
pub(super) const MAX_REQUEST: usize = 4 * 1024 * 1024;

/// One request, as bytes.
#[derive(Clone, Debug)]
pub(in crate::embedded) struct Call {
    /// As `temporal.api.workflowservice.v1.WorkflowService`.
    pub(in crate::embedded) service: String,
    /// As `StartWorkflowExecution`.
    pub(in crate::embedded) method: String,
    /// The encoded message, not compressed.
    pub(in crate::embedded) body: Bytes,
    /// When the caller stops waiting; from `grpc-timeout`, counted from the arrival. A long
    /// poll answers before it: whoever overstays it is dropped as if the caller had gone.
    pub(in crate::embedded) deadline: Option<Instant>,
    /// Which way it came.
    pub(in crate::embedded) origin: Origin,
}

/// Which way a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::embedded) enum Origin {
    /// From this process.
    InProcess,
    /// Over a connection.
    Tcp,
}

/// What answers calls.
pub(in crate::embedded) trait Handler: Send + Sync + 'static {
    /// Answers one call, of any service and method: one it does not know is `UNIMPLEMENTED`.
    ///
    /// The future is dropped as soon as the caller is gone (see the module `server`), so what
    /// must happen as a whole happens between two awaits.
    fn call(&self, call: Call) -> BoxFuture<'static, Result<Vec<u8>, Status>>;
}

/// A request of which only the head has been read.
pub(super) struct Head {
    service: String,
    method: String,
    deadline: Option<Instant>,
    origin: Origin,
}

impl Head {
    pub(super) fn new(
        service: &str,
        method: &str,
        headers: &HeaderMap,
        origin: Origin,
    ) -> Result<Self, Status> {
        if service.is_empty() || method.is_empty() || method.contains('/') {
            return Err(Status::unimplemented(format!(
                "malformed method name \"/{service}/{method}\": it is /package.Service/Method"
            )));
        }
        Ok(Self {
            service: service.to_owned(),
            method: method.to_owned(),
            deadline: deadline(headers)?,
            origin,
        })
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Answers it, now that the message is there too.
    pub(super) async fn answer(
        self,
        handler: Arc<dyn Handler>,
        body: Bytes,
    ) -> Result<Vec<u8>, Status> {
        if self.service == health::SERVICE {
            return health::answer(&self.method, body);
        }
        if body.len() > MAX_REQUEST {
            return Err(too_large(body.len()));
        }
        let call = Call {
            service: self.service,
            method: self.method,
            body,
            deadline: self.deadline,
            origin: self.origin,
        };
        handler.call(call).await
    }
}

/// Worded as a Temporal server's: clients know by the text that repeating is of no use.
pub(super) fn too_large(found: impl std::fmt::Display) -> Status {
    Status::resource_exhausted(format!(
        "grpc: received message larger than max ({found} vs. {MAX_REQUEST})"
    ))
}

/// When the caller stops waiting. A time too far away to be counted is none.
fn deadline(headers: &HeaderMap) -> Result<Option<Instant>, Status> {
    let Some(value) = headers.get("grpc-timeout") else {
        return Ok(None);
    };
    match value.to_str().ok().and_then(timeout) {
        Some(timeout) => Ok(Instant::now().checked_add(timeout)),
        None => Err(Status::internal(format!(
            "malformed grpc-timeout {value:?}"
        ))),
    }
}

/// As gRPC writes it: up to eight digits and a unit.
fn timeout(value: &str) -> Option<Duration> {
    let (digits, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(count * 3600)),
        "M" => Some(Duration::from_secs(count * 60)),
        "S" => Some(Duration::from_secs(count)),
        "m" => Some(Duration::from_millis(count)),
        "u" => Some(Duration::from_micros(count)),
        "n" => Some(Duration::from_nanos(count)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
