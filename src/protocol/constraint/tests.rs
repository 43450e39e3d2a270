//! Each constraint with cases that violate it and cases that do not, and the whole set
//! against the contract's table. The cases of the structural checks are in their own file.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::protocol::finding::SeverityLevel::{self, Blocker, Minor};
use crate::protocol::limits::Weigh;
use crate::protocol::phase::PhaseId::{self, Complete, P1, P3, P4, P5, P7, P8, P9, P10, P11, P12};
use crate::protocol::phase::RoleId;
use crate::protocol::table::TABLE;
use crate::protocol::vote::ReviewAxis::{self, Correctness, Elegance, TestQuality};
use crate::protocol::vote::VoteType::{self, Accept, Revise};

/// A case: its name, what was found, and what should have been, as `id key=value | …`.
type Case = (&'static str, Vec<Violation>, &'static [&'static str]);

fn check((case, found, wanted): &Case) {
    let line = |violation: &Violation| {
        let context = violation
            .context
            .iter()
            .map(|(key, value)| format!("{key}={value}"));
        format!(
            "{} {}",
            violation.constraint,
            context.collect::<Vec<_>>().join(" | ")
        )
    };
    let lines: Vec<String> = found.iter().map(line).collect();
    assert_eq!(lines, *wanted, "{case}");
    for violation in found {
        let (wrong, advice) = violation.message.split_once("; ").unwrap_or_default();
        assert!(
            !wrong.is_empty() && !advice.is_empty(),
            "{case}: {}",
            violation.message
        );
        assert!(
            !violation.message.contains("  "),
            "{case}: {}",
            violation.message
        );
    }
}

/// A state in which nothing is wrong.
fn state(phase: PhaseId) -> StateFacts {
    let accepts = ReviewAxis::ALL.iter().map(|axis| (*axis, Accept));
    let groups = if phase >= P10 {
        SeverityLevel::ALL
    } else {
        &[]
    };
    let role = phase.spec().map_or(RoleId::Supervisor, |spec| spec.acts);
    StateFacts {
        phase,
        role: role.word().to_owned(),
        verdicts: accepts.collect(),
        blocker_count: 0,
        severity_groups: groups.iter().copied().collect(),
        history: vec![record("architect", "proposal created")],
        history_total: 1,
    }
}

fn record(by: &str, why: &str) -> HistoryFacts {
    HistoryFacts {
        from: P3,
        to: P4,
        triggered_by: by.to_owned(),
        condition_met: why.to_owned(),
    }
}

fn state_with(phase: PhaseId, change: impl FnOnce(&mut StateFacts)) -> Vec<Violation> {
    let mut facts = state(phase);
    change(&mut facts);
    check_state(&facts)
}

fn step_with(from: PhaseId, to: PhaseId, change: impl FnOnce(&mut StateFacts)) -> Vec<Violation> {
    let mut facts = state(from);
    change(&mut facts);
    check_transition(&facts, from, to)
}

fn votes(votes: &[(ReviewAxis, VoteType)]) -> BTreeMap<ReviewAxis, VoteType> {
    votes.iter().copied().collect()
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

fn naming<const N: usize>(titles: [&str; N]) -> Vec<Violation> {
    check_naming(&texts(titles))
}

/// Cases, one after the other: `name: found => [wanted];`.
macro_rules! cases {
    ($($name:literal: $found:expr => [$($wanted:expr),* $(,)?];)*) => {
        vec![$(($name, $found, &[$($wanted),*]),)*]
    };
}

mod structural;

fn state_cases() -> Vec<Case> {
    cases! {
        "consensus: one accepts, one objects, one is silent":
            state_with(P4, |f| {
                f.verdicts = votes(&[(Elegance, Revise), (Correctness, Accept)]);
            }) => [
                "C-review-consensus accepted=correctness | not_voted=test_quality | phase=p4 | \
                 revise=elegance",
            ];
        "consensus: the lists are sorted by word": state_with(P10, |f| f.verdicts.clear()) => [
            "C-review-consensus accepted= | not_voted=correctness,elegance,test_quality | \
             phase=p10 | revise=",
        ];
        "severity not plan: a tree exists":
            state_with(P4, |f| f.severity_groups = BTreeSet::from([Minor])) => [
                "C-severity-not-plan phase=p4",
            ];
        "severity eager: two are missing":
            state_with(P10, |f| f.severity_groups = BTreeSet::from([Blocker])) => [
                "C-severity-eager missing_severity_levels=IMPORTANT,MINOR | phase=p10 | \
                 present_count=1",
            ];
        "worker gates: open blockers": state_with(P10, |f| f.blocker_count = 2) => [
            "C-worker-gates blocker_count=2 | phase=p10",
        ];
        "audit never delete: nothing left": state_with(P5, |f| f.history.clear()) => [
            "C-audit-never-delete phase=p5 | transition_history_length=0",
        ];
        "audit dep chain: both, one, none":
            state_with(P5, |f| {
                f.history = vec![record("", " "), record("x", ""), record("x", "y")];
            }) => [
                "C-audit-dep-chain from_phase=p3 | record_index=0 | to_phase=p4",
                "C-audit-dep-chain from_phase=p3 | record_index=0 | to_phase=p4",
                "C-audit-dep-chain from_phase=p3 | record_index=1 | to_phase=p4",
            ];
        "audit dep chain: the index counts the records that are gone":
            state_with(P5, |f| {
                f.history.push(record("", "y"));
                f.history_total = 502;
            }) => [
                "C-audit-dep-chain from_phase=p3 | record_index=501 | to_phase=p4",
            ];
        "vertical slices: no such role": state_with(P9, |f| f.role = "Worker".to_owned()) => [
            "C-vertical-slices current_role=Worker | phase=p9",
        ];
    }
}

fn transition_cases() -> Vec<Case> {
    cases! {
        "p4→p5 without votes": step_with(P4, P5, |f| f.verdicts.clear()) => [
            "C-review-consensus accepted= | not_voted=correctness,elegance,test_quality | \
             phase=p4 | revise=",
        ];
        "p7→p8 is a handoff": step_with(P7, P8, |_| ()) => [
            "C-handoff-skill-invocation from_phase=p7 | to_phase=p8",
        ];
        "p9→p10 is a handoff": step_with(P9, P10, |_| ()) => [
            "C-handoff-skill-invocation from_phase=p9 | to_phase=p10",
        ];
        "p10→p11 with an objection and a blocker":
            step_with(P10, P11, |f| {
                f.verdicts.insert(TestQuality, Revise);
                f.blocker_count = 1;
            }) => [
                "C-review-consensus accepted=correctness,elegance | not_voted= | phase=p10 | \
                 revise=test_quality",
                "C-worker-gates blocker_count=1 | phase=p10",
            ];
    }
}

fn naming_cases() -> Vec<Case> {
    cases! {
        "proposal: not a number, no colon, no number":
            naming(["PROPOSAL-x: a", "PROPOSAL-1 a", "PROPOSAL-: a", "PROPOSALS"]) => [
                "C-proposal-naming title=PROPOSAL-x: a",
                "C-proposal-naming title=PROPOSAL-1 a",
                "C-proposal-naming title=PROPOSAL-: a",
                "C-proposal-naming title=PROPOSALS",
            ];
        "review: no scope, unknown axis, no round, digits of another script":
            naming(["-REVIEW-A-1", "S-REVIEW-D-1", "S-REVIEW-A-", "S-REVIEW-A-١"]) => [
                "C-review-naming title=-REVIEW-A-1",
                "C-review-naming title=S-REVIEW-D-1",
                "C-review-naming title=S-REVIEW-A-",
                "C-review-naming title=S-REVIEW-A-١",
            ];
        "review: the word without the dashes, also in a proposal's review":
            naming(["Code REVIEW 1", "PROPOSAL-2-REVIEW-1: x"]) => [
                "C-review-naming title=Code REVIEW 1",
                "C-review-naming title=PROPOSAL-2-REVIEW-1: x",
            ];
        "follow-up: no kind of its cycle":
            naming(["FOLLOWUP x", "FOLLOWUP_SLICE: x"]) => [
                "C-followup-lifecycle title=FOLLOWUP x",
                "C-followup-lifecycle title=FOLLOWUP_SLICE: x",
            ];
    }
}

fn violating_cases() -> Vec<Case> {
    [
        state_cases(),
        transition_cases(),
        naming_cases(),
        structural::cases(),
    ]
    .concat()
}

#[test]
fn each_violation_is_found_with_its_context() {
    violating_cases().iter().for_each(check);
}

#[test]
fn a_sound_state_violates_nothing() {
    for phase in PhaseId::ALL {
        check(&("sound", check_state(&state(*phase)), &[]));
    }
    let clean: Vec<Case> = cases! {
        "no votes outside the reviews": state_with(P5, |f| f.verdicts.clear()) => [];
        "objections outside the reviews":
            state_with(P11, |f| f.verdicts = votes(&[(Elegance, Revise)])) => [];
        "p4 without a severity tree": state_with(P4, |f| f.severity_groups.clear()) => [];
        "a severity tree in another phase":
            state_with(P3, |f| f.severity_groups = BTreeSet::from([Minor])) => [];
        "no groups outside p10": state_with(P11, |f| f.severity_groups.clear()) => [];
        "blockers outside p10": state_with(P9, |f| f.blocker_count = 3) => [];
        "no history yet": state_with(P1, |f| f.history.clear()) => [];
        "no history at the end": state_with(Complete, |f| f.history.clear()) => [];
    };
    clean.iter().for_each(check);
}

#[test]
fn absurd_totals_do_no_harm() {
    for total in [0, 1, u64::MAX] {
        let found = state_with(P5, |f| {
            f.history.push(record("", "y"));
            f.history_total = total;
        });
        let index = total.saturating_sub(2) + 1;
        assert_eq!(found[0].context["record_index"], index.to_string());
        let found = state_with(P5, |f| {
            f.history.clear();
            f.history_total = total;
        });
        assert_eq!(found.len(), 1);
    }
}

#[test]
fn only_two_steps_of_the_table_are_violated_by_a_sound_state() {
    let found = |from, to| check_transition(&state(from), from, to);
    let violated: Vec<(PhaseId, PhaseId)> = TABLE
        .iter()
        .map(|step| (step.from, step.to))
        .filter(|(from, to)| !found(*from, *to).is_empty())
        .collect();
    assert_eq!(violated, [(P7, P8), (P9, P10)]);
}

#[test]
fn steps_without_a_gate_need_no_votes_and_no_resolved_blockers() {
    for step in TABLE.iter().filter(|step| !matches!(step.to, P5 | P11)) {
        let mut facts = state(step.from);
        facts.verdicts.clear();
        facts.blocker_count = 7;
        let found = check_transition(&facts, step.from, step.to);
        let reminders = found
            .iter()
            .all(|v| v.constraint == ConstraintId::HandoffSkillInvocation);
        assert!(reminders, "{}→{}: {found:?}", step.from, step.to);
    }
    assert_eq!(
        check_transition(&state(P12), P12, P1),
        [],
        "not in the table, but no panic"
    );
}

#[test]
fn good_titles_pass_and_other_titles_are_nobodys_concern() {
    let titles = texts([
        "PROPOSAL-1: a",
        "PROPOSAL-12:",
        "PROPOSAL-3: a REVIEW step, and x-REVIEW-y",
        "SLICE-1-REVIEW-A-1: a",
        "PROPOSAL-2-REVIEW-C-10",
        "S-REVIEW-correctness-1",
        "S-REVIEW-test_quality-2 again",
        "S-REVIEW-elegance-3",
        "-REVIEW-REVIEW-B-1",
        "é-REVIEW-B-1",
        "FOLLOWUP: a REVIEW",
        "FOLLOWUP_URE: a",
        "FOLLOWUP_URD: a",
        "FOLLOWUP_PROPOSAL-1: a",
        "FOLLOWUP_IMPL_PLAN: a",
        "FOLLOWUP_SLICE-1: a",
        "FOLLOWUP_SLICE-1-REVIEW-B-1",
        "REQUEST: a",
        "SLICE-1: the page about REVIEW",
        "proposal",
        "Review of the followup",
        "",
    ]);
    check(&("good titles", check_naming(&titles), &[]));
}

#[test]
fn each_naming_rule_can_be_applied_to_any_title() {
    type Rule = fn(&str) -> Option<Violation>;
    let rules: [(Rule, &str, ConstraintId); 3] = [
        (
            check_proposal_title,
            "PROPOSAL-1: a",
            ConstraintId::ProposalNaming,
        ),
        (
            check_review_title,
            "a-REVIEW-A-1",
            ConstraintId::ReviewNaming,
        ),
        (
            check_followup_title,
            "FOLLOWUP: a",
            ConstraintId::FollowupLifecycle,
        ),
    ];
    for (rule, good, id) in rules {
        assert_eq!(rule(good), None, "{good}");
        for bad in ["", "a title", "\n-REVIEW-A-1", "PROPOSAL-1", "FOLLOWUP"] {
            assert_eq!(rule(bad).map(|v| v.constraint), Some(id), "{bad:?}");
        }
    }
}

/// The contract's table: `id: the keys of its context`, several forms set apart by ` / `.
const KEYS: &str = "
    C-review-consensus: phase accepted revise not_voted
    C-review-binary: vote valid_votes
    C-severity-not-plan: phase
    C-severity-eager: phase missing_severity_levels present_count
    C-worker-gates: phase blocker_count / gate passed
    C-audit-never-delete: phase transition_history_length
    C-audit-dep-chain: record_index from_phase to_phase
    C-vertical-slices: current_role phase / production_code_path owner_count owners
    C-handoff-skill-invocation: from_phase to_phase
    C-dep-direction: parent_id child_id
    C-blocker-dual-parent: blocker_task_id severity_group_id / blocker_task_id slice_id / \
        blocker_task_id severity_group_id slice_id
    C-followup-timing: has_important_or_minor followup_created
    C-supervisor-no-impl: role action_type
    C-supervisor-explore-ephemeral: phase exploration_method
    C-integration-points: has_integration_points
    C-slice-review-before-close: slice_closed_by_worker review_completed
    C-max-review-cycles: review_cycle_count max_cycles
    C-clean-review-exit: blockers_remaining importants_remaining / exited_on_worker_wave
    C-autonomous-progression: phase asked_user
    C-slice-leaf-tasks: slice_id leaf_count
    C-ure-verbatim: field / field option_count
    C-frontmatter-refs: missing_key
    C-followup-leaf-adoption: leaf_task_id / leaf_task_id severity_group_id / \
        leaf_task_id followup_slice_id
    C-agent-commit: command
    C-proposal-naming: title
    C-review-naming: title
    C-followup-lifecycle: title
    C-actionable-errors:
";

fn keys() -> impl Iterator<Item = (&'static str, &'static str)> {
    KEYS.trim()
        .lines()
        .filter_map(|row| row.trim().split_once(':'))
}

#[test]
fn the_ids_are_the_contracts() {
    let table: Vec<&str> = keys().map(|(id, _)| id).collect();
    assert_eq!(ConstraintId::WORDS, table);
    assert_eq!(ConstraintId::ALL.len(), 28);
    let distinct: BTreeSet<&str> = table.into_iter().collect();
    assert_eq!(distinct.len(), 28);
}

#[test]
fn the_context_keys_are_the_contracts() {
    let wanted: BTreeSet<(&str, BTreeSet<&str>)> = keys()
        .flat_map(|(id, forms)| forms.split(" / ").map(move |form| (id, form)))
        .map(|(id, form)| (id, form.split_whitespace().collect::<BTreeSet<_>>()))
        .filter(|(_, keys)| !keys.is_empty())
        .collect();
    let cases = violating_cases();
    let found: BTreeSet<(&str, BTreeSet<&str>)> = cases
        .iter()
        .flat_map(|(_, found, _)| found)
        .map(|v| {
            (
                v.constraint.word(),
                v.context.keys().map(String::as_str).collect(),
            )
        })
        .collect();
    assert_eq!(
        found, wanted,
        "found against the table; each form has a case"
    );
}

#[test]
fn each_id_explains_itself() {
    for id in ConstraintId::ALL {
        for text in [id.meaning(), id.how()] {
            assert!(!text.is_empty() && !text.contains("  "), "{id}: {text}");
        }
        assert!(id.meaning().ends_with('.'), "{id}: {}", id.meaning());
    }
}

#[test]
fn the_weight_is_an_upper_bound() {
    let violation = Violation::new(ConstraintId::UreVerbatim, "a \"b\"\n; c")
        .with("field", "\u{1}")
        .with("other", "é");
    let encoded = concat!(
        r#"{"constraint_id":"C-ure-verbatim","message":"a \"b\"\n; c","#,
        r#""context":{"field":"\u0001","other":"é"}},"#,
    );
    assert!(
        violation.weight() >= encoded.len(),
        "{} {}",
        violation.weight(),
        encoded.len()
    );
    assert!(
        violation.weight() <= encoded.len() + 40,
        "{} {}",
        violation.weight(),
        encoded.len()
    );
}
