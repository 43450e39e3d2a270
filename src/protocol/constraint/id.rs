//! The ids of the constraints, what each demands, and what its checks look at. The
//! checks themselves are elsewhere; this is what `constraint explain` tells of them.

use crate::protocol::table::Gate;
use crate::protocol::words::words;

words! {
    /// Which demand of the protocol.
    ConstraintId as "constraint" {
        /// All three accept.
        ReviewConsensus = "C-review-consensus",
        /// Two vote words.
        ReviewBinary = "C-review-binary",
        /// No grading of plans.
        SeverityNotPlan = "C-severity-not-plan",
        /// Three groups from the start.
        SeverityEager = "C-severity-eager",
        /// Gates before done.
        WorkerGates = "C-worker-gates",
        /// History stays.
        AuditNeverDelete = "C-audit-never-delete",
        /// Records say who and why.
        AuditDepChain = "C-audit-dep-chain",
        /// One owner.
        VerticalSlices = "C-vertical-slices",
        /// Handoffs are prepared.
        HandoffSkillInvocation = "C-handoff-skill-invocation",
        /// Dependencies join two.
        DepDirection = "C-dep-direction",
        /// Blockers have two parents.
        BlockerDualParent = "C-blocker-dual-parent",
        /// Follow-ups at once.
        FollowupTiming = "C-followup-timing",
        /// Supervisors do not code.
        SupervisorNoImpl = "C-supervisor-no-impl",
        /// Short-lived explorers.
        SupervisorExploreEphemeral = "C-supervisor-explore-ephemeral",
        /// Contracts between slices.
        IntegrationPoints = "C-integration-points",
        /// Review, then close.
        SliceReviewBeforeClose = "C-slice-review-before-close",
        /// Three rounds.
        MaxReviewCycles = "C-max-review-cycles",
        /// Leave a review clean.
        CleanReviewExit = "C-clean-review-exit",
        /// The user's phases.
        AutonomousProgression = "C-autonomous-progression",
        /// Slices have leaves.
        SliceLeafTasks = "C-slice-leaf-tasks",
        /// Interviews word for word.
        UreVerbatim = "C-ure-verbatim",
        /// References in front matter.
        FrontmatterRefs = "C-frontmatter-refs",
        /// Leaves keep two parents.
        FollowupLeafAdoption = "C-followup-leaf-adoption",
        /// Commits by agent-commit.
        AgentCommit = "C-agent-commit",
        /// Titles of proposals.
        ProposalNaming = "C-proposal-naming",
        /// Titles of reviews.
        ReviewNaming = "C-review-naming",
        /// Titles of follow-ups.
        FollowupLifecycle = "C-followup-lifecycle",
        /// Errors to act on.
        ActionableErrors = "C-actionable-errors",
    }
}

impl ConstraintId {
    /// The gate that holds the same demand, so that a step which violates it is refused.
    /// Everything else reminds, and blocks nothing.
    pub const fn gate(self) -> Option<Gate> {
        match self {
            Self::ReviewConsensus => Some(Gate::Consensus),
            Self::WorkerGates => Some(Gate::Blockers),
            _ => None,
        }
    }

    /// What it demands, in one sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::ReviewConsensus => {
                "All three reviewers must accept before a review is left forward."
            }
            Self::ReviewBinary => "A vote is ACCEPT or REVISE; there is nothing in between.",
            Self::SeverityNotPlan => {
                "The review of a plan grades no findings: the plan is accepted or revised."
            }
            Self::SeverityEager => {
                "The three severity groups exist from the start of the code review, even while \
                 they are empty."
            }
            Self::WorkerGates => {
                "Work is done when its tests and types pass, no TODO is left, and no blocker is \
                 open."
            }
            Self::AuditNeverDelete => "The record of what happened is never deleted.",
            Self::AuditDepChain => {
                "Every transition record says who asked for it and why it could happen."
            }
            Self::VerticalSlices => {
                "Work is cut so that every code path has one owner, and whoever acts has a known \
                 role."
            }
            Self::HandoffSkillInvocation => {
                "Where another actor takes over, it gets a handoff document and a prompt that \
                 first calls its skill."
            }
            Self::DepDirection => {
                "A dependency leads from the task that waits to another task that exists."
            }
            Self::BlockerDualParent => {
                "A blocker belongs to its severity group and to the slice it blocks."
            }
            Self::FollowupTiming => {
                "A review that leaves lesser findings creates their follow-up as soon as it ends."
            }
            Self::SupervisorNoImpl => "The supervisor directs and changes no code.",
            Self::SupervisorExploreEphemeral => {
                "In p8 the supervisor explores the code by helpers that end with their answer."
            }
            Self::IntegrationPoints => {
                "What slices expect of each other is written down before they are worked on."
            }
            Self::SliceReviewBeforeClose => {
                "A slice is closed by the supervisor, and only after its review."
            }
            Self::MaxReviewCycles => "A piece of work gets three rounds of review at most.",
            Self::CleanReviewExit => {
                "A review ends on the reviewers' wave, with no BLOCKER and no IMPORTANT finding \
                 open."
            }
            Self::AutonomousProgression => {
                "The user is asked in p1, p2, p5 and p11; everything between goes on by itself."
            }
            Self::SliceLeafTasks => "A slice is broken down into leaf tasks.",
            Self::UreVerbatim => {
                "An interview is recorded word for word: question, options offered, response."
            }
            Self::FrontmatterRefs => {
                "A task's references to others stand in the front matter of its description."
            }
            Self::FollowupLeafAdoption => {
                "A leaf task that a follow-up takes over belongs to its severity group and to the \
                 follow-up's slice."
            }
            Self::AgentCommit => {
                "Agents commit with `git agent-commit`, never with plain `git commit`."
            }
            Self::ProposalNaming => "A proposal is titled PROPOSAL-<number>: and its subject.",
            Self::ReviewNaming => "A review is titled <scope>-REVIEW-<axis>-<round>.",
            Self::FollowupLifecycle => {
                "What belongs to a follow-up carries the follow-up's prefix and its own kind in \
                 its title."
            }
            Self::ActionableErrors => {
                "An error says what happened, why, where, when, what it means and how to fix it."
            }
        }
    }

    /// What its checks look at and what they find wrong. Names before a colon are the
    /// facts that must be given; `state` and `transition` are an epoch's own.
    pub const fn how(self) -> &'static str {
        match self {
            Self::ReviewConsensus => {
                "state, transition: in p4 and p10, and on p4→p5 and p10→p11, an axis without \
                 ACCEPT"
            }
            Self::ReviewBinary => "vote: any other word, or another spelling",
            Self::SeverityNotPlan => "state: in p4, a severity group that exists",
            Self::SeverityEager => "state: in p10, a severity group that does not exist",
            Self::WorkerGates => {
                "state, transition: in p10 and on p10→p11, an open BLOCKER; has_todos, \
                 tests_pass, typecheck_pass: each of them that is not as it should be"
            }
            Self::AuditNeverDelete => "state: between p1 and complete, no transition record at all",
            Self::AuditDepChain => {
                "state: a record whose triggered_by is blank; a record whose condition_met is \
                 blank"
            }
            Self::VerticalSlices => {
                "state: a role that is none; production_code_path, owner_ids: a blank path, no \
                 owner, several owners"
            }
            Self::HandoffSkillInvocation => {
                "transition; from_phase, to_phase: p7→p8 and p9→p10, always, as a reminder"
            }
            Self::DepDirection => "parent_id, child_id: each blank one; both the same",
            Self::BlockerDualParent => {
                "blocker_task_id, severity_group_id, slice_id: a blank group, a blank slice, the \
                 same for both"
            }
            Self::FollowupTiming => {
                "has_important_or_minor, followup_created: the former without the latter"
            }
            Self::SupervisorNoImpl => {
                "role, action_type: a supervisor's file_edit, file_write, code_change, write_file \
                 or edit_file"
            }
            Self::SupervisorExploreEphemeral => {
                "phase, exploration_method: in p8, anything but ephemeral_task"
            }
            Self::IntegrationPoints => "has_integration_points: false",
            Self::SliceReviewBeforeClose => {
                "slice_closed_by_worker, review_completed: closed by the worker, or before the \
                 review"
            }
            Self::MaxReviewCycles => "review_cycle_count: more than 3",
            Self::CleanReviewExit => {
                "blockers_remaining, importants_remaining, exited_on_worker_wave: any remaining; \
                 left on the workers' wave"
            }
            Self::AutonomousProgression => "phase, asked_user: asked in another phase",
            Self::SliceLeafTasks => "slice_id, leaf_task_ids: no leaf task",
            Self::UreVerbatim => "question, options, response: each blank one",
            Self::FrontmatterRefs => {
                "task_description, required_ref_keys: each key without '---' at the start or \
                 without '<key>:' anywhere"
            }
            Self::FollowupLeafAdoption => {
                "leaf_task_id, severity_group_id, followup_slice_id: each blank one"
            }
            Self::AgentCommit => "command: one with 'git commit' and without 'git agent-commit'",
            Self::ProposalNaming => {
                "titles: one that begins with PROPOSAL, and not with 'PROPOSAL-<number>:'"
            }
            Self::ReviewNaming => {
                "titles: one with REVIEW before its first colon that does not begin with \
                 '<scope>-REVIEW-<axis>-<round>', the axis being A, B, C, correctness, \
                 test_quality or elegance"
            }
            Self::FollowupLifecycle => {
                "titles: one that begins with FOLLOWUP, and not with FOLLOWUP:, FOLLOWUP_URE:, \
                 FOLLOWUP_URD:, FOLLOWUP_PROPOSAL-, FOLLOWUP_IMPL_PLAN: or FOLLOWUP_SLICE-"
            }
            Self::ActionableErrors => "nothing at run time: it is kept when messages are written",
        }
    }
}
