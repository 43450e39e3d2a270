//! The life of `aurad`: settings, logs, audit trail, engine, connection, search attributes,
//! workers, ready; then a signal, and the way back.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use temporalio_client::Client;
use temporalio_sdk::runtime::{Runtime, RuntimeOptions};
use tokio::sync::watch;
use uuid::Uuid;

use super::admin::{Admin, Watched};
use super::exit::Exit;
use super::signals::Signals;
use super::worker::{Fleet, Plan};
use super::{
    connect, engine, hints, host as place, limits, readiness, say, search_attributes, service,
    traces, users, windows,
};
use crate::activities::{Activities, EpochsOf};
use crate::audit::{AuditTrail, Memory, Sqlite, Temporal};
use crate::config::aurad::{AuditBackend, Flags, LogFormat, Settings};
use crate::config::runner::Runner;
use crate::config::{self, ProcessEnv, Security};
use crate::embedded::Embedded;
use crate::telemetry::{self, Form};

/// What the drain may take beyond the grace period, and beyond what commands have to end
/// themselves in, before it is given up.
const DRAIN_MARGIN: Duration = Duration::from_secs(10);

/// Reads everything that the daemon would read at its start, says what is wrong or should
/// be known, and opens nothing.
pub fn check(flags: Flags) -> Exit {
    let settings = match read(flags) {
        Ok((settings, ..)) => settings,
        Err(exit) => return exit,
    };
    if settings.verbose.value {
        print(&settings);
    }
    for notice in &settings.notices {
        say::line(notice);
    }
    let file = settings.config.value.as_ref().map_or_else(
        || "there is no config file".to_owned(),
        |path| format!("config file {}", path.display()),
    );
    say::line(&format!("the settings are in order ({file})"));
    Exit::Stopped
}

/// The settings, what secures the connection, and the users who may connect.
fn read(flags: Flags) -> Result<(Settings, Security, BTreeSet<u32>), Exit> {
    let wrong = |error: config::Error| refuse(&error.what(), &error.why(), &error.fix());
    let settings = Settings::resolve(flags, &ProcessEnv).map_err(wrong)?;
    let security = settings.security().map_err(wrong)?;
    let allowed = users::ids(&settings.allow_users.value).map_err(|unknown| {
        let what = format!("{unknown} (allow_users, {})", settings.allow_users.source);
        let fix = "correct the name, or write the number that `id -u NAME` prints";
        refuse(&what, "names are looked up in /etc/passwd", fix)
    })?;
    Ok((settings, security, allowed))
}

/// Runs the daemon until it is asked to stop.
pub fn run(flags: Flags) -> Exit {
    let (settings, security, allowed) = match read(flags) {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    log(&settings);
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
    let exit = runtime.block_on(async {
        let exporting = traces::begin(&settings);
        let exit = serve(&settings, &security, allowed).await;
        if let Some(exporting) = exporting {
            exporting.end().await;
        }
        exit
    });
    // What still runs by now has had its time.
    runtime.shutdown_background();
    exit
}

/// Begins to log; with --verbose, with the settings.
fn log(settings: &Settings) {
    let form = match settings.log_format.value {
        LogFormat::Text => Form::Text,
        LogFormat::Json => Form::Json,
        LogFormat::Journald => Form::Journald,
        LogFormat::Auto => Form::Auto,
    };
    telemetry::init(form, settings.verbose.value);
    if !settings.verbose.value {
        return;
    }
    if telemetry::is_for_people() {
        return print(settings);
    }
    for (name, value, source) in settings.describe() {
        tracing::info!(name, value, source, "setting");
    }
}

/// Shows people the settings.
fn print(settings: &Settings) {
    for (name, value, source) in settings.describe() {
        say::line(&format!("{name} = {value} ({source})"));
    }
}

async fn serve(settings: &Settings, security: &Security, allowed: BTreeSet<u32>) -> Exit {
    let mut signals = match Signals::listen() {
        Ok(signals) => signals,
        Err(error) => {
            tracing::error!(%error, "signals cannot be received");
            return Exit::Failed;
        }
    };
    let admin = match Admin::open(settings.admin.value) {
        Ok(admin) => admin,
        Err(why) => return fail(&why),
    };
    let trail = open_trail(settings);
    let exit = if settings.embedded.value {
        beside_engine(settings, allowed, trail, &admin, &mut signals).await
    } else {
        tokio::select! {
            connected = connect::connect(settings, security, admin.meter()) => match connected {
                Ok(client) => host(settings, client, None, trail, &admin, &mut signals).await,
                Err(error) => {
                    tracing::error!("{error}");
                    Exit::Unreachable
                }
            },
            signal = signals.next() => {
                tracing::info!("{signal} before a server was reached: stopping");
                return Exit::Stopped;
            }
        }
    };
    if exit == Exit::Stopped {
        tracing::info!("aurad stopped");
    }
    exit
}

/// Starts an engine, hosts the workflows on it, and stops it after them.
async fn beside_engine(
    settings: &Settings,
    allowed: BTreeSet<u32>,
    trail: Option<Arc<dyn AuditTrail>>,
    admin: &Admin,
    signals: &mut Signals,
) -> Exit {
    limits::raise_open_files();
    let (engine, mut failure) = match engine::start(settings, allowed).await {
        Ok(started) => started,
        Err(why) => return fail(&why),
    };
    let hosted = async {
        match connect::to_engine(&engine, settings, admin.meter()).await {
            Ok(client) => host(settings, client, Some(&engine), trail, admin, signals).await,
            Err(why) => fail(&format!("the embedded engine does not answer: {why}")),
        }
    };
    let exit = tokio::select! {
        exit = hosted => exit,
        why = failure.happened() => {
            return fail(&format!("the embedded engine cannot go on, so aurad ends: {why}"));
        }
    };
    // After a failure nothing is waited for: the next start begins from the disk anyway.
    if exit != Exit::Stopped {
        return exit;
    }
    tokio::select! {
        () = engine::stop(engine) => exit,
        signal = signals.next() => at_once(signal),
    }
}

/// Hosts the workflows until a signal asks to stop, and drains.
async fn host(
    settings: &Settings,
    client: Client,
    engine: Option<&Embedded>,
    trail: Option<Arc<dyn AuditTrail>>,
    admin: &Admin,
    signals: &mut Signals,
) -> Exit {
    search_attributes::register(&client).await;
    let runtime = match runtime(admin) {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the Temporal SDK could not be started: {error}")),
    };
    let address = engine.map_or_else(
        || settings.address.value.to_string(),
        |engine| engine.address().to_string(),
    );
    let (stop, stopping) = watch::channel(false);
    let commands = match place::open(settings, address.clone(), stopping).await {
        Ok(commands) => commands,
        Err(why) => return fail(&why),
    };
    let trail = trail.unwrap_or_else(|| {
        let epochs = EpochsOf::new(client.clone());
        Arc::new(Temporal::new(epochs))
    });
    admin.watch(Watched {
        client: client.clone(),
        task_queues: settings.task_queues.value.clone(),
        trail: Arc::clone(&trail),
        trail_name: settings.audit_trail.value.to_string(),
        server: address,
        has_engine: engine.is_some(),
    });
    let plan = Plan {
        runtime,
        client: client.clone(),
        task_queues: settings.task_queues.value.clone(),
        activities: Activities::new(trail, client.clone(), commands),
        grace_period: settings.grace_period.value,
        settings: settings.worker.clone(),
    };
    let host = Arc::clone(plan.activities.host());
    // It ends with the runtime.
    tokio::spawn(windows::look_after(client.clone(), host.runs.clone()));
    let mut fleet = match Fleet::start(plan) {
        Ok(fleet) => fleet,
        Err(error) => return fail(&format!("a worker could not be started: {error}")),
    };
    let exit = until_told(settings, &client, engine, admin, &mut fleet, signals).await;
    let exit = match exit {
        Ok(signal) => {
            stop.send_replace(true);
            admin.health.stopping();
            drain(signal, fleet, settings, signals).await
        }
        Err(failure) => fail(&failure),
    };
    if exit != Exit::Stopped {
        // Nothing is waited for any more, and no command outlives its daemon unseen.
        host.runs.kill_all();
    }
    exit
}

/// Runs until a signal asks to stop, or until something fails.
async fn until_told(
    settings: &Settings,
    client: &Client,
    engine: Option<&Embedded>,
    admin: &Admin,
    fleet: &mut Fleet,
    signals: &mut Signals,
) -> Result<&'static str, String> {
    tokio::select! {
        () = readiness::until_polling(client, &settings.task_queues.value) => {
            admin.health.running();
            ready(settings, engine);
        }
        failure = fleet.failed() => return Err(failure),
        signal = signals.next() => return Ok(signal),
    }
    let queues = &settings.task_queues.value;
    tokio::select! {
        never = service::prove_polling(client, queues, engine.is_some()) => match never {},
        failure = fleet.failed() => Err(failure),
        signal = signals.next() => Ok(signal),
    }
}

/// Says that the daemon takes work, and on an engine of its own, how to give it some.
fn ready(settings: &Settings, engine: Option<&Embedded>) {
    let polling = format!(
        "aurad ready: polling {} in namespace {}",
        settings.task_queues.value.join(", "),
        settings.namespace.value
    );
    let Some(engine) = engine else {
        let line = format!("{polling} at {}", settings.address.value);
        service::ready(&line);
        tracing::info!("{line}");
        return;
    };
    let line = format!(
        "{polling} at {}, embedded in {}",
        engine.address(),
        settings.database().display()
    );
    service::ready(&line);
    tracing::info!("{line}");
    if !telemetry::is_for_people() {
        return;
    }
    // The commands of an earlier start would find their epoch there already.
    let epoch = format!("try-{}", &Uuid::new_v4().simple().to_string()[..6]);
    say::line("Try it in another terminal:");
    for command in hints::commands(settings, engine.address(), &ProcessEnv, &epoch) {
        say::line(&format!("  {command}"));
    }
}

fn fail(failure: &str) -> Exit {
    tracing::error!("{failure}");
    Exit::Failed
}

fn at_once(signal: &str) -> Exit {
    tracing::warn!("second signal ({signal}): stopping at once");
    Exit::Failed
}

async fn drain(signal: &str, fleet: Fleet, settings: &Settings, signals: &mut Signals) -> Exit {
    let grace = settings.grace_period.value;
    tracing::info!(
        "{signal}: draining; running activities have {}s",
        grace.as_secs_f32()
    );
    let runners = settings.runners.values();
    let shell = Runner::new("", Vec::new()).kill_after;
    let kill_after = runners
        .map(|runner| runner.kill_after)
        .fold(shell, Duration::max);
    let limit = grace + kill_after + DRAIN_MARGIN;
    service::stopping(&format!("{signal}: draining"), limit);
    let drained = tokio::select! {
        drained = tokio::time::timeout(limit, fleet.drain()) => drained,
        signal = signals.next() => return at_once(signal),
    };
    if drained.is_err() {
        return fail(
            "the workers did not stop in time; what they held is given to another worker once \
             its timeout has passed",
        );
    }
    Exit::Stopped
}

/// The audit trail. One that does not work now does not keep the daemon from starting:
/// rows wait in their epochs until it does.
/// None where the epochs keep it: they can be asked once there is a server.
fn open_trail(settings: &Settings) -> Option<Arc<dyn AuditTrail>> {
    let trail: Option<Arc<dyn AuditTrail>> = match &settings.audit_trail.value {
        AuditBackend::Memory => Some(Arc::new(Memory::default())),
        AuditBackend::Sqlite(path) => Some(Arc::new(Sqlite::new(path))),
        AuditBackend::Temporal => None,
    };
    match trail.as_ref().map_or(Ok(()), |trail| trail.check()) {
        Ok(()) => tracing::info!("audit trail: {}", settings.audit_trail.value),
        Err(error) => tracing::error!("the audit trail does not work yet: {error}"),
    }
    trail
}

fn runtime(admin: &Admin) -> Result<Runtime, String> {
    let options = RuntimeOptions::builder()
        .telemetry_options(admin.telemetry())
        .heartbeat_interval(None)
        .build()?;
    Runtime::from_current_tokio(options).map_err(|error| error.to_string())
}

/// What keeps the daemon from starting.
fn refuse(what: &str, why: &str, fix: &str) -> Exit {
    say::problem("configuration error", what, why, "aurad did not start", fix);
    Exit::Usage
}
