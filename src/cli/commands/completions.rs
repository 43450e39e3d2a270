//! `aura-msg completions`: the script for a shell. It reads no settings; a script that is
//! made with `--dynamic` does, each time it asks.

use clap::{Args, ValueEnum};

use super::Answer;
use crate::cli::complete::{self, For};
use crate::cli::failure::Failure;
use crate::cli::output::Report;
use crate::cli::programs::Programs;

/// What `--dynamic` means, and where the scripts belong.
const AFTER_HELP: &str = "\
With --dynamic, --epoch-id completes to the open epochs, and --slice-id to the slices of the
epoch that is named before it, or by AURA_EPOCH_ID. The server that the line or the settings
name is asked; it has one second, and without an answer nothing is offered, and nothing said.

Examples:
  aura-msg completions bash > ~/.local/share/bash-completion/completions/aura-msg
  aura-msg completions zsh > ~/.zfunc/_aura-msg
  aura-msg completions fish > ~/.config/fish/completions/aura-msg.fish
  aura-msg completions bash --dynamic > ~/.local/share/bash-completion/completions/aura-msg
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

    /// Ask a server for the ids of epochs and slices, each time they are completed
    #[arg(long)]
    dynamic: bool,
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
    if args.dynamic && args.program == Program::Aurad {
        return Err(Failure::invalid(
            "usage",
            "--dynamic is of no use with --program aurad",
            "aurad takes no ids that a server knows",
            "leave one of them out",
        ));
    }
    let text = complete::script(command, args.shell, args.dynamic).map_err(Failure::internal)?;
    Ok(Report {
        json: text.clone(),
        text,
        notices: Vec::new(),
    })
}
