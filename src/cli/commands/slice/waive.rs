//! `aura-msg slice waive`.

use clap::Args;

use super::lookup::SliceArgs;
use crate::cli::args::MessageArgs;
use crate::cli::commands::{Answer, message};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::contract::epoch::SliceOrderSignal;
use crate::contract::names::signal;
use crate::protocol::limits::TEXT;

/// The words of `aura-msg slice waive`.
#[derive(Debug, Args)]
pub struct WaiveArgs {
    #[command(flatten)]
    slice: SliceArgs,

    /// Why it need not succeed; it is kept with the epoch
    #[arg(long, value_name = "TEXT")]
    reason: String,

    #[command(flatten)]
    message: MessageArgs,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: WaiveArgs) -> Answer {
    let (epoch_id, body) = said(context, &args)?;
    message::send(context, &args.message, &epoch_id, signal::WAIVE_SLICE, body).await
}

/// The epoch that is meant, and what it is told.
pub(in crate::cli::commands) fn said(
    context: &Context<'_>,
    args: &WaiveArgs,
) -> Result<(String, SliceOrderSignal), Failure> {
    let wanted = args.slice.check(context)?;
    let reason = input::text("--reason", &args.reason, TEXT)?;
    if reason.trim().is_empty() {
        return Err(Failure::invalid(
            "reason_missing",
            "--reason is empty",
            "a slice that is given up lets the epoch pass without its work",
            "say why it need not succeed",
        ));
    }
    let body = SliceOrderSignal {
        slice_id: wanted.slice_id.to_string(),
        reason,
    };
    Ok((wanted.epoch_id, body))
}
