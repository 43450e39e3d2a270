//! Scripts that let shells complete what is typed. They are made from the commands
//! themselves, and know the words of closed sets, which the commands read more leniently
//! than a shell could. What only a server knows is asked for by scripts that were made to.

mod dynamic;
pub(super) mod ids;

use std::io;

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, ValueEnum, ValueHint};
use clap_complete::{Shell, generate};

use super::commands::hook::Agent;
use super::commands::hook::event::OnUnreachable;
use crate::client::Standing;
use crate::config::Format;
use crate::protocol::constraint::ConstraintId;
use crate::protocol::effect::EventType;
use crate::protocol::finding::SeverityLevel;
use crate::protocol::phase::RoleId;
use crate::protocol::slice::SliceMode;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{PhaseId, Word};

/// The shells that there are scripts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum For {
    /// GNU Bash
    Bash,
    /// Z shell
    Zsh,
    /// fish
    Fish,
}

/// The script for a program; `is_asking` makes it ask a server for ids.
pub(super) fn script(program: Command, shell: For, is_asking: bool) -> io::Result<String> {
    let name = program.get_name().to_owned();
    let shell = match shell {
        For::Bash => Shell::Bash,
        For::Zsh => Shell::Zsh,
        For::Fish => Shell::Fish,
    };
    // For bash the generator writes a name with a dash in two ways that do not meet, so it
    // is given one without, and only what is completed has the real one.
    let plain = match shell {
        Shell::Bash => name.replace('-', "_"),
        _ => name.clone(),
    };
    let mut program = program.bin_name(&plain);
    // Commands have their flags only then.
    program.build();
    let mut known = with_values(program, &[], is_asking);
    let mut script = Vec::new();
    generate(shell, &mut known, plain.as_str(), &mut script);
    let script = String::from_utf8(script).map_err(io::Error::other)?;
    let ending = |name: &str| format!("-o default {name}\n");
    let script = script.replace(&ending(&plain), &ending(&name));
    Ok(if is_asking {
        dynamic::asking(&script, shell)
    } else {
        script
    })
}

/// The command with the words that its flags take. It is for the scripts alone: it would
/// refuse what the commands accept.
fn with_values(command: Command, path: &[&str], is_asking: bool) -> Command {
    let mut words: Vec<&str> = path.to_vec();
    let name = command.get_name().to_owned();
    words.push(&name);
    command
        .mut_args(|arg| with_words(arg, &words, is_asking))
        .mut_subcommands(|child| with_values(child, &words, is_asking))
}

fn with_words(arg: Arg, path: &[&str], is_asking: bool) -> Arg {
    let place = dynamic::place_of(arg.get_id().as_str(), path).filter(|_| is_asking);
    if let Some(place) = place {
        return arg.value_parser([place]);
    }
    if let Some(words) = words_of(arg.get_id().as_str(), path) {
        return arg.value_parser(PossibleValuesParser::new(words));
    }
    let value = arg.get_value_names().and_then(<[_]>::first);
    match value.map(clap::builder::Str::as_str) {
        Some("FILE") => arg.value_hint(ValueHint::FilePath),
        Some("DIR") => arg.value_hint(ValueHint::DirPath),
        _ => arg,
    }
}

/// The words of an argument that takes one of a closed set.
pub(super) fn words_of(arg: &str, path: &[&str]) -> Option<Vec<String>> {
    let words = |words: &[&str]| Some(words.iter().map(ToString::to_string).collect());
    match (arg, path) {
        ("to_phase" | "phase", _) | ("until", [_, "epoch", "wait"]) => {
            Some(PhaseId::ALL.iter().map(|phase| phase.canonical()).collect())
        }
        ("axis", _) => words(ReviewAxis::WORDS),
        ("vote", _) => words(VoteType::WORDS),
        ("role", _) => words(RoleId::WORDS),
        ("severity", _) => words(SeverityLevel::WORDS),
        ("mode", [_, "slice", _]) => words(SliceMode::WORDS),
        ("status", [_, "epoch", "list"]) => words(Standing::WORDS),
        ("if_exists", _) => words(&["fail", "use", "restart"]),
        ("id", [_, "constraint", "explain"]) => words(ConstraintId::WORDS),
        ("agent", [_, "hook", _]) => words(Agent::WORDS),
        ("on_unreachable", [_, "hook", _]) => words(OnUnreachable::WORDS),
        ("type", [_, "audit", _]) => words(EventType::WORDS),
        ("format", [_, "audit", "export"]) => words(&["jsonl", "csv"]),
        ("format", [_, "protocol", "show"]) => words(&["json", "text", "mermaid", "dot"]),
        ("format", _) => words(Format::WORDS),
        ("synchronous", ["aurad"]) => words(&["full", "normal"]),
        _ => None,
    }
}
