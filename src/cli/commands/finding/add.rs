//! `aura-msg finding add`.

use clap::Args;

use crate::cli::args::{EpochArgs, MessageArgs};
use crate::cli::commands::{Answer, message};
use crate::cli::context::Context;
use crate::cli::input;
use crate::contract::epoch::FindingSignal;
use crate::contract::names::signal;
use crate::protocol::limits::TEXT;

/// The words of `aura-msg finding add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    #[command(flatten)]
    epoch: EpochArgs,

    /// Id of the finding, unique in the epoch
    #[arg(long, value_name = "ID")]
    finding_id: String,

    /// How much it matters: BLOCKER, IMPORTANT or MINOR, in upper or lower case
    #[arg(long)]
    severity: String,

    /// What was found
    #[arg(long, value_name = "TEXT")]
    summary: String,

    /// Id of the slice that it concerns
    #[arg(long, value_name = "ID")]
    slice_id: Option<String>,

    /// Who found it
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "NAME"
    )]
    reported_by: String,

    #[command(flatten)]
    message: MessageArgs,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: AddArgs) -> Answer {
    let epoch_id = context.epoch_id(&args.epoch)?;
    let slice_id = match &args.slice_id {
        Some(id) => Some(input::id("--slice-id", "slice id", id)?),
        None => None,
    };
    let body = FindingSignal {
        finding_id: input::id("--finding-id", "finding id", &args.finding_id)?,
        severity: input::word_in_any_case("--severity", &args.severity)?,
        summary: input::text("--summary", &args.summary, TEXT)?,
        slice_id,
        reported_by: input::text("--reported-by", &args.reported_by, TEXT)?,
    };
    message::send(
        context,
        &args.message,
        &epoch_id,
        signal::RECORD_FINDING,
        body,
    )
    .await
}
