//! One HTTP/2 request: from its body a message, from the answer a body. Whatever is not a
//! unary gRPC call gets an answer that says so.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use tokio::time::timeout;
use tonic::body::Body;
use tonic::codec::{CompressionEncoding, EncodeBody, SingleMessageCompressionOverride, Streaming};
use tonic::{Code, Status};

use super::call::{Handler, Head, MAX_REQUEST, Origin, too_large};
use crate::wire::Raw;

/// How long the bytes of a request may take.
const READ: Duration = Duration::from_secs(30);

/// Below this, compressing an answer costs more than it saves.
const WORTH_COMPRESSING: usize = 1024;

const ENCODINGS: &str = "gzip,identity";

pub(super) async fn answer(
    handler: Arc<dyn Handler>,
    request: Request<Incoming>,
) -> Response<Body> {
    if request.method() != Method::POST {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED);
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("POST"));
        return response;
    }
    if !is_grpc(request.headers()) {
        return plain(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let gzip = accepts_gzip(request.headers());
    match call(handler, request).await {
        Ok(message) => encode(message, gzip),
        Err(status) => status.into_http(),
    }
}

async fn call(handler: Arc<dyn Handler>, request: Request<Incoming>) -> Result<Vec<u8>, Status> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let (service, method) = path
        .strip_prefix('/')
        .and_then(|path| path.split_once('/'))
        .unwrap_or(("", path));
    let head = Head::new(service, method, &parts.headers, Origin::Tcp)?;
    let encoding = encoding(&parts.headers)?;
    let message = timeout(READ, message(body, encoding))
        .await
        .map_err(|_| Status::deadline_exceeded(format!("no whole request within {READ:?}")))??;
    head.answer(handler, message).await
}

/// Reads the one message, and that it was the only one.
async fn message(body: Incoming, encoding: Option<CompressionEncoding>) -> Result<Bytes, Status> {
    let mut stream = Streaming::new_request(Raw, body, encoding, Some(MAX_REQUEST));
    let message = stream
        .message()
        .await
        .map_err(|status| match status.code() {
            // The length in front of the message was refused, before anything was allocated.
            Code::OutOfRange => too_large(length(status.message()).unwrap_or("more")),
            Code::ResourceExhausted => Status::resource_exhausted(format!(
                "grpc: received message after decompression larger than max {MAX_REQUEST}"
            )),
            _ => status,
        })?
        .ok_or_else(|| Status::internal("the request has no message"))?;
    if stream.message().await?.is_some() {
        return Err(Status::unimplemented(
            "more than one message in a request: streaming calls are not served",
        ));
    }
    Ok(message)
}

/// The length that the codec found, which it says only in words.
fn length(refusal: &str) -> Option<&str> {
    refusal
        .split_whitespace()
        .find(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
}

fn encode(message: Vec<u8>, gzip: bool) -> Response<Body> {
    let encoding =
        (gzip && message.len() >= WORTH_COMPRESSING).then_some(CompressionEncoding::Gzip);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    if encoding.is_some() {
        headers.insert("grpc-encoding", HeaderValue::from_static("gzip"));
    }
    let body = EncodeBody::new_server(
        Raw,
        futures::stream::iter([Ok(message)]),
        encoding,
        SingleMessageCompressionOverride::default(),
        None,
    );
    let mut response = Response::new(Body::new(body));
    *response.headers_mut() = headers;
    response
}

fn plain(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::new(String::from(
        "This is a gRPC server: it answers POST with content-type application/grpc.\n",
    )));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}

/// `application/grpc`, perhaps with `+proto` or parameters; gRPC-Web is something else.
fn is_grpc(headers: &HeaderMap) -> bool {
    let rest = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("application/grpc"));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("+proto") || rest.starts_with(';'))
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all("grpc-accept-encoding")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|name| name.trim() == "gzip")
}

fn encoding(headers: &HeaderMap) -> Result<Option<CompressionEncoding>, Status> {
    match headers.get("grpc-encoding").map(HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(None),
        Some(b"gzip") => Ok(Some(CompressionEncoding::Gzip)),
        Some(other) => {
            let mut status = Status::unimplemented(format!(
                "grpc-encoding {} is not supported, {ENCODINGS} are",
                other.escape_ascii()
            ));
            if let Ok(encodings) = ENCODINGS.parse() {
                status
                    .metadata_mut()
                    .insert("grpc-accept-encoding", encodings);
            }
            Err(status)
        }
    }
}
