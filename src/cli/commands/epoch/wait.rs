//! `aura-msg epoch wait`.

use clap::Args;

use crate::cli::args::EpochArgs;
use crate::cli::commands::Answer;
use crate::cli::commands::query::state;
use crate::cli::context::Context;
use crate::cli::input;

/// The words of `aura-msg epoch wait`.
#[derive(Debug, Args)]
pub struct WaitArgs {
    #[command(flatten)]
    epoch: EpochArgs,

    /// Phase to wait for, named as for phase advance
    #[arg(long, default_value = "complete", value_name = "PHASE")]
    until: String,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: WaitArgs) -> Answer {
    let epoch_id = context.epoch_id(&args.epoch)?;
    let until = input::phase("--until", &args.until)?;
    let state = context.connect().await?.wait(&epoch_id, until).await?;
    state::report(&state)
}
