//! Looking after what work depends on, each dependency in a task of its own, so that one
//! that hangs holds up no other. Every look has a deadline; what was found is told to
//! `health`.

use std::sync::Arc;
use std::time::Duration;

use temporalio_client::Client;
use temporalio_client::tonic::Request;
use temporalio_common::protos::temporal::api::workflowservice::v1::GetSystemInfoRequest;
use tokio::time::{sleep, timeout};

use super::health::{Condition, Dependency, Health};
use crate::activities::missing_attributes;
use crate::audit::AuditTrail;
use crate::daemon::readiness::{Polling, polling};

/// How often the server is asked whether it is there, and how long it has to answer: it is
/// known within five seconds that it is gone.
const CONNECTION_EVERY: Duration = Duration::from_secs(2);
const CONNECTION_LIMIT: Duration = Duration::from_secs(2);
/// How often the others are looked at while they work.
const SELDOM: Duration = Duration::from_secs(15);
/// How often while they don't.
const OFTEN: Duration = Duration::from_secs(2);
/// How long they have to answer.
const LIMIT: Duration = Duration::from_secs(5);

/// What is looked after.
pub(in crate::daemon) struct Watched {
    pub(in crate::daemon) client: Client,
    pub(in crate::daemon) task_queues: Vec<String>,
    pub(in crate::daemon) trail: Arc<dyn AuditTrail>,
    /// What the trail is, for people.
    pub(in crate::daemon) trail_name: String,
    /// Where the server is, for people.
    pub(in crate::daemon) server: String,
    /// Whether that is an engine in this process.
    pub(in crate::daemon) has_engine: bool,
}

type Found = (Condition, String);

/// Looks after all of it for as long as the runtime lives.
pub(super) fn watch(health: &Arc<Health>, watched: Watched) {
    let Watched {
        client,
        task_queues,
        trail,
        trail_name,
        server,
        has_engine,
    } = watched;
    let shared = Arc::clone(health);
    tokio::spawn(connection(shared, client.clone(), server, has_engine));
    let queues = Pollers {
        client: client.clone(),
        task_queues,
    };
    let shared = Arc::clone(health);
    tokio::spawn(async move {
        loop {
            let found = queues.look().await;
            note(&shared, Dependency::Pollers, found).await;
        }
    });
    let shared = Arc::clone(health);
    tokio::spawn(async move {
        loop {
            let found = look_at_trail(&shared, &trail, &trail_name).await;
            note(&shared, Dependency::AuditTrail, found).await;
        }
    });
    let shared = Arc::clone(health);
    tokio::spawn(async move {
        loop {
            let found = look_at_attributes(&client).await;
            note(&shared, Dependency::SearchAttributes, found).await;
        }
    });
}

/// Tells what was found, and waits for the time of the next look.
async fn note(health: &Health, what: Dependency, (condition, detail): Found) {
    health.found(what, condition, detail);
    sleep(match condition {
        Condition::Ok => SELDOM,
        Condition::Degraded | Condition::Failed => OFTEN,
    })
    .await;
}

/// The server, asked for what costs it nothing. With an engine that is the engine.
async fn connection(health: Arc<Health>, client: Client, server: String, has_engine: bool) {
    let place = format!("{server}, namespace {}", client.options().namespace);
    loop {
        let mut service = client.connection().workflow_service();
        let asked = service.get_system_info(Request::new(GetSystemInfoRequest {}));
        let (condition, detail) = match timeout(CONNECTION_LIMIT, asked).await {
            Ok(Ok(_)) => (Condition::Ok, place.clone()),
            Ok(Err(status)) => {
                let why = status.message();
                (
                    Condition::Failed,
                    format!("{place}: {}: {why}", status.code()),
                )
            }
            Err(_) => (
                Condition::Failed,
                format!("{place}: no answer within {CONNECTION_LIMIT:?}"),
            ),
        };
        if has_engine {
            health.found(Dependency::Engine, condition, detail.clone());
        } else {
            let none = "none in this process, a server is used";
            health.found(Dependency::Engine, Condition::Ok, none);
        }
        health.found(Dependency::Connection, condition, detail);
        sleep(CONNECTION_EVERY).await;
    }
}

/// The queues that the server should have this daemon's pollers in its list for.
struct Pollers {
    client: Client,
    task_queues: Vec<String>,
}

impl Pollers {
    async fn look(&self) -> Found {
        let mut silent = Vec::new();
        for queue in &self.task_queues {
            match timeout(LIMIT, polling(&self.client, queue)).await {
                Ok(Polling::Yes) => {}
                Ok(Polling::No) => {
                    let what = format!("the server knows of no poller of this daemon on {queue}");
                    return (Condition::Failed, what);
                }
                Ok(Polling::Unknown) | Err(_) => silent.push(queue.as_str()),
            }
        }
        if silent.is_empty() {
            return (Condition::Ok, self.task_queues.join(", "));
        }
        // Some servers don't let workers ask; whether it is there at all is another check.
        let what = format!("the server does not say who polls {}", silent.join(", "));
        (Condition::Degraded, what)
    }
}

/// The trail, which blocks the thread that asks it.
async fn look_at_trail(health: &Health, trail: &Arc<dyn AuditTrail>, name: &str) -> Found {
    let asked = Arc::clone(trail);
    let mut looking = tokio::task::spawn_blocking(move || asked.check());
    let looked = if let Ok(looked) = timeout(LIMIT, &mut looking).await {
        looked
    } else {
        let why = format!("{name}: no answer within {LIMIT:?}");
        health.found(Dependency::AuditTrail, Condition::Failed, why);
        // Never two of them at once: a disk that hangs would collect threads.
        looking.await
    };
    match looked {
        Ok(Ok(())) => (Condition::Ok, name.to_owned()),
        Ok(Err(error)) => (Condition::Failed, format!("{name}: {error}")),
        Err(error) => (Condition::Failed, format!("{name}: {error}")),
    }
}

async fn look_at_attributes(client: &Client) -> Found {
    match timeout(LIMIT, missing_attributes(client)).await {
        Ok(Ok(missing)) if missing.is_empty() => (Condition::Ok, "registered".to_owned()),
        Ok(Ok(missing)) => {
            let what = format!("not registered: {}", missing.join(", "));
            (Condition::Degraded, what)
        }
        Ok(Err(status)) => {
            let what = format!("not known: {}: {}", status.code(), status.message());
            (Condition::Degraded, what)
        }
        Err(_) => {
            let what = format!("not known: no answer within {LIMIT:?}");
            (Condition::Degraded, what)
        }
    }
}
