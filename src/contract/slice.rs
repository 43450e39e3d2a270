//! What goes into a slice and comes out of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::convert::same_fields;
use super::input::Input;
use super::object;
use crate::protocol::event::SliceReport;
use crate::protocol::limits::{LONG_TEXT, TEXT, WORKFLOW_ID};
use crate::protocol::slice::{ExecutionConfig, SliceMode, SliceOutcome, SliceRequest};

/// How a slice is carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SliceExecutionConfig {
    /// How.
    pub mode: SliceMode,
    /// A shell command; runs only where the operator allows it.
    #[serde(default)]
    pub command: String,
    /// Seconds it may take.
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u64,
    /// Seconds between signs of life.
    #[serde(default = "default_heartbeat")]
    pub heartbeat_interval: u64,
    /// The configured runner to use instead of a command.
    #[serde(default)]
    pub runner: Option<String>,
    /// What the runner is told.
    #[serde(default)]
    pub prompt: Option<String>,
}

const fn default_timeout() -> u64 {
    300
}

const fn default_heartbeat() -> u64 {
    30
}

same_fields!(SliceExecutionConfig <=> ExecutionConfig {
    mode, command, timeout_seconds, heartbeat_interval, runner, prompt,
});

/// `start_slice` to an epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartSlice {
    /// Its id.
    pub slice_id: String,
    /// The slices that must be settled first.
    #[serde(default)]
    pub dependencies: Vec<String>,
    /// Its leaf tasks.
    #[serde(default)]
    pub leaf_task_ids: Vec<String>,
    /// How it is carried out.
    #[serde(deserialize_with = "object::one")]
    pub config: SliceExecutionConfig,
    /// What it is about.
    #[serde(default)]
    pub phase_spec: String,
}

impl From<StartSlice> for SliceRequest {
    fn from(start: StartSlice) -> Self {
        let StartSlice {
            slice_id,
            dependencies,
            leaf_task_ids,
            config,
            phase_spec,
        } = start;
        Self {
            slice_id,
            dependencies,
            leaf_task_ids,
            config: config.into(),
            phase_spec,
        }
    }
}

/// The input of a `SliceWorkflow`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceInput {
    /// The epoch it belongs to.
    pub epoch_id: String,
    /// Its id.
    pub slice_id: String,
    /// What it is about.
    pub phase_spec: String,
    /// The epoch's workflow; empty where there is none.
    pub parent_workflow_id: String,
    /// How it is carried out; null waits for `start_slice`.
    #[serde(default, deserialize_with = "object::maybe")]
    pub config: Option<SliceExecutionConfig>,
    /// What it waited for.
    #[serde(default)]
    pub dependencies: Vec<String>,
    /// Its leaf tasks.
    #[serde(default)]
    pub leaf_task_ids: Vec<String>,
    /// Which run of the slice this is, by the epoch's count.
    #[serde(default = "first_attempt")]
    pub attempt: u32,
}

const fn first_attempt() -> u32 {
    1
}

impl Input for SliceInput {
    fn texts(&self) -> Vec<(&'static str, &str, usize)> {
        let mut texts = vec![
            ("epoch_id", self.epoch_id.as_str(), TEXT),
            ("slice_id", &self.slice_id, TEXT),
            ("phase_spec", &self.phase_spec, TEXT),
            ("parent_workflow_id", &self.parent_workflow_id, WORKFLOW_ID),
        ];
        texts.extend(
            self.dependencies
                .iter()
                .map(|id| ("dependencies", id.as_str(), TEXT)),
        );
        texts.extend(
            self.leaf_task_ids
                .iter()
                .map(|id| ("leaf_task_ids", id.as_str(), TEXT)),
        );
        if let Some(config) = &self.config {
            texts.push(("command", &config.command, TEXT));
            texts.push(("runner", config.runner.as_deref().unwrap_or(""), TEXT));
            texts.push(("prompt", config.prompt.as_deref().unwrap_or(""), LONG_TEXT));
        }
        texts
    }
}

/// The result of a `SliceWorkflow`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceResult {
    /// Which slice.
    pub slice_id: String,
    /// Whether it did what it should.
    pub success: bool,
    /// What it said.
    #[serde(default)]
    pub output: String,
    /// What went wrong.
    #[serde(default)]
    pub error: Option<String>,
    /// What went wrong, as one stable word, such as `runner_unknown`.
    #[serde(default)]
    pub code: Option<String>,
    /// The file that has all of what it said, on `host`.
    #[serde(default)]
    pub log: Option<String>,
    /// The working tree that was made for it, on `host`.
    #[serde(default)]
    pub worktree: Option<String>,
    /// The host that its command ran on.
    #[serde(default)]
    pub host: Option<String>,
}

impl SliceResult {
    /// The result of a slice that ended so.
    pub fn of(slice_id: String, outcome: SliceOutcome) -> Self {
        let SliceOutcome {
            success,
            output,
            error,
            code,
            log,
            worktree,
            host,
        } = outcome;
        Self {
            slice_id,
            success,
            output,
            error,
            code,
            log,
            worktree,
            host,
        }
    }
}

impl From<SliceResult> for SliceOutcome {
    fn from(result: SliceResult) -> Self {
        let SliceResult {
            slice_id: _,
            success,
            output,
            error,
            code,
            log,
            worktree,
            host,
        } = result;
        Self {
            success,
            output,
            error,
            code,
            log,
            worktree,
            host,
        }
    }
}

/// `start_slice` to a slice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceStartSignal {
    /// Which slice.
    pub slice_id: String,
    /// Of which epoch.
    pub epoch_id: String,
    /// How it is carried out.
    #[serde(deserialize_with = "object::one")]
    pub config: SliceExecutionConfig,
}

/// `complete_slice`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceCompleteSignal {
    /// Which slice.
    pub slice_id: String,
    /// Whether it did what it should.
    pub success: bool,
    /// What it said.
    #[serde(default)]
    pub output: String,
    /// What went wrong; empty for nothing.
    #[serde(default)]
    pub error: String,
}

/// `review_cycle`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewCycleSignal {
    /// Which round of review.
    pub cycle_number: u32,
    /// What the reviewer said.
    #[serde(default)]
    pub reviewer_feedback: String,
}

/// A round of review, as `review_cycles` answers it: what the signal said.
pub type ReviewCycleRecord = ReviewCycleSignal;

/// `slice_finished`, from a slice to its epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceFinishedSignal {
    /// Which slice.
    pub slice_id: String,
    /// Which run of it.
    pub attempt: u32,
    /// How it ended.
    #[serde(deserialize_with = "object::one")]
    pub result: SliceResult,
}

impl From<SliceFinishedSignal> for SliceReport {
    fn from(signal: SliceFinishedSignal) -> Self {
        let SliceFinishedSignal {
            slice_id,
            attempt,
            result,
        } = signal;
        Self {
            slice_id,
            attempt,
            outcome: result.into(),
        }
    }
}

/// The answer of `slice_state`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceStateResult {
    /// Which slice.
    pub slice_id: String,
    /// Of which epoch.
    pub epoch_id: String,
    /// Which run of it.
    pub attempt: u32,
    /// `waiting` (for `start_slice`), `running`, or `finished`.
    pub stage: String,
    /// How it is carried out, once that is known.
    pub config: Option<SliceExecutionConfig>,
    /// Rounds of review so far.
    pub review_cycles: Vec<ReviewCycleRecord>,
    /// How it ended, once it has.
    pub result: Option<SliceResult>,
    /// The last refusals.
    pub refusals: Vec<super::query::Refusal>,
    /// Its command, while one runs.
    #[serde(default, deserialize_with = "object::maybe")]
    pub running: Option<RunningCommand>,
}

/// A command that runs for a slice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunningCommand {
    /// How it runs.
    pub mode: SliceMode,
    /// The host that it runs on.
    pub host: String,
    /// The file on that host that takes what it says.
    #[serde(default)]
    pub log: Option<String>,
    /// The working tree on that host that was made for it.
    #[serde(default)]
    pub worktree: Option<String>,
    /// The command, word by word, that shows it on that host; empty where there is
    /// nothing to look at.
    #[serde(default)]
    pub attach: Vec<String>,
}
