//! Words that make no command, explained in the parts that every message of aura has:
//! what, why, fix. It leaves out which commands there are, and the printing.

mod security;

use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

pub(crate) use security::SecurityArgs;

/// Why words make no command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// What is wrong.
    pub(crate) what: String,
    /// The rule that it breaks, with what would be valid.
    pub(crate) why: String,
    /// What to type instead, or where to read it.
    pub(crate) fix: String,
}

/// Explains clap's error about these words, of which the first names the program.
pub(crate) fn explain(command: &Command, words: &[OsString], error: &Error) -> Wrong {
    let (leaf, path) = meant(command, words);
    let help = format!("see `{path} --help`");
    let fix = match advice(leaf, error) {
        Some(advice) => format!("{advice} If not, {help}"),
        None => help,
    };
    Wrong {
        what: what(error),
        why: why(leaf, &path, error),
        fix,
    }
}

/// The command that was meant, as far as the words name one, and how it is called.
fn meant<'a>(command: &'a Command, words: &[OsString]) -> (&'a Command, String) {
    let mut leaf = command;
    let mut path = command.get_name().to_owned();
    let names = words.iter().skip(1).filter(|word| *word != "help");
    for child in names.map_while(|word| word.to_str()) {
        let Some(next) = leaf.find_subcommand(child) else {
            break;
        };
        leaf = next;
        path = format!("{path} {child}");
    }
    (leaf, path)
}

/// The first paragraph of what clap would print, in one line.
fn what(error: &Error) -> String {
    let text = error.render().to_string();
    let first = text.split("\n\n").next().unwrap_or_default();
    let lines: Vec<&str> = first.lines().map(str::trim).collect();
    lines
        .join(" ")
        .trim_start_matches("error: ")
        .replace(char::is_control, " ")
}

fn why(leaf: &Command, path: &str, error: &Error) -> String {
    match error.kind() {
        ErrorKind::InvalidSubcommand | ErrorKind::MissingSubcommand => {
            let names = leaf.get_subcommands().map(Command::get_name);
            let names: Vec<&str> = names.filter(|name| *name != "help").collect();
            format!("valid: {}", names.join(", "))
        }
        ErrorKind::UnknownArgument if leaf.has_subcommands() && !is_command(leaf) => {
            format!("flags belong to a command, and `{path}` is only the beginning of one")
        }
        ErrorKind::UnknownArgument => {
            let flags: Vec<String> = leaf
                .get_arguments()
                .filter_map(|arg| arg.get_long())
                .map(|long| format!("--{long}"))
                .collect();
            format!("valid: {}", flags.join(", "))
        }
        ErrorKind::MissingRequiredArgument => format!("`{path}` needs them"),
        ErrorKind::ArgumentConflict => "only one of them can be meant".to_owned(),
        ErrorKind::InvalidValue => "its value is the next word, or follows after =".to_owned(),
        ErrorKind::TooManyValues => "it is a switch and takes no value".to_owned(),
        ErrorKind::InvalidUtf8 => "only UTF-8 text can be read here".to_owned(),
        _ => "the words make no command".to_owned(),
    }
}

/// Whether a command that has others below it does something by itself.
fn is_command(command: &Command) -> bool {
    command
        .get_arguments()
        .filter_map(|arg| arg.get_long())
        .any(|long| !matches!(long, "help" | "version"))
}

/// What was probably meant.
fn advice(leaf: &Command, error: &Error) -> Option<String> {
    if let Some(ContextValue::String(flag)) = error.get(ContextKind::SuggestedArg) {
        return Some(format!("did you mean {}?", spelled_out(leaf, flag)));
    }
    if let Some(ContextValue::Strings(names)) = error.get(ContextKind::SuggestedSubcommand) {
        return Some(format!("did you mean {}?", names.join(" or ")));
    }
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(word)) if !leaf.has_subcommands() => meant_as_value(word),
        _ => None,
    }
}

/// What to do about a word that is no flag if it was meant as a flag's value.
fn meant_as_value(word: &str) -> Option<String> {
    let advice = if word.starts_with("--") {
        return None;
    } else if word.starts_with('-') {
        "did you mean a value? Write --flag=VALUE if it begins with a dash."
    } else {
        "does it belong to a value with spaces? Put that in quotes."
    };
    Some(advice.to_owned())
}

/// The flag itself, where clap suggests a hidden abbreviation of it.
fn spelled_out(leaf: &Command, flag: &str) -> String {
    let name = flag.trim_start_matches('-');
    let owner = leaf.get_arguments().find(|arg| {
        arg.get_all_aliases()
            .is_some_and(|aliases| aliases.contains(&name))
    });
    match owner.and_then(|arg| arg.get_long()) {
        Some(long) => format!("--{long}"),
        None => flag.to_owned(),
    }
}
