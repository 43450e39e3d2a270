//! The checks of a step from one phase to another. They say what the step leaves
//! undone; whether it may be taken is decided in `epoch`.

use crate::protocol::constraint::{ConstraintId, StateFacts, Violation, state};
use crate::protocol::phase::PhaseId;
use crate::protocol::words::Word;

use PhaseId::{P4, P5, P7, P8, P9, P10, P11};

/// The steps at which another actor takes over.
const HANDOFFS: [(PhaseId, PhaseId); 2] = [(P7, P8), (P9, P10)];

/// Every demand that the step does not meet, in the contract's order. `facts` are
/// those of the state before the step, while its votes still stand.
pub fn check_transition(facts: &StateFacts, from: PhaseId, to: PhaseId) -> Vec<Violation> {
    let mut found = Vec::new();
    if matches!((from, to), (P4, P5) | (P10, P11)) {
        found.extend(state::consensus(facts, from));
    }
    found.extend(handoff_reminder(from.word(), to.word()));
    if (from, to) == (P10, P11) {
        found.extend(state::no_open_blockers(facts, from));
    }
    found
}

/// The reminder that a handoff always gets, since nobody can see from a state whether
/// the next actor was started properly. The phases are texts, because they may be what
/// somebody typed.
pub(super) fn handoff_reminder(from: &str, to: &str) -> Option<Violation> {
    HANDOFFS
        .iter()
        .find(|(f, t)| f.word() == from && t.word() == to)
        .map(|_| {
            let message = format!(
                "{from}→{to} hands the work to another actor; write the handoff document and begin \
             that actor's prompt with the call of its skill"
            );
            Violation::new(ConstraintId::HandoffSkillInvocation, message)
                .with("from_phase", from)
                .with("to_phase", to)
        })
}
