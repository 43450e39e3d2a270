use proptest::prelude::*;
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::{
    History, WorkflowTaskCompletedEventAttributes, WorkflowTaskStartedEventAttributes,
    history_event::Attributes,
};
use temporalio_common::protos::temporal::api::query::v1::WorkflowQuery;

use super::*;

/// What became of a task, with what it made.
#[derive(Clone, Debug)]
enum Task {
    Completed(Vec<EventType>),
    Failed,
}

/// A run: messages and the task for each batch of them, and messages whose task waits or is
/// under way.
#[derive(Clone, Debug)]
struct Course {
    tasks: Vec<(usize, Task)>,
    waiting: usize,
    is_under_way: bool,
}

/// A run's history.
#[derive(Default)]
struct Told {
    events: Vec<HistoryEvent>,
    /// The beginning of the last completed task.
    last_started: i64,
    /// The last event that it made.
    settled: usize,
}

impl Told {
    fn add(&mut self, kind: EventType) -> i64 {
        let event_id = i64::try_from(self.events.len()).unwrap() + 1;
        self.events.push(HistoryEvent {
            event_id,
            event_type: kind.into(),
            ..HistoryEvent::default()
        });
        event_id
    }

    fn hear(&mut self, messages: usize) {
        for _ in 0..messages {
            self.add(EventType::WorkflowExecutionSignaled);
        }
        self.add(EventType::WorkflowTaskScheduled);
    }

    /// With each task a new run is suggested.
    fn start(&mut self) -> i64 {
        let event_id = self.add(EventType::WorkflowTaskStarted);
        self.events.last_mut().unwrap().attributes = Some(
            Attributes::WorkflowTaskStartedEventAttributes(WorkflowTaskStartedEventAttributes {
                suggest_continue_as_new: true,
                ..WorkflowTaskStartedEventAttributes::default()
            }),
        );
        event_id
    }

    /// The events, as a worker is told them.
    fn told(&self) -> Vec<HistoryEvent> {
        let mut events = self.events.clone();
        Tasks::default().settle(&mut events, true);
        events
    }

    fn task(&mut self, task: &Task) {
        let started_event_id = self.start();
        let Task::Completed(made) = task else {
            self.add(EventType::WorkflowTaskFailed);
            return;
        };
        self.add(EventType::WorkflowTaskCompleted);
        self.events.last_mut().unwrap().attributes =
            Some(Attributes::WorkflowTaskCompletedEventAttributes(
                WorkflowTaskCompletedEventAttributes {
                    started_event_id,
                    ..WorkflowTaskCompletedEventAttributes::default()
                },
            ));
        for kind in made {
            self.add(*kind);
        }
        self.last_started = started_event_id;
        self.settled = self.events.len();
    }
}

impl Course {
    fn told(&self) -> Told {
        let mut told = Told::default();
        told.add(EventType::WorkflowExecutionStarted);
        for (messages, task) in &self.tasks {
            told.hear(*messages);
            told.task(task);
        }
        if self.waiting > 0 {
            told.hear(self.waiting);
            if self.is_under_way {
                told.start();
            }
        }
        told
    }
}

fn course() -> impl Strategy<Value = Course> {
    use EventType::{
        ActivityTaskScheduled, MarkerRecorded, TimerStarted, UpsertWorkflowSearchAttributes,
    };
    let made = [
        ActivityTaskScheduled,
        MarkerRecorded,
        TimerStarted,
        UpsertWorkflowSearchAttributes,
    ];
    let made = prop::collection::vec(prop::sample::select(made.to_vec()), 0..4);
    let task = prop_oneof![3 => made.prop_map(Task::Completed), 1 => Just(Task::Failed)];
    let tasks = prop::collection::vec((0_usize..4, task), 1..6);
    (tasks, 0_usize..4, any::<bool>()).prop_map(|(tasks, waiting, is_under_way)| Course {
        tasks,
        waiting,
        is_under_way,
    })
}

fn query(last_started: i64, events: &[HistoryEvent], next: &[u8]) -> PollWorkflowTaskQueueResponse {
    PollWorkflowTaskQueueResponse {
        task_token: b"query".to_vec(),
        workflow_execution: Some(WorkflowExecution {
            workflow_id: "w".to_owned(),
            run_id: "r".to_owned(),
        }),
        previous_started_event_id: last_started,
        query: Some(WorkflowQuery::default()),
        history: Some(History {
            events: events.to_vec(),
        }),
        next_page_token: next.to_vec(),
        ..PollWorkflowTaskQueueResponse::default()
    }
}

fn reading(token: &[u8]) -> GetWorkflowExecutionHistoryRequest {
    GetWorkflowExecutionHistoryRequest {
        execution: Some(WorkflowExecution {
            workflow_id: "w".to_owned(),
            run_id: "r".to_owned(),
        }),
        next_page_token: token.to_vec(),
        ..GetWorkflowExecutionHistoryRequest::default()
    }
}

fn page(events: &[HistoryEvent], next: &[u8]) -> GetWorkflowExecutionHistoryResponse {
    GetWorkflowExecutionHistoryResponse {
        history: Some(History {
            events: events.to_vec(),
        }),
        next_page_token: next.to_vec(),
        ..GetWorkflowExecutionHistoryResponse::default()
    }
}

/// What a server has of a run, in pages of this size; the token of a page is its number.
fn pages(events: &[HistoryEvent], size: usize) -> Vec<(Vec<HistoryEvent>, Vec<u8>)> {
    let count = events.len().div_ceil(size);
    let token = |number: usize| match number {
        number if number + 1 < count => format!("page {}", number + 1).into_bytes(),
        _ => Vec::new(),
    };
    let chunks = events.chunks(size).enumerate();
    chunks
        .map(|(number, events)| (events.to_vec(), token(number)))
        .collect()
}

/// Reads on until there is no next page, asking for every page twice as one does whom the
/// first answer did not reach.
fn read_on(
    readings: &mut Readings,
    pages: &[(Vec<HistoryEvent>, Vec<u8>)],
    mut seen: Vec<HistoryEvent>,
    mut token: Vec<u8>,
    from: usize,
) -> Vec<HistoryEvent> {
    for (events, next) in &pages[from..] {
        if token.is_empty() && from > 0 {
            break;
        }
        let lost = readings.asked_for(&reading(&token));
        let again = readings.asked_for(&reading(&token));
        assert_eq!(lost, again);
        let mut page = page(events, next);
        readings.read(again, &mut page);
        seen.extend(page.history.unwrap().events);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    seen
}

proptest! {
    #[test]
    fn a_query_has_what_the_last_completed_task_left_however_it_is_read(
        course in course(),
        size in 1_usize..12,
    ) {
        let told = course.told();
        let all = told.told();
        let settled = match told.last_started {
            // No task was ever completed: there is nothing to hold it to.
            0 => &all[..],
            _ => &all[..told.settled],
        };
        let pages = pages(&told.events, size);

        // With the history, or with its first page.
        let mut readings = Readings::default();
        let (first, next) = &pages[0];
        let mut task = query(told.last_started, first, next);
        readings.given(&mut task);
        let seen = task.history.unwrap().events;
        let seen = read_on(&mut readings, &pages, seen, task.next_page_token, 1);
        prop_assert_eq!(&seen[..], settled);

        // Without, and all of it read from the start.
        let mut readings = Readings::default();
        let mut task = query(told.last_started, &[], &[]);
        prop_assert!(!readings.given(&mut task));
        let seen = read_on(&mut readings, &pages, Vec::new(), Vec::new(), 0);
        prop_assert_eq!(&seen[..], settled);
    }

    #[test]
    fn a_task_has_all_that_it_is_for(course in course(), size in 1_usize..12) {
        let told = course.told();
        let pages = pages(&told.events, size);
        let mut readings = Readings::default();
        let (first, next) = &pages[0];
        let given = PollWorkflowTaskQueueResponse {
            query: None,
            ..query(told.last_started, first, next)
        };
        let mut task = given.clone();
        let is_changed = readings.given(&mut task);
        prop_assert_eq!(is_changed, task != given);
        let seen = task.history.unwrap().events;
        let seen = read_on(&mut readings, &pages, seen, task.next_page_token, 1);
        prop_assert_eq!(seen, told.told());
    }
}

fn some_course() -> Told {
    let course = Course {
        tasks: vec![(1, Task::Completed(vec![EventType::MarkerRecorded]))],
        waiting: 2,
        is_under_way: true,
    };
    course.told()
}

#[test]
fn once_the_query_has_its_answer_the_history_is_whole_again() {
    let told = some_course();
    let mut readings = Readings::default();
    readings.given(&mut query(told.last_started, &[], &[]));
    assert_ne!(readings.asked_for(&reading(b"")), Reading::default());
    readings.answered(b"another query");
    assert_ne!(readings.asked_for(&reading(b"")), Reading::default());
    readings.answered(b"query");
    assert_eq!(readings.asked_for(&reading(b"")), Reading::default());
}

/// A worker may never answer a query, and throw the run out of its memory.
#[test]
fn a_query_that_was_forgotten_keeps_no_later_task_from_its_history() {
    let mut course = Course {
        tasks: vec![(1, Task::Completed(vec![EventType::MarkerRecorded]))],
        waiting: 0,
        is_under_way: false,
    };
    let mut readings = Readings::default();
    readings.given(&mut query(course.told().last_started, &[], &[]));

    course
        .tasks
        .push((2, Task::Completed(vec![EventType::MarkerRecorded])));
    (course.waiting, course.is_under_way) = (1, true);
    let told = course.told();
    // It is thought to have the run in memory, and gets what is new.
    let began = usize::try_from(told.last_started).unwrap();
    let mut task = PollWorkflowTaskQueueResponse {
        query: None,
        ..query(told.last_started, &told.events[began..], &[])
    };
    assert!(!readings.given(&mut task));
    let pages = pages(&told.events, 4);
    let mut seen = read_on(&mut readings, &pages, Vec::new(), Vec::new(), 0);
    let last = seen.last().unwrap().event_id;
    let new = task.history.unwrap().events;
    seen.extend(new.into_iter().filter(|event| event.event_id > last));
    assert_eq!(seen, told.events);
}

#[test]
fn what_is_never_read_on_does_not_pile_up() {
    let told = some_course();
    let mut readings = Readings::default();
    for number in 0..3 * MOST {
        let token = number.to_string();
        let mut task = query(told.last_started, &told.events[..2], token.as_bytes());
        readings.given(&mut task);
        let mut task = query(told.last_started, &[], &[]);
        task.workflow_execution.as_mut().unwrap().run_id = token;
        readings.given(&mut task);
    }
    assert!(readings.pages.len() <= MOST && readings.asked.len() <= MOST);
}
