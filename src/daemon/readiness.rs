//! Ready means that the server has this daemon's pollers in its list, not merely that
//! they were started.

use std::time::Duration;

use temporalio_client::Client;
use temporalio_client::tonic::Request;
use temporalio_common::protos::temporal::api::enums::v1::TaskQueueType;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::workflowservice::v1::DescribeTaskQueueRequest;

use super::connect::identity;

const WAIT: Duration = Duration::from_millis(10);
/// After so many looks the daemon is taken at its word: some servers don't let workers
/// describe task queues.
const LOOKS: u32 = 300;

/// Waits until the server lists this daemon as a poller of every queue.
pub(super) async fn until_polling(client: &Client, task_queues: &[String]) {
    for queue in task_queues {
        for _ in 0..LOOKS {
            if polling(client, queue).await == Polling::Yes {
                break;
            }
            tokio::time::sleep(WAIT).await;
        }
    }
}

/// Whether the server has this daemon's poller in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Polling {
    /// It has.
    Yes,
    /// It has not.
    No,
    /// It does not say.
    Unknown,
}

/// Asks the server about one queue.
pub(super) async fn polling(client: &Client, queue: &str) -> Polling {
    let request = DescribeTaskQueueRequest {
        namespace: client.options().namespace.clone(),
        task_queue: Some(TaskQueue {
            name: queue.to_owned(),
            ..Default::default()
        }),
        task_queue_type: TaskQueueType::Workflow as i32,
        ..Default::default()
    };
    let mut service = client.connection().workflow_service();
    let Ok(answer) = service.describe_task_queue(Request::new(request)).await else {
        return Polling::Unknown;
    };
    let identity = identity();
    let pollers = answer.into_inner().pollers;
    if pollers.iter().any(|poller| poller.identity == identity) {
        Polling::Yes
    } else {
        Polling::No
    }
}
