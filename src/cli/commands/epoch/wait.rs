//! `aura-msg epoch wait`.

use clap::Args;

use crate::cli::args::{Common, EpochArgs};
use crate::cli::commands::Answer;
use crate::cli::commands::query::state;
use crate::cli::context::Context;
use crate::cli::input;
use crate::cli::output::Report;

/// Wait until an epoch has come to a phase; --timeout says for how long
#[derive(Debug, Args)]
pub struct WaitArgs {
    #[command(flatten)]
    pub(in crate::cli) own: Own,
    #[command(flatten)]
    pub(in crate::cli) common: Common,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Own {
    #[command(flatten)]
    epoch: EpochArgs,

    /// Wait for this phase, or for `complete`
    #[arg(long, default_value = "complete", value_name = "PHASE")]
    until: String,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: Own) -> Answer {
    let epoch_id = context.epoch_id(&args.epoch)?;
    let until = input::phase(&args.until)?;
    let state = context.connect().await?.wait(&epoch_id, until).await?;
    Ok(Report {
        text: state::text(&state),
        json: state::json(&state)?,
        notices: Vec::new(),
    })
}
