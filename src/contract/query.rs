//! What the queries of an epoch answer.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::epoch::{SessionRegisterSignal, SliceProgressSignal};
use super::slice::SliceExecutionConfig;
use super::time::WireTime;
use crate::protocol::board::Board;
use crate::protocol::constraint::{self, HistoryFacts, StateFacts};
use crate::protocol::finding::{Finding, SeverityLevel};
use crate::protocol::inbox::Inbox;
use crate::protocol::outcome::OutcomeRecord;
use crate::protocol::refusal::{self, RefusalCode};
use crate::protocol::review::{CloseReason, Round};
use crate::protocol::slice::{Slice, SliceState};
use crate::protocol::state::{self, EpochStatus, State};
use crate::protocol::table;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{Epoch, PhaseId, RoleId, Word};

/// A try to move on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
            slices: slices(&state.slices),
            review_round: state.open_round().map(Into::into),
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

fn slices(board: &Board) -> Vec<SliceView> {
    board.0.iter().map(Into::into).collect()
}

/// A finding, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Why it is blocked, cancelled or waived.
    pub reason: Option<String>,
    /// When its state last changed.
    pub changed_at: WireTime,
}

impl From<&Slice> for SliceView {
    fn from(slice: &Slice) -> Self {
        let slice = slice.clone();
        let (output, error) = match slice.outcome {
            Some(outcome) => (Some(outcome.output), outcome.error),
            None => (None, None),
        };
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
            reason: slice.reason,
            changed_at: slice.changed_at.into(),
        }
    }
}

/// A round of review, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}

impl From<&Round> for RoundView {
    fn from(round: &Round) -> Self {
        Self {
            phase: round.phase,
            round: round.number,
            opened_at: round.opened_at.into(),
            votes: round.verdicts(),
            review_closed: round.review_closed,
        }
    }
}

/// A violation of a constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Why something was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The stable code.
    pub code: RefusalCode,
    /// What was refused.
    pub what: String,
    /// The rule.
    pub why: String,
    /// What that means now.
    pub impact: String,
    /// What to do.
    pub fix: String,
}

impl From<&refusal::Refusal> for Refusal {
    fn from(refusal: &refusal::Refusal) -> Self {
        let refusal::Refusal {
            code,
            what,
            why,
            impact,
            fix,
        } = refusal.clone();
        Self {
            code,
            what,
            why,
            impact,
            fix,
        }
    }
}

impl From<Refusal> for refusal::Refusal {
    fn from(refusal: Refusal) -> Self {
        let Refusal {
            code,
            what,
            why,
            impact,
            fix,
        } = refusal;
        Self {
            code,
            what,
            why,
            impact,
            fix,
        }
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutcomeStatus {
    /// It took effect.
    Applied,
    /// It did not.
    Refused,
    /// Nothing is known of it.
    Unknown,
}

/// The answer of `outcome`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The message's id.
    pub request_id: String,
    /// What became of it.
    pub status: OutcomeStatus,
    /// Why it was refused.
    #[serde(default)]
    pub refusal: Option<Refusal>,
    /// What the sender should know besides.
    #[serde(default)]
    pub note: Option<String>,
    /// The phase afterwards; for `unknown` the present one.
    pub phase: PhaseId,
    /// A digest of the message this is the outcome of: a sender that finds another one
    /// than its own has used an id that was taken.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

impl Outcome {
    /// The answer for a message of which nothing is known.
    pub fn unknown(request_id: &str, phase: PhaseId) -> Self {
        Self {
            request_id: request_id.to_owned(),
            status: OutcomeStatus::Unknown,
            refusal: None,
            note: None,
            phase,
            fingerprint: None,
        }
    }

    /// The answer of an execution that is in `phase`.
    pub fn of(inbox: &Inbox, request_id: &str, phase: PhaseId) -> Self {
        inbox
            .outcome(request_id)
            .map_or_else(|| Self::unknown(request_id, phase), Into::into)
    }
}

impl From<&OutcomeRecord> for Outcome {
    fn from(record: &OutcomeRecord) -> Self {
        let OutcomeRecord {
            request_id,
            fingerprint,
            refusal,
            note,
            phase,
        } = record.clone();
        Self {
            request_id,
            status: match refusal {
                None => OutcomeStatus::Applied,
                Some(_) => OutcomeStatus::Refused,
            },
            refusal: refusal.as_ref().map(Into::into),
            note,
            phase,
            fingerprint: Some(fingerprint),
        }
    }
}

/// The argument of `outcome`: the id itself, or an object that holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OutcomeRequest {
    /// The id.
    Id(String),
    /// An object that holds it.
    Object {
        /// The id.
        request_id: String,
    },
}

impl OutcomeRequest {
    /// The id that is asked for.
    pub fn into_id(self) -> String {
        match self {
            Self::Id(request_id) | Self::Object { request_id } => request_id,
        }
    }
}
