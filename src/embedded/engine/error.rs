//! Why the engine refuses a request, in the codes, words and details that Temporal's
//! clients decode. Turning one into a gRPC status is all that it does itself.

use prost::Message;
use prost_wkt_types::Any;
use temporalio_client::tonic::{Code, Status};
use temporalio_common::protos::google::rpc;
use temporalio_common::protos::temporal::api::enums::v1::ResourceExhaustedCause;
use temporalio_common::protos::temporal::api::errordetails::v1::multi_operation_execution_failure::OperationStatus;
use temporalio_common::protos::temporal::api::errordetails::v1::{
    MultiOperationExecutionFailure, NamespaceAlreadyExistsFailure, NamespaceNotFoundFailure,
    NotFoundFailure, PermissionDeniedFailure, QueryFailedFailure, ResourceExhaustedFailure,
    WorkflowExecutionAlreadyStartedFailure, WorkflowNotReadyFailure,
};
use temporalio_common::protos::temporal::api::failure::v1::{
    Failure, MultiOperationExecutionAborted,
};

/// A request that is not carried out.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::embedded) struct Refusal {
    pub(in crate::embedded) code: Code,
    pub(in crate::embedded) message: String,
    detail: Option<(&'static str, Vec<u8>)>,
}

/// What a request comes to.
pub(in crate::embedded) type Answer<T> = Result<T, Refusal>;

impl Refusal {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            detail: None,
        }
    }

    fn with(mut self, name: &'static str, detail: &impl Message) -> Self {
        self.detail = Some((name, detail.encode_to_vec()));
        self
    }

    /// The request itself is wrong.
    pub(in crate::embedded) fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidArgument, message)
    }

    /// What is asked for does not exist (any more).
    pub(in crate::embedded) fn not_found(message: impl Into<String>) -> Self {
        Self::new(Code::NotFound, message).with("NotFoundFailure", &NotFoundFailure::default())
    }

    /// No such workflow, or no such run of it.
    pub(in crate::embedded) fn no_workflow(workflow_id: &str) -> Self {
        Self::not_found(format!("workflow not found for ID: {workflow_id}"))
    }

    /// The run has ended.
    pub(in crate::embedded) fn closed() -> Self {
        Self::not_found("workflow execution already completed")
    }

    /// The run is about to go on as another: the request is to be sent again.
    pub(in crate::embedded) fn closing() -> Self {
        let cause = ResourceExhaustedCause::BusyWorkflow as i32;
        Self::exhausted(
            "workflow operation can not be applied because workflow is closing",
            cause,
        )
    }

    /// The caller may not have that.
    pub(in crate::embedded) fn denied(message: impl Into<String>) -> Self {
        Self::new(Code::PermissionDenied, message).with(
            "PermissionDeniedFailure",
            &PermissionDeniedFailure::default(),
        )
    }

    /// The first of several operations was refused, and the others were not tried.
    pub(in crate::embedded) fn of_several(first: Self, others: usize) -> Self {
        let aborted = Self::new(Code::Aborted, "Operation was aborted.").with(
            "MultiOperationExecutionAborted",
            &MultiOperationExecutionAborted {},
        );
        let code = first.code;
        let statuses = std::iter::once(first)
            .chain(std::iter::repeat_n(aborted, others))
            .map(|refusal| OperationStatus {
                code: refusal.code.into(),
                details: refusal.any().into_iter().collect(),
                message: refusal.message,
            });
        let detail = MultiOperationExecutionFailure {
            statuses: statuses.collect(),
        };
        Self::new(code, "Update-with-Start could not be executed.")
            .with("MultiOperationExecutionFailure", &detail)
    }

    /// The detail as it goes over the wire.
    fn any(&self) -> Option<Any> {
        let (name, value) = self.detail.as_ref()?;
        let package = if *name == "MultiOperationExecutionAborted" {
            "temporal.api.failure.v1"
        } else {
            "temporal.api.errordetails.v1"
        };
        Some(Any {
            type_url: format!("type.googleapis.com/{package}.{name}"),
            value: value.clone(),
        })
    }

    /// The task was given to somebody else, timed out or answered before.
    pub(in crate::embedded) fn no_workflow_task() -> Self {
        Self::not_found("Workflow task not found.")
    }

    /// The activity has ended, or this attempt of it.
    pub(in crate::embedded) fn no_activity() -> Self {
        Self::not_found(
            "invalid activityID or activity already timed out or invoking workflow is completed",
        )
    }

    /// There is no such namespace.
    pub(in crate::embedded) fn no_namespace(name: &str) -> Self {
        let namespace = name.to_owned();
        Self::new(Code::NotFound, format!("Namespace {name} is not found.")).with(
            "NamespaceNotFoundFailure",
            &NamespaceNotFoundFailure { namespace },
        )
    }

    /// There is such a namespace already.
    pub(in crate::embedded) fn namespace_exists() -> Self {
        Self::new(Code::AlreadyExists, "Namespace already exists.").with(
            "NamespaceAlreadyExistsFailure",
            &NamespaceAlreadyExistsFailure {},
        )
    }

    /// The workflow id is taken.
    pub(in crate::embedded) fn already_started(
        message: impl Into<String>,
        start_request_id: &str,
        run_id: &str,
    ) -> Self {
        let detail = WorkflowExecutionAlreadyStartedFailure {
            start_request_id: start_request_id.to_owned(),
            run_id: run_id.to_owned(),
            ..Default::default()
        };
        Self::new(Code::AlreadyExists, message)
            .with("WorkflowExecutionAlreadyStartedFailure", &detail)
    }

    /// It exists already.
    pub(in crate::embedded) fn already_exists(message: impl Into<String>) -> Self {
        Self::new(Code::AlreadyExists, message)
    }

    /// The workflow's tasks fail, so it answers nothing.
    pub(in crate::embedded) fn not_ready(message: impl Into<String>) -> Self {
        Self::new(Code::FailedPrecondition, message).with(
            "WorkflowNotReadyFailure",
            &WorkflowNotReadyFailure::default(),
        )
    }

    /// Something is missing that the request needs.
    pub(in crate::embedded) fn precondition(message: impl Into<String>) -> Self {
        Self::new(Code::FailedPrecondition, message)
    }

    /// The workflow answered a query with a failure.
    pub(in crate::embedded) fn query_failed(message: String, failure: Option<Failure>) -> Self {
        Self::new(Code::InvalidArgument, message)
            .with("QueryFailedFailure", &QueryFailedFailure { failure })
    }

    /// There is more of something than there may be.
    pub(in crate::embedded) fn exhausted(message: impl Into<String>, cause: i32) -> Self {
        let detail = ResourceExhaustedFailure { cause, scope: 1 };
        Self::new(Code::ResourceExhausted, message).with("ResourceExhaustedFailure", &detail)
    }

    /// This engine does not do that; the sentence says what does.
    pub(in crate::embedded) fn unimplemented(message: impl Into<String>) -> Self {
        Self::new(Code::Unimplemented, message)
    }

    /// The caller's time is over, or that of the engine for it.
    pub(in crate::embedded) fn deadline(message: impl Into<String>) -> Self {
        Self::new(Code::DeadlineExceeded, message)
    }

    /// The engine is going away.
    pub(in crate::embedded) fn unavailable(message: impl Into<String>) -> Self {
        Self::new(Code::Unavailable, message)
    }

    /// Something broke that should not be able to.
    pub(in crate::embedded) fn internal(message: impl Into<String>) -> Self {
        Self::new(Code::Internal, message)
    }
}

/// Messages repeat what was asked for, and travel in a header: one that clients do not take
/// would hide the code, too. In it every byte may take three, and it comes once more with
/// the details.
const LONGEST_MESSAGE: usize = 3_000;

/// As much of a message as fits.
fn fitting(mut message: String) -> String {
    if message.len() > LONGEST_MESSAGE {
        message.truncate(message.floor_char_boundary(LONGEST_MESSAGE));
        message.push('…');
    }
    message
}

impl From<Refusal> for Status {
    fn from(mut refusal: Refusal) -> Self {
        refusal.message = fitting(refusal.message);
        let Some(detail) = refusal.any() else {
            return Self::new(refusal.code, refusal.message);
        };
        let Refusal { code, message, .. } = refusal;
        let all = rpc::Status {
            code: code.into(),
            message: message.clone(),
            details: vec![detail],
        };
        Self::with_details(code, message, all.encode_to_vec().into())
    }
}
