//! `aura-msg finding resolve`.

use clap::Args;

use crate::cli::args::{EpochArgs, MessageArgs};
use crate::cli::commands::{Answer, message};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::contract::epoch::FindingResolveSignal;
use crate::contract::names::signal;
use crate::protocol::limits::TEXT;

/// The words of `aura-msg finding resolve`.
#[derive(Debug, Args)]
pub struct ResolveArgs {
    #[command(flatten)]
    epoch: EpochArgs,

    /// Id of the finding
    #[arg(long, value_name = "ID")]
    finding_id: String,

    /// What was done about it
    #[arg(long, value_name = "TEXT")]
    resolution: String,

    /// Who resolved it
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "NAME"
    )]
    resolved_by: String,

    #[command(flatten)]
    message: MessageArgs,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: ResolveArgs) -> Answer {
    let (epoch_id, body) = said(context, &args)?;
    message::send(
        context,
        &args.message,
        &epoch_id,
        signal::RESOLVE_FINDING,
        body,
    )
    .await
}

/// The epoch that is meant, and what it is told.
pub(in crate::cli::commands) fn said(
    context: &Context<'_>,
    args: &ResolveArgs,
) -> Result<(String, FindingResolveSignal), Failure> {
    let epoch_id = context.epoch_id(&args.epoch)?;
    let body = FindingResolveSignal {
        finding_id: input::id("--finding-id", "finding id", &args.finding_id)?,
        resolution: input::text("--resolution", &args.resolution, TEXT)?,
        resolved_by: input::text("--resolved-by", &args.resolved_by, TEXT)?,
    };
    Ok((epoch_id, body))
}
