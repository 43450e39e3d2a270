//! The workflow task of a moment: whether one is under way, one that gets lost, and one
//! that is overtaken by the end of its workflow. Asked in this process, because a command
//! would take longer than such a moment lasts.

use temporalio_client::tonic::{Request, Response};
use temporalio_common::protos::temporal::api::enums::v1::PendingWorkflowTaskState;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeWorkflowExecutionRequest, PollWorkflowTaskQueueRequest, PollWorkflowTaskQueueResponse,
    RespondWorkflowTaskCompletedRequest, TerminateWorkflowExecutionRequest,
};

use super::{LIMIT, NAMESPACE, Raw, execution, is_busy};
use crate::support::wait::eventually;

/// What is to be done for a workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    None,
    /// It waits for a worker.
    Scheduled,
    /// A worker has it.
    Started,
}

impl Raw {
    /// Where a workflow's task is.
    #[track_caller]
    pub fn task(&self, id: &str) -> Task {
        let message = DescribeWorkflowExecutionRequest {
            namespace: NAMESPACE.to_owned(),
            execution: Some(execution(id, "")),
        };
        let mut service = self.service();
        let call = service.describe_workflow_execution(Request::new(message));
        let answer = self.runtime.block_on(call);
        let answer = answer.unwrap_or_else(|status| panic!("describe {id}: {status}"));
        match answer.into_inner().pending_workflow_task {
            None => Task::None,
            Some(task) if task.state() == PendingWorkflowTaskState::Started => Task::Started,
            Some(_) => Task::Scheduled,
        }
    }

    /// Takes a workflow task from the world's queue and does nothing with it, as a worker
    /// that is killed; returns when the server has given it out.
    #[track_caller]
    pub fn lose_task(&self) {
        drop(self.take_task(&self.queue));
    }

    /// A workflow task from this queue.
    #[track_caller]
    pub(super) fn take_task(&self, queue: &str) -> PollWorkflowTaskQueueResponse {
        self.take_task_of(TaskQueue {
            name: queue.to_owned(),
            ..Default::default()
        })
    }

    /// The same, whatever kind of queue it is; it may bring a query.
    #[track_caller]
    pub(super) fn take_task_of(&self, queue: TaskQueue) -> PollWorkflowTaskQueueResponse {
        let message = PollWorkflowTaskQueueRequest {
            namespace: NAMESPACE.to_owned(),
            task_queue: Some(queue),
            identity: "raw".to_owned(),
            ..Default::default()
        };
        // The server answers a poll with nothing when there was none for a minute.
        eventually("a task is given out", 2 * LIMIT, || {
            let mut service = self.service();
            let mut request = Request::new(message.clone());
            request.set_timeout(2 * LIMIT);
            let polling = service.poll_workflow_task_queue(request);
            match self.runtime.block_on(polling).map(Response::into_inner) {
                Ok(task) => (!task.task_token.is_empty()).then_some(task),
                Err(status) if is_busy(&status) => None,
                Err(status) => panic!("poll: {status}"),
            }
        })
    }

    /// Answers a workflow task, whose token and what else is to be said the answer has.
    #[track_caller]
    pub(super) fn complete_task(&self, answer: RespondWorkflowTaskCompletedRequest) {
        let message = RespondWorkflowTaskCompletedRequest {
            identity: "raw".to_owned(),
            namespace: NAMESPACE.to_owned(),
            ..answer
        };
        let mut service = self.service();
        let answering = service.respond_workflow_task_completed(Request::new(message));
        let answered = self.runtime.block_on(answering);
        answered.unwrap_or_else(|status| panic!("an answer: {status}"));
    }

    /// Ends a workflow by force.
    #[track_caller]
    pub fn terminate(&self, id: &str) {
        let message = TerminateWorkflowExecutionRequest {
            namespace: NAMESPACE.to_owned(),
            workflow_execution: Some(execution(id, "")),
            identity: "raw".to_owned(),
            reason: "a test".to_owned(),
            ..Default::default()
        };
        let mut service = self.service();
        let call = service.terminate_workflow_execution(Request::new(message));
        let ended = self.runtime.block_on(call);
        ended.unwrap_or_else(|status| panic!("terminate {id}: {status}"));
    }
}
