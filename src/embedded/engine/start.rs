//! Starting runs: on request, and for those that begin where another ends. What must hold
//! of a workflow id before it can be used again is here too.

mod begin;

pub(in crate::embedded) use begin::decoded;

use temporalio_common::protos::temporal::api::common::v1::{
    Header, Memo, Payloads, Priority, RetryPolicy, SearchAttributes, WorkflowExecution,
};
use temporalio_common::protos::temporal::api::enums::v1::{
    ContinueAsNewInitiator, WorkflowExecutionStatus, WorkflowIdConflictPolicy,
    WorkflowIdReusePolicy,
};
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::sdk::v1::UserMetadata;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    SignalWithStartWorkflowExecutionRequest, StartWorkflowExecutionRequest,
};

use super::error::{Answer, Refusal};
use super::run::RUNNING;
use super::signal::Signal;
use super::state::Parent;
use super::time::{Span, Time, span};
use super::{Engine, Transaction};
use crate::embedded::store::RunKey;

/// All that a run begins with.
#[derive(Clone, Debug, Default)]
pub(in crate::embedded) struct NewRun {
    pub(super) namespace: String,
    pub(super) workflow_id: String,
    pub(super) workflow_type: String,
    pub(super) task_queue: String,
    pub(super) input: Option<Payloads>,
    pub(super) header: Option<Header>,
    pub(super) execution_timeout: Span,
    pub(super) run_timeout: Span,
    pub(super) task_timeout: Span,
    /// When the chain of runs began to time out; 0 is with this run.
    pub(super) execution_deadline: Time,
    pub(super) retry_policy: Option<RetryPolicy>,
    pub(super) memo: Option<Memo>,
    pub(super) search_attributes: Option<SearchAttributes>,
    pub(super) user_metadata: Option<UserMetadata>,
    pub(super) priority: Option<Priority>,
    pub(super) identity: String,
    pub(super) request_id: String,
    pub(super) parent: Option<Parent>,
    pub(super) root: Option<WorkflowExecution>,
    pub(super) attempt: i32,
    pub(super) delay: Span,
    pub(super) continued: Option<Continued>,
}

/// What a run goes on from.
#[derive(Clone, Debug, Default)]
pub(in crate::embedded) struct Continued {
    pub(super) run_id: String,
    pub(super) first_run_id: String,
    pub(super) original_start_time: Time,
    pub(super) initiator: ContinueAsNewInitiator,
    pub(super) failure: Option<Failure>,
    pub(super) last_result: Option<Payloads>,
}

/// What to do about runs that the workflow id has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::embedded) struct Conflict {
    pub(super) reuse: WorkflowIdReusePolicy,
    pub(super) conflict: WorkflowIdConflictPolicy,
}

/// The run that a start led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::embedded) struct Started {
    pub(in crate::embedded) key: RunKey,
    pub(in crate::embedded) run_id: String,
    pub(in crate::embedded) first_run_id: String,
    /// False if it was there and is used.
    pub(in crate::embedded) new: bool,
    pub(in crate::embedded) status: i32,
}

impl Conflict {
    /// Makes sense of the two policies that a request may give.
    pub(in crate::embedded) fn of(
        reuse: i32,
        conflict: i32,
        default: WorkflowIdConflictPolicy,
    ) -> Answer<Self> {
        use WorkflowIdConflictPolicy as C;
        use WorkflowIdReusePolicy as R;
        let reuse = R::try_from(reuse)
            .map_err(|_| Refusal::invalid("Unknown WorkflowIdReusePolicy on request."))?;
        let conflict = C::try_from(conflict)
            .map_err(|_| Refusal::invalid("Unknown WorkflowIdConflictPolicy on request."))?;
        #[expect(deprecated, reason = "clients still send it")]
        let terminates = reuse == R::TerminateIfRunning;
        let (reuse, conflict) = match (terminates, conflict) {
            (true, C::Unspecified) => (R::AllowDuplicate, C::TerminateExisting),
            (true, _) => {
                return Err(Refusal::invalid(
                    "Invalid WorkflowIDReusePolicy: WORKFLOW_ID_REUSE_POLICY_TERMINATE_IF_RUNNING \
                     cannot be used together with a WorkflowIDConflictPolicy.",
                ));
            }
            (false, C::Unspecified) => (reuse, default),
            (false, given) => (reuse, given),
        };
        if reuse == R::RejectDuplicate && conflict == C::TerminateExisting {
            return Err(Refusal::invalid(
                "Invalid WorkflowIDReusePolicy: WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE cannot \
                 be used together with WorkflowIdConflictPolicy \
                 WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING.",
            ));
        }
        Ok(Self { reuse, conflict })
    }
}

impl Engine {
    /// Starts a workflow, or finds the run that stands for it.
    pub(in crate::embedded) fn start(
        &mut self,
        transaction: &mut Transaction,
        request: StartWorkflowExecutionRequest,
    ) -> Answer<Started> {
        let conflict = Conflict::of(
            request.workflow_id_reuse_policy,
            request.workflow_id_conflict_policy,
            WorkflowIdConflictPolicy::Fail,
        )?;
        let new = self.checked(request)?;
        let run_id = self.ids.next();
        if let Some(existing) = self.existing(transaction, &new, conflict, &run_id)? {
            return Ok(existing);
        }
        Ok(self.create(transaction, run_id, new, None))
    }

    /// Signals a workflow, and starts it first if it is not open.
    pub(in crate::embedded) fn signal_with_start(
        &mut self,
        transaction: &mut Transaction,
        request: SignalWithStartWorkflowExecutionRequest,
    ) -> Answer<Started> {
        let conflict = Conflict::of(
            request.workflow_id_reuse_policy,
            request.workflow_id_conflict_policy,
            WorkflowIdConflictPolicy::UseExisting,
        )?;
        let signal = Signal {
            name: request.signal_name,
            input: request.signal_input,
            header: request.header.clone(),
            identity: request.identity.clone(),
            request_id: request.request_id.clone(),
            from: None,
        };
        signal.check()?;
        let new = self.checked(StartWorkflowExecutionRequest {
            namespace: request.namespace,
            workflow_id: request.workflow_id,
            workflow_type: request.workflow_type,
            task_queue: request.task_queue,
            input: request.input,
            workflow_execution_timeout: request.workflow_execution_timeout,
            workflow_run_timeout: request.workflow_run_timeout,
            workflow_task_timeout: request.workflow_task_timeout,
            identity: request.identity,
            request_id: request.request_id,
            retry_policy: request.retry_policy,
            cron_schedule: request.cron_schedule,
            memo: request.memo,
            search_attributes: request.search_attributes,
            header: request.header,
            workflow_start_delay: request.workflow_start_delay,
            user_metadata: request.user_metadata,
            priority: request.priority,
            ..Default::default()
        })?;
        let run_id = self.ids.next();
        let Some(existing) = self.existing(transaction, &new, conflict, &run_id)? else {
            return Ok(self.create(transaction, run_id, new, Some(signal)));
        };
        if existing.status == RUNNING {
            self.signal_run(transaction, existing.key, signal)?;
        }
        Ok(existing)
    }

    /// Holds a request to start against what can be started.
    fn checked(&self, request: StartWorkflowExecutionRequest) -> Answer<NewRun> {
        self.namespaces.get(&request.namespace)?;
        if !request.cron_schedule.is_empty() {
            return Err(Refusal::unimplemented(
                "this engine runs no cron schedules; use a timer of the system, or a Temporal \
                 server",
            ));
        }
        let mut new = NewRun {
            workflow_type: request.workflow_type.unwrap_or_default().name,
            task_queue: request.task_queue.unwrap_or_default().name,
            execution_timeout: positive(
                request.workflow_execution_timeout.as_ref(),
                "WorkflowExecutionTimeoutSeconds",
            )?,
            run_timeout: positive(
                request.workflow_run_timeout.as_ref(),
                "WorkflowRunTimeoutSeconds",
            )?,
            task_timeout: positive(
                request.workflow_task_timeout.as_ref(),
                "WorkflowTaskTimeoutSeconds",
            )?,
            delay: positive(request.workflow_start_delay.as_ref(), "WorkflowStartDelay")?,
            namespace: request.namespace,
            workflow_id: request.workflow_id,
            input: request.input,
            header: request.header,
            retry_policy: request.retry_policy,
            memo: request.memo,
            search_attributes: request.search_attributes,
            user_metadata: request.user_metadata,
            priority: request.priority,
            identity: request.identity,
            request_id: request.request_id,
            attempt: 1,
            ..NewRun::default()
        };
        if new.workflow_id.is_empty() {
            return Err(Refusal::invalid("WorkflowId is not set on request."));
        }
        if new.workflow_type.is_empty() {
            return Err(Refusal::invalid("WorkflowType is not set on request."));
        }
        if new.task_queue.is_empty() {
            return Err(Refusal::invalid("missing task queue name"));
        }
        too_long("WorkflowId", &new.workflow_id)?;
        too_long("WorkflowType", &new.workflow_type)?;
        too_long("TaskQueue", &new.task_queue)?;
        too_long("RequestId", &new.request_id)?;
        super::retry::check(new.retry_policy.as_ref())?;
        new.retry_policy = new
            .retry_policy
            .map(|policy| super::retry::filled(Some(policy)));
        if let Some(attributes) = &mut new.search_attributes {
            self.namespaces
                .check_attributes(&new.namespace, attributes)?;
        }
        Ok(new)
    }

    /// The run that stands in the way of a new one and is used instead; none if a new one
    /// can be made. It may have to end for that.
    pub(super) fn existing(
        &mut self,
        transaction: &mut Transaction,
        new: &NewRun,
        Conflict { reuse, conflict }: Conflict,
        new_run_id: &str,
    ) -> Answer<Option<Started>> {
        use WorkflowIdConflictPolicy as C;
        use WorkflowIdReusePolicy as R;
        let id = (new.namespace.clone(), new.workflow_id.clone());
        if let Some(run) = self.open.get(&id).and_then(|key| self.runs.get(key)) {
            let same = !new.request_id.is_empty() && run.state.start_request_id == new.request_id;
            let found = Started {
                key: run.key(),
                run_id: run.row.run_id.clone(),
                first_run_id: run.state.first_run_id.clone(),
                new: same,
                status: RUNNING,
            };
            if same {
                return Ok(Some(found));
            }
            return match conflict {
                C::UseExisting => Ok(Some(found)),
                C::TerminateExisting => {
                    self.terminate_for_new(transaction, found.key, new_run_id)?;
                    Ok(None)
                }
                C::Fail | C::Unspecified => Err(Refusal::already_started(
                    format!(
                        "Workflow execution is already running. WorkflowId: {}, RunId: {}.",
                        new.workflow_id, found.run_id
                    ),
                    &run.state.start_request_id,
                    &found.run_id,
                )),
            };
        }
        let Some(row) = self.find_closed(&new.namespace, &new.workflow_id, "")? else {
            return Ok(None);
        };
        let state = decoded(&row);
        if !new.request_id.is_empty() && state.start_request_id == new.request_id {
            return Ok(Some(Started {
                key: row.key,
                run_id: row.run_id,
                first_run_id: state.first_run_id,
                new: true,
                status: row.status,
            }));
        }
        let ended_well = row.status == WorkflowExecutionStatus::Completed as i32;
        let refused = match reuse {
            R::RejectDuplicate => "reject duplicate workflow Id.",
            R::AllowDuplicateFailedOnly if ended_well => {
                "allow duplicate workflow Id if last run failed."
            }
            _ => return Ok(None),
        };
        let how = if reuse == R::RejectDuplicate {
            "finished"
        } else {
            "finished successfully"
        };
        Err(Refusal::already_started(
            format!(
                "Workflow execution already {how}. WorkflowId: {}, RunId: {}. Workflow Id reuse \
                 policy: {refused}",
                new.workflow_id, row.run_id
            ),
            &state.start_request_id,
            &row.run_id,
        ))
    }
}

fn positive(duration: Option<&prost_wkt_types::Duration>, name: &str) -> Answer<Span> {
    match duration {
        Some(given) if given.seconds < 0 || given.nanos < 0 => {
            Err(Refusal::invalid(format!("Invalid {name}.")))
        }
        given => Ok(span(given)),
    }
}

/// The longest id, type or name.
const LONGEST: usize = 1_000;

/// Refuses a name that is longer than any may be.
pub(super) fn too_long(what: &str, name: &str) -> Answer<()> {
    if name.len() > LONGEST {
        return Err(Refusal::invalid(format!("{what} length exceeds limit.")));
    }
    Ok(())
}
