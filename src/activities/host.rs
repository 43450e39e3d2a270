//! This host, as commands see it: what its operator allows to run, where it runs, and what
//! an activity does while it runs. What is asked for is read by those who ask.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use temporalio_sdk::ApplicationFailure;
use temporalio_sdk::activities::{ActivityContext, ActivityError};
use tokio::sync::watch;

use crate::config::review::Review;
use crate::config::runner::Runner;
use crate::runner::{self, Ended, Host, How, HowEnded, Job, OnShutdown, Stop};

/// How often an activity says that its command runs.
const BEAT: Duration = Duration::from_secs(2);
/// What a shell command has to end itself in once it is told to.
const SHELL_KILL_AFTER: Duration = Duration::from_secs(10);
/// What a shell command's log may grow to.
const SHELL_LOG: u64 = 100_000_000;

/// A host that runs commands.
pub struct CommandHost {
    /// Its own task queue.
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

/// Something that the operator has allowed to run.
pub(super) struct Work<'a> {
    pub(super) kind: Kind<'a>,
    argv: Vec<String>,
    environment: BTreeMap<String, String>,
}

/// What allows it.
pub(super) enum Kind<'a> {
    /// It is configured.
    Runner(&'a Runner),
    /// Shell commands are allowed.
    Shell,
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
    pub(super) fn runner(&self, name: &str) -> Result<Work<'_>, String> {
        let Some(runner) = self.runners.get(name) else {
            let known: Vec<&str> = self.runners.keys().map(String::as_str).collect();
            let known = if known.is_empty() {
                "none is configured there".to_owned()
            } else {
                format!("it has: {}", known.join(", "))
            };
            return Err(format!(
                "host {} has no runner '{name}'; {known}; configure [runner.{name}] for aurad, or \
                 name another",
                self.name
            ));
        };
        Ok(Work {
            kind: Kind::Runner(runner),
            argv: runner.argv.clone(),
            environment: runner.environment(&crate::config::ProcessEnv),
        })
    }

    /// A shell command.
    pub(super) fn shell(&self, command: &str, search_path: Option<&str>) -> Work<'_> {
        let mut environment = crate::config::runner::base_environment(&crate::config::ProcessEnv);
        if let Some(path) = search_path {
            environment.insert("PATH".to_owned(), path.to_owned());
        }
        Work {
            kind: Kind::Shell,
            argv: vec!["sh".to_owned(), "-c".to_owned(), command.to_owned()],
            environment,
        }
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
            How::Tmux { session, window } => runner::tmux::attach_command(session, window),
        }
    }

    /// Runs a command to its end, with signs of life meanwhile. An error means that it is to
    /// be begun again, or that nobody wants it any more.
    pub(super) async fn run(
        &self,
        ctx: &ActivityContext,
        work: Work<'_>,
        command: Command,
    ) -> Result<Done, ActivityError> {
        let (stop, stopped) = watch::channel(None);
        let (job, worktree) = match self.job(work, command).await {
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
        let leaves = job.on_shutdown == OnShutdown::Leave;
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
                _ = stopping.wait_for(|stopping| *stopping), if leaves && !is_told => {
                    is_told = true;
                    stop.send_replace(Some(Stop::Shutdown));
                }
            }
        };
        let told = *stop.borrow();
        match ended {
            Ok(Ended {
                how: HowEnded::Stopped | HowEnded::Left,
                ..
            }) => Err(match told {
                Some(Stop::Shutdown) => again("aurad stopped; the command goes on with the next"),
                _ => ActivityError::cancelled(),
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

    async fn job(
        &self,
        work: Work<'_>,
        command: Command,
    ) -> Result<(Job, Option<String>), String> {
        let Work {
            kind,
            argv,
            mut environment,
        } = work;
        let Command {
            key,
            how,
            limit,
            input,
            variables,
        } = command;
        environment.insert("TEMPORAL_ADDRESS".to_owned(), self.address.clone());
        environment.insert("TEMPORAL_NAMESPACE".to_owned(), self.namespace.clone());
        for (name, value) in variables {
            environment.insert(name.to_owned(), value);
        }
        let usual = match how {
            How::Subprocess => OnShutdown::Kill,
            How::Tmux { .. } => OnShutdown::Leave,
        };
        let home = std::env::home_dir();
        let (directory, kill_after, log_limit, on_shutdown, wants_worktree) = match kind {
            Kind::Runner(runner) => (
                runner.directory.clone().or(home),
                runner.kill_after,
                runner.log_limit,
                runner.on_shutdown.map_or(usual, Into::into),
                runner.worktree,
            ),
            Kind::Shell => (home, SHELL_KILL_AFTER, SHELL_LOG, usual, false),
        };
        let (directory, worktree) = if wants_worktree {
            let repository = directory.unwrap_or_default();
            let made = self.worktree(&repository, &key).await?;
            (Some(made.clone()), Some(made.display().to_string()))
        } else {
            (directory, None)
        };
        let job = Job {
            key,
            argv,
            env: environment,
            directory,
            input,
            how,
            timeout: Some(limit),
            kill_after,
            log_limit,
            on_shutdown,
        };
        Ok((job, worktree))
    }

    async fn worktree(&self, repository: &Path, key: &str) -> Result<PathBuf, String> {
        let made = runner::worktree::make(repository, key, &self.worktrees).await;
        made.map(|worktree| worktree.path)
            .map_err(|error| error.to_string())
    }
}

/// A failure after which the command is begun again.
fn again(why: &str) -> ActivityError {
    ApplicationFailure::new(std::io::Error::other(why.to_owned())).into()
}
