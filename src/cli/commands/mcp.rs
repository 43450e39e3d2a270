//! `aura-msg mcp`: the commands that an agent needs in its epoch, as tools of the Model
//! Context Protocol. What they take, print and refuse is the commands' own; here is only how
//! it travels. Standard output belongs to the protocol.

mod answer;
mod desk;
mod input;
mod server;
mod tools;

#[cfg(test)]
mod tests;

use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::output::{self, Report};

/// What an agent's settings say.
pub(in crate::cli) const AFTER_HELP: &str = "\
Examples:
  claude mcp add aura -- aura-msg mcp
  codex mcp add aura -- aura-msg mcp
  gemini mcp add aura aura-msg mcp

An agent starts it, and calls its tools: next_step, state, wait, vote, advance, and so on.
The epoch is named by each call, or by AURA_EPOCH_ID. It ends when its standard input does.";

/// Serves until standard input ends.
pub(in crate::cli) async fn run(context: &Context<'_>) -> Answer {
    for notice in &context.settings.notices {
        output::say(notice);
    }
    let (server, calls) = server::Server::new();
    // The desk works for as long as the server may call.
    let (end, ()) = tokio::join!(server.serve(), desk::work(context, calls));
    end.map(|()| Report::printed())
}
