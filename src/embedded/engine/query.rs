//! Queries: they change nothing and are only in memory. One that comes while a workflow task
//! is pending goes with that task, so that its answer knows of all that came before it; else
//! it is a task of its own.

use std::collections::BTreeSet;

use prost::Message;

use temporalio_common::protos::temporal::api::common::v1::{Payloads, WorkflowExecution};
use temporalio_common::protos::temporal::api::enums::v1::{
    QueryRejectCondition, QueryResultType, WorkflowExecutionStatus,
};
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_common::protos::temporal::api::workflowservice::v1::QueryWorkflowRequest;

use super::error::{Answer, Refusal};
use super::queue::{Entry, QueueKey, QueueKind};
use super::start::decoded;
use super::time::{Span, Time};
use super::{Engine, Output, Transaction};
use crate::embedded::store::{RunKey, RunRow};

/// The most bytes of an answer.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// Tasks that failed so often are not trusted with queries.
pub(super) const FAILING: i32 = 3;

/// A query that has no answer yet.
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "the API calls it so")]
pub(in crate::embedded) struct Query {
    pub(in crate::embedded) run: RunKey,
    pub(in crate::embedded) namespace: String,
    pub(in crate::embedded) execution: WorkflowExecution,
    pub(in crate::embedded) workflow_type: String,
    pub(in crate::embedded) task_queue: String,
    pub(in crate::embedded) query: WorkflowQuery,
    /// The started event of the last completed task of a run that has ended.
    pub(in crate::embedded) previous_started_event_id: i64,
    place: Place,
    /// When a worker got it as a task of its own; 0 if none has it.
    pub(super) taken_at: Time,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// With the run's workflow task, or the next.
    Run,
    /// A task of its own, in this queue or taken from it.
    Queue(QueueKey),
}

/// What became of a query when it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::embedded) enum Asked {
    /// It waits under this number. If it is in the queue of one worker alone, that worker
    /// has so long to answer.
    Waits { id: u64, sticky: Option<Span> },
    /// The asker did not want an answer of a run with this status.
    Rejected(i32),
}

/// What a worker says to a query.
#[derive(Clone, Debug, Default)]
pub(in crate::embedded) struct QueryAnswer {
    pub(in crate::embedded) kind: i32,
    pub(in crate::embedded) result: Option<Payloads>,
    pub(in crate::embedded) error: String,
    pub(in crate::embedded) failure: Option<Failure>,
}

impl Engine {
    /// Asks a query.
    pub(in crate::embedded) fn ask(
        &mut self,
        transaction: &mut Transaction,
        request: QueryWorkflowRequest,
    ) -> Answer<Asked> {
        self.namespaces.get(&request.namespace)?;
        let execution = request.execution.unwrap_or_default();
        let query = request
            .query
            .ok_or_else(|| Refusal::invalid("WorkflowQuery is not set on request."))?;
        if query.query_type.is_empty() {
            return Err(Refusal::invalid("QueryType is not set on request."));
        }
        let open = self.find_open(
            &request.namespace,
            &execution.workflow_id,
            &execution.run_id,
        );
        let reject = QueryRejectCondition::try_from(request.query_reject_condition)
            .unwrap_or(QueryRejectCondition::None);
        match open {
            Ok(key) => self.ask_open(transaction, key, query),
            Err(refusal) => {
                let found = self.find_closed(
                    &request.namespace,
                    &execution.workflow_id,
                    &execution.run_id,
                )?;
                let row = found.ok_or(refusal)?;
                let completed = row.status == WorkflowExecutionStatus::Completed as i32;
                let rejected = match reject {
                    QueryRejectCondition::NotOpen => true,
                    QueryRejectCondition::NotCompletedCleanly => !completed,
                    QueryRejectCondition::None | QueryRejectCondition::Unspecified => false,
                };
                if rejected {
                    return Ok(Asked::Rejected(row.status));
                }
                let query = Query {
                    previous_started_event_id: decoded(&row).previous_started_event_id,
                    ..of_row(&row, query)
                };
                self.dispatch(transaction, query, String::new(), None)
            }
        }
    }

    fn ask_open(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        query: WorkflowQuery,
    ) -> Answer<Asked> {
        let now = transaction.now;
        let run = self.run_mut(key)?;
        if run
            .state
            .task
            .as_ref()
            .is_some_and(|task| task.attempt >= FAILING)
        {
            return Err(Refusal::not_ready(
                "Unable to query workflow due to Workflow Task in failed state.",
            ));
        }
        if run.state.first_task_at != 0 {
            return Err(Refusal::not_ready(
                "Cannot query workflow that has not completed its first workflow task.",
            ));
        }
        let query = of_row(&run.row, query);
        let waits = run
            .state
            .task
            .as_ref()
            .is_some_and(|task| !task.speculative)
            || run.state.previous_started_event_id == 0;
        if waits {
            let queue = run.queue(false);
            if !run.task_is_started() && !self.queues.has_worker(&queue, now) {
                return Err(no_worker());
            }
            let id = self.number(now);
            self.run_mut(key)?.queries.insert(id);
            self.queries.insert(id, query);
            return Ok(Asked::Waits { id, sticky: None });
        }
        let (own, timeout) = (run.queue(true), run.state.sticky_timeout);
        let sticky = if run.state.sticky_queue.is_empty() || self.queues.is_deserted(&own) {
            String::new()
        } else {
            own.name
        };
        let limit = (!sticky.is_empty()).then_some(timeout);
        self.dispatch(transaction, query, sticky, limit)
    }

    /// A number that no query had, not even before the engine was started: a worker may
    /// still hold a query of that time, and its answer must not become another's.
    fn number(&mut self, now: Time) -> u64 {
        let now = u64::try_from(now).unwrap_or_default();
        self.last_query = now.max(self.last_query.saturating_add(1));
        self.last_query
    }

    /// Puts a query into a queue as a task of its own.
    fn dispatch(
        &mut self,
        transaction: &mut Transaction,
        mut query: Query,
        sticky: String,
        limit: Option<Span>,
    ) -> Answer<Asked> {
        let queue = QueueKey {
            namespace: query.namespace.clone(),
            name: if sticky.is_empty() {
                query.task_queue.clone()
            } else {
                sticky
            },
            kind: QueueKind::Workflow,
        };
        if !self.queues.has_worker(&queue, transaction.now) {
            return Err(no_worker());
        }
        let id = self.number(transaction.now);
        query.place = Place::Queue(queue.clone());
        self.queries.insert(id, query);
        self.queues.push(&queue, Entry::Query(id), transaction.now);
        transaction.woken.insert(queue);
        Ok(Asked::Waits { id, sticky: limit })
    }

    /// A query of its own that its worker did not answer in time goes to any worker.
    pub(in crate::embedded) fn redirect_query(&mut self, transaction: &mut Transaction, id: u64) {
        let Some(query) = self.queries.get_mut(&id) else {
            return;
        };
        let Place::Queue(queue) = &mut query.place else {
            return;
        };
        if queue.name == query.task_queue {
            return;
        }
        queue.name.clone_from(&query.task_queue);
        let queue = queue.clone();
        query.taken_at = 0;
        if let Some(run) = self.runs.get_mut(&query.run) {
            run.clear_sticky();
        }
        self.queues.push(&queue, Entry::Query(id), transaction.now);
        transaction.woken.insert(queue);
    }

    /// The asker waits no longer.
    pub(in crate::embedded) fn forget_query(&mut self, id: u64) {
        if let Some(query) = self.queries.remove(&id) {
            self.withdraw(query.run, id);
        }
    }

    fn withdraw(&mut self, run: RunKey, id: u64) {
        if let Some(run) = self.runs.get_mut(&run) {
            run.queries.remove(&id);
        }
    }

    /// A query that is in no queue any more once it was taken out of one.
    pub(super) fn taken_query(&self, id: u64, queue: &QueueKey) -> Option<&Query> {
        self.queries
            .get(&id)
            .filter(|query| query.place == Place::Queue(queue.clone()))
    }

    /// A worker answers a query.
    pub(in crate::embedded) fn answer_query(
        &mut self,
        transaction: &mut Transaction,
        id: u64,
        answer: QueryAnswer,
    ) -> Answer<()> {
        let Some(query) = self.queries.remove(&id) else {
            return Err(Refusal::not_found(
                "query task not found, or already expired",
            ));
        };
        self.withdraw(query.run, id);
        transaction.outputs.push(Output::Query {
            id,
            answer: answer.into_answer(),
        });
        Ok(())
    }

    /// Queries that waited for a task of a run that has none any more become tasks of their
    /// own.
    pub(super) fn ask_alone(&mut self, transaction: &mut Transaction, key: RunKey) {
        let Some(run) = self.runs.get_mut(&key) else {
            return;
        };
        if run.state.task.is_some() || run.queries.is_empty() {
            return;
        }
        let sticky = run.state.sticky_queue.clone();
        let queries = std::mem::take(&mut run.queries);
        self.requeue(transaction, queries, &sticky);
    }

    /// The same for a run that has ended.
    pub(super) fn ask_closed(
        &mut self,
        transaction: &mut Transaction,
        queries: BTreeSet<u64>,
        previous_started_event_id: i64,
    ) {
        for id in &queries {
            if let Some(query) = self.queries.get_mut(id) {
                query.previous_started_event_id = previous_started_event_id;
            }
        }
        self.requeue(transaction, queries, "");
    }

    /// Offers a query once more that was taken out of a queue, to any worker.
    pub(super) fn requeue_query(&mut self, transaction: &mut Transaction, id: u64) {
        self.requeue(transaction, BTreeSet::from([id]), "");
    }

    /// The started event of the last completed task of the run that a query is about.
    pub(super) fn previous_started(&self, query: &Query) -> i64 {
        self.runs
            .get(&query.run)
            .map(|run| run.state.previous_started_event_id)
            .or_else(|| {
                let (_, row) = self.closing.get(&query.run)?;
                Some(decoded(row).previous_started_event_id)
            })
            .unwrap_or(query.previous_started_event_id)
    }

    fn requeue(&mut self, transaction: &mut Transaction, queries: BTreeSet<u64>, sticky: &str) {
        for id in queries {
            let Some(query) = self.queries.get_mut(&id) else {
                continue;
            };
            let name = if sticky.is_empty() {
                query.task_queue.clone()
            } else {
                sticky.to_owned()
            };
            let queue = QueueKey {
                namespace: query.namespace.clone(),
                name,
                kind: QueueKind::Workflow,
            };
            query.place = Place::Queue(queue.clone());
            query.taken_at = 0;
            self.queues.push(&queue, Entry::Query(id), transaction.now);
            transaction.woken.insert(queue);
        }
    }
}

impl QueryAnswer {
    fn into_answer(self) -> Answer<Option<Payloads>> {
        let size = self.result.as_ref().map_or(0, Message::encoded_len);
        if size > MOST_BYTES {
            let text = "Blob data size exceeds limit.".to_owned();
            return Err(Refusal::query_failed(text, None));
        }
        if self.kind == QueryResultType::Answered as i32 {
            Ok(self.result)
        } else {
            Err(Refusal::query_failed(self.error, self.failure))
        }
    }
}

fn of_row(row: &RunRow, query: WorkflowQuery) -> Query {
    Query {
        run: row.key,
        namespace: row.namespace.clone(),
        execution: WorkflowExecution {
            workflow_id: row.workflow_id.clone(),
            run_id: row.run_id.clone(),
        },
        workflow_type: row.workflow_type.clone(),
        task_queue: row.task_queue.clone(),
        query,
        previous_started_event_id: 0,
        place: Place::Run,
        taken_at: 0,
    }
}

fn no_worker() -> Refusal {
    Refusal::precondition("no poller seen for task queue recently, worker may be down")
}
