//! The life of `aurad`: settings, logs, audit trail, connection, search attributes,
//! workers, ready; then a signal, and the way back.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use temporalio_sdk::runtime::{Runtime, RuntimeOptions};

use super::exit::Exit;
use super::worker::{Fleet, Plan};
use super::{connect, readiness, search_attributes, signals};
use crate::activities::Activities;
use crate::audit::{AuditTrail, Memory, Sqlite};
use crate::config::ProcessEnv;
use crate::config::aurad::{AuditBackend, Flags, Settings};
use crate::telemetry;

/// What the drain may take beyond the grace period before it is given up.
const DRAIN_MARGIN: Duration = Duration::from_secs(10);

/// Runs the daemon until it is asked to stop.
pub fn run(flags: Flags) -> Exit {
    let settings = match Settings::resolve(flags, &ProcessEnv) {
        Ok(settings) => settings,
        Err(error) => {
            say(&format!("configuration error: {}", error.what()));
            say(&format!("  why: {}", error.why()));
            say("  impact: aurad did not start");
            say(&format!("  fix: {}", error.fix()));
            return Exit::Usage;
        }
    };
    if settings.verbose.value {
        for (name, value, source) in settings.describe() {
            say(&format!("{name} = {value} ({source})"));
        }
    }
    telemetry::init(settings.verbose.value);
    for notice in &settings.notices {
        tracing::warn!("{notice}");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "the runtime could not be started");
            return Exit::Failed;
        }
    };
    let exit = runtime.block_on(serve(&settings));
    // What still runs by now has had its time.
    runtime.shutdown_background();
    exit
}

async fn serve(settings: &Settings) -> Exit {
    let mut signals = match signals::Signals::listen() {
        Ok(signals) => signals,
        Err(error) => {
            tracing::error!(%error, "signals cannot be received");
            return Exit::Failed;
        }
    };
    let trail = open_trail(settings);
    let client = tokio::select! {
        connected = connect::connect(settings) => match connected {
            Ok(client) => client,
            Err(error) => {
                tracing::error!("{error}");
                return Exit::Unreachable;
            }
        },
        signal = signals.next() => {
            tracing::info!("{signal} before a server was reached: stopping");
            return Exit::Stopped;
        }
    };
    search_attributes::register(&client).await;
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!("the Temporal SDK could not be started: {error}");
            return Exit::Failed;
        }
    };
    let plan = Plan {
        runtime,
        client: client.clone(),
        task_queues: settings.task_queues.value.clone(),
        activities: Activities::new(trail, client.clone()),
        grace_period: settings.grace_period.value,
    };
    let mut fleet = match Fleet::start(plan) {
        Ok(fleet) => fleet,
        Err(error) => {
            tracing::error!("a worker could not be started: {error}");
            return Exit::Failed;
        }
    };
    tokio::select! {
        () = readiness::until_polling(&client, &settings.task_queues.value) => tracing::info!(
            "aurad ready: polling {} in namespace {} at {}",
            settings.task_queues.value.join(", "),
            settings.namespace.value,
            settings.address.value,
        ),
        failure = fleet.failed() => return fail(&failure),
        signal = signals.next() => return drain(signal, fleet, settings, signals).await,
    }
    tokio::select! {
        failure = fleet.failed() => fail(&failure),
        signal = signals.next() => drain(signal, fleet, settings, signals).await,
    }
}

fn fail(failure: &str) -> Exit {
    tracing::error!("{failure}");
    Exit::Failed
}

async fn drain(
    signal: &str,
    fleet: Fleet,
    settings: &Settings,
    mut signals: signals::Signals,
) -> Exit {
    let grace = settings.grace_period.value;
    tracing::info!(
        "{signal}: draining; running activities have {}s",
        grace.as_secs_f32()
    );
    let drained = tokio::select! {
        drained = tokio::time::timeout(grace + DRAIN_MARGIN, fleet.drain()) => drained,
        signal = signals.next() => {
            tracing::warn!("second signal ({signal}): stopping at once");
            return Exit::Failed;
        }
    };
    if drained.is_err() {
        return fail(
            "the workers did not stop in time; what they held is given to another worker once \
             its timeout has passed",
        );
    }
    tracing::info!("aurad stopped");
    Exit::Stopped
}

/// The audit trail. One that does not work now does not keep the daemon from starting:
/// rows wait in their epochs until it does.
fn open_trail(settings: &Settings) -> Arc<dyn AuditTrail> {
    let trail: Arc<dyn AuditTrail> = match &settings.audit_trail.value {
        AuditBackend::Memory => Arc::new(Memory::default()),
        AuditBackend::Sqlite(path) => Arc::new(Sqlite::new(path)),
    };
    match trail.check() {
        Ok(()) => tracing::info!("audit trail: {}", settings.audit_trail.value),
        Err(error) => tracing::error!("the audit trail does not work yet: {error}"),
    }
    trail
}

fn runtime() -> Result<Runtime, String> {
    let options = RuntimeOptions::builder().heartbeat_interval(None).build()?;
    Runtime::from_current_tokio(options).map_err(|error| error.to_string())
}

/// A line on standard error, before there are logs. Nobody can be told if that fails.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
