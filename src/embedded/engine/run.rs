//! One open run in memory: its row, its state, what it waits for, and what this transaction
//! has changed of them. Appending events and turning changes into writes is done here; what
//! events mean is not.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::mem;

use prost::Message;
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{History, HistoryEvent};
use temporalio_common::protos::temporal::api::sdk::v1::UserMetadata;

use super::queue::{QueueKey, QueueKind};
use super::state::{Activity, Buffered, Child, State, Timer, dedup, kind};
use super::time::{Time, earlier, timestamp};
use super::update::Update;
use crate::embedded::store::{Batch, RunKey, RunRow, Write};

/// So many bytes of events are held back for a workflow task that is running, as by Temporal's
/// own server. That also holds back no more than 100 events, which nothing here needs: where
/// no network is in between, a child sends as many before its parent's worker has begun.
const MOST_BUFFERED: usize = 2 * 1024 * 1024;

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
    /// Ids of the signals that were taken.
    pub(in crate::embedded) signals: HashSet<String>,
    /// Updates by id: those that are under way, and those that are in the history.
    pub(in crate::embedded) updates: BTreeMap<String, Update>,
    /// Queries that the next workflow task takes along, or the running one has.
    pub(in crate::embedded) queries: BTreeSet<u64>,
    /// Stamp of the workflow task that was put into a queue last.
    pub(in crate::embedded) offered: i64,
    /// What it stands under in the engine's list of deadlines.
    pub(in crate::embedded) deadline: Time,
    /// Ids of started events by that of the scheduled or initiated event, among those
    /// that were appended while events that refer to them were held back.
    pub(super) started: BTreeMap<i64, i64>,
    pub(super) changes: Changes,
}

/// What a transaction has changed of a run.
#[derive(Debug, Default)]
pub(super) struct Changes {
    events: Vec<HistoryEvent>,
    items: BTreeSet<(i64, i64)>,
    signals: Vec<String>,
    updates: BTreeSet<String>,
    attributes: bool,
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

    /// A number that this run never gave before.
    pub(in crate::embedded) fn stamp(&mut self) -> i64 {
        self.state.next_stamp += 1;
        self.state.next_stamp
    }

    /// Bytes of the history with what this transaction has added.
    pub(in crate::embedded) fn history_size(&self) -> i64 {
        let new: usize = self.changes.events.iter().map(Message::encoded_len).sum();
        self.row.history_size + i64::try_from(new).unwrap_or(i64::MAX)
    }

    /// Appends an event, or holds it back while a workflow task is running. Gives its id, or
    /// 0 for one that is held back.
    pub(in crate::embedded) fn append(&mut self, now: Time, attributes: Attributes) -> i64 {
        self.append_with(now, attributes, None)
    }

    /// The same, with what people are to read beside it.
    pub(in crate::embedded) fn append_with(
        &mut self,
        now: Time,
        attributes: Attributes,
        user_metadata: Option<UserMetadata>,
    ) -> i64 {
        let event_type = attributes.event_type();
        let event = HistoryEvent {
            event_time: Some(timestamp(now)),
            event_type: event_type as i32,
            attributes: Some(attributes),
            user_metadata,
            ..Default::default()
        };
        if waits(event_type) {
            self.write_speculative(now);
            if self.task_is_started() {
                let place = self.stamp();
                self.buffered.insert(place, event);
                self.changes.items.insert((kind::BUFFERED, place));
                return 0;
            }
        }
        self.write(event)
    }

    /// Puts an event at the end of the history, with all that refers to others filled in.
    pub(super) fn write(&mut self, mut event: HistoryEvent) -> i64 {
        let id = self.state.next_event_id;
        self.state.next_event_id += 1;
        event.event_id = id;
        event.task_id = id;
        self.link(id, &mut event);
        self.changes.events.push(event);
        id
    }

    /// Ids of started events are known only once these have been appended.
    fn link(&mut self, id: i64, event: &mut HistoryEvent) {
        use Attributes as A;
        let Some(attributes) = &mut event.attributes else {
            return;
        };
        let (scheduled, started) = match attributes {
            A::ActivityTaskStartedEventAttributes(started) => {
                self.started.insert(started.scheduled_event_id, id);
                return;
            }
            A::ChildWorkflowExecutionStartedEventAttributes(started) => {
                let initiated = started.initiated_event_id;
                self.started.insert(initiated, id);
                if let Some(child) = self.children.get_mut(&initiated) {
                    child.started_event_id = id;
                    self.changes.items.insert((kind::CHILD, initiated));
                }
                return;
            }
            A::ActivityTaskCompletedEventAttributes(end) => {
                (end.scheduled_event_id, &mut end.started_event_id)
            }
            A::ActivityTaskFailedEventAttributes(end) => {
                (end.scheduled_event_id, &mut end.started_event_id)
            }
            A::ActivityTaskTimedOutEventAttributes(end) => {
                (end.scheduled_event_id, &mut end.started_event_id)
            }
            A::ActivityTaskCanceledEventAttributes(end) => {
                (end.scheduled_event_id, &mut end.started_event_id)
            }
            A::ChildWorkflowExecutionCompletedEventAttributes(end) => {
                (end.initiated_event_id, &mut end.started_event_id)
            }
            A::ChildWorkflowExecutionFailedEventAttributes(end) => {
                (end.initiated_event_id, &mut end.started_event_id)
            }
            A::ChildWorkflowExecutionTimedOutEventAttributes(end) => {
                (end.initiated_event_id, &mut end.started_event_id)
            }
            A::ChildWorkflowExecutionCanceledEventAttributes(end) => {
                (end.initiated_event_id, &mut end.started_event_id)
            }
            A::ChildWorkflowExecutionTerminatedEventAttributes(end) => {
                (end.initiated_event_id, &mut end.started_event_id)
            }
            _ => return,
        };
        if let Some(id) = self.started.remove(&scheduled)
            && *started == 0
        {
            *started = id;
        }
    }

    /// Whether more is held back for a running task than its worker is given time for.
    pub(in crate::embedded) fn holds_too_much(&self) -> bool {
        let bytes: usize = self.buffered.values().map(Message::encoded_len).sum();
        bytes > MOST_BUFFERED
    }

    /// Appends what was held back: ends of activities and children after all else, so that
    /// what began comes before what ended.
    pub(in crate::embedded) fn flush_buffered(&mut self) {
        let buffered = mem::take(&mut self.buffered);
        for place in buffered.keys() {
            self.changes.items.insert((kind::BUFFERED, *place));
        }
        let (ends, others): (Vec<_>, Vec<_>) = buffered
            .into_values()
            .partition(|event| is_end(event.event_type()));
        for event in others.into_iter().chain(ends) {
            self.write(event);
        }
    }

    /// Takes a timer's event out of those that are held back: it fired while the task ran
    /// that now cancels it.
    pub(in crate::embedded) fn unfire(&mut self, timer_id: &str) -> Option<i64> {
        let (place, started) =
            self.buffered
                .iter()
                .find_map(|(place, event)| match &event.attributes {
                    Some(Attributes::TimerFiredEventAttributes(fired))
                        if fired.timer_id == timer_id =>
                    {
                        Some((*place, fired.started_event_id))
                    }
                    _ => None,
                })?;
        self.buffered.remove(&place);
        self.changes.items.insert((kind::BUFFERED, place));
        Some(started)
    }

    pub(in crate::embedded) fn touch_activity(&mut self, event_id: i64) {
        self.changes.items.insert((kind::ACTIVITY, event_id));
    }

    pub(in crate::embedded) fn touch_timer(&mut self, event_id: i64) {
        self.changes.items.insert((kind::TIMER, event_id));
    }

    pub(in crate::embedded) fn touch_child(&mut self, event_id: i64) {
        self.changes.items.insert((kind::CHILD, event_id));
    }

    pub(in crate::embedded) fn touch_attributes(&mut self) {
        self.changes.attributes = true;
    }

    pub(in crate::embedded) fn touch_update(&mut self, id: &str) {
        self.changes.updates.insert(id.to_owned());
    }

    /// Remembers a signal's id; false if it was taken before.
    pub(in crate::embedded) fn take_signal(&mut self, request_id: &str) -> bool {
        if request_id.is_empty() {
            return true;
        }
        let new = self.signals.insert(request_id.to_owned());
        if new {
            self.changes.signals.push(request_id.to_owned());
        }
        new
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

    /// Takes the events of this transaction, without their being forgotten: how many there
    /// are is all that others need.
    pub(in crate::embedded) fn has_new_events(&self) -> bool {
        !self.changes.events.is_empty()
    }

    /// What this transaction changed, as writes; afterwards there are no changes.
    pub(in crate::embedded) fn writes(&mut self, writes: &mut Vec<Write>) {
        let run = self.key();
        let changes = mem::take(&mut self.changes);
        if let (Some(first), Some(last)) = (changes.events.first(), changes.events.last()) {
            let (first_id, last_id) = (first.event_id, last.event_id);
            let data = History {
                events: changes.events,
            }
            .encode_to_vec();
            self.row.history_size += i64::try_from(data.len()).unwrap_or(i64::MAX);
            writes.push(Write::Events(Batch {
                run,
                first_id,
                last_id,
                data,
            }));
        }
        self.row.history_length = self.state.next_event_id - 1;
        self.state.transitions += 1;
        for (kind, id) in changes.items {
            let data = self.item(kind, id);
            writes.push(Write::Item {
                run,
                kind,
                id,
                data,
            });
        }
        for id in changes.signals {
            writes.push(Write::Dedup {
                run,
                kind: dedup::SIGNAL,
                id,
            });
        }
        for id in changes.updates {
            if let Some((accepted_id, completed_id)) =
                self.updates.get(&id).and_then(Update::in_history)
            {
                writes.push(Write::Update {
                    run,
                    id,
                    accepted_id,
                    completed_id,
                });
            }
        }
        if changes.attributes {
            let attributes = self.state.search_attributes.clone().unwrap_or_default();
            writes.push(Write::Attributes {
                run,
                attributes: attributes.indexed_fields.into_iter().collect(),
            });
        }
        writes.push(Write::Run(self.row_now()));
        if !self.is_open() {
            writes.push(Write::Closed(run));
        }
    }

    /// The row with the state in it.
    pub(in crate::embedded) fn row_now(&self) -> RunRow {
        // A task that is only for an update is not there for those who come later.
        let mut state = self.state.clone();
        state.task = state.task.filter(|task| !task.speculative);
        RunRow {
            state: state.encode_to_vec(),
            ..self.row.clone()
        }
    }

    fn item(&self, kind: i64, id: i64) -> Option<Vec<u8>> {
        match kind {
            kind::ACTIVITY => self.activities.get(&id).map(Message::encode_to_vec),
            kind::TIMER => self.timers.get(&id).map(Message::encode_to_vec),
            kind::CHILD => self.children.get(&id).map(Message::encode_to_vec),
            kind::BUFFERED => self.buffered.get(&id).map(|event| {
                let event = event.encode_to_vec();
                Buffered { event }.encode_to_vec()
            }),
            _ => None,
        }
    }
}

/// Whether an event may have to wait for the end of a running workflow task: all do that
/// come from elsewhere than its commands.
const fn waits(event_type: EventType) -> bool {
    use EventType as E;
    matches!(
        event_type,
        E::WorkflowExecutionSignaled
            | E::WorkflowExecutionCancelRequested
            | E::ActivityTaskStarted
            | E::ActivityTaskCompleted
            | E::ActivityTaskFailed
            | E::ActivityTaskTimedOut
            | E::ActivityTaskCanceled
            | E::TimerFired
            | E::ChildWorkflowExecutionStarted
            | E::StartChildWorkflowExecutionFailed
            | E::ChildWorkflowExecutionCompleted
            | E::ChildWorkflowExecutionFailed
            | E::ChildWorkflowExecutionCanceled
            | E::ChildWorkflowExecutionTimedOut
            | E::ChildWorkflowExecutionTerminated
            | E::ExternalWorkflowExecutionSignaled
            | E::SignalExternalWorkflowExecutionFailed
            | E::ExternalWorkflowExecutionCancelRequested
            | E::RequestCancelExternalWorkflowExecutionFailed
            | E::WorkflowExecutionOptionsUpdated
    )
}

const fn is_end(event_type: EventType) -> bool {
    use EventType as E;
    matches!(
        event_type,
        E::ActivityTaskCompleted
            | E::ActivityTaskFailed
            | E::ActivityTaskTimedOut
            | E::ActivityTaskCanceled
            | E::ChildWorkflowExecutionCompleted
            | E::ChildWorkflowExecutionFailed
            | E::ChildWorkflowExecutionCanceled
            | E::ChildWorkflowExecutionTimedOut
            | E::ChildWorkflowExecutionTerminated
    )
}
