//! Sending a message and learning what became of it. The signal is durable once the
//! server has it; the query after it is answered once it was applied, so its answer is
//! final. Repeating a message under its id is always safe.

use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus;

use super::call::{Client, json, read, words};
use super::error::Error;
use super::status::{Meaning, is_unknown_query, meaning};
use crate::contract::fingerprint;
use crate::contract::names::query;
use crate::contract::query::{Outcome, OutcomeStatus, Refusal};
use crate::contract::signal::Enveloped;
use crate::protocol::refusal::RefusalCode;

/// A server that takes a message sooner than this begins its task at once.
const AT_ONCE: Duration = Duration::from_micros(2_500);
/// The most that a message's task is waited for before the question.
const HEAD_START: Duration = Duration::from_millis(10);

/// How a message is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The message's id.
    pub request_id: String,
    /// Whether the message may have been sent under this id before.
    pub may_be_known: bool,
    /// Who sends it.
    pub actor: Option<String>,
    /// Whether to ask what became of it.
    pub confirm: bool,
}

/// What is known of a message that was not refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// It took effect.
    Applied(Outcome),
    /// The server has it; nobody asked further.
    Delivered,
    /// The server has it; this worker cannot tell what becomes of it.
    CannotConfirm,
}

impl Client {
    /// Sends a message and, if asked to, learns what became of it.
    pub async fn send<T: Serialize + DeserializeOwned + Clone>(
        &self,
        workflow_id: &str,
        signal: &str,
        content: T,
        delivery: &Delivery,
    ) -> Result<Confirmation, Error> {
        let message = Enveloped {
            content,
            request_id: Some(delivery.request_id.clone()),
            actor: delivery.actor.clone(),
        };
        let request_id = &delivery.request_id;
        let sent = Instant::now();
        let mut may_be_known = delivery.may_be_known;
        let delivered = self
            .deliver(workflow_id, signal, &message, request_id, &mut may_be_known)
            .await;
        let closed = match delivered {
            Ok(()) if delivery.confirm => {
                if let Some(wait) = head_start(sent.elapsed()) {
                    self.deadline.sleep(wait).await;
                }
                None
            }
            Ok(()) => return Ok(Confirmation::Delivered),
            // It may be the very message that ended the workflow, which still knows of it.
            Err(closed @ Error::Closed { .. }) if may_be_known => Some(closed),
            Err(error) => return Err(error),
        };
        let wanted = fingerprint::of_signal(signal, &message.content);
        let confirmed = self.confirm(workflow_id, signal, request_id, &wanted).await;
        match (confirmed, closed) {
            (
                Ok(Confirmation::CannotConfirm) | Err(Error::ClosedBeforeApplied { .. }),
                Some(closed),
            ) => Err(closed),
            (confirmed, _) => confirmed,
        }
    }

    /// Sends a message until the server has it. `may_be_known` is set once it may have it
    /// from a try that failed.
    async fn deliver<T: Serialize>(
        &self,
        workflow_id: &str,
        signal: &str,
        message: &T,
        request_id: &str,
        may_be_known: &mut bool,
    ) -> Result<(), Error> {
        let payload = json(message);
        loop {
            let sent = self
                .signal(workflow_id, signal, payload.clone(), request_id)
                .await;
            let Err(status) = sent else { return Ok(()) };
            // The server keeps one signal per request id, so sending again is safe.
            if self.may_repeat(&status).await {
                *may_be_known = true;
                continue;
            }
            return Err(self.unchanged(workflow_id, Some(request_id), status).await);
        }
    }

    async fn confirm(
        &self,
        workflow_id: &str,
        signal: &str,
        request_id: &str,
        wanted: &str,
    ) -> Result<Confirmation, Error> {
        let unconfirmed = |why: String| Error::Unconfirmed {
            workflow_id: workflow_id.to_owned(),
            request_id: request_id.to_owned(),
            why,
        };
        let answer = match self
            .ask(workflow_id, query::OUTCOME, Some(json(&request_id)))
            .await
        {
            Ok(answer) => answer,
            Err(status) => {
                return match meaning(&status) {
                    Meaning::QueryFailed if is_unknown_query(status.message()) => {
                        Ok(Confirmation::CannotConfirm)
                    }
                    Meaning::Stuck => Err(Error::Stuck {
                        workflow_id: workflow_id.to_owned(),
                    }),
                    Meaning::NoPoller => Err(unconfirmed("no worker is running".to_owned())),
                    Meaning::OutOfTime => Err(unconfirmed(format!(
                        "no worker answered within {:?}",
                        self.deadline.limit()
                    ))),
                    _ => Err(unconfirmed(status.message().to_owned())),
                };
            }
        };
        let outcome: Outcome =
            read(workflow_id, &answer).map_err(|error| unconfirmed(error.to_string()))?;
        match outcome.status {
            OutcomeStatus::Unknown => self.explain_unknown(workflow_id, request_id).await,
            _ if outcome
                .fingerprint
                .as_deref()
                .is_some_and(|found| found != wanted) =>
            {
                Err(Error::Refused(reused(signal, request_id)))
            }
            OutcomeStatus::Applied => Ok(Confirmation::Applied(outcome)),
            OutcomeStatus::Refused => match outcome.refusal {
                Some(refusal) => Err(Error::Refused(refusal)),
                None => Err(unconfirmed("it was refused without a reason".to_owned())),
            },
        }
    }

    async fn explain_unknown(
        &self,
        workflow_id: &str,
        request_id: &str,
    ) -> Result<Confirmation, Error> {
        let workflow_id = workflow_id.to_owned();
        let request_id = request_id.to_owned();
        match self.describe(&workflow_id).await {
            Ok(info) if info.status() != WorkflowExecutionStatus::Running => {
                let status = words(info.status());
                Err(Error::ClosedBeforeApplied {
                    workflow_id,
                    status,
                    request_id,
                })
            }
            _ => Err(Error::Unconfirmed {
                workflow_id,
                request_id,
                why: "the worker does not know of it yet".to_owned(),
            }),
        }
    }
}

/// How long to leave a server to begin a message's task that took so long to take the message.
/// A question that comes before goes with that task, and while the audit write is going on the
/// worker has to ask for a task more, of three events, to have both done. It would not be
/// answered sooner. It grows from nothing, since the embedded engine on a slow machine takes as
/// long as a server on a fast one, and needs no such time.
fn head_start(took: Duration) -> Option<Duration> {
    let wait = HEAD_START.min(4 * took.saturating_sub(AT_ONCE));
    // Timers count in milliseconds.
    (wait.as_millis() > 0).then_some(wait)
}

/// The refusal of an id that was used for another message: the epoch keeps the first.
fn reused(signal: &str, request_id: &str) -> Refusal {
    Refusal {
        code: RefusalCode::RequestIdReused,
        what: format!("{signal} was not applied"),
        why: format!("its request_id '{request_id}' was used for a message with other content"),
        impact: "the first message stands; this one changed nothing".to_owned(),
        fix: "send it again under a request_id of its own".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use WorkflowExecutionStatus::Completed;
    use temporalio_client::tonic::Status;

    use super::super::fake::{described, told};
    use super::*;

    /// What becomes of a message for an epoch that the server does not have open, with these
    /// answers to the question what has become of it; the last holds on.
    async fn refused(answers: Vec<Result<Vec<u8>, Status>>) -> Error {
        let asked = AtomicUsize::new(0);
        let client = told(Duration::from_millis(500), move |rpc| {
            Some(match rpc {
                "SignalWorkflowExecution" => Err(Status::not_found("it is not open")),
                "DescribeWorkflowExecution" => {
                    let number = asked.fetch_add(1, Ordering::Relaxed);
                    answers[number.min(answers.len() - 1)].clone()
                }
                other => Err(Status::unimplemented(other.to_owned())),
            })
        });
        let delivery = Delivery {
            request_id: "once".to_owned(),
            may_be_known: false,
            actor: None,
            confirm: true,
        };
        let sent = client.await.send("e", "signal", (), &delivery).await;
        sent.unwrap_err()
    }

    #[tokio::test]
    async fn what_has_become_of_an_epoch_is_asked_until_the_server_says_it() {
        let away = || Err(Status::unavailable("it is away"));
        let error = refused(vec![away(), away(), Ok(described(Completed))]).await;
        assert!(matches!(error, Error::Closed { .. }), "{error}");
        let error = refused(vec![Err(Status::not_found("never"))]).await;
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
    }

    #[tokio::test]
    async fn an_epoch_is_not_said_to_be_none_because_nobody_could_tell() {
        let error = refused(vec![Err(Status::unavailable("it is away"))]).await;
        assert!(matches!(error, Error::PerhapsDelivered { .. }), "{error}");
    }

    #[test]
    fn a_task_is_left_as_long_to_begin_as_its_server_is_slow() {
        let millis = Duration::from_millis;
        assert_eq!(head_start(Duration::from_micros(2_700)), None);
        assert_eq!(head_start(millis(3)), Some(millis(2)));
        assert_eq!(head_start(millis(300)), Some(millis(10)));
    }
}
