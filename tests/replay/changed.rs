//! That the replay finds what it is there to find: commands in another order, a command
//! too many or too few, and other code altogether. A history whose commands differ from
//! those of the code is as good as code whose commands differ from those of the history.

use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
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

fn is_command(event: &HistoryEvent) -> bool {
    COMMANDS.contains(&event.event_type())
}

/// Replays changed histories, and fails the test where the change is not found.
#[track_caller]
fn expect_all_found(changed: Vec<(String, Vec<HistoryEvent>)>) {
    assert!(changed.len() > 10, "only {} changes", changed.len());
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

#[test]
fn commands_in_another_order_are_found() {
    let mut changed = Vec::new();
    for Recorded { name, events, .. } in recorded() {
        for at in 1..events.len() {
            let (one, other) = (&events[at - 1], &events[at]);
            let is_pair = is_command(one) && is_command(other);
            if is_pair && one.event_type() != other.event_type() {
                let what = format!(
                    "{name}: {:?} before {:?}",
                    other.event_type(),
                    one.event_type()
                );
                changed.push((what, with_swapped(&events, at - 1)));
            }
        }
    }
    expect_all_found(changed);
}

/// The history with what happened in this event and in the next one exchanged.
fn with_swapped(events: &[HistoryEvent], at: usize) -> Vec<HistoryEvent> {
    let mut events = events.to_vec();
    let (left, right) = events.split_at_mut(at + 1);
    if let (Some(one), Some(other)) = (left.last_mut(), right.first_mut()) {
        std::mem::swap(&mut one.event_type, &mut other.event_type);
        std::mem::swap(&mut one.attributes, &mut other.attributes);
    }
    events
}

#[test]
fn other_code_is_found() {
    let mut changed = Vec::new();
    for Recorded {
        name, mut events, ..
    } in recorded()
    {
        let Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) = events
            .first_mut()
            .and_then(|event| event.attributes.as_mut())
        else {
            panic!("{name} does not begin with a start")
        };
        let Some(kind) = started.workflow_type.as_mut() else {
            panic!("{name} has no type")
        };
        kind.name = match kind.name.as_str() {
            "EpochWorkflow" => "SliceWorkflow",
            _ => "EpochWorkflow",
        }
        .to_owned();
        changed.push((name, events));
    }
    expect_all_found(changed);
}
