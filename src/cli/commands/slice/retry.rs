//! `aura-msg slice retry`.

use clap::Args;

use super::ending::{self, EndArgs};
use super::lookup::SliceArgs;
use crate::cli::args::MessageArgs;
use crate::cli::commands::{Answer, message};
use crate::cli::context::{self, Context};
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::contract::epoch::SliceOrderSignal;
use crate::contract::names::signal;
use crate::protocol::limits::TEXT;

/// The words of `aura-msg slice retry`.
#[derive(Debug, Args)]
pub struct RetryArgs {
    #[command(flatten)]
    slice: SliceArgs,

    /// Why it is to run again
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TEXT"
    )]
    reason: String,

    #[command(flatten)]
    end: EndArgs,

    #[command(flatten)]
    message: MessageArgs,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: RetryArgs) -> Answer {
    let (epoch_id, body) = said(context, &args)?;
    args.end.check(&args.message)?;
    let delivery = context::delivery(&args.message)?;
    let ids = vec![body.slice_id.clone()];
    let client = context.connect().await?;
    let report =
        message::send_with(&client, &delivery, &epoch_id, signal::RETRY_SLICE, body).await?;
    ending::wait_if_asked(context, &args.end, client, &epoch_id, &ids, report).await
}

/// The epoch that is meant, and what it is told.
pub(in crate::cli::commands) fn said(
    context: &Context<'_>,
    args: &RetryArgs,
) -> Result<(String, SliceOrderSignal), Failure> {
    let wanted = args.slice.check(context)?;
    let body = SliceOrderSignal {
        slice_id: wanted.slice_id.to_string(),
        reason: input::text("--reason", &args.reason, TEXT)?,
    };
    Ok((wanted.epoch_id, body))
}
