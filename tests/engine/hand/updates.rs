//! Updates, as a worker by hand answers them: by messages in the answer to the task that
//! brought the request.

use temporalio_common::protos::temporal::api::command::v1::Command;
use temporalio_common::protos::temporal::api::protocol::v1::Message;
use temporalio_common::protos::temporal::api::protocol::v1::message::SequencingId;
use temporalio_common::protos::temporal::api::update::v1::{
    Acceptance, Meta, Outcome, Rejection, Request, Response, outcome,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::RespondWorkflowTaskCompletedRequest;

use super::{Hand, Task, commands, failure, text};

const TYPE: &str = "type.googleapis.com/temporal.api.update.v1.";

impl Hand<'_> {
    /// An answer that accepts all updates of a task and, if there is a result, completes
    /// them; other commands follow.
    pub fn accepting(
        &self,
        task: &Task,
        result: Option<&str>,
        others: Vec<Command>,
    ) -> RespondWorkflowTaskCompletedRequest {
        let mut messages = Vec::new();
        for request in &task.messages {
            messages.push(acceptance(request));
            messages.extend(result.map(|result| response(&request.protocol_instance_id, result)));
        }
        let places = messages
            .iter()
            .map(|message| commands::message(&message.id));
        let commands = places.chain(others).collect();
        RespondWorkflowTaskCompletedRequest {
            messages,
            ..self.answer(task, commands)
        }
    }

    /// An answer that rejects all updates of a task.
    pub fn rejecting(&self, task: &Task, why: &str) -> RespondWorkflowTaskCompletedRequest {
        let rejection = |request: &Message| {
            let body = Rejection {
                rejected_request_message_id: request.id.clone(),
                rejected_request_sequencing_event_id: sequence(request),
                rejected_request: body::<Request>(request),
                failure: Some(failure(why)),
            };
            message(&request.protocol_instance_id, "Rejection", &body)
        };
        RespondWorkflowTaskCompletedRequest {
            messages: task.messages.iter().map(rejection).collect(),
            ..self.answer(task, Vec::new())
        }
    }
}

/// The message that an accepted update is completed.
pub fn response(update_id: &str, result: &str) -> Message {
    let body = Response {
        meta: Some(Meta {
            update_id: update_id.to_owned(),
            identity: "updater".to_owned(),
        }),
        outcome: Some(Outcome {
            value: text(result).map(outcome::Value::Success),
        }),
    };
    message(update_id, "Response", &body)
}

fn acceptance(request: &Message) -> Message {
    let body = Acceptance {
        accepted_request_message_id: request.id.clone(),
        accepted_request_sequencing_event_id: sequence(request),
        accepted_request: body::<Request>(request),
    };
    message(&request.protocol_instance_id, "Acceptance", &body)
}

#[expect(
    clippy::default_trait_access,
    reason = "its type is of a crate that only the protocol's crate knows"
)]
fn message(update_id: &str, kind: &str, body: &impl prost::Message) -> Message {
    let mut message = Message {
        id: format!("{update_id}/{kind}"),
        protocol_instance_id: update_id.to_owned(),
        body: Some(Default::default()),
        ..Default::default()
    };
    if let Some(any) = &mut message.body {
        any.type_url = format!("{TYPE}{kind}");
        any.value = body.encode_to_vec();
    }
    message
}

fn body<T: prost::Message + Default>(message: &Message) -> Option<T> {
    let body = message.body.as_ref()?;
    T::decode(body.value.as_slice()).ok()
}

fn sequence(message: &Message) -> i64 {
    match message.sequencing_id {
        Some(SequencingId::EventId(id)) => id,
        _ => 0,
    }
}
