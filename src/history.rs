//! What a run's history says to whoever plays it, where that must not depend on who plays it
//! and when: which tasks suggest a new run, and what time it is in them. It knows events one
//! by one, and leaves out where they come from.
//!
//! Where a query is answered while an audit write is going on, a worker asks for one more task
//! at once, which brings nothing but the end of that write. A worker that plays the history
//! later takes the two for one, or finds nothing to do in the second. So to everybody it is
//! told as what it is, more of the task before:
//!
//! - It suggests no new run. If just that task did, the run would end in one place for the
//!   worker that lived it and in another for one that plays it, and such a run can't be asked
//!   any more what it did. The next task that anything has happened for says it again.
//! - Its time is that of the task before, which otherwise what came with that one would be
//!   given by a replay.

use prost_wkt_types::Timestamp;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::{
    HistoryEvent, history_event::Attributes,
};

/// The tasks of a history, as far as it has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tasks {
    next: Next,
    /// When the last task that something had happened for began, if nothing has since.
    began: Option<Timestamp>,
}

/// What the task to come is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Next {
    /// Something happened since a task was completed, or none has been yet.
    #[default]
    Events,
    /// Nothing happened yet since a task was completed, but what it made.
    Open,
    /// It was asked for as the task before was completed.
    More,
}

impl Tasks {
    /// Reads events on, and edits those of tasks that are more of the ones before. Returns
    /// whether there were any.
    pub(crate) fn settle(&mut self, events: &mut [HistoryEvent]) -> bool {
        let edited = events.iter_mut().filter_map(|event| self.read(event));
        edited.count() > 0
    }

    fn read(&mut self, event: &mut HistoryEvent) -> Option<()> {
        match (event.event_type(), self.next) {
            (EventType::WorkflowTaskStarted, Next::More) => return self.edit(event),
            (EventType::WorkflowTaskStarted, _) => self.began = event.event_time,
            (EventType::WorkflowTaskCompleted, _) => self.next = Next::Open,
            (EventType::WorkflowTaskScheduled, Next::Open) => self.next = Next::More,
            (kind, next) if !is_of_task(kind) => match next {
                Next::Open if event.is_command_event() => {}
                Next::Open => self.next = Next::Events,
                // It came too late for that time. The task can still be taken for one with
                // the task before, so that what it says still doesn't count.
                Next::More => self.began = None,
                Next::Events => {}
            },
            _ => {}
        }
        None
    }

    fn edit(&self, event: &mut HistoryEvent) -> Option<()> {
        let before = event.clone();
        if self.began.is_some() {
            event.event_time = self.began;
        }
        if let Some(Attributes::WorkflowTaskStartedEventAttributes(started)) = &mut event.attributes
        {
            started.suggest_continue_as_new = false;
            started.suggest_continue_as_new_reasons.clear();
        }
        (*event != before).then_some(())
    }
}

/// Whether events of this kind say how a task fares.
const fn is_of_task(kind: EventType) -> bool {
    matches!(
        kind,
        EventType::WorkflowTaskScheduled
            | EventType::WorkflowTaskFailed
            | EventType::WorkflowTaskTimedOut
    )
}

#[cfg(test)]
mod tests;
