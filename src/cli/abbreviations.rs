//! Abbreviated flags. The earlier implementation accepted each prefix of a long flag
//! that was unique among the flags of its command, and scripts use them: so they go on
//! working, as hidden aliases, whatever flags were added since.

use clap::Command;

/// The connection flags of every command.
const CONNECTION: [&str; 4] = ["server-address", "address", "namespace", "task-queue"];

/// The flags of each earlier command besides those.
const EARLIER: [(&[&str], &[&str]); 8] = [
    (&["query", "state"], &["epoch-id", "format"]),
    (&["epoch", "start"], &["epoch-id", "description", "format"]),
    (&["epoch", "cancel"], &["epoch-id", "format"]),
    (&["epoch", "terminate"], &["epoch-id", "reason", "format"]),
    (
        &["signal", "vote"],
        &["epoch-id", "axis", "vote", "reviewer-id", "format"],
    ),
    (
        &["signal", "complete"],
        &["epoch-id", "slice-id", "output", "error", "format"],
    ),
    (
        &["phase", "advance"],
        &[
            "epoch-id",
            "to-phase",
            "triggered-by",
            "condition",
            "format",
        ],
    ),
    (
        &["session", "register"],
        &[
            "epoch-id",
            "session-id",
            "role",
            "model-harness",
            "model",
            "format",
        ],
    ),
];

/// Adds the abbreviations, and lets the last of a repeated flag win, everywhere.
pub(super) fn add(mut command: Command) -> Command {
    for (path, flags) in EARLIER {
        command = at(command, path, &|leaf| abbreviate(leaf, flags));
    }
    override_self(command)
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

fn abbreviate(command: Command, flags: &[&str]) -> Command {
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

fn at(command: Command, path: &[&str], change: &dyn Fn(Command) -> Command) -> Command {
    match path {
        [] => change(command),
        // All of them are looked at, because changing one by its name moves it to the end.
        [name, rest @ ..] => command.mut_subcommands(|child| {
            if child.get_name() == *name {
                at(child, rest, change)
            } else {
                child
            }
        }),
    }
}

fn override_self(command: Command) -> Command {
    command
        .args_override_self(true)
        .mut_subcommands(override_self)
}
