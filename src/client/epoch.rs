//! Starting, cancelling and waiting for epochs.

use std::time::Duration;

use temporalio_common::protos::temporal::api::common::v1::{
    Payloads, SearchAttributes, WorkflowType,
};
use temporalio_common::protos::temporal::api::enums::v1::{
    WorkflowExecutionStatus, WorkflowIdConflictPolicy, WorkflowIdReusePolicy,
};
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    RequestCancelWorkflowExecutionRequest, StartWorkflowExecutionRequest,
};

use super::call::{Client, execution, json, words};
use super::error::Error;
use super::status::{Meaning, meaning, open_run};
use super::terminate::unfinished;
use crate::contract::attributes::{self, Kind};
use crate::contract::epoch::EpochInput;
use crate::contract::names;
use crate::contract::names::query;
use crate::contract::query::{QueryStateResult, Transition};

/// A task that a dead worker held is given to another after this long.
const TASK_TIMEOUT: Duration = Duration::from_secs(5);
/// How often to look whether an epoch has come to where it is waited for.
pub(super) const FIRST_LOOK: Duration = Duration::from_millis(50);
pub(super) const LATER_LOOKS: Duration = Duration::from_secs(1);

/// An epoch to be started.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEpoch {
    /// Its input.
    pub input: EpochInput,
    /// Where its worker polls.
    pub task_queue: String,
    /// What to do when one of that id is open.
    pub if_exists: IfExists,
}

/// What to do when an epoch of that id is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfExists {
    /// It is an error.
    Fail,
    /// It is the one that is wanted.
    Use,
    /// It is terminated, and a new one started.
    Restart,
}

/// An epoch that was started, or found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// Its workflow id.
    pub workflow_id: String,
    /// Its run.
    pub run_id: String,
    /// Whether it was open before.
    pub existed: bool,
}

impl Client {
    /// Starts an epoch. The children of one that it replaces are ended with it: they would
    /// hold the places of the new one's.
    pub async fn start(&self, epoch: &NewEpoch, request_id: &str) -> Result<Started, Error> {
        if epoch.if_exists != IfExists::Restart {
            return self.start_only(epoch, request_id).await;
        }
        let epoch_id = epoch.input.epoch_id.as_str();
        let found = self.find(epoch_id).await?;
        let before = found.and_then(|info| info.execution).map(|run| run.run_id);
        let started = self.start_only(epoch, request_id).await?;
        let run_id = started.run_id.as_str();
        let closed = before.as_deref().filter(|before| *before != run_id);
        self.terminate_children(
            epoch_id,
            closed,
            Some(run_id),
            "its epoch was started again",
        )
        .await
        // The epoch is started; repeated, the command ends what is left of the old one.
        .map_err(|error| unfinished(epoch_id, Some(request_id), &error))?;
        Ok(started)
    }

    async fn start_only(&self, epoch: &NewEpoch, request_id: &str) -> Result<Started, Error> {
        let workflow_id = epoch.input.epoch_id.clone();
        let mut with_attributes = true;
        loop {
            let message = self.start_request(epoch, request_id, with_attributes);
            let mut service = self.service();
            let answer = self
                .within(service.start_workflow_execution(self.request(message)))
                .await;
            let status = match answer {
                Ok(answer) => {
                    let existed = !answer.started;
                    return Ok(Started {
                        workflow_id,
                        run_id: answer.run_id,
                        existed,
                    });
                }
                Err(status) => status,
            };
            match meaning(&status) {
                // No daemon has registered them here; the epoch runs without them.
                Meaning::UnknownAttribute if with_attributes => with_attributes = false,
                Meaning::AlreadyExists => {
                    return Err(Error::AlreadyRunning {
                        workflow_id,
                        run_id: open_run(&status).unwrap_or_else(|| "unknown".to_owned()),
                    });
                }
                _ if self.may_repeat(&status).await => {}
                _ => return Err(self.perhaps(&workflow_id, Some(request_id), status)),
            }
        }
    }

    fn start_request(
        &self,
        epoch: &NewEpoch,
        request_id: &str,
        with_attributes: bool,
    ) -> StartWorkflowExecutionRequest {
        let conflict = match epoch.if_exists {
            IfExists::Fail => WorkflowIdConflictPolicy::Fail,
            IfExists::Use => WorkflowIdConflictPolicy::UseExisting,
            IfExists::Restart => WorkflowIdConflictPolicy::TerminateExisting,
        };
        StartWorkflowExecutionRequest {
            namespace: self.namespace.clone(),
            workflow_id: epoch.input.epoch_id.clone(),
            workflow_type: Some(WorkflowType {
                name: names::EPOCH_WORKFLOW.to_owned(),
            }),
            task_queue: Some(TaskQueue {
                name: epoch.task_queue.clone(),
                ..Default::default()
            }),
            input: Some(Payloads {
                payloads: vec![json(&epoch.input)],
            }),
            workflow_task_timeout: TASK_TIMEOUT.try_into().ok(),
            identity: self.identity.clone(),
            request_id: request_id.to_owned(),
            workflow_id_reuse_policy: WorkflowIdReusePolicy::AllowDuplicate as i32,
            workflow_id_conflict_policy: conflict as i32,
            search_attributes: with_attributes.then(|| shown(&epoch.input.epoch_id)),
            header: self.header(),
            ..Default::default()
        }
    }

    /// Asks an epoch to end, and waits until it has.
    pub async fn cancel(&self, workflow_id: &str, request_id: &str) -> Result<(), Error> {
        let message = RequestCancelWorkflowExecutionRequest {
            namespace: self.namespace.clone(),
            workflow_execution: Some(execution(workflow_id)),
            identity: self.identity.clone(),
            request_id: request_id.to_owned(),
            reason: "aura-msg epoch cancel".to_owned(),
            ..Default::default()
        };
        loop {
            let mut service = self.service();
            let asked = self
                .within(service.request_cancel_workflow_execution(self.request(message.clone())))
                .await;
            let Err(status) = asked else { break };
            if self.may_repeat(&status).await {
                continue;
            }
            return Err(self.unchanged(workflow_id, Some(request_id), status).await);
        }
        let mut look = FIRST_LOOK;
        loop {
            match self.describe(workflow_id).await.map(|info| info.status()) {
                Ok(WorkflowExecutionStatus::Canceled) => return Ok(()),
                Ok(WorkflowExecutionStatus::Running) | Err(_) => {}
                Ok(other) => {
                    let workflow_id = workflow_id.to_owned();
                    return Err(Error::Closed {
                        workflow_id,
                        status: words(other),
                    });
                }
            }
            if look >= self.deadline.left() {
                return Err(Error::Unconfirmed {
                    workflow_id: workflow_id.to_owned(),
                    request_id: request_id.to_owned(),
                    why: format!("it has not ended within {:?}", self.deadline.limit()),
                });
            }
            tokio::time::sleep(look).await;
            look = (look * 2).min(LATER_LOOKS);
        }
    }

    /// The whole state of an epoch.
    pub async fn state(&self, epoch_id: &str) -> Result<QueryStateResult, Error> {
        self.query(epoch_id, query::FULL_STATE).await
    }

    /// The same as its worker tells it, whatever that is.
    pub async fn raw_state(&self, epoch_id: &str) -> Result<serde_json::Value, Error> {
        self.query(epoch_id, query::FULL_STATE).await
    }

    /// The steps that would be accepted now.
    pub async fn transitions(&self, epoch_id: &str) -> Result<Vec<Transition>, Error> {
        self.query(epoch_id, query::AVAILABLE_TRANSITIONS).await
    }

    /// How an epoch ended, by the server's word; none while it is open.
    pub async fn ending(&self, epoch_id: &str) -> Result<Option<String>, Error> {
        match self.describe(epoch_id).await.map(|info| info.status()) {
            Ok(WorkflowExecutionStatus::Running) => Ok(None),
            Ok(ended) => Ok(Some(words(ended))),
            Err(status) => Err(self.unseen(epoch_id, status)),
        }
    }

    /// The workflow type of an execution, if it exists.
    pub async fn workflow_type(&self, workflow_id: &str) -> Result<Option<String>, Error> {
        let found = self.find(workflow_id).await?;
        Ok(found.map(|info| info.r#type.unwrap_or_default().name))
    }
}

/// What a new epoch shows, as the server takes it.
fn shown(epoch_id: &str) -> SearchAttributes {
    let indexed_fields = attributes::of_new(epoch_id)
        .into_iter()
        .map(|(name, kind, value)| {
            let mut payload = json(&value);
            let kind = match kind {
                Kind::Keyword => "Keyword",
                Kind::Text => "Text",
            };
            payload
                .metadata
                .insert("type".to_owned(), kind.as_bytes().to_vec());
            (name.to_owned(), payload)
        })
        .collect();
    SearchAttributes { indexed_fields }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use prost::Message as _;
    use temporalio_client::tonic::{Code, Status};
    use temporalio_common::protos::google::rpc;
    use temporalio_common::protos::temporal::api::errordetails::v1::WorkflowExecutionAlreadyStartedFailure;

    use super::super::fake::told;
    use super::*;
    use crate::contract::epoch::EpochSettings;
    use crate::protocol::state::State;

    fn epoch(if_exists: IfExists) -> NewEpoch {
        NewEpoch {
            input: EpochInput {
                epoch_id: "e".to_owned(),
                request_description: String::new(),
                rules_version: State::NEWEST_RULES,
                settings: EpochSettings::for_new_epochs(),
                carried: None,
            },
            task_queue: "aura".to_owned(),
            if_exists,
        }
    }

    fn already_started(run_id: &str) -> Status {
        let failure = WorkflowExecutionAlreadyStartedFailure {
            run_id: run_id.to_owned(),
            ..WorkflowExecutionAlreadyStartedFailure::default()
        };
        let kind = "temporal.api.errordetails.v1.WorkflowExecutionAlreadyStartedFailure";
        let status = rpc::Status {
            code: Code::AlreadyExists.into(),
            details: vec![prost_wkt_types::Any {
                type_url: format!("type.googleapis.com/{kind}"),
                value: failure.encode_to_vec(),
            }],
            ..rpc::Status::default()
        };
        Status::with_details(
            Code::AlreadyExists,
            "it runs",
            status.encode_to_vec().into(),
        )
    }

    #[tokio::test]
    async fn the_run_that_is_in_the_way_is_told_though_the_server_goes_away() {
        let client = told(Duration::from_millis(200), |rpc| {
            Some(Err(match rpc {
                "StartWorkflowExecution" => already_started("run-1"),
                _ => Status::unavailable("it is away"),
            }))
        });
        let started = client.await.start(&epoch(IfExists::Fail), "once").await;
        let error = started.unwrap_err();
        assert!(
            matches!(&error, Error::AlreadyRunning { run_id, .. } if run_id == "run-1"),
            "{error}"
        );
    }

    /// Without the run there is no knowing its children.
    #[tokio::test]
    async fn no_epoch_is_replaced_whose_run_is_not_known() {
        let was_started = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&was_started);
        let client = told(Duration::from_millis(200), move |rpc| {
            if rpc == "StartWorkflowExecution" {
                seen.store(true, Ordering::Relaxed);
            }
            Some(Err(Status::unavailable("it is away")))
        });
        let started = client.await.start(&epoch(IfExists::Restart), "once").await;
        let error = started.unwrap_err();
        assert!(matches!(error, Error::Unreachable { .. }), "{error}");
        assert!(!was_started.load(Ordering::Relaxed));
    }
}
