//! `aura-msg epoch simulate`: a scripted epoch, run through the rules in memory. There is no
//! server, no clock and nothing to wait for; what the rules would start outside, slices and
//! reviews, is told and left to the script.

mod play;
mod script;
pub(in crate::cli) mod shown;
#[cfg(test)]
mod tests;
mod words;

use clap::Args;

use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::files::Source;

/// What the script has to say. What it shows is run by a test.
const AFTER_HELP: &str = "\
A script is TOML, its events in order, one thing in each:
  description = \"Fix the login\"

  [settings]                       # as those of epoch start
  max_rounds = 3                   # or \"none\"
  parallel_slices = 4
  fail_fast = false

  [[event]]
  advance = \"p2\"                   # or { to, by, because, override }
  phase = \"p2\"                     # where it shall be afterwards

  [[event]]
  at = \"+5m\"                       # after the one before; else 1s
  advance = \"p4\"
  expect = \"refused:transition_not_allowed\"    # else \"applied\"

  [[event]]
  vote = { axis = \"elegance\", vote = \"REVISE\" }  # by, comment

  [expect]                         # at the end
  phase = \"p2\"
  status = \"running\"
  violations = 0

Other events:
  finding = { id = \"B-1\", severity = \"BLOCKER\" }  # summary, slice, by
  resolve = \"B-1\"                  # or { id, resolution, by }
  plan = [{ id = \"a\" }, { id = \"b\", after = [\"a\"] }]       # leaf
  slice_finished = \"a\"             # or { id, success, output, error }
  cancel_slice, retry_slice, waive_slice = \"a\"   # or { id, reason }
  cancel = \"no longer wanted\"      # the epoch

Slices run from p9 on, and go on until slice_finished.

Exit codes: 0 as expected, 3 an expectation failed, 1 a wrong script.";

/// The words of `aura-msg epoch simulate`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct SimulateArgs {
    /// The file with the script, or - for standard input
    #[arg(long, value_name = "FILE")]
    script: String,
}

pub(in crate::cli) async fn run(_: &Context<'_>, args: SimulateArgs) -> Answer {
    let source = Source::of_flag("--script", &args.script);
    report(&source.title(), &script::read(&source).await?)
}

/// What is told of a script, played.
fn report(title: &str, script: &script::Script) -> Answer {
    let played = play::play(script).map_err(|refusal| script::refused(title, &refusal))?;
    shown::answer(title, script, &played)
}

/// The same of a script that is no file.
#[cfg(test)]
pub(in crate::cli::commands) fn report_of(title: &str, text: &str) -> Answer {
    report(title, &script::Script::parse(text).expect("it is a script"))
}
