//! The words a command is called with. What they mean is decided by each command; help
//! texts are the doc comments.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Args as ClapArgs, CommandFactory, FromArgMatches, Parser, Subcommand};

use super::abbreviations;
use super::commands::{epoch, finding, phase, query, session, signal};
use super::failure::Failure;

/// Talk to aura's epochs: start them, vote, advance, ask for state
#[derive(Debug, Parser)]
#[command(
    name = "aura-msg",
    version,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Examples:\n  aura-msg epoch start --epoch-id fix-login --description 'Fix the \
                  login'\n  aura-msg phase advance --epoch-id fix-login --to-phase p2\n  aura-msg \
                  signal vote --epoch-id fix-login --axis correctness --vote accept\n  aura-msg \
                  query state --epoch-id fix-login\n\nExit codes: 0 done · 1 usage or validation \
                  · 2 server unreachable · 3 refused, closed or not found\n· 4 configuration · 5 \
                  not confirmed in time · 70 a bug of ours · 130 interrupted"
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ask an epoch
    #[command(subcommand, arg_required_else_help = true)]
    Query(Query),
    /// Start, end and wait for epochs
    #[command(subcommand, arg_required_else_help = true)]
    Epoch(Epoch),
    /// Vote, and complete slices
    #[command(subcommand, arg_required_else_help = true)]
    Signal(Signal),
    /// Move an epoch on
    #[command(subcommand, arg_required_else_help = true)]
    Phase(Phase),
    /// Announce agents' sessions
    #[command(subcommand, arg_required_else_help = true)]
    Session(Session),
    /// Record and resolve what reviewers find
    #[command(subcommand, arg_required_else_help = true)]
    Finding(Finding),
}

/// What to ask.
#[derive(Debug, Subcommand)]
pub enum Query {
    /// Show an epoch's state
    State(query::state::StateArgs),
}

/// What to do with an epoch.
#[derive(Debug, Subcommand)]
pub enum Epoch {
    /// Start an epoch
    Start(epoch::start::StartArgs),
    /// Cancel an epoch, and wait until it has ended
    Cancel(epoch::cancel::CancelArgs),
    /// End an epoch and its children at once
    Terminate(epoch::terminate::TerminateArgs),
    /// Wait until an epoch has come to a phase
    Wait(epoch::wait::WaitArgs),
}

/// What to signal.
#[derive(Debug, Subcommand)]
pub enum Signal {
    /// Vote in a review
    Vote(signal::vote::VoteArgs),
    /// Say how a slice ended
    Complete(signal::complete::CompleteArgs),
}

/// What to do with a phase.
#[derive(Debug, Subcommand)]
pub enum Phase {
    /// Move an epoch to another phase
    Advance(phase::advance::AdvanceArgs),
}

/// What to do with a session.
#[derive(Debug, Subcommand)]
pub enum Session {
    /// Announce a session to its epoch
    Register(session::register::RegisterArgs),
}

/// What to do with a finding.
#[derive(Debug, Subcommand)]
pub enum Finding {
    /// Record a finding; an open BLOCKER closes the gate out of p10
    Add(finding::add::AddArgs),
    /// Resolve a finding
    Resolve(finding::resolve::ResolveArgs),
}

/// What every command takes.
#[derive(Debug, ClapArgs)]
pub struct Common {
    /// Connect to this server [env: `TEMPORAL_ADDRESS`; default: localhost:7233]
    #[arg(long, visible_alias = "server-address", value_name = "HOST:PORT")]
    pub(super) address: Option<String>,

    /// Work in this namespace [env: `TEMPORAL_NAMESPACE`; default: default]
    #[arg(long, short = 'n')]
    pub(super) namespace: Option<String>,

    /// Start epochs on this task queue [env: `TEMPORAL_TASK_QUEUE`; default: aura]
    #[arg(long, value_name = "QUEUE")]
    pub(super) task_queue: Option<String>,

    /// Answer as `text` or `json`; errors too
    #[arg(long)]
    pub(super) format: Option<String>,

    /// Give up after so long [default: 10s]
    #[arg(long, value_name = "DURATION")]
    pub(super) timeout: Option<String>,

    /// Read this configuration file [env: `AURA_CONFIG`]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<std::path::PathBuf>,
}

/// What every command about one epoch takes.
#[derive(Debug, ClapArgs)]
pub struct EpochArgs {
    /// The epoch [env: `AURA_EPOCH_ID`]
    #[arg(long)]
    pub(super) epoch_id: Option<String>,
}

/// What every command that sends a message takes.
#[derive(Debug, ClapArgs)]
pub struct MessageArgs {
    /// Send the message under this id: repeating it is harmless [default: a fresh one]
    #[arg(long, value_name = "ID")]
    pub(super) request_id: Option<String>,

    /// Say who sends it, for the audit trail
    #[arg(long, value_name = "NAME")]
    pub(super) actor: Option<String>,

    /// Don't wait for what becomes of the message
    #[arg(long)]
    pub(super) no_wait: bool,
}

/// What the words were.
pub(super) enum Parsed {
    /// A command.
    Command(Command),
    /// A wish for help, with the help.
    Help(String),
    /// Words that make no command.
    Wrong(Failure),
}

/// Reads the words.
pub(super) fn parse(words: Vec<OsString>) -> Parsed {
    let mut command = command();
    let result = command.try_get_matches_from_mut(words);
    match result.and_then(|matches| Args::from_arg_matches(&matches)) {
        Ok(args) => Parsed::Command(args.command),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                Parsed::Help(error.render().to_string())
            }
            _ => Parsed::Wrong(wrong(&error)),
        },
    }
}

/// The whole command, with everything that the derived one lacks.
pub fn command() -> clap::Command {
    abbreviations::add(Args::command())
}

fn wrong(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    let mut parts = text.trim().split("\n\n");
    let what = parts
        .next()
        .unwrap_or_default()
        .trim_start_matches("error: ");
    let what: Vec<&str> = what.lines().map(str::trim).collect();
    let rest: Vec<String> = parts
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let why = match rest.as_slice() {
        [] => "the command cannot be understood".to_owned(),
        some => some.join("; "),
    };
    Failure::invalid("usage", what.join(" "), why, "see `aura-msg --help`")
}
