//! Starting scripts and other workflows, talking to them, and ending them.

use std::time::Duration;

use temporalio_client::errors::WorkflowGetResultError;
use temporalio_client::tonic::{Request, Status};
use temporalio_client::{
    WorkflowCancelOptions, WorkflowGetResultOptions, WorkflowHandle, WorkflowSignalOptions,
    WorkflowStartOptions, WorkflowTerminateOptions,
};
use temporalio_common::protos::temporal::api::common::v1::{WorkflowExecution, WorkflowType};
use temporalio_common::protos::temporal::api::enums::v1::TaskQueueType;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::workflow::v1::PendingActivityInfo;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeTaskQueueRequest, DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse,
    StartWorkflowExecutionRequest, TerminateWorkflowExecutionRequest,
};

use super::Scene;
use crate::refusal;
use crate::script::{Play, Script, Step};
use crate::worker::NAMESPACE;

/// A handle of the SDK that follows the latest run.
pub type Handle = WorkflowHandle<temporalio_client::Client, Script>;

impl Scene {
    /// Starts a script on the shared worker.
    pub async fn play(&self, name: &str, steps: Vec<Step>) -> Handle {
        let queue = self.staffed().to_owned();
        self.play_on(&queue, name, steps).await
    }

    /// Starts a script on any queue.
    pub async fn play_on(&self, queue: &str, name: &str, steps: Vec<Step>) -> Handle {
        let options = WorkflowStartOptions::new(queue, self.id(name)).build();
        self.play_with(options, steps).await
    }

    /// Starts a script with options, on what is said there.
    pub async fn play_with(&self, options: WorkflowStartOptions, steps: Vec<Step>) -> Handle {
        let id = options.workflow_id.clone();
        let started = self
            .client()
            .start_workflow(Script::run, Play::from(steps), options)
            .await;
        let started = started.unwrap_or_else(|error| panic!("{id} could not be started: {error}"));
        self.saw_run(&id, started.run_id().unwrap_or_default());
        self.handle(&id)
    }

    /// A handle for an id of this scene.
    pub fn handle(&self, id: &str) -> Handle {
        self.client().get_workflow_handle::<Script>(id)
    }

    /// Waits for the result of a script, and records it.
    pub async fn result(&self, name: &str) {
        let handle = self.handle(&self.id(name));
        let result = handle.get_result(WorkflowGetResultOptions::default()).await;
        let line = match &result {
            Ok(log) => format!("[{}]", log.join("; ")),
            Err(error @ WorkflowGetResultError::Failed(_)) => refusal::chain(error),
            Err(error) => format!("{error}"),
        };
        self.note(&format!("{name} ended"), line);
    }

    /// Signals a word.
    pub async fn tell(&self, name: &str, word: &str) {
        let handle = self.handle(&self.own(name));
        let told = handle
            .signal(
                Script::tell,
                word.to_owned(),
                WorkflowSignalOptions::default(),
            )
            .await;
        told.unwrap_or_else(|error| panic!("telling {word} to {name}: {error}"));
    }

    /// Asks a workflow to cancel.
    pub async fn ask_to_cancel(&self, name: &str, why: &str) {
        let handle = self.handle(&self.own(name));
        let options = WorkflowCancelOptions::builder().reason(why).build();
        let asked = handle.cancel(options).await;
        asked.unwrap_or_else(|error| panic!("cancelling {name}: {error}"));
    }

    /// Terminates a workflow.
    pub async fn terminate(&self, name: &str, why: &str) {
        let handle = self.handle(&self.own(name));
        let options = WorkflowTerminateOptions::builder().reason(why).build();
        let ended = handle.terminate(options).await;
        ended.unwrap_or_else(|error| panic!("terminating {name}: {error}"));
    }

    /// A raw request to start a workflow of type `hand` on a queue that no SDK works on.
    pub fn start_request(&self, name: &str) -> StartWorkflowExecutionRequest {
        StartWorkflowExecutionRequest {
            namespace: NAMESPACE.to_owned(),
            workflow_id: self.id(name),
            workflow_type: Some(WorkflowType {
                name: "hand".to_owned(),
            }),
            task_queue: Some(TaskQueue {
                name: self.own("hand"),
                ..Default::default()
            }),
            identity: "starter".to_owned(),
            request_id: uuid::Uuid::new_v4().to_string(),
            ..Default::default()
        }
    }

    /// Makes a raw request to start a workflow; gives its run.
    pub async fn start(&self, request: StartWorkflowExecutionRequest) -> Result<String, Status> {
        let id = request.workflow_id.clone();
        let request = Request::new(request);
        let started = self.service().start_workflow_execution(request).await?;
        let run_id = started.into_inner().run_id;
        self.saw_run(&id, &run_id);
        Ok(run_id)
    }

    /// Describes the latest run.
    pub async fn describe(&self, name: &str) -> DescribeWorkflowExecutionResponse {
        let request = DescribeWorkflowExecutionRequest {
            namespace: NAMESPACE.to_owned(),
            execution: Some(self.execution(name)),
        };
        let answer = self
            .service()
            .describe_workflow_execution(Request::new(request))
            .await;
        let answer = answer.unwrap_or_else(|status| panic!("describing {name}: {status}"));
        answer.into_inner()
    }

    /// Waits until a pending activity is as wanted: what is not in histories can only be
    /// asked for again and again.
    pub async fn pending(
        &self,
        name: &str,
        wanted: impl Fn(&PendingActivityInfo) -> bool,
    ) -> PendingActivityInfo {
        const PAUSE: Duration = Duration::from_millis(20);
        loop {
            let described = self.describe(name).await;
            if let Some(found) = described.pending_activities.into_iter().find(&wanted) {
                return found;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until somebody polls this queue for workflow tasks.
    pub async fn polled(&self, queue: TaskQueue) {
        const PAUSE: Duration = Duration::from_millis(20);
        loop {
            let request = DescribeTaskQueueRequest {
                namespace: NAMESPACE.to_owned(),
                task_queue: Some(queue.clone()),
                task_queue_type: TaskQueueType::Workflow as i32,
                ..Default::default()
            };
            let answer = self
                .service()
                .describe_task_queue(Request::new(request))
                .await;
            let answer = answer.unwrap_or_else(|status| panic!("describing a queue: {status}"));
            if !answer.into_inner().pollers.is_empty() {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// A workflow of this scene; its latest run.
    pub fn execution(&self, name: &str) -> WorkflowExecution {
        WorkflowExecution {
            workflow_id: self.own(name),
            run_id: String::new(),
        }
    }

    /// Terminates what may still run.
    pub(super) async fn end(&self, id: &str) {
        let request = TerminateWorkflowExecutionRequest {
            namespace: NAMESPACE.to_owned(),
            workflow_execution: Some(WorkflowExecution {
                workflow_id: id.to_owned(),
                run_id: String::new(),
            }),
            ..Default::default()
        };
        // Most have ended by themselves, and some never were.
        let _ = self
            .service()
            .terminate_workflow_execution(Request::new(request))
            .await;
    }
}
