//! `aura-msg query state`.

use std::collections::BTreeMap;

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::args::EpochArgs;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::{Report, one_line};
use crate::contract::query::{MoreState, QueryStateResult, TransitionRecord};
use crate::protocol::slice::SliceState;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{PhaseId, RoleId};

/// The words of `aura-msg query state`.
#[derive(Debug, Args)]
pub struct StateArgs {
    #[command(flatten)]
    epoch: EpochArgs,

    /// Print the worker's whole answer as it is, in JSON whatever the format
    #[arg(long)]
    raw: bool,
}

/// An epoch's state: the earlier fields in their order, then ours.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output<'a> {
    /// Where the epoch is.
    current_phase: PhaseId,
    /// The role that acts.
    current_role: RoleId,
    /// The last tries to move on, oldest first.
    transition_history: &'a [TransitionRecord],
    /// The live votes.
    votes: &'a BTreeMap<ReviewAxis, VoteType>,
    /// Why the last try to move on was refused.
    last_error: Option<&'a str>,
    /// The steps that would be accepted.
    available_transitions: Vec<Available<'a>>,
    /// Sessions that have not ended.
    active_session_count: u64,
    /// Absent where an earlier worker answers.
    #[serde(flatten)]
    more: Option<&'a MoreState>,
}

/// A step that would be accepted.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Available<'a> {
    /// Where it leads.
    to_phase: PhaseId,
    /// What should be true.
    condition: &'a str,
}

/// The steps that would be accepted.
pub(in crate::cli) fn available(state: &QueryStateResult) -> Vec<Available<'_>> {
    let steps = state.available_transitions.iter();
    steps
        .map(|step| Available {
            to_phase: step.to_phase,
            condition: &step.condition,
        })
        .collect()
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: StateArgs) -> Answer {
    let epoch_id = context.epoch_id(&args.epoch)?;
    if args.raw {
        let raw = context.connect().await?.raw_state(&epoch_id).await?;
        let json = serde_json::to_string_pretty(&raw).map_err(Failure::internal)?;
        return Ok(Report {
            text: json.clone(),
            json,
            notices: Vec::new(),
        });
    }
    report(&context.connect().await?.state(&epoch_id).await?)
}

/// What is told of a state.
pub(in crate::cli::commands) fn report(state: &QueryStateResult) -> Answer {
    Ok(Report {
        text: text(state),
        json: json(state)?,
        notices: Vec::new(),
    })
}

/// The state as programs read it.
fn json(state: &QueryStateResult) -> Result<String, Failure> {
    let output = Output {
        current_phase: state.current_phase,
        current_role: state.current_role,
        transition_history: &state.transition_history,
        votes: &state.votes,
        last_error: state.last_error.as_deref(),
        available_transitions: available(state),
        active_session_count: state.active_session_count,
        more: state.more.as_ref(),
    };
    serde_json::to_string_pretty(&output).map_err(Failure::internal)
}

/// The state as people read it: the earlier lines in their order, then ours.
pub(in crate::cli) fn text(state: &QueryStateResult) -> String {
    let mut lines = vec![
        format!("Phase: {}", state.current_phase),
        format!("Role:  {}", state.current_role),
    ];
    if state.votes.is_empty() {
        lines.push("Votes: (none)".to_owned());
    } else {
        lines.push("Votes:".to_owned());
        lines.extend(
            state
                .votes
                .iter()
                .map(|(axis, vote)| format!("  {axis}: {vote}")),
        );
    }
    if let Some(error) = &state.last_error {
        lines.push(format!("Last Error: {error}"));
    }
    if !state.available_transitions.is_empty() {
        lines.push("Available Transitions:".to_owned());
        lines.extend(
            state
                .available_transitions
                .iter()
                .map(|step| format!("  -> {} ({})", step.to_phase, step.condition)),
        );
    }
    let tries = state
        .more
        .as_ref()
        .map_or(state.transition_history.len() as u64, |more| {
            more.transition_count
        });
    lines.push(format!("Transitions: {tries}"));
    lines.push(format!("Active Sessions: {}", state.active_session_count));
    if let Some(more) = &state.more {
        lines.extend(more_lines(more));
    }
    // Texts of others are among them, and must not pass for lines of ours.
    let lines: Vec<String> = lines.iter().map(|line| one_line(line)).collect();
    lines.join("\n")
}

fn more_lines(more: &MoreState) -> Vec<String> {
    let mut lines = vec![format!("Status: {}", more.status)];
    if let Some(round) = &more.review_round {
        lines.push(format!("Review Round: {} of {}", round.round, round.phase));
    }
    if !more.findings.is_empty() {
        let open = more
            .findings
            .iter()
            .filter(|finding| finding.resolution.is_none())
            .count();
        let (all, blockers) = (more.findings.len(), more.blocker_count);
        lines.push(format!(
            "Findings: {all} ({open} open, {blockers} open BLOCKERs)"
        ));
    }
    if !more.slices.is_empty() {
        lines.push("Slices:".to_owned());
        lines.extend(more.slices.iter().map(|slice| {
            let why = match slice.state {
                SliceState::Failed => slice.error.as_deref(),
                _ => slice.reason.as_deref(),
            };
            let why = why
                .filter(|why| !why.is_empty())
                .map(|why| format!(" ({why})"));
            format!(
                "  {}: {}{}",
                slice.slice_id,
                slice.state,
                why.unwrap_or_default()
            )
        }));
    }
    lines.push(format!(
        "Constraint Violations: {}",
        more.constraint_violations_total
    ));
    lines
}
