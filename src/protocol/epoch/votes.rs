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
        let open = self.check_round(&cast)?;
        let VoteCast {
            axis,
            vote,
            reviewer_id,
            comment,
            phase: _,
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
        self.state.rounds.change_last(|round| {
            round.missed.remove(&axis);
            round.votes.insert(
                axis,
                RoundVote {
                    vote,
                    reviewer_id,
                    comment,
                    at,
                },
            );
        });
        if self.state.votes.has_revise() {
            self.close_review(CloseReason::Revise);
        } else if self.state.votes.is_consensus() {
            self.close_review(CloseReason::Consensus);
        }
        Ok(())
    }

    /// The number of the open round, if there is one. A vote that says what it is for is
    /// refused where that is not open: each review phase counts its rounds from one, so a
    /// late vote on round 1 of p4 must not pass for one on round 1 of p10.
    fn check_round(&self, cast: &VoteCast) -> Result<Option<u32>, Refusal> {
        let open = self.state.open_round();
        let number = open.map(|round| round.number);
        let is_meant = cast
            .phase
            .is_none_or(|phase| open.is_some_and(|o| o.phase == phase))
            && cast.round.is_none_or(|round| number == Some(round));
        if is_meant {
            return Ok(number);
        }
        let meant = match (cast.phase, cast.round) {
            (Some(phase), Some(round)) => format!("round {round} of {phase}"),
            (None, Some(round)) => format!("round {round}"),
            (phase, None) => phase.map_or_else(String::new, |phase| phase.to_string()),
        };
        let found = match open {
            Some(open) => format!("round {} of {} is open", open.number, open.phase),
            None => format!("no round is open in {}", self.state.phase),
        };
        Err(Refusal::new(
            RefusalCode::RoundClosed,
            format!("the vote on {} was not counted", cast.axis),
            format!("it is for {meant}; {found}"),
            "nothing changed",
            "look at what is to be reviewed now, and vote on that",
        ))
    }
}
