//! Commands of workers: whether they can be done (`check`), doing them (`apply`), and what
//! they do to other runs once their own task has ended (`perform`).

mod apply;
mod check;
mod closing;
mod perform;
mod size;

pub(super) use check::check;
pub(super) use size::too_large;

use temporalio_common::protos::temporal::api::common::v1::{Header, Payloads, WorkflowExecution};

use super::close::{End, NextRun};
use super::start::{Conflict, NewRun};

/// What has come of a task's commands so far.
pub(super) struct Applied {
    /// The event that completed the task.
    pub(super) completed_id: i64,
    pub(super) identity: String,
    /// A command had an end at once that the workflow has to hear of.
    pub(super) needs_task: bool,
    /// Scheduled events of activities that the worker would like to do itself.
    pub(super) eager: Vec<i64>,
    /// What is to be done to other runs.
    others: Vec<Other>,
    end: Option<(End, Option<NextRun>)>,
}

/// Something that a command does to another run.
enum Other {
    Start {
        initiated_id: i64,
        policy: i32,
        conflict: Conflict,
        new: Box<NewRun>,
    },
    Signal {
        initiated_id: i64,
        target: WorkflowExecution,
        child_only: bool,
        name: String,
        input: Option<Payloads>,
        header: Option<Header>,
    },
    Cancel {
        initiated_id: i64,
        target: WorkflowExecution,
        child_only: bool,
        reason: String,
    },
}

impl Applied {
    pub(super) fn new(completed_id: i64, identity: String) -> Self {
        Self {
            completed_id,
            identity,
            needs_task: false,
            eager: Vec::new(),
            others: Vec::new(),
            end: None,
        }
    }

    /// Whether a command has ended the run; what comes after it is not done.
    pub(super) fn is_closed(&self) -> bool {
        self.end.is_some()
    }
}
