//! Waiting for the end of slices, and what is said of it: done if all succeeded or were
//! waived, and otherwise a failure that says which did not, and why.

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::list;
use crate::cli::args::MessageArgs;
use crate::cli::commands::Answer;
use crate::cli::commands::message::Sent;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::cli::output::Report;
use crate::client::Client;
use crate::config::Layer;
use crate::contract::query::{MoreState, QueryStateResult, SliceView};
use crate::protocol::PhaseId;
use crate::protocol::slice::SliceState;

/// What a command takes that can wait for the end of slices.
#[derive(Debug, Args)]
pub(in crate::cli) struct EndArgs {
    #[arg(
        long,
        help = "Wait for its end: exit code 0 if it succeeded, 3 if not; without --timeout, for \
                as long as it takes"
    )]
    wait: bool,
}

/// What became of a message, and of the slices that it is about.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output<'a> {
    #[serde(flatten)]
    #[schemars(with = "Sent<'a>")]
    sent: Map<String, Value>,
    /// The slices, once all have ended; there only with --wait.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    slices: Vec<list::Item<'a>>,
}

impl EndArgs {
    /// Refuses to wait for what nobody confirms.
    pub(super) fn check(&self, message: &MessageArgs) -> Result<(), Failure> {
        if self.wait && message.no_wait {
            return Err(Failure::invalid(
                "usage",
                "--wait and --no-wait exclude each other",
                "only a message that is confirmed has an end to wait for",
                "leave one of them out",
            ));
        }
        Ok(())
    }
}

/// Waits for the end of slices if that was asked for, and adds it to what is reported.
pub(super) async fn wait_if_asked(
    context: &Context<'_>,
    args: &EndArgs,
    client: Client,
    epoch_id: &str,
    ids: &[String],
    report: Report,
) -> Answer {
    if !args.wait {
        return Ok(report);
    }
    let ended = wait(context, client, epoch_id, ids).await?;
    reported(report, &ended)
}

/// The slices, once all have ended.
async fn wait(
    context: &Context<'_>,
    client: Client,
    epoch_id: &str,
    ids: &[String],
) -> Result<Vec<SliceView>, Failure> {
    // The default limit is one for answers, not for work.
    let has_limit = context.settings.timeout.source.layer() == Layer::Flag;
    let target = match ids {
        [id] => format!("the end of slice '{id}'"),
        ids => format!("the end of {} slices", ids.len()),
    };
    client
        .watch(epoch_id, &target, has_limit, |state| ended(state, ids))
        .await
        .map_err(|error| Failure::after("the message was applied", error))?
}

/// How slices ended, once none of them goes on.
pub(super) fn ended(
    state: &QueryStateResult,
    ids: &[String],
) -> Option<Result<Vec<SliceView>, Failure>> {
    let Some(more) = &state.more else {
        return Some(Err(unknown_to_worker()));
    };
    let mut slices = Vec::with_capacity(ids.len());
    for id in ids {
        match more.slices.iter().find(|slice| slice.slice_id == *id) {
            Some(slice) => slices.push(slice),
            None => return Some(Err(undeclared(&more.epoch_id, id))),
        }
    }
    let held = is_held(state.current_phase, more);
    let goes_on = |slice: &&SliceView| match slice.state {
        SliceState::Running => true,
        SliceState::Waiting => !held,
        _ => false,
    };
    if slices.iter().any(goes_on) {
        return None;
    }
    let failures: Vec<Failure> = slices
        .iter()
        .filter(|slice| !slice.state.is_settled())
        .map(|slice| failure(&more.epoch_id, slice))
        .collect();
    Some(match summed(failures, slices.len()) {
        Some(failure) => Err(failure),
        None => Ok(slices.into_iter().cloned().collect()),
    })
}

/// Whether slices that wait go on waiting until somebody does something: in p9 whatever
/// may run does, so where nothing runs and something waits, a failure holds it.
pub(super) fn is_held(phase: PhaseId, more: &MoreState) -> bool {
    let none = |state| !more.slices.iter().any(|slice| slice.state == state);
    phase == PhaseId::P9 && none(SliceState::Running) && !none(SliceState::Failed)
}

/// Why a slice did not succeed.
fn failure(epoch_id: &str, slice: &SliceView) -> Failure {
    let SliceView {
        slice_id,
        state,
        error,
        reason,
        ..
    } = slice;
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let again = format!("`aura-msg slice retry --epoch-id {epoch_id} --slice-id {slice_id}`");
    let (what, why, fix) = match state {
        SliceState::Waiting => (
            "is held back",
            Some("another slice failed, and the plan is to fail fast".to_owned()),
            "see `aura-msg slice list`, and run the failed one again or waive it".to_owned(),
        ),
        SliceState::Blocked => (
            "is blocked",
            filled(reason),
            "run what it depends on again, or waive that".to_owned(),
        ),
        SliceState::Cancelled => (
            "was cancelled",
            filled(reason).or_else(|| filled(error)),
            format!("run it again with {again}"),
        ),
        _ => (
            "failed",
            filled(error),
            format!(
                "see `aura-msg slice show --slice-id {slice_id}`; then run it again with {again}"
            ),
        ),
    };
    let code = match state {
        SliceState::Waiting => "slice_held",
        SliceState::Blocked => "slice_blocked",
        SliceState::Cancelled => "slice_cancelled",
        _ => slice.code.as_deref().unwrap_or("slice_failed"),
    };
    Failure::new(
        Kind::Workflow,
        code,
        format!("slice '{slice_id}' {what}"),
        why.unwrap_or_else(|| "nobody said why".to_owned()),
        "what depends on it does not run, and p9 cannot be left for p10",
        fix,
    )
}

/// One failure for those of several slices.
fn summed(failures: Vec<Failure>, of: usize) -> Option<Failure> {
    let count = failures.len();
    let whys: Vec<String> = failures
        .iter()
        .map(|failure| format!("{}: {}", failure.what, failure.why))
        .collect();
    let first = failures.into_iter().next()?;
    if of == 1 {
        return Some(first);
    }
    Some(Failure {
        what: format!("{count} of {of} slices did not succeed"),
        why: whys.join("; "),
        ..first
    })
}

/// What was said of the message, and then of the slices.
fn reported(report: Report, slices: &[SliceView]) -> Answer {
    let mut text = vec![report.text];
    text.extend(slices.iter().map(|slice| {
        let runs = if slice.attempt == 1 { "run" } else { "runs" };
        format!(
            "slice {}: {} after {} {runs}",
            slice.slice_id, slice.state, slice.attempt
        )
    }));
    let output = Output {
        sent: serde_json::from_str(&report.json).map_err(Failure::internal)?,
        slices: slices.iter().map(list::item).collect(),
    };
    Ok(Report {
        text: text.join("\n"),
        json: serde_json::to_string(&output).map_err(Failure::internal)?,
        notices: report.notices,
    })
}

/// That the epoch does not know a slice.
pub(super) fn undeclared(epoch_id: &str, id: &str) -> Failure {
    Failure::new(
        Kind::Workflow,
        "slice_unknown",
        format!("epoch '{epoch_id}' has no slice '{id}'"),
        "no slice of that id is declared",
        "nothing was changed",
        "`aura-msg slice list` shows the declared ones",
    )
}

/// That the worker tells nothing of slices.
pub(super) fn unknown_to_worker() -> Failure {
    Failure::new(
        Kind::Workflow,
        "cannot_tell",
        "this epoch's worker tells nothing of slices and rounds",
        "it is of another implementation, or of an earlier release",
        "nothing was changed",
        "run the epoch on an aurad of this release",
    )
}
