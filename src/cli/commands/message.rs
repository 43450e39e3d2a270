//! Sending a message to a workflow, and what is said about it afterwards.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Answer;
use crate::cli::args::MessageArgs;
use crate::cli::context::{self, Context};
use crate::cli::output::Report;
use crate::client::{Client, Confirmation, Delivery};
use crate::contract::query::Outcome;

/// Sends a message to an execution.
pub(super) async fn send<T: Serialize + DeserializeOwned + Clone>(
    context: &Context<'_>,
    args: &MessageArgs,
    workflow_id: &str,
    signal: &str,
    body: T,
) -> Answer {
    let delivery = context::delivery(args)?;
    let client = context.connect().await?;
    send_with(&client, &delivery, workflow_id, signal, body).await
}

/// Sends a message over a connection that is there already.
pub(super) async fn send_with<T: Serialize + DeserializeOwned + Clone>(
    client: &Client,
    delivery: &Delivery,
    workflow_id: &str,
    signal: &str,
    body: T,
) -> Answer {
    let confirmation = client.send(workflow_id, signal, body, delivery).await?;
    Ok(report(&confirmation, &delivery.request_id))
}

fn report(confirmation: &Confirmation, request_id: &str) -> Report {
    const DELIVERED: &str = "Signal delivered successfully";
    let (second, json, notices) = match confirmation {
        Confirmation::Applied(outcome) => (applied(outcome), applied_json(outcome), Vec::new()),
        Confirmation::Delivered => {
            let json = json!({
                "success": true,
                "status": "delivered",
                "request_id": request_id,
            });
            (
                format!("delivered (request_id={request_id})"),
                json,
                Vec::new(),
            )
        }
        Confirmation::CannotConfirm => {
            let json = json!({
                "success": true,
                "status": "delivered",
                "request_id": request_id,
            });
            let notice = "delivered; this worker cannot confirm".to_owned();
            (
                format!("delivered (request_id={request_id})"),
                json,
                vec![notice],
            )
        }
    };
    Report {
        text: format!("{DELIVERED}\n{second}"),
        json: json.to_string(),
        notices,
    }
}

fn applied(outcome: &Outcome) -> String {
    let note = outcome
        .note
        .as_deref()
        .map(|note| format!(" ({note})"))
        .unwrap_or_default();
    format!("applied: the epoch is in {}{note}", outcome.phase)
}

fn applied_json(outcome: &Outcome) -> Value {
    json!({
        "success": true,
        "status": "applied",
        "request_id": outcome.request_id,
        "phase": outcome.phase,
        "note": outcome.note,
    })
}
