//! `aura-msg completions`: the script for a shell. It reads no settings.

use clap::{Args, ValueEnum};

use super::Answer;
use crate::cli::complete::{self, For};
use crate::cli::failure::Failure;
use crate::cli::output::Report;
use crate::cli::programs::Programs;

/// Where the scripts belong.
const AFTER_HELP: &str = "\
Examples:
  aura-msg completions bash > ~/.local/share/bash-completion/completions/aura-msg
  aura-msg completions zsh > ~/.zfunc/_aura-msg
  aura-msg completions fish > ~/.config/fish/completions/aura-msg.fish
  aura-msg completions fish --program aurad > ~/.config/fish/completions/aurad.fish";

/// The words of `aura-msg completions`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: For,

    /// The program whose words are to be completed
    #[arg(long, value_enum, default_value = "aura-msg")]
    program: Program,
}

/// A program of aura's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Program {
    /// The command line client
    AuraMsg,
    /// The daemon
    Aurad,
}

pub(in crate::cli) fn run(args: &CompletionsArgs, programs: Programs) -> Answer {
    let command = match args.program {
        Program::AuraMsg => programs.aura_msg(),
        Program::Aurad => programs.aurad(),
    };
    let text = complete::script(command, args.shell).map_err(Failure::internal)?;
    Ok(Report {
        json: text.clone(),
        text,
        notices: Vec::new(),
    })
}
