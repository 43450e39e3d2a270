//! Everything the outside must do about an applied event. Effects are data: they
//! hold ids, and whoever performs them reads the details from the state.

use super::id::SliceId;
use super::phase::{PhaseId, RoleId};
use super::time::Timestamp;
use super::words::words;

words! {
    /// What kind of thing an audit event records.
    EventType as "event type" {
        /// The epoch moved on.
        PhaseTransition = "phase_transition",
        /// Kept for readers of older trails; this implementation does not write it.
        PhaseAdvance = "phase_advance",
        /// A vote.
        VoteRecorded = "vote_recorded",
        /// A finding that closes a gate.
        BlockerRecorded = "blocker_recorded",
        /// Such a finding was resolved.
        BlockerResolved = "blocker_resolved",
        /// Constraints were violated on an advance.
        ConstraintCheck = "constraint_check",
        /// An advance was refused.
        AdvanceRefused = "advance_refused",
        /// A lesser finding.
        FindingRecorded = "finding_recorded",
        /// A lesser finding was resolved.
        FindingResolved = "finding_resolved",
        /// A session announced itself.
        SessionRegistered = "session_registered",
        /// A session ended.
        SessionEnded = "session_ended",
        /// A slice was declared, is to run again, or began to run.
        SliceStarted = "slice_started",
        /// A leaf task moved, or a running slice was told to stop.
        SliceProgress = "slice_progress",
        /// A slice ended, by itself or by order.
        SliceFinished = "slice_finished",
        /// A review round opened.
        ReviewOpened = "review_opened",
        /// A review round closed.
        ReviewClosed = "review_closed",
        /// The epoch began.
        EpochStarted = "epoch_started",
        /// The epoch was cancelled.
        EpochCancelled = "epoch_cancelled",
        /// The epoch completed.
        EpochCompleted = "epoch_completed",
        /// A reviewer that was asked did not vote.
        VoteMissed = "vote_missed",
    }
}

/// Something the outside must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Show phase, role, status and domain where epochs are searched.
    PublishAttributes,
    /// Append to the audit trail.
    Audit(AuditEntry),
    /// Start a slice's workflow.
    StartSlice {
        /// Which.
        slice_id: SliceId,
        /// Which attempt at it.
        attempt: u32,
    },
    /// Cancel a slice's workflow.
    CancelSlice {
        /// Which.
        slice_id: SliceId,
        /// Why.
        reason: String,
    },
    /// Start a review round's workflow.
    OpenReview {
        /// Its phase.
        phase: PhaseId,
        /// Its number.
        round: u32,
    },
    /// Tell a review round's workflow that it is over.
    CloseReview {
        /// Its phase.
        phase: PhaseId,
        /// Its number.
        round: u32,
    },
    /// Close the execution once everything else is done.
    Finish(Ending),
}

/// How an epoch closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It completed.
    Completed,
    /// It was cancelled.
    Cancelled,
}

/// What the audit trail gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number in the epoch, from 1, without gaps.
    pub ordinal: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What kind it is.
    pub event_type: EventType,
    /// The phase afterwards.
    pub phase: PhaseId,
    /// The role that acts afterwards.
    pub role: RoleId,
    /// Who caused it, if they said.
    pub actor: Option<String>,
    /// The details.
    pub payload: Fields,
}

/// Named values of an audit event, in the order they were put in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(pub Vec<(&'static str, Field)>);

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// Nothing.
    Null,
    /// A truth.
    Bool(bool),
    /// A number.
    Number(u64),
    /// A text.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}

impl Fields {
    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Field>) -> Self {
        self.0.push((name, value.into()));
        self
    }
}

impl From<bool> for Field {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u32> for Field {
    fn from(value: u32) -> Self {
        Self::Number(u64::from(value))
    }
}

impl From<u64> for Field {
    fn from(value: u64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Field {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Field {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<String>> for Field {
    fn from(value: Vec<String>) -> Self {
        Self::List(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Field {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
