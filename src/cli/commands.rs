//! One file per command; here is only which is which, and the answer that all messages
//! share.

pub(super) mod audit;
pub(super) mod completions;
pub(super) mod config;
pub(super) mod constraint;
pub(super) mod doctor;
pub(super) mod epoch;
pub(super) mod finding;
pub(super) mod hook;
pub(super) mod man;
pub(super) mod mcp;
pub(super) mod phase;
pub(super) mod protocol;
pub(super) mod query;
pub(super) mod review;
pub(super) mod schema;
pub(super) mod session;
pub(super) mod signal;
pub(super) mod slice;

mod message;
#[cfg(test)]
mod tests;

use tokio::signal::unix::{SignalKind, signal as listen};

use super::args::{
    Audit, Command, Common, Config, Constraint, Deferred, Epoch, Finding, Hook, Phase, Protocol,
    Query, Review, Session, Signal, Slice,
};
use super::context::Context;
use super::failure::Failure;
use super::output::Report;
use super::programs::Programs;
use super::progress::Progress;
use crate::config::{Env, Format};

type Answer = Result<Report, Failure>;

/// Runs a command; answers with its format too, if the settings could be resolved.
pub(super) async fn run(
    command: Command,
    env: &dyn Env,
    programs: Programs,
) -> (Answer, Option<Format>) {
    // Listened for before anything is sent, so that no moment is without an answer.
    let mut interrupt = match listen(SignalKind::interrupt()) {
        Ok(interrupt) => interrupt,
        Err(error) => return (Err(Failure::internal(error)), None),
    };
    let mut format = None;
    let progress = Progress::of(wait(&command));
    let answer = tokio::select! {
        answer = dispatch(command, env, &progress, programs, &mut format) => answer,
        never = progress.show() => match never {},
        _ = interrupt.recv() => Err(Failure::interrupted()),
    };
    (answer, format)
}

/// What a command waits for, in words for those who wait; none where it has the terminal for
/// itself.
const fn wait(command: &Command) -> Option<&'static str> {
    match command {
        Command::Epoch(Epoch::Watch(_))
        | Command::Slice(Slice::Attach(_) | Slice::Logs(_))
        | Command::Hook(_)
        | Command::Mcp(_) => None,
        Command::Epoch(Epoch::Wait(_)) => Some("waiting for the epoch to come there"),
        Command::Doctor(_) => Some("looking"),
        _ => Some("waiting for an answer"),
    }
}

async fn dispatch(
    command: Command,
    env: &dyn Env,
    progress: &Progress,
    programs: Programs,
    format: &mut Option<Format>,
) -> Answer {
    macro_rules! with {
        ($args:ident, $run:path) => {{
            let context = context($args.common, env, progress, format)?;
            $run(&context, $args.own)
                .await
                .map(|report| noticed(&context, report))
        }};
    }
    match command {
        Command::Doctor(Deferred(args)) => with!(args, doctor::run),
        // What is text for other programs, whatever the settings say.
        Command::Completions(Deferred(args)) => {
            *format = Some(Format::Text);
            completions::run(&args, programs)
        }
        Command::Man(Deferred(args)) => {
            *format = Some(Format::Text);
            man::run(&args, programs)
        }
        Command::Query(Query::State(Deferred(args))) => with!(args, query::state::run),
        Command::Query(Query::Transitions(Deferred(args))) => with!(args, query::transitions::run),
        Command::Epoch(Epoch::List(Deferred(args))) => with!(args, epoch::list::run),
        Command::Epoch(Epoch::Show(Deferred(args))) => with!(args, epoch::show::run),
        Command::Epoch(Epoch::Next(Deferred(args))) => with!(args, epoch::next::command::run),
        Command::Epoch(Epoch::Watch(Deferred(args))) => with!(args, epoch::watch::run),
        Command::Epoch(Epoch::History(Deferred(args))) => with!(args, epoch::history::run),
        Command::Epoch(Epoch::Start(Deferred(args))) => with!(args, epoch::start::run),
        Command::Epoch(Epoch::Cancel(Deferred(args))) => with!(args, epoch::cancel::run),
        Command::Epoch(Epoch::Terminate(Deferred(args))) => with!(args, epoch::terminate::run),
        Command::Epoch(Epoch::Wait(Deferred(args))) => with!(args, epoch::wait::run),
        Command::Epoch(Epoch::Simulate(Deferred(args))) => with!(args, epoch::simulate::run),
        Command::Signal(Signal::Vote(Deferred(args))) => with!(args, signal::vote::run),
        Command::Signal(Signal::Complete(Deferred(args))) => with!(args, signal::complete::run),
        Command::Phase(Phase::Advance(Deferred(args))) => with!(args, phase::advance::run),
        Command::Session(Session::Register(Deferred(args))) => with!(args, session::register::run),
        Command::Session(Session::List(Deferred(args))) => with!(args, session::list::run),
        Command::Session(Session::End(Deferred(args))) => with!(args, session::end::run),
        Command::Finding(Finding::List(Deferred(args))) => with!(args, finding::list::run),
        Command::Finding(Finding::Add(Deferred(args))) => with!(args, finding::add::run),
        Command::Finding(Finding::Resolve(Deferred(args))) => with!(args, finding::resolve::run),
        Command::Slice(Slice::Start(Deferred(args))) => with!(args, slice::start::run),
        Command::Slice(Slice::Plan(Deferred(args))) => with!(args, slice::plan::run),
        Command::Slice(Slice::List(Deferred(args))) => with!(args, slice::list::run),
        Command::Slice(Slice::Show(Deferred(args))) => with!(args, slice::show::run),
        Command::Slice(Slice::Progress(Deferred(args))) => with!(args, slice::progress::run),
        Command::Slice(Slice::Cancel(Deferred(args))) => with!(args, slice::cancel::run),
        Command::Slice(Slice::Retry(Deferred(args))) => with!(args, slice::retry::run),
        Command::Slice(Slice::Waive(Deferred(args))) => with!(args, slice::waive::run),
        Command::Slice(Slice::Attach(Deferred(args))) => with!(args, slice::attach::run),
        Command::Slice(Slice::Logs(Deferred(args))) => with!(args, slice::logs::run),
        Command::Review(Review::Show(Deferred(args))) => with!(args, review::show::run),
        Command::Audit(Audit::List(Deferred(args))) => with!(args, audit::list::run),
        Command::Audit(Audit::Export(Deferred(args))) => {
            let args = args.sorted()?;
            with!(args, audit::export::run)
        }
        Command::Audit(Audit::Verify(Deferred(args))) => with!(args, audit::verify::run),
        Command::Protocol(Protocol::Show(Deferred(args))) => {
            let args = args.sorted()?;
            with!(args, protocol::show::run)
        }
        Command::Protocol(Protocol::Check(Deferred(args))) => with!(args, protocol::check::run),
        Command::Constraint(Constraint::List(Deferred(args))) => with!(args, constraint::list::run),
        Command::Config(Config::Show(Deferred(args))) => with!(args, config::show::run),
        // These two answer however broken the file is.
        Command::Config(Config::Path(Deferred(common))) => {
            *format = Some(config::format(&common, env)?);
            config::path::run(common, env)
        }
        Command::Config(Config::Init(Deferred(args))) => {
            *format = Some(config::format(&args.common, env)?);
            config::init::run(args, env)
        }
        Command::Constraint(Constraint::Explain(Deferred(args))) => {
            with!(args, constraint::explain::run)
        }
        Command::Hook(Hook::Event(call)) => hook::event::run(call, env).await,
        Command::Hook(Hook::Install(Deferred(args))) => with!(args, hook::install::install),
        Command::Hook(Hook::Uninstall(Deferred(args))) => with!(args, hook::install::uninstall),
        Command::Hook(Hook::Test(Deferred(args))) => with!(args, hook::test::run),
        Command::Mcp(Deferred(common)) => mcp::run(&context(common, env, progress, format)?).await,
        Command::Schema(Deferred(args)) => with!(args, schema::run),
    }
}

fn context<'a>(
    common: Common,
    env: &'a dyn Env,
    progress: &'a Progress,
    format: &mut Option<Format>,
) -> Result<Context<'a>, Failure> {
    let context = Context::new(common, env, progress)?;
    *format = Some(context.settings.format.value);
    Ok(context)
}

/// What the settings have to say goes before what the command says.
fn noticed(context: &Context<'_>, mut report: Report) -> Report {
    let mut notices = context.settings.notices.clone();
    notices.append(&mut report.notices);
    Report { notices, ..report }
}
