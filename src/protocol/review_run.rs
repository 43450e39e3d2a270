//! One round of review, as its own workflow sees it. The epoch's tally is the one that
//! counts: a round with an epoch passes its votes on and waits to be told; a round
//! that stands alone ends when all three axes have a vote.

use std::collections::BTreeMap;

use super::event::VoteCast;
use super::inbox::{Admission, Envelope, Inbox};
use super::limits::{LONG_TEXT, TEXT};
use super::phase::PhaseId;
use super::refusal::{Refusal, RefusalCode};
use super::review::CloseReason;
use super::time::Timestamp;
use super::vote::{ReviewAxis, VoteType};
use super::words::Word;

/// One round of review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRun {
    /// Its round in the epoch; `None` stands alone.
    pub round: Option<u32>,
    /// Its phase; `None` where somebody else started it for something that is none.
    pub phase: Option<PhaseId>,
    /// Whether there is an epoch to pass votes on to.
    pub has_epoch: bool,
    /// The last vote of each axis.
    pub votes: BTreeMap<ReviewAxis, VoteType>,
    /// Why it is over, once it is.
    pub closed: Option<CloseReason>,
    /// Votes passed on so far.
    pub passed_on: u64,
    /// Messages seen and refused.
    pub inbox: Inbox,
}

/// What can happen to a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReviewRunEvent {
    /// A reviewer votes here instead of at the epoch.
    Vote(VoteCast),
    /// The epoch says that it is over.
    Close {
        /// Which round is meant.
        round: u32,
        /// The last vote of each axis, by the epoch's tally.
        votes: BTreeMap<ReviewAxis, VoteType>,
    },
    /// It ends by itself.
    End(CloseReason),
    /// The epoch cannot be reached any more.
    LoseEpoch,
    /// A message that could not be read.
    Malformed {
        /// Which signal.
        message: String,
        /// What was wrong with it.
        why: String,
    },
}

/// A vote to be passed on to the epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassOn {
    /// Its number, from 1.
    pub number: u64,
    /// The vote, with this round's phase and number.
    pub vote: VoteCast,
}

impl ReviewRunEvent {
    fn name(&self) -> &str {
        match self {
            Self::Vote(_) => "submit_vote",
            Self::Close { .. } => "close_round",
            Self::End(_) => "end",
            Self::LoseEpoch => "lose_epoch",
            Self::Malformed { message, .. } => message,
        }
    }
}

impl ReviewRun {
    /// A round without votes.
    pub const fn new(phase: Option<PhaseId>, round: Option<u32>, has_epoch: bool) -> Self {
        Self {
            round,
            phase,
            has_epoch,
            votes: BTreeMap::new(),
            closed: None,
            passed_on: 0,
            inbox: Inbox::of_child(),
        }
    }

    /// The phase that outcomes name, which have to name one.
    pub fn shown_phase(&self) -> PhaseId {
        self.phase.unwrap_or(PhaseId::P4)
    }

    /// Whether all three accepted.
    pub fn is_consensus(&self) -> bool {
        ReviewAxis::ALL
            .iter()
            .all(|axis| self.votes.get(axis) == Some(&VoteType::Accept))
    }

    /// Applies a message; answers with a vote to be passed on, if there is one. A
    /// refused message changes nothing but the record of the refusal.
    ///
    /// # Errors
    ///
    /// The refusal, when the rules forbid it or the message repeats a refused one.
    pub fn apply(
        &mut self,
        at: Timestamp,
        envelope: Envelope,
        event: ReviewRunEvent,
    ) -> Result<Option<PassOn>, Refusal> {
        let envelope = match self.inbox.admit(envelope, event.name()) {
            Admission::New(envelope) => envelope,
            Admission::Repeated(first) => return first.map(|()| None),
            Admission::Refused(refusal) => {
                self.inbox.note_refusal(at, refusal.clone());
                return Err(refusal);
            }
        };
        let result = self.take(event);
        let phase = self.shown_phase();
        self.inbox
            .settle(at, envelope, phase, result.clone().map(|_| None));
        result
    }

    fn take(&mut self, event: ReviewRunEvent) -> Result<Option<PassOn>, Refusal> {
        let name = event.name().to_owned();
        match event {
            ReviewRunEvent::Malformed { message, why } => {
                return Err(Refusal::malformed(&message, why));
            }
            _ if self.closed.is_some() => {
                let why = "this round of review is over".to_owned();
                return Err(refuse(&name, RefusalCode::AlreadyFinished, why));
            }
            ReviewRunEvent::Vote(cast) => return self.vote(&name, cast),
            ReviewRunEvent::Close { round, votes } => {
                self.check_round(&name, Some(round))?;
                self.votes = votes;
                self.closed = Some(if self.is_consensus() {
                    CloseReason::Consensus
                } else if self.votes.values().any(|vote| *vote == VoteType::Revise) {
                    CloseReason::Revise
                } else {
                    CloseReason::Left
                });
            }
            ReviewRunEvent::End(reason) => self.closed = Some(reason),
            ReviewRunEvent::LoseEpoch => {
                self.has_epoch = false;
                self.close_alone();
            }
        }
        Ok(None)
    }

    fn vote(&mut self, message: &str, cast: VoteCast) -> Result<Option<PassOn>, Refusal> {
        if cast.reviewer_id.len() > TEXT {
            return Err(Refusal::too_long(
                "reviewer_id",
                cast.reviewer_id.len(),
                TEXT,
            ));
        }
        let comment = cast.comment.as_deref().unwrap_or_default();
        if comment.len() > LONG_TEXT {
            return Err(Refusal::too_long("comment", comment.len(), LONG_TEXT));
        }
        self.check_phase(message, cast.phase)?;
        self.check_round(message, cast.round)?;
        self.votes.insert(cast.axis, cast.vote);
        if !self.has_epoch {
            self.close_alone();
            return Ok(None);
        }
        self.passed_on += 1;
        let vote = VoteCast {
            phase: self.phase,
            round: self.round,
            ..cast
        };
        Ok(Some(PassOn {
            number: self.passed_on,
            vote,
        }))
    }

    fn close_alone(&mut self) {
        if ReviewAxis::ALL
            .iter()
            .all(|axis| self.votes.contains_key(axis))
        {
            self.closed = Some(if self.is_consensus() {
                CloseReason::Consensus
            } else {
                CloseReason::Revise
            });
        }
    }

    fn check_phase(&self, message: &str, wanted: Option<PhaseId>) -> Result<(), Refusal> {
        match (wanted, self.phase) {
            (Some(wanted), Some(phase)) if wanted != phase => {
                let why = format!("it is for {wanted}; this is a review of {phase}");
                Err(refuse(message, RefusalCode::RoundClosed, why))
            }
            _ => Ok(()),
        }
    }

    fn check_round(&self, message: &str, wanted: Option<u32>) -> Result<(), Refusal> {
        match (wanted, self.round) {
            (Some(wanted), Some(round)) if wanted != round => {
                let why = format!("it is for round {wanted}; this is round {round}");
                Err(refuse(message, RefusalCode::RoundClosed, why))
            }
            _ => Ok(()),
        }
    }
}

fn refuse(message: &str, code: RefusalCode, why: String) -> Refusal {
    Refusal::new(
        code,
        format!("{message} was not applied"),
        why,
        "nothing changed",
        "send it to the epoch, which knows the open round",
    )
}

#[cfg(test)]
mod tests;
