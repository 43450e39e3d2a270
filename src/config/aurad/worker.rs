//! The settings of the workers, one of which polls each task queue: how much they do at once,
//! how much they remember, how fast they go, and what they call themselves. Names are those of
//! Temporal's own options. They do not hold for the commands of this host, which have
//! `max_commands`.

use std::ffi::OsString;
use std::fmt;

use super::versioning::{self, WORKER_VERSIONING, WorkerVersioning};
use crate::config::env;
use crate::config::error::Error;
use crate::config::invalid::Invalid;
use crate::config::resolve::Sources;
use crate::config::source::{Layer, Row, Setting};
use crate::config::spec::{Context, Shape, Spec};
use crate::config::value;
use crate::protocol::id::check_id;

/// More of anything than one process can have.
const MOST: u32 = 1_000_000;
/// What the server takes as a name of a deployment or a build.
const NAME_MAX: usize = 200;
/// Fewer do not work beside a cache, which there always is.
const LEAST_FOR_WORKFLOWS: u32 = 2;
const WHY_TWO: &str = ": one is for the runs that are cached, which the worker polls apart";
/// The SDK drops local activities under way with a run that it does not cache: audit rows
/// would be written again and again.
const WHY_A_CACHE: &str = ": without one, what runs inside workflow tasks is dropped with them";

/// Each cached run costs about 85 kB, and an open epoch has two: two hundred epochs have to
/// fit into 50 MB together with the engine, where a run that is not cached costs no more than
/// a read of the file beside it.
const CACHED_BESIDE_ENGINE: u32 = 100;
/// Beside a server a run that is not cached is fetched over the network: two hundred epochs fit
/// into 60 MB, and most of their runs are remembered.
const CACHED: u32 = 300;

/// What was typed: nothing is checked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--max-cached-workflows`
    pub max_cached_workflows: Option<String>,
    /// `--max-concurrent-workflow-tasks`
    pub max_concurrent_workflow_tasks: Option<String>,
    /// `--max-concurrent-activities`
    pub max_concurrent_activities: Option<String>,
    /// `--max-concurrent-local-activities`
    pub max_concurrent_local_activities: Option<String>,
    /// `--max-concurrent-workflow-task-polls`
    pub max_concurrent_workflow_task_polls: Option<String>,
    /// `--max-concurrent-activity-task-polls`
    pub max_concurrent_activity_task_polls: Option<String>,
    /// `--max-activities-per-second`
    pub max_activities_per_second: Option<String>,
    /// `--max-task-queue-activities-per-second`
    pub max_task_queue_activities_per_second: Option<String>,
    /// `--deployment-name`
    pub deployment_name: Option<String>,
    /// `--build-id`
    pub build_id: Option<String>,
    /// `--worker-versioning`
    pub worker_versioning: Option<String>,
}

/// What it means, for each task queue by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// How many runs are remembered, so that they need not be replayed; at least one.
    pub max_cached_workflows: Setting<u32>,
    /// How many workflow tasks are worked on at once; at least two.
    pub max_concurrent_workflow_tasks: Setting<u32>,
    /// How many activities run at once; at least one.
    pub max_concurrent_activities: Setting<u32>,
    /// How many activities run at once inside workflow tasks; at least one.
    pub max_concurrent_local_activities: Setting<u32>,
    /// How many polls for workflow tasks wait at once; at least two.
    pub max_concurrent_workflow_task_polls: Setting<Pollers>,
    /// How many polls for activities wait at once; at least one.
    pub max_concurrent_activity_task_polls: Setting<Pollers>,
    /// How many activities this worker begins in a second.
    pub max_activities_per_second: Setting<Option<Rate>>,
    /// How many activities the server hands out in a second, to all workers of the queue.
    pub max_task_queue_activities_per_second: Setting<Option<Rate>>,
    /// What the daemon is a part of, as the server shows it.
    pub deployment_name: Setting<String>,
    /// What it was built from, as the server shows it and histories keep it.
    pub build_id: Setting<String>,
    /// Whether these two decide what it works on.
    pub worker_versioning: Setting<WorkerVersioning>,
}

/// How many polls wait at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pollers {
    /// As many as there is work for, as the server sees it.
    Auto,
    /// At most so many.
    AtMost(u32),
}

impl fmt::Display for Pollers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::AtMost(count) => count.fmt(f),
        }
    }
}

/// How often something may happen, by the thousandth of a time in a second; never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate(u64);

impl Rate {
    /// Times in a second.
    pub fn per_second(self) -> f64 {
        // The largest is far below what a float holds exactly.
        #[expect(clippy::cast_precision_loss, reason = "rates are at most a million")]
        let thousandths = self.0 as f64;
        thousandths / 1000.0
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.per_second().fmt(f)
    }
}

/// A number of something, from this many on.
macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $flag:literal, $env:ident, $least:expr, $why:expr, $default:expr;)*) => {
        $(
            $(#[$doc])*
            pub(super) static $name: Spec<u32> = Spec {
                key: $key,
                alias: None,
                flag: $flag,
                env: &[env::$env],
                shape: Shape::Count,
                parse: |words, _| count(value::text(words)?, $least, $why),
                default: |_| $default,
            };
        )*
    };
}

counts! {
    MAX_CACHED_WORKFLOWS = "max_cached_workflows", "--max-cached-workflows",
        AURAD_MAX_CACHED_WORKFLOWS, 1, WHY_A_CACHE, CACHED;
    MAX_CONCURRENT_WORKFLOW_TASKS = "max_concurrent_workflow_tasks",
        "--max-concurrent-workflow-tasks", AURAD_MAX_CONCURRENT_WORKFLOW_TASKS,
        LEAST_FOR_WORKFLOWS, WHY_TWO, 100;
    MAX_CONCURRENT_ACTIVITIES = "max_concurrent_activities", "--max-concurrent-activities",
        AURAD_MAX_CONCURRENT_ACTIVITIES, 1, "", 100;
    MAX_CONCURRENT_LOCAL_ACTIVITIES = "max_concurrent_local_activities",
        "--max-concurrent-local-activities", AURAD_MAX_CONCURRENT_LOCAL_ACTIVITIES, 1, "", 100;
}

pub(super) static MAX_CONCURRENT_WORKFLOW_TASK_POLLS: Spec<Pollers> = Spec {
    key: "max_concurrent_workflow_task_polls",
    alias: None,
    flag: "--max-concurrent-workflow-task-polls",
    env: &[env::AURAD_MAX_CONCURRENT_WORKFLOW_TASK_POLLS],
    shape: Shape::Number,
    parse: |words, _| pollers(value::text(words)?, LEAST_FOR_WORKFLOWS, WHY_TWO),
    default: |_| Pollers::AtMost(5),
};

pub(super) static MAX_CONCURRENT_ACTIVITY_TASK_POLLS: Spec<Pollers> = Spec {
    key: "max_concurrent_activity_task_polls",
    alias: None,
    flag: "--max-concurrent-activity-task-polls",
    env: &[env::AURAD_MAX_CONCURRENT_ACTIVITY_TASK_POLLS],
    shape: Shape::Number,
    parse: |words, _| pollers(value::text(words)?, 1, ""),
    default: |_| Pollers::AtMost(5),
};

pub(super) static MAX_ACTIVITIES_PER_SECOND: Spec<Option<Rate>> = Spec {
    key: "max_activities_per_second",
    alias: None,
    flag: "--max-activities-per-second",
    env: &[env::AURAD_MAX_ACTIVITIES_PER_SECOND],
    shape: Shape::Number,
    parse: rate,
    default: |_| None,
};

pub(super) static MAX_TASK_QUEUE_ACTIVITIES_PER_SECOND: Spec<Option<Rate>> = Spec {
    key: "max_task_queue_activities_per_second",
    alias: None,
    flag: "--max-task-queue-activities-per-second",
    env: &[env::AURAD_MAX_TASK_QUEUE_ACTIVITIES_PER_SECOND],
    shape: Shape::Number,
    parse: rate,
    default: |_| None,
};

pub(super) static DEPLOYMENT_NAME: Spec<String> = Spec {
    key: "deployment_name",
    alias: None,
    flag: "--deployment-name",
    env: &[env::AURAD_DEPLOYMENT_NAME],
    shape: Shape::Text,
    parse: |words, _| name("name of a deployment", value::text(words)?),
    default: |_| "aura".to_owned(),
};

pub(super) static BUILD_ID: Spec<String> = Spec {
    key: "build_id",
    alias: None,
    flag: "--build-id",
    env: &[env::AURAD_BUILD_ID],
    shape: Shape::Text,
    parse: |words, _| name("build id", value::text(words)?),
    default: |_| env!("CARGO_PKG_VERSION").to_owned(),
};

impl Worker {
    /// Weighs all sources.
    pub(super) fn resolve(
        sources: &Sources<'_>,
        flags: Flags,
        is_beside_engine: bool,
    ) -> Result<Self, Error> {
        let mut cached = sources.resolve(&MAX_CACHED_WORKFLOWS, flags.max_cached_workflows)?;
        if is_beside_engine && cached.source.layer() == Layer::Default {
            cached.value = CACHED_BESIDE_ENGINE;
        }
        let worker_versioning = sources.resolve(&WORKER_VERSIONING, flags.worker_versioning)?;
        versioning::check_server(&worker_versioning, is_beside_engine)?;
        Ok(Self {
            max_cached_workflows: cached,
            max_concurrent_workflow_tasks: sources.resolve(
                &MAX_CONCURRENT_WORKFLOW_TASKS,
                flags.max_concurrent_workflow_tasks,
            )?,
            max_concurrent_activities: sources
                .resolve(&MAX_CONCURRENT_ACTIVITIES, flags.max_concurrent_activities)?,
            max_concurrent_local_activities: sources.resolve(
                &MAX_CONCURRENT_LOCAL_ACTIVITIES,
                flags.max_concurrent_local_activities,
            )?,
            max_concurrent_workflow_task_polls: sources.resolve(
                &MAX_CONCURRENT_WORKFLOW_TASK_POLLS,
                flags.max_concurrent_workflow_task_polls,
            )?,
            max_concurrent_activity_task_polls: sources.resolve(
                &MAX_CONCURRENT_ACTIVITY_TASK_POLLS,
                flags.max_concurrent_activity_task_polls,
            )?,
            max_activities_per_second: sources
                .resolve(&MAX_ACTIVITIES_PER_SECOND, flags.max_activities_per_second)?,
            max_task_queue_activities_per_second: sources.resolve(
                &MAX_TASK_QUEUE_ACTIVITIES_PER_SECOND,
                flags.max_task_queue_activities_per_second,
            )?,
            deployment_name: sources.resolve(&DEPLOYMENT_NAME, flags.deployment_name)?,
            build_id: sources.resolve(&BUILD_ID, flags.build_id)?,
            worker_versioning,
        })
    }

    /// Every setting for people.
    pub(super) fn describe(&self) -> Vec<Row> {
        let rate = |rate: &Option<Rate>| {
            rate.map_or_else(|| "unlimited".to_owned(), |rate| rate.to_string())
        };
        vec![
            self.max_cached_workflows
                .row(MAX_CACHED_WORKFLOWS.key, u32::to_string),
            self.max_concurrent_workflow_tasks
                .row(MAX_CONCURRENT_WORKFLOW_TASKS.key, u32::to_string),
            self.max_concurrent_activities
                .row(MAX_CONCURRENT_ACTIVITIES.key, u32::to_string),
            self.max_concurrent_local_activities
                .row(MAX_CONCURRENT_LOCAL_ACTIVITIES.key, u32::to_string),
            self.max_concurrent_workflow_task_polls
                .row(MAX_CONCURRENT_WORKFLOW_TASK_POLLS.key, Pollers::to_string),
            self.max_concurrent_activity_task_polls
                .row(MAX_CONCURRENT_ACTIVITY_TASK_POLLS.key, Pollers::to_string),
            self.max_activities_per_second
                .row(MAX_ACTIVITIES_PER_SECOND.key, rate),
            self.max_task_queue_activities_per_second
                .row(MAX_TASK_QUEUE_ACTIVITIES_PER_SECOND.key, rate),
            self.deployment_name.row(DEPLOYMENT_NAME.key, String::clone),
            self.build_id.row(BUILD_ID.key, String::clone),
            self.worker_versioning
                .row(WORKER_VERSIONING.key, WorkerVersioning::to_string),
        ]
    }
}

fn whole(text: &str, least: u32) -> Option<u32> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| is_number);
    number.filter(|number| (least..=MOST).contains(number))
}

fn count(text: &str, least: u32, reason: &str) -> Result<u32, Invalid> {
    whole(text, least).ok_or_else(|| {
        let why = format!("it is a whole number from {least} to {MOST}{reason}");
        Invalid::new(text, "is no number for this", why, "write 100, for example")
    })
}

fn pollers(text: &str, least: u32, reason: &str) -> Result<Pollers, Invalid> {
    if text == "auto" {
        return Ok(Pollers::Auto);
    }
    whole(text, least).map(Pollers::AtMost).ok_or_else(|| {
        let why = format!("it is auto, or a whole number from {least} to {MOST}{reason}");
        Invalid::new(text, "is no number of polls", why, "write 5, for example")
    })
}

/// A rate: whole or with up to three decimals.
fn rate(words: &[OsString], _: Context<'_>) -> Result<Option<Rate>, Invalid> {
    let text = value::text(words)?;
    if text == "unlimited" {
        return Ok(None);
    }
    let rate = thousandths(text).filter(|rate| (1..=u64::from(MOST) * 1000).contains(rate));
    rate.map(|rate| Some(Rate(rate))).ok_or_else(|| {
        let why = format!("it is unlimited, or a number from 0.001 to {MOST}");
        Invalid::new(text, "is no rate", why, "write 50 or 0.5, for example")
    })
}

fn thousandths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| {
        !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let part = part.trim_end_matches('0');
    if !is_number(whole) || part.len() > 3 || !part.is_empty() && !is_number(part) {
        return None;
    }
    let part: u64 = format!("{part:0<3}").parse().ok()?;
    Some(whole.parse::<u64>().ok()? * 1000 + part)
}

fn name(kind: &'static str, text: &str) -> Result<String, Invalid> {
    let fault = check_id(kind, text, NAME_MAX).map_err(|error| error.to_string());
    // The server puts the two together with a dot, and has a use for the other.
    let fault = match text.find(['.', ':']) {
        Some(_) if kind != "build id" => Err("it has a dot or a colon".to_owned()),
        _ => fault,
    };
    fault.map_err(|why| {
        let hint = format!("write 1 to {NAME_MAX} bytes without control characters");
        Invalid::new(text, format!("is no {kind}"), why, hint)
    })?;
    Ok(text.to_owned())
}
