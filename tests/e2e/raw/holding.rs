//! A worker that has a run to itself: tasks and queries come to a queue of its own, and it
//! does with them what the test says, so that what another worker sees of the run meanwhile
//! is the test's choice.

use std::time::Duration;

use temporalio_client::tonic::Request;
use temporalio_common::protos::temporal::api::enums::v1::{
    TaskQueueKind, TaskQueueType, WorkflowTaskFailedCause,
};
use temporalio_common::protos::temporal::api::taskqueue::v1::{
    StickyExecutionAttributes, TaskQueue,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeTaskQueueRequest, PollWorkflowTaskQueueResponse, RespondWorkflowTaskCompletedRequest,
    RespondWorkflowTaskFailedRequest,
};

use super::{LIMIT, NAMESPACE, Raw};
use crate::support::wait::eventually;

impl Raw {
    /// Takes a run's task from the world's queue and answers that there is nothing to do;
    /// what comes next within `patience` goes to this worker alone.
    #[track_caller]
    pub fn hold(&self, patience: Duration) {
        let task = self.take_task(&self.queue);
        self.complete_task(RespondWorkflowTaskCompletedRequest {
            task_token: task.task_token,
            sticky_attributes: Some(StickyExecutionAttributes {
                worker_task_queue: Some(self.own_queue()),
                schedule_to_start_timeout: patience.try_into().ok(),
            }),
            ..Default::default()
        });
    }

    /// The next task, or query, of the run that it holds.
    #[track_caller]
    pub fn held(&self) -> PollWorkflowTaskQueueResponse {
        self.take_task_of(self.own_queue())
    }

    /// Waits until this worker is known to wait for what comes: a server gives nothing to a
    /// queue where nobody does.
    #[track_caller]
    pub fn until_holding(&self) {
        let message = DescribeTaskQueueRequest {
            namespace: NAMESPACE.to_owned(),
            task_queue: Some(self.own_queue()),
            task_queue_type: TaskQueueType::Workflow as i32,
            ..Default::default()
        };
        eventually("the holder is seen to poll", LIMIT, || {
            let mut service = self.service();
            let describing = service.describe_task_queue(Request::new(message.clone()));
            let described = self.runtime.block_on(describing).ok()?.into_inner();
            (!described.pollers.is_empty()).then_some(())
        });
    }

    /// Gives a task back that it could not do.
    #[track_caller]
    pub fn give_back(&self, task: PollWorkflowTaskQueueResponse) {
        let message = RespondWorkflowTaskFailedRequest {
            task_token: task.task_token,
            cause: WorkflowTaskFailedCause::WorkflowWorkerUnhandledFailure as i32,
            identity: "raw".to_owned(),
            namespace: NAMESPACE.to_owned(),
            ..Default::default()
        };
        let mut service = self.service();
        let answering = service.respond_workflow_task_failed(Request::new(message));
        let answered = self.runtime.block_on(answering);
        answered.unwrap_or_else(|status| panic!("a failure: {status}"));
    }

    fn own_queue(&self) -> TaskQueue {
        TaskQueue {
            name: format!("{}-own", self.queue),
            kind: TaskQueueKind::Sticky as i32,
            normal_name: self.queue.clone(),
        }
    }
}
