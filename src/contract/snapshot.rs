//! The state of an epoch as it goes from one run to the next over continue-as-new, and
//! from one release to the next. It has its own schema number; every field that was
//! added later has a default, and fields that a newer release added are carried on.

mod convert;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::audit::AuditEvent;
use super::epoch::{EpochSettings, SessionRegisterSignal, SliceProgressSignal};
use super::query::{
    ConstraintViolation, FindingView, NoVoteView, Outcome, Refusal, SliceView, TransitionRecord,
};
use super::time::WireTime;
use crate::protocol::effect::{Effect, Ending, EventType};
use crate::protocol::id::SliceId;
use crate::protocol::review::CloseReason;
use crate::protocol::state::EpochStatus;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{PhaseId, RoleId};

pub use convert::SnapshotError;

/// The newest schema of a snapshot; a worker that meets a newer one leaves the epoch
/// to a newer worker.
pub const SCHEMA: u32 = 1;

/// What a run hands to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    /// The schema it is written in.
    pub schema: u32,
    /// The epoch's state.
    pub state: StateSnapshot,
    /// Effects that have not been performed, in order.
    #[serde(default)]
    pub effects: Vec<PendingEffect>,
    /// Audit events that have not been written, in order.
    #[serde(default)]
    pub audit_backlog: Vec<AuditEvent>,
    /// Until when audit events go by ordinary activities, after a failure.
    #[serde(default)]
    pub audit_remote_until: Option<WireTime>,
    /// What a newer release put here.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// An effect that has not been performed. Audit entries travel in the backlog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum PendingEffect {
    /// Show the attributes.
    PublishAttributes,
    /// Start a slice.
    StartSlice {
        /// Which.
        slice_id: String,
        /// Which run of it.
        attempt: u32,
    },
    /// Cancel a slice.
    CancelSlice {
        /// Which.
        slice_id: String,
        /// Why.
        reason: String,
    },
    /// Start a review.
    OpenReview {
        /// Its phase.
        phase: PhaseId,
        /// Its round.
        round: u32,
    },
    /// Tell a review that it is over.
    CloseReview {
        /// Its phase.
        phase: PhaseId,
        /// Its round.
        round: u32,
    },
    /// Close the execution.
    Finish {
        /// As cancelled instead of completed.
        cancelled: bool,
    },
}

impl PendingEffect {
    /// The effect as data that can travel; audit entries have a form of their own.
    pub fn of(effect: &Effect) -> Option<Self> {
        Some(match effect.clone() {
            Effect::PublishAttributes => Self::PublishAttributes,
            Effect::Audit(_) => return None,
            Effect::StartSlice { slice_id, attempt } => Self::StartSlice {
                slice_id: slice_id.to_string(),
                attempt,
            },
            Effect::CancelSlice { slice_id, reason } => Self::CancelSlice {
                slice_id: slice_id.to_string(),
                reason,
            },
            Effect::OpenReview { phase, round } => Self::OpenReview { phase, round },
            Effect::CloseReview { phase, round } => Self::CloseReview { phase, round },
            Effect::Finish(ending) => Self::Finish {
                cancelled: ending == Ending::Cancelled,
            },
        })
    }

    /// The effect again.
    pub fn into_effect(self) -> Result<Effect, SnapshotError> {
        let id = |text: &str| SliceId::parse(text).map_err(|e| SnapshotError::new("slice_id", e));
        Ok(match self {
            Self::PublishAttributes => Effect::PublishAttributes,
            Self::StartSlice { slice_id, attempt } => Effect::StartSlice {
                slice_id: id(&slice_id)?,
                attempt,
            },
            Self::CancelSlice { slice_id, reason } => Effect::CancelSlice {
                slice_id: id(&slice_id)?,
                reason,
            },
            Self::OpenReview { phase, round } => Effect::OpenReview { phase, round },
            Self::CloseReview { phase, round } => Effect::CloseReview { phase, round },
            Self::Finish { cancelled: true } => Effect::Finish(Ending::Cancelled),
            Self::Finish { cancelled: false } => Effect::Finish(Ending::Completed),
        })
    }
}

/// The last entries of a list, and how many there ever were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept<T> {
    /// Those kept, oldest first.
    pub last: Vec<T>,
    /// All there ever were.
    pub total: u64,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            last: Vec::new(),
            total: 0,
        }
    }
}

/// All that an epoch remembers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the fields are those of `protocol::state::State`"
)]
pub struct StateSnapshot {
    pub epoch_id: String,
    #[serde(default)]
    pub description: String,
    pub rules_version: u32,
    #[serde(default)]
    pub settings: EpochSettings,
    pub started_at: WireTime,
    pub phase: PhaseId,
    pub role: RoleId,
    pub status: EpochStatus,
    #[serde(default)]
    pub completed_phases: BTreeSet<PhaseId>,
    #[serde(default)]
    pub votes: BTreeMap<ReviewAxis, VoteSnapshot>,
    #[serde(default)]
    pub has_severity_groups: bool,
    #[serde(default)]
    pub findings: Vec<FindingView>,
    #[serde(default)]
    pub slices: Vec<SliceSnapshot>,
    #[serde(default)]
    pub progress: Kept<SliceProgressSignal>,
    #[serde(default)]
    pub sessions: Kept<SessionSnapshot>,
    #[serde(default)]
    pub rounds: Kept<RoundSnapshot>,
    #[serde(default)]
    pub rounds_opened: BTreeMap<PhaseId, u32>,
    #[serde(default)]
    pub rounds_without_consensus: BTreeMap<PhaseId, u32>,
    #[serde(default)]
    pub transitions: Kept<TransitionRecord>,
    #[serde(default)]
    pub successful_transitions: u64,
    #[serde(default)]
    pub violations: Kept<ConstraintViolation>,
    #[serde(default)]
    pub refusals: Kept<RefusalSnapshot>,
    #[serde(default)]
    pub outcomes: Kept<Outcome>,
    #[serde(default)]
    pub last_error: Option<String>,
    #[serde(default)]
    pub audit_entries: u64,
    #[serde(default)]
    pub last_event_type: Option<EventType>,
    #[serde(default)]
    pub cancel_reason: Option<String>,
    /// What a newer release put here.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoteSnapshot {
    /// The verdict.
    pub vote: VoteType,
    /// By whom.
    #[serde(default)]
    pub reviewer_id: String,
    /// With what to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// When.
    pub at: WireTime,
}

/// A slice: what is shown of it, and when it was declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceSnapshot {
    /// What is shown of it.
    #[serde(flatten)]
    pub view: SliceView,
    /// Whether its last run succeeded, if it had one.
    #[serde(default)]
    pub success: Option<bool>,
    /// When it was declared.
    pub declared_at: WireTime,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSnapshot {
    /// What it said.
    #[serde(flatten)]
    pub registration: SessionRegisterSignal,
    /// When it registered.
    pub registered_at: WireTime,
    /// When it was last heard of.
    pub last_seen: WireTime,
}

/// A round of review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundSnapshot {
    /// Its phase.
    pub phase: PhaseId,
    /// Its number.
    pub round: u32,
    /// When it opened.
    pub opened_at: WireTime,
    /// The last vote of each axis.
    #[serde(default)]
    pub votes: BTreeMap<ReviewAxis, VoteSnapshot>,
    /// The axes whose reviewers were asked in vain.
    #[serde(default)]
    pub missed: BTreeMap<ReviewAxis, NoVoteView>,
    /// When the epoch left the phase.
    #[serde(default)]
    pub closed_at: Option<WireTime>,
    /// Why its review is over.
    #[serde(default)]
    pub review_closed: Option<CloseReason>,
    /// Whether it has a workflow.
    #[serde(default)]
    pub has_child: bool,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalSnapshot {
    /// When.
    pub at: WireTime,
    /// Whose message it was.
    #[serde(default)]
    pub actor: Option<String>,
    /// What was refused and why.
    #[serde(flatten)]
    pub refusal: Refusal,
}
