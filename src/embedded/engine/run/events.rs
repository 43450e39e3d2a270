//! Events of a run: appended, or held back while a workflow task is running. Those that
//! refer to others are filled in here.

use std::mem;

use prost::Message;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::sdk::v1::UserMetadata;

use super::Run;
use crate::embedded::engine::state::kind;
use crate::embedded::engine::time::{Time, timestamp};

/// So many bytes of events are held back for a workflow task that is running, as by Temporal's
/// own server. That also holds back no more than 100 events, which nothing here needs: where
/// no network is in between, a child sends as many before its parent's worker has begun.
const MOST_BUFFERED: usize = 2 * 1024 * 1024;

impl Run {
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
                self.hold_back(place, event);
                self.changes.items.insert((kind::BUFFERED, place));
                return 0;
            }
        }
        self.write(event)
    }

    /// Puts an event at the end of the history, with all that refers to others filled in.
    pub(in crate::embedded::engine) fn write(&mut self, mut event: HistoryEvent) -> i64 {
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

    /// Keeps an event for the end of the workflow task.
    pub(in crate::embedded) fn hold_back(&mut self, place: i64, event: HistoryEvent) {
        self.buffered_bytes += event.encoded_len();
        self.buffered.insert(place, event);
    }

    /// Whether more is held back for a running task than its worker is given time for.
    pub(in crate::embedded) fn holds_too_much(&self) -> bool {
        self.buffered_bytes > MOST_BUFFERED
    }

    /// Appends what was held back: ends of activities and children after all else, so that
    /// what began comes before what ended.
    pub(in crate::embedded) fn flush_buffered(&mut self) {
        let buffered = mem::take(&mut self.buffered);
        self.buffered_bytes = 0;
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
        let fired = self.buffered.remove(&place);
        self.buffered_bytes -= fired.map_or(0, |event| event.encoded_len());
        self.changes.items.insert((kind::BUFFERED, place));
        Some(started)
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
