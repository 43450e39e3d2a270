use proptest::prelude::*;
use temporalio_common::protos::temporal::api::history::v1::WorkflowTaskStartedEventAttributes;

use super::*;

/// A task: how many things happened before it was scheduled, and after; whether it was
/// completed, and how many events it made then.
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

/// What each task says.
fn said(events: &[HistoryEvent]) -> Vec<bool> {
    let said = events.iter().filter_map(|event| match &event.attributes {
        Some(Attributes::WorkflowTaskStartedEventAttributes(started)) => {
            Some(started.suggest_continue_as_new)
        }
        _ => None,
    });
    said.collect()
}

/// Which suggestions count: none of a task that follows a completed one at once, and none of
/// the tries at doing that again.
fn counting(tasks: &[Task]) -> Vec<bool> {
    let mut counts = true;
    let mut is_after_completed = false;
    let counting = tasks.iter().map(|task| {
        if is_after_completed {
            counts = task.before > 0;
        }
        is_after_completed = task.made.is_some();
        counts
    });
    counting.collect()
}

proptest! {
    #[test]
    fn only_a_task_that_something_happened_for_suggests_a_new_run(tasks in tasks()) {
        let mut events = history(&tasks);
        let is_changed = Suggestions::default().settle(&mut events);
        let said = said(&events);
        prop_assert_eq!(is_changed, said.contains(&false));
        prop_assert_eq!(said, counting(&tasks));
    }

    /// A worker that has the run in memory is given what came since the last task that was
    /// completed began; one that has not, all of it.
    #[test]
    fn who_lives_a_task_is_told_what_is_told_to_who_plays_it(tasks in tasks()) {
        let events = history(&tasks);
        let mut whole = events.clone();
        Suggestions::default().settle(&mut whole);

        let mut lived = Vec::new();
        let mut from = 0;
        for (at, event) in events.iter().enumerate() {
            match event.event_type() {
                EventType::WorkflowTaskStarted => {
                    let mut given = events[from..=at].to_vec();
                    Suggestions::default().settle(&mut given);
                    lived.extend(said(&given).pop());
                }
                EventType::WorkflowTaskCompleted => from = at,
                _ => {}
            }
        }
        prop_assert_eq!(lived.len(), tasks.len());
        prop_assert_eq!(lived, said(&whole));
    }

    #[test]
    fn it_may_be_read_in_parts(tasks in tasks(), size in 1_usize..9) {
        let mut events = history(&tasks);
        let mut parts = events.clone();
        let mut suggestions = Suggestions::default();
        for part in parts.chunks_mut(size) {
            suggestions.settle(part);
        }
        Suggestions::default().settle(&mut events);
        prop_assert_eq!(parts, events);
    }
}
