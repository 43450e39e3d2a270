//! The engine: what Temporal's server does with workflows, as one synchronous state
//! machine. Every request is one transaction: it changes the runs in memory, and what it
//! changed comes out as writes, to be committed before anybody is told.
//!
//! It has no clock, makes no ids, does no I/O of its own and knows no async; time and ids
//! are given, and what it must know of runs that have ended it asks of [`Past`]. So every
//! order of events and every place to be killed at can be tried in a test. All runs share
//! one engine, so what one run does to another (start a child, signal, cancel, report an
//! end) happens in the same transaction, and nothing can be lost between the two.

mod activity;
mod activity_timeouts;
mod cancel;
mod close;
mod command;
mod complete;
mod describe;
mod error;
mod failure;
mod ids;
mod namespaces;
mod past;
mod played;
mod put_back;
mod query;
mod queue;
mod queue_config;
mod recovery;
mod retry;
mod run;
mod signal;
mod start;
mod state;
mod task;
#[cfg(test)]
mod tests;
mod time;
mod timers;
mod update;
mod workflow_task;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::mem;
use std::sync::Arc;

use temporalio_common::protos::temporal::api::common::v1::Payloads;

pub(in crate::embedded) use activity::{ActivityEnd, ActivityTarget, ActivityTask};
pub(in crate::embedded) use describe::DescribedQueue;
pub(in crate::embedded) use error::{Answer, Refusal};
pub(in crate::embedded) use ids::{Ids, Random};
pub(in crate::embedded) use namespaces::Namespaces;
pub(in crate::embedded) use past::Past;
pub(in crate::embedded) use query::{Asked, Query, QueryAnswer};
pub(in crate::embedded) use queue::{QueueKey, QueueKind};
pub(in crate::embedded) use recovery::Stored;
pub(in crate::embedded) use start::{Started, decoded};
pub(in crate::embedded) use state::{Activity, Child, State, Task, Token};
pub(in crate::embedded) use time::{Time, duration, timestamp};
pub(in crate::embedded) use update::{Stage, UpdateState};
pub(in crate::embedded) use workflow_task::{Polled, WorkflowTask};

use cancel::Termination;
use close::Orphan;
use queue::{Entry, Queues};
use run::Run;

use super::store::{RunKey, RunRow, Write};

/// A history has no more than this.
const MOST_EVENTS: i64 = 51_200;
const MOST_HISTORY_BYTES: i64 = 50 * 1024 * 1024;

/// All open runs, and what waits for them.
#[derive(Debug)]
pub(in crate::embedded) struct Engine {
    runs: HashMap<RunKey, Run>,
    /// The open run of a workflow id, by namespace and id.
    open: HashMap<(String, String), RunKey>,
    /// Runs that closed in transactions that may not be committed yet.
    closing: BTreeMap<RunKey, (u64, RunRow)>,
    queues: Queues,
    queries: BTreeMap<u64, Query>,
    deadlines: BTreeSet<(Time, RunKey)>,
    namespaces: Namespaces,
    next_key: RunKey,
    /// The number of the newest query.
    last_query: u64,
    /// How many transactions there were: what `closing` is cleared by.
    transactions: u64,
    ids: Box<dyn Ids>,
    past: Arc<dyn Past>,
    /// Continue-as-new is suggested from this many events on.
    suggest_events: i64,
}

/// One transaction under way.
#[derive(Debug)]
pub(in crate::embedded) struct Transaction {
    now: Time,
    touched: BTreeSet<RunKey>,
    writes: Vec<Write>,
    outputs: Vec<Output>,
    /// Queues that have something new.
    woken: BTreeSet<QueueKey>,
    /// Children whose parents have ended, and who are yet to be dealt with.
    orphans: VecDeque<Orphan>,
    /// Runs that are to be gone at the end.
    deleted: Vec<RunKey>,
}

/// What others must be told once a transaction is committed.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "there are few, and none lives for long"
)]
pub(in crate::embedded) enum Output {
    /// A query has its answer.
    Query {
        id: u64,
        answer: Answer<Option<Payloads>>,
    },
    /// An update has come further, or will not.
    Update {
        run: RunKey,
        id: String,
        state: Answer<UpdateState>,
    },
    /// A run has new events.
    Events(RunKey),
}

/// What came out of a transaction.
#[derive(Debug, Default)]
pub(in crate::embedded) struct Effects {
    /// To be committed, in order.
    pub(in crate::embedded) writes: Vec<Write>,
    /// To be told after that.
    pub(in crate::embedded) outputs: Vec<Output>,
    /// Queues that have something new: it can be taken out for a worker at once, if that is
    /// not told before the commit either.
    pub(in crate::embedded) woken: BTreeSet<QueueKey>,
}

impl Engine {
    /// An engine without runs; see `recovery` for how it gets those that were open.
    pub(in crate::embedded) fn new(
        ids: Box<dyn Ids>,
        past: Arc<dyn Past>,
        next_key: RunKey,
    ) -> Self {
        Self {
            runs: HashMap::new(),
            open: HashMap::new(),
            closing: BTreeMap::new(),
            queues: Queues::default(),
            queries: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            namespaces: Namespaces::default(),
            next_key,
            last_query: 0,
            transactions: 0,
            ids,
            past,
            suggest_events: super::SUGGEST_CONTINUE_AS_NEW.into(),
        }
    }

    /// Suggests continue-as-new from this many events on.
    pub(in crate::embedded) fn suggest_continue_as_new(&mut self, events: u32) {
        self.suggest_events = events.into();
    }

    /// Does something as one transaction. What it changed is to be committed even if the
    /// request was refused: a refusal can be a change too, such as a failed task.
    pub(in crate::embedded) fn transact<T>(
        &mut self,
        now: Time,
        request: impl FnOnce(&mut Self, &mut Transaction) -> T,
    ) -> (T, Effects) {
        let mut transaction = Transaction {
            now,
            touched: BTreeSet::new(),
            writes: Vec::new(),
            outputs: Vec::new(),
            woken: BTreeSet::new(),
            orphans: VecDeque::new(),
            deleted: Vec::new(),
        };
        let answer = request(self, &mut transaction);
        self.end_orphans(&mut transaction);
        (answer, self.finish(transaction))
    }

    /// When something is to be done next without anybody asking for it.
    pub(in crate::embedded) fn next_deadline(&self) -> Option<Time> {
        self.deadlines.first().map(|(time, _)| *time)
    }

    /// How many transactions there were. Those up to the one before are committed for sure
    /// once the caller says so with [`Self::committed`].
    pub(in crate::embedded) fn transactions(&self) -> u64 {
        self.transactions
    }

    /// Forgets the closed runs of transactions up to this one: they can be looked up now.
    pub(in crate::embedded) fn committed(&mut self, transaction: u64) {
        if !self.closing.is_empty() {
            self.closing.retain(|_, (at, _)| *at > transaction);
        }
    }

    /// The namespaces and their search attributes.
    pub(in crate::embedded) fn namespaces(&self) -> &Namespaces {
        &self.namespaces
    }

    fn finish(&mut self, mut transaction: Transaction) -> Effects {
        self.transactions += 1;
        self.end_overfull(&mut transaction);
        self.end_overlong(&mut transaction);
        for key in mem::take(&mut transaction.touched) {
            self.finish_run(key, &mut transaction);
        }
        for key in mem::take(&mut transaction.deleted) {
            self.closing.remove(&key);
            transaction.writes.push(Write::Delete(key));
        }
        Effects {
            writes: transaction.writes,
            outputs: transaction.outputs,
            woken: transaction.woken,
        }
    }

    /// Takes tasks back from workers for which too much is held back.
    fn end_overfull(&mut self, transaction: &mut Transaction) {
        let now = transaction.now;
        for key in &transaction.touched {
            if let Some(run) = self.runs.get_mut(key).filter(|run| run.holds_too_much()) {
                run.unsend_updates();
                run.break_off_task(now);
                run.schedule_task(now);
            }
        }
    }

    /// Ends runs whose history has become longer than any may be.
    fn end_overlong(&mut self, transaction: &mut Transaction) {
        for key in transaction.touched.clone() {
            let Some(run) = self.runs.get(&key).filter(|run| run.is_open()) else {
                continue;
            };
            let reason = if run.state.next_event_id > MOST_EVENTS {
                "Workflow history count exceeds limit."
            } else if run.row.history_size > MOST_HISTORY_BYTES {
                "Workflow history size exceeds limit."
            } else {
                continue;
            };
            // The run is open, so this cannot be refused.
            let _ended = self.terminate_run(transaction, key, Termination::by_service(reason));
        }
    }

    fn finish_run(&mut self, key: RunKey, transaction: &mut Transaction) {
        let Some(run) = self.runs.get_mut(&key) else {
            return;
        };
        if run.has_new_events() {
            transaction.outputs.push(Output::Events(key));
        }
        run.writes(&mut transaction.writes);
        offer(run, &mut self.queues, transaction);
        let deadline = run.next_deadline();
        if deadline != run.deadline {
            self.deadlines.remove(&(run.deadline, key));
            run.deadline = deadline;
            if deadline != 0 {
                self.deadlines.insert((deadline, key));
            }
        }
        if !run.is_open() {
            let id = (run.row.namespace.clone(), run.row.workflow_id.clone());
            // A newer run of this id may have been started in the same transaction.
            if self.open.get(&id) == Some(&key) {
                self.open.remove(&id);
            }
            let row = run.row_now();
            self.closing.insert(key, (self.transactions, row));
            self.runs.remove(&key);
        }
    }

    fn run_mut(&mut self, key: RunKey) -> Answer<&mut Run> {
        self.runs.get_mut(&key).ok_or_else(Refusal::closed)
    }

    /// The open run that is meant: the one with the run id, or whichever is open.
    fn find_open(&self, namespace: &str, workflow_id: &str, run_id: &str) -> Answer<RunKey> {
        if workflow_id.is_empty() {
            return Err(Refusal::invalid("WorkflowId is not set on request."));
        }
        if !run_id.is_empty() && uuid::Uuid::parse_str(run_id).is_err() {
            return Err(Refusal::invalid("Invalid RunId."));
        }
        let id = (namespace.to_owned(), workflow_id.to_owned());
        if let Some(key) = self.open.get(&id)
            && let Some(run) = self.runs.get(key)
            && (run_id.is_empty() || run.row.run_id == run_id)
        {
            return Ok(*key);
        }
        match self.find_closed(namespace, workflow_id, run_id)? {
            Some(_) => Err(Refusal::closed()),
            None => Err(Refusal::no_workflow(workflow_id)),
        }
    }

    /// A run that has ended: the one with the run id, or the newest.
    fn find_closed(
        &self,
        namespace: &str,
        workflow_id: &str,
        run_id: &str,
    ) -> Answer<Option<RunRow>> {
        let closing = self.closing.values().rev().map(|(_, row)| row).find(|row| {
            row.namespace == namespace
                && row.workflow_id == workflow_id
                && (run_id.is_empty() || row.run_id == run_id)
        });
        if let Some(row) = closing {
            return Ok(Some(row.clone()));
        }
        let found = if run_id.is_empty() {
            self.past.current(namespace, workflow_id)?
        } else {
            self.past.run(namespace, workflow_id, run_id)?
        };
        // What the disk says of a run that is open is of no use here.
        Ok(found.filter(|row| !self.runs.contains_key(&row.key)))
    }
}

/// Puts what is due into the queues, once.
fn offer(run: &mut Run, queues: &mut Queues, transaction: &mut Transaction) {
    let (key, now) = (run.key(), transaction.now);
    if let Some(task) = &run.state.task
        && !task.is_started()
        && task.stamp != run.offered
    {
        let stamp = task.stamp;
        let own = QueueKey {
            namespace: run.row.namespace.clone(),
            name: task.sticky_queue.clone(),
            kind: QueueKind::Workflow,
        };
        let queue = if own.name.is_empty() || queues.is_deserted(&own) {
            run.queue(false)
        } else {
            own
        };
        run.offered = stamp;
        queues.push(&queue, Entry::Task { run: key, stamp }, now);
        transaction.woken.insert(queue);
    }
    for (event_id, activity) in &mut run.activities {
        if !activity.offered && activity.started_time == 0 && activity.attempt_time <= now {
            activity.offered = true;
            let queue = activity.queue(&run.row.namespace);
            let entry = Entry::Activity {
                run: key,
                event_id: *event_id,
                stamp: activity.stamp,
            };
            queues.push(&queue, entry, now);
            transaction.woken.insert(queue);
        }
    }
}
