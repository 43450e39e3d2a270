//! `aura-msg epoch list`: the epochs by what they show to searches.

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::output::Report;
use crate::cli::table;
use crate::client::{Listed, Wanted};
use crate::contract::time::WireTime;
use crate::protocol::{PhaseId, RoleId, Timestamp};

/// The words of `aura-msg epoch list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only those in this phase, named as for phase advance
    #[arg(long)]
    phase: Option<String>,

    /// Only those that are running, complete, cancelled, terminated or failed
    #[arg(long)]
    status: Option<String>,

    /// Only those where this role acts next: epoch, architect, reviewer, supervisor or worker
    #[arg(long)]
    role: Option<String>,

    /// How many at most, the latest first
    #[arg(long, default_value = "50", value_name = "N")]
    limit: String,

    /// List closed epochs too, each of their runs for itself
    #[arg(long)]
    all: bool,
}

/// An epoch among others, as the server's index has it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Epoch")]
pub(in crate::cli) struct Item<'a> {
    /// Its id.
    epoch_id: &'a str,
    /// The run: an epoch with a long history goes on in further ones.
    run_id: &'a str,
    /// How it stands: its own word while it is open, then the server's.
    status: &'a str,
    /// Its phase; null where the server's index has none.
    #[schemars(with = "Option<PhaseId>")]
    current_phase: Option<&'a str>,
    /// The role that acts next.
    #[schemars(with = "Option<RoleId>")]
    current_role: Option<&'a str>,
    /// Whose concern the phase is; empty at the end.
    domain: Option<&'a str>,
    /// The kind of its last event.
    last_event_type: Option<&'a str>,
    /// When this run began.
    started_at: Option<WireTime>,
    /// When it closed.
    closed_at: Option<WireTime>,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: ListArgs) -> Answer {
    let phase = args.phase.as_deref();
    let role = args.role.as_deref();
    let standing = args.status.as_deref();
    let wanted = Wanted {
        phase: phase
            .map(|text| input::phase("--phase", text))
            .transpose()?,
        role: role.map(|text| input::word("--role", text)).transpose()?,
        standing: standing
            .map(|text| input::word("--status", text))
            .transpose()?,
        closed_too: args.all,
    };
    let limit = input::number("--limit", &args.limit)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (epochs, has_more) = context.connect().await?.list(&wanted, limit).await?;
    report(&epochs, has_more, table::now())
}

/// What is told of epochs; `has_more` says that there are others.
pub(in crate::cli::commands) fn report(
    epochs: &[Listed],
    has_more: bool,
    now: Timestamp,
) -> Answer {
    let items: Vec<Item<'_>> = epochs.iter().map(Into::into).collect();
    let count = epochs.len();
    let notice = has_more
        .then(|| format!("there are more than these {count}: --limit N shows more of them"));
    Ok(Report {
        text: text(epochs, now),
        json: serde_json::to_string_pretty(&items).map_err(Failure::internal)?,
        notices: notice.into_iter().collect(),
    })
}

fn text(epochs: &[Listed], now: Timestamp) -> String {
    if epochs.is_empty() {
        return "No epochs".to_owned();
    }
    let rows = epochs.iter().map(|epoch| {
        let told = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let ago = |at| table::before(at, now);
        vec![
            epoch.epoch_id.clone(),
            epoch.status.clone(),
            told(&epoch.phase),
            told(&epoch.role),
            epoch.started_at.map_or_else(|| "-".to_owned(), ago),
            epoch.closed_at.map_or_else(|| "-".to_owned(), ago),
            told(&epoch.last_event_type),
        ]
    });
    let head = [
        "EPOCH",
        "STATUS",
        "PHASE",
        "ROLE",
        "STARTED",
        "CLOSED",
        "LAST EVENT",
    ];
    table::lines(&head, rows.collect()).join("\n")
}

impl<'a> From<&'a Listed> for Item<'a> {
    fn from(epoch: &'a Listed) -> Self {
        Self {
            epoch_id: &epoch.epoch_id,
            run_id: &epoch.run_id,
            status: &epoch.status,
            current_phase: epoch.phase.as_deref(),
            current_role: epoch.role.as_deref(),
            domain: epoch.domain.as_deref(),
            last_event_type: epoch.last_event_type.as_deref(),
            started_at: epoch.started_at,
            closed_at: epoch.closed_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_says_when_it_knows_and_a_dash_when_not() {
        let started = Timestamp::from_micros(1_767_225_600_000_000);
        let now = Timestamp::from_micros(started.as_micros() + 7_300_000_000);
        let known = Listed {
            epoch_id: "fix-login".to_owned(),
            run_id: "r".to_owned(),
            status: "running".to_owned(),
            phase: Some("p4".to_owned()),
            role: Some("reviewer".to_owned()),
            domain: Some("plan".to_owned()),
            last_event_type: Some("vote_recorded".to_owned()),
            started_at: Some(WireTime(started)),
            closed_at: None,
        };
        let unknown = Listed {
            epoch_id: "e".to_owned(),
            status: "terminated".to_owned(),
            phase: None,
            role: None,
            last_event_type: None,
            closed_at: Some(WireTime(now)),
            ..known.clone()
        };
        assert_eq!(
            text(&[known, unknown], now),
            "EPOCH      STATUS      PHASE  ROLE      STARTED  CLOSED  LAST EVENT\n\
             fix-login  running     p4     reviewer  2h       -       vote_recorded\n\
             e          terminated  -      -         2h       0s      -"
        );
        assert_eq!(text(&[], now), "No epochs");
    }
}
