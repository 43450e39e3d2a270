//! What workflows and the activities that run commands tell each other. A workflow may not
//! read configuration, so what only the operator knows comes in these answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::slice::{RunningCommand, SliceExecutionConfig, SliceResult};
use crate::protocol::PhaseId;
use crate::protocol::finding::SeverityLevel;
use crate::protocol::vote::{ReviewAxis, VoteType};

/// A slice's command that wants a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceOrder {
    /// The epoch.
    pub epoch_id: String,
    /// The slice.
    pub slice_id: String,
    /// How it is carried out.
    pub config: SliceExecutionConfig,
}

/// Where a command runs, from its first attempt to its last: its process, its log and its
/// worktree are there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Placement {
    /// The task queue of that host.
    pub queue: String,
    /// Seconds that are waited for the host to come back.
    pub host_timeout_s: u64,
    /// Seconds that the command may take.
    pub timeout_s: u64,
    /// Where to look at it while it runs.
    pub running: Option<RunningCommand>,
    /// The result instead, where it may not run.
    pub refused: Option<SliceResult>,
}

/// What a slice's command is told besides its configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceRound {
    /// What the slice is about.
    #[serde(default)]
    pub about: String,
    /// From 1; each further one answers what a reviewer said.
    #[serde(default = "first")]
    pub round: u32,
    /// What reviewers have said, the latest last.
    #[serde(default)]
    pub feedback: Vec<String>,
    /// Seconds that the command may take; 0 leaves it to its configuration.
    #[serde(default)]
    pub timeout_s: u64,
}

const fn first() -> u32 {
    1
}

impl Default for SliceRound {
    fn default() -> Self {
        Self {
            about: String::new(),
            round: first(),
            feedback: Vec::new(),
            timeout_s: 0,
        }
    }
}

/// What the operator has set for reviews, as an activity answers it when a round opens: a
/// workflow may not read configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewSettings {
    /// Seconds a round may take, where its epoch says nothing.
    pub deadline_s: Option<u64>,
    /// Seconds between reminders of missing votes.
    pub remind_every_s: Option<u64>,
    /// The runner that judges an axis, where one is configured.
    pub runners: BTreeMap<ReviewAxis, String>,
    /// Seconds that a reviewer's command may take.
    pub timeout_s: u64,
    /// The queue of the host that runs them.
    pub queue: String,
    /// Seconds that are waited for that host.
    pub host_timeout_s: u64,
}

/// What a reviewer's command is to judge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewOrder {
    /// The epoch.
    pub epoch_id: String,
    /// The phase under review.
    pub phase: PhaseId,
    /// Its round.
    pub round: u32,
    /// The axis to judge.
    pub axis: ReviewAxis,
    /// The runner that judges.
    pub runner: String,
    /// What the epoch is about.
    pub request: String,
    /// The first or the second time that it is asked.
    pub attempt: u32,
    /// Seconds it may take.
    pub timeout_s: u64,
}

/// What came of it: a vote, or why there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewAnswer {
    /// The vote.
    pub vote: Option<VoteType>,
    /// What the reviewer says with it.
    pub comment: String,
    /// What the reviewer found.
    pub findings: Vec<ReviewerFinding>,
    /// Why there is no vote.
    pub problem: Option<String>,
}

/// A finding in a reviewer's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewerFinding {
    /// How much it matters.
    pub severity: SeverityLevel,
    /// The slice it concerns.
    #[serde(default)]
    pub slice_id: Option<String>,
    /// What it is.
    pub summary: String,
}

/// A round that may still wait for votes: its epoch knows which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// The epoch.
    pub epoch_id: String,
    /// The phase under review.
    pub phase: PhaseId,
    /// Its round.
    pub round: u32,
}
