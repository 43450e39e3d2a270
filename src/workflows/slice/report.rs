//! What a slice tells its epoch: each leaf task, and the end.

use temporalio_sdk::WorkflowContext;
use temporalio_sdk::workflows::join_all;

use super::super::{EpochWorkflow, options, payload};
use super::SliceWorkflow;
use crate::contract::epoch::SliceProgressSignal;
use crate::contract::slice::{SliceFinishedSignal, SliceInput, SliceResult};

/// The stage that a slice reports of its leaf tasks.
const STAGE: &str = "execute";
/// Signals under way at once; the server fails a task for ever that asks for over 2,000.
const SIGNALS_AT_ONCE: usize = 100;

/// Tells the epoch of each leaf task and of the end, under fixed ids, so that it learns
/// of them once. An epoch that is gone needs no telling.
pub(super) async fn tell_epoch(
    ctx: &WorkflowContext<SliceWorkflow>,
    input: &SliceInput,
    result: &SliceResult,
) {
    if input.parent_workflow_id.is_empty() {
        return;
    }
    let sender = format!("{}/{}", ctx.workflow_id(), input.attempt);
    let epoch = ctx.external_workflow(input.parent_workflow_id.clone(), None);
    let leaves = match input.leaf_task_ids.as_slice() {
        // Where nobody named leaf tasks, the slice is its own.
        [] => std::slice::from_ref(&input.slice_id),
        named => named,
    };
    let mut progress = leaves.iter().enumerate().map(|(number, leaf)| {
        let content = SliceProgressSignal {
            slice_id: input.slice_id.clone(),
            leaf_task_id: leaf.clone(),
            stage_name: STAGE.to_owned(),
            completed: result.success,
        };
        let id = format!("{sender}/progress/{number}");
        let signal = payload::enveloped(content, id, Some(ctx.workflow_id().to_owned()));
        epoch.signal(
            EpochWorkflow::slice_progress,
            payload::of(&signal),
            options::signal(),
        )
    });
    loop {
        let some: Vec<_> = progress.by_ref().take(SIGNALS_AT_ONCE).collect();
        if some.is_empty() {
            break;
        }
        let _ = join_all(some).await;
    }
    let content = SliceFinishedSignal {
        slice_id: input.slice_id.clone(),
        attempt: input.attempt,
        result: result.clone(),
    };
    let id = format!("{sender}/finished");
    let signal = payload::enveloped(content, id, Some(ctx.workflow_id().to_owned()));
    let _ = epoch
        .signal(
            EpochWorkflow::slice_finished,
            payload::of(&signal),
            options::signal(),
        )
        .await;
}
