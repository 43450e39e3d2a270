//! When a new run is due. A server suggests it with a task, and a replay does not always
//! see the same tasks: where a query was answered while an audit write was going on, there
//! was a further task that brought nothing but the write's end.
//!
//! - If the write was recorded with that task, a replay may take it together with the one
//!   before it, so that what came in that one seems to have come with the suggestion.
//! - If it was recorded with the one before, a replay never sees that task.
//!
//! So a suggestion is not acted upon when it is seen. What came with it, or with the task
//! before in the first case, is still done; the next thing that comes makes the new run
//! due, and is left to it. All this is the same on every replay.

use crate::protocol::Timestamp;

/// What a task adds to a history that was asked for only because a query was answered, and
/// in which nothing was recorded before: the end of the task before, and itself.
const EMPTY_TASK: u32 = 3;

/// A task, as a workflow sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Task {
    /// The workflow's time.
    pub(super) at: Timestamp,
    /// Events of the history up to this task.
    pub(super) length: u32,
    /// Whether the server suggests a new run.
    pub(super) suggests: bool,
}

/// When something came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// The workflow's time.
    pub(super) at: Timestamp,
    /// Whether a new run was due by then. What came before that is this run's to do; what is
    /// late is left to the next.
    pub(super) is_late: bool,
}

/// What a run knows of the suggestion of a new one.
#[derive(Debug, Default)]
pub(super) struct Suggestion {
    /// The length of the history with which it came.
    seen: Option<u32>,
    is_due: bool,
}

impl Suggestion {
    /// Something comes about in this task.
    pub(super) fn moment(&mut self, task: Task) -> Moment {
        let is_late = self.seen.is_some_and(|seen| seen < task.length);
        self.is_due |= is_late;
        self.see(task);
        Moment {
            at: task.at,
            is_late,
        }
    }

    /// A write that was begun when the history was so long is told to be done in this task.
    pub(super) fn told(&mut self, begun: u32, task: Task) {
        let added = task.length.saturating_sub(begun);
        if added > 0 && added.is_multiple_of(EMPTY_TASK) {
            self.see(task);
        }
    }

    /// Whether a new run is to begin, once that is done which came before it was due.
    pub(super) const fn is_due(&self) -> bool {
        self.is_due
    }

    fn see(&mut self, task: Task) {
        if task.suggests && self.seen.is_none() {
            self.seen = Some(task.length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(length: u32, suggests: bool) -> Task {
        Task {
            at: Timestamp::from_micros(length.into()),
            length,
            suggests,
        }
    }

    /// Whether things that come in these tasks are late.
    fn late(suggestion: &mut Suggestion, tasks: &[(u32, bool)]) -> Vec<bool> {
        let tasks = tasks.iter();
        tasks
            .map(|(length, suggests)| suggestion.moment(task(*length, *suggests)).is_late)
            .collect()
    }

    #[test]
    fn what_comes_with_the_suggestion_is_done_and_the_next_is_late() {
        let mut suggestion = Suggestion::default();
        let tasks = [(38, false), (42, true), (42, true)];
        assert_eq!(late(&mut suggestion, &tasks), [false; 3]);
        assert!(!suggestion.is_due());
        assert_eq!(late(&mut suggestion, &[(46, true)]), [true]);
        assert!(suggestion.is_due());
    }

    /// A message came with the task of 38 events, a query was answered while its write was
    /// going on, and the suggestion came with the task of 41, which brought nothing else. A
    /// replay takes both for one.
    #[test]
    fn a_suggestion_with_a_task_that_brought_nothing_is_one_with_the_task_before() {
        let mut first = Suggestion::default();
        assert!(!first.moment(task(38, false)).is_late);
        first.told(38, task(41, true));
        let mut replay = Suggestion::default();
        assert!(!replay.moment(task(41, true)).is_late);
        replay.told(41, task(41, true));
        for suggestion in [&mut first, &mut replay] {
            assert!(!suggestion.is_due());
            assert_eq!(late(suggestion, &[(45, true)]), [true]);
        }
    }

    /// The write was recorded with the task of 38 events, so that a replay is told then and
    /// has nothing to do in the one of 42.
    #[test]
    fn a_suggestion_that_a_replay_does_not_see_is_none() {
        let mut first = Suggestion::default();
        assert!(!first.moment(task(38, false)).is_late);
        first.told(38, task(42, true));
        let mut replay = Suggestion::default();
        assert!(!replay.moment(task(38, false)).is_late);
        replay.told(38, task(38, false));
        for suggestion in [&mut first, &mut replay] {
            let next = [(46, true), (50, true)];
            assert_eq!(late(suggestion, &next), [false, true]);
        }
    }
}
