//! What holds of any engine after any transaction, and of any history at any time.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;
use temporalio_common::protos::temporal::api::enums::v1::EventType as E;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes as A;

use super::disk::Tables;
use crate::embedded::engine::queue::Entry;
use crate::embedded::engine::run::{RUNNING, Run};
use crate::embedded::engine::start::decoded;
use crate::embedded::engine::state::{Activity, State, Task, kind};
use crate::embedded::engine::{Engine, Time};
use crate::embedded::store::RunRow;

/// What holds of an engine between two transactions.
pub(super) fn of_engine(engine: &Engine, now: Time) {
    assert_eq!(engine.open.len(), engine.runs.len());
    let deadlines: BTreeSet<_> = engine
        .runs
        .values()
        .map(|run| (run.next_deadline(), run.key()))
        .filter(|(deadline, _)| *deadline != 0)
        .collect();
    assert_eq!(engine.deadlines, deadlines);
    let waiting: Vec<Entry> = engine.queues.waiting().map(|(_, entry)| entry).collect();
    for (key, run) in &engine.runs {
        let id = (run.row.namespace.clone(), run.row.workflow_id.clone());
        assert_eq!(engine.open.get(&id), Some(key), "{id:?}");
        of_run(run, now, &waiting);
        for query in &run.queries {
            assert!(
                engine.queries.contains_key(query),
                "query {query} is nobody's"
            );
        }
    }
}

fn of_run(run: &Run, now: Time, waiting: &[Entry]) {
    let key = run.key();
    let count = |entry: Entry| waiting.iter().filter(|other| **other == entry).count();
    assert_eq!(run.row.status, RUNNING);
    assert_eq!(run.row.history_length, run.state.next_event_id - 1);
    assert!(!run.has_new_events());
    assert!(
        run.buffered.is_empty() || run.task_is_started(),
        "events wait for a task that nobody has: {:?}",
        run.buffered
    );
    let held_back = run.buffered.values().map(Message::encoded_len);
    assert_eq!(run.buffered_bytes, held_back.sum::<usize>());
    match &run.state.task {
        Some(task) if task.is_started() => {}
        Some(task) => {
            let stamp = task.stamp;
            assert_eq!(count(Entry::Task { run: key, stamp }), 1, "{task:?}");
        }
        None => assert!(
            run.state.previous_started_event_id != 0 || run.state.first_task_at != 0,
            "a run that no worker ever saw has no task: {:?}",
            run.state
        ),
    }
    let settled = run.state.settled_event_id;
    assert!(settled <= run.row.history_length);
    let has_task = |task: &Task| !task.speculative;
    if settled != 0 && !run.state.task.as_ref().is_some_and(has_task) {
        assert_eq!(
            settled, run.row.history_length,
            "something has come that no task is for, and a query would not know of it"
        );
    }
    for (event_id, activity) in &run.activities {
        let entry = Entry::Activity {
            run: key,
            event_id: *event_id,
            stamp: activity.stamp,
        };
        let offered = activity.offered && activity.started_time == 0;
        assert_eq!(count(entry), usize::from(offered), "{activity:?}");
        assert!(
            activity.started_time != 0 || offered || activity.attempt_time > 0,
            "{activity:?} at {now}"
        );
    }
}

/// What is in memory of an open run is what is on the disk; for a disk that is not behind.
pub(super) fn same(engine: &Engine, tables: &Tables) {
    let open = tables.runs.values().filter(|row| row.status == RUNNING);
    assert_eq!(open.count(), engine.runs.len());
    for run in engine.runs.values() {
        let key = run.key();
        assert_eq!(
            without_worker(&tables.runs[&key]),
            without_worker(&run.row_now())
        );
        let mut items: BTreeMap<(i64, i64), Vec<u8>> = tables
            .items
            .range((key, 0, 0)..(key + 1, 0, 0))
            .map(|((_, kind, id), data)| ((*kind, *id), data.clone()))
            .collect();
        for (id, activity) in &run.activities {
            let data = items.remove(&(kind::ACTIVITY, *id)).unwrap();
            let mut stored = Activity::decode(data.as_slice()).unwrap();
            // Which are in a queue is found out at each start.
            stored.offered = activity.offered;
            assert_eq!(stored, *activity);
        }
        for (id, timer) in &run.timers {
            assert_eq!(
                items.remove(&(kind::TIMER, *id)),
                Some(timer.encode_to_vec())
            );
        }
        for (id, child) in &run.children {
            assert_eq!(
                items.remove(&(kind::CHILD, *id)),
                Some(child.encode_to_vec())
            );
        }
        for id in run.buffered.keys() {
            assert!(items.remove(&(kind::BUFFERED, *id)).is_some());
        }
        assert!(items.is_empty(), "on the disk alone: {:?}", items.keys());
        let requests = tables.requests.iter().filter(|(run, ..)| *run == key);
        assert_eq!(requests.count(), run.signals.len());
        let recorded = run
            .updates
            .iter()
            .filter_map(|(id, update)| update.in_history().map(|events| (id.clone(), events)));
        let stored = tables.updates.iter().filter(|((run, _), _)| *run == key);
        let stored = stored.map(|((_, id), events)| (id.clone(), *events));
        assert!(recorded.eq(stored));
    }
}

/// A row and its state, but for which worker keeps the run: a lost query makes the engine
/// forget that without a write, since no later engine asks.
fn without_worker(row: &RunRow) -> (RunRow, State) {
    let state = State {
        sticky_queue: String::new(),
        sticky_timeout: 0,
        ..decoded(row)
    };
    let row = RunRow {
        state: Vec::new(),
        ..row.clone()
    };
    (row, state)
}

/// What holds of everything that is on a disk.
pub(super) fn of_disk(tables: &Tables) {
    let mut open = BTreeSet::new();
    for (key, row) in &tables.runs {
        of_history(row, &tables.events[key]);
        if row.status == RUNNING {
            assert!(
                open.insert(&row.workflow_id),
                "{} is open twice",
                row.workflow_id
            );
        } else {
            let left = tables.items.range((*key, 0, 0)..(key + 1, 0, 0)).count();
            assert_eq!(left, 0, "a closed run waits for something");
            assert!(row.close_time.is_some());
        }
    }
}

/// What events refer to: of which kind, and by which field.
#[derive(Default)]
struct Seen {
    /// Events that something can end, by id, and what has ended them.
    ends: BTreeMap<i64, i64>,
    /// Events that something can start, by id.
    starts: BTreeMap<i64, i64>,
    updates: BTreeMap<String, (i64, bool)>,
}

fn of_history(row: &RunRow, events: &[HistoryEvent]) {
    let kind_of = |id: i64| {
        let at = usize::try_from(id - 1).unwrap_or(usize::MAX);
        events
            .get(at)
            .map_or(E::Unspecified, HistoryEvent::event_type)
    };
    let mut seen = Seen::default();
    let mut before = E::Unspecified;
    for event in events {
        let (id, kind) = (event.event_id, event.event_type());
        assert_eq!(id == 1, kind == E::WorkflowExecutionStarted);
        // All that comes while a worker has a task waits for the task's end.
        let ends_task = matches!(
            kind,
            E::WorkflowTaskCompleted | E::WorkflowTaskFailed | E::WorkflowTaskTimedOut
        );
        assert!(
            before != E::WorkflowTaskStarted || ends_task,
            "{kind:?} after a started task"
        );
        assert_eq!(
            is_close(kind),
            row.status != RUNNING && id == row.history_length,
            "{kind:?}"
        );
        if let Some((of, started, allowed)) = reference(event) {
            assert!(of < id && allowed == kind_of(of), "{event:?}");
            if let Some(started) = started {
                let was = seen.starts.get(&of).copied().unwrap_or(0);
                assert_eq!(started, was, "{event:?}");
            }
            let into = if is_start(kind) {
                &mut seen.starts
            } else {
                &mut seen.ends
            };
            assert_eq!(into.insert(of, id), None, "a second {kind:?} of {of}");
        }
        of_update(event, &mut seen);
        before = kind;
    }
}

fn of_update(event: &HistoryEvent, seen: &mut Seen) {
    match event.attributes.as_ref().unwrap() {
        A::WorkflowExecutionUpdateAcceptedEventAttributes(accepted) => {
            let id = accepted.protocol_instance_id.clone();
            let before = seen.updates.insert(id, (event.event_id, false));
            assert_eq!(before, None, "an update was accepted twice");
        }
        A::WorkflowExecutionUpdateCompletedEventAttributes(end) => {
            let id = end.meta.as_ref().unwrap().update_id.as_str();
            let (accepted, completed) = seen.updates.get_mut(id).expect("an unknown update");
            assert_eq!(*accepted, end.accepted_event_id);
            assert!(
                !std::mem::replace(completed, true),
                "an update was completed twice"
            );
        }
        _ => {}
    }
}

fn is_start(kind: E) -> bool {
    matches!(
        kind,
        E::WorkflowTaskStarted | E::ActivityTaskStarted | E::ChildWorkflowExecutionStarted
    )
}

fn is_close(kind: E) -> bool {
    matches!(
        kind,
        E::WorkflowExecutionCompleted
            | E::WorkflowExecutionFailed
            | E::WorkflowExecutionTimedOut
            | E::WorkflowExecutionTerminated
            | E::WorkflowExecutionCanceled
            | E::WorkflowExecutionContinuedAsNew
    )
}

/// The event that this one starts or ends, the started event that it names, and what the
/// first must be.
fn reference(event: &HistoryEvent) -> Option<(i64, Option<i64>, E)> {
    let (task, activity) = (E::WorkflowTaskScheduled, E::ActivityTaskScheduled);
    let (timer, child) = (E::TimerStarted, E::StartChildWorkflowExecutionInitiated);
    let signal = E::SignalExternalWorkflowExecutionInitiated;
    let cancel = E::RequestCancelExternalWorkflowExecutionInitiated;
    Some(match event.attributes.as_ref()? {
        A::WorkflowTaskStartedEventAttributes(e) => (e.scheduled_event_id, None, task),
        A::WorkflowTaskCompletedEventAttributes(e) => {
            (e.scheduled_event_id, Some(e.started_event_id), task)
        }
        A::WorkflowTaskFailedEventAttributes(e) => {
            (e.scheduled_event_id, Some(e.started_event_id), task)
        }
        A::WorkflowTaskTimedOutEventAttributes(e) => {
            (e.scheduled_event_id, Some(e.started_event_id), task)
        }
        A::ActivityTaskStartedEventAttributes(e) => (e.scheduled_event_id, None, activity),
        A::ActivityTaskCompletedEventAttributes(e) => {
            (e.scheduled_event_id, Some(e.started_event_id), activity)
        }
        A::ActivityTaskFailedEventAttributes(e) => {
            (e.scheduled_event_id, Some(e.started_event_id), activity)
        }
        A::ActivityTaskTimedOutEventAttributes(e) => {
            (e.scheduled_event_id, Some(e.started_event_id), activity)
        }
        A::ActivityTaskCanceledEventAttributes(e) => {
            (e.scheduled_event_id, Some(e.started_event_id), activity)
        }
        A::TimerFiredEventAttributes(e) => (e.started_event_id, None, timer),
        A::TimerCanceledEventAttributes(e) => (e.started_event_id, None, timer),
        A::ChildWorkflowExecutionStartedEventAttributes(e) => (e.initiated_event_id, None, child),
        A::StartChildWorkflowExecutionFailedEventAttributes(e) => {
            (e.initiated_event_id, None, child)
        }
        A::ChildWorkflowExecutionCompletedEventAttributes(e) => {
            (e.initiated_event_id, Some(e.started_event_id), child)
        }
        A::ChildWorkflowExecutionFailedEventAttributes(e) => {
            (e.initiated_event_id, Some(e.started_event_id), child)
        }
        A::ChildWorkflowExecutionTimedOutEventAttributes(e) => {
            (e.initiated_event_id, Some(e.started_event_id), child)
        }
        A::ChildWorkflowExecutionCanceledEventAttributes(e) => {
            (e.initiated_event_id, Some(e.started_event_id), child)
        }
        A::ChildWorkflowExecutionTerminatedEventAttributes(e) => {
            (e.initiated_event_id, Some(e.started_event_id), child)
        }
        A::ExternalWorkflowExecutionSignaledEventAttributes(e) => {
            (e.initiated_event_id, None, signal)
        }
        A::SignalExternalWorkflowExecutionFailedEventAttributes(e) => {
            (e.initiated_event_id, None, signal)
        }
        A::ExternalWorkflowExecutionCancelRequestedEventAttributes(e)
            if e.initiated_event_id != 0 =>
        {
            (e.initiated_event_id, None, cancel)
        }
        A::RequestCancelExternalWorkflowExecutionFailedEventAttributes(e) => {
            (e.initiated_event_id, None, cancel)
        }
        _ => return None,
    })
}
