//! `aura-msg slice progress`.

use clap::Args;

use super::lookup::SliceArgs;
use crate::cli::args::MessageArgs;
use crate::cli::commands::{Answer, message};
use crate::cli::context::Context;
use crate::cli::input;
use crate::contract::epoch::SliceProgressSignal;
use crate::contract::names::signal;
use crate::protocol::limits::TEXT;

/// The words of `aura-msg slice progress`.
#[derive(Debug, Args)]
pub struct ProgressArgs {
    #[command(flatten)]
    slice: SliceArgs,

    /// The leaf task that it is about
    #[arg(long, value_name = "TASK")]
    leaf: String,

    /// What is being done for it
    #[arg(long, default_value = "execute", value_name = "NAME")]
    stage: String,

    /// It is done
    #[arg(long)]
    done: bool,

    #[command(flatten)]
    message: MessageArgs,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: ProgressArgs) -> Answer {
    let wanted = args.slice.check(context)?;
    let body = SliceProgressSignal {
        slice_id: wanted.slice_id.to_string(),
        leaf_task_id: input::id("--leaf", "leaf task", &args.leaf)?,
        stage_name: input::text("--stage", &args.stage, TEXT)?,
        completed: args.done,
    };
    message::send(
        context,
        &args.message,
        &wanted.epoch_id,
        signal::SLICE_PROGRESS,
        body,
    )
    .await
}
