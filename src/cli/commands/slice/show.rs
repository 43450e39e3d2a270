//! `aura-msg slice show`.

use schemars::JsonSchema;
use serde::Serialize;

use super::leaves::{self, Leaf, Leaves, Told};
use super::list::note;
use super::lookup::{Found, SliceArgs};
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::{Report, one_line};
use crate::cli::table;
use crate::contract::query::{QueryStateResult, SliceView};
use crate::contract::slice::{ReviewCycleRecord, RunningCommand};
use crate::protocol::Timestamp;
use crate::shell::shell_line;

/// What the epoch knows of a slice, with the leaves, and what its own workflow adds.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output<'a> {
    #[serde(flatten)]
    slice: SliceView,
    #[serde(flatten)]
    leaves: Told,
    /// Its command, while one runs.
    running: Option<&'a RunningCommand>,
    /// What reviewers said of it; null where its own workflow does not tell.
    review_cycles: Option<&'a [ReviewCycleRecord]>,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: SliceArgs) -> Answer {
    let wanted = args.check(context)?;
    let client = context.connect().await?;
    let state = client.state(&wanted.epoch_id).await?;
    let found = wanted.find(&client, &state).await?;
    let reports = Leaves::from(client.slice_progress(&wanted.epoch_id).await?);
    let own = reports.of(&found.slice);
    report(&state, &found, &own, table::now())
}

/// What is told of a slice.
pub(in crate::cli::commands) fn report(
    state: &QueryStateResult,
    found: &Found,
    own: &[Leaf],
    now: Timestamp,
) -> Answer {
    let notices = found
        .silent
        .iter()
        .map(|error| format!("what runs now is not known: {error}"))
        .collect();
    Ok(Report {
        text: text(state, found, own, now),
        json: serde_json::to_string_pretty(&shown(found, own)).map_err(Failure::internal)?,
        notices,
    })
}

fn shown<'a>(found: &'a Found, own: &[Leaf]) -> Output<'a> {
    Output {
        slice: SliceView {
            // Its own workflow has more of what was said than the epoch keeps.
            output: output(found),
            ..found.slice.clone()
        },
        leaves: Told::of(own),
        running: found.running(),
        review_cycles: found.own.as_ref().map(|state| &state.review_cycles[..]),
    }
}

fn output(found: &Found) -> Option<String> {
    let result = found.own.as_ref().and_then(|state| state.result.as_ref());
    result
        .map(|result| result.output.clone())
        .or_else(|| found.slice.output.clone())
}

fn text(state: &QueryStateResult, found: &Found, own: &[Leaf], now: Timestamp) -> String {
    let slice = &found.slice;
    let config = &slice.config;
    let mut lines = Vec::new();
    let mut put = |name: &str, value: &str| {
        if !value.is_empty() {
            lines.push(format!("{:<10}{}", format!("{name}:"), one_line(value)));
        }
    };
    put("Slice", &slice.slice_id);
    put(
        "State",
        &format!(
            "{}, for {}",
            slice.state,
            table::before(slice.changed_at, now)
        ),
    );
    if let Some(more) = &state.more
        && slice.error.is_none()
    {
        put("Note", &note(slice, state.current_phase, more));
    }
    put("Runs", &slice.attempt.to_string());
    put("About", &slice.phase_spec);
    put("After", &slice.dependencies.join(", "));
    let runner = config
        .runner
        .as_deref()
        .map(|name| format!(", runner {name}"));
    put(
        "Mode",
        &format!(
            "{}{}, at most {}s",
            config.mode,
            runner.unwrap_or_default(),
            config.timeout_seconds
        ),
    );
    put("Code", slice.code.as_deref().unwrap_or_default());
    put("Error", slice.error.as_deref().unwrap_or_default());
    let place = found.place();
    put("Host", place.host.as_deref().unwrap_or_default());
    put("Log", place.log.as_deref().unwrap_or_default());
    put("Worktree", place.worktree.as_deref().unwrap_or_default());
    if let Some(running) = found.running().filter(|running| !running.attach.is_empty()) {
        put("Attach", &shell_line(&running.attach));
    }
    if !own.is_empty() {
        put("Leaves", &format!("{} done", leaves::counted(own)));
        lines.extend(own.iter().map(leaf));
    }
    if let Some(state) = &found.own {
        lines.extend(state.review_cycles.iter().map(|cycle| {
            let (number, said) = (cycle.cycle_number, one_line(&cycle.reviewer_feedback));
            format!("Review {number}: {said}")
        }));
    }
    if let Some(output) = output(found).filter(|output| !output.is_empty()) {
        lines.push("Output, its end:".to_owned());
        lines.extend(output.lines().map(|line| format!("  {}", one_line(line))));
    }
    lines.join("\n")
}

fn leaf(leaf: &Leaf) -> String {
    let stage = match (&leaf.stage, leaf.is_done) {
        (None, _) => "nothing reported".to_owned(),
        (Some(stage), true) => format!("{stage}, done"),
        (Some(stage), false) => stage.clone(),
    };
    format!("  {}: {}", one_line(&leaf.id), one_line(&stage))
}
