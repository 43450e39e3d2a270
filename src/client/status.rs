//! What a server's status means.

use std::error::Error as _;

use prost::Message;
use temporalio_client::tonic::{Code, Status};
use temporalio_common::protos::google::rpc::Status as RpcStatus;
use temporalio_common::protos::temporal::api::errordetails::v1::WorkflowExecutionAlreadyStartedFailure;

/// What a server's status means to a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The connection is gone, or the server is going away.
    Unavailable,
    /// The server is busy; in particular it holds one waiting query per workflow.
    Busy,
    /// The call's own deadline has passed.
    OutOfTime,
    /// The namespace does not exist.
    UnknownNamespace,
    /// The execution does not exist, or is closed.
    NotFound,
    /// An execution of that id is open.
    AlreadyExists,
    /// No worker polls the task queue.
    NoPoller,
    /// The workflow's task fails again and again.
    Stuck,
    /// The query's handler failed, or there is none of that name.
    QueryFailed,
    /// A search attribute is not registered.
    UnknownAttribute,
    /// Access is denied.
    Denied,
    /// Anything else.
    Other,
}

/// Reads a status. A client-side deadline comes as `Cancelled`, in more than one wording.
pub(super) fn meaning(status: &Status) -> Meaning {
    match status.code() {
        Code::Unavailable => Meaning::Unavailable,
        Code::Unknown | Code::Internal if is_broken_off(status) => Meaning::Unavailable,
        Code::Cancelled if is_given_up(status) => Meaning::Unavailable,
        Code::ResourceExhausted => Meaning::Busy,
        Code::Cancelled | Code::DeadlineExceeded => Meaning::OutOfTime,
        Code::NotFound if has_detail(status, "NamespaceNotFoundFailure") => {
            Meaning::UnknownNamespace
        }
        Code::NotFound => Meaning::NotFound,
        Code::AlreadyExists => Meaning::AlreadyExists,
        Code::InvalidArgument if has_detail(status, "QueryFailedFailure") => Meaning::QueryFailed,
        Code::InvalidArgument if status.message().contains("search attribute") => {
            Meaning::UnknownAttribute
        }
        Code::FailedPrecondition if has_detail(status, "WorkflowNotReadyFailure") => Meaning::Stuck,
        Code::FailedPrecondition if status.message().contains("no poller") => Meaning::NoPoller,
        Code::PermissionDenied | Code::Unauthenticated => Meaning::Denied,
        _ => Meaning::Other,
    }
}

/// Whether a status was made on this side, by a connection that broke during the call.
/// What a server says comes without a source.
fn is_broken_off(status: &Status) -> bool {
    status.source().is_some() || status.message().starts_with("h2 protocol error")
}

/// Whether a call was given up on this side because its connection closed before it was
/// answered, which servers do to every connection when it has reached a certain age. These
/// are hyper's words; a deadline has others.
fn is_given_up(status: &Status) -> bool {
    status.message().starts_with("operation was canceled")
}

/// Whether a query's failure says that there is no handler of its name. Each SDK has its
/// own words for it.
pub(super) fn is_unknown_query(message: &str) -> bool {
    const WORDS: [&str; 6] = [
        "no query handler",           // Rust
        "expected but not found",     // Python, .NET
        "unknown querytype",          // Go
        "unknown query type",         // Java
        "did not register a handler", // TypeScript
        "unknown query",
    ];
    let message = message.to_ascii_lowercase();
    WORDS.iter().any(|words| message.contains(words))
}

/// The run that is in the way of a new one.
pub(super) fn open_run(status: &Status) -> Option<String> {
    let detail = detail(status, "WorkflowExecutionAlreadyStartedFailure")?;
    let failure = WorkflowExecutionAlreadyStartedFailure::decode(&*detail).ok()?;
    Some(failure.run_id).filter(|run_id| !run_id.is_empty())
}

fn has_detail(status: &Status, name: &str) -> bool {
    detail(status, name).is_some()
}

/// The detail of this type that the status carries. Its name must be compared: decoding
/// alone accepts foreign messages.
fn detail(status: &Status, name: &str) -> Option<Vec<u8>> {
    let status = RpcStatus::decode(status.details()).ok()?;
    let mut details = status.details.into_iter();
    let found = details.find(|detail| detail.type_url.ends_with(name))?;
    Some(found.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sdk_is_understood_when_it_has_no_handler() {
        for text in [
            "No query handler for 'outcome'",
            "Query handler for 'outcome' expected but not found, known queries: [a b]",
            "unknown queryType outcome. KnownQueryTypes=[a b]",
            "Unknown query type: outcome, knownTypes=[a, b]",
            "Workflow did not register a handler for outcome. Registered queries: [a b]",
        ] {
            assert!(is_unknown_query(text), "{text}");
        }
        assert!(!is_unknown_query("query result size exceeds limit"));
    }

    #[test]
    fn a_connection_that_breaks_off_is_unavailable() {
        let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        for status in [
            Status::from_error(broken.into()),
            Status::new(Code::Unknown, "h2 protocol error: connection reset"),
        ] {
            assert_eq!(meaning(&status), Meaning::Unavailable);
        }
        for code in [Code::Unknown, Code::Internal] {
            assert_eq!(
                meaning(&Status::new(code, "a server's word")),
                Meaning::Other
            );
        }
    }

    #[test]
    fn a_connection_that_closes_at_its_age_is_no_deadline() {
        let closed = Status::new(Code::Cancelled, "operation was canceled");
        assert_eq!(meaning(&closed), Meaning::Unavailable);
    }

    #[test]
    fn a_client_side_deadline_is_a_deadline() {
        for status in [
            Status::new(Code::Cancelled, "Timeout expired"),
            Status::new(Code::DeadlineExceeded, "context deadline exceeded"),
        ] {
            assert_eq!(meaning(&status), Meaning::OutOfTime);
        }
    }
}
