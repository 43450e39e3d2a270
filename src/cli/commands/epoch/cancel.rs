//! `aura-msg epoch cancel`.

use clap::Args;
use serde_json::json;

use crate::cli::args::{Common, EpochArgs};
use crate::cli::commands::Answer;
use crate::cli::context::{Context, fresh_id};
use crate::cli::output::Report;

/// Cancel an epoch, and wait until it has ended
#[derive(Debug, Args)]
pub struct CancelArgs {
    #[command(flatten)]
    pub(in crate::cli) own: EpochArgs,
    #[command(flatten)]
    pub(in crate::cli) common: Common,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: EpochArgs) -> Answer {
    let epoch_id = context.epoch_id(&args)?;
    context
        .connect()
        .await?
        .cancel(&epoch_id, &fresh_id())
        .await?;
    Ok(Report {
        text: format!("Epoch cancelled: workflow_id={epoch_id}"),
        json: json!({ "success": true, "workflow_id": epoch_id }).to_string(),
        notices: Vec::new(),
    })
}
