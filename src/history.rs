//! What a run's history says to whoever plays it, where that must not depend on who plays it
//! and when: which tasks suggest a new run. It knows events one by one, and leaves out where
//! they come from.
//!
//! A server says with each task whether a new run is due. Where a query is answered while an
//! audit write is going on, there is one more task at once, which brings nothing; and a worker
//! that plays the history later takes the two for one, or finds nothing to do in the second. If
//! just that one brought the suggestion, the run would end in one place for the worker that
//! lived it and in another for one that plays it: such a run can't be asked any more what it
//! did. So what a task says that came only by the end of the one before does not count. The
//! next one that anything has happened for says it again.

use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::{
    HistoryEvent, history_event::Attributes,
};

/// How far a history has been read, and what the task to come is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Suggestions {
    /// Something happened since a task was completed, or none has been yet.
    #[default]
    Count,
    /// A task was completed, with what it made.
    Completed,
    /// That was followed by the next task.
    None,
}

impl Suggestions {
    /// Reads events on, and takes back the suggestions that don't count. Returns whether there
    /// were any.
    pub(crate) fn settle(&mut self, events: &mut [HistoryEvent]) -> bool {
        let taken_back = events.iter_mut().filter_map(|event| self.read(event));
        taken_back.count() > 0
    }

    fn read(&mut self, event: &mut HistoryEvent) -> Option<()> {
        match (event.event_type(), *self) {
            (EventType::WorkflowTaskCompleted, _) => *self = Self::Completed,
            (EventType::WorkflowTaskScheduled, Self::Completed) => *self = Self::None,
            (EventType::WorkflowTaskStarted, Self::None) => return take_back(event),
            (_, Self::Completed) if !event.is_command_event() => *self = Self::Count,
            _ => {}
        }
        None
    }
}

fn take_back(event: &mut HistoryEvent) -> Option<()> {
    let Some(Attributes::WorkflowTaskStartedEventAttributes(started)) = &mut event.attributes
    else {
        return None;
    };
    started.suggest_continue_as_new_reasons.clear();
    std::mem::take(&mut started.suggest_continue_as_new).then_some(())
}

#[cfg(test)]
mod tests;
