//! All that an epoch remembers, as plain data. Only `Epoch` changes it; everybody
//! else reads it, or carries it over in the contract's form.

use std::collections::{BTreeMap, BTreeSet};

use super::board::Board;
use super::constraint::{HistoryFacts, StateFacts, Violation};
use super::effect::EventType;
use super::event::Progress;
use super::finding::{Finding, SeverityLevel};
use super::id::EpochId;
use super::inbox::Inbox;
use super::limits::{self, Ring, Weigh, text_weight, texts_weight};
use super::phase::{PhaseId, RoleId};
use super::review::Round;
use super::session::Sessions;
use super::time::Timestamp;
use super::vote::Tally;
use super::words::{Word, words};

words! {
    /// Whether an epoch is still going.
    EpochStatus as "status" {
        /// It is.
        Running = "running",
        /// It has passed the last phase.
        Complete = "complete",
        /// It is ending its children.
        Cancelling = "cancelling",
        /// It was cancelled.
        Cancelled = "cancelled",
    }
}

/// Rule settings that an epoch was started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Review rounds per phase without consensus; `None` is no cap.
    pub max_rounds: Option<u32>,
    /// Slices that run side by side.
    pub parallel_slices: u32,
    /// Whether a failed slice stops the running ones.
    pub fail_fast: bool,
    /// Seconds a review round may take; `None` is no deadline.
    pub review_deadline_s: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_rounds: None,
            parallel_slices: 4,
            fail_fast: false,
            review_deadline_s: None,
        }
    }
}

/// One try to move on, accepted or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitionRecord {
    /// Where the epoch was.
    pub from: PhaseId,
    /// Where it was to go.
    pub to: PhaseId,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub triggered_by: String,
    /// Why it may, or `FAILED: ` and why not.
    pub condition_met: String,
    /// Whether it moved.
    pub success: bool,
}

impl Weigh for TransitionRecord {
    fn weight(&self) -> usize {
        170 + texts_weight([self.triggered_by.as_str(), &self.condition_met])
    }
}

/// All that an epoch remembers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Its id.
    pub epoch_id: EpochId,
    /// What was asked for.
    pub description: String,
    /// The version of the rules it began under.
    pub rules_version: u32,
    /// The settings it began with.
    pub settings: Settings,
    /// When it began.
    pub started_at: Timestamp,
    /// Where it is.
    pub phase: PhaseId,
    /// Who acts.
    pub role: RoleId,
    /// Whether it is still going.
    pub status: EpochStatus,
    /// Phases it has left at least once.
    pub completed_phases: BTreeSet<PhaseId>,
    /// The live votes.
    pub votes: Tally,
    /// Whether the severity groups exist: from the first entry into p10 on.
    pub has_severity_groups: bool,
    /// Findings by id.
    pub findings: BTreeMap<String, Finding>,
    /// Declared slices.
    pub slices: Board,
    /// The last progress records.
    pub progress: Ring<Progress>,
    /// Active sessions.
    pub sessions: Sessions,
    /// The last review rounds.
    pub rounds: Ring<Round>,
    /// Rounds ever opened, per review phase.
    pub rounds_opened: BTreeMap<PhaseId, u32>,
    /// Rounds since the last consensus, per review phase.
    pub rounds_without_consensus: BTreeMap<PhaseId, u32>,
    /// The last tries to move on.
    pub transitions: Ring<TransitionRecord>,
    /// Moves ever made.
    pub successful_transitions: u64,
    /// The last constraint violations.
    pub violations: Ring<Violation>,
    /// Messages seen and refused.
    pub inbox: Inbox,
    /// Why the last try to move on was refused; cleared by the next that is not.
    pub last_error: Option<String>,
    /// Audit entries ever made.
    pub audit_entries: u64,
    /// What kind the last one was.
    pub last_event_type: Option<EventType>,
    /// Why it is being cancelled.
    pub cancel_reason: Option<String>,
}

impl State {
    /// The newest version of the rules.
    pub const NEWEST_RULES: u32 = 1;

    /// Open blockers.
    pub fn blocker_count(&self) -> u64 {
        self.findings
            .values()
            .filter(|finding| finding.is_open_blocker())
            .count() as u64
    }

    /// The ids of findings by severity: three groups, or none before the first p10.
    pub fn severity_groups(&self) -> BTreeMap<SeverityLevel, BTreeSet<&str>> {
        if !self.has_severity_groups {
            return BTreeMap::new();
        }
        let mut groups: BTreeMap<SeverityLevel, BTreeSet<&str>> = SeverityLevel::ALL
            .iter()
            .map(|severity| (*severity, BTreeSet::new()))
            .collect();
        for finding in self.findings.values() {
            groups
                .entry(finding.severity)
                .or_default()
                .insert(&finding.id);
        }
        groups
    }

    /// The open round, in a review phase.
    pub fn open_round(&self) -> Option<&Round> {
        self.rounds.last().filter(|round| round.closed_at.is_none())
    }

    /// The facts that constraints look at.
    pub fn facts(&self) -> StateFacts {
        StateFacts {
            phase: self.phase,
            role: self.role.word().to_owned(),
            verdicts: self.votes.verdicts(),
            blocker_count: self.blocker_count(),
            severity_groups: self.severity_groups().into_keys().collect(),
            history: self
                .transitions
                .iter()
                .map(|record| HistoryFacts {
                    from: record.from,
                    to: record.to,
                    triggered_by: record.triggered_by.clone(),
                    condition_met: record.condition_met.clone(),
                })
                .collect(),
            history_total: self.transitions.total(),
        }
    }

    /// Whether `more` encoded bytes of findings or slices still fit.
    pub(super) fn has_room_for(&self, more: usize) -> bool {
        let findings: usize = self.findings.values().map(Weigh::weight).sum();
        let taken = text_weight(&self.description) + findings + self.slices.weight();
        taken.saturating_add(more) <= limits::GROWTH
    }
}
