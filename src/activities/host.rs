//! This host, as commands see it: what its operator allows to run, where it runs, and what
//! an activity does while it runs. What is asked for is read by those who ask.

mod jobs;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use temporalio_client::tonic::Code;
use temporalio_common::protos::temporal::api::enums::v1::{
    PendingActivityState, WorkflowExecutionStatus,
};
use temporalio_sdk::ApplicationFailure;
use temporalio_sdk::activities::{ActivityContext, ActivityError};
use tokio::sync::{SemaphorePermit, watch};

use super::server::describe_run;
use crate::config::review::Review;
use crate::config::runner::Runner;
use crate::config::{self, ProcessEnv};
use crate::protocol::limits::SLICE_SECONDS;
use crate::runner::{self, Ended, Host, How, HowEnded, Job, OnShutdown, Reason, Stop};

pub use jobs::Jobs;
use jobs::{End, Problem};

/// How often an activity says that its command runs.
const BEAT: Duration = Duration::from_secs(2);
/// How long a command goes on whose attempt was given up before the next one comes.
const NEXT_ATTEMPT: Duration = Duration::from_mins(1);
/// How long a command has to end itself in whose runner nobody knows any more.
const KILL_AFTER: Duration = Duration::from_secs(10);
/// What a shell command may take at most, whatever is asked for.
const SHELL_LIMIT: Duration = Duration::from_secs(SLICE_SECONDS);

/// A host that runs commands.
pub struct CommandHost {
    /// Its own task queue; empty where nothing may run, so that there is no use for one.
    pub queue: String,
    /// What people call it.
    pub name: String,
    /// The namespace, which parts the runs of one host.
    pub namespace: String,
    /// Where commands find the server.
    pub address: String,
    /// Its processes.
    pub runs: Host,
    /// Where worktrees are made.
    pub worktrees: PathBuf,
    /// What may run.
    pub runners: BTreeMap<String, Runner>,
    /// Who reviews.
    pub review: Review,
    /// Whether shell commands may run.
    pub allow_shell: bool,
    /// How long work waits for this host when it is away.
    pub host_timeout: Duration,
    /// True once the daemon is to stop.
    pub stopping: watch::Receiver<bool>,
    /// What runs now.
    pub jobs: Arc<Jobs>,
}

/// A command to be run.
pub(super) struct Command {
    /// The same for every attempt at it.
    pub(super) key: String,
    /// What tells one thing that is asked for under the key from the next.
    pub(super) run: String,
    /// The workflow that asks.
    pub(super) owner: String,
    pub(super) how: How,
    pub(super) limit: Duration,
    /// What it reads.
    pub(super) input: Vec<u8>,
    /// What it is told in its environment.
    pub(super) variables: BTreeMap<&'static str, String>,
}

/// A command that ran, or why it never will.
pub(super) struct Done {
    pub(super) ended: Result<Ended, String>,
    pub(super) worktree: Option<String>,
}

impl CommandHost {
    /// A configured runner, or why there is none.
    pub(super) fn runner(&self, name: &str) -> Result<Runner, String> {
        self.runners.get(name).cloned().ok_or_else(|| {
            let known: Vec<&str> = self.runners.keys().map(String::as_str).collect();
            let known = if known.is_empty() {
                "none is configured there".to_owned()
            } else {
                format!("it has: {}", known.join(", "))
            };
            format!(
                "host {} has no runner '{name}'; {known}; configure [runner.{name}] for aurad, or \
                 name another",
                self.name
            )
        })
    }

    /// A shell command as a runner, if such commands are allowed.
    pub(super) fn shell(&self, command: &str, search_path: Option<&str>) -> Option<Runner> {
        let argv = ["sh", "-c", command].map(ToOwned::to_owned);
        let mut runner = Runner::new("shell", argv.to_vec());
        runner.timeout = SHELL_LIMIT;
        let path = search_path.map(|path| ("PATH".to_owned(), path.to_owned()));
        runner.env.extend(path);
        self.allow_shell.then_some(runner)
    }

    /// What a workflow's command is called on this host, whatever the attempt.
    pub(super) fn key(&self, workflow_id: &str, part: &str) -> String {
        format!("{}/{workflow_id}/{part}", self.namespace)
    }

    /// Ends what still runs under a key.
    pub(super) async fn end(&self, key: &str) {
        if self.queue.is_empty() {
            return;
        }
        if let Err(error) = self.runs.end(key, KILL_AFTER).await {
            tracing::warn!(key, %error, "a command that may not run any more could not be ended");
        }
    }

    /// Where the log of a command is.
    pub(super) fn log(&self, key: &str) -> String {
        self.runs.log(key).display().to_string()
    }

    /// How a person looks at a running command.
    pub(super) fn attach(&self, how: &How) -> Vec<String> {
        match how {
            How::Subprocess => Vec::new(),
            How::Tmux { session, window } => self.runs.attach_command(session, window),
        }
    }

    /// Runs a command to its end, with signs of life meanwhile. An error means that it is to
    /// be begun again, or that nobody wants it any more.
    pub(super) async fn run(
        self: &Arc<Self>,
        ctx: &ActivityContext,
        runner: Runner,
        command: Command,
    ) -> Result<Done, ActivityError> {
        let (key, run) = (command.key.clone(), command.run.clone());
        let leaves = on_shutdown(&runner, &command.how) == OnShutdown::Leave;
        let leaves = leaves && command.how != How::Subprocess;
        let host = Arc::clone(self);
        let asks = ctx.clone();
        let mut attempt = self.jobs.attend(&key, &run, |stop| async move {
            host.perform(asks, runner, command, stop).await
        });
        let mut stopping = self.stopping.clone();
        let mut beat = tokio::time::interval(BEAT);
        let mut is_told = false;
        let end = loop {
            tokio::select! {
                end = attempt.end() => break end,
                _ = beat.tick() => ctx.record_heartbeat(()).await?,
                () = ctx.cancelled(), if !is_told => {
                    is_told = true;
                    if *self.stopping.borrow() {
                        // At the end of the grace period everything is cancelled.
                        attempt.stop(Stop::Shutdown);
                    } else if is_wanted(ctx).await {
                        // This attempt was too late with its signs of life; the next one comes.
                        attempt.leave(NEXT_ATTEMPT);
                        return Err(ActivityError::cancelled());
                    } else {
                        attempt.stop(Stop::Cancel);
                    }
                }
                // What goes on without the daemon need not be waited for.
                () = told_to_stop(&mut stopping), if leaves && !is_told => {
                    is_told = true;
                    attempt.stop(Stop::Shutdown);
                }
            }
        };
        self.done(&key, end)
    }

    /// What an attempt answers when its command has ended.
    fn done(&self, key: &str, end: End) -> Result<Done, ActivityError> {
        let never = |what: String| {
            Ok(Done {
                ended: Err(what),
                worktree: None,
            })
        };
        match end {
            Ok((
                Ended {
                    how: HowEnded::Stopped(why) | HowEnded::Left(why),
                    ..
                },
                _,
            )) => Err(match why {
                Reason::Cancelled => ActivityError::cancelled(),
                Reason::Shutdown => again("aurad stopped; the command goes on with the next one"),
                Reason::Superseded => again("another run of the command came in its place"),
            }),
            Ok((ended, worktree)) => {
                tracing::info!(key, how = ?ended.how, log = %ended.log.display(), "a command ended");
                self.jobs.has_begun(key);
                Ok(Done {
                    ended: Ok(ended),
                    worktree,
                })
            }
            Err(Problem { what, is_permanent }) if is_permanent => never(what),
            Err(Problem { what, .. }) if self.jobs.gives_up(key) => {
                never(format!("{what}; it was tried several times"))
            }
            Err(Problem { what, .. }) => {
                tracing::warn!(
                    key,
                    "a command could not be run ({what}); it will be tried again"
                );
                Err(again(&what))
            }
        }
    }

    /// A place for a command; none if nobody wants it by the time there is one. A wish to
    /// stop is heard of with the signs of life, which may be later than that.
    async fn place(&self, ctx: &ActivityContext) -> Option<SemaphorePermit<'_>> {
        if let Ok(place) = self.jobs.places.try_acquire() {
            return Some(place);
        }
        // The places are never closed.
        let place = self.jobs.places.acquire().await.ok()?;
        let is_asked_for = ctx.info().workflow_id.is_none() || is_wanted(ctx).await;
        is_asked_for.then_some(place)
    }

    /// Runs a command once there is a place for it.
    async fn perform(
        self: Arc<Self>,
        ctx: ActivityContext,
        runner: Runner,
        command: Command,
        mut stop: watch::Receiver<Option<Stop>>,
    ) -> End {
        let key = command.key.clone();
        let prepared = async {
            let Some(place) = self.place(&ctx).await else {
                return Err(Stop::Cancel);
            };
            Ok((place, self.job(runner, command).await))
        };
        let prepared = tokio::select! {
            prepared = prepared => prepared,
            told = told(&mut stop) => Err(told),
        };
        let (_place, made) = match prepared {
            Ok(prepared) => prepared,
            Err(stop) => return Ok((self.runs.never_began(&key, stop), None)),
        };
        let (job, worktree) = made?;
        match self.runs.run(&job, stop).await {
            Ok(ended) => Ok((ended, worktree)),
            Err(error) => Err(Problem {
                what: error.to_string(),
                is_permanent: error.is_permanent(),
            }),
        }
    }

    async fn job(
        &self,
        runner: Runner,
        command: Command,
    ) -> Result<(Job, Option<String>), Problem> {
        let on_shutdown = on_shutdown(&runner, &command.how);
        let Command {
            key,
            run,
            owner,
            how,
            limit,
            input,
            variables,
        } = command;
        let mut environment = runner.environment(&ProcessEnv);
        environment.insert("TEMPORAL_ADDRESS".to_owned(), self.address.clone());
        environment.insert("TEMPORAL_NAMESPACE".to_owned(), self.namespace.clone());
        for (name, value) in variables {
            environment.insert(name.to_owned(), value);
        }
        let directory = runner.directory.or_else(std::env::home_dir);
        let (directory, worktree) = if runner.worktree {
            let repository = directory.unwrap_or_default();
            let made = runner::worktree::make(&repository, &key, &self.worktrees).await;
            let made = made.map_err(|error| Problem {
                what: error.to_string(),
                is_permanent: !error.is_passing(),
            })?;
            (Some(made.directory), Some(made.path.display().to_string()))
        } else {
            (directory, None)
        };
        let job = Job {
            key,
            run,
            owner,
            argv: runner.argv,
            env: environment,
            directory,
            input,
            how,
            timeout: Some(limit),
            kill_after: runner.kill_after,
            log_limit: runner.log_limit,
            on_shutdown,
        };
        Ok((job, worktree))
    }
}

/// What becomes of a command when the daemon stops.
fn on_shutdown(runner: &Runner, how: &How) -> OnShutdown {
    match (runner.on_shutdown, how) {
        (Some(config::runner::OnShutdown::Kill), _) | (None, How::Subprocess) => OnShutdown::Kill,
        (Some(config::runner::OnShutdown::Leave), _) | (None, How::Tmux { .. }) => {
            OnShutdown::Leave
        }
    }
}

/// Whether the server still wants what an attempt was about, though not this attempt. What it
/// does not say, it may.
async fn is_wanted(ctx: &ActivityContext) -> bool {
    let info = ctx.info();
    let (Some(workflow_id), Some(run_id)) = (&info.workflow_id, &info.workflow_run_id) else {
        return false;
    };
    match describe_run(&ctx.client(), workflow_id, run_id).await {
        Ok(run) => {
            let status = run.workflow_execution_info.unwrap_or_default().status();
            // A server goes on listing the activities of a workflow that has closed.
            status == WorkflowExecutionStatus::Running
                && run.pending_activities.iter().any(|pending| {
                    pending.activity_id == info.activity_id
                        && pending.state() != PendingActivityState::CancelRequested
                })
        }
        Err(status) => status.code() != Code::NotFound,
    }
}

/// Waits until a command is told to stop.
async fn told(stop: &mut watch::Receiver<Option<Stop>>) -> Stop {
    match stop.wait_for(Option::is_some).await.map(|told| *told) {
        Ok(Some(told)) => told,
        // Nobody is left to say so.
        Ok(None) | Err(_) => std::future::pending().await,
    }
}

/// Waits until the daemon is to stop.
async fn told_to_stop(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stopping| *stopping).await.is_err() {
        // Nobody is left to say so.
        std::future::pending::<()>().await;
    }
}

/// A failure after which the command is begun again.
fn again(why: &str) -> ActivityError {
    ApplicationFailure::new(std::io::Error::other(why.to_owned())).into()
}
