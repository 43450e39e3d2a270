//! Review rounds: each entry into p4 or p10 opens one. A round keeps its votes; the
//! live tally that gates look at belongs to the epoch.

use std::collections::BTreeMap;

use super::limits::{Weigh, text_weight, texts_weight};
use super::phase::PhaseId;
use super::time::Timestamp;
use super::vote::{ReviewAxis, VoteType};
use super::words::words;

words! {
    /// Why a round's review was told to close.
    CloseReason as "reason" {
        /// All three accepted.
        Consensus = "consensus",
        /// Somebody asked for a revision.
        Revise = "revise",
        /// The epoch left the phase.
        Left = "left_phase",
        /// Time ran out.
        Deadline = "deadline",
        /// The epoch ended.
        Ended = "epoch_ended",
        /// The review's workflow ended by other hands.
        Lost = "lost",
    }
}

/// A vote in a round's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundVote {
    /// The verdict.
    pub vote: VoteType,
    /// Who gave it.
    pub reviewer_id: String,
    /// What they said, cut to what the state keeps.
    pub comment: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A reviewer that was asked and did not vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoVote {
    /// Who was asked.
    pub reviewer_id: String,
    /// What happened instead, cut to what the state keeps.
    pub why: String,
    /// When.
    pub at: Timestamp,
}

/// One round of review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// p4 or p10.
    pub phase: PhaseId,
    /// 1 for the first entry into this phase.
    pub number: u32,
    /// When it opened.
    pub opened_at: Timestamp,
    /// The last vote of each axis.
    pub votes: BTreeMap<ReviewAxis, RoundVote>,
    /// The axes whose reviewers were asked in vain, until somebody votes.
    pub missed: BTreeMap<ReviewAxis, NoVote>,
    /// When the epoch left the phase.
    pub closed_at: Option<Timestamp>,
    /// What the review's workflow was told, or reported; it is told once.
    pub review_closed: Option<CloseReason>,
    /// Whether a review workflow was started for it.
    pub has_child: bool,
}

impl Round {
    /// The verdicts, for the review's workflow.
    pub fn verdicts(&self) -> BTreeMap<ReviewAxis, VoteType> {
        self.votes
            .iter()
            .map(|(axis, vote)| (*axis, vote.vote))
            .collect()
    }
}

impl Weigh for Round {
    fn weight(&self) -> usize {
        let votes: usize = self
            .votes
            .values()
            .map(|vote| {
                120 + texts_weight([vote.reviewer_id.as_str()])
                    + vote.comment.as_deref().map_or(4, text_weight)
            })
            .sum();
        let missed: usize = self
            .missed
            .values()
            .map(|missed| 120 + texts_weight([missed.reviewer_id.as_str(), missed.why.as_str()]))
            .sum();
        220 + votes + missed
    }
}
