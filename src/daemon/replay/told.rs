//! What is said of one execution: whose it is, whether it replays, and where it does not.

use serde_json::{Value, json};
use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{
    HistoryEvent, WorkflowExecutionStartedEventAttributes as Started,
};

use crate::contract::names::search_attribute;
use crate::workflows::replay::{Outcome, WorkflowReplayFailure as Failure};

/// Longer explanations are cut for people; they hold whole events.
const LONGEST: usize = 600;

/// An execution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Execution {
    /// The file that its history is in, if it is in one.
    pub(super) file: Option<String>,
    pub(super) workflow_id: String,
    pub(super) run_id: String,
    pub(super) kind: String,
    /// Whose it is; empty if nothing says so.
    pub(super) epoch_id: String,
    pub(super) events: usize,
}

impl Execution {
    /// What a history says of its own run.
    pub(super) fn of(events: &[HistoryEvent]) -> Self {
        let first = events.first().and_then(|event| event.attributes.as_ref());
        let Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) = first else {
            return Self::default();
        };
        Self {
            file: None,
            workflow_id: started.workflow_id.clone(),
            run_id: started.original_execution_run_id.clone(),
            kind: started.workflow_type.clone().unwrap_or_default().name,
            epoch_id: epoch(started),
            events: events.len(),
        }
    }

    /// Its names, for people.
    pub(super) fn name(&self) -> String {
        let mut name = self.kind.clone();
        if !self.workflow_id.is_empty() {
            name = format!("{name} {}", self.workflow_id);
        }
        if !self.epoch_id.is_empty() && self.epoch_id != self.workflow_id {
            name = format!("{name} of epoch {}", self.epoch_id);
        }
        match &self.file {
            Some(file) => format!("{name} ({file})"),
            None => format!("{name} (run {})", self.run_id),
        }
    }
}

/// Whose a run is: what it shows of itself, or else what it was given.
fn epoch(started: &Started) -> String {
    let shown = started.search_attributes.as_ref();
    let shown = shown.and_then(|shown| shown.indexed_fields.get(search_attribute::EPOCH_ID));
    if let Some(Value::String(epoch_id)) = shown.and_then(content) {
        return epoch_id;
    }
    let input = started.input.as_ref();
    let input = input.and_then(|input| input.payloads.first());
    match input.and_then(content) {
        Some(Value::Object(input)) => input
            .get("epoch_id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        _ => String::new(),
    }
}

fn content(payload: &Payload) -> Option<Value> {
    serde_json::from_slice(&payload.data).ok()
}

/// Why an execution does not replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// `differs`, if other commands are asked for than are recorded, else `fails`.
    pub(super) result: &'static str,
    /// The event at which it shows, if the SDK says which.
    pub(super) event: Option<(i64, String)>,
    /// The SDK's words.
    pub(super) message: String,
}

impl Difference {
    /// What a failure says, with the event that it is about.
    pub(super) fn of(failure: &Failure, events: &[HistoryEvent]) -> Self {
        let (result, message) = match failure {
            Failure::Nondeterminism { message } => ("differs", message.clone()),
            other => ("fails", other.to_string()),
        };
        let message = essence(&message);
        let event = subject(&message, events).map(|event| (event.event_id, describe(event)));
        Self {
            result,
            event,
            message,
        }
    }
}

/// What is said inside of what the SDK says around it: that a task failed, and with what.
fn essence(message: &str) -> String {
    let inner = message
        .split_once("message: \"")
        .and_then(|(_, rest)| rest.split_once("\", source: "))
        .map(|(inner, _)| inner.replace("\\\"", "\"").replace("\\n", " "));
    let inner = inner.as_deref().unwrap_or(message);
    inner
        .trim_start_matches("[TMPRL1100] ")
        .trim_start_matches("Nondeterminism error: ")
        .to_owned()
}

/// The event that a message of the SDK's is about: by its number, as the trace of a local
/// activity by that one's, or by what it is of.
fn subject<'a>(message: &str, events: &'a [HistoryEvent]) -> Option<&'a HistoryEvent> {
    let number = |before: &str| {
        let (_, rest) = message.split_once(before)?;
        let digits = rest.find(|c: char| !c.is_ascii_digit());
        rest[..digits.unwrap_or(rest.len())].parse::<i64>().ok()
    };
    if let Some(id) = number("HistoryEvent(id: ").or_else(|| number("event_id: ")) {
        return events.iter().find(|event| event.event_id == id);
    }
    if let Some(seq) = number("LocalActivity(") {
        return events
            .iter()
            .find(|event| local_activity(event).is_some_and(|data| data["seq"] == seq));
    }
    let name = ["scheduled event '", "recorded marker '"]
        .iter()
        .find_map(|before| message.split_once(before)?.1.split('\'').next())?;
    events.iter().find(|event| of(event) == name)
}

/// What a local activity has left in a marker.
fn local_activity(event: &HistoryEvent) -> Option<Value> {
    let Some(Attributes::MarkerRecordedEventAttributes(marker)) = &event.attributes else {
        return None;
    };
    content(marker.details.get("data")?.payloads.first()?)
}

/// An event's kind, and what it is of.
fn describe(event: &HistoryEvent) -> String {
    format!("{:?} {}", event.event_type(), of(event))
        .trim_end()
        .to_owned()
}

fn of(event: &HistoryEvent) -> String {
    match &event.attributes {
        Some(Attributes::ActivityTaskScheduledEventAttributes(scheduled)) => {
            scheduled.activity_type.clone().unwrap_or_default().name
        }
        Some(Attributes::StartChildWorkflowExecutionInitiatedEventAttributes(child)) => {
            child.workflow_type.clone().unwrap_or_default().name
        }
        Some(Attributes::SignalExternalWorkflowExecutionInitiatedEventAttributes(signal)) => {
            signal.signal_name.clone()
        }
        Some(Attributes::TimerStartedEventAttributes(timer)) => timer.timer_id.clone(),
        Some(Attributes::MarkerRecordedEventAttributes(marker)) => {
            let data = local_activity(event);
            let kind = data
                .as_ref()
                .and_then(|data| data["activity_type"].as_str());
            kind.unwrap_or(&marker.marker_name).to_owned()
        }
        _ => String::new(),
    }
}

/// What came of an execution.
pub(super) enum Verdict {
    Replays,
    NotBegun,
    Not(Difference),
}

impl Verdict {
    pub(super) fn of(outcome: &Outcome, events: &[HistoryEvent]) -> Self {
        match outcome {
            Outcome::Replays => Self::Replays,
            Outcome::NotBegun => Self::NotBegun,
            Outcome::Fails(failure) => Self::Not(Difference::of(failure, events)),
        }
    }

    /// A line for people.
    pub(super) fn line(&self, execution: &Execution) -> String {
        let (name, events) = (execution.name(), execution.events);
        let line = match self {
            Self::Replays => format!("replays  {name}: {events} events"),
            Self::NotBegun => format!("replays  {name}: no worker has begun it"),
            Self::Not(Difference {
                result,
                event,
                message,
            }) => {
                let at = event
                    .as_ref()
                    .map(|(id, what)| format!(" at event {id}, {what}"))
                    .unwrap_or_default();
                let mut message = message.clone();
                if let Some((end, _)) = message.char_indices().nth(LONGEST) {
                    message.truncate(end);
                    message.push('…');
                }
                format!("{result:<8} {name}{at}: {message}")
            }
        };
        // Names and messages may hold anything.
        line.chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect()
    }

    /// The same for programs.
    pub(super) fn json(&self, execution: &Execution) -> Value {
        let (result, difference) = match self {
            Self::Replays => ("replays", Value::Null),
            Self::NotBegun => ("not_begun", Value::Null),
            Self::Not(difference) => {
                let (id, what) = difference.event.clone().unzip();
                let message = &difference.message;
                let json = json!({ "event_id": id, "event": what, "message": message });
                (difference.result, json)
            }
        };
        json!({
            "epoch_id": execution.epoch_id,
            "workflow_type": execution.kind,
            "workflow_id": execution.workflow_id,
            "run_id": execution.run_id,
            "file": execution.file,
            "events": execution.events,
            "result": result,
            "difference": difference,
        })
    }
}

#[cfg(test)]
mod tests {
    use temporalio_common::protos::temporal::api::history::v1::History;

    use super::{Difference, Failure};

    fn events(text: &str) -> History {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_difference_is_told_with_the_event_that_it_is_about() {
        let slice = events(include_str!(
            "../../../tests/histories/0.1.0-slice-command.json"
        ));
        let epoch = events(include_str!(
            "../../../tests/histories/0.1.0-epoch-whole.json"
        ));
        let told = |message: &str, history: &History| {
            let message = message.to_owned();
            Difference::of(&Failure::Nondeterminism { message }, &history.events)
        };

        let by_number = told("no HistoryEvent(id: 1, X) here", &epoch);
        let started = "WorkflowExecutionStarted".to_owned();
        assert_eq!(by_number.event, Some((1, started)));

        let wrapped = "Workflow activation completion failed: Failure { failure: Some(Failure { \
            message: \"[TMPRL1100] Nondeterminism error: Missing associated machine for \
            LocalActivity(1)\", source: \"\", stack_trace: \"\" }) }";
        let by_marker = told(wrapped, &epoch);
        assert_eq!(
            by_marker.message,
            "Missing associated machine for LocalActivity(1)"
        );
        let (id, what) = by_marker.event.unwrap();
        assert!(id > 1 && what.starts_with("MarkerRecorded "), "{id} {what}");
        assert_ne!(what, "MarkerRecorded core_local_activity");

        let by_name = "Activity type of scheduled event 'execute_slice_command' does not match";
        let (id, what) = told(by_name, &slice).event.unwrap();
        assert!(id > 1);
        assert_eq!(what, "ActivityTaskScheduled execute_slice_command");

        let nothing = told("something else", &epoch);
        assert_eq!((nothing.result, nothing.event), ("differs", None));
    }
}
