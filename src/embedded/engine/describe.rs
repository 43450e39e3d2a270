//! What can be said of a run, open or not, without its history.

use std::collections::BTreeMap;

use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueueConfig;

use super::cancel::Termination;
use super::error::{Answer, Refusal};
use super::queue::{Poller, QueueKey};
use super::start::decoded;
use super::state::{Activity, Child, State};
use super::time::Time;
use super::{Engine, Transaction};
use crate::embedded::store::{RunKey, RunRow, Write};

/// A run as it is now.
#[derive(Clone, Debug)]
pub(in crate::embedded) struct Described {
    pub(in crate::embedded) row: RunRow,
    pub(in crate::embedded) state: State,
    pub(in crate::embedded) activities: BTreeMap<i64, Activity>,
    pub(in crate::embedded) children: BTreeMap<i64, Child>,
}

/// A run's history as it is now.
#[derive(Clone, Debug)]
pub(in crate::embedded) struct DescribedHistory {
    pub(in crate::embedded) run: RunKey,
    pub(in crate::embedded) run_id: String,
    /// The last event.
    pub(in crate::embedded) last: i64,
    pub(in crate::embedded) open: bool,
}

/// A task queue as it is now.
#[derive(Clone, Debug, Default)]
pub(in crate::embedded) struct DescribedQueue {
    pub(in crate::embedded) pollers: BTreeMap<String, Poller>,
    pub(in crate::embedded) backlog: usize,
    /// Since when the first task in it waits.
    pub(in crate::embedded) oldest: Option<Time>,
    pub(in crate::embedded) config: TaskQueueConfig,
}

impl Engine {
    /// Describes a run: the one with the run id, or the newest.
    pub(in crate::embedded) fn describe(
        &self,
        namespace: &str,
        execution: &WorkflowExecution,
    ) -> Answer<Described> {
        self.namespaces.get(namespace)?;
        let (workflow_id, run_id) = (&execution.workflow_id, &execution.run_id);
        match self.find_open(namespace, workflow_id, run_id) {
            Ok(key) => {
                let run = self.runs.get(&key).ok_or_else(Refusal::closed)?;
                Ok(Described {
                    row: run.row.clone(),
                    state: run.state.clone(),
                    activities: run.activities.clone(),
                    children: run.children.clone(),
                })
            }
            Err(refusal) => {
                let found = self.find_closed(namespace, workflow_id, run_id)?;
                let row = found.ok_or(refusal)?;
                let state = decoded(&row);
                Ok(Described {
                    row,
                    state,
                    activities: BTreeMap::new(),
                    children: BTreeMap::new(),
                })
            }
        }
    }

    /// Describes a task queue.
    pub(in crate::embedded) fn describe_queue(&self, queue: &QueueKey) -> Answer<DescribedQueue> {
        self.namespaces.get(&queue.namespace)?;
        let config = self.queue_config(queue)?;
        let Some(found) = self.queues.get(queue) else {
            return Ok(DescribedQueue {
                config,
                ..DescribedQueue::default()
            });
        };
        Ok(DescribedQueue {
            pollers: found.pollers.clone(),
            backlog: found.len(),
            oldest: found.oldest(),
            config,
        })
    }

    /// The history of a run as it is now.
    pub(in crate::embedded) fn history_of(
        &self,
        namespace: &str,
        execution: &WorkflowExecution,
    ) -> Answer<DescribedHistory> {
        self.namespaces.get(namespace)?;
        let (workflow_id, run_id) = (&execution.workflow_id, &execution.run_id);
        match self.find_open(namespace, workflow_id, run_id) {
            Ok(key) => {
                let run = self.runs.get(&key).ok_or_else(Refusal::closed)?;
                Ok(DescribedHistory {
                    run: key,
                    run_id: run.row.run_id.clone(),
                    last: run.state.next_event_id - 1,
                    open: true,
                })
            }
            Err(refusal) => {
                let found = self.find_closed(namespace, workflow_id, run_id)?;
                let row = found.ok_or(refusal)?;
                Ok(DescribedHistory {
                    run: row.key,
                    run_id: row.run_id,
                    last: row.history_length,
                    open: false,
                })
            }
        }
    }

    /// Removes a run with all it has; an open one is ended first.
    pub(in crate::embedded) fn delete(
        &mut self,
        transaction: &mut Transaction,
        namespace: &str,
        execution: &WorkflowExecution,
    ) -> Answer<()> {
        self.namespaces.get(namespace)?;
        let key = match self.find_open(namespace, &execution.workflow_id, &execution.run_id) {
            Ok(key) => {
                let how = Termination::by_service("Delete workflow execution");
                self.terminate_run(transaction, key, how)?;
                key
            }
            Err(refusal) => {
                let (workflow_id, run_id) = (&execution.workflow_id, &execution.run_id);
                let found = self.find_closed(namespace, workflow_id, run_id)?;
                found.ok_or(refusal)?.key
            }
        };
        transaction.deleted.push(key);
        Ok(())
    }

    /// Removes closed runs that nobody is to find any more.
    pub(in crate::embedded) fn expire(transaction: &mut Transaction, runs: Vec<RunKey>) {
        transaction
            .writes
            .extend(runs.into_iter().map(Write::Delete));
    }
}
