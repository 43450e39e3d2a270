//! `aura-msg finding list`.

use clap::Args;

use crate::cli::args::EpochArgs;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::cli::output::Report;
use crate::cli::table;
use crate::contract::query::FindingView;
use crate::protocol::Timestamp;

/// The words of `aura-msg finding list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    epoch: EpochArgs,

    /// List the resolved ones too
    #[arg(long)]
    all: bool,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: ListArgs) -> Answer {
    let epoch_id = context.epoch_id(&args.epoch)?;
    let state = context.connect().await?.state(&epoch_id).await?;
    let more = state.more.ok_or_else(|| {
        Failure::new(
            Kind::Workflow,
            "cannot_tell",
            "this epoch's worker tells nothing of findings",
            "it is of another implementation, or of an earlier release",
            "nothing was changed",
            "run the epoch on an aurad of this release",
        )
    })?;
    report(&more.findings, args.all, table::now())
}

/// What is told of findings, of the resolved ones only if all are wanted.
pub(in crate::cli::commands) fn report(
    all: &[FindingView],
    wants_all: bool,
    now: Timestamp,
) -> Answer {
    let found: Vec<&FindingView> = all
        .iter()
        .filter(|found| wants_all || found.resolution.is_none())
        .collect();
    let text = match (found.is_empty(), wants_all) {
        (true, true) => "No findings".to_owned(),
        (true, false) => "No open findings".to_owned(),
        _ => lines(&found, now).join("\n"),
    };
    Ok(Report {
        text,
        json: serde_json::to_string_pretty(&found).map_err(Failure::internal)?,
        notices: Vec::new(),
    })
}

/// The table, for people; the gravest first.
pub(in crate::cli) fn lines(found: &[&FindingView], now: Timestamp) -> Vec<String> {
    let dash = |text: &str| match text {
        "" => "-".to_owned(),
        text => text.to_owned(),
    };
    let mut found = found.to_vec();
    found.sort_by_key(|found| found.severity);
    let rows = found.into_iter().map(|found| {
        let state = match &found.resolution {
            None => "open".to_owned(),
            Some(_) => "resolved".to_owned(),
        };
        let note = match &found.resolution {
            Some(done) if !done.is_empty() => format!("{}; resolved: {done}", found.summary),
            _ => found.summary.clone(),
        };
        vec![
            found.finding_id.clone(),
            found.severity.to_string(),
            state,
            table::before(found.resolved_at.unwrap_or(found.reported_at), now),
            dash(found.slice_id.as_deref().unwrap_or_default()),
            dash(&found.reported_by),
            note,
        ]
    });
    let head = [
        "FINDING", "SEVERITY", "STATE", "SINCE", "SLICE", "BY", "SUMMARY",
    ];
    table::lines(&head, rows.collect())
}
