//! `aura-msg session register`.

use clap::Args;

use crate::cli::args::{EpochArgs, MessageArgs};
use crate::cli::commands::{Answer, message};
use crate::cli::context::Context;
use crate::cli::input;
use crate::contract::epoch::SessionRegisterSignal;
use crate::contract::names::signal;
use crate::protocol::limits::TEXT;

/// The words of `aura-msg session register`.
#[derive(Debug, Args)]
pub struct RegisterArgs {
    #[command(flatten)]
    epoch: EpochArgs,

    /// Id of the session
    #[arg(long, value_name = "ID")]
    session_id: String,

    /// Its role: epoch, architect, reviewer, supervisor or worker
    #[arg(long)]
    role: String,

    /// Program that runs the agent, such as claude-code
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "NAME"
    )]
    model_harness: String,

    /// Model that the agent uses
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "NAME"
    )]
    model: String,

    #[command(flatten)]
    message: MessageArgs,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: RegisterArgs) -> Answer {
    let epoch_id = context.epoch_id(&args.epoch)?;
    let role = match args.role.as_str() {
        "" => None,
        role => Some(input::word("--role", role)?),
    };
    let body = SessionRegisterSignal {
        epoch_id: epoch_id.clone(),
        session_id: input::id("--session-id", "session id", &args.session_id)?,
        role,
        model_harness: input::text("--model-harness", &args.model_harness, TEXT)?,
        model: input::text("--model", &args.model, TEXT)?,
    };
    message::send(
        context,
        &args.message,
        &epoch_id,
        signal::REGISTER_SESSION,
        body,
    )
    .await
}
