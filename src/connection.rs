//! Opening a connection to a server, once and within a limit, or to an engine in this
//! process. Whether to try again is the caller's business: the daemon does, for as long as
//! it takes; a command does not.

use std::error::Error as _;
use std::time::Duration;

use temporalio_client::callback_based::CallbackBasedGrpcService;
use temporalio_client::errors::ClientConnectError;
use temporalio_client::{Connection, ConnectionOptions, Url};

use crate::config::Address;

/// Why there is no connection, in words for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoConnection(String);

/// Connects. The SDK's own limit does not hold against a server that accepts and never
/// answers, so this one is around all of it.
pub async fn open(
    address: &Address,
    identity: String,
    limit: Duration,
) -> Result<Connection, NoConnection> {
    let url: Url = address
        .url()
        .parse()
        .map_err(|error| NoConnection(format!("{error}")))?;
    let options = ConnectionOptions::new(url).identity(identity).build();
    establish(options, limit).await
}

/// Connects to an engine in this process, which calls itself by `address` and is reached
/// without a socket.
pub async fn inside(
    engine: CallbackBasedGrpcService,
    address: &Address,
    identity: String,
    limit: Duration,
) -> Result<Connection, NoConnection> {
    let url: Url = address
        .url()
        .parse()
        .map_err(|error| NoConnection(format!("{error}")))?;
    let options = ConnectionOptions::new(url)
        .identity(identity)
        .service_override(engine)
        .dns_load_balancing(None)
        .build();
    establish(options, limit).await
}

async fn establish(
    options: ConnectionOptions,
    limit: Duration,
) -> Result<Connection, NoConnection> {
    match tokio::time::timeout(limit, Connection::connect(options)).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(NoConnection(plain(&error))),
        Err(_) => Err(NoConnection(format!("it did not answer within {limit:?}"))),
    }
}

/// How this process is known to the server.
pub fn identity(program: &str) -> String {
    format!("{program}-{}@{}", std::process::id(), host_name())
}

/// What this machine is called. A command's host is told by it, and known again by it.
pub(crate) fn host_name() -> String {
    rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned()
}

/// The innermost cause, which says what happened; the outer ones say where.
fn plain(error: &ClientConnectError) -> String {
    match error {
        ClientConnectError::TonicTransportError(error) => {
            let mut cause: &dyn std::error::Error = error;
            while let Some(source) = cause.source() {
                cause = source;
            }
            cause.to_string()
        }
        ClientConnectError::SystemInfoCallError(status) => {
            let source = status
                .source()
                .map(|source| format!(" ({source})"))
                .unwrap_or_default();
            format!("{}{source}", status.message())
        }
        other => other.to_string(),
    }
}
