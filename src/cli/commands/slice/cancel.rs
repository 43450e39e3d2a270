//! `aura-msg slice cancel`.

use clap::Args;

use super::lookup::SliceArgs;
use crate::cli::args::MessageArgs;
use crate::cli::commands::{Answer, message};
use crate::cli::context::Context;
use crate::cli::input;
use crate::contract::epoch::SliceOrderSignal;
use crate::contract::names::signal;
use crate::protocol::limits::TEXT;

/// The words of `aura-msg slice cancel`.
#[derive(Debug, Args)]
pub struct CancelArgs {
    #[command(flatten)]
    slice: SliceArgs,

    /// Why it is to stop
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TEXT"
    )]
    reason: String,

    #[command(flatten)]
    message: MessageArgs,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: CancelArgs) -> Answer {
    let wanted = args.slice.check(context)?;
    let body = SliceOrderSignal {
        slice_id: wanted.slice_id.to_string(),
        reason: input::text("--reason", &args.reason, TEXT)?,
    };
    message::send(
        context,
        &args.message,
        &wanted.epoch_id,
        signal::CANCEL_SLICE,
        body,
    )
    .await
}
