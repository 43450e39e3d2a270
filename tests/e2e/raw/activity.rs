//! An activity as a workflow of somebody else calls it: this process is that workflow's
//! worker, for the two tasks that it takes.

use std::time::Duration;

use serde_json::Value;
use temporalio_client::tonic::Request;
use temporalio_common::protos::temporal::api::command::v1::command::Attributes as Doing;
use temporalio_common::protos::temporal::api::command::v1::{
    Command, CompleteWorkflowExecutionCommandAttributes, ScheduleActivityTaskCommandAttributes,
};
use temporalio_common::protos::temporal::api::common::v1::{ActivityType, Payloads, WorkflowType};
use temporalio_common::protos::temporal::api::enums::v1::CommandType;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    RespondWorkflowTaskCompletedRequest, StartWorkflowExecutionRequest,
};

use super::events::said;
use super::{LIMIT, NAMESPACE, Raw};

impl Raw {
    /// Has the world's daemon carry out an activity for a workflow of this id; gives its
    /// result, or what it failed with. One that is tried again fails by its time limit.
    #[track_caller]
    pub fn activity(&self, caller: &str, name: &str, input: Payloads) -> Result<Value, String> {
        let queue = TaskQueue {
            name: format!("{}-{caller}", self.queue),
            ..Default::default()
        };
        let start = StartWorkflowExecutionRequest {
            namespace: NAMESPACE.to_owned(),
            workflow_id: caller.to_owned(),
            workflow_type: Some(WorkflowType {
                name: "Caller".to_owned(),
            }),
            task_queue: Some(queue.clone()),
            identity: "raw".to_owned(),
            request_id: caller.to_owned(),
            ..Default::default()
        };
        let mut service = self.service();
        let starting = service.start_workflow_execution(Request::new(start));
        let started = self.runtime.block_on(starting);
        started.unwrap_or_else(|status| panic!("{caller}: {status}"));

        let task = self.take_task(&queue.name);
        let schedule = ScheduleActivityTaskCommandAttributes {
            activity_id: "1".to_owned(),
            activity_type: Some(ActivityType {
                name: name.to_owned(),
            }),
            task_queue: Some(TaskQueue {
                name: self.queue.clone(),
                ..Default::default()
            }),
            input: Some(input),
            schedule_to_close_timeout: LIMIT.try_into().ok(),
            start_to_close_timeout: Duration::from_secs(30).try_into().ok(),
            ..Default::default()
        };
        self.answer(
            task.task_token,
            CommandType::ScheduleActivityTask,
            Doing::ScheduleActivityTaskCommandAttributes(schedule),
        );
        let task = self.take_task(&queue.name);
        let events = task.history.unwrap_or_default().events;
        let result = events.iter().rev().find_map(|event| {
            Some(match event.attributes.as_ref()? {
                Attributes::ActivityTaskCompletedEventAttributes(done) => {
                    let payloads = done.result.iter().flat_map(|result| &result.payloads);
                    let data = payloads.map(|payload| payload.data.as_slice()).next();
                    Ok(serde_json::from_slice(data.unwrap_or_default()).unwrap_or(Value::Null))
                }
                Attributes::ActivityTaskFailedEventAttributes(failed) => {
                    Err(said(failed.failure.as_ref()))
                }
                Attributes::ActivityTaskTimedOutEventAttributes(late) => {
                    Err(format!("timed out: {}", said(late.failure.as_ref())))
                }
                _ => return None,
            })
        });
        let end = CompleteWorkflowExecutionCommandAttributes { result: None };
        self.answer(
            task.task_token,
            CommandType::CompleteWorkflowExecution,
            Doing::CompleteWorkflowExecutionCommandAttributes(end),
        );
        result.expect("an activity ends")
    }

    #[track_caller]
    fn answer(&self, task_token: Vec<u8>, kind: CommandType, attributes: Doing) {
        self.complete_task(RespondWorkflowTaskCompletedRequest {
            task_token,
            commands: vec![Command {
                command_type: kind as i32,
                attributes: Some(attributes),
                ..Default::default()
            }],
            ..Default::default()
        });
    }
}
