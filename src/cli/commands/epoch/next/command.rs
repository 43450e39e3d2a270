//! `aura-msg epoch next`: only who acts next and what to type, for those who need not see
//! the whole epoch.

use schemars::JsonSchema;
use serde::Serialize;

use super::Told;
use crate::cli::args::EpochArgs;
use crate::cli::commands::Answer;
use crate::cli::commands::epoch::show::Seen;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::{Report, one_line};
use crate::cli::table;
use crate::protocol::{PhaseId, RoleId};

/// Where an epoch is, and what comes next.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output<'a> {
    /// Its id.
    epoch_id: &'a str,
    /// How it stands: in its own word, and in the server's where that knows better.
    status: String,
    /// Where it is.
    current_phase: PhaseId,
    /// The role that acts.
    current_role: RoleId,
    #[serde(flatten)]
    next: Told,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: EpochArgs) -> Answer {
    let epoch_id = context.epoch_id(&args)?;
    let client = context.connect().await?;
    let state = client.state(&epoch_id).await?;
    let ending = client.ending(&epoch_id).await?;
    report(&Seen {
        epoch_id: &epoch_id,
        state: &state,
        ending: ending.as_deref(),
        now: table::now(),
    })
}

/// What is told of it.
pub(in crate::cli::commands) fn report(seen: &Seen<'_>) -> Answer {
    let Seen {
        epoch_id, state, ..
    } = seen;
    let next = seen.next();
    let output = Output {
        epoch_id,
        status: seen.status(),
        current_phase: state.current_phase,
        current_role: state.current_role,
        next: next.told(epoch_id),
    };
    let first = format!(
        "{epoch_id} is in {} ({})",
        state.current_phase, output.status
    );
    // Texts of others are among them, and must not pass for lines of ours.
    let lines = [first].into_iter().chain(next.lines(epoch_id));
    let lines: Vec<String> = lines.map(|line| one_line(&line)).collect();
    Ok(Report {
        text: lines.join("\n"),
        json: serde_json::to_string_pretty(&output).map_err(Failure::internal)?,
        notices: Vec::new(),
    })
}
