//! Votes: the last one of an axis counts, and only in a review phase.

use super::super::effect::{EventType, Fields};
use super::super::event::VoteCast;
use super::super::inbox::NAME_KEPT;
use super::super::limits::{RESULT_KEPT, head};
use super::super::refusal::{Refusal, RefusalCode};
use super::super::review::{CloseReason, RoundVote};
use super::super::vote::Vote;
use super::super::words::Word;
use super::turn::Turn;

impl Turn<'_> {
    pub(super) fn vote(&mut self, cast: VoteCast) -> Result<(), Refusal> {
        let open = self.state.open_round().map(|round| round.number);
        if let Some(wanted) = cast.round
            && open != Some(wanted)
        {
            return Err(Refusal::new(
                RefusalCode::RoundClosed,
                format!("the vote on {} was not counted", cast.axis),
                match open {
                    Some(open) => {
                        format!(
                            "it is for round {wanted}; round {open} of {} is open",
                            self.state.phase
                        )
                    }
                    None => format!(
                        "it is for round {wanted}; no round is open in {}",
                        self.state.phase
                    ),
                },
                "nothing changed",
                "look at what is to be reviewed now, and vote on that",
            ));
        }
        let VoteCast {
            axis,
            vote,
            reviewer_id,
            comment,
            round: _,
        } = cast;
        let payload = Fields::default()
            .with("axis", axis.word())
            .with("vote", vote.word())
            .with("reviewer_id", reviewer_id.as_str())
            .with("comment", comment.as_deref())
            .with("round", open)
            .with("counted", open.is_some());
        let reviewer_id = head(&reviewer_id, NAME_KEPT).to_owned();
        let comment = comment.map(|comment| head(&comment, RESULT_KEPT).to_owned());
        let at = self.at;
        self.state.votes.0.insert(
            axis,
            Vote {
                vote,
                reviewer_id: reviewer_id.clone(),
                at,
            },
        );
        self.audit(EventType::VoteRecorded, payload);
        if open.is_none() {
            self.note = Some(format!(
                "not counted in this phase: {} is no review; the next advance clears it",
                self.state.phase
            ));
            return Ok(());
        }
        self.state.rounds.update(|rounds| {
            if let Some(round) = rounds.back_mut() {
                round.votes.insert(
                    axis,
                    RoundVote {
                        vote,
                        reviewer_id,
                        comment,
                        at,
                    },
                );
            }
        });
        if self.state.votes.has_revise() {
            self.close_review(CloseReason::Revise);
        } else if self.state.votes.is_consensus() {
            self.close_review(CloseReason::Consensus);
        }
        Ok(())
    }
}
