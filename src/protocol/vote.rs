//! Votes: the two words, the three axes, and the tally that a gate looks at.

use std::collections::BTreeMap;

use super::time::Timestamp;
use super::words::{Word, words};

words! {
    /// A reviewer's verdict.
    VoteType as "vote" {
        /// Good as it is.
        Accept = "ACCEPT",
        /// Goes back.
        Revise = "REVISE",
    }
}

words! {
    /// What a reviewer looks at.
    ReviewAxis as "axis" {
        /// Does it do the right thing?
        Correctness = "correctness",
        /// Would its tests notice if it did not?
        TestQuality = "test_quality",
        /// Is it simple?
        Elegance = "elegance",
    }
}

/// A vote as it was cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vote {
    /// The verdict.
    pub vote: VoteType,
    /// Who gave it; may be empty.
    pub reviewer_id: String,
    /// When.
    pub at: Timestamp,
}

/// The live votes, one per axis: the last one of an axis counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(pub BTreeMap<ReviewAxis, Vote>);

impl Tally {
    /// Whether each of the three axes has a vote and it is ACCEPT.
    pub fn is_consensus(&self) -> bool {
        ReviewAxis::ALL
            .iter()
            .all(|axis| self.verdict(*axis) == Some(VoteType::Accept))
    }

    /// Whether any axis asks for a revision.
    pub fn has_revise(&self) -> bool {
        self.0.values().any(|vote| vote.vote == VoteType::Revise)
    }

    /// The verdict on one axis, if it was given.
    pub fn verdict(&self, axis: ReviewAxis) -> Option<VoteType> {
        self.0.get(&axis).map(|vote| vote.vote)
    }

    /// The axes whose verdict is `wanted` (`None`: not given yet), in order.
    pub fn axes_with(&self, wanted: Option<VoteType>) -> Vec<ReviewAxis> {
        ReviewAxis::ALL
            .iter()
            .copied()
            .filter(|axis| self.verdict(*axis) == wanted)
            .collect()
    }

    /// Axis and verdict, for those who need no more.
    pub fn verdicts(&self) -> BTreeMap<ReviewAxis, VoteType> {
        self.0
            .iter()
            .map(|(axis, vote)| (*axis, vote.vote))
            .collect()
    }
}
