//! The commands of each group: which there are, and what their help says first.

use clap::Subcommand;

use super::deferred::{Deferred, Words};
use super::{Common, EpochArgs};
use crate::cli::commands::{
    audit, config, constraint, epoch, finding, hook, phase, protocol, query, session, signal, slice,
};

/// What to ask.
#[derive(Debug, Subcommand)]
pub enum Query {
    /// Show an epoch's state
    State(Words<query::state::StateArgs>),
    /// Show the steps that would be accepted now
    Transitions(Words<EpochArgs>),
}

/// What to do with an epoch.
#[derive(Debug, Subcommand)]
pub enum Epoch {
    /// Start an epoch
    Start(Words<epoch::start::StartArgs>),
    /// List epochs, open ones unless more is asked for
    #[command(
        after_help = "The list is the server's index of search attributes: what has just happened \
                      may be missing in it for a moment. aura-msg epoch show is exact."
    )]
    List(Words<epoch::list::ListArgs>),
    /// Show all of an epoch, who acts next, and the commands to type
    #[command(
        after_help = "Phases are drawn as ✓ left, ▶ current, · to come, ↻ to come again. In commands, \
                      replace words in capitals, and choose one of words that | parts."
    )]
    Show(Words<EpochArgs>),
    /// Say who acts next in an epoch, and the commands to type
    #[command(
        after_help = "In commands, replace words in capitals, and choose one of words that | parts."
    )]
    Next(Words<EpochArgs>),
    /// Show an epoch as it changes, until it ends
    #[command(
        after_help = "On a terminal the screen is drawn again every second. With --format jsonl each \
                      change is one line of JSON, as of epoch show. Without --timeout it watches for \
                      as long as the epoch goes on."
    )]
    Watch(Words<EpochArgs>),
    /// Tell what happened in an epoch, when, by whom and why
    #[command(
        after_help = "It is told from the epoch's state, which keeps the latest: 500 tries to move on, \
                      100 refusals, 20 review rounds with the last vote of each axis, the last change of \
                      each slice, and the sessions that have not ended. The audit trail has all of it."
    )]
    History(Words<EpochArgs>),
    /// Cancel an epoch, and wait until it has ended
    Cancel(Words<epoch::cancel::CancelArgs>),
    /// End an epoch and its children at once, without letting them finish anything
    Terminate(Words<epoch::terminate::TerminateArgs>),
    /// Wait until an epoch has come to a phase; --timeout says for how long
    Wait(Words<epoch::wait::WaitArgs>),
    /// Run a scripted epoch in memory and hold it to what is expected; needs no server
    Simulate(Words<epoch::simulate::SimulateArgs>),
}

/// What to signal.
#[derive(Debug, Subcommand)]
pub enum Signal {
    /// Vote in a review: one vote per axis, and the last one counts
    Vote(Words<signal::vote::VoteArgs>),
    /// Say how a slice ended: with --output it succeeded, with --error it failed
    Complete(Words<signal::complete::CompleteArgs>),
}

/// What to do with a phase.
#[derive(Debug, Subcommand)]
pub enum Phase {
    /// Move an epoch to another phase, if its rules allow it
    Advance(Words<phase::advance::AdvanceArgs>),
}

/// What to do with a session.
#[derive(Debug, Subcommand)]
pub enum Session {
    /// Announce a session to its epoch
    Register(Words<session::register::RegisterArgs>),
    /// List the sessions that have not ended; one not heard of for 30 minutes is stale
    List(Words<EpochArgs>),
    /// Say that a session has ended
    End(Words<session::end::EndArgs>),
}

/// What to do with a finding.
#[derive(Debug, Subcommand)]
pub enum Finding {
    /// Record a finding; while a BLOCKER is open, the code review cannot be left for p11
    Add(Words<finding::add::AddArgs>),
    /// List the open findings, the gravest first
    List(Words<finding::list::ListArgs>),
    /// Resolve a finding
    Resolve(Words<finding::resolve::ResolveArgs>),
}

/// What to do with slices.
#[derive(Debug, Subcommand)]
pub enum Slice {
    /// Declare one slice; it runs in p9, when what it depends on has succeeded
    Start(Words<slice::start::StartArgs>),
    /// Declare all slices of a file, or none if one will not do
    Plan(Words<slice::plan::PlanArgs>),
    /// List the slices: where each is, how far, and what it waits for
    List(Words<EpochArgs>),
    /// Show all that is known of a slice
    Show(Words<slice::lookup::SliceArgs>),
    /// Report how far a leaf task of a slice is
    Progress(Words<slice::progress::ProgressArgs>),
    /// Stop a slice, or keep it from starting
    Cancel(Words<slice::cancel::CancelArgs>),
    /// Run a failed, cancelled or succeeded slice again
    Retry(Words<slice::retry::RetryArgs>),
    /// Decide that a slice need not succeed
    Waive(Words<slice::waive::WaiveArgs>),
    /// Attach to the terminal of a slice that runs in mode tmux
    Attach(Words<slice::attach::AttachArgs>),
    /// Print the log of a slice's last run, as it is
    Logs(Words<slice::logs::LogsArgs>),
}

/// What to do with reviews.
#[derive(Debug, Subcommand)]
pub enum Review {
    /// Show the review rounds: votes, comments, and who is missing
    Show(Words<EpochArgs>),
}

/// What to do with the audit trail.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// List the latest events of the trail
    #[command(
        after_help = "It reads the file that aurad writes, without a server; with the backend temporal, \
                      or --from-epoch, the epoch tells its own events."
    )]
    List(Words<audit::list::ListArgs>),
    /// Print the trail, or a part of it, as lines of JSON or as CSV
    Export(Deferred<audit::export::ExportArgs>),
    /// Recompute the chain of hashes, and compare the trail with what its epochs tell
    #[command(after_help = audit::verify::AFTER_HELP)]
    Verify(Words<audit::verify::VerifyArgs>),
}

/// What to do with the rules.
#[derive(Debug, Subcommand)]
pub enum Protocol {
    /// Show phases, transitions, gates and handoffs, as text or as a drawing
    Show(Deferred<protocol::show::ShowArgs>),
    /// Hold a description of titles, tasks and states against the constraints
    Check(Words<protocol::check::CheckArgs>),
}

/// What to ask of constraints.
#[derive(Debug, Subcommand)]
pub enum Constraint {
    /// List them: how each is checked, whether it blocks, what it means
    List(Words<constraint::list::ListArgs>),
    /// Explain one: what it looks at, when it is violated, with an example
    Explain(Words<constraint::explain::ExplainArgs>),
}

/// What to do with hooks.
#[derive(Debug, Subcommand)]
pub enum Hook {
    /// What agents call
    #[command(flatten)]
    Event(hook::event::Call),
    /// Put the hooks into an agent's settings
    Install(Words<hook::install::Install>),
    /// Take them out again
    Uninstall(Words<hook::install::Target>),
    /// Show what sample events of an agent would be answered now
    Test(Words<hook::event::EventArgs>),
}

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub enum Config {
    /// Show every setting of aurad and aura-msg
    Show(Words<config::show::ShowArgs>),
    /// Say which config file is read
    Path(Deferred<Common>),
    /// Write a config file that has every key, commented out
    Init(Words<config::init::InitArgs>),
}
