//! `aura-msg signal complete`.

use clap::{ArgGroup, Args};

use crate::cli::args::{EpochArgs, MessageArgs};
use crate::cli::commands::{Answer, message};
use crate::cli::context::{self, Context};
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::client::{Client, Error};
use crate::contract::names::{self, signal};
use crate::contract::slice::SliceCompleteSignal;
use crate::protocol::id::{EpochId, SliceId};
use crate::protocol::limits;

/// The words of `aura-msg signal complete`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("end").required(true).args(["output", "error"]))]
pub struct CompleteArgs {
    #[command(flatten)]
    epoch: EpochArgs,

    /// Id of the slice
    #[arg(long, value_name = "ID")]
    slice_id: String,

    /// It succeeded, with this output
    #[arg(long, value_name = "TEXT")]
    output: Option<String>,

    /// It failed, with this error
    #[arg(long, value_name = "TEXT")]
    error: Option<String>,

    #[command(flatten)]
    message: MessageArgs,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: CompleteArgs) -> Answer {
    let epoch_id = context.epoch_id(&args.epoch)?;
    let slice_id = input::slice_id("--slice-id", &args.slice_id)?;
    let body = SliceCompleteSignal {
        slice_id: slice_id.to_string(),
        success: args.error.is_none(),
        output: kept("--output", args.output.as_deref())?,
        error: kept("--error", args.error.as_deref())?,
    };
    let delivery = context::delivery(&args.message)?;
    let client = context.connect().await?;
    let workflow_id = address(&client, &epoch_id, &slice_id).await?;
    message::send_with(
        &client,
        &delivery,
        &workflow_id,
        signal::COMPLETE_SLICE,
        body,
    )
    .await
}

fn kept(flag: &str, text: Option<&str>) -> Result<String, Failure> {
    input::text(flag, text.unwrap_or_default(), limits::LONG_TEXT)
}

/// The slice's workflow: the epoch's child, or an execution of the raw id where there is
/// no such child and it is a slice.
async fn address(client: &Client, epoch_id: &str, slice_id: &SliceId) -> Result<String, Failure> {
    let child = EpochId::parse(epoch_id)
        .map(|epoch| epoch.slice_workflow_id(slice_id))
        .map_err(Failure::internal)?;
    if child.len() <= limits::WORKFLOW_ID && client.workflow_type(&child).await?.is_some() {
        return Ok(child);
    }
    let raw = slice_id.as_str();
    match client.workflow_type(raw).await?.as_deref() {
        Some(names::SLICE_WORKFLOW) => Ok(raw.to_owned()),
        _ => Err(Error::NotFound { workflow_id: child }.into()),
    }
}
