//! `aura-msg session end`.

use clap::Args;

use crate::cli::args::{EpochArgs, MessageArgs};
use crate::cli::commands::{Answer, message};
use crate::cli::context::Context;
use crate::cli::input;
use crate::contract::epoch::SessionNoteSignal;
use crate::contract::names::signal;
use crate::protocol::limits::TEXT;

/// The words of `aura-msg session end`.
#[derive(Debug, Args)]
pub struct EndArgs {
    #[command(flatten)]
    epoch: EpochArgs,

    /// Id of the session
    #[arg(long, value_name = "ID")]
    session_id: String,

    /// Why, for the audit trail
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

pub(in crate::cli) async fn run(context: &Context<'_>, args: EndArgs) -> Answer {
    let epoch_id = context.epoch_id(&args.epoch)?;
    let body = SessionNoteSignal {
        session_id: input::id("--session-id", "session id", &args.session_id)?,
        reason: input::text("--reason", &args.reason, TEXT)?,
    };
    message::send(context, &args.message, &epoch_id, signal::END_SESSION, body).await
}
