//! Clients that leave while they wait: whatever they waited for, nothing of them is left,
//! and no task goes with them.

use std::time::Duration;

use prost::Message;
use temporalio_common::protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_common::protos::temporal::api::update::v1::{
    Input, Request as Update, UpdateRef, WaitPolicy,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    GetWorkflowExecutionHistoryRequest, PollActivityTaskQueueRequest,
    PollWorkflowExecutionUpdateRequest, PollWorkflowTaskQueueRequest, QueryWorkflowRequest,
    UpdateWorkflowExecutionRequest,
};
use tokio::runtime::Runtime;

use crate::host::{Host, check_log, open_files, resident};
use crate::kills::plain::{Plain, start};
use crate::rpc::{NAMESPACE, Rpc, latest, queue};
use crate::support::wait::eventually;
use crate::wire::{WORKFLOW_SERVICE, Wire};

const TIMES: usize = 300;
const LIMIT: Duration = Duration::from_secs(30);
/// In megabytes: what a few hundred connections leave behind in an allocator.
const GROWTH: u64 = 30;
const ID: &str = "awaited";

#[test]
fn clients_that_leave_while_they_wait_leave_nothing_behind() {
    let host = Host::new();
    let daemon = host.start_ready();
    let runtime = Runtime::new().expect("a runtime can be built");
    let rpc = runtime.block_on(Rpc::connect(&host.address()));
    runtime.block_on(start(&rpc, ID));
    // The first time, all that is ever needed is allocated.
    runtime.block_on(leave(&host, TIMES / 3));
    eventually("the engine has seen them go", LIMIT, || {
        (open_files(&daemon) < TIMES / 3).then_some(())
    });
    let (memory, files) = (resident(&daemon), open_files(&daemon));
    runtime.block_on(leave(&host, TIMES));
    eventually("the engine has seen them go, too", LIMIT, || {
        (open_files(&daemon) <= files + 8).then_some(())
    });
    let after = resident(&daemon);
    assert!(after < memory + GROWTH, "from {memory} to {after} MB");
    // A task that was given to one of them would be back after a second only; the poll of
    // one who stays gets the next.
    runtime.block_on(async { Plain::drive(&rpc, "after").await.check().await });
    check_log(&daemon);
}

/// So many clients ask for something that does not come, each by a connection of its own,
/// and close it.
async fn leave(host: &Host, times: usize) {
    for number in 0..times {
        let wire = Wire::connect(&host.address()).await;
        let calls = waits();
        let (method, bytes) = calls[number % calls.len()].clone();
        let path = format!("/{WORKFLOW_SERVICE}/{method}");
        let call = tokio::spawn(async move { wire.send(&path, bytes, LIMIT).await });
        // The call is on its way, or has arrived; then its client is gone.
        tokio::time::sleep(Duration::from_millis(u64::try_from(number % 7).unwrap())).await;
        call.abort();
    }
}

/// Every call that waits, with something that does not come.
fn waits() -> Vec<(&'static str, Vec<u8>)> {
    let namespace = || NAMESPACE.to_owned();
    let workflow = PollWorkflowTaskQueueRequest {
        namespace: namespace(),
        task_queue: queue("nothing-here"),
        ..Default::default()
    };
    let activity = PollActivityTaskQueueRequest {
        namespace: namespace(),
        task_queue: queue("nothing-here"),
        ..Default::default()
    };
    let history = GetWorkflowExecutionHistoryRequest {
        namespace: namespace(),
        execution: latest(ID),
        wait_new_event: true,
        history_event_filter_type: 2,
        ..Default::default()
    };
    let query = QueryWorkflowRequest {
        namespace: namespace(),
        execution: latest(ID),
        query: Some(WorkflowQuery {
            query_type: "any".to_owned(),
            ..Default::default()
        }),
        ..Default::default()
    };
    let update = UpdateWorkflowExecutionRequest {
        namespace: namespace(),
        workflow_execution: latest(ID),
        wait_policy: Some(WaitPolicy { lifecycle_stage: 3 }),
        request: Some(Update {
            input: Some(Input {
                name: "any".to_owned(),
                ..Default::default()
            }),
            ..Default::default()
        }),
        ..Default::default()
    };
    let awaited = PollWorkflowExecutionUpdateRequest {
        namespace: namespace(),
        update_ref: Some(UpdateRef {
            workflow_execution: latest(ID),
            update_id: "any".to_owned(),
        }),
        wait_policy: Some(WaitPolicy { lifecycle_stage: 3 }),
        ..Default::default()
    };
    vec![
        ("PollWorkflowTaskQueue", workflow.encode_to_vec()),
        ("PollActivityTaskQueue", activity.encode_to_vec()),
        ("GetWorkflowExecutionHistory", history.encode_to_vec()),
        ("QueryWorkflow", query.encode_to_vec()),
        ("UpdateWorkflowExecution", update.encode_to_vec()),
        ("PollWorkflowExecutionUpdate", awaited.encode_to_vec()),
    ]
}
