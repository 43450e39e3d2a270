//! A slice's command: where it may run, and running it. Anyone who can send a signal can ask
//! for one, so nothing runs that the operator has not allowed: a configured runner, or a
//! shell command where that is allowed. What may not run is a result that says so.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use temporalio_common::data_converters::RawValue;
use temporalio_sdk::activities::{ActivityContext, ActivityError};

use super::arguments;
use super::host::{Command, CommandHost};
use crate::config::runner::Runner;
use crate::contract::command::{PlaceOrder, Placement, SliceRound};
use crate::contract::slice::{RunningCommand, SliceExecutionConfig, SliceResult};
use crate::protocol::limits::{LONG_TEXT, SLICE_SECONDS, head};
use crate::protocol::slice::{SliceMode, SliceOutcome};
use crate::protocol::{PhaseId, RoleId, Word};
use crate::runner::{Ended, How, HowEnded};
use crate::telemetry::ids;

/// The code of a slice that names no runner of this host.
const RUNNER_UNKNOWN: &str = "runner_unknown";
/// The code of a shell command where none is allowed.
const SHELL_FORBIDDEN: &str = "shell_forbidden";
/// The code of a command that could not be started.
const NOT_STARTED: &str = "not_started";
/// What a slice may take whose caller does not say, in seconds.
const DEFAULT_LIMIT: u64 = 300;

/// What is asked for.
pub(super) struct Order {
    epoch_id: String,
    slice_id: String,
    search_path: Option<String>,
    config: SliceExecutionConfig,
    round: SliceRound,
}

impl Order {
    /// Reads command, slice, epoch, search path, configuration and round; the last three
    /// may be missing.
    pub(super) fn read(raw: &RawValue) -> Result<Self, ActivityError> {
        let command: String = arguments::required(raw, 0, "command")?;
        let slice_id: String = arguments::required(raw, 1, "slice_id")?;
        let epoch_id: String = arguments::required(raw, 2, "epoch_id")?;
        let search_path = arguments::optional(raw, 3, "search_path")?;
        let config = arguments::optional(raw, 4, "config")?;
        let round: Option<SliceRound> = arguments::optional(raw, 5, "round")?;
        ids::record(ids::EPOCH, &epoch_id);
        ids::record(ids::SLICE, &slice_id);
        Ok(Self {
            epoch_id,
            slice_id,
            search_path,
            config: config.unwrap_or(SliceExecutionConfig {
                mode: SliceMode::Subprocess,
                command,
                timeout_seconds: DEFAULT_LIMIT,
                heartbeat_interval: 30,
                runner: None,
                prompt: None,
            }),
            round: round.unwrap_or_default(),
        })
    }

    /// What the command reads: what it is to do, and what reviewers have said of it.
    fn prompt(&self) -> String {
        let asked = self.config.prompt.as_deref().unwrap_or(&self.round.about);
        let mut prompt = asked.to_owned();
        for (number, feedback) in (1..).zip(&self.round.feedback) {
            // Writing to a text does not fail.
            let _ = write!(prompt, "\n\nA reviewer said (round {number}):\n{feedback}");
        }
        prompt
    }
}

/// Finds a place for a slice's command: this host, whose queue takes it and its repetitions.
pub(super) fn place(host: &CommandHost, workflow_id: &str, order: PlaceOrder) -> Placement {
    let PlaceOrder {
        epoch_id,
        slice_id,
        config,
    } = order;
    let runner = match allowed(host, &config, None) {
        Ok(runner) => runner,
        Err(refused) => {
            return Placement {
                refused: Some(refused.of(&slice_id)),
                ..Placement::default()
            };
        }
    };
    let key = host.key(workflow_id, &slice_id);
    let how = how(&config, &epoch_id, &slice_id);
    Placement {
        queue: host.queue.clone(),
        host_timeout_s: host.host_timeout.as_secs().max(1),
        timeout_s: limit(&config, &runner).as_secs(),
        running: Some(RunningCommand {
            mode: config.mode,
            host: host.name.clone(),
            log: Some(host.log(&key)),
            worktree: None,
            attach: host.attach(&how),
        }),
        refused: None,
    }
}

/// Carries a slice's command out. What the command does wrong is a result; an error means
/// that it is to be begun again.
pub(super) async fn execute(
    host: &Arc<CommandHost>,
    ctx: &ActivityContext,
    order: Order,
) -> Result<SliceResult, ActivityError> {
    let (workflow_id, run_id) = super::caller(ctx);
    let key = host.key(workflow_id, &order.slice_id);
    let runner = match allowed(host, &order.config, order.search_path.as_deref()) {
        Ok(runner) => runner,
        Err(refused) => {
            // It may have been allowed when an earlier attempt was left running.
            host.end(&key).await;
            return Ok(refused.of(&order.slice_id));
        }
    };
    let limit = match order.round.timeout_s {
        0 => limit(&order.config, &runner),
        seconds => Duration::from_secs(seconds),
    };
    let command = Command {
        key,
        run: format!("{run_id}/{}", order.round.round),
        owner: workflow_id.to_owned(),
        how: how(&order.config, &order.epoch_id, &order.slice_id),
        limit,
        input: order.prompt().into_bytes(),
        variables: BTreeMap::from([
            ("AURA_EPOCH_ID", order.epoch_id.clone()),
            ("AURA_SLICE_ID", order.slice_id.clone()),
            ("AURA_PHASE", PhaseId::P9.word().to_owned()),
            ("AURA_ROLE", RoleId::Worker.word().to_owned()),
            ("AURA_ROUND", order.round.round.to_string()),
        ]),
    };
    let done = host.run(ctx, runner, command).await?;
    Ok(match done.ended {
        Ok(ended) => result(host, &order, limit, &ended, done.worktree),
        Err(why) => Refused {
            code: NOT_STARTED,
            why,
        }
        .of(&order.slice_id),
    })
}

/// Why a command may not run.
struct Refused {
    code: &'static str,
    why: String,
}

impl Refused {
    fn of(self, slice_id: &str) -> SliceResult {
        let Self { code, why } = self;
        SliceResult {
            code: Some(code.to_owned()),
            ..SliceResult::of(
                slice_id.to_owned(),
                SliceOutcome::failed(format!("{code}: {why}")),
            )
        }
    }
}

/// What runs, if the operator has allowed it.
fn allowed(
    host: &CommandHost,
    config: &SliceExecutionConfig,
    search_path: Option<&str>,
) -> Result<Runner, Refused> {
    if let Some(name) = &config.runner {
        return host.runner(name).map_err(|why| Refused {
            code: RUNNER_UNKNOWN,
            why,
        });
    }
    if config.command.is_empty() {
        return Err(Refused {
            code: RUNNER_UNKNOWN,
            why: "the slice names no runner; name one with --runner, or end the slice by hand \
                  with `aura-msg signal complete`"
                .to_owned(),
        });
    }
    host.shell(&config.command, search_path)
        .ok_or_else(|| Refused {
            code: SHELL_FORBIDDEN,
            why: "shell commands are not allowed on this host; name a configured runner, or have \
              its operator set allow_shell"
                .to_owned(),
        })
}

fn how(config: &SliceExecutionConfig, epoch_id: &str, slice_id: &str) -> How {
    match config.mode {
        SliceMode::Tmux => How::Tmux {
            session: epoch_id.to_owned(),
            window: slice_id.to_owned(),
        },
        SliceMode::Subprocess | SliceMode::Mock => How::Subprocess,
    }
}

/// The slice's own limit, and not more than the runner's.
fn limit(config: &SliceExecutionConfig, runner: &Runner) -> Duration {
    let asked = config.timeout_seconds.clamp(1, SLICE_SECONDS);
    Duration::from_secs(asked).min(runner.timeout)
}

fn result(
    host: &CommandHost,
    order: &Order,
    limit: Duration,
    ended: &Ended,
    worktree: Option<String>,
) -> SliceResult {
    let (code, error) = match ended.how {
        HowEnded::Exited(0) => (None, None),
        HowEnded::Exited(status) => (
            Some("exit_status"),
            Some(format!("it ended with exit status {status}")),
        ),
        HowEnded::Signalled(signal) => (
            Some("signalled"),
            Some(format!("it was ended by signal {signal}")),
        ),
        HowEnded::TimedOut => (
            Some("timed_out"),
            Some(format!(
                "it took longer than its limit of {} s, and was ended",
                limit.as_secs()
            )),
        ),
        // These are no ends of their own; whoever asked for them has been answered.
        HowEnded::Stopped(_) | HowEnded::Left(_) => {
            (Some("stopped"), Some("it was told to stop".to_owned()))
        }
    };
    SliceResult {
        slice_id: order.slice_id.clone(),
        success: error.is_none(),
        output: head(&ended.output, LONG_TEXT).to_owned(),
        error,
        code: code.map(ToOwned::to_owned),
        log: Some(ended.log.display().to_string()),
        worktree,
        host: Some(host.name.clone()),
    }
}
