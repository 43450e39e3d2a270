//! Giving workflow tasks, and queries, to workers that ask: what goes into the answer. The
//! history in it is named by its first and last event, and read once that is committed.

use std::collections::BTreeMap;

use prost::Message as _;
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::enums::v1::WorkflowTaskFailedCause;
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::protocol::v1::Message;
use temporalio_common::protos::temporal::api::query::v1::WorkflowQuery;

use super::error::{Answer, Refusal};
use super::queue::{Entry, QueueKey};
use super::run::Run;
use super::state::{Task, Token};
use super::time::Time;
use super::{Engine, Transaction};
use crate::embedded::store::{RunKey, RunRow};

/// Who asks for a task.
#[derive(Clone, Debug)]
pub(in crate::embedded) struct Polled {
    pub(in crate::embedded) identity: String,
    /// What the worker was built from.
    pub(in crate::embedded) build_id: String,
    /// In the engine's own process: what it holds is lost with it.
    pub(in crate::embedded) in_process: bool,
}

/// A task for a worker.
#[derive(Clone, Debug, Default)]
pub(in crate::embedded) struct WorkflowTask {
    pub(in crate::embedded) run: RunKey,
    pub(in crate::embedded) token: Token,
    pub(in crate::embedded) execution: WorkflowExecution,
    pub(in crate::embedded) workflow_type: String,
    pub(in crate::embedded) task_queue: String,
    pub(in crate::embedded) previous_started_event_id: i64,
    pub(in crate::embedded) started_event_id: i64,
    pub(in crate::embedded) attempt: i32,
    pub(in crate::embedded) scheduled_time: Time,
    pub(in crate::embedded) started_time: Time,
    /// The first and the last event that it has; none if the last is before the first.
    pub(in crate::embedded) events: (i64, i64),
    /// Events of its own that the history does not have yet.
    pub(in crate::embedded) unwritten: Vec<HistoryEvent>,
    pub(in crate::embedded) queries: BTreeMap<String, WorkflowQuery>,
    /// The query that is all there is to it.
    pub(in crate::embedded) query: Option<WorkflowQuery>,
    pub(in crate::embedded) messages: Vec<Message>,
}

impl Token {
    pub(in crate::embedded) fn bytes(&self) -> Vec<u8> {
        self.encode_to_vec()
    }

    pub(in crate::embedded) fn read(bytes: &[u8]) -> Answer<Self> {
        if bytes.is_empty() {
            return Err(Refusal::invalid("Task token is not set on request."));
        }
        Self::decode(bytes).map_err(|_| Refusal::invalid("Error deserializing task token."))
    }
}

impl Engine {
    /// A worker begins to wait for tasks of a queue.
    pub(in crate::embedded) fn begin_poll(
        &mut self,
        transaction: &Transaction,
        queue: &QueueKey,
        identity: &str,
        deployment: Option<(String, String)>,
    ) -> Answer<()> {
        self.namespaces.get(&queue.namespace)?;
        if queue.name.is_empty() {
            return Err(Refusal::invalid("missing task queue name"));
        }
        self.queues
            .begin_poll(queue, identity, deployment, transaction.now);
        Ok(())
    }

    /// It has its answer.
    pub(in crate::embedded) fn end_poll(&mut self, transaction: &Transaction, queue: &QueueKey) {
        self.queues.end_poll(queue, transaction.now);
    }

    /// It has gone without one. If nobody else waits there and the queue is a worker's own,
    /// the worker is gone, and what was kept for it goes to all.
    pub(in crate::embedded) fn abandon_poll(
        &mut self,
        transaction: &mut Transaction,
        queue: &QueueKey,
        sticky: bool,
    ) {
        let others = self.queues.end_poll(queue, transaction.now);
        if sticky && !others {
            self.unstick(transaction, queue);
        }
    }

    /// Forgets a worker's own queue: its tasks and queries go to any worker.
    pub(in crate::embedded) fn unstick(&mut self, transaction: &mut Transaction, queue: &QueueKey) {
        for entry in self.queues.desert(queue, transaction.now) {
            match entry {
                Entry::Task { run, stamp } => {
                    let Some(run) = self.runs.get_mut(&run) else {
                        continue;
                    };
                    if let Some(task) = &run.state.task
                        && task.stamp == stamp
                        && !task.is_started()
                    {
                        run.offered = 0;
                        transaction.touched.insert(run.key());
                    }
                }
                Entry::Query(id) => self.redirect_query(transaction, id),
                Entry::Activity { .. } => {}
            }
        }
    }

    /// The run's next task goes to any worker.
    pub(in crate::embedded) fn reset_sticky(
        &mut self,
        transaction: &mut Transaction,
        namespace: &str,
        execution: &WorkflowExecution,
    ) -> Answer<()> {
        self.namespaces.get(namespace)?;
        let key = self.find_open(namespace, &execution.workflow_id, &execution.run_id)?;
        transaction.touched.insert(key);
        self.run_mut(key)?.clear_sticky();
        Ok(())
    }

    /// The next task of a queue, if there is one.
    pub(in crate::embedded) fn poll_workflow(
        &mut self,
        transaction: &mut Transaction,
        queue: &QueueKey,
        by: &Polled,
    ) -> Option<WorkflowTask> {
        if self.limited_until(queue, transaction.now).is_some() {
            return None;
        }
        let task = loop {
            match self.queues.pop(queue)? {
                Entry::Task { run, stamp } => {
                    if self.is_offered(run, stamp)
                        && let Some(task) = self.give_task(
                            transaction,
                            run,
                            by,
                            queue.name != self.normal_queue(run),
                        )
                    {
                        break task;
                    }
                }
                Entry::Query(id) => {
                    if let Some(task) = self.give_query(id, queue, transaction.now) {
                        break task;
                    }
                }
                Entry::Activity { .. } => {}
            }
        };
        self.count_take(queue, transaction.now);
        if self.queues.get(queue).is_some_and(|queue| queue.len() > 0) {
            transaction.woken.insert(queue.clone());
        }
        Some(task)
    }

    fn is_offered(&self, run: RunKey, stamp: i64) -> bool {
        self.runs.get(&run).is_some_and(|run| run.waits_for(stamp))
    }

    fn normal_queue(&self, run: RunKey) -> &str {
        self.runs.get(&run).map_or("", |run| &run.row.task_queue)
    }

    /// Starts the scheduled task of a run and describes it. A worker that has the run in
    /// its cache gets only what is new.
    pub(super) fn give_task(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        by: &Polled,
        cached: bool,
    ) -> Option<WorkflowTask> {
        let request_id = self.ids.next();
        let run = self.runs.get_mut(&key)?;
        transaction.touched.insert(key);
        run.start_task(transaction.now, by, &request_id, self.suggest_events);
        let messages = run.send_updates();
        let task = run.state.task.clone()?;
        let previous = run.state.previous_started_event_id;
        let first = if cached { previous + 1 } else { 1 };
        let queries = run.queries.iter().filter_map(|id| {
            let query = self.queries.get(id)?;
            Some((id.to_string(), query.query.clone()))
        });
        Some(WorkflowTask {
            run: key,
            token: token(key, &run.row, &task),
            execution: run.execution(),
            workflow_type: run.row.workflow_type.clone(),
            task_queue: run.row.task_queue.clone(),
            previous_started_event_id: previous,
            started_event_id: task.started_event_id,
            attempt: task.attempt,
            scheduled_time: task.scheduled_time,
            started_time: task.started_time,
            events: (first, run.state.next_event_id - 1),
            unwritten: run.unwritten_events(),
            queries: queries.collect(),
            query: None,
            messages,
        })
    }

    /// Describes a task that is only a query. Its history ends with what the last completed
    /// task made, whatever has come since: see `played`.
    fn give_query(&mut self, id: u64, queue: &QueueKey, now: Time) -> Option<WorkflowTask> {
        let query = self.taken_query(id, queue)?.clone();
        if let Some(query) = self.queries.get_mut(&id) {
            query.taken_at = now;
        }
        let previous = self.previous_started(&query);
        let run = self.runs.get_mut(&query.run);
        let last = run.map_or(i64::MAX, |run| {
            run.hand_query(id, now);
            run.settled()
        });
        let sticky = queue.name != query.task_queue;
        Some(WorkflowTask {
            run: query.run,
            token: Token {
                run: query.run,
                query: id,
                run_id: query.execution.run_id.clone(),
                workflow_id: query.execution.workflow_id.clone(),
                ..Token::default()
            },
            execution: query.execution,
            workflow_type: query.workflow_type,
            task_queue: query.task_queue,
            previous_started_event_id: previous,
            attempt: 1,
            events: if sticky { (1, 0) } else { (1, last) },
            query: Some(query.query),
            ..WorkflowTask::default()
        })
    }

    /// A task was started, but its worker was gone before it could be told.
    pub(in crate::embedded) fn lose_workflow_task(
        &mut self,
        transaction: &mut Transaction,
        token: &Token,
    ) {
        if token.query != 0 {
            self.put_query_down(token.run, token.query);
            if let Some(query) = self.queries.get(&token.query) {
                if let Some(run) = self.runs.get_mut(&query.run) {
                    run.clear_sticky();
                }
                self.requeue_query(transaction, token.query);
            }
            return;
        }
        if self.held_task(token).is_ok() {
            self.lose_task(transaction, token.run, Run::take_task_back);
        }
    }

    /// Ends a started or sticky task that will not be answered, and schedules the next.
    pub(super) fn lose_task(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        end: fn(&mut Run, Time),
    ) {
        let now = transaction.now;
        if let Some(run) = self.runs.get_mut(&key) {
            transaction.touched.insert(key);
            run.unsend_updates();
            let only_updates = run
                .state
                .task
                .as_ref()
                .is_some_and(|task| task.speculative && !task.is_started());
            if only_updates {
                run.drop_task();
                run.clear_sticky();
                run.schedule_speculative_task(now);
            } else {
                end(run, now);
                run.schedule_task(now);
            }
        }
    }

    /// The started task that a token means, in its run.
    pub(super) fn held_task(&self, token: &Token) -> Answer<Task> {
        let task = self
            .runs
            .get(&token.run)
            .and_then(|run| run.state.task.clone());
        task.filter(|task| {
            task.is_started() && task.stamp == token.stamp && task.attempt == token.attempt
        })
        .ok_or_else(Refusal::no_workflow_task)
    }

    /// A worker could not do a task.
    pub(in crate::embedded) fn fail_workflow_task(
        &mut self,
        transaction: &mut Transaction,
        token: &Token,
        cause: WorkflowTaskFailedCause,
        failure: Option<Failure>,
        identity: &str,
    ) -> Answer<()> {
        let now = transaction.now;
        self.run_mut(token.run)?;
        self.held_task(token)?;
        let run = self.run_mut(token.run)?;
        transaction.touched.insert(token.run);
        run.try_task_again(now, cause, failure, identity);
        Ok(())
    }
}

fn token(run: RunKey, row: &RunRow, task: &Task) -> Token {
    Token {
        run,
        event_id: task.scheduled_event_id,
        stamp: task.stamp,
        attempt: task.attempt,
        query: 0,
        run_id: row.run_id.clone(),
        workflow_id: row.workflow_id.clone(),
    }
}
