//! The answer of a worker to a workflow task: its commands are held against what the run is
//! in, all of them before the first is done, and then done in order.

use std::collections::BTreeSet;

use prost_wkt_types::Any;
use temporalio_common::protos::temporal::api::command::v1::Command as ApiCommand;
use temporalio_common::protos::temporal::api::command::v1::command::Attributes as Command;
use temporalio_common::protos::temporal::api::enums::v1::CommandType;
use temporalio_common::protos::temporal::api::enums::v1::WorkflowTaskFailedCause as Cause;
use temporalio_common::protos::temporal::api::protocol::v1::Message;
use temporalio_common::protos::temporal::api::workflowservice::v1::RespondWorkflowTaskCompletedRequest;

use super::activity::ActivityTask;
use super::cancel::Termination;
use super::command::{Applied, check, too_large};
use super::error::{Answer, Refusal};
use super::failure;
use super::query::QueryAnswer;
use super::state::{Task, Token};
use super::task::Completion;
use super::time::span;
use super::workflow_task::{Polled, WorkflowTask};
use super::{Engine, Transaction};
use crate::embedded::store::RunKey;

/// What goes back to the worker.
#[derive(Clone, Debug, Default)]
pub(in crate::embedded) struct Completed {
    /// The next task of the same run, if there is one and the worker wants it.
    pub(in crate::embedded) next: Option<WorkflowTask>,
    /// Activities that the worker asked to do itself.
    pub(in crate::embedded) activities: Vec<ActivityTask>,
    /// Where the worker must rewind to, since its task never was.
    pub(in crate::embedded) reset_history_event_id: i64,
}

impl Engine {
    /// A worker has done a workflow task.
    pub(in crate::embedded) fn complete_workflow_task(
        &mut self,
        transaction: &mut Transaction,
        request: &RespondWorkflowTaskCompletedRequest,
        in_process: bool,
    ) -> Answer<Completed> {
        let token = Token::read(&request.task_token)?;
        let task = self.held_task(&token)?;
        let key = token.run;
        transaction.touched.insert(key);
        if self.is_only_rejection(key, &task, request) {
            return self.reject_updates(transaction, key, request, in_process);
        }
        let namespaces = &self.namespaces;
        let run = self.runs.get(&key).ok_or_else(Refusal::closed)?;
        in_sequence(&request.commands)?;
        if let Some((cause, text)) = too_large(&request.commands) {
            return Err(self.end_for_size(transaction, key, cause, &text, &request.identity));
        }
        if let Err((cause, text)) = check(run, request, namespaces) {
            return Err(self.refuse_commands(transaction, key, cause, &text, &request.identity));
        }
        self.check_past(key, request)?;
        let applied = self.apply_completion(transaction, key, request, in_process)?;
        self.answer_queries(transaction, request);
        self.ask_alone(transaction, key);
        Ok(Completed {
            next: self.give_next(transaction, key, request, in_process),
            activities: applied,
            reset_history_event_id: 0,
        })
    }

    /// A run that fails may be tried again, for which its first event is read: if that cannot
    /// be done, it must show before anything else is.
    fn check_past(&self, key: RunKey, request: &RespondWorkflowTaskCompletedRequest) -> Answer<()> {
        let policy = self
            .runs
            .get(&key)
            .and_then(|run| run.state.retry_policy.as_ref());
        let fails = |command: &ApiCommand| {
            matches!(
                command.attributes,
                Some(Command::FailWorkflowExecutionCommandAttributes(_))
            )
        };
        if policy.is_some() && request.commands.iter().any(fails) {
            self.past.event(key, 1)?;
        }
        Ok(())
    }

    /// The run's next task, for the worker that has just done one, if it wants it.
    fn give_next(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        request: &RespondWorkflowTaskCompletedRequest,
        in_process: bool,
    ) -> Option<WorkflowTask> {
        if !request.return_new_workflow_task || !self.is_pending(key) {
            return None;
        }
        let by = Polled {
            identity: request.identity.clone(),
            build_id: build_id(request),
            in_process,
        };
        // It has the run before it, whether or not it keeps it for later.
        self.give_task(transaction, key, &by, true)
    }

    fn is_pending(&self, key: RunKey) -> bool {
        self.runs.get(&key).is_some_and(|run| {
            run.is_open()
                && run
                    .state
                    .task
                    .as_ref()
                    .is_some_and(|task| !task.is_started())
        })
    }

    /// Whether a task was made for updates alone, and all of them are rejected.
    fn is_only_rejection(
        &self,
        key: RunKey,
        task: &Task,
        request: &RespondWorkflowTaskCompletedRequest,
    ) -> bool {
        // A worker that has taken in events with the task must be able to take them back.
        let quiet = self.runs.get(&key).is_some_and(|run| {
            let shown = task.scheduled_event_id - 1 - run.state.previous_started_event_id;
            let can_take_back = request
                .capabilities
                .is_some_and(|can| can.discard_speculative_workflow_task_with_events);
            run.buffered.is_empty() && (shown == 0 || can_take_back)
        });
        task.speculative
            && quiet
            && request.commands.is_empty()
            && !request.force_create_new_workflow_task
            && request
                .messages
                .iter()
                .all(|message| kind_of(message) == "Rejection")
    }

    /// Then there never was such a task.
    fn reject_updates(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        request: &RespondWorkflowTaskCompletedRequest,
        in_process: bool,
    ) -> Answer<Completed> {
        let now = transaction.now;
        let run = self.run_mut(key)?;
        for message in &request.messages {
            // Each is of an update that was sent, or nobody waits for it.
            let _unknown = run.take_message(now, message, &mut transaction.outputs);
        }
        run.refuse_unanswered_updates(&mut transaction.outputs);
        run.drop_task();
        set_sticky(run, request);
        let reset = run.state.previous_started_event_id;
        if run.has_updates_to_send() {
            run.schedule_speculative_task(now);
        }
        self.answer_queries(transaction, request);
        self.ask_alone(transaction, key);
        Ok(Completed {
            next: self.give_next(transaction, key, request, in_process),
            activities: Vec::new(),
            reset_history_event_id: reset,
        })
    }

    /// Fails the task for a command that cannot be done. Nothing of it was done.
    fn refuse_commands(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        cause: Cause,
        text: &str,
        identity: &str,
    ) -> Refusal {
        let now = transaction.now;
        // Core knows this one by its words alone.
        let message = if cause == Cause::UnhandledCommand {
            "UnhandledCommand".to_owned()
        } else {
            format!(
                "{}: {text}",
                camel(cause.as_str_name(), "WORKFLOW_TASK_FAILED_CAUSE_")
            )
        };
        if let Ok(run) = self.run_mut(key) {
            run.try_task_again(now, cause, Some(failure::server(&message)), identity);
        }
        Refusal::invalid(message)
    }

    /// Fails the task and ends the run: there is no use in trying again.
    fn end_for_size(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        cause: Cause,
        text: &str,
        identity: &str,
    ) -> Refusal {
        let now = transaction.now;
        let message = format!(
            "{}: {text}",
            camel(cause.as_str_name(), "WORKFLOW_TASK_FAILED_CAUSE_")
        );
        if let Ok(run) = self.run_mut(key) {
            run.unsend_updates();
            run.fail_task(now, cause, Some(failure::server(&message)), identity);
        }
        // The run is open: it held the task.
        let _ended = self.terminate_run(transaction, key, Termination::by_service(&message));
        Refusal::invalid(message)
    }

    fn apply_completion(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        request: &RespondWorkflowTaskCompletedRequest,
        in_process: bool,
    ) -> Answer<Vec<ActivityTask>> {
        let now = transaction.now;
        let run = self.run_mut(key)?;
        set_sticky(run, request);
        let completed_id = run.complete_task(now, completion(request));
        let mut applied = Applied::new(completed_id, request.identity.clone());
        let mut used = BTreeSet::new();
        for command in &request.commands {
            let Some(attributes) = command.attributes.clone() else {
                continue;
            };
            if let Command::ProtocolMessageCommandAttributes(named) = &attributes {
                used.insert(named.message_id.clone());
                let message = request
                    .messages
                    .iter()
                    .find(|message| message.id == named.message_id);
                if let Some(message) = message {
                    let run = self.run_mut(key)?;
                    run.take_message(now, message, &mut transaction.outputs)
                        .map_err(Refusal::invalid)?;
                }
                continue;
            }
            self.apply(transaction, key, attributes, command, &mut applied)?;
            if applied.is_closed() {
                break;
            }
        }
        let run = self.run_mut(key)?;
        for message in &request.messages {
            // Nothing is accepted after the end, which is told to whoever asked.
            let in_time = !applied.is_closed() || kind_of(message) == "Rejection";
            if in_time && !used.contains(&message.id) {
                // A worker may reject what was withdrawn meanwhile.
                let _unknown = run.take_message(now, message, &mut transaction.outputs);
            }
        }
        if !applied.is_closed() {
            run.refuse_unanswered_updates(&mut transaction.outputs);
        }
        run.state.settled_event_id = run.state.next_event_id - 1;
        let activities = self.begin_eager(transaction, key, &applied, in_process);
        self.close_applied(transaction, key, &mut applied);
        if let Ok(run) = self.run_mut(key)
            && run.is_open()
        {
            if request.force_create_new_workflow_task
                || applied.needs_task
                || !run.buffered.is_empty()
            {
                run.schedule_task(now);
            } else if run.has_updates_to_send() {
                run.schedule_speculative_task(now);
            }
        }
        self.perform(transaction, key, applied);
        Ok(activities)
    }

    fn answer_queries(
        &mut self,
        transaction: &mut Transaction,
        request: &RespondWorkflowTaskCompletedRequest,
    ) {
        for (id, result) in &request.query_results {
            let Ok(id) = id.parse() else {
                continue;
            };
            let answer = QueryAnswer {
                kind: result.result_type,
                result: result.answer.clone(),
                error: result.error_message.clone(),
                failure: result.failure.clone(),
            };
            // An asker that waits no longer needs no answer.
            let _gone = self.answer_query(transaction, id, answer);
        }
    }
}

fn set_sticky(run: &mut super::run::Run, request: &RespondWorkflowTaskCompletedRequest) {
    let sticky = request.sticky_attributes.clone().unwrap_or_default();
    run.state.sticky_queue = sticky.worker_task_queue.unwrap_or_default().name;
    run.state.sticky_timeout = span(sticky.schedule_to_start_timeout.as_ref());
}

/// What a worker says that it was built from.
#[expect(deprecated, reason = "older workers send it so")]
fn build_id(request: &RespondWorkflowTaskCompletedRequest) -> String {
    if let Some(stamp) = &request.worker_version_stamp
        && !stamp.build_id.is_empty()
    {
        return stamp.build_id.clone();
    }
    let deployment = request.deployment_options.as_ref();
    deployment.map_or_else(
        || request.binary_checksum.clone(),
        |options| options.build_id.clone(),
    )
}

/// Refuses commands that no worker means: what it says after the end, and what nobody knows.
/// The worker has the task still.
fn in_sequence(commands: &[ApiCommand]) -> Answer<()> {
    for command in commands {
        if command.command_type() == CommandType::Unspecified {
            let number = command.command_type;
            return Err(Refusal::invalid(format!("unknown command type: {number}")));
        }
    }
    let before_last = commands.iter().rev().skip(1);
    let end = before_last.map(ApiCommand::command_type).find(|kind| {
        matches!(
            kind,
            CommandType::CompleteWorkflowExecution
                | CommandType::FailWorkflowExecution
                | CommandType::CancelWorkflowExecution
                | CommandType::ContinueAsNewWorkflowExecution
        )
    });
    let Some(end) = end else {
        return Ok(());
    };
    let name = |kind: CommandType| camel(kind.as_str_name(), "COMMAND_TYPE_");
    let all: Vec<_> = commands
        .iter()
        .map(|command| name(command.command_type()))
        .collect();
    Err(Refusal::invalid(format!(
        "invalid command sequence: [{}], command {} must be the last command.",
        all.join(", "),
        name(end)
    )))
}

fn completion(request: &RespondWorkflowTaskCompletedRequest) -> Completion {
    let deployment = request.deployment_options.clone().unwrap_or_default();
    Completion {
        identity: request.identity.clone(),
        build_id: build_id(request),
        sdk_metadata: request.sdk_metadata.clone(),
        metering_metadata: request.metering_metadata,
        deployment_name: deployment.deployment_name,
    }
}

/// The last part of the name of what a message carries.
pub(super) fn kind_of(message: &Message) -> &str {
    message
        .body
        .as_ref()
        .and_then(|Any { type_url, .. }| type_url.rsplit('.').next())
        .unwrap_or_default()
}

/// `WORKFLOW_TASK_FAILED_CAUSE_BAD_BINARY` as `BadBinary`.
fn camel(name: &str, prefix: &str) -> String {
    name.trim_start_matches(prefix)
        .split('_')
        .map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            first.to_owned() + &rest.to_lowercase()
        })
        .collect()
}
