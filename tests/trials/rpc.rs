//! Temporal's calls without manners of their own: one request, one answer, nothing tried
//! again, and a limit on everything.

use std::time::Duration;

use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::{Code, Request, Response, Status};
use temporalio_client::{Connection, ConnectionOptions, Url};
use temporalio_common::protos::temporal::api::common::v1::{Payload, Payloads, WorkflowExecution};
use temporalio_common::protos::temporal::api::enums::v1::TaskQueueKind;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    CountWorkflowExecutionsRequest, GetWorkflowExecutionHistoryRequest,
};

pub const NAMESPACE: &str = "default";

/// No call takes longer on an engine that is there.
const LIMIT: Duration = Duration::from_secs(10);

/// A connection; it finds the engine again after it was gone.
#[derive(Clone)]
pub struct Rpc(Connection);

impl Rpc {
    /// Connects to an engine that runs.
    pub async fn connect(address: &str) -> Self {
        let url: Url = format!("http://{address}")
            .parse()
            .expect("an address makes a URL");
        let options = ConnectionOptions::new(url)
            .identity("trial".to_owned())
            .build();
        let connection = Connection::connect(options).await;
        Self(connection.expect("the engine can be connected to"))
    }

    pub fn service(&self) -> Box<dyn WorkflowService> {
        self.0.workflow_service()
    }

    /// The events of a run; an empty id means the latest.
    pub async fn history(&self, id: &str, run_id: &str) -> Result<Vec<HistoryEvent>, Status> {
        let (mut events, mut page) = (Vec::new(), Vec::new());
        loop {
            let request = GetWorkflowExecutionHistoryRequest {
                namespace: NAMESPACE.to_owned(),
                execution: Some(WorkflowExecution {
                    workflow_id: id.to_owned(),
                    run_id: run_id.to_owned(),
                }),
                next_page_token: page,
                ..Default::default()
            };
            let mut service = self.service();
            let answer = within(service.get_workflow_execution_history(limited(request))).await?;
            events.extend(answer.history.unwrap_or_default().events);
            page = answer.next_page_token;
            if page.is_empty() {
                return Ok(events);
            }
        }
    }

    /// How many runs a list has.
    pub async fn count(&self, query: &str) -> Result<usize, Status> {
        let request = CountWorkflowExecutionsRequest {
            namespace: NAMESPACE.to_owned(),
            query: query.to_owned(),
        };
        let mut service = self.service();
        let answer = within(service.count_workflow_executions(limited(request))).await?;
        Ok(usize::try_from(answer.count).expect("a count is not negative"))
    }

    /// Waits until a list has so many: what closes does so in its own time, and a server's index
    /// follows what it knows.
    pub async fn wait_count(&self, query: &str, expected: usize, limit: Duration) {
        let counted = async {
            loop {
                let found = self.count(query).await.expect("it counts");
                if found == expected {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let counted = tokio::time::timeout(limit, counted).await;
        counted.unwrap_or_else(|_| panic!("{query}: not {expected} within {limit:?}"));
    }
}

/// A request that the engine is to answer in time.
pub fn limited<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(LIMIT);
    request
}

/// A call's answer, if it comes in time.
pub async fn within<T>(
    call: impl Future<Output = Result<Response<T>, Status>>,
) -> Result<T, Status> {
    match tokio::time::timeout(LIMIT, call).await {
        Ok(answer) => answer.map(Response::into_inner),
        Err(_) => Err(Status::deadline_exceeded("no answer in time")),
    }
}

/// Whether a call failed because the engine went away during it or before.
pub fn is_gone(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled
    ) || (matches!(status.code(), Code::Unknown | Code::Internal)
        && std::error::Error::source(status).is_some())
}

/// One JSON text as payloads.
pub fn text(text: &str) -> Option<Payloads> {
    Some(Payloads {
        payloads: vec![Payload {
            metadata: [("encoding".to_owned(), b"json/plain".to_vec())].into(),
            data: serde_json::to_vec(text).expect("a text is JSON"),
            ..Default::default()
        }],
    })
}

/// An ordinary queue.
pub fn queue(name: &str) -> Option<TaskQueue> {
    Some(TaskQueue {
        name: name.to_owned(),
        kind: TaskQueueKind::Normal as i32,
        ..Default::default()
    })
}

/// The latest run of a workflow.
pub fn latest(id: &str) -> Option<WorkflowExecution> {
    Some(WorkflowExecution {
        workflow_id: id.to_owned(),
        run_id: String::new(),
    })
}
