//! The listener of the admin endpoint. Whoever asks gets one answer per connection, has a
//! few seconds for it, and few connections are open at once: nobody can hold the daemon
//! up, or fill it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::answer::Asked;

/// Connections at once; for further ones the oldest are closed.
const CONNECTIONS: usize = 32;
/// As many as may wait to be accepted.
const BACKLOG: u32 = 128;
/// What a connection may take from its first byte to its last.
const LIMIT: Duration = Duration::from_secs(10);
/// What the request's head may take.
const HEAD_LIMIT: Duration = Duration::from_secs(5);
/// Bytes of a request's head, and of what is buffered of anything.
const BUFFER: usize = 16 * 1024;
/// Lines of it.
const HEADERS: usize = 64;
/// How long not to accept when the system has no more of what a connection needs.
const BACK_OFF: Duration = Duration::from_millis(200);

/// Takes the port, or says in full why not.
pub(super) fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    listen(address).map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::AddrInUse => "another process listens there".to_owned(),
            _ => error.to_string(),
        };
        format!(
            "the admin endpoint cannot listen on {address}, so aurad did not start: {why}. --admin \
             names another address (port 0 takes a free one), or none"
        )
    })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Else a restart would wait for the connections of the process before it to be forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves for as long as the runtime lives.
pub(super) async fn serve(listener: TcpListener, asked: Arc<Asked>) {
    let mut open: VecDeque<AbortHandle> = VecDeque::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                open.retain(|connection| !connection.is_finished());
                // Whoever came first has had the longest time; a question takes next to none.
                if open.len() >= CONNECTIONS
                    && let Some(oldest) = open.pop_front()
                {
                    oldest.abort();
                }
                let asked = Arc::clone(&asked);
                let served = tokio::spawn(async move {
                    // What overstays its time is closed; there is nobody to tell.
                    let _ = timeout(LIMIT, connection(stream, &asked)).await;
                });
                open.push_back(served.abort_handle());
            }
            Err(error) => {
                tracing::debug!(%error, "the admin endpoint cannot accept a connection");
                sleep(BACK_OFF).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, asked: &Asked) {
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        // A body is not read: nothing here wants one.
        let response = asked.answer(request.method(), request.uri());
        async { Ok::<_, Infallible>(response) }
    });
    let served = Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .max_buf_size(BUFFER)
        .max_headers(HEADERS)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection to the admin endpoint ended");
    }
}
