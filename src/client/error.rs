//! Why a call did not do what was asked.

use std::time::Duration;

use temporalio_client::tonic::Status;

use crate::contract::query::Refusal;

/// Why a call did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection, or none that answers.
    #[error("cannot reach the Temporal server at {address}: {why}")]
    Unreachable {
        /// Where it should be.
        address: String,
        /// What happened instead.
        why: String,
    },
    /// The server does not know the namespace.
    #[error("namespace '{namespace}' does not exist on {address}")]
    UnknownNamespace {
        /// The namespace.
        namespace: String,
        /// The server.
        address: String,
    },
    /// The server turns this client away.
    #[error("the server at {address} refuses access: {why}")]
    Denied {
        /// The server.
        address: String,
        /// What it says.
        why: String,
    },
    /// There is no such execution.
    #[error("no epoch or slice '{workflow_id}' exists")]
    NotFound {
        /// Its workflow id.
        workflow_id: String,
    },
    /// The execution is over.
    #[error("'{workflow_id}' is closed ({status})")]
    Closed {
        /// Its workflow id.
        workflow_id: String,
        /// How it ended.
        status: String,
    },
    /// It ended between the message's delivery and its turn.
    #[error("'{workflow_id}' closed ({status}) before the message was applied")]
    ClosedBeforeApplied {
        /// Its workflow id.
        workflow_id: String,
        /// How it ended.
        status: String,
        /// The message's id.
        request_id: String,
    },
    /// An epoch of that id is open.
    #[error("epoch '{workflow_id}' is already running (run {run_id})")]
    AlreadyRunning {
        /// Its workflow id.
        workflow_id: String,
        /// Its run.
        run_id: String,
    },
    /// The workflow's task fails again and again.
    #[error("'{workflow_id}' cannot answer: its workflow task is failing")]
    Stuck {
        /// Its workflow id.
        workflow_id: String,
    },
    /// The rules said no.
    #[error("{}: {}", .0.what, .0.why)]
    Refused(Refusal),
    /// Nobody answered in time; nothing was sent that could take effect.
    #[error("no worker answered for '{workflow_id}' within {limit:?}")]
    NoAnswer {
        /// The workflow id.
        workflow_id: String,
        /// The time there was.
        limit: Duration,
    },
    /// The message is safe on the server; what became of it is not known yet.
    #[error("delivered to '{workflow_id}', not yet confirmed: {why}")]
    Unconfirmed {
        /// The workflow id.
        workflow_id: String,
        /// The id to ask with, or to repeat the message under.
        request_id: String,
        /// Why it is not known.
        why: String,
    },
    /// The sending itself ran out of time.
    #[error("perhaps delivered to '{workflow_id}': {why}")]
    PerhapsDelivered {
        /// The workflow id.
        workflow_id: String,
        /// The id to repeat the message under; none where it is harmless without.
        request_id: Option<String>,
        /// What happened.
        why: String,
    },
    /// A wait ran out of time.
    #[error("'{workflow_id}' did not reach {target} within {limit:?}; it is in {phase}")]
    WaitedInVain {
        /// The workflow id.
        workflow_id: String,
        /// What was waited for.
        target: String,
        /// The time there was.
        limit: Duration,
        /// Where it is.
        phase: String,
    },
    /// The answer is none that this release understands.
    #[error("the answer of '{workflow_id}' cannot be read: {why}")]
    Unreadable {
        /// The workflow id.
        workflow_id: String,
        /// What is wrong with it.
        why: String,
    },
    /// The worker answered a query with a failure.
    #[error("the worker of '{workflow_id}' could not answer: {why}")]
    QueryFailed {
        /// The workflow id.
        workflow_id: String,
        /// What it says.
        why: String,
    },
    /// The server has no attributes to search epochs by.
    #[error("namespace '{namespace}' has no search attributes of aura's: {why}")]
    NoAttributes {
        /// The namespace.
        namespace: String,
        /// What the server says.
        why: String,
    },
    /// The server said no for a reason of its own.
    #[error("the server refused the call ({:?}): {}", .0.code(), .0.message())]
    Server(Status),
}
