//! The histories that a worker is reading, page by page: how far each has been read, and what
//! is edited on the way. Any answer may bring the first page, and the worker may read the rest
//! twice, or never.

use std::collections::HashMap;

use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    GetWorkflowExecutionHistoryRequest, GetWorkflowExecutionHistoryResponse,
    PollWorkflowTaskQueueResponse,
};

use super::settled::Settled;
use crate::history::Tasks;

/// Pages to come, and runs that are asked about, which are kept in mind at once. Workers
/// forget tasks and queries without a word; what they never go on with must not pile up.
const MOST: usize = 1_000;

/// A reading of a run's history.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Reading {
    /// Where it ends, if it is for a query.
    settled: Option<Settled>,
    tasks: Tasks,
    /// The token of the page that is read now.
    page: Vec<u8>,
}

/// What became of some events.
#[derive(Clone, Copy, Debug, Default)]
struct Edited {
    is_changed: bool,
    /// What comes after them is not to be read.
    is_end: bool,
}

impl Reading {
    /// One for a query, up to what this task made that began with this event.
    fn up_to(last_started: i64) -> Self {
        Self {
            settled: Some(Settled::up_to(last_started)),
            ..Self::default()
        }
    }

    /// Edits a page, after which none comes if it `is_last`.
    fn edit(&mut self, events: &mut Vec<HistoryEvent>, is_last: bool) -> Edited {
        let settled = self.settled.as_mut();
        let is_end = settled.is_some_and(|settled| settled.cut(events));
        Edited {
            is_changed: self.tasks.settle(events, is_last || is_end) || is_end,
            is_end,
        }
    }
}

/// The readings that are in a worker's hands.
#[derive(Debug, Default)]
pub(super) struct Readings {
    /// By the token of the page that comes next.
    pages: HashMap<Vec<u8>, Reading>,
    /// Queries that came without a history, since the worker may have the run in memory, by
    /// run: the token to answer with, and the reading that there may be.
    asked: HashMap<String, (Vec<u8>, Reading)>,
}

impl Readings {
    /// A worker is given a task. Returns whether something was changed.
    pub(super) fn given(&mut self, task: &mut PollWorkflowTaskQueueResponse) -> bool {
        let reading = match task.previous_started_event_id {
            // No task was ever completed, so there is nothing to hold a query to.
            last if task.query.is_some() && last != 0 => Reading::up_to(last),
            _ => Reading::default(),
        };
        let events = task
            .history
            .as_ref()
            .map_or(0, |history| history.events.len());
        if task.query.is_none() {
            self.given_work(task);
        } else if events == 0 {
            let run = task.workflow_execution.clone().unwrap_or_default().run_id;
            insert(&mut self.asked, run, (task.task_token.clone(), reading));
            return false;
        }
        let events = &mut task.history.get_or_insert_default().events;
        self.edit(reading, events, &mut task.next_page_token)
    }

    /// A task with work has events from the last completed one on, and is whole with what is
    /// read up to there. A query that the worker still has, or has forgotten, must not keep
    /// it from that.
    fn given_work(&mut self, task: &PollWorkflowTaskQueueResponse) {
        let Some(run) = &task.workflow_execution else {
            return;
        };
        if let Some((_, reading)) = self.asked.get_mut(&run.run_id) {
            reading.settled = Some(Settled::up_to(task.previous_started_event_id));
        }
    }

    /// The worker reads on, or from the start.
    pub(super) fn asked_for(&self, request: &GetWorkflowExecutionHistoryRequest) -> Reading {
        let page = &request.next_page_token;
        let known = if page.is_empty() {
            let run = request.execution.as_ref();
            let asked = run.and_then(|run| self.asked.get(&run.run_id));
            asked.map(|(_, reading)| reading)
        } else {
            self.pages.get(page)
        };
        Reading {
            page: page.clone(),
            ..known.cloned().unwrap_or_default()
        }
    }

    /// The worker is given what it read. Returns whether something was changed.
    pub(super) fn read(
        &mut self,
        reading: Reading,
        page: &mut GetWorkflowExecutionHistoryResponse,
    ) -> bool {
        self.pages.remove(&reading.page);
        let events = &mut page.history.get_or_insert_default().events;
        self.edit(reading, events, &mut page.next_page_token)
    }

    /// The query that came with this token has its answer.
    pub(super) fn answered(&mut self, task_token: &[u8]) {
        self.asked.retain(|_, (token, _)| token != task_token);
    }

    fn edit(
        &mut self,
        mut reading: Reading,
        events: &mut Vec<HistoryEvent>,
        next_page: &mut Vec<u8>,
    ) -> bool {
        let edited = reading.edit(events, next_page.is_empty());
        if edited.is_end {
            next_page.clear();
        } else if !next_page.is_empty() {
            insert(&mut self.pages, next_page.clone(), reading);
        }
        edited.is_changed
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
