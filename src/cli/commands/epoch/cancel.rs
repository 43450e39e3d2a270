//! `aura-msg epoch cancel`.

use clap::Args;
use serde_json::json;

use crate::cli::args::{Common, EpochArgs};
use crate::cli::commands::Answer;
use crate::cli::context::{Context, fresh_id};
use crate::cli::input;
use crate::cli::output::Report;

/// The words of `aura-msg epoch cancel`.
#[derive(Debug, Args)]
pub struct CancelArgs {
    #[command(flatten)]
    pub(in crate::cli) own: Own,
    #[command(flatten)]
    pub(in crate::cli) common: Common,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Own {
    #[command(flatten)]
    epoch: EpochArgs,

    /// Id of this request: sent again under it, it takes effect only once [default: a new one]
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: Own) -> Answer {
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
    Ok(Report {
        text: format!("Epoch cancelled: workflow_id={epoch_id}"),
        json: json!({ "success": true, "workflow_id": epoch_id }).to_string(),
        notices: Vec::new(),
    })
}
