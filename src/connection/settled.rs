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

use std::collections::HashMap;

use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::{
    HistoryEvent, history_event::Attributes,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    GetWorkflowExecutionHistoryRequest, GetWorkflowExecutionHistoryResponse,
    PollWorkflowTaskQueueResponse,
};

/// Pages to come, and runs that are asked about, which are kept in mind at once. Workers
/// forget queries without a word; what they never go on with must not pile up.
const MOST: usize = 1_000;

/// A reading of a run's history for a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The beginning of the last completed task, by the event's number.
    last_started: i64,
    /// Whether that task's completion was on a page before.
    is_past: bool,
    /// The token of the page that is read now.
    page: Vec<u8>,
}

impl Reading {
    fn up_to(last_started: i64) -> Self {
        Self {
            last_started,
            is_past: false,
            page: Vec::new(),
        }
    }

    /// Cuts off what the last completed task has not made, and says whether the end of it
    /// has been reached.
    fn cut(&mut self, events: &mut Vec<HistoryEvent>) -> bool {
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

/// The readings for queries that are in a worker's hands.
#[derive(Debug, Default)]
pub(super) struct Readings {
    /// By the token of the page that comes next.
    pages: HashMap<Vec<u8>, Reading>,
    /// Queries that came without a history, since the worker may have the run in memory, by
    /// run: the token to answer with, and the reading that there may be.
    asked: HashMap<String, (Vec<u8>, Reading)>,
}

impl Readings {
    /// A worker is given a task. Returns whether something was cut off.
    pub(super) fn given(&mut self, task: &mut PollWorkflowTaskQueueResponse) -> bool {
        if task.query.is_none() {
            self.given_work(task);
            return false;
        }
        if task.previous_started_event_id == 0 {
            return false;
        }
        let mut reading = Reading::up_to(task.previous_started_event_id);
        let history = task.history.get_or_insert_default();
        if history.events.is_empty() {
            let run = task.workflow_execution.clone().unwrap_or_default().run_id;
            insert(&mut self.asked, run, (task.task_token.clone(), reading));
            return false;
        }
        let is_cut = reading.cut(&mut history.events);
        self.go_on(reading, is_cut, &mut task.next_page_token);
        is_cut
    }

    /// A task with work has events from the last completed one on, and is whole with what is
    /// read up to there. A query that the worker still has, or has forgotten, must not keep
    /// it from that.
    fn given_work(&mut self, task: &PollWorkflowTaskQueueResponse) {
        let Some(run) = &task.workflow_execution else {
            return;
        };
        if let Some((_, reading)) = self.asked.get_mut(&run.run_id) {
            reading.last_started = task.previous_started_event_id;
        }
    }

    /// The worker reads on, or from the start. Returns the reading if it is for a query.
    pub(super) fn asked_for(
        &self,
        request: &GetWorkflowExecutionHistoryRequest,
    ) -> Option<Reading> {
        let page = &request.next_page_token;
        if page.is_empty() {
            let run = &request.execution.as_ref()?.run_id;
            let (_, reading) = self.asked.get(run)?;
            return Some(reading.clone());
        }
        let page = page.clone();
        let reading = self.pages.get(&page)?;
        Some(Reading {
            page,
            ..reading.clone()
        })
    }

    /// The worker is given what it read. Returns whether something was cut off.
    pub(super) fn read(
        &mut self,
        mut reading: Reading,
        page: &mut GetWorkflowExecutionHistoryResponse,
    ) -> bool {
        self.pages.remove(&reading.page);
        let history = page.history.get_or_insert_default();
        let is_cut = reading.cut(&mut history.events);
        self.go_on(reading, is_cut, &mut page.next_page_token);
        is_cut
    }

    /// The query that came with this token has its answer.
    pub(super) fn answered(&mut self, task_token: &[u8]) {
        self.asked.retain(|_, (token, _)| token != task_token);
    }

    fn go_on(&mut self, reading: Reading, is_cut: bool, next_page: &mut Vec<u8>) {
        if is_cut {
            next_page.clear();
        } else if !next_page.is_empty() {
            insert(&mut self.pages, next_page.clone(), reading);
        }
    }
}

fn insert<K: std::hash::Hash + Eq, V>(map: &mut HashMap<K, V>, key: K, value: V) {
    if map.len() >= MOST {
        map.clear();
    }
    map.insert(key, value);
}

#[cfg(test)]
mod tests;
