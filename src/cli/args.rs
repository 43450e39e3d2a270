//! The words a command is called with. What they mean is decided by each command. Help
//! texts are the doc comments, or `help` where a word in it would want backticks, which
//! a terminal would show.

mod deferred;
mod groups;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Args as ClapArgs, CommandFactory, FromArgMatches, Parser, Subcommand};

pub(super) use deferred::{Deferred, With, Words, declare};
pub use groups::{
    Audit, Config, Constraint, Epoch, Finding, Hook, Phase, Protocol, Query, Review, Session,
    Signal, Slice,
};

use super::abbreviations;
use super::commands::{completions, doctor, man, mcp, schema};
use super::failure::Failure;
use crate::usage;

/// What is shown after the list of commands.
const AFTER_HELP: &str = "\
Examples:
  aura-msg epoch start --epoch-id fix-login --description 'Fix the login'
  aura-msg phase advance --epoch-id fix-login --to-phase p2
  aura-msg signal vote --epoch-id fix-login --axis correctness --vote accept
  aura-msg query state --epoch-id fix-login
  aura-msg slice start --epoch-id fix-login --slice-id form --runner claude --prompt 'Fix it'

Exit codes:
  0    done
  1    wrong usage, or a wrong value
  2    the server or its namespace cannot be reached
  3    refused, closed or not found; or a check found something
  4    wrong configuration
  5    not confirmed in time, or waited in vain
  70   a fault of aura-msg itself
  130  interrupted";

/// Talk to aura's epochs: start them, vote, advance, ask for their state
#[derive(Debug, Parser)]
#[command(
    name = "aura-msg",
    version,
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = AFTER_HELP
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ask for an epoch's state
    #[command(subcommand, arg_required_else_help = true)]
    Query(Query),
    /// Start, list, show, watch, cancel, terminate and wait for epochs
    #[command(subcommand, arg_required_else_help = true)]
    Epoch(Epoch),
    /// Vote in a review, or say how a slice ended
    #[command(subcommand, arg_required_else_help = true)]
    Signal(Signal),
    /// Move an epoch to another phase
    #[command(subcommand, arg_required_else_help = true)]
    Phase(Phase),
    /// Announce, list and end agents' sessions
    #[command(subcommand, arg_required_else_help = true)]
    Session(Session),
    /// Record, list and resolve what reviewers find
    #[command(subcommand, arg_required_else_help = true)]
    Finding(Finding),
    /// Declare the slices of the work, and see to them
    #[command(subcommand, arg_required_else_help = true)]
    Slice(Slice),
    /// Look at review rounds
    #[command(subcommand, arg_required_else_help = true)]
    Review(Review),
    /// List, export and verify the audit trail
    #[command(subcommand, arg_required_else_help = true)]
    Audit(Audit),
    /// Show the rules, and hold descriptions against them; needs no server
    #[command(subcommand, arg_required_else_help = true)]
    Protocol(Protocol),
    /// Tell what the constraints demand; needs no server
    #[command(subcommand, arg_required_else_help = true)]
    Constraint(Constraint),
    /// Answer coding agents' hooks, and set them up
    #[command(subcommand, arg_required_else_help = true)]
    Hook(Hook),
    /// Serve coding agents over the Model Context Protocol, on standard input and output
    #[command(after_help = mcp::AFTER_HELP)]
    Mcp(Deferred<Common>),
    /// Look whether server, workers, settings, files and epochs are as they should be
    Doctor(Words<doctor::DoctorArgs>),
    /// Print the JSON Schema of a command's output; needs no server
    Schema(Words<schema::SchemaArgs>),
    /// Show the settings and where they come from, and begin a config file; needs no server
    #[command(subcommand, arg_required_else_help = true)]
    Config(Config),
    /// Print the script that lets a shell complete commands
    Completions(Deferred<completions::CompletionsArgs>),
    /// Print a manual page, or write them all
    Man(Deferred<man::ManArgs>),
}

/// What every command takes.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Common options")]
pub struct Common {
    #[arg(
        long,
        visible_alias = "server-address",
        value_name = "HOST:PORT",
        help = "Temporal server [env: TEMPORAL_ADDRESS] [default: localhost:7233]"
    )]
    pub(super) address: Option<String>,

    #[arg(
        long,
        short = 'n',
        help = "Temporal namespace [env: TEMPORAL_NAMESPACE] [default: default]"
    )]
    pub(super) namespace: Option<String>,

    #[arg(
        long,
        value_name = "QUEUE",
        help = "Task queue of epochs that are started [env: TEMPORAL_TASK_QUEUE] [default: aura]"
    )]
    pub(super) task_queue: Option<String>,

    /// Form of the output, errors included: text, json or jsonl [default: text]
    #[arg(long)]
    pub(super) format: Option<String>,

    /// Paint the output: auto, always or never; auto does so on a terminal [default: auto]
    #[arg(long, value_name = "WHEN", hide_possible_values = true)]
    pub(super) color: Option<clap::ColorChoice>,

    /// Give up after this time, such as 500ms, 30s or 2m [default: 10s]
    #[arg(long, value_name = "DURATION")]
    pub(super) timeout: Option<String>,

    #[arg(
        long,
        value_name = "FILE",
        help = "Config file [env: AURA_CONFIG] [default: ~/.config/aura/config.toml]"
    )]
    pub(super) config: Option<std::path::PathBuf>,

    #[command(flatten)]
    pub(super) access: usage::SecurityArgs,
}

/// What every command about one epoch takes.
#[derive(Debug, ClapArgs)]
pub struct EpochArgs {
    #[arg(long, value_name = "ID", help = "Id of the epoch [env: AURA_EPOCH_ID]")]
    pub(super) epoch_id: Option<String>,
}

/// What every command that sends a message takes.
#[derive(Debug, ClapArgs)]
pub struct MessageArgs {
    /// Id of this message: sent again under it, it takes effect only once [default: a new one]
    #[arg(long, value_name = "ID")]
    pub(super) request_id: Option<String>,

    /// Who sends it, for the audit trail
    #[arg(long, value_name = "NAME")]
    pub(super) actor: Option<String>,

    /// Return once it is delivered, without waiting for its outcome
    #[arg(long)]
    pub(super) no_wait: bool,
}

/// What the words were.
pub(super) enum Parsed {
    /// A command.
    Command(Box<Command>),
    /// A wish for help, with the help.
    Help(String),
    /// Words that make no command.
    Wrong(Failure),
}

/// Reads the words.
pub(super) fn parse(words: Vec<OsString>) -> Parsed {
    let words = with_dashed_texts(words);
    let mut command = command();
    let result = command.try_get_matches_from_mut(&words);
    match result.and_then(|matches| Args::from_arg_matches(&matches)) {
        Ok(args) => Parsed::Command(Box::new(args.command)),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                Parsed::Help(error.render().to_string())
            }
            _ => {
                let usage::Wrong { what, why, fix } = usage::explain(&command, &words, &error);
                Parsed::Wrong(Failure::invalid("usage", what, why, fix))
            }
        },
    }
}

/// The whole command, with everything that the derived one lacks. Each command in it has its
/// flags once it is built ([`clap::Command::build`]).
pub fn command() -> clap::Command {
    // The last of a repeated flag wins.
    abbreviations::add(Args::command().args_override_self(true))
}

/// Joins a flag with the text after it where that begins with a dash and has a space in
/// it: no flag has one, and texts with bullet points are common.
fn with_dashed_texts(words: Vec<OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::with_capacity(words.len());
    for word in words {
        match joined.last_mut() {
            Some(flag) if is_long_flag(flag) && is_dashed_text(&word) => {
                flag.push("=");
                flag.push(word);
            }
            _ => joined.push(word),
        }
    }
    joined
}

fn is_long_flag(word: &OsString) -> bool {
    let name = word.to_str().and_then(|word| word.strip_prefix("--"));
    name.is_some_and(|name| !name.is_empty() && !name.contains(['=', ' ']))
}

fn is_dashed_text(word: &OsString) -> bool {
    let text = word.to_str().filter(|word| word.starts_with('-'));
    // What follows after = may have spaces in any case.
    let first = text.and_then(|text| text.find(|c: char| c == '=' || c.is_whitespace()));
    first.is_some_and(|at| !word.as_encoded_bytes()[at..].starts_with(b"="))
}
