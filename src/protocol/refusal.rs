//! What may not happen, and how it is said: a stable code and four sentences that a
//! person or an agent can act on.

use std::fmt;

use super::limits::{Weigh, head, texts_weight};
use super::time::Timestamp;
use super::words::{Word, words};

words! {
    /// The stable code of a refusal.
    RefusalCode as "refusal code" {
        /// The message could not be read.
        Malformed = "malformed",
        /// A text is over its limit.
        TooLong = "too_long",
        /// An id is empty, over-long or not printable.
        InvalidId = "invalid_id",
        /// The request id was used for another message.
        RequestIdReused = "request_id_reused",
        /// The epoch has completed.
        Complete = "complete",
        /// The epoch is being cancelled.
        Cancelling = "cancelling",
        /// The state has no room left.
        EpochFull = "epoch_full",
        /// A fault of ours.
        Internal = "internal",
        /// The table has no such step.
        TransitionNotAllowed = "transition_not_allowed",
        /// Not all three reviewers have accepted.
        ConsensusMissing = "consensus_missing",
        /// Blockers are open.
        BlockersOpen = "blockers_open",
        /// Slices are neither succeeded nor waived.
        SlicesUnfinished = "slices_unfinished",
        /// The cap on review rounds is reached.
        MaxRounds = "max_rounds",
        /// The round is not the open one.
        RoundClosed = "round_closed",
        /// No such finding.
        FindingUnknown = "finding_unknown",
        /// A finding of that id exists.
        FindingExists = "finding_exists",
        /// The finding has been resolved.
        FindingResolved = "finding_resolved",
        /// Not in this phase.
        WrongPhase = "wrong_phase",
        /// A slice of that id exists.
        SliceExists = "slice_exists",
        /// No such slice.
        SliceUnknown = "slice_unknown",
        /// Not from the slice's present state.
        SliceState = "slice_state",
        /// A dependency that is not declared.
        DependencyUnknown = "dependency_unknown",
        /// Slices that wait for each other.
        DependencyCycle = "dependency_cycle",
        /// No such session.
        SessionUnknown = "session_unknown",
        /// The message names another epoch.
        EpochMismatch = "epoch_mismatch",
        /// The message names another slice.
        SliceMismatch = "slice_mismatch",
        /// The slice has had its rounds of review.
        MaxCycles = "max_cycles",
        /// The execution has its result already.
        AlreadyFinished = "already_finished",
    }
}

/// Why something was refused, for people and agents.
#[derive(Clone, Debug, PartialEq, Eq)]
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

impl Refusal {
    /// Bytes of each sentence: what people wrote is quoted, but not at length.
    const SENTENCE: usize = 1_024;

    /// Builds a refusal.
    pub fn new(
        code: RefusalCode,
        what: impl Into<String>,
        why: impl Into<String>,
        impact: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        let cut = |text: String| {
            if text.len() <= Self::SENTENCE {
                text
            } else {
                format!("{}…", head(&text, Self::SENTENCE))
            }
        };
        Self {
            code,
            what: cut(what.into()),
            why: cut(why.into()),
            impact: cut(impact.into()),
            fix: cut(fix.into()),
        }
    }

    /// A message that could not be read.
    pub fn malformed(message: &str, why: impl Into<String>) -> Self {
        Self::new(
            RefusalCode::Malformed,
            format!("{message} could not be read"),
            why,
            "it changed nothing; the workflow goes on",
            "send one JSON object with the fields the contract names for it",
        )
    }

    /// A text over its limit.
    pub fn too_long(field: &str, len: usize, max: usize) -> Self {
        Self::new(
            RefusalCode::TooLong,
            format!("{field} is too long"),
            format!("it has {len} bytes; at most {max} are kept"),
            "nothing changed; the text was not recorded",
            "shorten it, or put it into a file and name the file",
        )
    }

    /// Something the state has no room for.
    pub fn full(what: &str) -> Self {
        Self::new(
            RefusalCode::EpochFull,
            format!("{} was not recorded", head(what, 200)),
            "the epoch's state has no room left for it",
            "nothing changed; votes, advances and resolutions still work",
            "use shorter texts, or go on in a new epoch",
        )
    }

    /// A panic inside the rules.
    pub fn internal(message: &str) -> Self {
        Self::new(
            RefusalCode::Internal,
            format!("{message} was not applied"),
            "the rules failed on it; this is a fault in aurad",
            "nothing changed; the epoch goes on",
            "report it with aurad's log; sending the message again will not help",
        )
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

impl std::error::Error for Refusal {}

impl Weigh for Refusal {
    fn weight(&self) -> usize {
        80 + self.code.word().len()
            + texts_weight([self.what.as_str(), &self.why, &self.impact, &self.fix])
    }
}

/// A refusal that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalRecord {
    /// When.
    pub at: Timestamp,
    /// Whose message it was, if it said.
    pub actor: Option<String>,
    /// What was refused and why.
    pub refusal: Refusal,
}

impl Weigh for RefusalRecord {
    fn weight(&self) -> usize {
        60 + self.actor.as_deref().map_or(4, super::limits::text_weight) + self.refusal.weight()
    }
}
