//! `aura-msg slice list`.

use schemars::JsonSchema;
use serde::Serialize;

use super::ending::{is_held, unknown_to_worker};
use super::leaves::{self, Leaves, Told};
use crate::cli::args::EpochArgs;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::output::{self, Report};
use crate::cli::table;
use crate::config::Format;
use crate::contract::query::{MoreState, QueryStateResult, SliceView};
use crate::contract::time::WireTime;
use crate::protocol::slice::{SliceMode, SliceState};
use crate::protocol::{PhaseId, Timestamp};

/// An epoch's slices.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output<'a> {
    /// The epoch.
    epoch_id: &'a str,
    /// Where it is.
    current_phase: PhaseId,
    /// Its slices, in the order of their declaration, then those that were only reported.
    slices: Vec<Row<'a>>,
}

/// A slice among others, and how far it is.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Row<'a> {
    #[serde(flatten)]
    slice: Item<'a>,
    #[serde(flatten)]
    leaves: Told,
}

/// A slice among others.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Slice")]
pub(in crate::cli) struct Item<'a> {
    /// Its id.
    slice_id: &'a str,
    /// Where it is; null for one that was reported, but never declared.
    state: Option<SliceState>,
    #[serde(flatten)]
    declared: Option<Declared<'a>>,
}

/// What is known of a declared slice.
#[derive(Debug, Serialize, JsonSchema)]
struct Declared<'a> {
    /// Runs so far.
    attempt: u32,
    /// How it is carried out.
    mode: SliceMode,
    /// By which runner.
    runner: Option<&'a str>,
    /// What it waits for.
    dependencies: &'a [String],
    /// Whether it has been told to stop and has not answered yet.
    stopping: bool,
    /// When its state last changed.
    changed_at: WireTime,
    /// What went wrong in it, as one stable word.
    code: Option<&'a str>,
    /// The same in words.
    error: Option<&'a str>,
    /// Why it is blocked, cancelled or waived.
    reason: Option<&'a str>,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: EpochArgs) -> Answer {
    let epoch_id = context.epoch_id(&args)?;
    let client = context.connect().await?;
    let state = client.state(&epoch_id).await?;
    let more = state.more.as_ref().ok_or_else(unknown_to_worker)?;
    let leaves = Leaves::from(client.slice_progress(&epoch_id).await?);
    report(
        &state,
        more,
        &leaves,
        context.settings.format.value,
        table::now(),
    )
}

/// What is told of an epoch's slices.
pub(in crate::cli::commands) fn report(
    state: &QueryStateResult,
    more: &MoreState,
    leaves: &Leaves,
    format: Format,
    now: Timestamp,
) -> Answer {
    Ok(Report {
        text: text(state, more, leaves, now),
        json: output::listed(format, &output(state, more, leaves), "slices")?,
        notices: Vec::new(),
    })
}

fn output<'a>(state: &QueryStateResult, more: &'a MoreState, leaves: &'a Leaves) -> Output<'a> {
    let declared = more.slices.iter().map(|slice| Row {
        slice: item(slice),
        leaves: Told::of(&leaves.of(slice)),
    });
    let reported = leaves.undeclared(&more.slices).into_iter();
    let reported = reported.map(|(slice_id, own)| Row {
        slice: Item {
            slice_id,
            state: None,
            declared: None,
        },
        leaves: Told::of(&own),
    });
    Output {
        epoch_id: &more.epoch_id,
        current_phase: state.current_phase,
        slices: declared.chain(reported).collect(),
    }
}

/// A slice among others, for programs.
pub(in crate::cli) fn item(slice: &SliceView) -> Item<'_> {
    Item {
        slice_id: &slice.slice_id,
        state: Some(slice.state),
        declared: Some(Declared {
            attempt: slice.attempt,
            mode: slice.config.mode,
            runner: slice.config.runner.as_deref(),
            dependencies: &slice.dependencies,
            stopping: slice.stopping,
            changed_at: slice.changed_at,
            code: slice.code.as_deref(),
            error: slice.error.as_deref(),
            reason: slice.reason.as_deref(),
        }),
    }
}

fn text(state: &QueryStateResult, more: &MoreState, leaves: &Leaves, now: Timestamp) -> String {
    let declared = more.slices.iter().map(|slice| {
        vec![
            slice.slice_id.clone(),
            slice.state.to_string(),
            slice.attempt.to_string(),
            leaves::counted(&leaves.of(slice)),
            table::before(slice.changed_at, now),
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
                id.to_owned(),
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
