//! How actors behave: what a role may do, when the user is asked, how work is handed
//! over and committed.

use super::{StructuralFacts, found_if};
use crate::protocol::constraint::{ConstraintId, Violation, quoted, transition};
use crate::protocol::phase::{Domain, PhaseId, RoleId};
use crate::protocol::words::Word;

/// The actions that change code, under the names that harnesses give them.
const EDITS: [&str; 5] = [
    "file_edit",
    "file_write",
    "code_change",
    "write_file",
    "edit_file",
];

/// The way of exploring that leaves nobody behind.
const EPHEMERAL: &str = "ephemeral_task";

pub(super) fn handoff_is_prepared(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let reminder =
        transition::handoff_reminder(facts.from_phase.as_deref()?, facts.to_phase.as_deref()?);
    Some(reminder.into_iter().collect())
}

pub(super) fn supervisor_edits_nothing(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let role = facts.role.as_deref()?;
    let action = facts.action_type.as_deref()?;
    let edits = role == RoleId::Supervisor.word() && EDITS.contains(&action);
    let found = found_if(edits, || {
        let message = format!(
            "the supervisor changes code ({action}); give the change to a worker as a task of \
             its slice"
        );
        Violation::new(ConstraintId::SupervisorNoImpl, message)
            .with("role", role)
            .with("action_type", action)
    });
    Some(found)
}

pub(super) fn exploration_is_ephemeral(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let phase = facts.phase.as_deref()?;
    let method = facts.exploration_method.as_deref()?;
    let found = found_if(phase == PhaseId::P8.word() && method != EPHEMERAL, || {
        let message = format!(
            "p8 explored the code by {}; use {EPHEMERAL}, short-lived helpers that end with their \
             answer",
            quoted(method)
        );
        Violation::new(ConstraintId::SupervisorExploreEphemeral, message)
            .with("phase", phase)
            .with("exploration_method", method)
    });
    Some(found)
}

/// The user is asked in the phases that are the user's, p1 p2 p5 p11, and nowhere else.
pub(super) fn user_is_left_alone(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let phase = facts.phase.as_deref()?;
    let asked = facts.asked_user?;
    let users = PhaseId::specs()
        .iter()
        .filter(|spec| spec.domain == Domain::User);
    let users: Vec<&str> = users.map(|spec| spec.id.word()).collect();
    let found = found_if(asked && !users.contains(&phase), || {
        let message = format!(
            "the user was asked in {}; decide it there without them, they are asked in {}",
            quoted(phase),
            users.join(", ")
        );
        Violation::new(ConstraintId::AutonomousProgression, message)
            .with("phase", phase)
            .with("asked_user", asked)
    });
    Some(found)
}

/// Only the text is looked at: a command that merely mentions a commit is found too.
pub(super) fn commit_is_agents(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let command = facts.command.as_deref()?;
    let plain = command.contains("git commit") && !command.contains("git agent-commit");
    let found = found_if(plain, || {
        let message = format!(
            "{} commits directly; use 'git agent-commit'",
            quoted(command)
        );
        Violation::new(ConstraintId::AgentCommit, message).with("command", command)
    });
    Some(found)
}
