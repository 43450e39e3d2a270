//! `aura-msg epoch start`.

use clap::Args;
use serde_json::json;

use crate::cli::args::{Common, EpochArgs};
use crate::cli::commands::Answer;
use crate::cli::context::{Context, fresh_id};
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::output::Report;
use crate::client::{IfExists, NewEpoch};
use crate::contract::epoch::{EpochInput, EpochSettings};
use crate::protocol::limits;
use crate::protocol::state::State;

/// The words of `aura-msg epoch start`.
#[derive(Debug, Args)]
pub struct StartArgs {
    #[command(flatten)]
    pub(in crate::cli) own: Own,
    #[command(flatten)]
    pub(in crate::cli) common: Common,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Own {
    #[command(flatten)]
    epoch: EpochArgs,

    /// What is asked for
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TEXT"
    )]
    description: String,

    /// What to do if that epoch is open: fail, use it, or restart it (needs --yes)
    #[arg(long, default_value = "fail", value_name = "ACTION")]
    if_exists: String,

    /// Let --if-exists restart end the open epoch
    #[arg(long)]
    yes: bool,

    /// Review rounds allowed in a row without consensus, or none for any number
    #[arg(long, default_value = "3", value_name = "N")]
    max_rounds: String,

    /// Slices that may run side by side
    #[arg(long, default_value = "4", value_name = "N")]
    parallel_slices: String,

    /// Cancel the running slices when one fails
    #[arg(long)]
    fail_fast: bool,

    /// Id of this request: sent again under it, it takes effect only once [default: a new one]
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: Own) -> Answer {
    let epoch_id = context.new_epoch_id(&args.epoch)?;
    let request_description = input::text("--description", &args.description, limits::DESCRIPTION)?;
    let request_id = args
        .request_id
        .as_deref()
        .map_or_else(|| Ok(fresh_id()), input::request_id)?;
    let settings = EpochSettings {
        max_rounds: max_rounds(&args.max_rounds)?,
        parallel_slices: input::number("--parallel-slices", &args.parallel_slices)?,
        fail_fast: args.fail_fast,
        ..EpochSettings::for_new_epochs()
    };
    let epoch = NewEpoch {
        input: EpochInput {
            epoch_id,
            request_description,
            rules_version: State::NEWEST_RULES,
            settings,
            carried: None,
        },
        task_queue: context.settings.task_queue.value.clone(),
        if_exists: if_exists(&args.if_exists, args.yes)?,
    };
    let started = context.connect().await?.start(&epoch, &request_id).await?;
    let what = if started.existed {
        "Epoch is running"
    } else {
        "Epoch started"
    };
    Ok(Report {
        text: format!(
            "{what}: workflow_id={} run_id={}",
            started.workflow_id, started.run_id
        ),
        json: json!({
            "workflow_id": started.workflow_id,
            "run_id": started.run_id,
            "existed": started.existed,
        })
        .to_string(),
        notices: Vec::new(),
    })
}

fn if_exists(word: &str, yes: bool) -> Result<IfExists, Failure> {
    match word {
        "fail" => Ok(IfExists::Fail),
        "use" => Ok(IfExists::Use),
        "restart" if yes => Ok(IfExists::Restart),
        "restart" => Err(Failure::invalid(
            "confirmation_missing",
            "--if-exists restart would end an open epoch",
            "the work in progress of the open epoch would be lost",
            "add --yes if that is what you want",
        )),
        other => Err(Failure::invalid(
            "unknown_if_exists",
            format!("unknown action '{}'", input::cut(other)),
            "valid: fail, use, restart",
            "give --if-exists one of the valid values",
        )),
    }
}

fn max_rounds(text: &str) -> Result<Option<u32>, Failure> {
    match text {
        "none" => Ok(None),
        number => match input::number("--max-rounds", number) {
            Ok(number) => Ok(Some(number)),
            Err(failure) => Err(Failure {
                why: format!("{}, or none", failure.why),
                ..failure
            }),
        },
    }
}
