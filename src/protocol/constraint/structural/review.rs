//! How work is judged: votes, gates, rounds, and what a review may leave behind.

use super::{StructuralFacts, found_if};
use crate::protocol::constraint::{ConstraintId, Violation, quoted, sorted_list};
use crate::protocol::vote::VoteType;
use crate::protocol::words::Word;

/// Rounds of review that a piece of work gets.
const MAX_CYCLES: u64 = 3;

pub(super) fn vote_is_binary(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let vote = facts.vote.as_deref()?;
    let found = found_if(VoteType::from_word(vote).is_err(), || {
        let message = format!(
            "{} is no vote; vote {}, there is nothing in between",
            quoted(vote),
            VoteType::WORDS.join(" or ")
        );
        Violation::new(ConstraintId::ReviewBinary, message)
            .with("vote", vote)
            .with("valid_votes", sorted_list(VoteType::WORDS.iter().copied()))
    });
    Some(found)
}

pub(super) fn worker_gates_pass(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let gates = [
        ("tests", facts.tests_pass?, "the tests fail; make them pass"),
        (
            "typecheck",
            facts.typecheck_pass?,
            "the types do not check; make them check",
        ),
        (
            "no_todos",
            !facts.has_todos?,
            "TODOs are left in the code; do them",
        ),
    ];
    let failing = gates.into_iter().filter(|(_, passed, _)| !passed);
    let found = failing.map(|(gate, passed, wrong)| {
        Violation::new(
            ConstraintId::WorkerGates,
            format!("{wrong} before the slice is done"),
        )
        .with("gate", gate)
        .with("passed", passed)
    });
    Some(found.collect())
}

/// Lesser findings that wait for a follow-up are forgotten.
pub(super) fn followup_is_created(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let lesser = facts.has_important_or_minor?;
    let created = facts.followup_created?;
    let found = found_if(lesser && !created, || {
        let message = "the review left IMPORTANT or MINOR findings and no follow-up takes them; \
                       create the follow-up now, when the review ends";
        Violation::new(ConstraintId::FollowupTiming, message)
            .with("has_important_or_minor", lesser)
            .with("followup_created", created)
    });
    Some(found)
}

pub(super) fn slice_is_reviewed_before_close(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let by_worker = facts.slice_closed_by_worker?;
    let reviewed = facts.review_completed?;
    let message = if by_worker {
        "a worker closed its own slice; reopen it and let the supervisor close it after the review"
    } else {
        "the slice is closed before its review is complete; reopen it and have it reviewed"
    };
    let found = found_if(by_worker || !reviewed, || {
        Violation::new(ConstraintId::SliceReviewBeforeClose, message)
            .with("slice_closed_by_worker", by_worker)
            .with("review_completed", reviewed)
    });
    Some(found)
}

pub(super) fn cycles_are_few(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let count = facts.review_cycle_count?;
    let found = found_if(count > MAX_CYCLES, || {
        let message = format!(
            "{count} rounds of review, where {MAX_CYCLES} are the most; stop, and bring what is \
             still open to the user's acceptance in p5 or p11"
        );
        Violation::new(ConstraintId::MaxReviewCycles, message)
            .with("review_cycle_count", count)
            .with("max_cycles", MAX_CYCLES)
    });
    Some(found)
}

/// What workers fixed last has not been looked at until reviewers have had their wave.
pub(super) fn exit_is_clean(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let blockers = facts.blockers_remaining?;
    let importants = facts.importants_remaining?;
    let on_worker_wave = facts.exited_on_worker_wave?;
    let mut found = found_if(blockers > 0 || importants > 0, || {
        let message = format!(
            "the review ended with {blockers} BLOCKER and {importants} IMPORTANT findings open; \
             resolve them and review again"
        );
        Violation::new(ConstraintId::CleanReviewExit, message)
            .with("blockers_remaining", blockers)
            .with("importants_remaining", importants)
    });
    found.extend(on_worker_wave.then(|| {
        let message = "the review ended on a wave of fixes that nobody reviewed; have the \
                       reviewers look once more";
        Violation::new(ConstraintId::CleanReviewExit, message)
            .with("exited_on_worker_wave", on_worker_wave)
    }));
    Some(found)
}
