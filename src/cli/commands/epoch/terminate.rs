//! `aura-msg epoch terminate`.

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::args::EpochArgs;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::output::Report;
use crate::protocol::limits;

/// The words of `aura-msg epoch terminate`.
#[derive(Debug, Args)]
pub struct TerminateArgs {
    #[command(flatten)]
    epoch: EpochArgs,

    /// Why; it is kept in the history
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TEXT"
    )]
    reason: String,
}

/// An epoch that was terminated.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output<'a> {
    /// Always true: it has ended.
    success: bool,
    /// Its workflow's id, which is the epoch's own.
    workflow_id: &'a str,
    /// How many children were ended with it.
    children: usize,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: TerminateArgs) -> Answer {
    let epoch_id = context.epoch_id(&args.epoch)?;
    let reason = input::text("--reason", &args.reason, limits::TEXT)?;
    let children = context
        .connect()
        .await?
        .terminate(&epoch_id, &reason)
        .await?;
    let output = Output {
        success: true,
        workflow_id: &epoch_id,
        children,
    };
    Ok(Report {
        text: format!("Epoch terminated: workflow_id={epoch_id} children={children}"),
        json: serde_json::to_string(&output).map_err(Failure::internal)?,
        notices: Vec::new(),
    })
}
