//! `aura-msg schema`: what the JSON of a command looks like, as a JSON Schema of draft
//! 2020-12. A schema names what is always there, and leaves room for what may be added.

mod outputs;

use clap::Args;

pub use outputs::{WITHOUT, commands, schema_of};

use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::output::Report;

/// The words of `aura-msg schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// The command, such as epoch list, or error for what goes wrong [default: list them]
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,

    /// Describe one line of --format jsonl instead
    #[arg(long, requires = "command")]
    line: bool,
}

pub(in crate::cli) async fn run(_: &Context<'_>, args: SchemaArgs) -> Answer {
    if args.command.is_empty() {
        let all: Vec<&str> = commands().collect();
        return Ok(Report {
            text: all.join("\n"),
            json: serde_json::to_string_pretty(&all).map_err(Failure::internal)?,
            notices: Vec::new(),
        });
    }
    let command = args.command.join(" ").to_lowercase();
    let schema = schema_of(&command, args.line).ok_or_else(|| unknown(&command))?;
    let json = serde_json::to_string_pretty(&schema).map_err(Failure::internal)?;
    Ok(Report {
        text: json.clone(),
        json,
        notices: Vec::new(),
    })
}

fn unknown(command: &str) -> Failure {
    let without = WITHOUT.iter().find(|(words, _)| *words == command);
    let of_group: Vec<&str> = commands()
        .filter(|words| words.split(' ').next() == Some(command))
        .collect();
    let why = match without {
        Some((_, why)) => (*why).to_owned(),
        None if of_group.is_empty() => "no command of that name prints JSON".to_owned(),
        None => format!("it is several commands: {}", of_group.join(", ")),
    };
    let what = format!("there is no schema of '{}'", input::cut(command));
    let fix = "`aura-msg schema` lists the commands that have one";
    let failure = Failure::invalid("unknown_schema", what, why, fix);
    Failure {
        impact: "no schema is printed".to_owned(),
        ..failure
    }
}
