//! Reaching the server: again and again, with a line for each attempt, until it answers
//! and knows the namespace, or the time for it is over.

use std::time::{Duration, Instant};

use temporalio_client::tonic::{Code, Request};
use temporalio_client::{Client, ClientOptions, Connection};
use temporalio_common::protos::temporal::api::workflowservice::v1::DescribeNamespaceRequest;
use temporalio_common::telemetry::metrics::TemporalMeter;

use super::service;
use crate::config::aurad::Settings;
use crate::config::{Address, Security};
use crate::connection::{self, Caller};
use crate::embedded::Embedded;

/// How long one attempt may take; a server that accepts and never answers counts as
/// unreachable.
const ATTEMPT: Duration = Duration::from_secs(5);
/// The wait after the first failed attempt, and the longest.
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// No server within the time for it.
#[derive(Debug, thiserror::Error)]
#[error("no server at {address} within {limit:?}: {last}")]
pub(super) struct Unreachable {
    pub(super) address: String,
    pub(super) limit: Duration,
    pub(super) last: String,
}

/// Connects, and makes sure of the namespace. What is called is counted with the meter.
pub(super) async fn connect(
    settings: &Settings,
    security: &Security,
    meter: Option<TemporalMeter>,
) -> Result<Client, Unreachable> {
    let address = &settings.address.value;
    let limit = settings.connect_timeout.value;
    let started = Instant::now();
    let mut wait = FIRST_WAIT;
    let mut before = None;
    for attempt in 1_u32.. {
        let left = limit.map_or(ATTEMPT, |limit| limit.saturating_sub(started.elapsed()));
        let tried = try_once(settings, security, meter.clone());
        let why = match tokio::time::timeout(left.min(ATTEMPT), tried).await {
            Ok(Ok(client)) => return Ok(client),
            Ok(Err(why)) => why,
            // Cut short, it says less than the attempt before.
            Err(_) => before
                .filter(|_| left < ATTEMPT)
                .unwrap_or_else(|| "it did not answer".to_owned()),
        };
        if let Some(limit) = limit
            && started.elapsed() + wait >= limit
        {
            return Err(Unreachable {
                address: address.to_string(),
                limit,
                last: why,
            });
        }
        tracing::warn!("attempt {attempt}: {address}: {why}; trying again in {wait:?}");
        service::status(&format!("waiting for a server at {address}: {why}"));
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
        before = Some(why);
    }
    unreachable!("the attempts are not bounded in number")
}

async fn try_once(
    settings: &Settings,
    security: &Security,
    meter: Option<TemporalMeter>,
) -> Result<Client, String> {
    let who = Caller {
        identity: identity(),
        meter,
    };
    let connection = connection::open_for_worker(&settings.address.value, security, who, ATTEMPT)
        .await
        .map_err(|error| error.to_string())?;
    client(connection, settings).await
}

/// Connects to the engine in this process, which answers at once or not at all.
pub(super) async fn to_engine(
    engine: &Embedded,
    settings: &Settings,
    meter: Option<TemporalMeter>,
) -> Result<Client, String> {
    let address = Address::from(engine.address());
    let who = Caller {
        identity: identity(),
        meter,
    };
    let connection = connection::inside(engine.transport(), &address, who, ATTEMPT)
        .await
        .map_err(|error| error.to_string())?;
    client(connection, settings).await
}

/// A client for the namespace, if the server knows it.
async fn client(connection: Connection, settings: &Settings) -> Result<Client, String> {
    let namespace = settings.namespace.value.clone();
    let request = DescribeNamespaceRequest {
        namespace: namespace.clone(),
        ..Default::default()
    };
    match connection
        .workflow_service()
        .describe_namespace(Request::new(request))
        .await
    {
        Ok(_) => {}
        Err(status) if status.code() == Code::NotFound => {
            return Err(format!(
                "namespace '{namespace}' does not exist; create it with `temporal operator \
                 namespace create -n {namespace}`"
            ));
        }
        // Some servers don't let workers describe a namespace; the worker will tell.
        Err(status) if status.code() == Code::PermissionDenied => {}
        Err(status) => return Err(format!("{}: {}", status.code(), status.message())),
    }
    Client::new(connection, ClientOptions::new(namespace).build())
        .map_err(|error| error.to_string())
}

/// How this process is known to the server.
pub(super) fn identity() -> String {
    connection::identity("aurad")
}
