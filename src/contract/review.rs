//! What goes into a review round and comes out of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::convert::same_fields;
use super::input::Input;
use super::object;
use crate::protocol::event::{self, MissedVote};
use crate::protocol::limits::{DESCRIPTION, TEXT, WORKFLOW_ID};
use crate::protocol::review::CloseReason;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{Event, PhaseId};

/// The input of a `ReviewPhaseWorkflow`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewInput {
    /// The epoch it belongs to.
    pub epoch_id: String,
    /// Its phase.
    pub phase_id: String,
    /// Its round; absent is a review without an epoch's round.
    #[serde(default)]
    pub round: Option<u32>,
    /// Seconds it may take.
    #[serde(default)]
    pub deadline: Option<u64>,
    /// The runner that reviews, if one.
    #[serde(default)]
    pub runner: Option<String>,
    /// The epoch's workflow; absent is a review that stands alone.
    #[serde(default)]
    pub parent_workflow_id: Option<String>,
    /// What the epoch is about, for reviewers that are commands; absent where none is to
    /// be asked.
    #[serde(default)]
    pub request_description: Option<String>,
}

impl Input for ReviewInput {
    fn texts(&self) -> Vec<(&'static str, &str, usize)> {
        let request = self.request_description.as_deref().unwrap_or("");
        let parent = self.parent_workflow_id.as_deref().unwrap_or("");
        vec![
            ("epoch_id", self.epoch_id.as_str(), TEXT),
            ("phase_id", &self.phase_id, TEXT),
            ("runner", self.runner.as_deref().unwrap_or(""), TEXT),
            ("parent_workflow_id", parent, WORKFLOW_ID),
            ("request_description", request, DESCRIPTION),
        ]
    }
}

/// The result of a `ReviewPhaseWorkflow`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewPhaseResult {
    /// Its phase.
    pub phase_id: String,
    /// Whether all three accepted.
    pub success: bool,
    /// The last vote of each axis.
    #[serde(default)]
    pub vote_result: BTreeMap<ReviewAxis, VoteType>,
}

/// `review_finished`, from a review to its epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewFinishedSignal {
    /// Its round.
    pub round: u32,
    /// How it ended.
    #[serde(deserialize_with = "object::one")]
    pub result: ReviewPhaseResult,
    /// Why it ended.
    #[serde(default = "by_deadline")]
    pub reason: CloseReason,
}

const fn by_deadline() -> CloseReason {
    CloseReason::Deadline
}

impl ReviewFinishedSignal {
    /// The event; its phase is text on the wire and may be none of ours.
    pub fn into_event(self, signal: &str) -> Event {
        match self.result.phase_id.parse::<PhaseId>() {
            Ok(phase) => Event::FinishReview(event::ReviewReport {
                phase,
                round: self.round,
                success: self.result.success,
                reason: self.reason,
            }),
            Err(error) => Event::Malformed {
                message: signal.to_owned(),
                why: format!("result.phase_id: {error}"),
            },
        }
    }
}

/// `vote_missed`, from a review to its epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoteMissedSignal {
    /// The phase under review.
    pub phase: PhaseId,
    /// Its round.
    pub round: u32,
    /// The axis that was to be judged.
    pub axis: ReviewAxis,
    /// Who was asked.
    pub reviewer_id: String,
    /// What happened instead.
    pub why: String,
}

same_fields!(VoteMissedSignal => MissedVote { phase, round, axis, reviewer_id, why });

/// `close_round`, from an epoch to a review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseRoundSignal {
    /// Which round.
    pub round: u32,
    /// Why.
    pub reason: String,
    /// The last vote of each axis.
    pub votes: BTreeMap<ReviewAxis, VoteType>,
}
