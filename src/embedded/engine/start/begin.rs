//! A run's beginning, however it was asked for: its row, its state and its first events.

use temporalio_common::protos::temporal::api::common::v1::{WorkflowExecution, WorkflowType};
use temporalio_common::protos::temporal::api::history::v1::WorkflowExecutionStartedEventAttributes;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use super::{NewRun, Started};
use crate::embedded::engine::run::{RUNNING, Run};
use crate::embedded::engine::signal::Signal;
use crate::embedded::engine::state::State;
use crate::embedded::engine::task::queue_of;
use crate::embedded::engine::time::{
    Span, Time, after, duration, earlier, seconds, shorter, timestamp,
};
use crate::embedded::engine::{Engine, Transaction};
use crate::embedded::store::{RunKey, RunRow};

/// How long a workflow task may run if nobody says.
const TASK_TIMEOUT: Span = seconds(10);
/// And how long at most.
const LONGEST_TASK_TIMEOUT: Span = seconds(120);

impl Engine {
    /// Makes a run, with its first events.
    pub(in crate::embedded::engine) fn create(
        &mut self,
        transaction: &mut Transaction,
        run_id: String,
        new: NewRun,
        signal: Option<Signal>,
    ) -> Started {
        let key = self.create_as(transaction, run_id.clone(), new, signal);
        let first_run_id = self
            .runs
            .get(&key)
            .map(|run| run.state.first_run_id.clone())
            .unwrap_or_default();
        Started {
            key,
            run_id,
            first_run_id,
            new: true,
            status: RUNNING,
        }
    }

    /// The same under a run id that was given before.
    pub(in crate::embedded::engine) fn create_as(
        &mut self,
        transaction: &mut Transaction,
        run_id: String,
        new: NewRun,
        signal: Option<Signal>,
    ) -> RunKey {
        let now = transaction.now;
        let key = self.next_key;
        self.next_key += 1;
        let mut new = new;
        if let Some(attributes) = &mut new.search_attributes {
            // They have been checked; this gives each the type that it is stored under.
            let _known = self.namespaces.check_attributes(&new.namespace, attributes);
        }
        let mut run = begin(key, run_id, &new, now);
        let (run_timeout, task_timeout) = (run.state.run_timeout, run.state.task_timeout);
        let namespace_id = self.namespaces.id(&new.namespace);
        let started = started_event(&run, &new, run_timeout, task_timeout, namespace_id);
        run.append_with(now, started, new.user_metadata);
        if new.search_attributes.is_some() {
            run.touch_attributes();
        }
        if let Some(signal) = signal {
            run.take_signal(&signal.request_id);
            run.append(now, signal.event());
            run.state.signal_count += 1;
        }
        run.schedule_task(now);
        let id = (new.namespace, new.workflow_id);
        self.open.insert(id, key);
        self.runs.insert(key, run);
        transaction.touched.insert(key);
        key
    }
}

/// A run as it is before its first event.
fn begin(key: RunKey, run_id: String, new: &NewRun, now: Time) -> Run {
    let execution_deadline = earlier(new.execution_deadline, after(now, new.execution_timeout));
    // Time waited before the first task does not count.
    let run_timeout = shorter(new.run_timeout, new.execution_timeout);
    let begins = now.saturating_add(new.delay);
    let task_timeout = match new.task_timeout {
        0 => TASK_TIMEOUT,
        given => given.min(LONGEST_TASK_TIMEOUT),
    };
    let root = new.root.clone().unwrap_or_else(|| WorkflowExecution {
        workflow_id: new.workflow_id.clone(),
        run_id: run_id.clone(),
    });
    let parent = new
        .parent
        .as_ref()
        .and_then(|parent| parent.execution.clone());
    let mut state = State {
        next_event_id: 1,
        execution_timeout: new.execution_timeout,
        run_timeout,
        task_timeout: shorter(task_timeout, run_timeout),
        execution_deadline,
        run_deadline: earlier(after(begins, run_timeout), execution_deadline),
        first_task_at: after(now, new.delay),
        start_request_id: new.request_id.clone(),
        first_run_id: new
            .continued
            .as_ref()
            .map_or_else(|| run_id.clone(), |from| from.first_run_id.clone()),
        original_start_time: new
            .continued
            .as_ref()
            .map_or(now, |from| from.original_start_time),
        parent: new.parent.clone(),
        retry_policy: new.retry_policy.clone(),
        attempt: new.attempt,
        ..State::default()
    };
    state.set_memo(new.memo.as_ref());
    state.set_search_attributes(new.search_attributes.as_ref());
    state.set_user_metadata(new.user_metadata.as_ref());
    let row = RunRow {
        key,
        namespace: new.namespace.clone(),
        workflow_id: new.workflow_id.clone(),
        run_id,
        workflow_type: new.workflow_type.clone(),
        task_queue: new.task_queue.clone(),
        status: RUNNING,
        start_time: now,
        execution_time: begins,
        parent_workflow_id: parent.as_ref().map(|parent| parent.workflow_id.clone()),
        parent_run_id: parent.map(|parent| parent.run_id),
        root_workflow_id: root.workflow_id,
        root_run_id: root.run_id,
        ..RunRow::default()
    };
    Run {
        row,
        state,
        ..Run::default()
    }
}

fn started_event(
    run: &Run,
    new: &NewRun,
    run_timeout: Span,
    task_timeout: Span,
    namespace_id: String,
) -> Attributes {
    let continued = new.continued.clone().unwrap_or_default();
    let parent = new.parent.clone().unwrap_or_default();
    let deadline = run.state.execution_deadline;
    Attributes::WorkflowExecutionStartedEventAttributes(WorkflowExecutionStartedEventAttributes {
        workflow_type: Some(WorkflowType {
            name: new.workflow_type.clone(),
        }),
        parent_workflow_namespace_id: if parent.execution.is_some() {
            namespace_id
        } else {
            String::new()
        },
        parent_workflow_namespace: parent.namespace,
        parent_workflow_execution: parent.execution,
        parent_initiated_event_id: parent.initiated_event_id,
        task_queue: Some(queue_of(&new.task_queue, "")),
        input: new.input.clone(),
        workflow_execution_timeout: Some(duration(new.execution_timeout)),
        workflow_run_timeout: Some(duration(run_timeout)),
        workflow_task_timeout: Some(duration(task_timeout)),
        continued_execution_run_id: continued.run_id,
        initiator: continued.initiator as i32,
        continued_failure: continued.failure,
        last_completion_result: continued.last_result,
        original_execution_run_id: run.row.run_id.clone(),
        identity: new.identity.clone(),
        first_execution_run_id: run.state.first_run_id.clone(),
        retry_policy: new.retry_policy.clone(),
        attempt: new.attempt,
        workflow_execution_expiration_time: (deadline != 0).then(|| timestamp(deadline)),
        first_workflow_task_backoff: Some(duration(new.delay)),
        memo: new.memo.clone(),
        search_attributes: new.search_attributes.clone(),
        header: new.header.clone(),
        workflow_id: new.workflow_id.clone(),
        root_workflow_execution: new.root.clone(),
        priority: new.priority.clone(),
        ..Default::default()
    })
}

/// The state in a row of the disk. One that cannot be read says nothing.
pub(in crate::embedded) fn decoded(row: &RunRow) -> State {
    prost::Message::decode(row.state.as_slice()).unwrap_or_default()
}
