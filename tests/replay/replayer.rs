//! Replays histories against the workflows of this source tree, the way a worker does
//! after a restart. It deliberately judges nothing: what came out is the tests' business.

use aura::workflows::{EpochWorkflow, ReviewPhaseWorkflow, SliceWorkflow};
use temporalio_client::WorkflowHistory;
use temporalio_common::protos::temporal::api::history::v1::{History, HistoryEvent};
use temporalio_sdk::workflow_replayer::{
    WorkflowReplayFailure, WorkflowReplayer, WorkflowReplayerOptions,
    WorkflowReplayerOptionsBuilder,
};

/// What went wrong in each of these histories, in their order; nothing where all went well.
pub fn replay(histories: Vec<Vec<HistoryEvent>>) -> Vec<Option<WorkflowReplayFailure>> {
    let options = WorkflowReplayerOptions::new()
        .register_workflow::<EpochWorkflow>()
        .and_then(WorkflowReplayerOptionsBuilder::register_workflow::<SliceWorkflow>)
        .and_then(WorkflowReplayerOptionsBuilder::register_workflow::<ReviewPhaseWorkflow>)
        .expect("the workflows can be registered")
        .build();
    let replayer = WorkflowReplayer::new(options).expect("a replayer can be made");
    let histories = histories
        .into_iter()
        .map(|events| WorkflowHistory::from(History { events }));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built");
    let results = runtime.block_on(replayer.replay_workflows(histories));
    let results = results.expect("the replayer works");
    results
        .into_iter()
        .map(|result| result.replay_failure)
        .collect()
}
