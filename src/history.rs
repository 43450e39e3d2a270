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
//! - If it was lost, with its worker or on the way, it is as if it had never been: its events
//!   are ones that a worker may ignore. Otherwise the messages that came with the next one
//!   would be told to a replay together with those of the task before, although who lived
//!   both was told of them one by one.

use std::mem;

use prost_wkt_types::Timestamp;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::{
    HistoryEvent, history_event::Attributes,
};

/// The tasks of a history, as far as it has been read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tasks {
    next: Next,
    /// When the last task that something had happened for began, if nothing has since.
    began: Option<Timestamp>,
    /// Events of a task that is more of the one before, at the end of a page: whether it was
    /// lost is on the next one.
    held: Vec<HistoryEvent>,
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
    /// Reads events on, and edits those of tasks that are more of the ones before. What of
    /// such a task is at the end of a page is given with the next one, unless this `is_last`.
    /// Returns whether anything was changed.
    pub(crate) fn settle(&mut self, events: &mut Vec<HistoryEvent>, is_last: bool) -> bool {
        let mut is_changed = !self.held.is_empty();
        events.splice(..0, mem::take(&mut self.held));
        let mut at = 0;
        while at < events.len() {
            let is_scheduled = events[at].event_type() == EventType::WorkflowTaskScheduled;
            if is_scheduled && self.next == Next::Open {
                match Fate::of(&events[at..]) {
                    Fate::Done => {}
                    Fate::Lost(length) => {
                        let task = events[at..at + length].iter_mut();
                        task.filter(|event| is_of_task(event)).for_each(forget);
                        is_changed = true;
                    }
                    Fate::Unknown if is_last => {}
                    Fate::Unknown => {
                        self.held = events.split_off(at);
                        return true;
                    }
                }
            }
            is_changed |= self.read(&mut events[at]);
            at += 1;
        }
        is_changed
    }

    /// Reads one event, and returns whether it was edited.
    fn read(&mut self, event: &mut HistoryEvent) -> bool {
        match (event.event_type(), self.next) {
            (EventType::WorkflowTaskStarted, Next::More) => return self.edit(event),
            (EventType::WorkflowTaskStarted, _) => self.began = event.event_time,
            (EventType::WorkflowTaskCompleted, _) => self.next = Next::Open,
            (EventType::WorkflowTaskScheduled, Next::Open) => self.next = Next::More,
            (_, next) if !is_of_task(event) => match next {
                Next::Open if event.is_command_event() => {}
                Next::Open => self.next = Next::Events,
                // It came too late for that time. The task can still be taken for one with
                // the task before, so that what it says still doesn't count.
                Next::More => self.began = None,
                Next::Events => {}
            },
            _ => {}
        }
        false
    }

    fn edit(&self, event: &mut HistoryEvent) -> bool {
        let before = event.clone();
        if self.began.is_some() {
            event.event_time = self.began;
        }
        if let Some(Attributes::WorkflowTaskStartedEventAttributes(started)) = &mut event.attributes
        {
            started.suggest_continue_as_new = false;
            started.suggest_continue_as_new_reasons.clear();
        }
        *event != before
    }
}

/// What became of a task.
enum Fate {
    Done,
    /// It failed or was given up, so many events after it was scheduled.
    Lost(usize),
    /// Its end is not among the events.
    Unknown,
}

impl Fate {
    /// That of the task that the first of these events has scheduled.
    fn of(events: &[HistoryEvent]) -> Self {
        use EventType::{WorkflowTaskCompleted, WorkflowTaskFailed, WorkflowTaskTimedOut};
        let end = |(length, event): (usize, &HistoryEvent)| match event.event_type() {
            WorkflowTaskCompleted => Some(Self::Done),
            WorkflowTaskFailed | WorkflowTaskTimedOut => Some(Self::Lost(length)),
            _ => None,
        };
        (1..).zip(events).find_map(end).unwrap_or(Self::Unknown)
    }
}

/// Makes of an event one that a worker passes by. Its number stays, since they are counted.
fn forget(event: &mut HistoryEvent) {
    event.set_event_type(EventType::Unspecified);
    event.attributes = None;
    event.worker_may_ignore = true;
}

/// Whether an event says nothing but how a task fares, or nothing at all.
fn is_of_task(event: &HistoryEvent) -> bool {
    matches!(
        event.event_type(),
        EventType::WorkflowTaskScheduled
            | EventType::WorkflowTaskStarted
            | EventType::WorkflowTaskFailed
            | EventType::WorkflowTaskTimedOut
            | EventType::Unspecified
    )
}

#[cfg(test)]
mod tests;
