//! A slice: one part of the work of p9, what it waits for, and how it went. How
//! slices depend on each other and which may run is `board`'s.

use super::id::SliceId;
use super::limits::{self, LONG_TEXT, TEXT, Weigh, text_weight, texts_weight};
use super::time::Timestamp;
use super::words::{Word, words};

words! {
    /// How a slice is carried out.
    SliceMode as "slice mode" {
        /// In a terminal that people can look at.
        Tmux = "tmux",
        /// As a process.
        Subprocess = "subprocess",
        /// Not at all: it succeeds at once.
        Mock = "mock",
    }
}

words! {
    /// Where a declared slice is.
    SliceState as "slice state" {
        /// For its dependencies, a free place, or p9.
        Waiting = "waiting",
        /// Now.
        Running = "running",
        /// Done.
        Succeeded = "succeeded",
        /// Not done.
        Failed = "failed",
        /// Something it depends on failed or was cancelled.
        Blocked = "blocked",
        /// Stopped by order.
        Cancelled = "cancelled",
        /// Somebody decided that it need not succeed.
        Waived = "waived",
    }
}

impl SliceState {
    /// Whether what depends on it may go on, and the gate out of p9 too.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Succeeded | Self::Waived)
    }
}

/// How a slice is to be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecutionConfig {
    /// How.
    pub mode: SliceMode,
    /// A shell command; runs only where the operator allows it.
    pub command: String,
    /// Seconds it may take.
    pub timeout_seconds: u64,
    /// Seconds between signs of life.
    pub heartbeat_interval: u64,
    /// The configured runner to use instead of a command.
    pub runner: Option<String>,
    /// What the runner is told.
    pub prompt: Option<String>,
}

impl Weigh for ExecutionConfig {
    fn weight(&self) -> usize {
        140 + texts_weight([
            self.command.as_str(),
            self.runner.as_deref().unwrap_or_default(),
            self.prompt.as_deref().unwrap_or_default(),
        ])
    }
}

/// A slice as it is asked for, its ids not yet checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SliceRequest {
    /// Its id.
    pub slice_id: String,
    /// The slices that must be settled first.
    pub dependencies: Vec<String>,
    /// Its leaf tasks.
    pub leaf_task_ids: Vec<String>,
    /// How it is carried out.
    pub config: ExecutionConfig,
    /// What it is about.
    pub phase_spec: String,
}

impl SliceRequest {
    pub(super) fn texts(&self) -> Vec<(&'static str, &str, usize)> {
        let mut texts = vec![
            ("slice_id", self.slice_id.as_str(), TEXT),
            ("phase_spec", &self.phase_spec, TEXT),
            ("command", &self.config.command, TEXT),
            ("runner", self.config.runner.as_deref().unwrap_or(""), TEXT),
            (
                "prompt",
                self.config.prompt.as_deref().unwrap_or(""),
                LONG_TEXT,
            ),
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
        texts
    }
}

/// How a slice's run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SliceOutcome {
    /// Whether it did what it should.
    pub success: bool,
    /// What it said.
    pub output: String,
    /// What went wrong.
    pub error: Option<String>,
    /// What went wrong, as one stable word.
    pub code: Option<String>,
    /// The file that has all of what it said.
    pub log: Option<String>,
    /// The tree that it worked in, where it had one of its own.
    pub worktree: Option<String>,
    /// The host that it ran on, where both are.
    pub host: Option<String>,
}

impl SliceOutcome {
    /// Encoded bytes that the names of the four last fields take, as null.
    const NAMES: usize = 60;
    /// Encoded bytes of the output that are kept whatever else there is.
    const OUTPUT_LEAST: usize = 256;

    /// A success with nothing but what it said.
    pub const fn succeeded(output: String) -> Self {
        Self {
            success: true,
            output,
            error: None,
            code: None,
            log: None,
            worktree: None,
            host: None,
        }
    }

    /// A failure with nothing but what went wrong.
    pub fn failed(error: String) -> Self {
        Self {
            success: false,
            error: Some(error),
            ..Self::succeeded(String::new())
        }
    }

    /// The outcome with its texts cut to what an epoch takes: a report that it refuses would
    /// leave the slice running for ever.
    #[must_use]
    pub fn fitting(self) -> Self {
        let whole = |text: Option<String>| text.filter(|text| text.len() <= TEXT);
        Self {
            success: self.success,
            output: limits::tail(&self.output, LONG_TEXT).to_owned(),
            error: self
                .error
                .map(|error| limits::tail(&error, LONG_TEXT).to_owned()),
            code: whole(self.code),
            log: whole(self.log),
            worktree: whole(self.worktree),
            host: whole(self.host),
        }
    }

    /// The outcome with its texts cut to what the state keeps: their ends, where
    /// programs say how it went. Names and paths are kept whole or not at all, and at
    /// the output's expense, so that a slice takes no more room for having them.
    pub(super) fn kept(&self) -> Self {
        let mut room = limits::RESULT_KEPT - Self::NAMES;
        let mut whole = |text: &Option<String>| {
            let text = text.as_ref()?;
            let left = room.checked_sub(text_weight(text))?;
            (left >= Self::OUTPUT_LEAST).then(|| {
                room = left;
                text.clone()
            })
        };
        let code = whole(&self.code);
        let host = whole(&self.host);
        let log = whole(&self.log);
        let worktree = whole(&self.worktree);
        Self {
            success: self.success,
            output: limits::tail(&self.output, room).to_owned(),
            error: self
                .error
                .as_deref()
                .map(|error| limits::tail(error, limits::RESULT_KEPT).to_owned()),
            code,
            log,
            worktree,
            host,
        }
    }
}

/// A declared slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Its id.
    pub id: SliceId,
    /// The slices that must be settled first.
    pub dependencies: Vec<SliceId>,
    /// Its leaf tasks.
    pub leaf_task_ids: Vec<String>,
    /// How it is carried out.
    pub config: ExecutionConfig,
    /// What it is about.
    pub phase_spec: String,
    /// Where it is.
    pub state: SliceState,
    /// Runs so far, the present one included.
    pub attempt: u32,
    /// Whether it has been told to stop and has not answered yet.
    pub stopping: bool,
    /// How its last run ended.
    pub outcome: Option<SliceOutcome>,
    /// Why it is blocked, cancelled or waived.
    pub reason: Option<String>,
    /// When it was declared.
    pub declared_at: Timestamp,
    /// When its state last changed.
    pub changed_at: Timestamp,
}

impl Slice {
    /// Encoded bytes that its outcome and reason may grow to; every slice takes more.
    pub(super) const RESERVED: usize = 3 * (limits::RESULT_KEPT + 3);
}

impl Weigh for Slice {
    /// Counts what its outcome and reason may grow to, so that a report never has to
    /// be refused for want of room.
    fn weight(&self) -> usize {
        let ids = self.dependencies.iter().map(SliceId::as_str);
        let leaves = self.leaf_task_ids.iter().map(String::as_str);
        let texts = texts_weight(ids.chain(leaves)) + text_weight(self.id.as_str());
        let longest_state = SliceState::WORDS
            .iter()
            .map(|word| word.len())
            .max()
            .unwrap_or(0);
        320 + longest_state
            + texts
            + self.config.weight()
            + text_weight(&self.phase_spec)
            + Self::RESERVED
    }
}
