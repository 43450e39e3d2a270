//! What the queries of an epoch answer.

mod heard;
mod outcome;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::epoch::{SessionRegisterSignal, SliceProgressSignal};
use super::time::WireTime;
use crate::protocol::constraint::{HistoryFacts, StateFacts};
use crate::protocol::finding::SeverityLevel;
use crate::protocol::state::{self, EpochStatus, State};
use crate::protocol::table;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{Epoch, PhaseId, RoleId, Word};
pub use heard::{RefusalView, SessionView};
pub use outcome::{Outcome, OutcomeRequest, OutcomeStatus, Refusal};
pub use view::{ConstraintViolation, FindingView, NoVoteView, RoundView, SliceView, VoteView};

/// A try to move on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TransitionRecord {
    /// Where the epoch was.
    pub from_phase: PhaseId,
    /// Where it was to go.
    pub to_phase: PhaseId,
    /// When.
    pub timestamp: WireTime,
    /// By whom.
    pub triggered_by: String,
    /// Why it may, or `FAILED: ` and why not.
    pub condition_met: String,
    /// Whether it moved.
    #[serde(default = "yes")]
    pub success: bool,
}

const fn yes() -> bool {
    true
}

impl From<&state::TransitionRecord> for TransitionRecord {
    fn from(record: &state::TransitionRecord) -> Self {
        let state::TransitionRecord {
            from,
            to,
            at,
            triggered_by,
            condition_met,
            success,
        } = record.clone();
        Self {
            from_phase: from,
            to_phase: to,
            timestamp: at.into(),
            triggered_by,
            condition_met,
            success,
        }
    }
}

impl From<TransitionRecord> for state::TransitionRecord {
    fn from(record: TransitionRecord) -> Self {
        let TransitionRecord {
            from_phase: from,
            to_phase: to,
            timestamp,
            triggered_by,
            condition_met,
            success,
        } = record;
        Self {
            from,
            to,
            at: timestamp.into(),
            triggered_by,
            condition_met,
            success,
        }
    }
}

/// A step that would be accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Transition {
    /// Where it leads.
    pub to_phase: PhaseId,
    /// What should be true.
    pub condition: String,
    /// What it asks of whoever takes it.
    #[serde(default)]
    pub action: Option<String>,
}

impl From<&table::Transition> for Transition {
    fn from(step: &table::Transition) -> Self {
        Self {
            to_phase: step.to,
            condition: step.condition.to_owned(),
            action: step.action.map(ToOwned::to_owned),
        }
    }
}

/// The state in the earlier form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochState {
    /// The epoch's id.
    pub epoch_id: String,
    /// Where it is.
    pub current_phase: PhaseId,
    /// Phases it has left.
    #[serde(default)]
    pub completed_phases: BTreeSet<PhaseId>,
    /// The live votes.
    #[serde(default)]
    pub review_votes: BTreeMap<ReviewAxis, VoteType>,
    /// Open blockers.
    #[serde(default)]
    pub blocker_count: u64,
    /// Who acts; text, since a constraint asks whether it is a role at all.
    pub current_role: String,
    /// Ids of findings by severity.
    #[serde(default)]
    pub severity_groups: BTreeMap<SeverityLevel, BTreeSet<String>>,
    /// The last tries to move on.
    #[serde(default)]
    pub transition_history: Vec<TransitionRecord>,
    /// Why the last one was refused.
    #[serde(default)]
    pub last_error: Option<String>,
}

impl From<&State> for EpochState {
    fn from(state: &State) -> Self {
        Self {
            epoch_id: state.epoch_id.to_string(),
            current_phase: state.phase,
            completed_phases: state.completed_phases.clone(),
            review_votes: state.votes.verdicts(),
            blocker_count: state.blocker_count(),
            current_role: state.role.word().to_owned(),
            severity_groups: state
                .severity_groups()
                .into_iter()
                .map(|(severity, ids)| (severity, ids.into_iter().map(str::to_owned).collect()))
                .collect(),
            transition_history: state.transitions.iter().map(Into::into).collect(),
            last_error: state.last_error.clone(),
        }
    }
}

impl From<EpochState> for StateFacts {
    fn from(state: EpochState) -> Self {
        let history_total = state.transition_history.len() as u64;
        Self {
            phase: state.current_phase,
            role: state.current_role,
            verdicts: state.review_votes,
            blocker_count: state.blocker_count,
            severity_groups: state.severity_groups.into_keys().collect(),
            history: state
                .transition_history
                .into_iter()
                .map(|record| HistoryFacts {
                    from: record.from_phase,
                    to: record.to_phase,
                    triggered_by: record.triggered_by,
                    condition_met: record.condition_met,
                })
                .collect(),
            history_total,
        }
    }
}

/// The whole state, as `aura-msg` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryStateResult {
    /// Where the epoch is.
    pub current_phase: PhaseId,
    /// Who acts.
    pub current_role: RoleId,
    /// The last tries to move on.
    pub transition_history: Vec<TransitionRecord>,
    /// The live votes.
    pub votes: BTreeMap<ReviewAxis, VoteType>,
    /// Why the last try was refused.
    pub last_error: Option<String>,
    /// The steps that would be accepted.
    pub available_transitions: Vec<Transition>,
    /// Sessions that have not ended.
    pub active_session_count: u64,
    /// What only this implementation tells; absent where an earlier worker answers.
    #[serde(flatten)]
    pub more: Option<MoreState>,
}

/// What this implementation adds to the state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MoreState {
    /// The epoch's id.
    pub epoch_id: String,
    /// Whether it is going.
    pub status: EpochStatus,
    /// Phases it has left.
    pub completed_phases: BTreeSet<PhaseId>,
    /// Open blockers.
    pub blocker_count: u64,
    /// Findings, resolved ones included.
    pub findings: Vec<FindingView>,
    /// Declared slices.
    pub slices: Vec<SliceView>,
    /// The open round of review.
    pub review_round: Option<RoundView>,
    /// The last rounds of review, oldest first, the open one included.
    #[serde(default)]
    pub review_rounds: Vec<RoundView>,
    /// The last violations of constraints.
    pub violations: Vec<ConstraintViolation>,
    /// Violations ever.
    pub constraint_violations_total: u64,
    /// Tries to move on ever, refused ones included.
    pub transition_count: u64,
    /// Moves ever.
    pub successful_transition_count: u64,
    /// The last refusal of any message.
    pub last_refusal: Option<Refusal>,
    /// Refusals ever.
    pub refusal_count: u64,
    /// The version of the rules.
    pub rules_version: u32,
    /// What was asked for.
    #[serde(default)]
    pub description: String,
    /// When it began; null where the worker does not tell.
    #[serde(default)]
    pub started_at: Option<WireTime>,
    /// The sessions that have not ended, in order of arrival.
    #[serde(default)]
    pub sessions: Vec<SessionView>,
    /// The last refusals, oldest first.
    #[serde(default)]
    pub refusals: Vec<RefusalView>,
}

impl From<&Epoch> for QueryStateResult {
    fn from(epoch: &Epoch) -> Self {
        let state = epoch.state();
        Self {
            current_phase: state.phase,
            current_role: state.role,
            transition_history: state.transitions.iter().map(Into::into).collect(),
            votes: state.votes.verdicts(),
            last_error: state.last_error.clone(),
            available_transitions: transitions(epoch),
            active_session_count: state.sessions.active.len() as u64,
            more: Some(state.into()),
        }
    }
}

impl From<&State> for MoreState {
    fn from(state: &State) -> Self {
        Self {
            epoch_id: state.epoch_id.to_string(),
            status: state.status,
            completed_phases: state.completed_phases.clone(),
            blocker_count: state.blocker_count(),
            findings: state.findings.values().map(Into::into).collect(),
            slices: state.slices.0.iter().map(Into::into).collect(),
            review_round: state.open_round().map(Into::into),
            review_rounds: state.rounds.iter().map(Into::into).collect(),
            violations: state.violations.iter().map(Into::into).collect(),
            constraint_violations_total: state.violations.total(),
            transition_count: state.transitions.total(),
            successful_transition_count: state.successful_transitions,
            last_refusal: state
                .inbox
                .refusals
                .last()
                .map(|record| (&record.refusal).into()),
            refusal_count: state.inbox.refusals.total(),
            rules_version: state.rules_version,
            description: state.description.clone(),
            started_at: Some(state.started_at.into()),
            sessions: state.sessions.active.iter().map(Into::into).collect(),
            refusals: state.inbox.refusals.iter().map(Into::into).collect(),
        }
    }
}

/// The steps that would be accepted now.
pub fn transitions(epoch: &Epoch) -> Vec<Transition> {
    epoch
        .available_transitions()
        .into_iter()
        .map(Into::into)
        .collect()
}

/// The progress records, in order of arrival.
pub fn progress(state: &State) -> Vec<SliceProgressSignal> {
    state.progress.iter().map(Into::into).collect()
}

/// The active sessions, in order of arrival.
pub fn sessions(state: &State) -> Vec<SessionRegisterSignal> {
    state
        .sessions
        .active
        .iter()
        .map(|session| (&session.registration).into())
        .collect()
}
