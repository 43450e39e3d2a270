//! `aura-msg signal vote`.

use clap::Args;

use crate::cli::args::{EpochArgs, MessageArgs};
use crate::cli::commands::{Answer, message};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::contract::epoch::ReviewVoteSignal;
use crate::contract::names::signal;
use crate::protocol::limits;

/// The words of `aura-msg signal vote`.
#[derive(Debug, Args)]
pub struct VoteArgs {
    #[command(flatten)]
    epoch: EpochArgs,

    #[arg(
        long,
        help = "What the vote is about: correctness, test_quality or elegance"
    )]
    axis: String,

    /// The verdict: ACCEPT or REVISE, in upper or lower case
    #[arg(long)]
    vote: String,

    /// Who votes
    #[arg(long, default_value = "", hide_default_value = true, value_name = "ID")]
    reviewer_id: String,

    /// What there is to say about the verdict
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,

    /// Vote only if this review round is open [default: the open one]
    #[arg(long, value_name = "N")]
    round: Option<String>,

    #[command(flatten)]
    message: MessageArgs,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: VoteArgs) -> Answer {
    let (epoch_id, body) = said(context, &args)?;
    message::send(context, &args.message, &epoch_id, signal::SUBMIT_VOTE, body).await
}

/// The epoch that is meant, and what it is told.
pub(in crate::cli::commands) fn said(
    context: &Context<'_>,
    args: &VoteArgs,
) -> Result<(String, ReviewVoteSignal), Failure> {
    let epoch_id = context.epoch_id(&args.epoch)?;
    let comment = match &args.comment {
        Some(comment) => Some(input::text("--comment", comment, limits::LONG_TEXT)?),
        None => None,
    };
    let round = match &args.round {
        Some(round) => Some(input::number("--round", round)?),
        None => None,
    };
    let body = ReviewVoteSignal {
        axis: input::word("--axis", &args.axis)?,
        vote: input::word_in_any_case("--vote", &args.vote)?,
        reviewer_id: input::text("--reviewer-id", &args.reviewer_id, limits::TEXT)?,
        comment,
        // What is open says it; only what is passed on late has to.
        phase: None,
        round,
    };
    Ok((epoch_id, body))
}
