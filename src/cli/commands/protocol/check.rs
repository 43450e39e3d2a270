//! `aura-msg protocol check`: holds a description of titles, tasks, conduct and states
//! against the constraints, without a server.

pub(in crate::cli::commands) mod document;
mod entry;
mod facts;
#[cfg(test)]
mod tests;
pub(in crate::cli) mod verdict;

use clap::Args;

use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::files::Source;

/// What the file has to say. What it shows is checked by a test.
const AFTER_HELP: &str = "\
The description is JSON; every part may be left out:
  {
    \"titles\": [\"PROPOSAL-1: sign in\", \"FOLLOWUP: rest\"],
    \"dependencies\": [{\"parent_id\": \"docs\", \"child_id\": \"parser\"}],
    \"checks\": [
      {\"constraint\": \"C-agent-commit\", \"command\": \"git commit\"},
      {\"slice_id\": \"parser\", \"leaf_task_ids\": [\"lexer\"]}
    ],
    \"state\": {\"current_phase\": \"p7\", \"review_votes\": {}},
    \"transition\": {\"to\": \"p8\"}
  }

  titles        each is held to the rule of its kind
  dependencies  parent_id is the task that waits for child_id
  checks        the arguments of one constraint, or of several when
                none is named; constraint explain ID shows them
  state         an epoch's state; only current_phase has to be there
  transition    a step from that state; its \"from\" is the phase there

Exit codes: 0 no violation, 3 violations, 1 the description is wrong.";

/// The words of `aura-msg protocol check`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct CheckArgs {
    /// The file with the description, or - for standard input
    #[arg(value_name = "FILE")]
    file: String,
}

pub(in crate::cli) async fn run(_: &Context<'_>, args: CheckArgs) -> Answer {
    let source = Source::of_flag("FILE", &args.file);
    let document = document::read(&source).await?;
    verdict::Verdict::of(&document).answer(&source.title())
}
