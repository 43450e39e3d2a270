//! Whether anybody works: who asks the task queues for tasks, and how long ago.

use std::time::Duration;

use serde_json::{Value, json};

use super::here::Here;
use super::line::Line;
use crate::cli::table;
use crate::client::{Error, Poller};
use crate::config::aurad::Settings;
use crate::contract::time::WireTime;
use crate::protocol::Timestamp;

/// A worker asks at least once a minute; a server remembers it for longer.
const GONE: Duration = Duration::from_secs(90);

type Pollers = Result<Vec<Poller>, Error>;

/// A task queue, and who asks it for tasks.
pub(super) struct Queue {
    pub(super) name: String,
    /// How many open epochs have their tasks there.
    pub(super) epochs: usize,
    pub(super) workflow: Pollers,
    pub(super) activity: Pollers,
}

impl Queue {
    /// Those that ask for workflow tasks, if that is known.
    pub(super) fn alive(&self) -> Option<&[Poller]> {
        self.workflow.as_deref().ok()
    }
}

/// The latest moment at which anybody asked, by the server's clock.
pub(super) fn newest(queues: &[Queue]) -> Option<WireTime> {
    let pollers = queues.iter().filter_map(Queue::alive).flatten();
    pollers.filter_map(|poller| poller.asked_at).max()
}

/// How long ago the latest of them asked; none if nobody ever did.
fn asked(pollers: &[Poller], now: Timestamp) -> Option<Duration> {
    let latest = pollers.iter().filter_map(|of| of.asked_at).max()?;
    Some(now.since(latest.0))
}

fn told(pollers: &[Poller], now: Timestamp) -> String {
    let count = pollers.len();
    let ago = pollers.iter().filter_map(|of| of.asked_at).max();
    let ago = ago.map_or_else(String::new, |at| format!(", {} ago", table::before(at, now)));
    format!("{count} worker{}{ago}", if count == 1 { "" } else { "s" })
}

pub(super) fn queue(here: &Here, queue: &Queue, now: Timestamp) -> Line {
    const NAME: &str = "workers";
    let Queue { name, epochs, .. } = queue;
    let (workflow, activity) = match (&queue.workflow, &queue.activity) {
        (Ok(workflow), Ok(activity)) => (workflow, activity),
        (Err(error), _) | (_, Err(error)) => {
            let what = format!("who works on task queue '{name}' cannot be asked: {error}");
            return Line::warn(NAME, what, "see whether an epoch answers: aura-msg epoch show")
                .with_detail(json!({ "task_queue": name, "open_epochs": epochs }));
        }
    };
    let detail = json!({
        "task_queue": name,
        "open_epochs": epochs,
        "workflow_pollers": list(workflow),
        "activity_pollers": list(activity),
    });
    let wait = match epochs {
        0 => String::new(),
        1 => "; 1 open epoch waits there".to_owned(),
        many => format!("; {many} open epochs wait there"),
    };
    let is_gone = |pollers: &[Poller]| asked(pollers, now).is_none_or(|ago| ago >= GONE);
    let line = if !is_gone(workflow) && !is_gone(activity) {
        let what = format!(
            "task queue '{name}': {} on workflows, {} on activities",
            told(workflow, now),
            told(activity, now)
        );
        Line::ok(NAME, what)
    } else {
        let what = match (workflow.is_empty(), activity.is_empty()) {
            (true, true) => format!("nobody works on task queue '{name}'{wait}"),
            (false, false) => {
                let last = asked(workflow, now).max(asked(activity, now));
                format!(
                    "nobody works on task queue '{name}' any more, for {}{wait}",
                    table::rough(last.unwrap_or_default())
                )
            }
            (true, false) => format!("task queue '{name}' has no worker for workflows{wait}"),
            (false, true) => format!("task queue '{name}' has no worker for activities{wait}"),
        };
        Line::fail(NAME, what, &here.aurad(name))
    };
    line.with_detail(detail)
}

fn list(pollers: &[Poller]) -> Vec<Value> {
    let item = |of: &Poller| {
        json!({
            "identity": of.identity,
            "last_asked_at": of.asked_at,
            "build_id": of.build_id,
        })
    };
    pollers.iter().map(item).collect()
}

/// This machine's own queue, on which commands wait for it.
pub(super) fn commands(aurad: &Settings, hosts: &[(String, Pollers)], now: Timestamp) -> Line {
    const NAME: &str = "commands";
    let may_run = aurad.allow_shell.value || !aurad.runners.is_empty();
    let parts: Vec<Value> = hosts
        .iter()
        .map(|(queue, pollers)| {
            let pollers = pollers.as_deref().map(list).unwrap_or_default();
            json!({ "task_queue": queue, "activity_pollers": pollers })
        })
        .collect();
    let detail = json!({ "may_run": may_run, "queues": parts });
    let is_here = |pollers: &Pollers| {
        let pollers = pollers.as_deref().unwrap_or_default();
        asked(pollers, now).is_some_and(|ago| ago < GONE)
    };
    let here = hosts.iter().find(|(_, pollers)| is_here(pollers));
    let line = match (here, hosts.first()) {
        (Some((queue, _)), _) => Line::ok(NAME, format!("this machine runs them ('{queue}')")),
        (None, _) if !may_run => {
            let what = "none may run on this machine: no runner is configured, and no shell";
            Line::ok(NAME, what)
        }
        (None, Some((queue, Err(error)))) => Line::warn(
            NAME,
            format!("who works on '{queue}' cannot be asked: {error}"),
            "see whether a slice runs: aura-msg slice list",
        ),
        (None, Some((queue, Ok(_)))) => Line::warn(
            NAME,
            format!("no aurad runs them on this machine ('{queue}'): those placed here wait"),
            "start aurad on this machine",
        ),
        (None, None) => Line::warn(
            NAME,
            "they may run on this machine, and no aurad has ever offered to",
            "start aurad on this machine, again if it runs: it reads its configuration then",
        ),
    };
    line.with_detail(detail)
}
