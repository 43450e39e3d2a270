//! Updates: admitted by a request, sent to the worker as a message with a workflow task,
//! then rejected, or accepted and completed. Until it is accepted an update is only in
//! memory: who asked for it asks again after a crash, under the same id.

use std::collections::BTreeMap;
use std::mem;

use prost::Message as _;
use prost_wkt_types::Any;
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{
    WorkflowExecutionUpdateAcceptedEventAttributes, WorkflowExecutionUpdateCompletedEventAttributes,
};
use temporalio_common::protos::temporal::api::protocol::v1::Message;
use temporalio_common::protos::temporal::api::protocol::v1::message::SequencingId;
use temporalio_common::protos::temporal::api::update::v1::{
    Acceptance, Meta, Outcome, Rejection, Request, Response, outcome,
};

use super::complete::kind_of;
use super::error::{Answer, Refusal};
use super::failure;
use super::query::FAILING;
use super::run::Run;
use super::start::too_long;
use super::time::Time;
use super::{Engine, Output, Transaction};
use crate::embedded::store::RunKey;

/// A run takes no more updates than this, and no more at a time.
const MOST_UPDATES: i64 = 2_000;
const MOST_IN_FLIGHT: usize = 10;

/// An update of a run.
#[derive(Clone, Debug, Default)]
pub(in crate::embedded) struct Update {
    /// What was asked for; gone once it is in the history.
    request: Option<Request>,
    /// With the worker, which has not said yet what becomes of it.
    sent: bool,
    pub(super) accepted_id: i64,
    pub(super) completed_id: Option<i64>,
}

/// How far an update has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::embedded) enum Stage {
    Admitted,
    Accepted,
    Completed,
}

/// What can be said of an update.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::embedded) struct UpdateState {
    pub(in crate::embedded) run_id: String,
    pub(in crate::embedded) stage: Stage,
    /// Its outcome, where it is at hand.
    pub(in crate::embedded) outcome: Option<Outcome>,
    /// The event with its outcome, where that is all there is.
    pub(in crate::embedded) completed_id: Option<i64>,
}

impl Update {
    /// As it was found in the history.
    pub(super) fn recorded(accepted_id: i64, completed_id: Option<i64>) -> Self {
        Self {
            accepted_id,
            completed_id,
            ..Self::default()
        }
    }

    /// The events that it has.
    pub(super) fn in_history(&self) -> Option<(i64, Option<i64>)> {
        (self.accepted_id != 0).then_some((self.accepted_id, self.completed_id))
    }

    fn is_pending(&self) -> bool {
        self.accepted_id == 0
    }

    fn stage(&self) -> Stage {
        match (self.accepted_id, self.completed_id) {
            (0, _) => Stage::Admitted,
            (_, None) => Stage::Accepted,
            (_, Some(_)) => Stage::Completed,
        }
    }
}

impl Engine {
    /// Takes an update in, or finds the one that has its id. Gives the id with its state.
    pub(in crate::embedded) fn admit_update(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        request: Request,
    ) -> Answer<(String, UpdateState)> {
        let now = transaction.now;
        let fresh = self.ids.next();
        let run = self.run_mut(key)?;
        let mut request = request;
        let meta = request.meta.get_or_insert_default();
        if meta.update_id.is_empty() {
            meta.update_id = fresh;
        }
        let id = meta.update_id.clone();
        too_long("UpdateId", &id)?;
        if let Some(update) = run.updates.get(&id) {
            let state = state_of(run, update);
            return Ok((id, state));
        }
        if run
            .state
            .task
            .as_ref()
            .is_some_and(|task| task.attempt >= FAILING)
        {
            return Err(Refusal::not_ready(
                "Unable to perform workflow execution update due to Workflow Task in failed state.",
            ));
        }
        let in_flight = run
            .updates
            .values()
            .filter(|update| update.completed_id.is_none());
        if in_flight.count() >= MOST_IN_FLIGHT {
            return Err(Refusal::exhausted(
                "limit on number of concurrent in-flight updates has been reached",
                2,
            ));
        }
        if run.state.update_count >= MOST_UPDATES {
            return Err(Refusal::precondition(
                "The limit on the total number of distinct updates in this workflow has been \
                 reached. Make sure any duplicate updates share an Update ID so the server can \
                 deduplicate them, and consider rejecting updates that you aren't going to process",
            ));
        }
        let update = Update {
            request: Some(request),
            ..Update::default()
        };
        let state = state_of(run, &update);
        run.updates.insert(id.clone(), update);
        run.schedule_speculative_task(now);
        transaction.touched.insert(key);
        Ok((id, state))
    }

    /// How far an update has come.
    pub(in crate::embedded) fn update_state(&self, key: RunKey, id: &str) -> Option<UpdateState> {
        let run = self.runs.get(&key)?;
        run.updates.get(id).map(|update| state_of(run, update))
    }

    /// Finds the open run that an update is for.
    pub(in crate::embedded) fn find_for_update(
        &self,
        namespace: &str,
        workflow_id: &str,
        run_id: &str,
        first_run_id: &str,
    ) -> Answer<RunKey> {
        self.namespaces.get(namespace)?;
        let key = self.find_open(namespace, workflow_id, run_id)?;
        let chain = self
            .runs
            .get(&key)
            .map(|run| run.state.first_run_id.as_str());
        if !first_run_id.is_empty() && chain != Some(first_run_id) {
            return Err(Refusal::no_workflow(workflow_id));
        }
        Ok(key)
    }

    /// Tells those who wait for updates of a run that has ended.
    pub(super) fn end_updates(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        goes_on: bool,
    ) {
        let Some(run) = self.runs.get_mut(&key) else {
            return;
        };
        let run_id = run.row.run_id.clone();
        let open = run
            .updates
            .iter()
            .filter(|(_, update)| update.completed_id.is_none());
        for (id, update) in open {
            let state = if update.is_pending() && goes_on {
                Err(Refusal::closing())
            } else if update.is_pending() {
                Err(Refusal::closed())
            } else {
                Ok(UpdateState {
                    run_id: run_id.clone(),
                    stage: Stage::Completed,
                    outcome: Some(failed(failure::update_outlived())),
                    completed_id: None,
                })
            };
            transaction.outputs.push(Output::Update {
                run: key,
                id: id.clone(),
                state,
            });
        }
    }
}

impl Run {
    /// Whether an update waits for a workflow task.
    pub(super) fn has_updates_to_send(&self) -> bool {
        self.updates
            .values()
            .any(|update| update.is_pending() && !update.sent)
    }

    /// Updates that the starting task takes along, as messages.
    pub(super) fn send_updates(&mut self) -> Vec<Message> {
        let sequencing = self
            .state
            .task
            .as_ref()
            .map_or(0, |task| task.started_event_id - 1);
        let mut messages = Vec::new();
        for (id, update) in &mut self.updates {
            let Some(request) = update.request.as_ref().filter(|_| !update.sent) else {
                continue;
            };
            update.sent = true;
            messages.push(Message {
                id: format!("{id}/request"),
                protocol_instance_id: id.clone(),
                body: Some(Any {
                    type_url: "type.googleapis.com/temporal.api.update.v1.Request".to_owned(),
                    value: request.encode_to_vec(),
                }),
                sequencing_id: Some(SequencingId::EventId(sequencing)),
            });
        }
        messages
    }

    /// The task they were sent with is lost: the next one takes them again.
    pub(super) fn unsend_updates(&mut self) {
        for update in self.updates.values_mut() {
            update.sent = false;
        }
    }

    /// Whether a message can be taken after those that have brought updates to these stages.
    pub(super) fn check_message(
        &self,
        message: &Message,
        stages: &mut BTreeMap<String, Stage>,
    ) -> Result<(), String> {
        let id = &message.protocol_instance_id;
        let update = self.updates.get(id).ok_or("unknown update")?;
        let body = message.body.as_ref().ok_or("message has no body")?;
        let read = |error: prost::DecodeError| error.to_string();
        let (needed, next) = match kind_of(message) {
            "Acceptance" => {
                Acceptance::decode(body.value.as_slice()).map_err(read)?;
                (Stage::Admitted, Stage::Accepted)
            }
            "Response" => {
                Response::decode(body.value.as_slice()).map_err(read)?;
                (Stage::Accepted, Stage::Completed)
            }
            "Rejection" => {
                Rejection::decode(body.value.as_slice()).map_err(read)?;
                (Stage::Admitted, Stage::Completed)
            }
            other => return Err(format!("unknown message body {other}")),
        };
        let stage = stages.entry(id.clone()).or_insert_with(|| update.stage());
        if *stage != needed {
            return Err(format!(
                "update {id} is {stage:?}, where it has to be {needed:?}"
            ));
        }
        *stage = next;
        Ok(())
    }

    /// What a worker's message says of an update.
    pub(super) fn take_message(
        &mut self,
        now: Time,
        message: &Message,
        outputs: &mut Vec<Output>,
    ) -> Result<(), String> {
        let id = message.protocol_instance_id.clone();
        let body = message.body.as_ref().ok_or("message has no body")?;
        let read = |error: prost::DecodeError| error.to_string();
        let state = match kind_of(message) {
            "Acceptance" => {
                let acceptance = Acceptance::decode(body.value.as_slice()).map_err(read)?;
                self.accept_update(now, &id, acceptance)?
            }
            "Response" => {
                let response = Response::decode(body.value.as_slice()).map_err(read)?;
                self.complete_update(now, &id, response)?
            }
            "Rejection" => {
                let rejection = Rejection::decode(body.value.as_slice()).map_err(read)?;
                self.reject_update(&id, rejection)?
            }
            other => return Err(format!("unknown message body {other}")),
        };
        outputs.push(Output::Update {
            run: self.key(),
            id,
            state: Ok(state),
        });
        Ok(())
    }

    fn accept_update(
        &mut self,
        now: Time,
        id: &str,
        acceptance: Acceptance,
    ) -> Result<UpdateState, String> {
        let update = self.updates.get_mut(id).ok_or("unknown update")?;
        let request = update
            .request
            .take()
            .ok_or("the update was accepted before")?;
        let attributes = WorkflowExecutionUpdateAcceptedEventAttributes {
            protocol_instance_id: id.to_owned(),
            accepted_request_message_id: acceptance.accepted_request_message_id,
            accepted_request_sequencing_event_id: acceptance.accepted_request_sequencing_event_id,
            accepted_request: Some(request),
        };
        let event_id = self.append(
            now,
            Attributes::WorkflowExecutionUpdateAcceptedEventAttributes(attributes),
        );
        self.state.update_count += 1;
        self.touch_update(id);
        let run_id = self.row.run_id.clone();
        if let Some(update) = self.updates.get_mut(id) {
            update.accepted_id = event_id;
            update.sent = false;
        }
        Ok(UpdateState {
            run_id,
            stage: Stage::Accepted,
            outcome: None,
            completed_id: None,
        })
    }

    fn complete_update(
        &mut self,
        now: Time,
        id: &str,
        response: Response,
    ) -> Result<UpdateState, String> {
        let update = self.updates.get(id).ok_or("unknown update")?;
        if update.stage() != Stage::Accepted {
            return Err("the update is not accepted, or completed before".to_owned());
        }
        let attributes = WorkflowExecutionUpdateCompletedEventAttributes {
            meta: Some(response.meta.unwrap_or_else(|| Meta {
                update_id: id.to_owned(),
                identity: String::new(),
            })),
            accepted_event_id: update.accepted_id,
            outcome: response.outcome.clone(),
        };
        let event_id = self.append(
            now,
            Attributes::WorkflowExecutionUpdateCompletedEventAttributes(attributes),
        );
        self.touch_update(id);
        if let Some(update) = self.updates.get_mut(id) {
            update.completed_id = Some(event_id);
        }
        Ok(UpdateState {
            run_id: self.row.run_id.clone(),
            stage: Stage::Completed,
            outcome: response.outcome,
            completed_id: Some(event_id),
        })
    }

    fn reject_update(&mut self, id: &str, rejection: Rejection) -> Result<UpdateState, String> {
        let pending = self.updates.get(id).is_some_and(Update::is_pending);
        if !pending {
            return Err("unknown update, or one that was accepted".to_owned());
        }
        self.updates.remove(id);
        Ok(UpdateState {
            run_id: self.row.run_id.clone(),
            stage: Stage::Completed,
            outcome: Some(failed(rejection.failure.unwrap_or_default())),
            completed_id: None,
        })
    }

    /// Refuses updates that their worker kept silent about: it does not know such things.
    pub(super) fn refuse_unanswered_updates(&mut self, outputs: &mut Vec<Output>) {
        let key = self.key();
        let updates = mem::take(&mut self.updates);
        for (id, update) in updates {
            if update.is_pending() && update.sent {
                let text = "Workflow Update is rejected because it wasn't processed by worker. \
                            Probably, Workflow Update is not supported by the worker.";
                let mut failure = failure::server(text);
                failure.failure_info = Some(unprocessed());
                outputs.push(Output::Update {
                    run: key,
                    id,
                    state: Ok(UpdateState {
                        run_id: self.row.run_id.clone(),
                        stage: Stage::Completed,
                        outcome: Some(failed(failure)),
                        completed_id: None,
                    }),
                });
            } else {
                self.updates.insert(id, update);
            }
        }
    }
}

fn unprocessed() -> temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo {
    use temporalio_common::protos::temporal::api::failure::v1::ApplicationFailureInfo;
    use temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo;
    FailureInfo::ApplicationFailureInfo(ApplicationFailureInfo {
        r#type: "UnprocessedUpdate".to_owned(),
        non_retryable: true,
        ..Default::default()
    })
}

fn failed(failure: Failure) -> Outcome {
    Outcome {
        value: Some(outcome::Value::Failure(failure)),
    }
}

fn state_of(run: &Run, update: &Update) -> UpdateState {
    UpdateState {
        run_id: run.row.run_id.clone(),
        stage: update.stage(),
        outcome: None,
        completed_id: update.completed_id,
    }
}
