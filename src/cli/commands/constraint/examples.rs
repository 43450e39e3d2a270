//! Descriptions that violate each constraint, one for each way it is checked. What a
//! constraint takes, looks at and tells is read from them, and a test makes sure that each
//! violates what it is an example of; so nothing of it is written down twice.

use serde_json::Value;

use crate::cli::lenient;
use crate::protocol::Word;
use crate::protocol::constraint::ConstraintId;
use crate::protocol::table::{TABLE, Transition};

/// The part of a description that is a state.
pub(in crate::cli::commands) const STATE: &str = "state";
/// The part that is a step from it.
pub(in crate::cli::commands) const TRANSITION: &str = "transition";
/// The part that has arguments.
const CHECKS: &str = "checks";
/// The parts by which a constraint can be checked; a step has a state beside it, and is
/// what is looked at then.
const PARTS: [&str; 4] = ["titles", CHECKS, TRANSITION, STATE];

/// The examples, as they may stand in a file.
pub(in crate::cli::commands) const fn of(id: ConstraintId) -> &'static [&'static str] {
    match id {
        ConstraintId::ReviewConsensus => &[
            r#"{"state": {"current_phase": "p4", "review_votes": {"elegance": "REVISE"}}, "transition": {"to": "p5"}}"#,
            r#"{"state": {"current_phase": "p4", "review_votes": {"correctness": "ACCEPT"}}}"#,
        ],
        ConstraintId::ReviewBinary => {
            &[r#"{"checks": [{"constraint": "C-review-binary", "vote": "MAYBE"}]}"#]
        }
        ConstraintId::SeverityNotPlan => {
            &[r#"{"state": {"current_phase": "p4", "severity_groups": {"MINOR": []}}}"#]
        }
        ConstraintId::SeverityEager => {
            &[r#"{"state": {"current_phase": "p10", "severity_groups": {"BLOCKER": []}}}"#]
        }
        ConstraintId::WorkerGates => &[
            r#"{"state": {"current_phase": "p10", "blocker_count": 1}, "transition": {"to": "p11"}}"#,
            r#"{"state": {"current_phase": "p10", "blocker_count": 1}}"#,
            r#"{"checks": [{"constraint": "C-worker-gates", "has_todos": true, "tests_pass": false, "typecheck_pass": true}]}"#,
        ],
        ConstraintId::AuditNeverDelete => {
            &[r#"{"state": {"current_phase": "p3", "transition_history": []}}"#]
        }
        ConstraintId::AuditDepChain => &[
            r#"{"state": {"current_phase": "p2", "transition_history": [{"from_phase": "p1", "to_phase": "p2", "timestamp": "2026-01-31T12:00:00+00:00", "triggered_by": "", "condition_met": ""}]}}"#,
        ],
        ConstraintId::VerticalSlices => &[
            r#"{"checks": [{"constraint": "C-vertical-slices", "production_code_path": "src/parser.rs", "owner_ids": ["parser", "docs"]}]}"#,
            r#"{"state": {"current_phase": "p1", "current_role": "boss"}}"#,
        ],
        ConstraintId::HandoffSkillInvocation => &[
            r#"{"state": {"current_phase": "p7"}, "transition": {"to": "p8"}}"#,
            r#"{"checks": [{"constraint": "C-handoff-skill-invocation", "from_phase": "p9", "to_phase": "p10"}]}"#,
        ],
        ConstraintId::DepDirection => &[
            r#"{"checks": [{"constraint": "C-dep-direction", "parent_id": "docs", "child_id": "docs"}]}"#,
        ],
        ConstraintId::BlockerDualParent => &[
            r#"{"checks": [{"constraint": "C-blocker-dual-parent", "blocker_task_id": "b-1", "severity_group_id": "", "slice_id": ""}]}"#,
        ],
        ConstraintId::FollowupTiming => &[
            r#"{"checks": [{"constraint": "C-followup-timing", "has_important_or_minor": true, "followup_created": false}]}"#,
        ],
        ConstraintId::SupervisorNoImpl => &[
            r#"{"checks": [{"constraint": "C-supervisor-no-impl", "role": "supervisor", "action_type": "file_edit"}]}"#,
        ],
        ConstraintId::SupervisorExploreEphemeral => &[
            r#"{"checks": [{"constraint": "C-supervisor-explore-ephemeral", "phase": "p8", "exploration_method": "standing_team"}]}"#,
        ],
        ConstraintId::IntegrationPoints => &[
            r#"{"checks": [{"constraint": "C-integration-points", "has_integration_points": false}]}"#,
        ],
        ConstraintId::SliceReviewBeforeClose => &[
            r#"{"checks": [{"constraint": "C-slice-review-before-close", "slice_closed_by_worker": false, "review_completed": false}]}"#,
        ],
        ConstraintId::MaxReviewCycles => {
            &[r#"{"checks": [{"constraint": "C-max-review-cycles", "review_cycle_count": 4}]}"#]
        }
        ConstraintId::CleanReviewExit => &[
            r#"{"checks": [{"constraint": "C-clean-review-exit", "blockers_remaining": 0, "importants_remaining": 2, "exited_on_worker_wave": true}]}"#,
        ],
        ConstraintId::AutonomousProgression => &[
            r#"{"checks": [{"constraint": "C-autonomous-progression", "phase": "p9", "asked_user": true}]}"#,
        ],
        ConstraintId::SliceLeafTasks => &[
            r#"{"checks": [{"constraint": "C-slice-leaf-tasks", "slice_id": "parser", "leaf_task_ids": []}]}"#,
        ],
        ConstraintId::UreVerbatim => &[
            r#"{"checks": [{"constraint": "C-ure-verbatim", "question": "Which login?", "options": [], "response": ""}]}"#,
        ],
        ConstraintId::FrontmatterRefs => &[
            r#"{"checks": [{"constraint": "C-frontmatter-refs", "task_description": "---\nurd: 7\n---\nParse it.", "required_ref_keys": ["urd", "proposal"]}]}"#,
        ],
        ConstraintId::FollowupLeafAdoption => &[
            r#"{"checks": [{"constraint": "C-followup-leaf-adoption", "leaf_task_id": "l-1", "severity_group_id": "", "followup_slice_id": ""}]}"#,
        ],
        ConstraintId::AgentCommit => {
            &[r#"{"checks": [{"constraint": "C-agent-commit", "command": "git commit -m done"}]}"#]
        }
        ConstraintId::ProposalNaming => &[
            r#"{"titles": ["PROPOSAL: sign in"]}"#,
            r#"{"checks": [{"constraint": "C-proposal-naming", "title": "sign in"}]}"#,
        ],
        ConstraintId::ReviewNaming => &[
            r#"{"titles": ["PROPOSAL-1-REVIEW-1: good"]}"#,
            r#"{"checks": [{"constraint": "C-review-naming", "title": "a review"}]}"#,
        ],
        ConstraintId::FollowupLifecycle => &[
            r#"{"titles": ["FOLLOWUP_TODO: the rest"]}"#,
            r#"{"checks": [{"constraint": "C-followup-lifecycle", "title": "the rest"}]}"#,
        ],
        ConstraintId::ActionableErrors => &[],
    }
}

fn documents(id: ConstraintId) -> impl Iterator<Item = Value> {
    of(id)
        .iter()
        .filter_map(|text| serde_json::from_str(text).ok())
}

/// The part of a description that it is an example of.
fn part(document: &Value) -> Option<&'static str> {
    PARTS.into_iter().find(|part| document.get(part).is_some())
}

/// The arguments that an entry of `checks` gives for the constraint; none where it is not
/// checked by arguments.
pub(in crate::cli::commands) fn arguments(id: ConstraintId) -> Vec<String> {
    let entry = documents(id).find_map(|document| document[CHECKS][0].as_object().cloned());
    let keys = entry.unwrap_or_default();
    let keys = keys.keys().filter(|key| *key != "constraint");
    keys.cloned().collect()
}

/// The parts of a description by which the constraint is checked.
pub(in crate::cli::commands) fn parts(id: ConstraintId) -> Vec<&'static str> {
    let found: Vec<_> = documents(id)
        .filter_map(|document| part(&document))
        .collect();
    let parts = PARTS.into_iter();
    parts.filter(|part| found.contains(part)).collect()
}

/// The constraints that are checked by a part of a description.
pub(in crate::cli::commands) fn looking_at(part: &str) -> Vec<ConstraintId> {
    let all = ConstraintId::ALL.iter().copied();
    all.filter(|id| parts(*id).contains(&part)).collect()
}

/// The steps that are refused while the constraint is violated.
pub(super) fn blocked(id: ConstraintId) -> Vec<&'static Transition> {
    let gate = id.gate();
    let closes = |step: &&Transition| gate.is_some_and(|gate| step.gates().contains(&gate));
    TABLE.iter().filter(closes).collect()
}

/// The constraint of this id, in any case, with or without its `C-`; or what to say of it.
pub(in crate::cli::commands) fn find(text: &str) -> Result<ConstraintId, String> {
    let folded = text.trim().to_ascii_lowercase().replace('_', "-");
    let bare = folded.strip_prefix("c-").unwrap_or(&folded);
    let all = ConstraintId::ALL.iter().copied();
    let is_meant = |id: &ConstraintId| id.word().strip_prefix("C-") == Some(bare);
    all.clone().find(is_meant).ok_or_else(|| {
        let shown = crate::cli::input::cut(text);
        // The prefix is left out: it would make every id resemble every other.
        let names = all.filter_map(|id| id.word().strip_prefix("C-"));
        let advice = lenient::meant(bare, names);
        let advice = advice.replacen("did you mean ", "did you mean C-", 1);
        format!("unknown constraint '{shown}'; {advice}")
    })
}
