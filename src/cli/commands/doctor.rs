//! `aura-msg doctor`: is everything there that epochs need, and does everything go on that
//! should. It gathers facts, each within a time of its own; what they mean is judged next
//! door, by functions that see nothing but the facts. Nothing is changed by it.

mod epochs;
mod here;
pub(in crate::cli::commands) mod line;
mod local;
mod server;
#[cfg(test)]
mod tests;
mod workers;

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;

use self::here::Here;
use self::line::{Line, Lines};
use crate::audit::Sqlite;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::table;
use crate::client::{Client, Deadline, Error, OpenEpochs, Poller, ServerSeen, Tasks};
use crate::config::Security;
use crate::config::{AuditBackend, aurad};

/// What one check may take, and what reaching the server may.
const CHECK: Duration = Duration::from_secs(3);
const CONNECT: Duration = Duration::from_secs(5);
/// What an epoch may take to answer; a worker that is up takes some milliseconds.
const ANSWER: Duration = Duration::from_millis(1_500);
/// How many of the audit trail's newest rows are looked at.
const NEWEST_ROWS: u32 = 1_000;
/// How many task queues are looked at besides the one that epochs are started on.
const QUEUES: usize = 8;

/// What the checks mean.
const AFTER_HELP: &str = "\
Each line is ok, warn, fail, or skip where something else has to be mended first. What is to
be done about it stands below it. Settings of aurad are those that it would have if it were
started here, without flags; name its audit trail if it has another one.

Exit codes: 0 nothing fails, 3 something does.";

/// The words of `aura-msg doctor`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct DoctorArgs {
    #[arg(
        long,
        value_name = "BACKEND",
        help = "Audit trail that aurad was started with: memory, sqlite or sqlite:PATH"
    )]
    audit_trail: Option<String>,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: DoctorArgs) -> Answer {
    context.begin();
    let here = Here::new(&context.settings);
    let aurad = |embedded| {
        let flags = aurad::Flags {
            config: here.config.clone(),
            audit_trail: args.audit_trail.clone(),
            embedded,
            ..aurad::Flags::default()
        };
        aurad::Settings::resolve(flags, context.env())
    };
    let settings = aurad(false);
    let earlier = settings.as_ref().ok();
    let earlier = earlier.map(|settings| settings.earlier_files(context.env()));

    let deadline = Deadline::after(context.settings.timeout.value);
    let security = context
        .settings
        .access
        .security(&context.settings.address)?;
    let remote = look(context, &here, &security, deadline, settings.as_ref().ok());
    let (mut lines, server) = remote.await;

    // Beside an engine the trail is kept in a file, and its server tells that there is one.
    let inside = server.is_some_and(|server| server.version.contains("-embedded."));
    let (beside, of_trail);
    let trail_of = if inside {
        beside = aurad(true);
        &beside
    } else {
        &settings
    };
    of_trail = match trail_of {
        Ok(settings) => audit(&settings.audit_trail, deadline).await,
        Err(_) => Line::skip("audit", "the settings of aurad cannot be read"),
    };
    lines.extend([
        of_trail,
        local::configuration(&context.settings, settings.as_ref()),
        local::files(&earlier.unwrap_or_default()),
    ]);
    Lines(lines).answer(context.settings.format.value, context.paint)
}

/// All that is asked of the server.
async fn look(
    context: &Context<'_>,
    here: &Here,
    security: &Security,
    deadline: Deadline,
    aurad: Option<&aurad::Settings>,
) -> (Vec<Line>, Option<ServerSeen>) {
    let (address, namespace) = (
        &context.settings.address.value,
        &context.settings.namespace.value,
    );
    let connect = Deadline::after(CONNECT.min(deadline.limit()));
    let client = match Client::connect_by(address, security, namespace, connect).await {
        Ok(client) => client.with_deadline(deadline),
        Err(error) => return (server::dead(here, &Err(error)), None),
    };
    let brief = client.for_at_most(CHECK);
    let (seen, namespace) = tokio::join!(brief.server(), brief.namespace_seen());
    let Ok(server) = &seen else {
        return (server::dead(here, &seen), None);
    };
    let mut lines = vec![
        server::server(here, &seen),
        server::namespace(here, &namespace),
    ];
    if server::is_lost(&namespace) {
        lines.extend(server::unknown(server));
        return (lines, seen.ok());
    }
    let (one, other) = (client.for_at_most(CHECK), client.for_at_most(CHECK));
    let (attributes, open) = tokio::join!(one.attributes_seen(), other.open_epochs());
    lines.push(server::attributes(here, &attributes));

    let places = places(here, open.as_ref().ok());
    let hosts = aurad.map(local::host_queues).unwrap_or_default();
    let brief = client.for_at_most(CHECK);
    let (queues, hosts, wedged, left) = tokio::join!(
        workers(&brief, places),
        commands(&brief, hosts),
        async {
            match &open {
                Ok(open) => Some(brief.wedged(open).await),
                Err(_) => None,
            }
        },
        async {
            match &open {
                Ok(open) => Some(brief.left_behind(open).await),
                Err(_) => None,
            }
        },
    );
    let now = table::now();
    lines.extend(queues.iter().map(|queue| workers::queue(here, queue, now)));
    if let Some(aurad) = aurad {
        lines.push(workers::commands(aurad, &hosts, now));
    }
    lines.push(epochs::wedged(here, &open, wedged.as_ref()));
    lines.push(epochs::left(here, &open, left.as_ref()));
    lines.push(server::versions(server, &queues));
    let newest = workers::newest(&queues);
    lines.push(server::clock(server.clock, newest, now));
    (lines, seen.ok())
}

/// A task queue to look at, and the latest epoch of those that have their tasks there.
struct Place {
    queue: String,
    epochs: usize,
    latest: Option<String>,
}

/// The task queues to look at: the one that epochs are started on, and those of open ones.
fn places(here: &Here, open: Option<&OpenEpochs>) -> Vec<Place> {
    let place = |queue: &str| Place {
        queue: queue.to_owned(),
        epochs: 0,
        latest: None,
    };
    let mut found = BTreeMap::new();
    for epoch in open.map(|open| &open.epochs).into_iter().flatten() {
        let queue = &*epoch.task_queue;
        let place = found.entry(queue).or_insert_with(|| place(queue));
        place.epochs += 1;
        place.latest.get_or_insert_with(|| epoch.epoch_id.clone());
    }
    let own = found.remove(&*here.task_queue);
    let mut places = vec![own.unwrap_or_else(|| place(&here.task_queue))];
    places.extend(found.into_values().take(QUEUES));
    places
}

async fn workers(client: &Client, places: Vec<Place>) -> Vec<workers::Queue> {
    let patience = &client.for_at_most(ANSWER);
    let looks = places.into_iter().map(|place| async move {
        let Place {
            queue: name,
            epochs,
            latest,
        } = place;
        let (workflow, activity, asked) = tokio::join!(
            client.pollers(&name, Tasks::Workflow),
            client.pollers(&name, Tasks::Activity),
            answer(patience, latest)
        );
        workers::Queue {
            name,
            epochs,
            workflow,
            activity,
            asked,
        }
    });
    futures::future::join_all(looks).await
}

/// Asks an epoch, so that its worker has to answer.
async fn answer(client: &Client, epoch_id: Option<String>) -> Option<workers::Asked> {
    let epoch_id = epoch_id?;
    let answer = client.state(&epoch_id).await;
    let has_answered = match answer {
        // A worker of another kind is one, too.
        Ok(_) | Err(Error::QueryFailed { .. } | Error::Unreadable { .. }) => Some(true),
        Err(Error::NoAnswer { .. }) => Some(false),
        Err(_) => None,
    };
    Some(workers::Asked {
        epoch_id,
        has_answered,
    })
}

async fn commands(
    client: &Client,
    queues: Vec<String>,
) -> Vec<(String, Result<Vec<Poller>, Error>)> {
    let looks = queues.into_iter().take(QUEUES).map(|queue| async move {
        let pollers = client.pollers(&queue, Tasks::Activity).await;
        (queue, pollers)
    });
    futures::future::join_all(looks).await
}

/// Looks at the trail on another thread: a disk may keep a reader waiting.
async fn audit(trail: &crate::config::Setting<AuditBackend>, deadline: Deadline) -> Line {
    let AuditBackend::Sqlite(path) = &trail.value else {
        return local::audit(trail, None);
    };
    let file = Sqlite::new(path);
    let looking =
        tokio::task::spawn_blocking(move || (file.look(NEWEST_ROWS), file.not_writable()));
    // What is found without the server is found even if that took all the time.
    let limit = CHECK.min(deadline.limit());
    match tokio::time::timeout(limit, looking).await {
        Ok(Ok(seen)) => local::audit(trail, Some(&seen)),
        Ok(Err(error)) => local::no_look(trail, &error.to_string()),
        Err(_) => local::no_look(trail, "it did not answer in time"),
    }
}
