//! `aura-msg epoch cancel`.

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::args::EpochArgs;
use crate::cli::commands::Answer;
use crate::cli::context::{Context, fresh_id};
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::output::Report;

/// The words of `aura-msg epoch cancel`.
#[derive(Debug, Args)]
pub struct CancelArgs {
    #[command(flatten)]
    epoch: EpochArgs,

    /// Id of this request: sent again under it, it takes effect only once [default: a new one]
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
}

/// An epoch that was cancelled.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output<'a> {
    /// Always true: it has ended.
    success: bool,
    /// Its workflow's id, which is the epoch's own.
    workflow_id: &'a str,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: CancelArgs) -> Answer {
    let epoch_id = context.epoch_id(&args.epoch)?;
    let request_id = args
        .request_id
        .as_deref()
        .map_or_else(|| Ok(fresh_id()), input::request_id)?;
    context
        .connect()
        .await?
        .cancel(&epoch_id, &request_id)
        .await?;
    let output = Output {
        success: true,
        workflow_id: &epoch_id,
    };
    Ok(Report {
        text: format!("Epoch cancelled: workflow_id={epoch_id}"),
        json: serde_json::to_string(&output).map_err(Failure::internal)?,
        notices: Vec::new(),
    })
}
