//! Updates as a worker has them: messages that a workflow task takes along, and what the
//! worker's own messages say of them.

use std::collections::BTreeMap;
use std::mem;

use prost::Message as _;
use prost_wkt_types::Any;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{
    WorkflowExecutionUpdateAcceptedEventAttributes, WorkflowExecutionUpdateCompletedEventAttributes,
};
use temporalio_common::protos::temporal::api::protocol::v1::Message;
use temporalio_common::protos::temporal::api::protocol::v1::message::SequencingId;
use temporalio_common::protos::temporal::api::update::v1::{Acceptance, Meta, Rejection, Response};

use super::{Stage, Update, UpdateState, failed};
use crate::embedded::engine::Output;
use crate::embedded::engine::complete::kind_of;
use crate::embedded::engine::failure;
use crate::embedded::engine::run::Run;
use crate::embedded::engine::time::Time;

impl Run {
    /// Whether an update waits for a workflow task.
    pub(in crate::embedded::engine) fn has_updates_to_send(&self) -> bool {
        self.updates
            .values()
            .any(|update| update.is_pending() && !update.sent)
    }

    /// Updates that the starting task takes along, as messages.
    pub(in crate::embedded::engine) fn send_updates(&mut self) -> Vec<Message> {
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
    pub(in crate::embedded::engine) fn unsend_updates(&mut self) {
        for update in self.updates.values_mut() {
            update.sent = false;
        }
    }

    /// Whether a message can be taken after those that have brought updates to these stages.
    pub(in crate::embedded::engine) fn check_message(
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
    pub(in crate::embedded::engine) fn take_message(
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
    pub(in crate::embedded::engine) fn refuse_unanswered_updates(
        &mut self,
        outputs: &mut Vec<Output>,
    ) {
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
