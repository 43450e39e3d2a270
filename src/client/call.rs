//! The calls themselves: one request, one deadline, no retries of the SDK's. What can be
//! repeated safely is repeated here, at a pace that suits a person who waits.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use temporalio_client::Connection;
use temporalio_client::grpc::{OperatorService, WorkflowService};
use temporalio_client::tonic::{Request, Response, Status};
use temporalio_common::protos::temporal::api::common::v1::{
    Header, Payload, Payloads, WorkflowExecution,
};
use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus;
use temporalio_common::protos::temporal::api::workflowservice::v1::SignalWorkflowExecutionRequest;

use super::deadline::Deadline;
use super::error::Error;
use super::status::{Meaning, meaning};
use crate::config::{Address, Security};
use crate::connection;
use crate::contract::names;

/// A connection, the namespace, and the deadline for everything.
pub struct Client {
    connection: Connection,
    address: String,
    pub(super) namespace: String,
    pub(super) identity: String,
    pub(super) deadline: Deadline,
    /// Which trace messages are part of, if any.
    trace: Option<Vec<u8>>,
}

impl Client {
    /// Connects in the clear within the deadline, which then holds for all calls.
    pub async fn connect(
        address: &Address,
        namespace: &str,
        deadline: Deadline,
    ) -> Result<Self, Error> {
        Self::connect_by(address, &Security::default(), namespace, deadline).await
    }

    /// The same over a connection that is secured.
    pub async fn connect_by(
        address: &Address,
        security: &Security,
        namespace: &str,
        deadline: Deadline,
    ) -> Result<Self, Error> {
        let identity = connection::identity("aura-msg");
        // The limit that was given is told, not what is left of it.
        let limit = deadline.limit();
        let opening = connection::open(address, security, identity.clone().into(), limit);
        let opened = match tokio::time::timeout(deadline.left(), opening).await {
            Ok(opened) => opened.map_err(|error| error.to_string()),
            Err(_) => Err(format!("it did not answer within {limit:?}")),
        };
        let connection = opened.map_err(|why| Error::Unreachable {
            address: address.to_string(),
            why,
        })?;
        Ok(Self {
            connection,
            address: address.to_string(),
            namespace: namespace.to_owned(),
            identity,
            deadline,
            trace: None,
        })
    }

    /// The same over a connection that is there.
    #[cfg(test)]
    pub(super) fn over(connection: Connection, deadline: Deadline) -> Self {
        Self {
            connection,
            address: "test:1".to_owned(),
            namespace: "default".to_owned(),
            identity: "test".to_owned(),
            deadline,
            trace: None,
        }
    }

    /// The same connection, with messages that are part of a trace; none is none.
    #[must_use]
    pub fn traced(self, header: Option<Vec<u8>>) -> Self {
        Self {
            trace: header,
            ..self
        }
    }

    /// What goes along with a message.
    pub(super) fn header(&self) -> Option<Header> {
        let data = self.trace.clone()?;
        let fields = [(names::TRACE_HEADER.to_owned(), payload(data))];
        Some(Header {
            fields: fields.into_iter().collect(),
        })
    }

    /// The same connection with another deadline.
    #[must_use]
    pub fn with_deadline(self, deadline: Deadline) -> Self {
        Self { deadline, ..self }
    }

    /// The same connection, once more, with a deadline of its own.
    #[must_use]
    pub fn until(&self, deadline: Deadline) -> Self {
        Self {
            connection: self.connection.clone(),
            address: self.address.clone(),
            namespace: self.namespace.clone(),
            identity: self.identity.clone(),
            deadline,
            trace: self.trace.clone(),
        }
    }

    /// The same, no later than this one's.
    #[must_use]
    pub fn for_at_most(&self, limit: Duration) -> Self {
        self.until(Deadline::after(limit.min(self.deadline.left())))
    }

    pub(super) fn operator(&self) -> Box<dyn OperatorService> {
        self.connection.operator_service()
    }

    pub(super) fn service(&self) -> Box<dyn WorkflowService> {
        self.connection.workflow_service()
    }

    pub(super) fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.set_timeout(self.deadline.left());
        request
    }

    /// Makes a call within the deadline; a status says that it is over, too.
    pub(super) async fn within<T>(
        &self,
        call: impl Future<Output = Result<Response<T>, Status>>,
    ) -> Result<T, Status> {
        match tokio::time::timeout(self.deadline.left(), call).await {
            Ok(answer) => answer.map(Response::into_inner),
            Err(_) => Err(Status::deadline_exceeded("no answer in time")),
        }
    }

    /// Whether a call that failed so may work in a moment; waits for the moment. Only for
    /// calls that take effect once however often they are made.
    pub(super) async fn may_repeat(&self, status: &Status) -> bool {
        matches!(meaning(status), Meaning::Busy | Meaning::Unavailable)
            && self.deadline.pause().await
    }

    /// What a failed call means that would have changed something: where it may have reached
    /// the server all the same, that.
    pub(super) fn perhaps(
        &self,
        workflow_id: &str,
        request_id: Option<&str>,
        status: Status,
    ) -> Error {
        match meaning(&status) {
            Meaning::Busy | Meaning::Unavailable | Meaning::OutOfTime => Error::PerhapsDelivered {
                workflow_id: workflow_id.to_owned(),
                request_id: request_id.map(ToOwned::to_owned),
                why: status.message().to_owned(),
            },
            _ => self.error(workflow_id, status),
        }
    }

    /// What a failed call means that would have changed this workflow. That a server has none
    /// open under its id says not whether there ever was one, so that is asked besides.
    pub(super) async fn unchanged(
        &self,
        workflow_id: &str,
        request_id: Option<&str>,
        status: Status,
    ) -> Error {
        if meaning(&status) != Meaning::NotFound {
            return self.perhaps(workflow_id, request_id, status);
        }
        let workflow_id = workflow_id.to_owned();
        match self.describe(&workflow_id).await {
            Ok(info) if info.status() != WorkflowExecutionStatus::Running => Error::Closed {
                workflow_id,
                status: words(info.status()),
            },
            // It was started since.
            Ok(_) => Error::NotFound { workflow_id },
            Err(status) => self.perhaps(&workflow_id, request_id, status),
        }
    }

    /// What a status means where nothing special is to be said of it.
    pub(super) fn error(&self, workflow_id: &str, status: Status) -> Error {
        let address = self.address.clone();
        let workflow_id = workflow_id.to_owned();
        match meaning(&status) {
            Meaning::Unavailable => Error::Unreachable {
                address,
                why: status.message().to_owned(),
            },
            Meaning::UnknownNamespace => Error::UnknownNamespace {
                namespace: self.namespace.clone(),
                address,
            },
            Meaning::Denied => Error::Denied {
                address,
                why: status.message().to_owned(),
            },
            Meaning::NotFound => Error::NotFound { workflow_id },
            Meaning::Stuck => Error::Stuck { workflow_id },
            Meaning::QueryFailed => Error::QueryFailed {
                workflow_id,
                why: status.message().to_owned(),
            },
            Meaning::NoPoller | Meaning::OutOfTime | Meaning::Busy => Error::NoAnswer {
                workflow_id,
                limit: self.deadline.limit(),
            },
            Meaning::AlreadyExists | Meaning::UnknownAttribute | Meaning::Other => {
                Error::Server(status)
            }
        }
    }

    /// That the server itself did not answer in time.
    pub(super) fn silent(&self, status: &Status) -> Error {
        Error::Unreachable {
            address: self.address.clone(),
            why: status.message().to_owned(),
        }
    }

    /// Sends a signal; the server keeps it once, however often it is sent under this id.
    pub(super) async fn signal(
        &self,
        workflow_id: &str,
        signal: &str,
        payload: Payload,
        request_id: &str,
    ) -> Result<(), Status> {
        let message = SignalWorkflowExecutionRequest {
            namespace: self.namespace.clone(),
            workflow_execution: Some(execution(workflow_id)),
            signal_name: signal.to_owned(),
            input: Some(Payloads {
                payloads: vec![payload],
            }),
            identity: self.identity.clone(),
            request_id: request_id.to_owned(),
            header: self.header(),
            ..Default::default()
        };
        let mut service = self.service();
        self.within(service.signal_workflow_execution(self.request(message)))
            .await
            .map(drop)
    }
}

/// A value as one JSON payload.
pub(super) fn json<T: Serialize>(value: &T) -> Payload {
    // The contract's types always serialize.
    payload(serde_json::to_vec(value).unwrap_or_default())
}

fn payload(data: Vec<u8>) -> Payload {
    let metadata = [("encoding".to_owned(), b"json/plain".to_vec())]
        .into_iter()
        .collect();
    Payload {
        metadata,
        data,
        ..Default::default()
    }
}

pub(super) fn read<T: DeserializeOwned>(workflow_id: &str, payload: &Payload) -> Result<T, Error> {
    serde_json::from_slice(&payload.data).map_err(|error| Error::Unreadable {
        workflow_id: workflow_id.to_owned(),
        why: error.to_string(),
    })
}

/// The latest run of a workflow.
pub(super) fn execution(workflow_id: &str) -> WorkflowExecution {
    WorkflowExecution {
        workflow_id: workflow_id.to_owned(),
        run_id: String::new(),
    }
}

/// A status as people say it.
pub(super) fn words(status: WorkflowExecutionStatus) -> String {
    match status {
        WorkflowExecutionStatus::Unspecified => "unknown",
        WorkflowExecutionStatus::Running => "running",
        WorkflowExecutionStatus::Completed => "completed",
        WorkflowExecutionStatus::Failed => "failed",
        WorkflowExecutionStatus::Canceled => "cancelled",
        WorkflowExecutionStatus::Terminated => "terminated",
        WorkflowExecutionStatus::ContinuedAsNew => "continued as new",
        WorkflowExecutionStatus::TimedOut => "timed out",
        WorkflowExecutionStatus::Paused => "paused",
    }
    .to_owned()
}
