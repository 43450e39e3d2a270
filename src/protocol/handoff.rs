//! The handoffs: where one role gives the work to another, and how much it must say.

use super::phase::{PhaseId, RoleId};
use super::words::words;

words! {
    /// How much a handoff says.
    ContentLevel as "content level" {
        /// Everything, with where it comes from.
        FullProvenance = "full-provenance",
        /// A summary, with the ids of the rest.
        SummaryWithIds = "summary-with-ids",
    }
}

/// One handoff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handoff {
    /// Its id.
    pub id: &'static str,
    /// Who gives.
    pub from: RoleId,
    /// Who takes.
    pub to: RoleId,
    /// In which phase.
    pub phase: PhaseId,
    /// How much it says.
    pub content: ContentLevel,
}

use ContentLevel::{FullProvenance, SummaryWithIds};
use RoleId::{Architect, Reviewer, Supervisor, Worker};

const fn handoff(
    id: &'static str,
    from: RoleId,
    to: RoleId,
    phase: PhaseId,
    content: ContentLevel,
) -> Handoff {
    Handoff {
        id,
        from,
        to,
        phase,
        content,
    }
}

/// All of them.
pub const HANDOFFS: [Handoff; 6] = [
    handoff("h1", Architect, Supervisor, PhaseId::P7, FullProvenance),
    handoff("h2", Supervisor, Worker, PhaseId::P9, SummaryWithIds),
    handoff("h3", Supervisor, Reviewer, PhaseId::P10, SummaryWithIds),
    handoff("h4", Worker, Reviewer, PhaseId::P10, SummaryWithIds),
    handoff("h5", Reviewer, Supervisor, PhaseId::P10, SummaryWithIds),
    handoff("h6", Supervisor, Architect, PhaseId::P3, SummaryWithIds),
];
