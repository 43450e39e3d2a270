//! The end of a run, however it came to it: what becomes of its children, its updates and
//! the queries that wait, who is told, and which run goes on.

use std::mem;

use temporalio_common::protos::temporal::api::common::v1::{
    Payloads, WorkflowExecution, WorkflowType,
};
use temporalio_common::protos::temporal::api::enums::v1::{
    ContinueAsNewInitiator, ParentClosePolicy, RetryState, WorkflowExecutionStatus,
};
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{
    ChildWorkflowExecutionCanceledEventAttributes, ChildWorkflowExecutionCompletedEventAttributes,
    ChildWorkflowExecutionFailedEventAttributes, ChildWorkflowExecutionTerminatedEventAttributes,
    ChildWorkflowExecutionTimedOutEventAttributes, WorkflowExecutionStartedEventAttributes,
};

use super::cancel::{CancelRequest, SERVICE, Termination};
use super::error::Answer;
use super::retry::{self, Next};
use super::run::Run;
use super::start::{Continued, NewRun};
use super::state::{Child, Parent};
use super::time::{Span, span};
use super::{Engine, Transaction};
use crate::embedded::store::RunKey;

/// Why children end with their parent.
const BY_POLICY: &str = "by parent close policy";

/// How a run ended.
#[derive(Clone, Debug)]
pub(super) enum End {
    Completed(Option<Payloads>),
    Failed(Box<Failure>, RetryState),
    Canceled(Option<Payloads>),
    TimedOut(RetryState),
    Terminated,
    /// It goes on as another run.
    Continued,
}

impl End {
    const fn status(&self) -> WorkflowExecutionStatus {
        match self {
            Self::Completed(_) => WorkflowExecutionStatus::Completed,
            Self::Failed(..) => WorkflowExecutionStatus::Failed,
            Self::Canceled(_) => WorkflowExecutionStatus::Canceled,
            Self::TimedOut(_) => WorkflowExecutionStatus::TimedOut,
            Self::Terminated => WorkflowExecutionStatus::Terminated,
            Self::Continued => WorkflowExecutionStatus::ContinuedAsNew,
        }
    }
}

/// A child whose parent has ended.
#[derive(Debug)]
pub(super) struct Orphan {
    namespace: String,
    child: Child,
    parent: WorkflowExecution,
}

/// The run that goes on, and its id, which the last event of the one before it names.
pub(super) type NextRun = (String, NewRun);

impl Engine {
    /// Closes a run, whose last event has been appended.
    pub(super) fn close(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        end: End,
        next: Option<NextRun>,
    ) {
        let Some(run) = self.runs.get_mut(&key) else {
            return;
        };
        transaction.touched.insert(key);
        run.row.status = end.status() as i32;
        run.row.close_time = Some(transaction.now);
        run.state.task = None;
        run.state.new_run_id = next.as_ref().map(|(id, _)| id.clone()).unwrap_or_default();
        let children = mem::take(&mut run.children);
        let queries = mem::take(&mut run.queries);
        let previous = run.state.previous_started_event_id;
        let parent = run.state.parent.clone();
        let (execution, workflow_type) = (run.execution(), run.row.workflow_type.clone());
        let namespace = run.row.namespace.clone();
        self.open
            .remove(&(namespace.clone(), run.row.workflow_id.clone()));
        self.end_updates(transaction, key, next.is_some());
        self.ask_closed(transaction, queries, previous);
        // Not here: they may have children, too, and those as well.
        let orphans = children.into_values().map(|child| Orphan {
            namespace: namespace.clone(),
            child,
            parent: execution.clone(),
        });
        transaction.orphans.extend(orphans);
        if let Some((run_id, new)) = next {
            self.create_as(transaction, run_id, new, None);
        } else if let Some(parent) = parent {
            let end = ChildEnd {
                end,
                namespace_id: self.namespaces.id(&namespace),
                namespace,
                execution,
                workflow_type,
            };
            self.tell_parent(transaction, &parent, end);
        }
    }

    /// What becomes of the children of runs that ended in this transaction.
    pub(super) fn end_orphans(&mut self, transaction: &mut Transaction) {
        while let Some(orphan) = transaction.orphans.pop_front() {
            self.end_orphan(transaction, orphan);
        }
    }

    fn end_orphan(&mut self, transaction: &mut Transaction, orphan: Orphan) {
        let Orphan {
            namespace,
            child,
            parent,
        } = orphan;
        let Some(key) = self.child_run(&namespace, &child) else {
            return;
        };
        let policy = ParentClosePolicy::try_from(child.parent_close_policy)
            .unwrap_or(ParentClosePolicy::Terminate);
        // The child is open, so neither can be refused.
        let _: Answer<()> = match policy {
            ParentClosePolicy::Abandon => Ok(()),
            ParentClosePolicy::RequestCancel => {
                let request = CancelRequest {
                    identity: SERVICE.to_owned(),
                    from: Some((parent, 0)),
                    ..CancelRequest::default()
                };
                self.cancel_run(transaction, key, request)
            }
            ParentClosePolicy::Terminate | ParentClosePolicy::Unspecified => {
                self.terminate_run(transaction, key, Termination::by_service(BY_POLICY))
            }
        };
    }

    /// The open run of a child, which may have gone on as new since it was started.
    pub(super) fn child_run(&self, namespace: &str, child: &Child) -> Option<RunKey> {
        let execution = child.execution.as_ref()?;
        let id = (namespace.to_owned(), execution.workflow_id.clone());
        let run = self.runs.get(self.open.get(&id)?)?;
        (run.state.first_run_id == execution.run_id).then(|| run.key())
    }

    /// Writes a child's end into its parent's history, if that run is still open and waits.
    fn tell_parent(&mut self, transaction: &mut Transaction, parent: &Parent, end: ChildEnd) {
        let Some(execution) = &parent.execution else {
            return;
        };
        let id = (parent.namespace.clone(), execution.workflow_id.clone());
        let Some(run) = self.open.get(&id).and_then(|key| self.runs.get_mut(key)) else {
            return;
        };
        let initiated = parent.initiated_event_id;
        if run.row.run_id != execution.run_id {
            return;
        }
        let Some(child) = run.children.remove(&initiated) else {
            return;
        };
        run.touch_child(initiated);
        transaction.touched.insert(run.key());
        run.append(
            transaction.now,
            end.event(initiated, child.started_event_id),
        );
        run.schedule_task(transaction.now);
    }

    /// The run that tries again after this one failed, if its policy has one more try.
    pub(super) fn retry_run(
        &mut self,
        key: RunKey,
        now: super::Time,
        failure: &Failure,
    ) -> Answer<Result<NextRun, RetryState>> {
        let Some(run) = self.runs.get(&key) else {
            return Ok(Err(RetryState::RetryPolicyNotSet));
        };
        let Some(policy) = &run.state.retry_policy else {
            return Ok(Err(RetryState::RetryPolicyNotSet));
        };
        let deadline = run.state.execution_deadline;
        let wait = match retry::next(policy, run.state.attempt, Some(failure), now, deadline) {
            Next::Again(wait) => wait,
            Next::Never(why) => return Ok(Err(why)),
        };
        let first = self.past.event(key, 1)?;
        let Some(Attributes::WorkflowExecutionStartedEventAttributes(first)) =
            first.and_then(|event| event.attributes)
        else {
            return Ok(Err(RetryState::InternalServerError));
        };
        let new = again(run, first, wait, failure);
        Ok(Ok((self.ids.next(), new)))
    }
}

/// A run like the one that failed.
fn again(
    run: &Run,
    first: WorkflowExecutionStartedEventAttributes,
    wait: Span,
    failure: &Failure,
) -> NewRun {
    NewRun {
        input: first.input,
        header: first.header,
        priority: first.priority,
        root: first.root_workflow_execution,
        run_timeout: span(first.workflow_run_timeout.as_ref()),
        attempt: run.state.attempt + 1,
        delay: wait,
        continued: Some(Continued {
            initiator: ContinueAsNewInitiator::Retry,
            failure: Some(failure.clone()),
            last_result: first.last_completion_result,
            ..going_on(run)
        }),
        ..like(run)
    }
}

/// What the next run of a chain has of the one before in any case.
pub(super) fn like(run: &Run) -> NewRun {
    let state = &run.state;
    NewRun {
        namespace: run.row.namespace.clone(),
        workflow_id: run.row.workflow_id.clone(),
        workflow_type: run.row.workflow_type.clone(),
        task_queue: run.row.task_queue.clone(),
        execution_timeout: state.execution_timeout,
        execution_deadline: state.execution_deadline,
        task_timeout: state.task_timeout,
        retry_policy: state.retry_policy.clone(),
        memo: state.read_memo(),
        search_attributes: state.read_search_attributes(),
        user_metadata: state.read_user_metadata(),
        request_id: String::new(),
        parent: state.parent.clone(),
        attempt: 1,
        ..NewRun::default()
    }
}

/// What the next run knows of the one before.
pub(super) fn going_on(run: &Run) -> Continued {
    Continued {
        run_id: run.row.run_id.clone(),
        first_run_id: run.state.first_run_id.clone(),
        original_start_time: run.state.original_start_time,
        ..Continued::default()
    }
}

/// A child's end, for its parent's history.
struct ChildEnd {
    end: End,
    namespace: String,
    namespace_id: String,
    execution: WorkflowExecution,
    workflow_type: String,
}

impl ChildEnd {
    fn event(self, initiated_event_id: i64, started_event_id: i64) -> Attributes {
        use Attributes as A;
        let (namespace, namespace_id) = (self.namespace, self.namespace_id);
        let workflow_execution = Some(self.execution);
        let workflow_type = Some(WorkflowType {
            name: self.workflow_type,
        });
        match self.end {
            End::Completed(result) => A::ChildWorkflowExecutionCompletedEventAttributes(
                ChildWorkflowExecutionCompletedEventAttributes {
                    result,
                    namespace,
                    namespace_id,
                    workflow_execution,
                    workflow_type,
                    initiated_event_id,
                    started_event_id,
                },
            ),
            End::Failed(failure, retry_state) => A::ChildWorkflowExecutionFailedEventAttributes(
                ChildWorkflowExecutionFailedEventAttributes {
                    failure: Some(*failure),
                    namespace,
                    namespace_id,
                    workflow_execution,
                    workflow_type,
                    initiated_event_id,
                    started_event_id,
                    retry_state: retry_state as i32,
                },
            ),
            End::Canceled(details) => A::ChildWorkflowExecutionCanceledEventAttributes(
                ChildWorkflowExecutionCanceledEventAttributes {
                    details,
                    namespace,
                    namespace_id,
                    workflow_execution,
                    workflow_type,
                    initiated_event_id,
                    started_event_id,
                },
            ),
            End::TimedOut(retry_state) => A::ChildWorkflowExecutionTimedOutEventAttributes(
                ChildWorkflowExecutionTimedOutEventAttributes {
                    namespace,
                    namespace_id,
                    workflow_execution,
                    workflow_type,
                    initiated_event_id,
                    started_event_id,
                    retry_state: retry_state as i32,
                },
            ),
            // A run that goes on does not tell its parent.
            End::Terminated | End::Continued => A::ChildWorkflowExecutionTerminatedEventAttributes(
                ChildWorkflowExecutionTerminatedEventAttributes {
                    namespace,
                    namespace_id,
                    workflow_execution,
                    workflow_type,
                    initiated_event_id,
                    started_event_id,
                },
            ),
        }
    }
}
