//! Commands that end a run, and the run that goes on after it.

use temporalio_common::protos::temporal::api::command::v1::ContinueAsNewWorkflowExecutionCommandAttributes;
use temporalio_common::protos::temporal::api::command::v1::command::Attributes as Command;
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::enums::v1::{ContinueAsNewInitiator, RetryState};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes as Event;
use temporalio_common::protos::temporal::api::history::v1::{
    WorkflowExecutionCanceledEventAttributes, WorkflowExecutionCompletedEventAttributes,
    WorkflowExecutionContinuedAsNewEventAttributes, WorkflowExecutionFailedEventAttributes,
};

use super::Applied;
use crate::embedded::engine::close::{End, going_on, like};
use crate::embedded::engine::error::Answer;
use crate::embedded::engine::retry;
use crate::embedded::engine::run::Run;
use crate::embedded::engine::start::{Continued, NewRun};
use crate::embedded::engine::task::queue_of;
use crate::embedded::engine::time::{duration, shorter, span};
use crate::embedded::engine::{Engine, Transaction};
use crate::embedded::store::RunKey;

impl Engine {
    /// Writes the last event of a run.
    pub(super) fn apply_end(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        attributes: Command,
        applied: &mut Applied,
    ) -> Answer<()> {
        let now = transaction.now;
        let completed = applied.completed_id;
        let (event, end, next) = match attributes {
            Command::CompleteWorkflowExecutionCommandAttributes(command) => {
                let event = WorkflowExecutionCompletedEventAttributes {
                    result: command.result.clone(),
                    workflow_task_completed_event_id: completed,
                    new_execution_run_id: String::new(),
                };
                let event = Event::WorkflowExecutionCompletedEventAttributes(event);
                (event, End::Completed(command.result), None)
            }
            Command::FailWorkflowExecutionCommandAttributes(command) => {
                let failure = command.failure.unwrap_or_default();
                let (next, retry_state) = match self.retry_run(key, now, &failure)? {
                    Ok(next) => (Some(next), RetryState::InProgress),
                    Err(why) => (None, why),
                };
                let event = WorkflowExecutionFailedEventAttributes {
                    failure: Some(failure.clone()),
                    retry_state: retry_state as i32,
                    workflow_task_completed_event_id: completed,
                    new_execution_run_id: run_id(next.as_ref()),
                };
                let event = Event::WorkflowExecutionFailedEventAttributes(event);
                (event, End::Failed(Box::new(failure), retry_state), next)
            }
            Command::CancelWorkflowExecutionCommandAttributes(command) => {
                let event = WorkflowExecutionCanceledEventAttributes {
                    workflow_task_completed_event_id: completed,
                    details: command.details.clone(),
                };
                let event = Event::WorkflowExecutionCanceledEventAttributes(event);
                (event, End::Canceled(command.details), None)
            }
            Command::ContinueAsNewWorkflowExecutionCommandAttributes(command) => {
                let new_id = self.ids.next();
                let run = self.run_mut(key)?;
                let new = go_on(run, command.clone());
                let event = continued_event(&new, &new_id, completed, command);
                (event, End::Continued, Some((new_id, new)))
            }
            _ => return Ok(()),
        };
        self.run_mut(key)?.append(now, event);
        applied.end = Some((end, next));
        Ok(())
    }

    /// Ends the run if a command said so.
    pub(in crate::embedded::engine) fn close_applied(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        applied: &mut Applied,
    ) {
        if let Some((end, next)) = applied.end.take() {
            self.close(transaction, key, end, next);
        }
    }
}

fn run_id(next: Option<&(String, NewRun)>) -> String {
    next.map(|(id, _)| id.clone()).unwrap_or_default()
}

/// The run that a workflow wants to go on as.
fn go_on(run: &Run, command: ContinueAsNewWorkflowExecutionCommandAttributes) -> NewRun {
    let mut new = like(run);
    if let Some(name) = command
        .workflow_type
        .map(|kind| kind.name)
        .filter(|name| !name.is_empty())
    {
        new.workflow_type = name;
    }
    if let Some(name) = command
        .task_queue
        .map(|queue| queue.name)
        .filter(|name| !name.is_empty())
    {
        new.task_queue = name;
    }
    let run_timeout = span(command.workflow_run_timeout.as_ref());
    new.run_timeout = if run_timeout == 0 {
        run.state.run_timeout
    } else {
        run_timeout
    };
    let task_timeout = span(command.workflow_task_timeout.as_ref());
    if task_timeout != 0 {
        new.task_timeout = task_timeout;
    }
    if command.retry_policy.is_some() {
        new.retry_policy = command
            .retry_policy
            .map(|policy| retry::filled(Some(policy)));
    }
    new.task_timeout = shorter(new.task_timeout, new.run_timeout);
    new.input = command.input;
    new.header = command.header;
    new.memo = command.memo.or(new.memo);
    new.search_attributes = command.search_attributes.or(new.search_attributes);
    new.delay = span(command.backoff_start_interval.as_ref());
    if run.state.parent.is_some() {
        new.root = Some(WorkflowExecution {
            workflow_id: run.row.root_workflow_id.clone(),
            run_id: run.row.root_run_id.clone(),
        });
    }
    new.continued = Some(Continued {
        initiator: ContinueAsNewInitiator::Workflow,
        failure: command.failure,
        last_result: command.last_completion_result,
        ..going_on(run)
    });
    new
}

fn continued_event(
    new: &NewRun,
    new_id: &str,
    completed: i64,
    command: ContinueAsNewWorkflowExecutionCommandAttributes,
) -> Event {
    Event::WorkflowExecutionContinuedAsNewEventAttributes(
        WorkflowExecutionContinuedAsNewEventAttributes {
            new_execution_run_id: new_id.to_owned(),
            workflow_type: Some(
                temporalio_common::protos::temporal::api::common::v1::WorkflowType {
                    name: new.workflow_type.clone(),
                },
            ),
            task_queue: Some(queue_of(&new.task_queue, "")),
            input: new.input.clone(),
            workflow_run_timeout: Some(duration(new.run_timeout)),
            workflow_task_timeout: Some(duration(new.task_timeout)),
            workflow_task_completed_event_id: completed,
            backoff_start_interval: Some(duration(new.delay)),
            initiator: command.initiator,
            #[expect(deprecated, reason = "the history shows what workers send")]
            inherit_build_id: command.inherit_build_id,
            last_completion_result: command.last_completion_result,
            header: new.header.clone(),
            memo: new.memo.clone(),
            search_attributes: new.search_attributes.clone(),
            ..Default::default()
        },
    )
}
