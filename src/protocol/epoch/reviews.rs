//! Review rounds: each entry into a review phase opens one, with a workflow of its
//! own that is told once how it ended. The epoch's own tally is the one that counts.

use std::collections::BTreeMap;

use super::super::effect::{Effect, EventType, Fields};
use super::super::event::{MissedVote, ReviewLost, ReviewReport};
use super::super::inbox::NAME_KEPT;
use super::super::limits::{self, RESULT_KEPT, head};
use super::super::phase::PhaseId;
use super::super::review::{CloseReason, NoVote, Round};
use super::super::words::Word;
use super::turn::Turn;

impl Turn<'_> {
    pub(super) fn enter_review(&mut self, phase: PhaseId) {
        let opened = self.state.rounds_opened.entry(phase).or_default();
        *opened = opened.saturating_add(1);
        let number = *opened;
        let counted = self
            .state
            .rounds_without_consensus
            .entry(phase)
            .or_default();
        *counted = counted.saturating_add(1);
        let child = self.state.epoch_id.review_workflow_id(phase, number);
        let has_child = child.len() <= limits::WORKFLOW_ID;
        self.state.rounds.push(Round {
            phase,
            number,
            opened_at: self.at,
            votes: BTreeMap::new(),
            missed: BTreeMap::new(),
            closed_at: None,
            review_closed: None,
            has_child,
        });
        let payload = Fields::default()
            .with("round", number)
            .with("workflow_id", has_child.then_some(child));
        self.audit(EventType::ReviewOpened, payload);
        if has_child {
            self.ask(Effect::OpenReview {
                phase,
                round: number,
            });
        } else {
            self.note = Some(format!(
                "round {number} of {phase} has no review workflow: its id would be over {} bytes; \
                 votes sent to the epoch count",
                limits::WORKFLOW_ID
            ));
        }
    }

    pub(super) fn leave_review(&mut self, phase: PhaseId, consensus: bool) {
        self.close_review(CloseReason::Left);
        let at = self.at;
        let rounds = &mut self.state.rounds;
        if rounds.last().is_some_and(|round| round.phase == phase) {
            rounds.change_last(|round| round.closed_at = Some(at));
        }
        if consensus {
            self.state.rounds_without_consensus.insert(phase, 0);
        }
    }

    /// Tells the open round's workflow that it is over, unless it knows.
    pub(super) fn close_review(&mut self, reason: CloseReason) {
        let Some(round) = self
            .state
            .open_round()
            .filter(|round| round.review_closed.is_none())
        else {
            return;
        };
        let (phase, number, has_child) = (round.phase, round.number, round.has_child);
        self.mark_closed(phase, number, reason);
        if has_child {
            self.ask(Effect::CloseReview {
                phase,
                round: number,
            });
        }
    }

    /// The review's own end: by its deadline, or because somebody ended it. Votes sent
    /// to the epoch still count until it leaves the phase.
    pub(super) fn finish_review(&mut self, report: &ReviewReport) {
        if self.has_open_child(report.phase, report.round) {
            self.mark_closed(report.phase, report.round, report.reason);
        }
    }

    /// A reviewer's command ended without a vote: it is for people now.
    pub(super) fn miss_vote(&mut self, missed: MissedVote) {
        let MissedVote {
            phase,
            round,
            axis,
            reviewer_id,
            why,
        } = missed;
        let payload = Fields::default()
            .with("review_phase", phase.word())
            .with("round", round)
            .with("axis", axis.word())
            .with("reviewer_id", reviewer_id.as_str())
            .with("why", why.as_str());
        let no_vote = NoVote {
            reviewer_id: head(&reviewer_id, NAME_KEPT).to_owned(),
            why: head(&why, RESULT_KEPT).to_owned(),
            at: self.at,
        };
        let mut found = false;
        self.state.rounds.change(
            |r| r.phase == phase && r.number == round && !r.votes.contains_key(&axis),
            |meant| {
                meant.missed.insert(axis, no_vote);
                found = true;
            },
        );
        if found {
            self.audit(EventType::VoteMissed, payload);
        } else {
            self.note = Some(format!("nobody waits for a vote on {axis} there"));
        }
    }

    pub(super) fn lose_review(&mut self, lost: &ReviewLost) {
        if self.has_open_child(lost.phase, lost.round) {
            self.mark_closed(lost.phase, lost.round, CloseReason::Lost);
        }
    }

    fn has_open_child(&self, phase: PhaseId, number: u32) -> bool {
        self.state.rounds.iter().any(|round| {
            round.phase == phase && round.number == number && round.review_closed.is_none()
        })
    }

    fn mark_closed(&mut self, phase: PhaseId, number: u32, reason: CloseReason) {
        let mut votes = Vec::new();
        self.state.rounds.change(
            |round| round.phase == phase && round.number == number,
            |round| {
                round.review_closed = Some(reason);
                let verdicts = round.verdicts();
                votes.extend(verdicts.iter().map(|(axis, vote)| format!("{axis}={vote}")));
            },
        );
        let payload = Fields::default()
            .with("review_phase", phase.word())
            .with("round", number)
            .with("reason", reason.word())
            .with("votes", votes);
        self.audit(EventType::ReviewClosed, payload);
    }
}
