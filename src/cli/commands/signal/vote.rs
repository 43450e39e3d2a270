//! `aura-msg signal vote`.

use clap::Args;

use crate::cli::args::{Common, EpochArgs, MessageArgs};
use crate::cli::commands::{Answer, message};
use crate::cli::context::Context;
use crate::cli::input;
use crate::contract::epoch::ReviewVoteSignal;
use crate::contract::names::signal;
use crate::protocol::limits;

/// Vote in a review: one vote per axis, and the last one counts
#[derive(Debug, Args)]
pub struct VoteArgs {
    #[command(flatten)]
    pub(in crate::cli) own: Own,
    #[command(flatten)]
    pub(in crate::cli) common: Common,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Own {
    #[command(flatten)]
    epoch: EpochArgs,

    /// What was looked at: correctness, `test_quality` or elegance
    #[arg(long)]
    axis: String,

    /// The verdict: ACCEPT or REVISE, in any case
    #[arg(long)]
    vote: String,

    /// Who votes
    #[arg(long, default_value = "", hide_default_value = true)]
    reviewer_id: String,

    /// What there is to say about it
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,

    /// Vote only if this round is open [default: whichever is]
    #[arg(long, value_name = "N")]
    round: Option<u32>,

    #[command(flatten)]
    message: MessageArgs,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: Own) -> Answer {
    let epoch_id = context.epoch_id(&args.epoch)?;
    let comment = match &args.comment {
        Some(comment) => Some(input::text("--comment", comment, limits::LONG_TEXT)?),
        None => None,
    };
    let content = ReviewVoteSignal {
        axis: input::word(&args.axis)?,
        vote: input::word(&args.vote.to_ascii_uppercase())?,
        reviewer_id: input::text("--reviewer-id", &args.reviewer_id, limits::TEXT)?,
        comment,
        round: args.round,
    };
    message::send(
        context,
        &args.message,
        &epoch_id,
        signal::SUBMIT_VOTE,
        content,
    )
    .await
}
