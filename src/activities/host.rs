//! This host, as commands see it: what its operator allows to run, where it runs, and what
//! an activity does while it runs. What is asked for is read by those who ask.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use temporalio_sdk::ApplicationFailure;
use temporalio_sdk::activities::{ActivityContext, ActivityError};
use tokio::sync::watch;

use crate::config::review::Review;
use crate::config::runner::Runner;
use crate::config::{self, ProcessEnv};
use crate::protocol::limits::SLICE_SECONDS;
use crate::runner::{self, Ended, Host, How, HowEnded, Job, OnShutdown, Reason, Stop};

/// How often an activity says that its command runs.
const BEAT: Duration = Duration::from_secs(2);
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
}

/// A command to be run.
pub(super) struct Command {
    /// The same for every attempt at it.
    pub(super) key: String,
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
    pub(super) fn key(&self, workflow_id: &str, part: Option<&str>) -> String {
        let mut key = format!("{}/{workflow_id}", self.namespace);
        if let Some(part) = part {
            key.push('/');
            key.push_str(part);
        }
        key
    }

    /// Where the log of a command is.
    pub(super) fn log(&self, key: &str) -> String {
        self.runs.log(key).display().to_string()
    }

    /// How a person looks at a running command.
    pub(super) fn attach(how: &How) -> Vec<String> {
        match how {
            How::Subprocess => Vec::new(),
            How::Tmux { session, window } => runner::attach_command(session, window),
        }
    }

    /// Runs a command to its end, with signs of life meanwhile. An error means that it is to
    /// be begun again, or that nobody wants it any more.
    pub(super) async fn run(
        &self,
        ctx: &ActivityContext,
        runner: Runner,
        command: Command,
    ) -> Result<Done, ActivityError> {
        let (stop, stopped) = watch::channel(None);
        let (job, worktree) = match self.job(runner, command).await {
            Ok(made) => made,
            Err(why) => {
                return Ok(Done {
                    ended: Err(why),
                    worktree: None,
                });
            }
        };
        let running = self.runs.run(&job, stopped);
        tokio::pin!(running);
        let mut stopping = self.stopping.clone();
        let leaves = job.on_shutdown == OnShutdown::Leave && job.how != How::Subprocess;
        let mut beat = tokio::time::interval(BEAT);
        let mut is_told = false;
        let ended = loop {
            tokio::select! {
                ended = &mut running => break ended,
                _ = beat.tick() => ctx.record_heartbeat(()).await?,
                () = ctx.cancelled(), if !is_told => {
                    is_told = true;
                    // At the end of the grace period everything is cancelled.
                    let is_shutdown = *self.stopping.borrow();
                    stop.send_replace(Some(if is_shutdown { Stop::Shutdown } else { Stop::Cancel }));
                }
                // What goes on without the daemon need not be waited for.
                () = told_to_stop(&mut stopping), if leaves && !is_told => {
                    is_told = true;
                    stop.send_replace(Some(Stop::Shutdown));
                }
            }
        };
        match ended {
            Ok(Ended {
                how: HowEnded::Stopped(why) | HowEnded::Left(why),
                ..
            }) => Err(match why {
                Reason::Shutdown => again("aurad stopped; the command goes on with the next one"),
                Reason::Cancelled | Reason::Superseded => ActivityError::cancelled(),
            }),
            Ok(ended) => Ok(Done {
                ended: Ok(ended),
                worktree,
            }),
            Err(error) if error.is_permanent() => Ok(Done {
                ended: Err(error.to_string()),
                worktree,
            }),
            Err(error) => {
                tracing::warn!(key = job.key, %error, "a command could not be run; it will be tried again");
                Err(again(&error.to_string()))
            }
        }
    }

    async fn job(&self, runner: Runner, command: Command) -> Result<(Job, Option<String>), String> {
        let Command {
            key,
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
        let usual = match how {
            How::Subprocess => OnShutdown::Kill,
            How::Tmux { .. } => OnShutdown::Leave,
        };
        let directory = runner.directory.or_else(std::env::home_dir);
        let (directory, worktree) = if runner.worktree {
            let repository = directory.unwrap_or_default();
            let made = runner::worktree::make(&repository, &key, &self.worktrees).await;
            let made = made.map_err(|error| error.to_string())?;
            (Some(made.directory), Some(made.path.display().to_string()))
        } else {
            (directory, None)
        };
        let on_shutdown = match runner.on_shutdown {
            None => usual,
            Some(config::runner::OnShutdown::Kill) => OnShutdown::Kill,
            Some(config::runner::OnShutdown::Leave) => OnShutdown::Leave,
        };
        let job = Job {
            key,
            run: String::new(),
            owner: String::new(),
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
