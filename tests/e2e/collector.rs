//! A collector of spans, as OpenTelemetry has them: OTLP over gRPC, which is one POST with one
//! message. It keeps what it gets, and refuses nothing.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use prost::Message as _;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::support::wait::eventually;

const PATH: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
/// What comes before a message of gRPC: whether it is compressed, and its length.
const FRAME: usize = 5;

/// A span that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The program's name.
    pub service: String,
    pub name: String,
    pub trace_id: String,
    pub id: String,
    /// Empty for the first of a trace.
    pub parent: String,
    pub attributes: BTreeMap<String, String>,
}

/// A collector; it ends with the test.
pub struct Collector {
    address: String,
    spans: Arc<Mutex<Vec<Span>>>,
    _runtime: Runtime,
}

impl Collector {
    /// One on a free port.
    pub fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime can be built");
        let spans = Arc::default();
        let listener = runtime
            .block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .expect("there is a free port");
        let address = listener.local_addr().expect("it has an address");
        runtime.spawn(serve(listener, Arc::clone(&spans)));
        Self {
            address: format!("http://{address}"),
            spans,
            _runtime: runtime,
        }
    }

    /// Where it is, as `OTEL_EXPORTER_OTLP_ENDPOINT` has it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// All spans so far.
    pub fn spans(&self) -> Vec<Span> {
        self.spans.lock().unwrap().clone()
    }

    /// Waits for a span that is so.
    #[track_caller]
    pub fn wait(&self, what: &str, limit: Duration, is_it: impl Fn(&Span) -> bool) -> Span {
        eventually(what, limit, || {
            self.spans().into_iter().find(|span| is_it(span))
        })
    }
}

async fn serve(listener: TcpListener, spans: Arc<Mutex<Vec<Span>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let spans = Arc::clone(&spans);
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(request, Arc::clone(&spans)));
            // A client that goes away has said all that it had to say.
            let _ = http2::Builder::new(TokioExecutor::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    spans: Arc<Mutex<Vec<Span>>>,
) -> Result<Response<impl hyper::body::Body<Data = Bytes, Error = Infallible>>, Infallible> {
    assert_eq!(request.uri().path(), PATH);
    let body = request.into_body().collect().await;
    let body = body.expect("a request is whole").to_bytes();
    assert_eq!(body[0], 0, "it is not compressed");
    let message = ExportTraceServiceRequest::decode(&body[FRAME..]).expect("it is a message");
    spans.lock().unwrap().extend(read(message));
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", "0".parse().unwrap());
    let empty = Full::new(Bytes::from_static(&[0; FRAME]));
    let body = empty.with_trailers(async move { Some(Ok(trailers)) });
    let response = Response::builder().header("content-type", "application/grpc");
    Ok(response.body(body).unwrap())
}

fn read(message: ExportTraceServiceRequest) -> Vec<Span> {
    let mut read = Vec::new();
    for resource in message.resource_spans {
        let about = texts(resource.resource.map(|r| r.attributes).unwrap_or_default());
        for span in resource.scope_spans.into_iter().flat_map(|s| s.spans) {
            read.push(Span {
                service: about.get("service.name").cloned().unwrap_or_default(),
                name: span.name,
                trace_id: hex(&span.trace_id),
                id: hex(&span.span_id),
                parent: hex(&span.parent_span_id),
                attributes: texts(span.attributes),
            });
        }
    }
    read
}

fn texts(attributes: Vec<KeyValue>) -> BTreeMap<String, String> {
    let text = |value: Option<AnyValue>| match value.and_then(|value| value.value) {
        Some(Value::StringValue(text)) => text,
        other => format!("{other:?}"),
    };
    let attributes = attributes.into_iter();
    attributes.map(|a| (a.key, text(a.value))).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
