//! A client without manners: it sends any bytes as any signal, input or query, straight
//! through gRPC, and reads histories as they are. It deliberately knows no payload of the
//! contract; what its bytes mean is the test's business.

mod activity;
mod events;
mod holding;
pub mod payload;
mod tasks;
mod versions;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use futures::{StreamExt, stream};
use serde_json::{Value, json};
use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::{Code, Request, Status};
use temporalio_client::{Connection, ConnectionOptions, Url};
use temporalio_common::protos::temporal::api::common::v1::{
    Payloads, SearchAttributes, WorkflowExecution, WorkflowType,
};
use temporalio_common::protos::temporal::api::enums::v1::{EventType, HistoryEventFilterType};
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    GetWorkflowExecutionHistoryRequest, QueryWorkflowRequest,
    RequestCancelWorkflowExecutionRequest, SignalWorkflowExecutionRequest,
    StartWorkflowExecutionRequest,
};
use tokio::runtime::Runtime;

use crate::support::wait::eventually;
use crate::world::World;
use events::next_run;
pub use events::{count, failure, first_run, task_failures};
pub use tasks::Task;

const NAMESPACE: &str = "default";

/// Nothing here takes long on a server that works, loaded as it may be.
const LIMIT: Duration = Duration::from_mins(1);

/// Signals under way at once, where their order does not matter.
const IN_FLIGHT: usize = 4;

/// Before something is tried again that the server was too busy for.
const PAUSE: Duration = Duration::from_millis(10);

/// A connection to a world's server, used from tests that block.
pub struct Raw {
    runtime: Runtime,
    connection: Connection,
    queue: String,
}

/// One run of a workflow: its events, from the first.
pub type History = Vec<HistoryEvent>;

impl Raw {
    /// Connects to the server of this world; what it starts goes to the world's queue.
    pub fn connect(world: &World) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime can be built");
        let url: Url = format!("http://{}", world.address)
            .parse()
            .expect("an address makes a URL");
        let options = ConnectionOptions::new(url)
            .identity("raw".to_owned())
            .build();
        let connection = runtime
            .block_on(Connection::connect(options))
            .expect("the server can be connected to");
        Self {
            runtime,
            connection,
            queue: world.sandbox.task_queue().to_owned(),
        }
    }

    fn service(&self) -> Box<dyn WorkflowService> {
        self.connection.workflow_service()
    }

    /// Starts a workflow and gives its run id.
    #[track_caller]
    pub fn start(&self, kind: &str, id: &str, input: Option<Payloads>) -> String {
        self.start_with(kind, id, input, None)
    }

    /// The same with search attributes.
    #[track_caller]
    pub fn start_with(
        &self,
        kind: &str,
        id: &str,
        input: Option<Payloads>,
        search_attributes: Option<SearchAttributes>,
    ) -> String {
        let message = StartWorkflowExecutionRequest {
            namespace: NAMESPACE.to_owned(),
            workflow_id: id.to_owned(),
            workflow_type: Some(WorkflowType {
                name: kind.to_owned(),
            }),
            task_queue: Some(TaskQueue {
                name: self.queue.clone(),
                ..Default::default()
            }),
            input,
            workflow_task_timeout: Some(Duration::from_secs(5).try_into().unwrap()),
            identity: "raw".to_owned(),
            request_id: id.to_owned(),
            search_attributes,
            ..Default::default()
        };
        // Under its request id it is started once, however often it is asked for.
        let started = eventually(&format!("{kind} {id} is started"), LIMIT, || {
            let mut service = self.service();
            let asking = service.start_workflow_execution(Request::new(message.clone()));
            match self.runtime.block_on(asking) {
                Err(status) if is_busy(&status) => None,
                started => Some(started),
            }
        });
        started
            .unwrap_or_else(|status| panic!("{kind} {id}: {status}"))
            .into_inner()
            .run_id
    }

    /// Sends a signal; it is in the history when this returns.
    #[track_caller]
    pub fn signal(&self, id: &str, name: &str, input: Option<Payloads>) {
        let sent = self.try_signal(id, name, input);
        sent.unwrap_or_else(|status| panic!("{name} to {id}: {status}"));
    }

    /// Sends a signal to a workflow that may have closed.
    pub fn try_signal(&self, id: &str, name: &str, input: Option<Payloads>) -> Result<(), Status> {
        self.runtime.block_on(self.send(id, name, input))
    }

    /// Sends a good message: a JSON object.
    #[track_caller]
    pub fn tell(&self, id: &str, name: &str, content: &Value) {
        self.signal(id, name, payload::json(content));
    }

    /// Registers a session with an epoch, under its own name as the message's id.
    #[track_caller]
    pub fn register(&self, id: &str, session: &str) {
        let content = json!({ "epoch_id": id, "session_id": session, "request_id": session });
        self.tell(id, "register_session", &content);
    }

    /// Sends many signals, several at once.
    #[track_caller]
    pub fn flood(&self, id: &str, signals: Vec<(&'static str, Option<Payloads>)>) {
        let sending = stream::iter(signals)
            .map(|(name, input)| self.send(id, name, input))
            .buffer_unordered(IN_FLIGHT)
            .collect::<Vec<_>>();
        for sent in self.runtime.block_on(sending) {
            sent.unwrap_or_else(|status| panic!("a signal to {id}: {status}"));
        }
    }

    /// Sends a signal, again while the server is busy or the workflow is just closing; the
    /// server takes it once, since a lost answer does not tell whether it has it.
    async fn send(&self, id: &str, name: &str, input: Option<Payloads>) -> Result<(), Status> {
        static SENT: AtomicU32 = AtomicU32::new(0);
        let request_id = format!("{name}-{}", SENT.fetch_add(1, Ordering::Relaxed));
        let deadline = Instant::now() + LIMIT;
        loop {
            let message = SignalWorkflowExecutionRequest {
                namespace: NAMESPACE.to_owned(),
                workflow_execution: Some(execution(id, "")),
                signal_name: name.to_owned(),
                input: input.clone(),
                identity: "raw".to_owned(),
                request_id: request_id.clone(),
                ..Default::default()
            };
            let request = Request::new(message);
            match self.service().signal_workflow_execution(request).await {
                Err(status) if is_busy(&status) && Instant::now() < deadline => {
                    tokio::time::sleep(PAUSE).await;
                }
                sent => return sent.map(drop),
            }
        }
    }

    /// Asks a query with these arguments: its answer, or the server's word that it failed.
    /// A server that is merely busy is asked again, and so is one that has had to have a
    /// task done several times over: if that goes on, the last answer says so.
    pub fn ask(&self, id: &str, query: &str, args: Option<Payloads>) -> Result<Payloads, Status> {
        let message = QueryWorkflowRequest {
            namespace: NAMESPACE.to_owned(),
            execution: Some(execution(id, "")),
            query: Some(WorkflowQuery {
                query_type: query.to_owned(),
                query_args: args,
                ..Default::default()
            }),
            ..Default::default()
        };
        self.runtime.block_on(async {
            let deadline = Instant::now() + LIMIT;
            loop {
                let mut request = Request::new(message.clone());
                request.set_timeout(LIMIT);
                match self.service().query_workflow(request).await {
                    Err(status)
                        if (is_busy(&status) || status.code() == Code::FailedPrecondition)
                            && Instant::now() < deadline =>
                    {
                        tokio::time::sleep(PAUSE).await;
                    }
                    answer => {
                        return answer
                            .map(|answer| answer.into_inner().query_result.unwrap_or_default());
                    }
                }
            }
        })
    }

    /// Asks a query that must be answered, and reads its JSON.
    #[track_caller]
    pub fn query(&self, id: &str, query: &str, args: Option<Payloads>) -> Value {
        let answer = self.ask(id, query, args);
        let answer = answer.unwrap_or_else(|status| panic!("{query} of {id}: {status}"));
        let [payload] = answer.payloads.as_slice() else {
            panic!("{query} answers one payload")
        };
        serde_json::from_slice(&payload.data).expect("an answer is JSON")
    }

    /// What became of a message.
    #[track_caller]
    pub fn outcome(&self, id: &str, request_id: &str) -> Value {
        self.query(id, "outcome", payload::json(&Value::from(request_id)))
    }

    /// Whether a message was applied.
    #[track_caller]
    pub fn is_applied(&self, id: &str, request_id: &str) -> Option<()> {
        (self.outcome(id, request_id)["status"] == "applied").then_some(())
    }

    /// Asks for a workflow to be cancelled.
    #[track_caller]
    pub fn cancel(&self, id: &str, reason: &str) {
        let message = RequestCancelWorkflowExecutionRequest {
            namespace: NAMESPACE.to_owned(),
            workflow_execution: Some(execution(id, "")),
            identity: "raw".to_owned(),
            reason: reason.to_owned(),
            ..Default::default()
        };
        let mut service = self.service();
        let call = service.request_cancel_workflow_execution(Request::new(message));
        let asked = self.runtime.block_on(call);
        asked.unwrap_or_else(|status| panic!("cancel {id}: {status}"));
    }

    /// The history of one run, as far as it is; an empty run id means the latest.
    #[track_caller]
    pub fn history(&self, id: &str, run_id: &str) -> History {
        let history = self.try_history(id, run_id);
        history.unwrap_or_else(|status| panic!("history of {id}: {status}"))
    }

    /// The same, if there is one.
    fn try_history(&self, id: &str, run_id: &str) -> Result<History, Status> {
        let mut events = Vec::new();
        let mut page = Vec::new();
        loop {
            let message = GetWorkflowExecutionHistoryRequest {
                namespace: NAMESPACE.to_owned(),
                execution: Some(execution(id, run_id)),
                next_page_token: page,
                ..Default::default()
            };
            let mut service = self.service();
            let call = service.get_workflow_execution_history(Request::new(message));
            let answer = self.runtime.block_on(call)?.into_inner();
            events.extend(answer.history.unwrap_or_default().events);
            page = answer.next_page_token;
            if page.is_empty() {
                return Ok(events);
            }
        }
    }

    /// The histories of a run and of those that continued it.
    #[track_caller]
    pub fn chain(&self, id: &str, first_run: &str) -> Vec<History> {
        let mut run_id = first_run.to_owned();
        let mut runs = Vec::new();
        loop {
            let history = self.history(id, &run_id);
            let next = history.last().and_then(next_run).map(ToOwned::to_owned);
            runs.push(history);
            match next {
                Some(next) => run_id = next,
                None => return runs,
            }
        }
    }

    /// Waits until a workflow has closed, and gives its last event.
    #[track_caller]
    pub fn closed(&self, id: &str) -> HistoryEvent {
        self.close_within(id, LIMIT)
            .unwrap_or_else(|| panic!("{id} did not close within {LIMIT:?}"))
    }

    /// The last event of a workflow that closes within this time.
    pub fn close_within(&self, id: &str, limit: Duration) -> Option<HistoryEvent> {
        let deadline = Instant::now() + limit;
        loop {
            let left = deadline.checked_duration_since(Instant::now())?;
            let message = GetWorkflowExecutionHistoryRequest {
                namespace: NAMESPACE.to_owned(),
                execution: Some(execution(id, "")),
                wait_new_event: true,
                history_event_filter_type: HistoryEventFilterType::CloseEvent as i32,
                ..Default::default()
            };
            let mut request = Request::new(message);
            request.set_timeout(left);
            let mut service = self.service();
            let waiting = service.get_workflow_execution_history(request);
            let Ok(answer) = self.runtime.block_on(waiting) else {
                continue;
            };
            if let Some(last) = answer.into_inner().history.unwrap_or_default().events.pop()
                && next_run(&last).is_none()
            {
                return Some(last);
            }
        }
    }

    /// Waits until a run's history has an event of this type, and gives the history. The
    /// workflow need not be there yet: a child is started after its parent's task.
    #[track_caller]
    pub fn history_with(&self, id: &str, wanted: EventType) -> History {
        let what = format!("{wanted:?} of {id}");
        eventually(&what, LIMIT, || {
            let history = self.try_history(id, "").ok()?;
            count(&history, wanted).gt(&0).then_some(history)
        })
    }
}

fn is_busy(status: &Status) -> bool {
    matches!(status.code(), Code::ResourceExhausted | Code::Unavailable)
}

fn execution(id: &str, run_id: &str) -> WorkflowExecution {
    WorkflowExecution {
        workflow_id: id.to_owned(),
        run_id: run_id.to_owned(),
    }
}
