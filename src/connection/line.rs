//! A line to a server, as a service that passes every call on. The SDK's own channel lets
//! nobody look at what goes through it, so this is one of ours, made of the same options.

use std::error::Error as StdError;
use std::sync::Arc;

use http::HeaderMap;
use http::uri::PathAndQuery;
use temporalio_client::callback_based::{
    CallbackBasedGrpcService, GrpcRequest, GrpcSuccessResponse,
};
use temporalio_client::{ConnectionOptions, TlsOptions};
use tonic::client::Grpc;
use tonic::metadata::MetadataMap;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Error, Identity};
use tonic::{Code, Request, Status};

use super::innermost;
use crate::wire::Raw;

/// Connects as these options say, and answers with what their `service_override` takes.
pub(super) async fn open(options: &ConnectionOptions) -> Result<CallbackBasedGrpcService, Error> {
    let channel = channel(options).await?;
    Ok(CallbackBasedGrpcService {
        callback: Arc::new(move |request| {
            let channel = channel.clone();
            Box::pin(async move { forward(channel, request).await })
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

async fn forward(channel: Channel, request: GrpcRequest) -> Result<GrpcSuccessResponse, Status> {
    let GrpcRequest {
        service,
        rpc,
        headers,
        proto,
    } = request;
    let path: PathAndQuery = format!("/{service}/{rpc}")
        .parse()
        .map_err(|error| Status::internal(format!("{error}")))?;
    let mut request = Request::new(Vec::from(proto));
    *request.metadata_mut() = MetadataMap::from_headers(headers);
    // The connection that this is put into has a limit of its own.
    let mut grpc = Grpc::new(channel).max_decoding_message_size(usize::MAX);
    grpc.ready()
        .await
        .map_err(|error| Status::unavailable(innermost(&error)))?;
    let answer = grpc.unary(request, path, Raw).await.map_err(plain)?;
    Ok(GrpcSuccessResponse {
        headers: HeaderMap::new(),
        proto: answer.into_inner().into(),
    })
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
