//! The checks of how people and agents work: whatever a caller can say of a task, a
//! slice, a review or a command, and no state shows. A check runs when all that it
//! looks at is given; `checks_run` tells which did, because no violation means little
//! if nothing was looked at.

mod conduct;
mod facts;
mod graph;
mod record;
mod review;

use crate::protocol::constraint::{ConstraintId, Violation};

pub use facts::StructuralFacts;

/// `None` when what it looks at is not all given.
type Check = fn(&StructuralFacts) -> Option<Vec<Violation>>;

/// The checks in the contract's order.
const CHECKS: [(ConstraintId, Check); 19] = [
    (ConstraintId::ReviewBinary, review::vote_is_binary),
    (ConstraintId::WorkerGates, review::worker_gates_pass),
    (ConstraintId::VerticalSlices, graph::path_has_one_owner),
    (
        ConstraintId::HandoffSkillInvocation,
        conduct::handoff_is_prepared,
    ),
    (ConstraintId::DepDirection, graph::dependency_joins_two),
    (
        ConstraintId::BlockerDualParent,
        graph::blocker_has_both_parents,
    ),
    (ConstraintId::FollowupTiming, review::followup_is_created),
    (
        ConstraintId::SupervisorNoImpl,
        conduct::supervisor_edits_nothing,
    ),
    (
        ConstraintId::SupervisorExploreEphemeral,
        conduct::exploration_is_ephemeral,
    ),
    (
        ConstraintId::IntegrationPoints,
        record::integration_points_are_written,
    ),
    (
        ConstraintId::SliceReviewBeforeClose,
        review::slice_is_reviewed_before_close,
    ),
    (ConstraintId::MaxReviewCycles, review::cycles_are_few),
    (ConstraintId::CleanReviewExit, review::exit_is_clean),
    (
        ConstraintId::AutonomousProgression,
        conduct::user_is_left_alone,
    ),
    (ConstraintId::SliceLeafTasks, graph::slice_has_leaves),
    (ConstraintId::UreVerbatim, record::interview_is_complete),
    (
        ConstraintId::FrontmatterRefs,
        record::references_are_in_front_matter,
    ),
    (
        ConstraintId::FollowupLeafAdoption,
        graph::followup_leaf_has_both_parents,
    ),
    (ConstraintId::AgentCommit, conduct::commit_is_agents),
];

/// Every demand that the given facts do not meet, in the contract's order.
pub fn check_structural(facts: &StructuralFacts) -> Vec<Violation> {
    CHECKS
        .iter()
        .filter_map(|(_, check)| check(facts))
        .flatten()
        .collect()
}

/// The constraints whose facts are all given, in the contract's order.
pub fn checks_run(facts: &StructuralFacts) -> Vec<ConstraintId> {
    CHECKS
        .iter()
        .filter(|(_, check)| check(facts).is_some())
        .map(|(id, _)| *id)
        .collect()
}

/// The result of a check that finds one thing at most.
fn found_if(violated: bool, violation: impl FnOnce() -> Violation) -> Vec<Violation> {
    violated.then(violation).into_iter().collect()
}
