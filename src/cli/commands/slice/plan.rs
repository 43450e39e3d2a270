//! `aura-msg slice plan`.

use clap::Args;

use super::ending::{self, EndArgs};
use super::plan_file;
use crate::cli::args::{EpochArgs, MessageArgs};
use crate::cli::commands::{Answer, message};
use crate::cli::context::{self, Context};
use crate::cli::failure::Failure;
use crate::cli::files::Source;
use crate::contract::epoch::PlanSlicesSignal;
use crate::contract::names::signal;

/// What the file has to say.
const AFTER_HELP: &str = "\
A plan is TOML:
  fail_fast = false                # true: cancel the running slices when one fails

  [[slice]]
  id = \"parser\"
  runner = \"claude\"                # of aurad's configuration
  prompt_file = \"parser.md\"        # beside the plan; or prompt = \"the text itself\"
  leaf = [\"lexer\", \"grammar\"]      # leaf tasks, whose progress is shown
  timeout = \"30m\"                  # time that its command may take
  about = \"read the language\"

  [[slice]]
  id = \"docs\"
  after = [\"parser\"]               # runs when these have succeeded
  mode = \"mock\"                    # subprocess, tmux or mock";

/// The words of `aura-msg slice plan`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct PlanArgs {
    #[command(flatten)]
    epoch: EpochArgs,

    /// The file with the plan, or - for standard input
    #[arg(long, value_name = "FILE")]
    file: String,

    #[command(flatten)]
    end: EndArgs,

    #[command(flatten)]
    message: MessageArgs,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: PlanArgs) -> Answer {
    args.end.check(&args.message)?;
    let delivery = context::delivery(&args.message)?;
    let (epoch_id, plan) = said(context, &args).await?;
    let ids: Vec<String> = plan
        .slices
        .iter()
        .map(|slice| slice.slice_id.clone())
        .collect();
    let client = context.connect().await?;
    let report =
        message::send_with(&client, &delivery, &epoch_id, signal::PLAN_SLICES, plan).await?;
    ending::wait_if_asked(context, &args.end, client, &epoch_id, &ids, report).await
}

/// The epoch that is meant, and what it is told.
pub(in crate::cli::commands) async fn said(
    context: &Context<'_>,
    args: &PlanArgs,
) -> Result<(String, PlanSlicesSignal), Failure> {
    let epoch_id = context.epoch_id(&args.epoch)?;
    let plan = plan_file::read(&Source::of_flag("--file", &args.file)).await?;
    Ok((epoch_id, plan))
}
