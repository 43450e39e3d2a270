//! Opening a connection to a server, once and within a limit, or to an engine in this
//! process. Whether to try again is the caller's business: the daemon does, for as long as
//! it takes; a command does not.

mod line;
mod readings;
mod settled;
mod told;

use std::collections::HashMap;
use std::error::Error as _;
use std::time::Duration;

use temporalio_client::callback_based::CallbackBasedGrpcService;
use temporalio_client::errors::ClientConnectError;
use temporalio_client::{
    ClientTlsOptions, Connection, ConnectionOptions, GrpcCompression, TlsOptions, Url,
};
use temporalio_common::telemetry::metrics::TemporalMeter;

use crate::config::{Address, Secret, Security, Tls};

/// Why there is no connection, in words for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoConnection(String);

/// Who connects.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// How it is known to the server.
    pub identity: String,
    /// What counts and times its calls, if anything.
    pub meter: Option<TemporalMeter>,
}

impl From<String> for Caller {
    fn from(identity: String) -> Self {
        Self {
            identity,
            meter: None,
        }
    }
}

/// Connects. The SDK's own limit does not hold against a server that accepts and never
/// answers, so this one is around all of it.
pub async fn open(
    address: &Address,
    security: &Security,
    caller: Caller,
    limit: Duration,
) -> Result<Connection, NoConnection> {
    establish(options(address, security, caller)?, limit).await
}

/// The same for a worker, which is told of runs only what is the same for whoever plays them.
pub async fn open_for_worker(
    address: &Address,
    security: &Security,
    caller: Caller,
    limit: Duration,
) -> Result<Connection, NoConnection> {
    let mut options = options(address, security, caller)?;
    let line = within(limit, line::open(&options), |error| innermost(&error)).await?;
    options.service_override = Some(told::to_worker(line));
    options.dns_load_balancing = None;
    establish(options, limit).await
}

fn options(
    address: &Address,
    security: &Security,
    caller: Caller,
) -> Result<ConnectionOptions, NoConnection> {
    let revealed = |secret: &Secret| secret.reveal().to_owned();
    let metadata = security.grpc_meta.iter();
    let metadata: HashMap<_, _> = metadata
        .map(|(name, value)| (name.clone(), revealed(value)))
        .collect();
    let options = ConnectionOptions::new(url(address, security.tls.is_some())?)
        .identity(caller.identity)
        .maybe_metrics_meter(caller.meter)
        .maybe_api_key(security.api_key.as_ref().map(revealed))
        .maybe_tls_options(security.tls.as_ref().map(tls))
        .maybe_headers((!metadata.is_empty()).then_some(metadata))
        .grpc_compression(compression(address))
        .build();
    Ok(options)
}

/// Compressing a request of a few hundred bytes takes longer than all the rest of a call on
/// one machine; over a network an answer of a few hundred kilobytes is worth it.
fn compression(address: &Address) -> GrpcCompression {
    if address.is_loopback() {
        GrpcCompression::None
    } else {
        GrpcCompression::Gzip
    }
}

fn url(address: &Address, is_tls: bool) -> Result<Url, NoConnection> {
    let url = address.url(is_tls).parse();
    url.map_err(|error| NoConnection(format!("{error}")))
}

/// Connects a worker to an engine in this process, which calls itself by `address` and is
/// reached without a socket.
pub async fn inside(
    engine: CallbackBasedGrpcService,
    address: &Address,
    caller: Caller,
    limit: Duration,
) -> Result<Connection, NoConnection> {
    let options = ConnectionOptions::new(url(address, false)?)
        .identity(caller.identity)
        .maybe_metrics_meter(caller.meter)
        .service_override(told::to_worker(engine))
        .dns_load_balancing(None)
        .build();
    establish(options, limit).await
}

/// The same for the SDK.
fn tls(tls: &Tls) -> TlsOptions {
    let bytes = |secret: &Secret| secret.reveal().as_bytes().to_vec();
    let client = tls.client.as_ref().map(|(cert, key)| {
        ClientTlsOptions::builder()
            .client_cert(bytes(cert))
            .client_private_key(bytes(key))
            .build()
    });
    TlsOptions::builder()
        .maybe_server_root_ca_cert(tls.ca.as_ref().map(bytes))
        .maybe_domain(tls.server_name.clone())
        .maybe_client_tls_options(client)
        .build()
}

async fn establish(
    options: ConnectionOptions,
    limit: Duration,
) -> Result<Connection, NoConnection> {
    let connecting = Box::pin(Connection::connect(options));
    within(limit, connecting, |error| plain(&error)).await
}

async fn within<T, E>(
    limit: Duration,
    connecting: impl Future<Output = Result<T, E>>,
    in_words: impl FnOnce(E) -> String,
) -> Result<T, NoConnection> {
    match tokio::time::timeout(limit, connecting).await {
        Ok(connected) => connected.map_err(|error| NoConnection(in_words(error))),
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

fn plain(error: &ClientConnectError) -> String {
    match error {
        ClientConnectError::TonicTransportError(error) => innermost(error),
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

/// The innermost cause, which says what happened; the outer ones say where.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
