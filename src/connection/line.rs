//! A worker's line to its server: every call goes through as it is, but for what `settled`
//! cuts off. The SDK's own channel lets nobody look, so this is one of ours, made of the
//! same options.

use std::error::Error as StdError;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::HeaderMap;
use http::uri::PathAndQuery;
use prost::Message;
use temporalio_client::callback_based::{
    CallbackBasedGrpcService, GrpcRequest, GrpcSuccessResponse,
};
use temporalio_client::{ConnectionOptions, TlsOptions};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    GetWorkflowExecutionHistoryRequest, RespondQueryTaskCompletedRequest,
};
use tonic::client::Grpc;
use tonic::metadata::MetadataMap;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Error, Identity};
use tonic::{Code, Request, Response, Status};

use super::innermost;
use super::settled::{Reading, Readings};
use crate::wire::Raw;

/// A line to one server.
struct Line {
    channel: Channel,
    readings: Mutex<Readings>,
}

/// Connects as these options say, and answers with what their `service_override` takes.
pub(super) async fn open(options: &ConnectionOptions) -> Result<CallbackBasedGrpcService, Error> {
    let line = Arc::new(Line {
        channel: channel(options).await?,
        readings: Mutex::default(),
    });
    Ok(CallbackBasedGrpcService {
        callback: Arc::new(move |request| {
            let line = Arc::clone(&line);
            Box::pin(async move { line.call(request).await })
        }),
    })
}

async fn channel(options: &ConnectionOptions) -> Result<Channel, Error> {
    let mut endpoint = Endpoint::from_shared(options.target.to_string())?;
    if let Some(tls) = &options.tls_options {
        endpoint = secured(endpoint, tls)?;
    }
    if let Some(keep_alive) = &options.keep_alive {
        endpoint = endpoint
            .keep_alive_while_idle(true)
            .http2_keep_alive_interval(keep_alive.interval)
            .keep_alive_timeout(keep_alive.timeout);
    }
    endpoint.connect().await
}

fn secured(mut endpoint: Endpoint, options: &TlsOptions) -> Result<Endpoint, Error> {
    let mut tls = match &options.server_root_ca_cert {
        Some(ca) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(ca)),
        None => ClientTlsConfig::new().with_native_roots(),
    };
    if let Some(name) = &options.domain {
        // What the server is asked as is what its certificate has to say.
        if let Ok(origin) = format!("https://{name}").parse() {
            endpoint = endpoint.origin(origin);
        }
        tls = tls.domain_name(name);
    }
    if let Some(client) = &options.client_tls_options {
        tls = tls.identity(Identity::from_pem(
            &client.client_cert,
            &client.client_private_key,
        ));
    }
    endpoint.tls_config(tls)
}

impl Line {
    async fn call(&self, request: GrpcRequest) -> Result<GrpcSuccessResponse, Status> {
        let GrpcRequest {
            service,
            rpc,
            headers,
            proto,
        } = request;
        let reading = self.before(&rpc, &proto);
        let answer = self.forward(&service, &rpc, headers, proto).await?;
        Ok(GrpcSuccessResponse {
            headers: HeaderMap::new(),
            proto: match self.after(&rpc, reading, &answer) {
                Some(cut) => cut,
                None => answer.into(),
            },
        })
    }

    /// Notes what the worker asks for, if a query depends on it.
    fn before(&self, rpc: &str, proto: &Bytes) -> Option<Reading> {
        match rpc {
            "GetWorkflowExecutionHistory" => {
                let request = GetWorkflowExecutionHistoryRequest::decode(&**proto).ok()?;
                self.readings(|readings| readings.asked_for(&request))
            }
            "RespondQueryTaskCompleted" => {
                let request = RespondQueryTaskCompletedRequest::decode(&**proto).ok()?;
                self.readings(|readings| readings.answered(&request.task_token));
                None
            }
            _ => None,
        }
    }

    /// What the worker is given instead of the server's answer, if that is cut.
    fn after(&self, rpc: &str, reading: Option<Reading>, answer: &Bytes) -> Option<Vec<u8>> {
        if let Some(reading) = reading {
            return edited(answer, |page| {
                self.readings(|readings| readings.read(reading, page))
            });
        }
        if rpc != "PollWorkflowTaskQueue" {
            return None;
        }
        edited(answer, |task| {
            self.readings(|readings| readings.given(task))
        })
    }

    async fn forward(
        &self,
        service: &str,
        rpc: &str,
        headers: HeaderMap,
        proto: Bytes,
    ) -> Result<Bytes, Status> {
        let path: PathAndQuery = format!("/{service}/{rpc}")
            .parse()
            .map_err(|error| Status::internal(format!("{error}")))?;
        let mut request = Request::new(Vec::from(proto));
        *request.metadata_mut() = MetadataMap::from_headers(headers);
        // The connection that this is put into has a limit of its own.
        let mut grpc = Grpc::new(self.channel.clone()).max_decoding_message_size(usize::MAX);
        grpc.ready()
            .await
            .map_err(|error| Status::unavailable(innermost(&error)))?;
        let answer = grpc.unary(request, path, Raw).await;
        answer.map(Response::into_inner).map_err(plain)
    }

    fn readings<T>(&self, f: impl FnOnce(&mut Readings) -> T) -> T {
        // They are whole between any two changes, whoever panicked.
        f(&mut self.readings.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A message that was changed, anew; none if it was not, or is none.
fn edited<M: Message + Default>(
    bytes: &Bytes,
    edit: impl FnOnce(&mut M) -> bool,
) -> Option<Vec<u8>> {
    let mut message = M::decode(&**bytes).ok()?;
    edit(&mut message).then(|| message.encode_to_vec())
}

/// What broke the line is told in the code and the words: only these get through. A call that
/// ended with the line and not by anybody's wish is worth another try.
fn plain(status: Status) -> Status {
    let source = status.source().and_then(<dyn StdError>::downcast_ref);
    let Some::<&Error>(error) = source else {
        return status;
    };
    let is_broken = error
        .source()
        .is_some_and(<dyn StdError>::is::<hyper::Error>);
    let code = match status.code() {
        Code::Cancelled if is_broken => Code::Unavailable,
        code => code,
    };
    Status::new(code, format!("{}: {}", status.message(), innermost(error)))
}
