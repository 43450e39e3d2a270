//! A request of each method, as clients send them, about the same few things.

use prost::Message;
use temporalio_common::protos::temporal::api::common::v1::{
    Header, Memo, Payloads, RetryPolicy, SearchAttributes, WorkflowExecution, WorkflowType,
};
use temporalio_common::protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::update::v1::{
    Input, Meta, Request as Update, UpdateRef, WaitPolicy,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::*;

use super::commands::{commands, complete, failure, payload};
use crate::embedded::engine::{Token, duration};
use crate::embedded::rpc::history::PageToken;

const NAMESPACE: &str = "default";
const SECOND: i64 = 1_000_000_000;

/// Each method's name and an encoded request of it.
#[expect(
    clippy::needless_update,
    reason = "of some requests the list has all fields, of others not"
)]
pub(super) fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let id = || "w".to_owned();
    let queue = || {
        Some(TaskQueue {
            name: "q".to_owned(),
            ..Default::default()
        })
    };
    let kind = || {
        Some(WorkflowType {
            name: "K".to_owned(),
        })
    };
    let run = || {
        Some(WorkflowExecution {
            workflow_id: id(),
            run_id: String::new(),
        })
    };
    let some = || {
        Some(Payloads {
            payloads: vec![payload()],
        })
    };
    let span = |seconds: i64| Some(duration(seconds * SECOND));
    let fields = || [("Foo".to_owned(), payload())].into();
    let token = |event_id, stamp| {
        Token {
            run: 1,
            event_id,
            stamp,
            attempt: 1,
            query: 0,
            ..Token::default()
        }
        .encode_to_vec()
    };
    let page = PageToken {
        run: 1,
        run_id: String::new(),
        next: 2,
        last: 5,
        waits: false,
        unwritten: Vec::new(),
    };
    let update = || {
        Some(Update {
            meta: Some(Meta {
                update_id: "u".to_owned(),
                identity: "me".to_owned(),
            }),
            input: Some(Input {
                header: None,
                name: "update".to_owned(),
                args: some(),
            }),
            ..Default::default()
        })
    };
    let start = StartWorkflowExecutionRequest {
        namespace: NAMESPACE.to_owned(),
        workflow_id: id(),
        workflow_type: kind(),
        task_queue: queue(),
        input: some(),
        workflow_execution_timeout: span(100),
        workflow_run_timeout: span(50),
        workflow_task_timeout: span(5),
        request_id: "r".to_owned(),
        workflow_id_reuse_policy: 1,
        workflow_id_conflict_policy: 1,
        retry_policy: Some(RetryPolicy {
            initial_interval: span(1),
            backoff_coefficient: 2.0,
            maximum_interval: span(9),
            maximum_attempts: 3,
            non_retryable_error_types: vec!["E".to_owned()],
        }),
        memo: Some(Memo { fields: fields() }),
        search_attributes: Some(SearchAttributes {
            indexed_fields: [("CustomKeywordField".to_owned(), payload())].into(),
        }),
        header: Some(Header { fields: fields() }),
        workflow_start_delay: span(0),
        request_eager_execution: true,
        ..Default::default()
    };
    let listed = |query: &str| {
        ListWorkflowExecutionsRequest {
            namespace: NAMESPACE.to_owned(),
            page_size: 5,
            query: query.to_owned(),
            ..Default::default()
        }
        .encode_to_vec()
    };
    // Written so that the one list of requests can be read.
    macro_rules! about_namespace {
        ($($method:literal $request:ident { $($field:ident: $value:expr),* $(,)? };)*) => {
            vec![$((
                $method,
                $request {
                    namespace: NAMESPACE.to_owned(),
                    $($field: $value,)*
                    ..Default::default()
                }
                .encode_to_vec(),
            )),*]
        };
    }
    let mut all = about_namespace! {
        "StartWorkflowExecution" StartWorkflowExecutionRequest {
            workflow_id: id(), workflow_type: kind(), task_queue: queue(),
            workflow_id_reuse_policy: 4, workflow_id_conflict_policy: 3,
        };
        "SignalWorkflowExecution" SignalWorkflowExecutionRequest {
            workflow_execution: run(), signal_name: "s".to_owned(), input: some(),
            request_id: "s1".to_owned(),
        };
        "SignalWithStartWorkflowExecution" SignalWithStartWorkflowExecutionRequest {
            workflow_id: id(), workflow_type: kind(), task_queue: queue(),
            signal_name: "s".to_owned(), signal_input: some(), workflow_start_delay: span(1),
        };
        "RequestCancelWorkflowExecution" RequestCancelWorkflowExecutionRequest {
            workflow_execution: run(), request_id: "c".to_owned(),
        };
        "TerminateWorkflowExecution" TerminateWorkflowExecutionRequest {
            workflow_execution: run(), reason: "why".to_owned(),
        };
        "DeleteWorkflowExecution" DeleteWorkflowExecutionRequest { workflow_execution: run() };
        "PollWorkflowTaskQueue" PollWorkflowTaskQueueRequest {
            task_queue: queue(), identity: "me".to_owned(),
        };
        "PollActivityTaskQueue" PollActivityTaskQueueRequest {
            task_queue: queue(), identity: "me".to_owned(),
        };
        "RespondWorkflowTaskCompleted" RespondWorkflowTaskCompletedRequest {
            task_token: token(2, 1), commands: commands(), return_new_workflow_task: true,
        };
        "RespondWorkflowTaskCompleted" RespondWorkflowTaskCompletedRequest {
            task_token: token(2, 2), commands: vec![complete()],
        };
        "RespondWorkflowTaskFailed" RespondWorkflowTaskFailedRequest {
            task_token: token(2, 1), failure: Some(failure()),
        };
        "RespondQueryTaskCompleted" RespondQueryTaskCompletedRequest {
            completed_type: 1, query_result: some(),
            task_token: Token { run: 1, query: 1, ..Token::default() }.encode_to_vec(),
        };
        "RespondActivityTaskCompleted" RespondActivityTaskCompletedRequest {
            task_token: token(5, 3), result: some(),
        };
        "RespondActivityTaskFailed" RespondActivityTaskFailedRequest {
            task_token: token(5, 3), failure: Some(failure()),
        };
        "RespondActivityTaskCanceled" RespondActivityTaskCanceledRequest {
            task_token: token(5, 3), details: some(),
        };
        "RecordActivityTaskHeartbeat" RecordActivityTaskHeartbeatRequest {
            task_token: token(5, 3), details: some(),
        };
        "RespondActivityTaskCompletedById" RespondActivityTaskCompletedByIdRequest {
            workflow_id: id(), activity_id: "a".to_owned(), result: some(),
        };
        "RespondActivityTaskFailedById" RespondActivityTaskFailedByIdRequest {
            workflow_id: id(), activity_id: "a".to_owned(), failure: Some(failure()),
        };
        "RespondActivityTaskCanceledById" RespondActivityTaskCanceledByIdRequest {
            workflow_id: id(), activity_id: "a".to_owned(),
        };
        "RecordActivityTaskHeartbeatById" RecordActivityTaskHeartbeatByIdRequest {
            workflow_id: id(), activity_id: "a".to_owned(),
        };
        "QueryWorkflow" QueryWorkflowRequest {
            execution: run(),
            query: Some(WorkflowQuery { query_type: "state".to_owned(), query_args: some(), header: None }),
        };
        "UpdateWorkflowExecution" UpdateWorkflowExecutionRequest {
            workflow_execution: run(), request: update(),
            wait_policy: Some(WaitPolicy { lifecycle_stage: 1 }),
        };
        "PollWorkflowExecutionUpdate" PollWorkflowExecutionUpdateRequest {
            update_ref: Some(UpdateRef { workflow_execution: run(), update_id: "u".to_owned(), }),
            wait_policy: Some(WaitPolicy { lifecycle_stage: 3 }),
        };
        "GetWorkflowExecutionHistory" GetWorkflowExecutionHistoryRequest {
            execution: run(), maximum_page_size: 2, next_page_token: page.encode_to_vec(),
            wait_new_event: true,
        };
        "GetWorkflowExecutionHistory" GetWorkflowExecutionHistoryRequest {
            execution: run(), history_event_filter_type: 2,
        };
        "GetWorkflowExecutionHistoryReverse" GetWorkflowExecutionHistoryReverseRequest {
            execution: run(), maximum_page_size: 2,
        };
        "DescribeWorkflowExecution" DescribeWorkflowExecutionRequest { execution: run() };
        "DescribeTaskQueue" DescribeTaskQueueRequest {
            task_queue: queue(), task_queue_type: 1, report_stats: true, report_config: true,
        };
        "UpdateTaskQueueConfig" UpdateTaskQueueConfigRequest {
            task_queue: "q".to_owned(), task_queue_type: 2,
        };
        "ListTaskQueuePartitions" ListTaskQueuePartitionsRequest { task_queue: queue() };
        "ResetStickyTaskQueue" ResetStickyTaskQueueRequest { execution: run() };
        "ShutdownWorker" ShutdownWorkerRequest { sticky_task_queue: "q".to_owned() };
        "ListOpenWorkflowExecutions" ListOpenWorkflowExecutionsRequest { maximum_page_size: 2 };
        "ListClosedWorkflowExecutions" ListClosedWorkflowExecutionsRequest { maximum_page_size: 2 };
        "CountWorkflowExecutions" CountWorkflowExecutionsRequest {
            query: "GROUP BY ExecutionStatus".to_owned(),
        };
        "DescribeNamespace" DescribeNamespaceRequest {};
        "ExecuteMultiOperation" ExecuteMultiOperationRequest {};
    };
    let namespaces = ListNamespacesRequest {
        page_size: 1,
        ..Default::default()
    };
    let search_attributes = b"\x0a\x07\x0a\x03Foo\x10\x02\x1a\x07default";
    all.extend([
        ("StartWorkflowExecution", start.encode_to_vec()),
        (
            "ListWorkflowExecutions",
            listed("WorkflowType = 'K' ORDER BY StartTime"),
        ),
        (
            "ScanWorkflowExecutions",
            listed("ExecutionStatus = 'Running'"),
        ),
        ("ListNamespaces", namespaces.encode_to_vec()),
        ("GetSearchAttributes", Vec::new()),
        ("GetClusterInfo", Vec::new()),
        ("AddSearchAttributes", search_attributes.to_vec()),
        (
            "RemoveSearchAttributes",
            b"\x0a\x03Foo\x12\x07default".to_vec(),
        ),
        ("ListSearchAttributes", b"\x0a\x07default".to_vec()),
        ("CreateSchedule", Vec::new()),
    ]);
    all
}
