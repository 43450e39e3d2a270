//! The transport with real connections, and handlers made for each case. Nothing here waits
//! by sleeping: what is waited for is told by a channel or by the end of a connection.

mod calls;
mod gone;
mod hostile;
mod in_process;
mod many;
mod port;
mod shutdown;
mod users;

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;
use http_body_util::{BodyExt as _, Full};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tonic::body::Body;
use tonic::client::{Grpc, GrpcService};
use tonic::codec::CompressionEncoding;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};

use super::call::MAX_REQUEST;
use super::*;
use crate::wire::Raw;

const ECHO: &str = "/any.v1.Service/Echo";

/// A handler that is a function.
struct Answering<F>(F);

impl<F, A> Handler for Answering<F>
where
    F: Fn(Call) -> A + Send + Sync + 'static,
    A: Future<Output = Result<Vec<u8>, Status>> + Send + 'static,
{
    fn call(&self, call: Call) -> BoxFuture<'static, Result<Vec<u8>, Status>> {
        Box::pin((self.0)(call))
    }
}

fn answering<F, A>(answer: F) -> Arc<dyn Handler>
where
    F: Fn(Call) -> A + Send + Sync + 'static,
    A: Future<Output = Result<Vec<u8>, Status>> + Send + 'static,
{
    Arc::new(Answering(answer))
}

fn echo() -> Arc<dyn Handler> {
    answering(|call| async move { Ok(call.body.to_vec()) })
}

/// What becomes of a call that is never answered.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Began(String),
    Dropped,
}

/// Answers `Echo`; any other call waits for ever, and what becomes of it is told.
fn polls() -> (Arc<dyn Handler>, mpsc::UnboundedReceiver<Seen>) {
    struct Guard(mpsc::UnboundedSender<Seen>);
    impl Drop for Guard {
        fn drop(&mut self) {
            let _ = self.0.send(Seen::Dropped);
        }
    }
    let (tell, told) = mpsc::unbounded_channel();
    let handler = answering(move |call| {
        let tell = tell.clone();
        async move {
            if call.method == "Echo" {
                return Ok(call.body.to_vec());
            }
            tell.send(Seen::Began(call.method)).unwrap();
            let _guard = Guard(tell);
            std::future::pending().await
        }
    });
    (handler, told)
}

/// A server that runs until it is stopped.
struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

impl Server {
    fn start(handler: Arc<dyn Handler>) -> Self {
        Self::with(handler, Options::default())
    }

    fn with(handler: Arc<dyn Handler>, options: Options) -> Self {
        let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async move {
            let _ = stopped.await;
        };
        let task = tokio::spawn(serve(listener, handler, options, shutdown));
        Self {
            address,
            stop,
            task,
        }
    }

    async fn client(&self) -> Client {
        let channel = Endpoint::from_shared(format!("http://{}", self.address))
            .unwrap()
            .connect()
            .await
            .unwrap();
        Client { channel }
    }

    async fn stop(self) {
        let _ = self.stop.send(());
        self.task.await.unwrap().unwrap();
    }
}

/// One connection.
#[derive(Clone)]
struct Client {
    channel: Channel,
}

impl Client {
    async fn call(&self, path: &str, body: impl Into<Vec<u8>>) -> Result<Bytes, Status> {
        self.request(path, Request::new(body.into())).await
    }

    async fn request(&self, path: &str, request: Request<Vec<u8>>) -> Result<Bytes, Status> {
        let grpc = Grpc::new(self.channel.clone());
        Self::unary(grpc, path, request).await
    }

    async fn gzip(&self, path: &str, body: impl Into<Vec<u8>>) -> Result<Bytes, Status> {
        let grpc = Grpc::new(self.channel.clone())
            .send_compressed(CompressionEncoding::Gzip)
            .accept_compressed(CompressionEncoding::Gzip)
            .max_decoding_message_size(usize::MAX);
        Self::unary(grpc, path, Request::new(body.into())).await
    }

    async fn unary(
        mut grpc: Grpc<Channel>,
        path: &str,
        request: Request<Vec<u8>>,
    ) -> Result<Bytes, Status> {
        grpc.ready().await.unwrap();
        let path = path.parse().unwrap();
        Ok(grpc.unary(request, path, Raw).await?.into_inner())
    }

    /// A request whose body is not made by gRPC's rules; its status, headers and trailers.
    async fn http(&self, request: http::Request<Vec<u8>>) -> Answer {
        let mut channel = self.channel.clone();
        poll_fn(|context| GrpcService::<Body>::poll_ready(&mut channel, context))
            .await
            .unwrap();
        let request = request.map(|body| Body::new(Full::new(Bytes::from(body))));
        let response = GrpcService::call(&mut channel, request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap();
        let mut headers = parts.headers;
        headers.extend(body.trailers().cloned().unwrap_or_default());
        Answer {
            status: parts.status.as_u16(),
            headers,
            body: body.to_bytes(),
        }
    }
}

struct Answer {
    status: u16,
    headers: http::HeaderMap,
    body: Bytes,
}

impl Answer {
    fn code(&self) -> Code {
        Code::from_bytes(self.headers["grpc-status"].as_bytes())
    }
}

/// A request to `path` with these bytes as its body.
fn post(path: &str, body: &[u8]) -> http::Request<Vec<u8>> {
    http::Request::post(format!("http://localhost{path}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(body.to_vec())
        .unwrap()
}
