//! `aura-msg review show`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::args::EpochArgs;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::cli::output::{self, Report, one_line};
use crate::cli::paint::Paint;
use crate::config::Format;
use crate::contract::query::{MoreState, NoVoteView, RoundView};
use crate::contract::time::WireTime;
use crate::protocol::review::CloseReason;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{PhaseId, Word};

/// An epoch's review rounds.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output<'a> {
    /// The epoch.
    epoch_id: &'a str,
    /// The last rounds, oldest first.
    rounds: Vec<RoundShown<'a>>,
}

/// A review round.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct RoundShown<'a> {
    /// Its phase.
    phase: PhaseId,
    /// Its number in that phase.
    round: u32,
    /// Whether the epoch is in it.
    open: bool,
    /// When it began.
    opened_at: WireTime,
    /// When the epoch left it.
    closed_at: Option<WireTime>,
    /// Why its own workflow is over, if it is.
    review_closed: Option<CloseReason>,
    /// The last vote of each axis.
    votes: Vec<CastVote<'a>>,
    /// The axes that nobody has voted on.
    missing: Vec<ReviewAxis>,
    /// The axes whose reviewers were asked in vain.
    missed: &'a BTreeMap<ReviewAxis, NoVoteView>,
}

/// A vote.
#[derive(Debug, Serialize, JsonSchema)]
struct CastVote<'a> {
    /// What it is about.
    axis: ReviewAxis,
    /// The verdict.
    vote: VoteType,
    /// Who gave it; may be empty.
    reviewer_id: &'a str,
    /// What they said.
    comment: Option<&'a str>,
    /// When.
    at: WireTime,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: EpochArgs) -> Answer {
    let epoch_id = context.epoch_id(&args)?;
    let state = context.connect().await?.state(&epoch_id).await?;
    let more = state.more.as_ref().ok_or_else(|| {
        Failure::new(
            Kind::Workflow,
            "cannot_tell",
            "this epoch's worker tells nothing of review rounds",
            "it is of another implementation, or of an earlier release",
            "nothing was changed",
            "see the live votes with `aura-msg query state`",
        )
    })?;
    report(more, context.settings.format.value, context.paint)
}

/// What is told of an epoch's rounds.
pub(in crate::cli::commands) fn report(more: &MoreState, format: Format, paint: Paint) -> Answer {
    Ok(Report {
        text: text(more)
            .lines()
            .map(|line| paint.epoch(line))
            .collect::<Vec<_>>()
            .join("\n"),
        json: output::listed(format, &whole(more), "rounds")?,
        notices: Vec::new(),
    })
}

/// The axes that nobody has voted on.
fn missing(round: &RoundView) -> Vec<ReviewAxis> {
    let all = ReviewAxis::ALL.iter().copied();
    all.filter(|axis| !round.votes.contains_key(axis)).collect()
}

/// How a round stands.
fn status(round: &RoundView) -> &'static str {
    match (round.closed_at, round.review_closed) {
        (None, Some(CloseReason::Deadline)) => "open, past its deadline",
        (None, _) => "open",
        (Some(_), Some(CloseReason::Consensus)) => "accepted",
        (Some(_), Some(CloseReason::Revise)) => "to be revised",
        (Some(_), _) => "left",
    }
}

fn whole(more: &MoreState) -> Output<'_> {
    Output {
        epoch_id: &more.epoch_id,
        rounds: more.review_rounds.iter().map(round).collect(),
    }
}

fn round(round: &RoundView) -> RoundShown<'_> {
    let votes = round.cast.iter().map(|(axis, cast)| CastVote {
        axis: *axis,
        vote: cast.vote,
        reviewer_id: &cast.reviewer_id,
        comment: cast.comment.as_deref(),
        at: cast.at,
    });
    RoundShown {
        phase: round.phase,
        round: round.round,
        open: round.closed_at.is_none(),
        opened_at: round.opened_at,
        closed_at: round.closed_at,
        review_closed: round.review_closed,
        votes: votes.collect(),
        missing: missing(round),
        missed: &round.missed,
    }
}

fn text(more: &MoreState) -> String {
    if more.review_rounds.is_empty() {
        return "No review rounds".to_owned();
    }
    let longest = ReviewAxis::WORDS.iter().map(|word| word.len()).max();
    let width = longest.unwrap_or(0);
    let mut lines = Vec::new();
    for round in &more.review_rounds {
        lines.push(format!(
            "{} round {}: {}, opened {}",
            round.phase,
            round.round,
            status(round),
            round.opened_at
        ));
        for axis in ReviewAxis::ALL {
            let told = match round.cast.get(axis) {
                Some(cast) => {
                    let by = Some(cast.reviewer_id.as_str()).filter(|by| !by.is_empty());
                    let by = by.map(|by| format!(" by {by}")).unwrap_or_default();
                    format!("{}{by}, {}", cast.vote, cast.at)
                }
                None => round.missed.get(axis).map_or_else(
                    || "missing".to_owned(),
                    |missed| {
                        format!(
                            "missing: {} did not vote, {}",
                            missed.reviewer_id, missed.at
                        )
                    },
                ),
            };
            lines.push(format!("  {:<width$}  {}", axis.word(), one_line(&told)));
            let said = match round.cast.get(axis) {
                Some(cast) => cast.comment.as_deref(),
                None => round.missed.get(axis).map(|missed| missed.why.as_str()),
            };
            let said = said.unwrap_or_default().lines();
            lines.extend(said.map(|line| format!("    | {}", one_line(line))));
        }
    }
    lines.join("\n")
}
