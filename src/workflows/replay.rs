//! Replays a run's history against the workflows of this binary, as a worker does that takes
//! the run over: the code is driven by what is recorded, and has to ask for the commands that
//! are recorded. It leaves out where histories come from, and what is said of the outcome.

use temporalio_client::WorkflowHistory;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{History, HistoryEvent};
pub use temporalio_sdk::workflow_replayer::WorkflowReplayFailure;
use temporalio_sdk::workflow_replayer::{
    WorkflowReplayError, WorkflowReplayer, WorkflowReplayerOptions, WorkflowReplayerOptionsBuilder,
};

use super::{EpochWorkflow, ReviewPhaseWorkflow, SliceWorkflow};
use crate::history::Tasks;

/// Why nothing can be said of any history.
#[derive(Debug, thiserror::Error)]
#[error("histories cannot be replayed: {0}")]
pub struct Broken(String);

/// What the replay of a history shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// This binary goes on from where the history ends.
    Replays,
    /// No worker has done anything for this run yet, so there is nothing to differ from.
    NotBegun,
    /// This binary cannot take the run over.
    Fails(WorkflowReplayFailure),
}

/// Replays histories, one at a time; nothing of one is kept for the next.
pub struct Replayer(WorkflowReplayer);

impl Replayer {
    /// A replayer for all workflows that `aurad` hosts.
    pub fn new() -> Result<Self, Broken> {
        let options = WorkflowReplayerOptions::new()
            .register_workflow::<EpochWorkflow>()
            .and_then(WorkflowReplayerOptionsBuilder::register_workflow::<SliceWorkflow>)
            .and_then(WorkflowReplayerOptionsBuilder::register_workflow::<ReviewPhaseWorkflow>)
            .map_err(|error| Broken(error.to_string()))?
            .build();
        let replayer = WorkflowReplayer::new(options).map_err(|error| Broken(error.to_string()))?;
        Ok(Self(replayer))
    }

    /// Replays one run's events, from the first, as a worker is told them.
    pub async fn replay(&self, mut events: Vec<HistoryEvent>) -> Result<Outcome, Broken> {
        if let Some(message) = fault(&events) {
            let invalid = WorkflowReplayFailure::InvalidHistory { message };
            return Ok(Outcome::Fails(invalid));
        }
        let is_done = |event: &HistoryEvent| event.event_type() == EventType::WorkflowTaskCompleted;
        if !events.iter().any(is_done) {
            return Ok(Outcome::NotBegun);
        }
        Tasks::default().settle(&mut events, true);
        let history = WorkflowHistory::from(History { events });
        match self.0.replay_workflow(history).await {
            Ok(()) => Ok(Outcome::Replays),
            Err(WorkflowReplayError::Replay(failure)) => Ok(Outcome::Fails(failure)),
            Err(error) => Err(Broken(error.to_string())),
        }
    }
}

/// Why these events are no history of a run. The SDK's replay panics over some of this.
fn fault(events: &[HistoryEvent]) -> Option<String> {
    let Some(first) = events.first() else {
        return Some("it has no event".to_owned());
    };
    let Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) = &first.attributes
    else {
        return Some("its first event is not the start of a workflow".to_owned());
    };
    if started.workflow_type.is_none() {
        return Some("its first event names no type of workflow".to_owned());
    }
    if started.original_execution_run_id.is_empty() {
        return Some("its first event names no run".to_owned());
    }
    for (number, event) in (1_i64..).zip(events) {
        if event.event_id != number {
            let id = event.event_id;
            return Some(format!(
                "event {number} is missing: event {id} is in its place"
            ));
        }
    }
    for pair in events.windows(2) {
        let [one, next] = pair else { continue };
        let is_end_of_task = matches!(
            next.event_type(),
            EventType::WorkflowTaskCompleted
                | EventType::WorkflowTaskFailed
                | EventType::WorkflowTaskTimedOut
                | EventType::WorkflowExecutionTerminated
                | EventType::WorkflowExecutionTimedOut
        );
        if one.event_type() == EventType::WorkflowTaskStarted && !is_end_of_task {
            let (id, kind) = (next.event_id, next.event_type());
            return Some(format!(
                "event {id}, {kind:?}, stands between a task and its end"
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: i64, kind: EventType) -> HistoryEvent {
        let mut event = HistoryEvent {
            event_id: id,
            ..HistoryEvent::default()
        };
        event.set_event_type(kind);
        event
    }

    fn begun(rest: &[(i64, EventType)]) -> Vec<HistoryEvent> {
        let history = include_str!("../../tests/histories/0.1.0-epoch-bare.json");
        let history: History = serde_json::from_str(history).unwrap();
        let first = history.events.into_iter().take(1);
        first
            .chain(rest.iter().map(|(id, kind)| event(*id, *kind)))
            .collect()
    }

    #[test]
    fn what_is_no_history_is_told_before_the_sdk_sees_it() {
        use EventType::{
            WorkflowExecutionSignaled, WorkflowTaskCompleted, WorkflowTaskScheduled,
            WorkflowTaskStarted,
        };
        let told = |events: &[HistoryEvent]| fault(events).unwrap_or_default();
        assert_eq!(told(&[]), "it has no event");
        assert_eq!(
            told(&[event(1, WorkflowTaskScheduled)]),
            "its first event is not the start of a workflow"
        );
        assert_eq!(
            told(&begun(&[(3, WorkflowTaskScheduled)])),
            "event 2 is missing: event 3 is in its place"
        );
        let between = [
            (2, WorkflowTaskScheduled),
            (3, WorkflowTaskStarted),
            (4, WorkflowExecutionSignaled),
        ];
        assert_eq!(
            told(&begun(&between)),
            "event 4, WorkflowExecutionSignaled, stands between a task and its end"
        );
        let whole = [
            (2, WorkflowTaskScheduled),
            (3, WorkflowTaskStarted),
            (4, WorkflowTaskCompleted),
        ];
        assert_eq!(told(&begun(&whole)), "");
        let mut nameless = begun(&whole);
        if let Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) =
            &mut nameless[0].attributes
        {
            started.original_execution_run_id.clear();
        }
        assert_eq!(told(&nameless), "its first event names no run");
    }

    #[tokio::test]
    async fn a_run_that_nobody_has_worked_on_has_not_begun() {
        let replayer = Replayer::new().unwrap();
        let events = begun(&[(2, EventType::WorkflowTaskScheduled)]);
        let outcome = replayer.replay(events).await.unwrap();
        assert_eq!(outcome, Outcome::NotBegun);
    }
}
