//! The transition table: which phase may follow which, what the contract says of each
//! step, and which gates it must pass. Whether a gate is open is decided in `epoch`.

use super::phase::PhaseId;
use super::words::words;

words! {
    /// What the rules themselves make sure of before a step.
    Gate as "gate" {
        /// All three reviewers accept.
        Consensus = "consensus",
        /// No BLOCKER is open.
        Blockers = "blockers",
        /// Every declared slice has succeeded or was waived.
        Slices = "slices",
        /// The review phase has rounds left.
        Rounds = "review_rounds",
    }
}

impl Gate {
    /// What must be true for it to be open.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Consensus => "all three axes have a vote, and it is ACCEPT",
            Self::Blockers => "no BLOCKER finding is open",
            Self::Slices => "every declared slice has succeeded or was waived",
            Self::Rounds => {
                "the review phase has had fewer rounds without consensus than the epoch allows, \
                 or a reason to override that is given"
            }
        }
    }
}

/// One allowed step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Where it starts.
    pub from: PhaseId,
    /// Where it leads.
    pub to: PhaseId,
    /// What should be true, in words for people.
    pub condition: &'static str,
    /// What the step asks of whoever takes it.
    pub action: Option<&'static str>,
}

use PhaseId::{Complete, P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11, P12};

const fn step(from: PhaseId, to: PhaseId, condition: &'static str) -> Transition {
    Transition {
        from,
        to,
        condition,
        action: None,
    }
}

const fn back(
    from: PhaseId,
    to: PhaseId,
    condition: &'static str,
    action: &'static str,
) -> Transition {
    Transition {
        from,
        to,
        condition,
        action: Some(action),
    }
}

/// Every allowed step; inside a phase the way forward comes first.
pub const TABLE: [Transition; 16] = [
    step(
        P1,
        P2,
        "classification confirmed, research and explore complete",
    ),
    step(P2, P3, "URD created with structured requirements"),
    step(P3, P4, "proposal created"),
    step(P4, P5, "all 3 reviewers vote ACCEPT"),
    back(
        P4,
        P3,
        "any reviewer votes REVISE",
        "create PROPOSAL-{N+1}, mark current aura:superseded",
    ),
    step(P5, P6, "user accepts plan"),
    back(P5, P3, "user requests changes", "create PROPOSAL-{N+1}"),
    step(P6, P7, "proposal ratified, IMPL_PLAN placeholder created"),
    step(P7, P8, "handoff document stored at .git/.aura/handoff/"),
    step(
        P8,
        P9,
        "all slices created with leaf tasks, assigned, and dependency-chained",
    ),
    step(P9, P10, "all slices complete, quality gates pass"),
    step(P10, P11, "all 3 reviewers ACCEPT, all BLOCKERs resolved"),
    back(
        P10,
        P9,
        "any reviewer votes REVISE",
        "fix BLOCKERs in affected slices, then re-review",
    ),
    step(P11, P12, "user accepts implementation"),
    back(
        P11,
        P9,
        "user requests changes",
        "create fix tasks in affected slices",
    ),
    step(
        P12,
        Complete,
        "git push succeeds, all tasks closed or dependency-resolved",
    ),
];

/// The steps out of `phase`, the way forward first.
pub fn steps_from(phase: PhaseId) -> impl Iterator<Item = &'static Transition> {
    TABLE.iter().filter(move |step| step.from == phase)
}

/// The step from one phase to another, if the table has it.
pub fn step_between(from: PhaseId, to: PhaseId) -> Option<&'static Transition> {
    TABLE.iter().find(|step| step.from == from && step.to == to)
}

impl Transition {
    /// The gates of the step, in the order in which they are looked at.
    pub const fn gates(&self) -> &'static [Gate] {
        match (self.from, self.to) {
            (P3, P4) => &[Gate::Rounds],
            (P4, P5) => &[Gate::Consensus],
            (P9, P10) => &[Gate::Slices, Gate::Rounds],
            (P10, P11) => &[Gate::Consensus, Gate::Blockers],
            _ => &[],
        }
    }

    /// Whether the step leads back to an earlier phase.
    pub fn is_way_back(&self) -> bool {
        self.to < self.from
    }
}
