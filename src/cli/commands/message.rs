//! Sending a message to a workflow, and what is said about it afterwards.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Answer;
use crate::cli::args::MessageArgs;
use crate::cli::context::{self, Context};
use crate::cli::failure::Failure;
use crate::cli::output::Report;
use crate::client::{Client, Confirmation, Delivery};
use crate::contract::query::Outcome;
use crate::protocol::PhaseId;

/// What became of a message.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Sent<'a> {
    /// Always true: what was refused is an error.
    success: bool,
    /// How far it has come.
    status: Status,
    /// The message's id: sent again under it, it takes effect only once.
    request_id: &'a str,
    #[serde(flatten)]
    applied: Option<Applied<'a>>,
}

/// How far a message has come.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    /// It took effect.
    Applied,
    /// It will take effect; that was not waited for, or the worker cannot confirm it.
    Delivered,
}

/// What is known of a message once it has taken effect.
#[derive(Debug, Serialize, JsonSchema)]
struct Applied<'a> {
    /// Where the epoch is afterwards.
    phase: PhaseId,
    /// What the sender should know besides.
    note: Option<&'a str>,
}

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
    report(&confirmation, &delivery.request_id)
}

fn report(confirmation: &Confirmation, request_id: &str) -> Answer {
    let (outcome, notice) = match confirmation {
        Confirmation::Applied(outcome) => (Some(outcome), None),
        Confirmation::Delivered => (None, None),
        Confirmation::CannotConfirm => (None, Some("delivered; this worker cannot confirm")),
    };
    let second = outcome.map_or_else(|| format!("delivered (request_id={request_id})"), applied);
    let sent = Sent {
        success: true,
        status: outcome.map_or(Status::Delivered, |_| Status::Applied),
        request_id,
        applied: outcome.map(|outcome| Applied {
            phase: outcome.phase,
            note: outcome.note.as_deref(),
        }),
    };
    Ok(Report {
        text: format!("Signal delivered successfully\n{second}"),
        json: serde_json::to_string(&sent).map_err(Failure::internal)?,
        notices: notice.map(str::to_owned).into_iter().collect(),
    })
}

fn applied(outcome: &Outcome) -> String {
    let note = outcome
        .note
        .as_deref()
        .map(|note| format!(" ({note})"))
        .unwrap_or_default();
    format!("applied: the epoch is in {}{note}", outcome.phase)
}
