//! `aura-msg slice list`.

use clap::Args;
use serde_json::{Value, json};

use super::ending::{is_held, unknown_to_worker};
use super::leaves::{self, Leaves};
use crate::cli::args::{Common, EpochArgs};
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::output::{self, Report};
use crate::cli::table;
use crate::contract::query::{MoreState, QueryStateResult, SliceView};
use crate::protocol::PhaseId;
use crate::protocol::slice::SliceState;

/// The words of `aura-msg slice list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub(in crate::cli) own: EpochArgs,
    #[command(flatten)]
    pub(in crate::cli) common: Common,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: EpochArgs) -> Answer {
    let epoch_id = context.epoch_id(&args)?;
    let client = context.connect().await?;
    let state = client.state(&epoch_id).await?;
    let more = state.more.as_ref().ok_or_else(unknown_to_worker)?;
    let leaves = Leaves::from(client.slice_progress(&epoch_id).await?);
    Ok(Report {
        text: text(&state, more, &leaves),
        json: output::listed(
            context.settings.format.value,
            &json(&state, more, &leaves),
            "slices",
        )?,
        notices: Vec::new(),
    })
}

fn json(state: &QueryStateResult, more: &MoreState, leaves: &Leaves) -> Value {
    let declared = more
        .slices
        .iter()
        .map(|slice| (json_of(slice), leaves.of(slice)));
    let reported = leaves
        .undeclared(&more.slices)
        .into_iter()
        .map(|(id, own)| (json!({ "slice_id": id, "state": null }), own));
    let slices: Vec<Value> = declared
        .chain(reported)
        .map(|(mut slice, own)| {
            if let Some(object) = slice.as_object_mut() {
                leaves::put_json(&own, object);
            }
            slice
        })
        .collect();
    json!({
        "epoch_id": more.epoch_id,
        "current_phase": state.current_phase,
        "slices": slices,
    })
}

/// A slice among others, for programs.
pub(in crate::cli) fn json_of(slice: &SliceView) -> Value {
    json!({
        "slice_id": slice.slice_id,
        "state": slice.state,
        "attempt": slice.attempt,
        "mode": slice.config.mode,
        "runner": slice.config.runner,
        "dependencies": slice.dependencies,
        "stopping": slice.stopping,
        "changed_at": slice.changed_at,
        "code": slice.code,
        "error": slice.error,
        "reason": slice.reason,
    })
}

pub(super) fn text(state: &QueryStateResult, more: &MoreState, leaves: &Leaves) -> String {
    let declared = more.slices.iter().map(|slice| {
        vec![
            slice.slice_id.clone(),
            slice.state.to_string(),
            slice.attempt.to_string(),
            leaves::counted(&leaves.of(slice)),
            table::ago(slice.changed_at),
            note(slice, state.current_phase, more),
        ]
    });
    let reported = leaves
        .undeclared(&more.slices)
        .into_iter()
        .map(|(id, own)| {
            let unknown = || "-".to_owned();
            let note = "reported, but never declared".to_owned();
            vec![
                id,
                unknown(),
                unknown(),
                leaves::counted(&own),
                unknown(),
                note,
            ]
        });
    let rows: Vec<Vec<String>> = declared.chain(reported).collect();
    if rows.is_empty() {
        return "No slices".to_owned();
    }
    let head = ["SLICE", "STATE", "RUNS", "LEAVES", "SINCE", "NOTE"];
    table::lines(&head, rows).join("\n")
}

/// What a slice waits for, or why it is where it is.
pub(in crate::cli) fn note(slice: &SliceView, phase: PhaseId, more: &MoreState) -> String {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    match slice.state {
        SliceState::Waiting => waits_for(slice, phase, more),
        SliceState::Running if slice.stopping => match filled(&slice.reason) {
            Some(reason) => format!("told to stop: {reason}"),
            None => "told to stop".to_owned(),
        },
        SliceState::Running | SliceState::Succeeded => String::new(),
        SliceState::Failed => filled(&slice.error).unwrap_or_default(),
        SliceState::Blocked | SliceState::Cancelled | SliceState::Waived => {
            filled(&slice.reason).unwrap_or_default()
        }
    }
}

fn waits_for(slice: &SliceView, phase: PhaseId, more: &MoreState) -> String {
    let is_open = |id: &&String| {
        let found = more.slices.iter().find(|other| other.slice_id == **id);
        found.is_some_and(|found| !found.state.is_settled())
    };
    let open: Vec<&str> = slice
        .dependencies
        .iter()
        .filter(is_open)
        .map(String::as_str)
        .collect();
    if !open.is_empty() {
        format!("waits for {}", open.join(", "))
    } else if phase != PhaseId::P9 {
        "waits for p9".to_owned()
    } else if is_held(phase, more) {
        "held back: another slice failed, and the plan is to fail fast".to_owned()
    } else {
        "waits for a free place".to_owned()
    }
}
