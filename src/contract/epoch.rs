//! What goes into an epoch and comes out of it: its input, its signals, its result.

use serde::{Deserialize, Serialize};

use super::convert::same_fields;
use super::object;
use super::slice::StartSlice;
use super::snapshot::Carried;
use crate::protocol::PhaseId;
use crate::protocol::event::{
    Advance, FindingResolved, NewFinding, Progress, SessionNote, SliceOrder, SlicePlan, VoteCast,
};
use crate::protocol::finding::SeverityLevel;
use crate::protocol::session::Registration;
use crate::protocol::state::{Settings, State};
use crate::protocol::vote::{ReviewAxis, VoteType};

/// The input of an `EpochWorkflow`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochInput {
    /// The epoch's id.
    pub epoch_id: String,
    /// What is asked for.
    pub request_description: String,
    /// The version of the rules; absent is 1, for ever.
    #[serde(default = "first_rules")]
    pub rules_version: u32,
    /// The rules' settings.
    #[serde(default, deserialize_with = "object::one")]
    pub settings: EpochSettings,
    /// The state of the run before, over continue-as-new.
    #[serde(default)]
    pub carried: Option<Box<Carried>>,
}

const fn first_rules() -> u32 {
    1
}

/// Rule settings of an epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EpochSettings {
    /// Review rounds per phase without consensus; null is no cap.
    pub max_rounds: Option<u32>,
    /// Slices that run side by side.
    pub parallel_slices: u32,
    /// Whether a failed slice stops the running ones.
    pub fail_fast: bool,
    /// Seconds a review round may take; null is no deadline.
    pub review_deadline_s: Option<u64>,
}

impl EpochSettings {
    /// What `aura-msg` sends with a new epoch.
    pub fn for_new_epochs() -> Self {
        Self {
            max_rounds: Some(3),
            ..Self::default()
        }
    }
}

impl Default for EpochSettings {
    fn default() -> Self {
        Settings::default().into()
    }
}

same_fields!(EpochSettings <=> Settings {
    max_rounds, parallel_slices, fail_fast, review_deadline_s,
});

/// The result of an `EpochWorkflow`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochResult {
    /// The epoch's id.
    pub epoch_id: String,
    /// Where it ended.
    pub final_phase: PhaseId,
    /// Tries to move on, refused ones included.
    pub transition_count: u64,
    /// Moves.
    pub successful_transition_count: u64,
    /// Violations of constraints.
    pub constraint_violations_total: u64,
}

impl From<&State> for EpochResult {
    fn from(state: &State) -> Self {
        Self {
            epoch_id: state.epoch_id.to_string(),
            final_phase: state.phase,
            transition_count: state.transitions.total(),
            successful_transition_count: state.successful_transitions,
            constraint_violations_total: state.violations.total(),
        }
    }
}

/// `advance_phase`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseAdvanceSignal {
    /// Where to.
    pub to_phase: PhaseId,
    /// By whom.
    pub triggered_by: String,
    /// Why it may.
    pub condition_met: String,
    /// The reason to pass the cap on rounds.
    #[serde(default, rename = "override")]
    pub override_reason: Option<String>,
}

impl From<PhaseAdvanceSignal> for Advance {
    fn from(signal: PhaseAdvanceSignal) -> Self {
        let PhaseAdvanceSignal {
            to_phase: to,
            triggered_by,
            condition_met,
            override_reason,
        } = signal;
        Self {
            to,
            triggered_by,
            condition_met,
            override_reason,
        }
    }
}

/// `submit_vote`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewVoteSignal {
    /// What was looked at.
    pub axis: ReviewAxis,
    /// The verdict.
    pub vote: VoteType,
    /// By whom.
    pub reviewer_id: String,
    /// With what to say.
    #[serde(default)]
    pub comment: Option<String>,
    /// For which review phase; null is the one that the epoch is in.
    #[serde(default)]
    pub phase: Option<PhaseId>,
    /// For which round of it; null is the open one.
    #[serde(default)]
    pub round: Option<u32>,
}

same_fields!(ReviewVoteSignal <=> VoteCast {
    axis, vote, reviewer_id, comment, phase, round,
});

/// `slice_progress`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceProgressSignal {
    /// The slice.
    pub slice_id: String,
    /// The leaf task.
    pub leaf_task_id: String,
    /// What it is doing.
    pub stage_name: String,
    /// Whether it is done.
    pub completed: bool,
}

same_fields!(SliceProgressSignal <=> Progress {
    slice_id, leaf_task_id, stage_name, completed,
});

/// `register_session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRegisterSignal {
    /// The epoch it means.
    pub epoch_id: String,
    /// Its own id.
    pub session_id: String,
    /// Its role; empty is unspecified.
    #[serde(default, with = "role_or_empty")]
    pub role: Option<crate::protocol::RoleId>,
    /// The agent program.
    #[serde(default)]
    pub model_harness: String,
    /// The model.
    #[serde(default)]
    pub model: String,
}

same_fields!(SessionRegisterSignal <=> Registration {
    epoch_id, session_id, role, model_harness, model,
});

/// `end_session` and `session_heartbeat`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionNoteSignal {
    /// Which session.
    pub session_id: String,
    /// Why, if it is said.
    #[serde(default)]
    pub reason: String,
}

same_fields!(SessionNoteSignal => SessionNote { session_id, reason });

/// `record_finding`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingSignal {
    /// Its id, unique in the epoch.
    pub finding_id: String,
    /// How much it matters.
    pub severity: SeverityLevel,
    /// What it is.
    pub summary: String,
    /// The slice it concerns.
    #[serde(default)]
    pub slice_id: Option<String>,
    /// By whom.
    #[serde(default)]
    pub reported_by: String,
}

same_fields!(FindingSignal => NewFinding {
    finding_id, severity, summary, slice_id, reported_by,
});

/// `resolve_finding`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingResolveSignal {
    /// Which.
    pub finding_id: String,
    /// What was done.
    #[serde(default)]
    pub resolution: String,
    /// By whom.
    #[serde(default)]
    pub resolved_by: String,
}

same_fields!(FindingResolveSignal => FindingResolved { finding_id, resolution, resolved_by });

/// `plan_slices`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSlicesSignal {
    /// The slices.
    #[serde(deserialize_with = "object::many")]
    pub slices: Vec<StartSlice>,
    /// Whether one failure stops the others; null leaves the setting.
    #[serde(default)]
    pub fail_fast: Option<bool>,
}

impl From<PlanSlicesSignal> for SlicePlan {
    fn from(signal: PlanSlicesSignal) -> Self {
        Self {
            slices: signal.slices.into_iter().map(Into::into).collect(),
            fail_fast: signal.fail_fast,
        }
    }
}

/// `cancel_slice`, `waive_slice` and `retry_slice`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceOrderSignal {
    /// Which.
    pub slice_id: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

same_fields!(SliceOrderSignal => SliceOrder { slice_id, reason });

/// A role, or the empty text for none.
mod role_or_empty {
    use std::borrow::Cow;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::protocol::{RoleId, Word};

    #[expect(
        clippy::ref_option,
        clippy::trivially_copy_pass_by_ref,
        reason = "the signature is serde's"
    )]
    pub(super) fn serialize<S: Serializer>(
        role: &Option<RoleId>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(role.map_or("", Word::word))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<RoleId>, D::Error> {
        let word = Option::<Cow<'de, str>>::deserialize(deserializer)?.unwrap_or_default();
        if word.is_empty() {
            return Ok(None);
        }
        RoleId::from_word(&word).map(Some).map_err(D::Error::custom)
    }
}
