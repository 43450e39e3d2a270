//! What the protocol forbids an agent at an event: a table of event × phase × role. It is
//! pure, and careful: it names only what is certain from the epoch's state and from what
//! the agent was given when it was started (its role, its axis, its slice).
//!
//! | event | who | in | what |
//! |---|---|---|---|
//! | stop | reviewer with an axis | p4, p10 | that axis has no vote in the open round |
//! | stop | worker with a slice | p9 | the slice runs, and leaf tasks of it are not done |
//! | stop | architect | p3, p6 | the phase is theirs, and no user is asked there |
//! | stop | supervisor | p7, p8, p12 | the same |
//! | pre-tool-use | supervisor | any | changes files (C-supervisor-no-impl) |
//! | pre-tool-use | anybody | all but p1, p2, p5, p11 | asks the user (C-autonomous-progression) |
//! | pre-tool-use | anybody | any | runs a plain `git commit` (C-agent-commit) |
//!
//! Everything else is free, and all of it is in an epoch that does not run.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::agent::{Agent, Event, Tool};
use super::heard::Heard;
use super::shell_commands;
use crate::contract::query::QueryStateResult;
use crate::protocol::constraint::{StructuralFacts, check_structural};
use crate::protocol::phase::Domain;
use crate::protocol::slice::SliceState;
use crate::protocol::state::EpochStatus;
use crate::protocol::vote::ReviewAxis;
use crate::protocol::{PhaseId, RoleId, Word};

/// Who calls, as far as its surroundings say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Caller {
    /// Its role.
    pub(super) role: Option<RoleId>,
    /// The axis that it judges.
    pub(super) axis: Option<ReviewAxis>,
    /// The slice that it works on.
    pub(super) slice_id: Option<String>,
}

/// What is known of the epoch.
#[derive(Clone, Debug)]
pub(super) struct Known<'a> {
    /// Its state.
    pub(super) state: &'a QueryStateResult,
    /// The leaf tasks of the caller's slice that were reported as done.
    pub(super) done: BTreeSet<String>,
}

/// Why something is forbidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Forbidden {
    /// What is, and why.
    pub(super) what: String,
    /// What to do instead.
    pub(super) instead: String,
}

/// Whether the epoch's state has to be known to judge an event. Most uses of tools do not
/// concern the protocol, and must not wait for a server.
pub(super) fn concerns(agent: Agent, event: Event, caller: &Caller, heard: &Heard) -> bool {
    match event {
        Event::PreToolUse => use_of_tool(agent, caller, heard).is_some(),
        Event::Stop => !heard.was_stopped_before,
        Event::SessionStart | Event::SessionEnd | Event::UserPromptSubmit => true,
    }
}

/// What forbids an event, if something does.
pub(super) fn forbidden(
    agent: Agent,
    event: Event,
    caller: &Caller,
    heard: &Heard,
    known: &Known<'_>,
) -> Option<Forbidden> {
    let state = known.state;
    let status = state.more.as_ref().map(|more| more.status);
    let runs = status.is_none_or(|status| status == EpochStatus::Running)
        && state.current_phase != PhaseId::Complete;
    if !runs {
        return None;
    }
    match event {
        Event::PreToolUse => use_of_tool(agent, caller, heard)?.judge(state.current_phase),
        // Kept from stopping once, it knows; twice would be a loop.
        Event::Stop if !heard.was_stopped_before => stop(caller, known),
        Event::Stop | Event::SessionStart | Event::SessionEnd | Event::UserPromptSubmit => None,
    }
}

/// A use of a tool that a constraint may have a word on.
struct Use(StructuralFacts);

impl Use {
    fn judge(self, phase: PhaseId) -> Option<Forbidden> {
        let facts = StructuralFacts {
            phase: Some(phase.word().to_owned()),
            ..self.0
        };
        let violation = check_structural(&facts).into_iter().next()?;
        // A violation's message is what is wrong; then, after a semicolon, what to do.
        let (what, instead) = violation
            .message
            .split_once("; ")
            .unwrap_or((&violation.message, "leave it"));
        Some(Forbidden {
            what: format!("{what} ({})", violation.constraint),
            instead: instead.to_owned(),
        })
    }
}

fn use_of_tool(agent: Agent, caller: &Caller, heard: &Heard) -> Option<Use> {
    let facts = match agent.tool(heard.tool.as_deref()?)? {
        Tool::Edit if caller.role == Some(RoleId::Supervisor) => StructuralFacts {
            role: caller.role.map(|role| role.word().to_owned()),
            action_type: Some("file_edit".to_owned()),
            ..StructuralFacts::default()
        },
        Tool::Edit => return None,
        Tool::Ask => StructuralFacts {
            asked_user: Some(true),
            ..StructuralFacts::default()
        },
        Tool::Shell => StructuralFacts {
            command: heard
                .command
                .clone()
                .filter(|line| shell_commands::commits(line)),
            ..StructuralFacts::default()
        },
    };
    (facts != StructuralFacts::default()).then_some(Use(facts))
}

fn stop(caller: &Caller, known: &Known<'_>) -> Option<Forbidden> {
    let phase = known.state.current_phase;
    match (caller.role?, phase) {
        (RoleId::Reviewer, PhaseId::P4 | PhaseId::P10) => {
            let axis = caller.axis?;
            (!known.state.votes.contains_key(&axis)).then(|| Forbidden {
                what: format!("{phase} waits for your vote on {axis}"),
                instead: "judge it, and vote".to_owned(),
            })
        }
        (RoleId::Worker, PhaseId::P9) => unfinished(caller.slice_id.as_deref()?, known),
        (role @ (RoleId::Architect | RoleId::Supervisor), _) => {
            let spec = phase.spec()?;
            // Where the user is concerned, an agent stops to ask.
            let alone = spec.domain != Domain::User;
            (spec.acts == role && alone).then(|| Forbidden {
                what: format!("{phase} is the {role}'s, and nobody else moves it on"),
                instead: "do what it is for, and advance".to_owned(),
            })
        }
        _ => None,
    }
}

/// A slice that still has something to do.
fn unfinished(slice_id: &str, known: &Known<'_>) -> Option<Forbidden> {
    let slices = &known.state.more.as_ref()?.slices;
    let slice = slices.iter().find(|slice| slice.slice_id == slice_id)?;
    let left: Vec<&str> = slice
        .leaf_task_ids
        .iter()
        .map(String::as_str)
        .filter(|leaf| !known.done.contains(*leaf))
        .collect();
    (slice.state == SliceState::Running && !left.is_empty()).then(|| Forbidden {
        what: format!("slice {slice_id} has leaf tasks left: {}", left.join(", ")),
        instead: "finish them, and report each with `aura-msg slice progress --leaf TASK --done`"
            .to_owned(),
    })
}
