//! `aura-msg slice start`.

use clap::Args;

use super::ending::{self, EndArgs};
use super::request::{FLAGS, Prompt, Wanted};
use crate::cli::args::{EpochArgs, MessageArgs};
use crate::cli::commands::{Answer, message};
use crate::cli::context::{self, Context};
use crate::cli::failure::Failure;
use crate::cli::files::Source;
use crate::contract::epoch::PlanSlicesSignal;
use crate::contract::names::signal;

/// The words of `aura-msg slice start`.
#[derive(Debug, Args)]
pub struct StartArgs {
    #[command(flatten)]
    epoch: EpochArgs,

    /// Id of the slice, new in its epoch
    #[arg(long, value_name = "ID")]
    slice_id: String,

    /// Slices that must have succeeded before it runs: S1,S2 or the flag several times
    #[arg(long, value_name = "IDS")]
    after: Vec<String>,

    #[arg(
        long,
        help = "How it is carried out: subprocess, tmux, or mock, which runs nothing and succeeds \
                at once [default: subprocess, with a runner]"
    )]
    mode: Option<String>,

    /// The runner of aurad's configuration that carries it out
    #[arg(long, value_name = "NAME")]
    runner: Option<String>,

    #[arg(
        long,
        value_name = "LINE",
        help = "A shell command instead; it fails unless aurad's configuration has allow_shell"
    )]
    command: Option<String>,

    /// What the runner is told, on its standard input
    #[arg(long, value_name = "TEXT", conflicts_with = "prompt_file")]
    prompt: Option<String>,

    /// The file with what the runner is told, or - for standard input
    #[arg(long, value_name = "FILE")]
    prompt_file: Option<String>,

    /// A leaf task of the slice, whose progress is shown; may be repeated
    #[arg(long, value_name = "TASK")]
    leaf: Vec<String>,

    #[arg(
        long,
        value_name = "DURATION",
        help = "Time that the slice's command may take; --timeout is this command's own \
                [default: the runner's, and 5m for --command]"
    )]
    time_limit: Option<String>,

    /// What the slice is about, in a line
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TEXT"
    )]
    about: String,

    /// From now on, cancel the running slices of this epoch when one fails
    #[arg(long)]
    fail_fast: bool,

    #[command(flatten)]
    end: EndArgs,

    #[command(flatten)]
    message: MessageArgs,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: StartArgs) -> Answer {
    let StartArgs {
        epoch,
        slice_id,
        after,
        mode,
        runner,
        command,
        prompt,
        prompt_file,
        leaf,
        time_limit,
        about,
        fail_fast,
        end,
        message,
    } = args;
    let epoch_id = context.epoch_id(&epoch)?;
    end.check(&message)?;
    let delivery = context::delivery(&message)?;
    let prompt = match (prompt, prompt_file) {
        (Some(text), _) => Some(Prompt::Text(text)),
        (None, Some(file)) => Some(Prompt::File(Source::of_flag(FLAGS.prompt_file, &file))),
        (None, None) => None,
    };
    let wanted = Wanted {
        id: slice_id,
        after: listed(&after),
        mode,
        runner,
        command,
        prompt,
        leaves: leaf,
        time_limit,
        about,
    };
    let slice = wanted
        .check(&FLAGS)
        .await
        .map_err(|wrong| -> Failure { wrong.failure })?;
    let ids = vec![slice.slice_id.clone()];
    let client = context.connect().await?;
    let report = if fail_fast {
        // Only a plan can say so, and one slice makes a plan.
        let plan = PlanSlicesSignal {
            slices: vec![slice],
            fail_fast: Some(true),
        };
        message::send_with(&client, &delivery, &epoch_id, signal::PLAN_SLICES, plan).await?
    } else {
        message::send_with(&client, &delivery, &epoch_id, signal::START_SLICE, slice).await?
    };
    ending::wait_if_asked(context, &end, client, &epoch_id, &ids, report).await
}

/// The ids of a list with commas, over all its flags.
fn listed(flags: &[String]) -> Vec<String> {
    flags
        .iter()
        .flat_map(|flag| flag.split(','))
        .map(|id| id.trim_matches(' ').to_owned())
        .collect()
}
