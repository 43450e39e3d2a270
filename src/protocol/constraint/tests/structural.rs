//! Cases of the structural checks: facts that violate a demand, facts that meet it, and
//! facts that are too few to tell.

use super::{Case, check, texts};
use crate::protocol::constraint::{StructuralFacts, check_structural, checks_run};
use crate::protocol::words::Word;

/// The structural facts named.
macro_rules! facts {
    ($($field:ident: $value:expr),* $(,)?) => {
        StructuralFacts { $($field: Some($value.into()),)* ..StructuralFacts::default() }
    };
}

/// What the structural checks find in the facts named.
macro_rules! structural {
    ($($given:tt)*) => { check_structural(&facts!($($given)*)) };
}

pub(super) fn cases() -> Vec<Case> {
    cases! {
        "vote: between the two": structural! { vote: "accept" } => [
            "C-review-binary valid_votes=ACCEPT,REVISE | vote=accept",
        ];
        "worker gates: none passes":
            structural! { has_todos: true, tests_pass: false, typecheck_pass: false } => [
                "C-worker-gates gate=tests | passed=false",
                "C-worker-gates gate=typecheck | passed=false",
                "C-worker-gates gate=no_todos | passed=false",
            ];
        "owners: a blank path says no more":
            structural! { production_code_path: " ", owner_ids: texts([]) } => [
                "C-vertical-slices owner_count=0 | owners= | production_code_path= ",
            ];
        "owners: none, a blank one is none":
            structural! { production_code_path: "src/a.rs", owner_ids: texts([""]) } => [
                "C-vertical-slices owner_count=0 | owners= | production_code_path=src/a.rs",
            ];
        "owners: two, in the order given":
            structural! { production_code_path: "a.rs", owner_ids: texts(["s2", "s1", "s2"]) } => [
                "C-vertical-slices owner_count=2 | owners=s2,s1 | production_code_path=a.rs",
            ];
        "handoff": structural! { from_phase: "p9", to_phase: "p10" } => [
            "C-handoff-skill-invocation from_phase=p9 | to_phase=p10",
        ];
        "dependency: both ids blank, which is not the same task twice":
            structural! { parent_id: "", child_id: "" } => [
                "C-dep-direction child_id= | parent_id=",
                "C-dep-direction child_id= | parent_id=",
            ];
        "dependency: on itself": structural! { parent_id: "t1", child_id: "t1" } => [
            "C-dep-direction child_id=t1 | parent_id=t1",
        ];
        "blocker: no parents":
            structural! { blocker_task_id: "b", severity_group_id: " ", slice_id: "" } => [
                "C-blocker-dual-parent blocker_task_id=b | severity_group_id= ",
                "C-blocker-dual-parent blocker_task_id=b | slice_id=",
            ];
        "blocker: one parent for both":
            structural! { blocker_task_id: "b", severity_group_id: "s", slice_id: "s" } => [
                "C-blocker-dual-parent blocker_task_id=b | severity_group_id=s | slice_id=s",
            ];
        "follow-up: not created":
            structural! { has_important_or_minor: true, followup_created: false } => [
                "C-followup-timing followup_created=false | has_important_or_minor=true",
            ];
        "supervisor writes": structural! { role: "supervisor", action_type: "write_file" } => [
            "C-supervisor-no-impl action_type=write_file | role=supervisor",
        ];
        "exploration: by somebody who stays":
            structural! { phase: "p8", exploration_method: "teammate" } => [
                "C-supervisor-explore-ephemeral exploration_method=teammate | phase=p8",
            ];
        "integration points: none": structural! { has_integration_points: false } => [
            "C-integration-points has_integration_points=false",
        ];
        "close: by the worker":
            structural! { slice_closed_by_worker: true, review_completed: true } => [
                "C-slice-review-before-close review_completed=true | slice_closed_by_worker=true",
            ];
        "close: before the review":
            structural! { slice_closed_by_worker: false, review_completed: false } => [
                "C-slice-review-before-close review_completed=false | slice_closed_by_worker=false",
            ];
        "cycles: a fourth": structural! { review_cycle_count: 4_u64 } => [
            "C-max-review-cycles max_cycles=3 | review_cycle_count=4",
        ];
        "exit: findings left, on the workers' wave":
            structural! {
                blockers_remaining: 0_u64,
                importants_remaining: 2_u64,
                exited_on_worker_wave: true,
            } => [
                "C-clean-review-exit blockers_remaining=0 | importants_remaining=2",
                "C-clean-review-exit exited_on_worker_wave=true",
            ];
        "user asked where nobody should be": structural! { phase: "p9", asked_user: true } => [
            "C-autonomous-progression asked_user=true | phase=p9",
        ];
        "user asked in a phase that is none": structural! { phase: "p99", asked_user: true } => [
            "C-autonomous-progression asked_user=true | phase=p99",
        ];
        "leaves: none": structural! { slice_id: "s", leaf_task_ids: texts([]) } => [
            "C-slice-leaf-tasks leaf_count=0 | slice_id=s",
        ];
        "interview: nothing recorded":
            structural! { question: "", options: texts([" "]), response: "\n" } => [
                "C-ure-verbatim field=question",
                "C-ure-verbatim field=options | option_count=0",
                "C-ure-verbatim field=response",
            ];
        "references: one of two is missing":
            structural! {
                task_description: "---\nurd: x\n---\n",
                required_ref_keys: texts(["urd", "proposal"]),
            } => [
                "C-frontmatter-refs missing_key=proposal",
            ];
        "references: there, but not in front matter":
            structural! { task_description: "urd: x", required_ref_keys: texts(["urd"]) } => [
                "C-frontmatter-refs missing_key=urd",
            ];
        "adoption: each blank one":
            structural! { leaf_task_id: "", severity_group_id: "", followup_slice_id: " " } => [
                "C-followup-leaf-adoption leaf_task_id=",
                "C-followup-leaf-adoption leaf_task_id= | severity_group_id=",
                "C-followup-leaf-adoption followup_slice_id=  | leaf_task_id=",
            ];
        "commit: without its agent": structural! { command: "cd x && git commit -m y" } => [
            "C-agent-commit command=cd x && git commit -m y",
        ];
        "several at once, in the contract's order":
            structural! {
                has_integration_points: false,
                vote: "MAYBE",
                review_cycle_count: 9_u64,
            } => [
                "C-review-binary valid_votes=ACCEPT,REVISE | vote=MAYBE",
                "C-integration-points has_integration_points=false",
                "C-max-review-cycles max_cycles=3 | review_cycle_count=9",
            ];
    }
}

macro_rules! sound {
    ($($id:literal: { $($given:tt)* };)*) => { vec![$(($id, facts!($($given)*)),)*] };
}

/// Facts that meet a demand, with the demand; all that its check needs is given.
fn sound_facts() -> Vec<(&'static str, StructuralFacts)> {
    sound! {
        "C-review-binary": { vote: "REVISE" };
        "C-worker-gates": { has_todos: false, tests_pass: true, typecheck_pass: true };
        "C-vertical-slices": { production_code_path: "a", owner_ids: texts(["s1", "s1", ""]) };
        "C-handoff-skill-invocation": { from_phase: "p10", to_phase: "p9" };
        "C-handoff-skill-invocation": { from_phase: "P7", to_phase: "nowhere" };
        "C-dep-direction": { parent_id: "a", child_id: "b" };
        "C-blocker-dual-parent": { blocker_task_id: "b", severity_group_id: "g", slice_id: "s" };
        "C-followup-timing": { has_important_or_minor: true, followup_created: true };
        "C-followup-timing": { has_important_or_minor: false, followup_created: false };
        "C-supervisor-no-impl": { role: "supervisor", action_type: "read_file" };
        "C-supervisor-no-impl": { role: "worker", action_type: "file_edit" };
        "C-supervisor-explore-ephemeral": { phase: "p8", exploration_method: "ephemeral_task" };
        "C-supervisor-explore-ephemeral": { phase: "p3", exploration_method: "any" };
        "C-integration-points": { has_integration_points: true };
        "C-slice-review-before-close": { slice_closed_by_worker: false, review_completed: true };
        "C-max-review-cycles": { review_cycle_count: 3_u64 };
        "C-clean-review-exit":
            {
                blockers_remaining: 0_u64,
                importants_remaining: 0_u64,
                exited_on_worker_wave: false,
            };
        "C-autonomous-progression": { phase: "p1", asked_user: true };
        "C-autonomous-progression": { phase: "p2", asked_user: true };
        "C-autonomous-progression": { phase: "p5", asked_user: true };
        "C-autonomous-progression": { phase: "p11", asked_user: true };
        "C-autonomous-progression": { phase: "p9", asked_user: false };
        "C-slice-leaf-tasks": { slice_id: "s", leaf_task_ids: texts(["l"]) };
        "C-ure-verbatim": { question: "q", options: texts(["o"]), response: "r" };
        "C-frontmatter-refs":
            { task_description: "---\nurd: x\n---", required_ref_keys: texts(["urd"]) };
        "C-frontmatter-refs": { task_description: "", required_ref_keys: texts([]) };
        "C-followup-leaf-adoption":
            { leaf_task_id: "l", severity_group_id: "g", followup_slice_id: "s" };
        "C-agent-commit": { command: "git agent-commit -m 'not git commit'" };
        "C-agent-commit": { command: "git status" };
    }
}

#[test]
fn sound_facts_violate_nothing_and_were_looked_at() {
    for (id, facts) in sound_facts() {
        check(&(id, check_structural(&facts), &[]));
        let run: Vec<&str> = checks_run(&facts).into_iter().map(Word::word).collect();
        assert_eq!(run, [id], "{facts:?}");
    }
}

#[test]
fn a_check_does_not_run_until_all_its_facts_are_given() {
    let incomplete = [
        StructuralFacts::default(),
        facts! { has_todos: true, tests_pass: false },
        facts! { production_code_path: "" },
        facts! { owner_ids: texts([]), to_phase: "p8", child_id: "", slice_id: "" },
        facts! { from_phase: "p7", parent_id: "", blocker_task_id: "", severity_group_id: "" },
        facts! { has_important_or_minor: true, role: "supervisor", phase: "p8" },
        facts! { followup_created: false, action_type: "file_edit", exploration_method: "x" },
        facts! { slice_closed_by_worker: true, blockers_remaining: 1_u64, asked_user: true },
        facts! { review_completed: false, importants_remaining: 1_u64, leaf_task_ids: texts([]) },
        facts! { exited_on_worker_wave: true, question: "", response: "", leaf_task_id: "" },
        facts! { options: texts([]), task_description: "", followup_slice_id: "" },
        facts! { required_ref_keys: texts(["x"]), typecheck_pass: false },
    ];
    for facts in incomplete {
        assert_eq!(checks_run(&facts), [], "{facts:?}");
        assert_eq!(check_structural(&facts), [], "{facts:?}");
    }
}

#[test]
fn long_texts_are_cut_in_the_message_and_whole_in_the_context() {
    let command = format!("git commit -m '{}'", "é".repeat(5_000));
    let found = structural! { command: command.as_str() };
    assert!(found[0].message.len() < 200, "{}", found[0].message);
    assert_eq!(found[0].context["command"], command);
}
