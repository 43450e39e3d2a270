//! `aura-msg epoch show`: all that is known of one epoch, and what comes next.

mod drawn;
pub(in crate::cli) mod json;

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::Serialize;

use super::next::Next;
use crate::cli::args::EpochArgs;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::Report;
use crate::cli::paint::Paint;
use crate::cli::table;
use crate::contract::query::QueryStateResult;
use crate::protocol::{PhaseId, Timestamp};

/// An epoch as it was seen at a moment.
pub(in crate::cli::commands) struct Seen<'a> {
    /// Its id.
    pub(in crate::cli::commands) epoch_id: &'a str,
    /// What its worker tells.
    pub(in crate::cli::commands) state: &'a QueryStateResult,
    /// How its execution ended, if it has.
    pub(in crate::cli::commands) ending: Option<&'a str>,
    /// The moment.
    pub(in crate::cli::commands) now: Timestamp,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: EpochArgs) -> Answer {
    let epoch_id = context.epoch_id(&args)?;
    let client = context.connect().await?;
    let state = client.state(&epoch_id).await?;
    let ending = client.ending(&epoch_id).await?;
    let seen = Seen {
        epoch_id: &epoch_id,
        state: &state,
        ending: ending.as_deref(),
        now: table::now(),
    };
    seen.report(context.paint)
}

impl Seen<'_> {
    /// What is told of it.
    pub(in crate::cli::commands) fn report(&self, paint: Paint) -> Answer {
        Ok(Report {
            text: self.painted(paint).join("\n"),
            json: serde_json::to_string_pretty(&self.output()).map_err(Failure::internal)?,
            notices: Vec::new(),
        })
    }

    /// Its lines, painted.
    pub(super) fn painted(&self, paint: Paint) -> Vec<String> {
        self.lines().iter().map(|line| paint.epoch(line)).collect()
    }

    /// What comes next.
    pub(super) fn next(&self) -> Next {
        Next::after(self.state, self.ending)
    }

    /// How it stands: in its own word, and in the server's where that knows better.
    pub(super) fn status(&self) -> String {
        let own = self.state.more.as_ref().map(|more| more.status.to_string());
        match (own, self.ending) {
            (None, None) => "running".to_owned(),
            (Some(own), None) => own,
            (Some(own), Some(_)) if !matches!(own.as_str(), "running" | "cancelling") => own,
            (_, Some("completed")) => "complete".to_owned(),
            (_, Some(ending)) => ending.to_owned(),
        }
    }
}

/// Where a phase is, seen from the present one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Place {
    /// It has been left.
    Done,
    /// The epoch is in it.
    Current,
    /// It was left before a way back, and comes again.
    Again,
    /// It has not been entered.
    ToCome,
}

impl Place {
    fn of(phase: PhaseId, state: &QueryStateResult) -> Self {
        let left = state
            .more
            .as_ref()
            .is_some_and(|more| more.completed_phases.contains(&phase));
        match phase.cmp(&state.current_phase) {
            std::cmp::Ordering::Less => Self::Done,
            std::cmp::Ordering::Equal => Self::Current,
            std::cmp::Ordering::Greater if left => Self::Again,
            std::cmp::Ordering::Greater => Self::ToCome,
        }
    }

    const fn sign(self) -> char {
        match self {
            Self::Done => '✓',
            Self::Current => '▶',
            Self::Again => '↻',
            Self::ToCome => '·',
        }
    }
}
