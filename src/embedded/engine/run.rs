//! One open run in memory: its row, its state, what it waits for, and what this transaction
//! has changed of them. Appending events (`events`) and turning changes into writes
//! (`changes`) is done here; what events mean is not.

mod changes;
mod events;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;

use super::queue::{QueueKey, QueueKind};
use super::state::{Activity, Child, State, Timer};
use super::time::{Time, earlier};
use super::update::Update;
use crate::embedded::store::{RunKey, RunRow};

use changes::Changes;

/// The status of an open run.
pub(in crate::embedded) const RUNNING: i32 = 1;

/// A run.
#[derive(Debug, Default)]
pub(in crate::embedded) struct Run {
    /// Its row; `state` in it is empty, the state is the field of that name.
    pub(in crate::embedded) row: RunRow,
    pub(in crate::embedded) state: State,
    pub(in crate::embedded) activities: BTreeMap<i64, Activity>,
    pub(in crate::embedded) timers: BTreeMap<i64, Timer>,
    pub(in crate::embedded) children: BTreeMap<i64, Child>,
    /// Events that wait for the end of the workflow task.
    pub(in crate::embedded) buffered: BTreeMap<i64, HistoryEvent>,
    /// Their encoded bytes.
    pub(in crate::embedded) buffered_bytes: usize,
    /// Ids of the signals that were taken.
    pub(in crate::embedded) signals: HashSet<String>,
    /// Updates by id: those that are under way, and those that are in the history.
    pub(in crate::embedded) updates: BTreeMap<String, Update>,
    /// Queries that the next workflow task takes along, or the running one has.
    pub(in crate::embedded) queries: BTreeSet<u64>,
    /// Queries that workers have as tasks of their own, and since when.
    pub(in crate::embedded) asked: BTreeMap<u64, Time>,
    /// Stamp of the workflow task that was put into a queue last.
    pub(in crate::embedded) offered: i64,
    /// What it stands under in the engine's list of deadlines.
    pub(in crate::embedded) deadline: Time,
    /// Ids of started events by that of the scheduled or initiated event, among those
    /// that were appended while events that refer to them were held back.
    pub(super) started: BTreeMap<i64, i64>,
    pub(super) changes: Changes,
}

impl Run {
    pub(in crate::embedded) fn key(&self) -> RunKey {
        self.row.key
    }

    pub(in crate::embedded) fn is_open(&self) -> bool {
        self.row.status == RUNNING
    }

    pub(in crate::embedded) fn execution(&self) -> WorkflowExecution {
        WorkflowExecution {
            workflow_id: self.row.workflow_id.clone(),
            run_id: self.row.run_id.clone(),
        }
    }

    /// The queue its workflow tasks go to: its worker's own where it has one.
    pub(in crate::embedded) fn queue(&self, sticky: bool) -> QueueKey {
        let name = if sticky && !self.state.sticky_queue.is_empty() {
            &self.state.sticky_queue
        } else {
            &self.row.task_queue
        };
        QueueKey {
            namespace: self.row.namespace.clone(),
            name: name.clone(),
            kind: QueueKind::Workflow,
        }
    }

    pub(in crate::embedded) fn task_is_started(&self) -> bool {
        self.state
            .task
            .as_ref()
            .is_some_and(super::state::Task::is_started)
    }

    /// Whether the task with this stamp still waits for a worker.
    pub(in crate::embedded) fn waits_for(&self, stamp: i64) -> bool {
        let task = self.state.task.as_ref();
        task.is_some_and(|task| task.stamp == stamp && !task.is_started())
    }

    /// Whether the activity's attempt with this stamp still waits for a worker.
    pub(in crate::embedded) fn offers_activity(&self, event_id: i64, stamp: i64) -> bool {
        let activity = self.activities.get(&event_id);
        activity.is_some_and(|activity| activity.waits_for(stamp))
    }

    /// A number that this run never gave before.
    pub(in crate::embedded) fn stamp(&mut self) -> i64 {
        self.state.next_stamp += 1;
        self.state.next_stamp
    }

    /// When something is to be done next without anybody asking for it; 0 is never.
    pub(in crate::embedded) fn next_deadline(&self) -> Time {
        if !self.is_open() {
            return 0;
        }
        let state = &self.state;
        let task = state.task.as_ref().map_or(0, super::state::Task::deadline);
        let timers = self.timers.values().map(|timer| timer.due);
        let activities = self.activities.values().map(Activity::next_deadline);
        [
            task,
            state.run_deadline,
            state.execution_deadline,
            state.first_task_at,
        ]
        .into_iter()
        .chain(timers)
        .chain(activities)
        .fold(0, earlier)
    }
}
