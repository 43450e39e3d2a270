//! The checks of one state. What a step from it must respect is `transition`, which
//! uses two of these checks.

use crate::protocol::constraint::{
    ConstraintId, HistoryFacts, StateFacts, Violation, is_blank, sorted_list,
};
use crate::protocol::finding::SeverityLevel;
use crate::protocol::phase::{PhaseId, RoleId};
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::words::Word;

/// Every demand that the state does not meet, in the contract's order.
pub fn check_state(facts: &StateFacts) -> Vec<Violation> {
    let mut found = Vec::new();
    if facts.phase.is_review() {
        found.extend(consensus(facts, facts.phase));
    }
    found.extend(no_severity_in_plan(facts));
    found.extend(severity_groups_exist(facts));
    if facts.phase == PhaseId::P10 {
        found.extend(no_open_blockers(facts, facts.phase));
    }
    found.extend(history_exists(facts));
    found.extend(history_is_attributed(facts));
    found.extend(role_is_known(facts));
    found
}

/// Whether all three axes accept, as the review of `phase` needs.
pub(super) fn consensus(facts: &StateFacts, phase: PhaseId) -> Option<Violation> {
    let axes = |wanted: Option<VoteType>| {
        let axes = ReviewAxis::ALL
            .iter()
            .filter(|axis| facts.verdicts.get(axis).copied() == wanted);
        sorted_list(axes.map(|axis| axis.word()))
    };
    let revise = axes(Some(VoteType::Revise));
    let not_voted = axes(None);
    let mut open = Vec::new();
    if !revise.is_empty() {
        open.push(format!("REVISE on {}", spoken(&revise)));
    }
    if !not_voted.is_empty() {
        open.push(format!("no vote on {}", spoken(&not_voted)));
    }
    (!open.is_empty()).then(|| {
        let message = format!(
            "{phase} needs ACCEPT on all three axes, but it has {}; revise what was objected to \
             and have every reviewer vote",
            open.join(" and ")
        );
        Violation::new(ConstraintId::ReviewConsensus, message)
            .with("phase", phase)
            .with("accepted", axes(Some(VoteType::Accept)))
            .with("revise", revise)
            .with("not_voted", not_voted)
    })
}

fn no_severity_in_plan(facts: &StateFacts) -> Option<Violation> {
    let violated = facts.phase == PhaseId::P4 && !facts.severity_groups.is_empty();
    violated.then(|| {
        let groups = sorted_list(facts.severity_groups.iter().map(|level| level.word()));
        let message = format!(
            "p4 reviews a plan, yet severity groups exist ({}); remove them: a plan is \
             accepted or revised, findings are graded from p10 on",
            spoken(&groups)
        );
        Violation::new(ConstraintId::SeverityNotPlan, message).with("phase", facts.phase)
    })
}

fn severity_groups_exist(facts: &StateFacts) -> Option<Violation> {
    let missing = SeverityLevel::ALL
        .iter()
        .filter(|level| !facts.severity_groups.contains(level));
    let missing = sorted_list(missing.map(|level| level.word()));
    (facts.phase == PhaseId::P10 && !missing.is_empty()).then(|| {
        let message = format!(
            "p10 lacks the severity groups {}; create all three when the review begins, even if \
             they stay empty",
            spoken(&missing)
        );
        Violation::new(ConstraintId::SeverityEager, message)
            .with("phase", facts.phase)
            .with("missing_severity_levels", missing)
            .with("present_count", facts.severity_groups.len())
    })
}

/// Whether the review of `phase` can be left.
pub(super) fn no_open_blockers(facts: &StateFacts, phase: PhaseId) -> Option<Violation> {
    (facts.blocker_count > 0).then(|| {
        let message = format!(
            "{phase} has open BLOCKER findings: {}; resolve each of them before leaving the review",
            facts.blocker_count
        );
        Violation::new(ConstraintId::WorkerGates, message)
            .with("phase", phase)
            .with("blocker_count", facts.blocker_count)
    })
}

fn history_exists(facts: &StateFacts) -> Option<Violation> {
    let may_be_empty = matches!(facts.phase, PhaseId::P1 | PhaseId::Complete);
    (!may_be_empty && facts.history.is_empty()).then(|| {
        let message = format!(
            "the epoch is in {} and holds none of its {} transition records; find out what removed \
             them and restore them from the audit trail",
            facts.phase, facts.history_total
        );
        Violation::new(ConstraintId::AuditNeverDelete, message)
            .with("phase", facts.phase)
            .with("transition_history_length", facts.history.len())
    })
}

/// The index given is the record's place among all records ever made, because its
/// place among those kept changes with every new one.
fn history_is_attributed(facts: &StateFacts) -> Vec<Violation> {
    let kept = u64::try_from(facts.history.len()).unwrap_or(u64::MAX);
    let first = facts.history_total.saturating_sub(kept);
    let unattributed = |(record, index): (&HistoryFacts, u64), missing: &str| {
        let HistoryFacts { from, to, .. } = record;
        let message = format!(
            "transition record {index} ({from}→{to}) does not say {missing} with every advance"
        );
        Violation::new(ConstraintId::AuditDepChain, message)
            .with("record_index", index)
            .with("from_phase", from)
            .with("to_phase", to)
    };
    let mut found = Vec::new();
    for entry in facts.history.iter().zip(first..) {
        if is_blank(&entry.0.triggered_by) {
            found.push(unattributed(entry, "who triggered it; give triggered_by"));
        }
        if is_blank(&entry.0.condition_met) {
            found.push(unattributed(
                entry,
                "why it was possible; give condition_met",
            ));
        }
    }
    found
}

/// A list of context values as it reads in a sentence.
fn spoken(list: &str) -> String {
    list.replace(',', ", ")
}

fn role_is_known(facts: &StateFacts) -> Option<Violation> {
    let unknown = RoleId::from_word(&facts.role).err()?;
    let message = format!("{unknown}; let one of these own the work");
    let found = Violation::new(ConstraintId::VerticalSlices, message)
        .with("current_role", &facts.role)
        .with("phase", facts.phase);
    Some(found)
}
