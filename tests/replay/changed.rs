//! That the replay finds what it is there to find: commands in another order, another
//! command than the code asks for, and other code altogether. A history whose commands
//! differ from those of the code is as good as code whose commands differ from those of
//! the history.

use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{
    HistoryEvent, TimerStartedEventAttributes,
};
use temporalio_sdk::workflow_replayer::WorkflowReplayFailure;

use super::{Recorded, recorded, replay};

/// What a workflow has asked for, as events.
const COMMANDS: [EventType; 10] = [
    EventType::ActivityTaskScheduled,
    EventType::MarkerRecorded,
    EventType::RequestCancelExternalWorkflowExecutionInitiated,
    EventType::SignalExternalWorkflowExecutionInitiated,
    EventType::StartChildWorkflowExecutionInitiated,
    EventType::TimerStarted,
    EventType::UpsertWorkflowSearchAttributes,
    EventType::WorkflowExecutionCanceled,
    EventType::WorkflowExecutionCompleted,
    EventType::WorkflowExecutionContinuedAsNew,
];

/// What a local activity leaves is found by its number, wherever it is among the commands
/// of its task; that it is there at all is looked at below.
#[test]
fn commands_in_another_order_are_found() {
    let ordered = |kind: EventType| COMMANDS.contains(&kind) && kind != EventType::MarkerRecorded;
    let mut changed = Vec::new();
    for history in recorded() {
        for at in 1..history.events.len() {
            let one = history.events[at - 1].event_type();
            let other = history.events[at].event_type();
            if ordered(one) && ordered(other) && one != other {
                let what = format!("{}: {other:?} before {one:?}", history.name);
                changed.push((what, with_swapped(&history, at - 1)));
            }
        }
    }
    expect_all_found(changed);
}

#[test]
fn another_command_instead_of_one_is_found() {
    let mut changed = Vec::new();
    for history in recorded() {
        for kind in COMMANDS {
            let at = history
                .events
                .iter()
                .position(|event| event.event_type() == kind);
            if let Some(at) = at.filter(|_| kind != EventType::TimerStarted) {
                let what = format!("{}: no {kind:?}", history.name);
                changed.push((what, with_timer(&history, at)));
            }
        }
    }
    expect_all_found(changed);
}

#[test]
fn other_code_is_found() {
    let mut changed = Vec::new();
    // An input that one workflow cannot use, no other can either; they end alike.
    for history in recorded()
        .into_iter()
        .filter(|history| !history.name.contains("unusable"))
    {
        changed.push((history.name.clone(), with_other_type(&history)));
    }
    expect_all_found(changed);
}

/// Replays changed histories, and fails the test where the change is not found.
#[track_caller]
fn expect_all_found(changed: Vec<(String, Vec<HistoryEvent>)>) {
    assert!(changed.len() > 2, "only {} changes", changed.len());
    let (names, histories): (Vec<_>, Vec<_>) = changed.into_iter().unzip();
    let mut missed = Vec::new();
    for (name, failure) in names.iter().zip(replay(histories)) {
        if !matches!(failure, Some(WorkflowReplayFailure::Nondeterminism { .. })) {
            missed.push(format!("{name}: {failure:?}"));
        }
    }
    assert!(
        missed.is_empty(),
        "{} of {}:\n{}",
        missed.len(),
        names.len(),
        missed.join("\n")
    );
}

/// The history with what happened in this event and in the next one exchanged.
fn with_swapped(history: &Recorded, at: usize) -> Vec<HistoryEvent> {
    let mut events = history.events.clone();
    let (left, right) = events.split_at_mut(at + 1);
    if let (Some(one), Some(other)) = (left.last_mut(), right.first_mut()) {
        std::mem::swap(&mut one.event_type, &mut other.event_type);
        std::mem::swap(&mut one.attributes, &mut other.attributes);
    }
    events
}

/// The history with a timer that none of the workflows starts, instead of this event.
fn with_timer(history: &Recorded, at: usize) -> Vec<HistoryEvent> {
    let mut events = history.events.clone();
    if let Some(event) = events.get_mut(at) {
        let timer = TimerStartedEventAttributes {
            timer_id: "999".to_owned(),
            ..TimerStartedEventAttributes::default()
        };
        event.set_event_type(EventType::TimerStarted);
        event.attributes = Some(Attributes::TimerStartedEventAttributes(timer));
    }
    events
}

/// The history as one of another workflow.
fn with_other_type(history: &Recorded) -> Vec<HistoryEvent> {
    let mut events = history.events.clone();
    let first = events
        .first_mut()
        .and_then(|event| event.attributes.as_mut());
    let Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) = first else {
        panic!("{} does not begin with a start", history.name)
    };
    let Some(kind) = &mut started.workflow_type else {
        panic!("{} has no type", history.name)
    };
    let other = if kind.name == "EpochWorkflow" {
        "SliceWorkflow"
    } else {
        "EpochWorkflow"
    };
    other.clone_into(&mut kind.name);
    events
}
