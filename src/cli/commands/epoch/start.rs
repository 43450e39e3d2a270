//! `aura-msg epoch start`.

use std::fmt::Write;

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use super::watch::has_ended;
use crate::cli::args::EpochArgs;
use crate::cli::commands::Answer;
use crate::cli::context::{Context, fresh_id};
use crate::cli::failure::{Failure, Kind};
use crate::cli::input;
use crate::cli::output::Report;
use crate::client::{Client, IfExists, NewEpoch};
use crate::config::Layer;
use crate::contract::epoch::{EpochInput, EpochSettings};
use crate::contract::query::QueryStateResult;
use crate::protocol::PhaseId;
use crate::protocol::limits;
use crate::protocol::state::{EpochStatus, State};

/// The words of `aura-msg epoch start`.
#[derive(Debug, Args)]
pub struct StartArgs {
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

    #[arg(
        long,
        help = "Wait until it has ended: exit code 0 if it is complete, 3 if not; without \
                --timeout, for as long as it takes"
    )]
    wait: bool,

    /// Id of this request: sent again under it, it takes effect only once [default: a new one]
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
}

/// An epoch that was started, or is running.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output {
    /// Its workflow's id, which is the epoch's own.
    workflow_id: String,
    /// The run of it.
    run_id: String,
    /// Whether it was there already.
    existed: bool,
    #[serde(flatten)]
    end: Option<End>,
}

/// How it ended; there only with --wait.
#[derive(Debug, Serialize, JsonSchema)]
struct End {
    /// Always complete: another end is an error.
    status: EpochStatus,
    /// The moves that it took.
    successful_transition_count: u64,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: StartArgs) -> Answer {
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
    let client = context.connect().await?;
    let started = client.start(&epoch, &request_id).await?;
    let what = if started.existed {
        "Epoch is running"
    } else {
        "Epoch started"
    };
    let mut text = format!(
        "{what}: workflow_id={} run_id={}",
        started.workflow_id, started.run_id
    );
    let mut end = None;
    if args.wait {
        let done = if started.existed {
            "the epoch was running already"
        } else {
            "the epoch was started"
        };
        let moves = wait(context, client, &started.workflow_id, done).await?;
        let _ = write!(text, "\nEpoch complete after {moves} moves");
        end = Some(End {
            status: EpochStatus::Complete,
            successful_transition_count: moves,
        });
    }
    let output = Output {
        workflow_id: started.workflow_id,
        run_id: started.run_id,
        existed: started.existed,
        end,
    };
    Ok(Report {
        text,
        json: serde_json::to_string(&output).map_err(Failure::internal)?,
        notices: Vec::new(),
    })
}

/// Waits for the end of an epoch that is there as `done` says; answers with its moves if it is
/// complete.
async fn wait(
    context: &Context<'_>,
    client: Client,
    epoch_id: &str,
    done: &str,
) -> Result<u64, Failure> {
    // The default limit is one for answers, not for work.
    let has_limit = context.settings.timeout.source.layer() == Layer::Flag;
    let end = |state: &QueryStateResult| has_ended(state).then(|| state.clone());
    let state = client
        .watch(epoch_id, "its end", has_limit, end)
        .await
        .map_err(|error| Failure::after(done, error))?;
    if state.current_phase == PhaseId::Complete {
        return Ok(state.more.map_or_else(
            || {
                let tries = state.transition_history.iter();
                tries.filter(|record| record.success).count() as u64
            },
            |more| more.successful_transition_count,
        ));
    }
    Err(Failure::new(
        Kind::Workflow,
        "cancelled",
        format!("epoch '{epoch_id}' was cancelled"),
        format!("somebody cancelled it in {}", state.current_phase),
        "it is over, and its work is not complete",
        "see `aura-msg epoch history`, and start a new epoch for further work",
    ))
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
