use proptest::prelude::*;
use temporalio_common::protos::temporal::api::history::v1::WorkflowTaskStartedEventAttributes;

use super::*;

/// A task: how many things happened before it was scheduled, and after; how many events it
/// made, if it was completed.
#[derive(Clone, Debug)]
struct Task {
    before: usize,
    after: usize,
    made: Option<usize>,
}

fn tasks() -> impl Strategy<Value = Vec<Task>> {
    let made = prop_oneof![1 => Just(None), 3 => (0_usize..3).prop_map(Some)];
    let task = (0_usize..3, 0_usize..3, made).prop_map(|(before, after, made)| Task {
        before,
        after,
        made,
    });
    prop::collection::vec(task, 1..12)
}

/// The history of a run of these tasks, with every one of which the server suggests a new run.
/// An event's number is its time, too.
fn history(tasks: &[Task]) -> Vec<HistoryEvent> {
    use EventType::{
        MarkerRecorded, WorkflowExecutionSignaled, WorkflowExecutionStarted, WorkflowTaskCompleted,
        WorkflowTaskFailed, WorkflowTaskScheduled, WorkflowTaskStarted,
    };
    let mut kinds = vec![WorkflowExecutionStarted];
    let mut add = |kind, count| kinds.extend(std::iter::repeat_n(kind, count));
    for task in tasks {
        add(WorkflowExecutionSignaled, task.before);
        add(WorkflowTaskScheduled, 1);
        add(WorkflowExecutionSignaled, task.after);
        add(WorkflowTaskStarted, 1);
        match task.made {
            None => add(WorkflowTaskFailed, 1),
            Some(made) => {
                add(WorkflowTaskCompleted, 1);
                add(MarkerRecorded, made);
            }
        }
    }
    let events = (1..).zip(kinds);
    let events = events.map(|(event_id, kind)| HistoryEvent {
        event_id,
        event_type: kind.into(),
        event_time: Some(Timestamp {
            seconds: event_id,
            nanos: 0,
        }),
        attributes: (kind == WorkflowTaskStarted).then(|| {
            Attributes::WorkflowTaskStartedEventAttributes(WorkflowTaskStartedEventAttributes {
                suggest_continue_as_new: true,
                ..WorkflowTaskStartedEventAttributes::default()
            })
        }),
        ..HistoryEvent::default()
    });
    events.collect()
}

/// What each task says: whether it suggests a new run, and its time.
fn said(events: &[HistoryEvent]) -> Vec<(bool, i64)> {
    let said = events.iter().filter_map(|event| match &event.attributes {
        Some(Attributes::WorkflowTaskStartedEventAttributes(started)) => {
            let time = event.event_time.unwrap().seconds;
            Some((started.suggest_continue_as_new, time))
        }
        _ => None,
    });
    said.collect()
}

/// What each task is to say, if this is said in the history. A task that follows a completed
/// one at once is more of that one, and so are the tries at doing it again; its time is that
/// one's, unless something happened.
fn to_say(tasks: &[Task], said: &[(bool, i64)]) -> Vec<(bool, i64)> {
    let mut is_more = false;
    let mut is_after_completed = false;
    let mut began = None;
    let to_say = tasks.iter().zip(said).map(|(task, (_, time))| {
        if is_after_completed {
            is_more = task.before == 0;
        }
        if task.before + task.after > 0 {
            began = began.filter(|_| !is_more);
        }
        is_after_completed = task.made.is_some();
        if is_more {
            return (false, began.unwrap_or(*time));
        }
        began = Some(*time);
        (true, *time)
    });
    to_say.collect()
}

proptest! {
    #[test]
    fn a_task_that_nothing_happened_for_is_more_of_the_one_before(tasks in tasks()) {
        let mut events = history(&tasks);
        let before = said(&events);
        let is_edited = Tasks::default().settle(&mut events);
        let after = said(&events);
        prop_assert_eq!(is_edited, after != before);
        prop_assert_eq!(after, to_say(&tasks, &before));
    }

    /// A worker that has the run in memory is given what came since the last task that was
    /// completed began; one that has not, all of it.
    #[test]
    fn who_lives_a_task_is_told_what_is_told_to_who_plays_it(tasks in tasks()) {
        let events = history(&tasks);
        let mut whole = events.clone();
        Tasks::default().settle(&mut whole);

        let mut lived = Vec::new();
        let mut from = 0;
        for (at, event) in events.iter().enumerate() {
            match event.event_type() {
                EventType::WorkflowTaskStarted => {
                    let mut given = events[from..=at].to_vec();
                    Tasks::default().settle(&mut given);
                    lived.extend(said(&given).pop());
                }
                EventType::WorkflowTaskCompleted => from = at,
                _ => {}
            }
        }
        // The time of a task for which nothing happened is nowhere looked at.
        let looked_at = |said: Vec<(bool, i64)>| -> Vec<Option<i64>> {
            said.into_iter().map(|(counts, time)| counts.then_some(time)).collect()
        };
        prop_assert_eq!(lived.len(), tasks.len());
        prop_assert_eq!(looked_at(lived), looked_at(said(&whole)));
    }

    #[test]
    fn it_may_be_read_in_parts(tasks in tasks(), size in 1_usize..9) {
        let mut events = history(&tasks);
        let mut parts = events.clone();
        let mut reading = Tasks::default();
        for part in parts.chunks_mut(size) {
            reading.settle(part);
        }
        Tasks::default().settle(&mut events);
        prop_assert_eq!(parts, events);
    }
}
