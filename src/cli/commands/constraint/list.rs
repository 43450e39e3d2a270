//! `aura-msg constraint list`.

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use super::examples;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::Report;
use crate::cli::table;
use crate::protocol::constraint::ConstraintId;
use crate::protocol::table::Transition;
use crate::protocol::{PhaseId, Word};

/// What the columns mean.
const AFTER_HELP: &str = "\
A constraint is checked on each step of an epoch (transition), and by
protocol check (titles, checks, transition, state). What blocks closes a
gate: the step is refused. What reminds is recorded and shown.";

/// It has no words of its own.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ListArgs {}

/// The constraints.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output {
    /// Each in short.
    constraints: Vec<Summary>,
}

/// A constraint in short.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Summary {
    /// Its id.
    constraint: ConstraintId,
    /// What it demands.
    meaning: &'static str,
    /// The parts of a description by which it is checked.
    checked_by: Vec<&'static str>,
    /// What a violation does.
    effect: Effect,
    /// The steps that it closes.
    blocks: Vec<Blocked>,
}

/// What a violation does.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Effect {
    /// It is recorded and shown.
    Reminds,
    /// It closes a step.
    Blocks,
}

/// A step that is closed.
#[derive(Debug, Serialize, JsonSchema)]
struct Blocked {
    /// From here.
    from_phase: PhaseId,
    /// To here.
    to_phase: PhaseId,
}

pub(in crate::cli) async fn run(_: &Context<'_>, _: ListArgs) -> Answer {
    report()
}

/// What is told of the constraints.
pub(in crate::cli::commands) fn report() -> Answer {
    let rows = ConstraintId::ALL.iter().map(|id| {
        vec![
            id.to_string(),
            checked(*id),
            effect(*id),
            id.meaning().to_owned(),
        ]
    });
    let head = ["CONSTRAINT", "CHECKED BY", "EFFECT", "MEANING"];
    let all = ConstraintId::ALL.iter().map(|id| summary(*id));
    let output = Output {
        constraints: all.collect(),
    };
    Ok(Report {
        text: table::wrapped(&head, rows.collect()).join("\n"),
        json: serde_json::to_string_pretty(&output).map_err(Failure::internal)?,
        notices: Vec::new(),
    })
}

/// A constraint in short, for programs.
pub(super) fn summary(id: ConstraintId) -> Summary {
    let blocked = examples::blocked(id);
    let steps = blocked.iter().map(|step| Blocked {
        from_phase: step.from,
        to_phase: step.to,
    });
    Summary {
        constraint: id,
        meaning: id.meaning(),
        checked_by: examples::parts(id),
        effect: if blocked.is_empty() {
            Effect::Reminds
        } else {
            Effect::Blocks
        },
        blocks: steps.collect(),
    }
}

/// How it is checked.
pub(super) fn checked(id: ConstraintId) -> String {
    let parts = examples::parts(id);
    if parts.is_empty() {
        return "nothing".to_owned();
    }
    parts.join(", ")
}

/// What a violation does.
pub(super) fn effect(id: ConstraintId) -> String {
    let blocked = examples::blocked(id);
    if blocked.is_empty() {
        return "reminds".to_owned();
    }
    let step = |step: &&Transition| format!("{} -> {}", step.from, step.to);
    let steps: Vec<String> = blocked.iter().map(step).collect();
    format!("blocks {}", steps.join(", "))
}
