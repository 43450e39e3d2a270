//! One connection: HTTP/2 from its first byte, or a sentence for those who speak HTTP/1.
//! Every request gets a task of its own, which ends with the request's stream.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http2::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, join};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::sync::watch;
use tokio::time::timeout;

use super::call::Handler;
use super::unary;

/// What a client of HTTP/2 says first.
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// How long a new connection may take to say it.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// A client that does not answer a ping is taken for gone; its polls must not keep tasks.
const PING_EVERY: Duration = Duration::from_secs(30);
const PONG_WITHIN: Duration = Duration::from_secs(20);

/// Calls at once on one connection. SDKs put everything on one: all polls of all their
/// workers, and with none left over they could not complete a task.
const STREAMS: u32 = 1000;

const NOT_HTTP2: &[u8] = b"HTTP/1.1 400 Bad Request\r\n\
    content-type: text/plain\r\n\
    connection: close\r\n\
    content-length: 55\r\n\
    \r\n\
    This is a gRPC server: it speaks HTTP/2, not HTTP/1.1.\n";

/// Serves it until its client leaves, or until `closing` and its last answer.
pub(super) async fn serve(
    stream: TcpStream,
    handler: Arc<dyn Handler>,
    mut closing: watch::Receiver<bool>,
) {
    // Answers are small and awaited: none may wait for the acknowledgement of another.
    let _ = stream.set_nodelay(true);
    let (mut reader, mut writer) = stream.into_split();
    let mut first = [0; PREFACE.len()];
    let said = tokio::select! {
        said = timeout(HANDSHAKE, preface(&mut reader, &mut first)) => said,
        () = closed(&mut closing) => return,
    };
    match said {
        Ok(Ok(true)) => {}
        Ok(Ok(false)) => {
            // Whether it is read is of no importance here.
            let _ = timeout(HANDSHAKE, writer.write_all(NOT_HTTP2)).await;
            return;
        }
        Ok(Err(_)) | Err(_) => return,
    }
    let service = service_fn(move |request| {
        let handler = Arc::clone(&handler);
        async move { Ok::<_, Infallible>(unary::answer(handler, request).await) }
    });
    let connection = Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PONG_WITHIN)
        .max_concurrent_streams(STREAMS)
        .auto_date_header(false)
        .serve_connection(
            TokioIo::new(join(PREFACE.as_slice().chain(reader), writer)),
            service,
        );
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = closed(&mut closing) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // A client that was killed, or one that does not speak HTTP/2: its own affair.
        tracing::debug!(%error, "connection ended");
    }
}

async fn closed(closing: &mut watch::Receiver<bool>) {
    // That nobody can say it any more comes to the same.
    let _ = closing.wait_for(|closing| *closing).await;
}

/// Whether the first bytes are HTTP/2's; decided at the first that is not.
async fn preface(reader: &mut OwnedReadHalf, first: &mut [u8; PREFACE.len()]) -> io::Result<bool> {
    let mut filled = 0;
    while filled < PREFACE.len() {
        let read = reader.read(&mut first[filled..]).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        filled += read;
        if first[..filled] != PREFACE[..filled] {
            return Ok(false);
        }
    }
    Ok(true)
}
