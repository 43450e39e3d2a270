//! How far a worker plays a run for a query alone: as far as the last completed workflow
//! task has left it.
//!
//! A worker that is asked about a run which it does not have in memory plays its history.
//! The server shows it all of that, also what another task is for, which waits or is under
//! way; and a worker that plays that too does the other task's work without a task to say
//! so in. What it then has in memory is not what the server knows: messages of one task can
//! have become two of its turns, so that what it asks for in its next task cannot be played
//! again, and for it a run can have ended to which the server still takes messages. So what
//! comes from the server for a query is cut here.
//!
//! The answer lacks nothing that was acknowledged before the query was asked: that would
//! have had a task, and the query had gone with it.

use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::{
    HistoryEvent, history_event::Attributes,
};

/// How far a run's history has been read for a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settled {
    /// The beginning of the last completed task, by the event's number.
    last_started: i64,
    /// Whether that task's completion was on a page before.
    is_past: bool,
}

impl Settled {
    pub(super) const fn up_to(last_started: i64) -> Self {
        Self {
            last_started,
            is_past: false,
        }
    }

    /// Cuts off what the last completed task has not made, and says whether the end of it
    /// has been reached.
    pub(super) fn cut(&mut self, events: &mut Vec<HistoryEvent>) -> bool {
        let end = events.iter().position(|event| {
            let is_beyond = self.is_past && !event.is_command_event();
            self.is_past = self.is_past || self.is_its_completion(event);
            is_beyond
        });
        if let Some(end) = end {
            events.truncate(end);
        }
        end.is_some()
    }

    fn is_its_completion(&self, event: &HistoryEvent) -> bool {
        event.event_type() == EventType::WorkflowTaskCompleted
            && matches!(
                &event.attributes,
                Some(Attributes::WorkflowTaskCompletedEventAttributes(completed))
                    if completed.started_event_id == self.last_started
            )
    }
}
