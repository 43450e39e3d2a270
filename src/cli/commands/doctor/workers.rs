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
    /// What came of asking the latest of those epochs, which a worker has to answer for.
    pub(super) asked: Option<Asked>,
}

/// An epoch that was asked for its state.
pub(super) struct Asked {
    pub(super) epoch_id: String,
    /// Whether it answered; unknown where it could not for a reason of its own.
    pub(super) has_answered: Option<bool>,
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

/// How many there are, for what, and when they were heard of.
fn told(pollers: &[Poller], what: &str, now: Timestamp) -> String {
    let count = pollers.len();
    let workers = if count == 1 { "worker" } else { "workers" };
    let ago = asked(pollers, now).map(table::rough).unwrap_or_default();
    format!("{count} {workers} for {what}, heard of {ago} ago")
}

pub(super) fn queue(here: &Here, queue: &Queue, now: Timestamp) -> Line {
    const NAME: &str = "workers";
    let Queue { name, epochs, .. } = queue;
    let (workflow, activity) = match (&queue.workflow, &queue.activity) {
        (Ok(workflow), Ok(activity)) => (workflow, activity),
        (Err(error), _) | (_, Err(error)) => {
            let what = format!("who works on task queue '{name}' cannot be asked: {error}");
            return Line::warn(
                NAME,
                what,
                "see whether an epoch answers: aura-msg epoch show",
            )
            .with_detail(json!({ "task_queue": name, "open_epochs": epochs }));
        }
    };
    let detail = json!({
        "task_queue": name,
        "open_epochs": epochs,
        "workflow_pollers": list(workflow),
        "activity_pollers": list(activity),
        "asked": queue.asked.as_ref().map(|of| {
            json!({ "epoch_id": of.epoch_id, "answered": of.has_answered })
        }),
    });
    let wait = match epochs {
        0 => String::new(),
        1 => "; 1 open epoch waits there".to_owned(),
        many => format!("; {many} open epochs wait there"),
    };
    let is_gone = |pollers: &[Poller]| asked(pollers, now).is_none_or(|ago| ago >= GONE);
    let line = if !is_gone(workflow) && !is_gone(activity) {
        let what = format!(
            "task queue '{name}': {}; {}",
            told(workflow, "workflows", now),
            told(activity, "activities", now)
        );
        match &queue.asked {
            Some(Asked {
                epoch_id,
                has_answered: Some(false),
            }) => Line::warn(
                NAME,
                format!("{what}; but for epoch '{epoch_id}' nobody answers"),
                &format!(
                    "they are busy, or have ended since; if they have: {}",
                    here.aurad(name)
                ),
            ),
            Some(Asked {
                epoch_id,
                has_answered: Some(true),
            }) => Line::ok(NAME, format!("{what}; epoch '{epoch_id}' answers")),
            _ => Line::ok(NAME, what),
        }
    } else {
        let gone = format!("nobody works on task queue '{name}'");
        let what = match (is_gone(workflow), is_gone(activity)) {
            _ if workflow.is_empty() && activity.is_empty() => gone,
            (true, true) => {
                let last = asked(workflow, now).into_iter().chain(asked(activity, now));
                let last = table::rough(last.min().unwrap_or_default());
                format!("{gone} any more, for {last}")
            }
            (true, false) => format!("task queue '{name}' has no worker for workflows"),
            (_, _) => format!("task queue '{name}' has no worker for activities"),
        };
        let what = format!("{what}{wait}");
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
