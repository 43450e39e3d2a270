//! What a caller can say for `check_structural`. Phases and roles are texts: the caller
//! may be wrong about them, and an unknown one is no reason to check nothing.

/// The facts given; `None` is "not said".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StructuralFacts {
    /// A vote as it was written.
    pub vote: Option<String>,
    /// Whether TODOs are left in a worker's code.
    pub has_todos: Option<bool>,
    /// Whether its tests pass.
    pub tests_pass: Option<bool>,
    /// Whether its types check.
    pub typecheck_pass: Option<bool>,
    /// A path of production code.
    pub production_code_path: Option<String>,
    /// The slices or workers that own that path.
    pub owner_ids: Option<Vec<String>>,
    /// The phase a step starts from.
    pub from_phase: Option<String>,
    /// The phase it leads to.
    pub to_phase: Option<String>,
    /// The task that waits.
    pub parent_id: Option<String>,
    /// The task it waits for.
    pub child_id: Option<String>,
    /// A blocker's task.
    pub blocker_task_id: Option<String>,
    /// The severity group that a blocker or a leaf task belongs to.
    pub severity_group_id: Option<String>,
    /// A slice.
    pub slice_id: Option<String>,
    /// Whether a review left IMPORTANT or MINOR findings.
    pub has_important_or_minor: Option<bool>,
    /// Whether the follow-up for them exists.
    pub followup_created: Option<bool>,
    /// Who acts.
    pub role: Option<String>,
    /// What they do.
    pub action_type: Option<String>,
    /// The phase it is done in.
    pub phase: Option<String>,
    /// How the code was explored.
    pub exploration_method: Option<String>,
    /// Whether the contracts between slices are written down.
    pub has_integration_points: Option<bool>,
    /// Whether the worker closed its slice itself.
    pub slice_closed_by_worker: Option<bool>,
    /// Whether the slice's review was complete by then.
    pub review_completed: Option<bool>,
    /// Rounds of review so far.
    pub review_cycle_count: Option<u64>,
    /// BLOCKER findings left when the review was left.
    pub blockers_remaining: Option<u64>,
    /// IMPORTANT findings left when the review was left.
    pub importants_remaining: Option<u64>,
    /// Whether the last wave before leaving was the workers' and not the reviewers'.
    pub exited_on_worker_wave: Option<bool>,
    /// Whether the user was asked something.
    pub asked_user: Option<bool>,
    /// The slice's leaf tasks.
    pub leaf_task_ids: Option<Vec<String>>,
    /// A question of the interview.
    pub question: Option<String>,
    /// The answers that were offered with it.
    pub options: Option<Vec<String>>,
    /// What the user answered.
    pub response: Option<String>,
    /// A task's description.
    pub task_description: Option<String>,
    /// The references that its front matter must have.
    pub required_ref_keys: Option<Vec<String>>,
    /// A leaf task that a follow-up took over.
    pub leaf_task_id: Option<String>,
    /// The follow-up's slice that took it.
    pub followup_slice_id: Option<String>,
    /// A shell command.
    pub command: Option<String>,
}
