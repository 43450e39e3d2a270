//! What the checks of a state need to know of it, and nothing more. The epoch can give
//! these facts of itself, and so can a state that was read from a message.

use std::collections::{BTreeMap, BTreeSet};

use crate::protocol::finding::SeverityLevel;
use crate::protocol::phase::PhaseId;
use crate::protocol::vote::{ReviewAxis, VoteType};

/// A state, as far as constraints look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateFacts {
    /// Where the epoch is.
    pub phase: PhaseId,
    /// The role that acts; a text, since one check is whether it is a role at all.
    pub role: String,
    /// The live votes.
    pub verdicts: BTreeMap<ReviewAxis, VoteType>,
    /// Blockers that nobody has resolved.
    pub blocker_count: u64,
    /// The severity groups that exist, empty ones too.
    pub severity_groups: BTreeSet<SeverityLevel>,
    /// The transition records kept, refused ones too, oldest first.
    pub history: Vec<HistoryFacts>,
    /// The transition records ever made; a state keeps only the last of them.
    pub history_total: u64,
}

/// A transition record, as far as constraints look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryFacts {
    /// Where it started.
    pub from: PhaseId,
    /// Where it led, or would have.
    pub to: PhaseId,
    /// Who asked for it.
    pub triggered_by: String,
    /// Why it could happen, or why it could not.
    pub condition_met: String,
}
