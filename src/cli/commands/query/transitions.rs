//! `aura-msg query transitions`.

use crate::cli::args::EpochArgs;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::{Report, one_line};
use crate::contract::query::Transition;

pub(in crate::cli) async fn run(context: &Context<'_>, args: EpochArgs) -> Answer {
    let epoch_id = context.epoch_id(&args)?;
    let steps = context.connect().await?.transitions(&epoch_id).await?;
    report(&steps)
}

/// What is told of steps.
pub(in crate::cli::commands) fn report(steps: &[Transition]) -> Answer {
    let lines: Vec<String> = steps
        .iter()
        .map(|step| {
            let action = step.action.as_deref();
            let action = action.map(|action| format!("; then {action}"));
            let action = action.unwrap_or_default();
            one_line(&format!(
                "-> {} ({}){action}",
                step.to_phase, step.condition
            ))
        })
        .collect();
    let text = if lines.is_empty() {
        "No transition is available".to_owned()
    } else {
        lines.join("\n")
    };
    Ok(Report {
        text,
        json: serde_json::to_string_pretty(steps).map_err(Failure::internal)?,
        notices: Vec::new(),
    })
}
