//! A worker by hand: it polls for one task at a time and answers what the scenario says,
//! so that anything can be made to happen while a task is held. It deliberately knows
//! nothing of determinism; a scenario may answer nonsense.

use std::time::Duration;

use temporalio_client::tonic::{Request, Response, Status};
use temporalio_common::protos::temporal::api::command::v1::Command;
use temporalio_common::protos::temporal::api::common::v1::Payloads;
use temporalio_common::protos::temporal::api::enums::v1::{TaskQueueKind, WorkflowTaskFailedCause};
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::taskqueue::v1::{
    StickyExecutionAttributes, TaskQueue,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    PollActivityTaskQueueRequest, PollActivityTaskQueueResponse, PollWorkflowTaskQueueRequest,
    PollWorkflowTaskQueueResponse, RecordActivityTaskHeartbeatRequest,
    RecordActivityTaskHeartbeatResponse, RespondActivityTaskCanceledRequest,
    RespondActivityTaskCompletedRequest, RespondActivityTaskFailedRequest,
    RespondWorkflowTaskCompletedRequest, RespondWorkflowTaskCompletedResponse,
    RespondWorkflowTaskFailedRequest,
};

use crate::scene::Scene;
use crate::worker::NAMESPACE;

pub mod commands;
mod queries;
mod updates;

pub use queries::anatomy;
pub use updates::response;

/// A workflow task that was polled for.
pub type Task = PollWorkflowTaskQueueResponse;

/// An activity task that was polled for.
pub type ActivityTask = PollActivityTaskQueueResponse;

/// A worker by hand on one queue.
pub struct Hand<'a> {
    scene: &'a Scene,
    queue: String,
}

impl<'a> Hand<'a> {
    /// Works on the scene's own queue `hand`, where its raw starts go.
    pub fn new(scene: &'a Scene) -> Self {
        Self::on(scene, scene.own("hand"))
    }

    /// Works on another queue.
    pub fn on(scene: &'a Scene, queue: String) -> Self {
        Self { scene, queue }
    }

    /// The next workflow task; polls until there is one.
    pub async fn task(&self) -> Task {
        self.task_of(TaskQueue {
            name: self.queue.clone(),
            kind: TaskQueueKind::Normal as i32,
            ..Default::default()
        })
        .await
    }

    /// The next workflow task of a sticky queue that an answer named.
    pub async fn sticky_task(&self, name: &str) -> Task {
        self.task_of(self.sticky_queue(name)).await
    }

    /// The next workflow task of a sticky queue, which something else brings about once
    /// this hand polls there: a service gives nothing to a queue where nobody does.
    pub async fn sticky_task_after(&self, name: &str, then: impl Future<Output = ()>) -> Task {
        let bring_about = async {
            self.scene.polled(self.sticky_queue(name)).await;
            then.await;
        };
        futures::join!(self.sticky_task(name), bring_about).0
    }

    async fn task_of(&self, queue: TaskQueue) -> Task {
        loop {
            let request = PollWorkflowTaskQueueRequest {
                namespace: NAMESPACE.to_owned(),
                task_queue: Some(queue.clone()),
                identity: "hand".to_owned(),
                ..Default::default()
            };
            let polled = self
                .scene
                .service()
                .poll_workflow_task_queue(Request::new(request))
                .await;
            let task = polled
                .unwrap_or_else(|status| panic!("polling: {status}"))
                .into_inner();
            if !task.task_token.is_empty() {
                return task;
            }
        }
    }

    /// All events of a task's history, as a worker reads them.
    pub async fn events(&self, task: &Task) -> Vec<HistoryEvent> {
        let mut events = task.history.clone().unwrap_or_default().events;
        if !task.next_page_token.is_empty() {
            let run = task.workflow_execution.clone().unwrap_or_default();
            let rest = self.scene.try_history_from(
                &run.workflow_id,
                &run.run_id,
                task.next_page_token.clone(),
            );
            events.extend(rest.await.expect("a task's history can be read"));
        }
        events
    }

    /// An answer to a task with these commands, to be changed or sent.
    pub fn answer(
        &self,
        task: &Task,
        commands: Vec<Command>,
    ) -> RespondWorkflowTaskCompletedRequest {
        RespondWorkflowTaskCompletedRequest {
            namespace: NAMESPACE.to_owned(),
            task_token: task.task_token.clone(),
            commands,
            identity: "hand".to_owned(),
            ..Default::default()
        }
    }

    /// Sends an answer.
    pub async fn send(
        &self,
        answer: RespondWorkflowTaskCompletedRequest,
    ) -> Result<RespondWorkflowTaskCompletedResponse, Status> {
        let mut service = self.scene.service();
        let sent = service
            .respond_workflow_task_completed(Request::new(answer))
            .await;
        sent.map(Response::into_inner)
    }

    /// Answers a task with these commands; it must be accepted.
    pub async fn complete(&self, task: &Task, commands: Vec<Command>) {
        let sent = self.send(self.answer(task, commands)).await;
        sent.unwrap_or_else(|status| panic!("an answer was refused: {status}"));
    }

    /// Polls for the next task and answers it with these commands.
    pub async fn do_next(&self, commands: Vec<Command>) -> Task {
        let task = self.task().await;
        self.complete(&task, commands).await;
        task
    }

    /// A queue that belongs to this hand alone.
    pub fn sticky_queue(&self, name: &str) -> TaskQueue {
        TaskQueue {
            name: self.scene.own(name),
            kind: TaskQueueKind::Sticky as i32,
            normal_name: self.queue.clone(),
        }
    }

    /// What an answer says to have the next task on a sticky queue.
    pub fn sticky(&self, name: &str, limit: Duration) -> Option<StickyExecutionAttributes> {
        Some(StickyExecutionAttributes {
            worker_task_queue: Some(self.sticky_queue(name)),
            schedule_to_start_timeout: limit.try_into().ok(),
        })
    }

    /// Says that a task failed.
    pub async fn fail(
        &self,
        task: &Task,
        cause: WorkflowTaskFailedCause,
        why: &str,
    ) -> Result<(), Status> {
        let request = RespondWorkflowTaskFailedRequest {
            namespace: NAMESPACE.to_owned(),
            task_token: task.task_token.clone(),
            cause: cause as i32,
            failure: Some(failure(why)),
            identity: "hand".to_owned(),
            ..Default::default()
        };
        let mut service = self.scene.service();
        service
            .respond_workflow_task_failed(Request::new(request))
            .await
            .map(drop)
    }

    /// The next activity task; polls until there is one.
    pub async fn activity(&self) -> ActivityTask {
        loop {
            let request = PollActivityTaskQueueRequest {
                namespace: NAMESPACE.to_owned(),
                task_queue: Some(TaskQueue {
                    name: self.queue.clone(),
                    kind: TaskQueueKind::Normal as i32,
                    ..Default::default()
                }),
                identity: "hand".to_owned(),
                ..Default::default()
            };
            let polled = self
                .scene
                .service()
                .poll_activity_task_queue(Request::new(request))
                .await;
            let task = polled
                .unwrap_or_else(|status| panic!("polling: {status}"))
                .into_inner();
            if !task.task_token.is_empty() {
                return task;
            }
        }
    }

    /// Says that an activity is done.
    pub async fn activity_done(&self, task: &ActivityTask, result: &str) -> Result<(), Status> {
        let request = RespondActivityTaskCompletedRequest {
            namespace: NAMESPACE.to_owned(),
            task_token: task.task_token.clone(),
            result: text(result),
            identity: "hand".to_owned(),
            ..Default::default()
        };
        let mut service = self.scene.service();
        service
            .respond_activity_task_completed(Request::new(request))
            .await
            .map(drop)
    }

    /// Says that an activity is alive, with details.
    pub async fn heartbeat(
        &self,
        task: &ActivityTask,
        details: &str,
    ) -> Result<RecordActivityTaskHeartbeatResponse, Status> {
        let request = RecordActivityTaskHeartbeatRequest {
            namespace: NAMESPACE.to_owned(),
            task_token: task.task_token.clone(),
            details: text(details),
            identity: "hand".to_owned(),
            ..Default::default()
        };
        let mut service = self.scene.service();
        let answer = service
            .record_activity_task_heartbeat(Request::new(request))
            .await;
        answer.map(Response::into_inner)
    }

    /// Says that an activity has stopped because it was asked to.
    pub async fn activity_cancelled(
        &self,
        task: &ActivityTask,
        details: &str,
    ) -> Result<(), Status> {
        let request = RespondActivityTaskCanceledRequest {
            namespace: NAMESPACE.to_owned(),
            task_token: task.task_token.clone(),
            details: text(details),
            identity: "hand".to_owned(),
            ..Default::default()
        };
        let mut service = self.scene.service();
        service
            .respond_activity_task_canceled(Request::new(request))
            .await
            .map(drop)
    }

    /// Says that an activity failed.
    pub async fn activity_failed(&self, task: &ActivityTask, why: &str) -> Result<(), Status> {
        let request = RespondActivityTaskFailedRequest {
            namespace: NAMESPACE.to_owned(),
            task_token: task.task_token.clone(),
            failure: Some(failure(why)),
            identity: "hand".to_owned(),
            ..Default::default()
        };
        let mut service = self.scene.service();
        service
            .respond_activity_task_failed(Request::new(request))
            .await
            .map(drop)
    }
}

/// One JSON text as payloads.
pub fn text(text: &str) -> Option<Payloads> {
    Some(Payloads {
        payloads: vec![payload(text)],
    })
}

/// One JSON text as a payload.
pub fn payload(text: &str) -> temporalio_common::protos::temporal::api::common::v1::Payload {
    temporalio_common::protos::temporal::api::common::v1::Payload {
        metadata: [("encoding".to_owned(), b"json/plain".to_vec())].into(),
        data: serde_json::to_vec(text).expect("a text is JSON"),
        ..Default::default()
    }
}

/// A failure of the application that may be tried again.
pub fn failure(why: &str) -> Failure {
    use temporalio_common::protos::temporal::api::failure::v1::ApplicationFailureInfo;
    use temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo;

    Failure {
        message: why.to_owned(),
        failure_info: Some(FailureInfo::ApplicationFailureInfo(
            ApplicationFailureInfo {
                r#type: "ByHand".to_owned(),
                ..Default::default()
            },
        )),
        ..Default::default()
    }
}

/// The shape of a task's history: the first and last event, and what they are.
pub fn shape(events: &[HistoryEvent]) -> String {
    let kinds: Vec<String> = events
        .iter()
        .map(|event| format!("{} {:?}", event.event_id, event.event_type()))
        .collect();
    kinds.join(", ")
}
