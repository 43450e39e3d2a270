//! `aura-msg phase advance`.

use clap::Args;

use crate::cli::args::{EpochArgs, MessageArgs};
use crate::cli::commands::{Answer, message};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::contract::epoch::PhaseAdvanceSignal;
use crate::contract::names::signal;
use crate::protocol::limits::TEXT;

/// The words of `aura-msg phase advance`.
#[derive(Debug, Args)]
pub struct AdvanceArgs {
    #[command(flatten)]
    epoch: EpochArgs,

    /// Where to: 2, p2, elicit or p2-elicit, and so on up to 12, or complete
    #[arg(long, value_name = "PHASE")]
    to_phase: String,

    /// Who moves it
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "NAME"
    )]
    triggered_by: String,

    /// What condition is met
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TEXT"
    )]
    condition: String,

    /// Go beyond the allowed number of review rounds, for this reason
    #[arg(long = "override", value_name = "REASON")]
    override_reason: Option<String>,

    #[command(flatten)]
    message: MessageArgs,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: AdvanceArgs) -> Answer {
    let (epoch_id, body) = said(context, &args)?;
    message::send(
        context,
        &args.message,
        &epoch_id,
        signal::ADVANCE_PHASE,
        body,
    )
    .await
}

/// The epoch that is meant, and what it is told.
pub(in crate::cli::commands) fn said(
    context: &Context<'_>,
    args: &AdvanceArgs,
) -> Result<(String, PhaseAdvanceSignal), Failure> {
    let epoch_id = context.epoch_id(&args.epoch)?;
    let override_reason = match &args.override_reason {
        Some(reason) => Some(input::text("--override", reason, TEXT)?),
        None => None,
    };
    let body = PhaseAdvanceSignal {
        to_phase: input::phase("--to-phase", &args.to_phase)?,
        triggered_by: input::text("--triggered-by", &args.triggered_by, TEXT)?,
        condition_met: input::text("--condition", &args.condition, TEXT)?,
        override_reason,
    };
    Ok((epoch_id, body))
}
