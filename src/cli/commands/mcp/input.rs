//! What a tool takes: the flags of its command, as the command itself declares them, with
//! `_` for `-`: so what an agent says is read, checked and refused as if it had been typed.

use std::ffi::OsString;

use clap::{Arg, ArgAction, Args as _};
use serde_json::{Map, Value, json};

use super::tools::Tool;
use crate::cli::args::{self, Common};
use crate::cli::complete;
use crate::cli::failure::Failure;
use crate::cli::input::cut;
use crate::cli::lenient::meant;

type Object = Map<String, Value>;

/// The command of a tool, as it is declared.
pub(super) fn command(tool: &Tool) -> clap::Command {
    let mut command = args::command();
    for word in tool.command {
        // Its absence would be a tool without arguments; a test sees that there is none.
        command = command.find_subcommand(word).cloned().unwrap_or_default();
    }
    command.build();
    command
}

/// The flags that are a tool's arguments: what is about the connection and the output is
/// the server's, not the call's.
fn flags(tool: &Tool) -> Vec<Arg> {
    let common = Common::augment_args(clap::Command::default());
    let is_ours = |arg: &&Arg| {
        let id = arg.get_id();
        let is_common = common.get_arguments().any(|other| other.get_id() == id);
        let is_limit = tool.has_limit() && id == "timeout";
        arg.get_long().is_some()
            && (!is_common || is_limit)
            && !tool.without.contains(&id.as_str())
            && !matches!(arg.get_action(), ArgAction::Help | ArgAction::HelpShort)
    };
    let command = command(tool);
    command.get_arguments().filter(is_ours).cloned().collect()
}

/// The schema of a tool's arguments.
pub(super) fn schema(tool: &Tool) -> Object {
    let flags = flags(tool);
    let properties: Object = flags
        .iter()
        .map(|flag| (name(flag), property(tool, flag)))
        .collect();
    let required = flags.iter().filter(|flag| flag.is_required_set());
    let required: Vec<String> = required.map(name).collect();
    let mut schema = Object::new();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), properties.into());
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    schema.insert("additionalProperties".to_owned(), false.into());
    schema
}

/// What an argument is called.
fn name(flag: &Arg) -> String {
    flag.get_long().unwrap_or_default().replace('-', "_")
}

fn property(tool: &Tool, flag: &Arg) -> Value {
    let mut property = json!({ "type": kind(flag) });
    if let Some(words) = words_of(tool, flag) {
        property["enum"] = words.into();
    }
    property["description"] = match (flag.get_id().as_str(), flag.get_help()) {
        ("timeout", _) => super::desk::PATIENCE.into(),
        (_, Some(help)) => help.to_string().into(),
        (_, None) => Value::Null,
    };
    let default = flag.get_default_values().first();
    if let Some(default) = default.and_then(|value| value.to_str())
        && flag.get_action().takes_values()
        && !flag.is_hide_default_value_set()
    {
        property["default"] = default.into();
    }
    property
}

fn kind(flag: &Arg) -> &'static str {
    let is_number = flag
        .get_value_names()
        .is_some_and(|names| names.iter().any(|name| name == "N"));
    match flag.get_action() {
        ArgAction::SetTrue => "boolean",
        _ if is_number => "integer",
        _ => "string",
    }
}

/// The words of a flag that takes one of a closed set. Phases have too many names for that.
fn words_of(tool: &Tool, flag: &Arg) -> Option<Vec<String>> {
    let [group, name] = tool.command;
    match flag.get_id().as_str() {
        "to_phase" | "until" => None,
        id => complete::words_of(id, &["aura-msg", group, name]),
    }
}

/// The words of the command that a call means.
pub(super) fn words(tool: &Tool, arguments: &Object) -> Result<Vec<OsString>, Failure> {
    let flags = flags(tool);
    let mut words: Vec<OsString> = vec!["aura-msg".into()];
    words.extend(tool.command.map(OsString::from));
    for (given, value) in arguments {
        let Some(flag) = flags.iter().find(|flag| name(flag) == *given) else {
            return Err(unknown(tool, given, &flags));
        };
        if let Some(word) = word(flag, value)? {
            words.push(word.into());
        }
    }
    let is_given = |flag: &Arg| {
        let value = arguments.get(&name(flag));
        value.is_some_and(|value| !value.is_null())
    };
    match flags
        .iter()
        .find(|flag| flag.is_required_set() && !is_given(flag))
    {
        Some(flag) => Err(missing(tool, flag)),
        None => Ok(words),
    }
}

/// One flag with its value; none where the value is that it is not given.
fn word(flag: &Arg, value: &Value) -> Result<Option<String>, Failure> {
    let long = flag.get_long().unwrap_or_default();
    match (kind(flag), value) {
        (_, Value::Null) | ("boolean", Value::Bool(false)) => Ok(None),
        ("boolean", Value::Bool(true)) => Ok(Some(format!("--{long}"))),
        ("string" | "integer", Value::String(text)) => Ok(Some(format!("--{long}={text}"))),
        // What is a text may look like a number to those who write it.
        ("string" | "integer", Value::Number(number)) => Ok(Some(format!("--{long}={number}"))),
        (kind, other) => {
            let name = name(flag);
            let told = cut(&other.to_string());
            Err(Failure::invalid(
                "usage",
                format!("{name} is no {kind}: {told}"),
                format!("valid: {}", help(flag)),
                format!("give {name} as a JSON {kind}"),
            ))
        }
    }
}

fn unknown(tool: &Tool, given: &str, flags: &[Arg]) -> Failure {
    let names: Vec<String> = flags.iter().map(name).collect();
    Failure::invalid(
        "usage",
        format!("{} has no argument '{}'", tool.name, cut(given)),
        meant(given, names.iter().map(String::as_str)),
        "leave it out, or give it its right name",
    )
}

fn missing(tool: &Tool, flag: &Arg) -> Failure {
    let name = name(flag);
    Failure::invalid(
        "usage",
        format!("{name} is missing"),
        format!("{} cannot do without it: {}", tool.name, help(flag)),
        format!("add {name}"),
    )
}

fn help(flag: &Arg) -> String {
    flag.get_help().map(ToString::to_string).unwrap_or_default()
}
