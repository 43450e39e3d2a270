//! Replays histories with the library's replayer, for tests, which block. It deliberately
//! judges nothing: what came out is the tests' business.

use aura::workflows::replay::{Outcome, Replayer, WorkflowReplayFailure};
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;

/// What went wrong in each of these histories, in their order; nothing where all went well.
pub fn replay(histories: Vec<Vec<HistoryEvent>>) -> Vec<Option<WorkflowReplayFailure>> {
    let replayer = Replayer::new().expect("a replayer can be made");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built");
    histories
        .into_iter()
        .map(|events| {
            let outcome = runtime.block_on(replayer.replay(events));
            match outcome.expect("the replayer works") {
                Outcome::Replays => None,
                Outcome::NotBegun => panic!("there is nothing in it to replay"),
                Outcome::Fails(failure) => Some(failure),
            }
        })
        .collect()
}
