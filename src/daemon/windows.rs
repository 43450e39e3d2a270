//! Windows that nobody watches any more: their workflow ended while no daemon was there to hear
//! of it, or its command is not allowed any more. They are looked for now and then, and ended.

use std::time::Duration;

use temporalio_client::Client;
use temporalio_client::tonic::Code;
use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus;

use crate::activities::describe_run;
use crate::runner::{Host, Left};

/// How often windows are looked at.
const PAUSE: Duration = Duration::from_mins(1);
/// How often what is old is cleared away, in pauses: about once a day.
const CLEARING: u64 = 24 * 60;

/// Looks after the runs of this host for as long as the daemon lives.
pub(super) async fn look_after(client: Client, runs: Host) {
    for turn in 1_u64.. {
        // The first look waits too: a window whose slice goes on is taken up meanwhile.
        tokio::time::sleep(PAUSE).await;
        for left in runs.left().await {
            if is_wanted(&client, &left).await {
                continue;
            }
            match runs.end_left(&left).await {
                Ok(true) => tracing::warn!(
                    key = left.key,
                    "a command went on in its window though its workflow has ended; it was ended"
                ),
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(key = left.key, %error, "a command that nobody wants goes on");
                }
            }
        }
        if turn % CLEARING == 0 {
            runs.clear().await;
        }
    }
}

/// Whether the workflow run that asked for a command is still open. A server that cannot be
/// asked may say so later.
async fn is_wanted(client: &Client, left: &Left) -> bool {
    let Some((run_id, _)) = left.run.split_once('/') else {
        return false;
    };
    match describe_run(client, &left.owner, run_id).await {
        Ok(run) => {
            let info = run.workflow_execution_info;
            info.unwrap_or_default().status() == WorkflowExecutionStatus::Running
        }
        Err(status) => !matches!(status.code(), Code::NotFound | Code::InvalidArgument),
    }
}
