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

/// What a task says: the number of the event that it begins with, whether it suggests a new
/// run, and its time.
type Said = (i64, bool, i64);

/// What each task says that a worker does not pass by.
fn said(events: &[HistoryEvent]) -> Vec<Said> {
    let said = events.iter().filter_map(|event| match &event.attributes {
        Some(Attributes::WorkflowTaskStartedEventAttributes(started)) => {
            let time = event.event_time.unwrap().seconds;
            Some((event.event_id, started.suggest_continue_as_new, time))
        }
        _ => None,
    });
    said.collect()
}

/// What each task is to say, if this is said in the history. A task that follows a completed
/// one at once is more of that one, and its time is that one's, unless something happened. If
/// it was lost it says nothing, and is none for those that follow.
fn to_say(tasks: &[Task], said: &[Said]) -> Vec<Said> {
    let mut is_quiet = false;
    let mut began = None;
    let to_say = tasks.iter().zip(said).filter_map(|(task, (id, _, time))| {
        is_quiet &= task.before == 0;
        if !is_quiet {
            is_quiet = task.made.is_some();
            began = Some(*time);
            return Some((*id, true, *time));
        }
        if task.made.is_none() {
            is_quiet = task.after == 0;
            return None;
        }
        began = began.filter(|_| task.after == 0);
        Some((*id, false, began.unwrap_or(*time)))
    });
    to_say.collect()
}

fn settled(mut events: Vec<HistoryEvent>) -> Vec<HistoryEvent> {
    Tasks::default().settle(&mut events, true);
    events
}

proptest! {
    #[test]
    fn a_task_that_nothing_happened_for_is_more_of_the_one_before(tasks in tasks()) {
        let events = history(&tasks);
        let mut edited = events.clone();
        let is_edited = Tasks::default().settle(&mut edited, true);
        prop_assert_eq!(is_edited, edited != events);
        prop_assert_eq!(said(&edited), to_say(&tasks, &said(&events)));
    }

    /// All else stays, in its place.
    #[test]
    fn only_what_says_how_tasks_fare_is_passed_by(tasks in tasks()) {
        let events = history(&tasks);
        for (event, edited) in events.iter().zip(settled(events.clone())) {
            prop_assert_eq!(event.event_id, edited.event_id);
            if edited.worker_may_ignore {
                prop_assert!(is_of_task(event));
                prop_assert_eq!(edited.event_type(), EventType::Unspecified);
            } else {
                prop_assert_eq!(event.event_type(), edited.event_type());
            }
        }
    }

    /// A worker that has the run in memory is given what came since the last task that was
    /// completed began; one that has not, all of it.
    #[test]
    fn who_lives_a_task_is_told_what_is_told_to_who_plays_it(tasks in tasks()) {
        let events = history(&tasks);
        let played = said(&settled(events.clone()));

        let mut lived = Vec::new();
        let mut from = 0;
        for (at, event) in events.iter().enumerate() {
            match event.event_type() {
                EventType::WorkflowTaskStarted => {
                    lived.extend(said(&settled(events[from..=at].to_vec())).pop());
                }
                EventType::WorkflowTaskCompleted => from = at,
                _ => {}
            }
        }
        prop_assert_eq!(lived.len(), tasks.len());
        // One that was lost was lived by nobody.
        lived.retain(|(id, _, _)| played.iter().any(|(other, _, _)| id == other));
        // The time of a task for which nothing happened is nowhere looked at.
        let looked_at = |said: Vec<Said>| -> Vec<Option<i64>> {
            said.into_iter().map(|(_, counts, time)| counts.then_some(time)).collect()
        };
        prop_assert_eq!(looked_at(lived), looked_at(played));
    }

    #[test]
    fn it_may_be_read_in_parts(tasks in tasks(), size in 1_usize..9) {
        let events = history(&tasks);
        let mut parts = Vec::new();
        let mut reading = Tasks::default();
        let count = events.len().div_ceil(size);
        for (number, part) in (1..).zip(events.chunks(size)) {
            let mut part = part.to_vec();
            reading.settle(&mut part, number == count);
            parts.extend(part);
        }
        prop_assert_eq!(parts, settled(events));
    }
}
