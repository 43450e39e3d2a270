//! Abbreviated flags. The earlier implementation accepted each prefix of a long flag
//! that was unique among the flags of its command, and scripts use them: so they go on
//! working, as hidden aliases, whatever flags were added since.

use clap::{Args, Command};

use super::args::{With, declare};
use super::commands::epoch::{cancel::CancelArgs, start::StartArgs, terminate::TerminateArgs};
use super::commands::phase::advance::AdvanceArgs;
use super::commands::query::state::StateArgs;
use super::commands::session::register::RegisterArgs;
use super::commands::signal::{complete::CompleteArgs, vote::VoteArgs};

/// The connection flags of every command.
const CONNECTION: [&str; 4] = ["server-address", "address", "namespace", "task-queue"];

/// Gives a command its flags.
type Declare = fn(Command) -> Command;

/// The earlier commands, and how each comes to have its abbreviations. Of the flags, these are
/// the ones besides those.
const EARLIER: [(&str, &str, Declare); 8] = [
    ("query", "state", |command| {
        abbreviated::<StateArgs>(command, &["epoch-id", "format"])
    }),
    ("epoch", "start", |command| {
        abbreviated::<StartArgs>(command, &["epoch-id", "description", "format"])
    }),
    ("epoch", "cancel", |command| {
        abbreviated::<CancelArgs>(command, &["epoch-id", "format"])
    }),
    ("epoch", "terminate", |command| {
        abbreviated::<TerminateArgs>(command, &["epoch-id", "reason", "format"])
    }),
    ("signal", "vote", |command| {
        abbreviated::<VoteArgs>(
            command,
            &["epoch-id", "axis", "vote", "reviewer-id", "format"],
        )
    }),
    ("signal", "complete", |command| {
        abbreviated::<CompleteArgs>(
            command,
            &["epoch-id", "slice-id", "output", "error", "format"],
        )
    }),
    ("phase", "advance", |command| {
        abbreviated::<AdvanceArgs>(
            command,
            &[
                "epoch-id",
                "to-phase",
                "triggered-by",
                "condition",
                "format",
            ],
        )
    }),
    ("session", "register", |command| {
        abbreviated::<RegisterArgs>(
            command,
            &[
                "epoch-id",
                "session-id",
                "role",
                "model-harness",
                "model",
                "format",
            ],
        )
    }),
];

/// Adds the abbreviations, each as its command is built.
pub(super) fn add(command: Command) -> Command {
    // All of them are looked at, because changing one by its name moves it to the end.
    command.mut_subcommands(|group| {
        let of_group = group.get_name().to_owned();
        group.mut_subcommands(|command| {
            let path = (of_group.as_str(), command.get_name());
            let mut earlier = EARLIER.iter();
            match earlier.find(|(group, name, _)| (*group, *name) == path) {
                // Instead of how it was to get its flags: it gets them from this, too.
                Some((.., declare)) => command.defer(*declare),
                None => command,
            }
        })
    })
}

/// Every abbreviation of a command's earlier flags, with the flag it stands for.
fn of<'a>(flags: &'a [&'a str]) -> Vec<(String, &'a str)> {
    let all: Vec<&str> = flags.iter().copied().chain(CONNECTION).collect();
    let mut found = Vec::new();
    for flag in &all {
        for length in 1..flag.len() {
            let Some(prefix) = flag.get(..length) else {
                continue;
            };
            let owners = all.iter().filter(|other| other.starts_with(prefix)).count();
            if owners == 1 {
                found.push((prefix.to_owned(), *flag));
            }
        }
    }
    found
}

/// Declares a command's flags, and their abbreviations.
fn abbreviated<T: Args>(command: Command, flags: &[&str]) -> Command {
    let command = declare::<With<T>>(command);
    let abbreviations = of(flags);
    let present: Vec<String> = command
        .get_arguments()
        .filter_map(|arg| arg.get_long().map(str::to_owned))
        .collect();
    command.mut_args(|arg| {
        let names: Vec<String> = abbreviations
            .iter()
            .filter(|(prefix, flag)| {
                let long = arg.get_long();
                let is_this =
                    long == Some(*flag) || (long == Some("address") && *flag == "server-address");
                // A flag of today that is spelled like an abbreviation keeps its meaning.
                is_this && !present.contains(prefix)
            })
            .map(|(prefix, _)| prefix.clone())
            .collect();
        arg.aliases(names)
    })
}
