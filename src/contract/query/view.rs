//! The parts of a state as queries show them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::slice::SliceExecutionConfig;
use crate::contract::time::WireTime;
use crate::protocol::constraint;
use crate::protocol::finding::{Finding, SeverityLevel};
use crate::protocol::review::{CloseReason, NoVote, Round, RoundVote};
use crate::protocol::slice::{Slice, SliceOutcome, SliceState};
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{PhaseId, Word};

/// A finding, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindingView {
    /// Its id.
    pub finding_id: String,
    /// How much it matters.
    pub severity: SeverityLevel,
    /// What it is.
    pub summary: String,
    /// The slice it concerns.
    pub slice_id: Option<String>,
    /// By whom.
    pub reported_by: String,
    /// When.
    pub reported_at: WireTime,
    /// What was done, once it is resolved.
    pub resolution: Option<String>,
    /// By whom.
    pub resolved_by: Option<String>,
    /// When.
    pub resolved_at: Option<WireTime>,
}

impl From<&Finding> for FindingView {
    fn from(finding: &Finding) -> Self {
        let Finding {
            id,
            severity,
            summary,
            slice_id,
            reported_by,
            at,
            resolution,
        } = finding.clone();
        let (resolution, resolved_by, resolved_at) = match resolution {
            Some(r) => (Some(r.text), Some(r.resolved_by), Some(r.at.into())),
            None => (None, None, None),
        };
        Self {
            finding_id: id,
            severity,
            summary,
            slice_id,
            reported_by,
            reported_at: at.into(),
            resolution,
            resolved_by,
            resolved_at,
        }
    }
}

/// A slice, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SliceView {
    /// Its id.
    pub slice_id: String,
    /// Where it is.
    pub state: SliceState,
    /// Runs so far.
    pub attempt: u32,
    /// What it waits for.
    pub dependencies: Vec<String>,
    /// Its leaf tasks.
    pub leaf_task_ids: Vec<String>,
    /// How it is carried out.
    pub config: SliceExecutionConfig,
    /// What it is about.
    pub phase_spec: String,
    /// Whether it has been told to stop and has not answered yet.
    pub stopping: bool,
    /// The end of what its last run said.
    pub output: Option<String>,
    /// What went wrong in it.
    pub error: Option<String>,
    /// The same, as one stable word.
    #[serde(default)]
    pub code: Option<String>,
    /// The file on `host` that has all of what it said.
    #[serde(default)]
    pub log: Option<String>,
    /// The working tree on `host` that was made for it.
    #[serde(default)]
    pub worktree: Option<String>,
    /// The host that its last run was on.
    #[serde(default)]
    pub host: Option<String>,
    /// Why it is blocked, cancelled or waived.
    pub reason: Option<String>,
    /// When its state last changed.
    pub changed_at: WireTime,
}

impl From<&Slice> for SliceView {
    fn from(slice: &Slice) -> Self {
        let slice = slice.clone();
        let (output, rest) = match slice.outcome {
            Some(mut outcome) => (Some(std::mem::take(&mut outcome.output)), Some(outcome)),
            None => (None, None),
        };
        let SliceOutcome {
            success: _,
            output: _,
            error,
            code,
            log,
            worktree,
            host,
        } = rest.unwrap_or_else(|| SliceOutcome::succeeded(String::new()));
        Self {
            slice_id: slice.id.to_string(),
            state: slice.state,
            attempt: slice.attempt,
            dependencies: slice.dependencies.iter().map(ToString::to_string).collect(),
            leaf_task_ids: slice.leaf_task_ids,
            config: slice.config.into(),
            phase_spec: slice.phase_spec,
            stopping: slice.stopping,
            output,
            error,
            code,
            log,
            worktree,
            host,
            reason: slice.reason,
            changed_at: slice.changed_at.into(),
        }
    }
}

/// A round of review, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RoundView {
    /// Its phase.
    pub phase: PhaseId,
    /// Its number in that phase.
    pub round: u32,
    /// When it opened.
    pub opened_at: WireTime,
    /// The last vote of each axis.
    pub votes: BTreeMap<ReviewAxis, VoteType>,
    /// Why its review workflow is over, if it is.
    pub review_closed: Option<CloseReason>,
    /// When the epoch left the phase, if it has.
    #[serde(default)]
    pub closed_at: Option<WireTime>,
    /// The same votes, with all that is known of each.
    #[serde(default)]
    pub cast: BTreeMap<ReviewAxis, VoteView>,
    /// The axes whose reviewers were asked in vain.
    #[serde(default)]
    pub missed: BTreeMap<ReviewAxis, NoVoteView>,
}

/// A reviewer that was asked and did not vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoVoteView {
    /// Who was asked.
    pub reviewer_id: String,
    /// What happened instead.
    pub why: String,
    /// When.
    pub at: WireTime,
}

impl From<&NoVote> for NoVoteView {
    fn from(missed: &NoVote) -> Self {
        let NoVote {
            reviewer_id,
            why,
            at,
        } = missed.clone();
        Self {
            reviewer_id,
            why,
            at: at.into(),
        }
    }
}

impl From<NoVoteView> for NoVote {
    fn from(view: NoVoteView) -> Self {
        let NoVoteView {
            reviewer_id,
            why,
            at,
        } = view;
        Self {
            reviewer_id,
            why,
            at: at.into(),
        }
    }
}

/// A vote of a round, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VoteView {
    /// The verdict.
    pub vote: VoteType,
    /// Who gave it; may be empty.
    pub reviewer_id: String,
    /// What they said, cut to what the state keeps.
    pub comment: Option<String>,
    /// When.
    pub at: WireTime,
}

impl From<&RoundVote> for VoteView {
    fn from(vote: &RoundVote) -> Self {
        let RoundVote {
            vote,
            reviewer_id,
            comment,
            at,
        } = vote.clone();
        Self {
            vote,
            reviewer_id,
            comment,
            at: at.into(),
        }
    }
}

impl From<&Round> for RoundView {
    fn from(round: &Round) -> Self {
        Self {
            phase: round.phase,
            round: round.number,
            opened_at: round.opened_at.into(),
            votes: round.verdicts(),
            review_closed: round.review_closed,
            closed_at: round.closed_at.map(Into::into),
            cast: round
                .votes
                .iter()
                .map(|(axis, vote)| (*axis, vote.into()))
                .collect(),
            missed: round
                .missed
                .iter()
                .map(|(axis, missed)| (*axis, missed.into()))
                .collect(),
        }
    }
}

/// A violation of a constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConstraintViolation {
    /// Which constraint.
    pub constraint_id: String,
    /// What is wrong and what to do.
    pub message: String,
    /// The details.
    #[serde(default)]
    pub context: BTreeMap<String, String>,
}

impl From<&constraint::Violation> for ConstraintViolation {
    fn from(violation: &constraint::Violation) -> Self {
        Self {
            constraint_id: violation.constraint.word().to_owned(),
            message: violation.message.clone(),
            context: violation.context.clone(),
        }
    }
}
