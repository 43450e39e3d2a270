//! The twelve phases, their names, owners and domains. What leads from one to
//! another is `table`.

use super::words::{UnknownWord, Word, words};

words! {
    /// Where an epoch is.
    PhaseId as "phase" {
        /// Request.
        P1 = "p1",
        /// Elicit.
        P2 = "p2",
        /// Propose.
        P3 = "p3",
        /// Review of the plan.
        P4 = "p4",
        /// The user's acceptance of the plan.
        P5 = "p5",
        /// Ratify.
        P6 = "p6",
        /// Handoff.
        P7 = "p7",
        /// Implementation plan.
        P8 = "p8",
        /// Worker slices.
        P9 = "p9",
        /// Code review.
        P10 = "p10",
        /// The user's acceptance of the implementation.
        P11 = "p11",
        /// Landing.
        P12 = "p12",
        /// Done.
        Complete = "complete",
    }
}

words! {
    /// Whose concern a phase is.
    Domain as "domain" {
        /// The user's.
        User = "user",
        /// Planning.
        Plan = "plan",
        /// Implementation.
        Impl = "impl",
    }
}

words! {
    /// Who acts.
    RoleId as "role" {
        /// The epoch's own coordinator.
        Epoch = "epoch",
        /// Plans.
        Architect = "architect",
        /// Judges.
        Reviewer = "reviewer",
        /// Directs the implementation.
        Supervisor = "supervisor",
        /// Implements.
        Worker = "worker",
    }
}

/// What the table says of one phase besides its transitions.
#[derive(Clone, Copy, Debug)]
pub struct PhaseSpec {
    /// The phase.
    pub id: PhaseId,
    /// Its place, 1 to 12.
    pub number: u8,
    /// Its title.
    pub title: &'static str,
    /// Its short name, as people type it.
    pub name: &'static str,
    /// Whose concern it is.
    pub domain: Domain,
    /// Who owns it.
    pub owners: &'static [RoleId],
    /// Who acts next.
    pub acts: RoleId,
}

use Domain::{Impl, Plan, User};
use RoleId::{Architect, Epoch, Reviewer, Supervisor, Worker};

const fn spec(
    id: PhaseId,
    number: u8,
    title: &'static str,
    name: &'static str,
    domain: Domain,
    owners: &'static [RoleId],
    acts: RoleId,
) -> PhaseSpec {
    PhaseSpec {
        id,
        number,
        title,
        name,
        domain,
        owners,
        acts,
    }
}

const SPECS: [PhaseSpec; 12] = [
    spec(
        PhaseId::P1,
        1,
        "Request",
        "request",
        User,
        &[Epoch, Architect],
        Epoch,
    ),
    spec(
        PhaseId::P2,
        2,
        "Elicit",
        "elicit",
        User,
        &[Epoch, Architect],
        Architect,
    ),
    spec(
        PhaseId::P3,
        3,
        "Propose",
        "propose",
        Plan,
        &[Epoch, Architect],
        Architect,
    ),
    spec(
        PhaseId::P4,
        4,
        "Review",
        "review",
        Plan,
        &[Epoch, Architect, Reviewer],
        Reviewer,
    ),
    spec(
        PhaseId::P5,
        5,
        "Plan UAT",
        "uat",
        User,
        &[Epoch, Architect],
        Architect,
    ),
    spec(
        PhaseId::P6,
        6,
        "Ratify",
        "ratify",
        Plan,
        &[Epoch, Architect],
        Architect,
    ),
    spec(
        PhaseId::P7,
        7,
        "Handoff",
        "handoff",
        Plan,
        &[Epoch, Architect, Supervisor],
        Supervisor,
    ),
    spec(
        PhaseId::P8,
        8,
        "Impl Plan",
        "impl_plan",
        Impl,
        &[Epoch, Supervisor],
        Supervisor,
    ),
    spec(
        PhaseId::P9,
        9,
        "Worker Slices",
        "slice",
        Impl,
        &[Epoch, Supervisor, Worker],
        Worker,
    ),
    spec(
        PhaseId::P10,
        10,
        "Code Review",
        "code_review",
        Impl,
        &[Epoch, Supervisor, Reviewer],
        Reviewer,
    ),
    spec(
        PhaseId::P11,
        11,
        "Impl UAT",
        "impl_uat",
        User,
        &[Epoch, Supervisor],
        Supervisor,
    ),
    spec(
        PhaseId::P12,
        12,
        "Landing",
        "landing",
        Impl,
        &[Epoch, Supervisor],
        Supervisor,
    ),
];

impl PhaseId {
    /// The phase's row of the table; `complete` has none.
    pub fn spec(self) -> Option<&'static PhaseSpec> {
        SPECS.iter().find(|spec| spec.id == self)
    }

    /// All twelve rows, in order.
    pub fn specs() -> &'static [PhaseSpec] {
        &SPECS
    }

    /// Whose concern the phase is; `complete` is nobody's.
    pub fn domain(self) -> Option<Domain> {
        self.spec().map(|spec| spec.domain)
    }

    /// Whether reviewers vote here.
    pub const fn is_review(self) -> bool {
        matches!(self, Self::P4 | Self::P10)
    }

    /// The long form, such as `p8-impl_plan`.
    pub fn canonical(self) -> String {
        match self.spec() {
            Some(spec) => format!("{}-{}", self.word(), spec.name),
            None => self.word().to_owned(),
        }
    }

    /// The phase as people name it: `4`, `p4`, `review`, `p4-review`, in any case,
    /// `-` and `_` alike.
    pub fn parse_name(text: &str) -> Result<Self, UnknownWord> {
        let folded = text.trim().to_ascii_lowercase().replace('-', "_");
        let found = Self::ALL.iter().copied().find(|phase| {
            let word = phase.word();
            match phase.spec() {
                None => folded == word,
                Some(spec) => {
                    folded == word
                        || folded == spec.name
                        || word.strip_prefix('p') == Some(folded.as_str())
                        || folded
                            .strip_prefix(word)
                            .and_then(|rest| rest.strip_prefix('_'))
                            == Some(spec.name)
                }
            }
        });
        found.ok_or_else(|| {
            let valid: Vec<String> = Self::ALL.iter().map(|phase| phase.canonical()).collect();
            let valid: Vec<&str> = valid.iter().map(String::as_str).collect();
            UnknownWord::new(Self::KIND, text, &valid)
        })
    }
}
