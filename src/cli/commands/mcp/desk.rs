//! Where calls become commands: each is read, run and answered as if it had been typed, but
//! all over one connection. It leaves out the protocol that they come by.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use futures::stream::{FuturesUnordered, StreamExt};
use serde_json::{Map, Value};
use tokio::sync::{mpsc, oneshot};

use super::input;
use super::tools::Tool;
use crate::cli::args::{
    self, Command, Deferred, Epoch, Finding, Parsed, Phase, Query, Session, Signal, Slice,
};
use crate::cli::commands::{Answer, epoch, finding, phase, query, session, signal, slice};
use crate::cli::context::{Context, Kept};
use crate::cli::failure::{Failure, Kind};
use crate::cli::input::cut;
use crate::cli::panic_text;
use crate::config::read_duration;

/// How long a wait is where no time is given. Agents' own limits for a call begin at a minute.
const WAIT: Duration = Duration::from_secs(30);
/// How long it may be: an agent that says nothing for longer is taken for dead.
const LONGEST_WAIT: Duration = Duration::from_mins(10);
/// The same in words.
pub(super) const PATIENCE: &str = "Waits for as long as timeout says, such as 30s or 2m, at most \
                                   10m; 30s if it says nothing.";

/// A call, and where its answer goes.
pub(super) struct Call {
    pub(super) tool: &'static Tool,
    pub(super) arguments: Map<String, Value>,
    /// Closed by whoever does not want the answer any more.
    pub(super) answer: oneshot::Sender<Answer>,
}

/// Answers calls, side by side, until there will be no more.
pub(super) async fn work(context: &Context<'_>, mut calls: mpsc::Receiver<Call>) {
    let kept = Kept::default();
    let mut open = FuturesUnordered::new();
    loop {
        tokio::select! {
            Some(call) = calls.recv() => open.push(Box::pin(answer(context, &kept, call))),
            Some(()) = open.next() => {}
            else => return,
        }
    }
}

async fn answer(context: &Context<'_>, kept: &Kept, call: Call) {
    let Call {
        tool,
        arguments,
        mut answer,
    } = call;
    // Nothing of what a call worked on is used again.
    let called = AssertUnwindSafe(called(context, kept, tool, &arguments)).catch_unwind();
    let result = tokio::select! {
        result = called => result,
        () = answer.closed() => return,
    };
    let result = result.unwrap_or_else(|panic| Err(Failure::internal(panic_text(&*panic))));
    // If nobody waits for it, nobody is missed.
    let _ = answer.send(result);
}

async fn called(
    context: &Context<'_>,
    kept: &Kept,
    tool: &Tool,
    arguments: &Map<String, Value>,
) -> Answer {
    let command = match args::parse(input::words(tool, arguments)?) {
        Parsed::Command(command) => *command,
        Parsed::Wrong(failure) => return Err(failure),
        Parsed::Help(_) => return Err(Failure::internal("a call cannot ask for help")),
    };
    let limit = match &command {
        Command::Epoch(Epoch::Wait(Deferred(args))) => {
            Some(patience(args.common.timeout.as_deref())?)
        }
        _ => None,
    };
    let answer = run(&context.for_one(kept, limit), command).await;
    // A connection that is dead may not know it.
    if let Err(failure) = &answer
        && matches!(failure.kind, Kind::Connection | Kind::NotConfirmed)
    {
        kept.forget();
    }
    answer
}

/// How long to wait.
fn patience(text: Option<&str>) -> Result<Duration, Failure> {
    let Some(text) = text else { return Ok(WAIT) };
    let wrong = |fault: &str, why: &str| {
        let what = format!("timeout '{}' {fault}", cut(text));
        Failure::invalid("usage", what, why, "write 30s, for example, and wait again")
    };
    match read_duration(text) {
        Ok(limit) if limit <= LONGEST_WAIT => Ok(limit),
        Ok(_) => Err(wrong("is too long", "at most 10m is allowed")),
        Err(invalid) => Err(wrong(&invalid.fault, &invalid.why)),
    }
}

/// Runs one command of those that are tools.
async fn run(context: &Context<'_>, command: Command) -> Answer {
    match command {
        Command::Epoch(Epoch::Next(Deferred(args))) => {
            epoch::next::command::run(context, args.own).await
        }
        Command::Epoch(Epoch::Wait(Deferred(args))) => epoch::wait::run(context, args.own).await,
        Command::Query(Query::State(Deferred(args))) => query::state::run(context, args.own).await,
        Command::Signal(Signal::Vote(Deferred(args))) => signal::vote::run(context, args.own).await,
        Command::Signal(Signal::Complete(Deferred(args))) => {
            signal::complete::run(context, args.own).await
        }
        Command::Phase(Phase::Advance(Deferred(args))) => {
            phase::advance::run(context, args.own).await
        }
        Command::Finding(Finding::Add(Deferred(args))) => {
            finding::add::run(context, args.own).await
        }
        Command::Finding(Finding::Resolve(Deferred(args))) => {
            finding::resolve::run(context, args.own).await
        }
        Command::Slice(Slice::Progress(Deferred(args))) => {
            slice::progress::run(context, args.own).await
        }
        Command::Session(Session::Register(Deferred(args))) => {
            session::register::run(context, args.own).await
        }
        Command::Session(Session::End(Deferred(args))) => {
            session::end::run(context, args.own).await
        }
        _ => Err(Failure::internal("this command is no tool")),
    }
}
