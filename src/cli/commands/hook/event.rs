//! `aura-msg hook session-start|…`: an agent's event. Says who calls in which epoch, asks
//! for the state where it matters, and answers within two seconds. No failure of ours
//! blocks, unless `--on-unreachable block` says so.

use std::ffi::OsString;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::Agent;
use super::agent::Event;
use super::answer::Reply;
use super::asking::Asked;
use super::heard::Heard;
use super::rules::{self, Caller};
use crate::cli::args::{Deferred, EpochArgs, With, Words};
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::output::{Report, one_line};
use crate::cli::progress::Progress;
use crate::client::Error;
use crate::config::{Env, env};
use crate::protocol::words::{UnknownWord, words};
use crate::protocol::{RoleId, Word};

/// The whole time an event has.
const LIMIT: Duration = Duration::from_millis(1_900);
/// What of it is for asking; the rest is for saying that there was no answer.
const ASKING: Duration = Duration::from_millis(1_700);
words! {
    #[expect(unreachable_pub, reason = "the macro makes everything pub")]
    /// What to do where the state cannot be known.
    OnUnreachable as "policy" {
        /// Let the agent go on.
        Allow = "allow",
        /// Block what could be forbidden.
        Block = "block",
    }
}

/// An event, as it is called.
#[derive(Debug, Subcommand)]
pub enum Call {
    /// A session has begun: announce it, and tell the agent where its epoch is
    #[command(after_help = AFTER_HELP)]
    SessionStart(Words<EventArgs>),
    /// A session ends
    #[command(after_help = AFTER_HELP)]
    SessionEnd(Words<EventArgs>),
    /// Somebody has typed a prompt: tell the agent where its epoch is
    #[command(after_help = AFTER_HELP)]
    UserPromptSubmit(Words<EventArgs>),
    /// A tool is about to be used
    #[command(after_help = AFTER_HELP)]
    PreToolUse(Words<EventArgs>),
    /// The agent is about to stop
    #[command(after_help = AFTER_HELP)]
    Stop(Words<EventArgs>),
}

/// How events end, for all of them.
const AFTER_HELP: &str = "\
Called by an agent, with the event as JSON on standard input. Without an epoch it does
nothing. Exit codes: 0 go on, 2 block; nothing else, and within two seconds. Who calls is
told by AURA_EPOCH_ID, AURA_ROLE (worker unless it says otherwise), AURA_AXIS and
AURA_SLICE_ID.";

impl Call {
    fn parts(self) -> (Event, With<EventArgs>) {
        match self {
            Self::SessionStart(Deferred(args)) => (Event::SessionStart, args),
            Self::SessionEnd(Deferred(args)) => (Event::SessionEnd, args),
            Self::UserPromptSubmit(Deferred(args)) => (Event::UserPromptSubmit, args),
            Self::PreToolUse(Deferred(args)) => (Event::PreToolUse, args),
            Self::Stop(Deferred(args)) => (Event::Stop, args),
        }
    }
}

/// The words of an event.
#[derive(Debug, Args)]
pub struct EventArgs {
    #[command(flatten)]
    pub(super) epoch: EpochArgs,

    /// The agent that calls: claude-code, codex or gemini
    #[arg(long, value_name = "NAME")]
    agent: String,

    /// Block what the protocol forbids, instead of only saying so
    #[arg(long)]
    pub(super) enforce: bool,

    /// Where the epoch's state cannot be known: allow or block
    #[arg(long, value_name = "POLICY", default_value = "allow")]
    on_unreachable: String,
}

/// What the words mean.
pub(super) struct Meant {
    pub(super) agent: Agent,
    pub(super) policy: OnUnreachable,
}

impl Meant {
    pub(super) fn of(args: &EventArgs) -> Result<Self, String> {
        let wrong = |wrong: UnknownWord| wrong.to_string();
        Ok(Self {
            agent: Agent::from_word(&args.agent).map_err(wrong)?,
            policy: OnUnreachable::from_word(&args.on_unreachable).map_err(wrong)?,
        })
    }
}

/// Answers an event. A failure of the answer is a block, and nothing else is one.
pub(in crate::cli) async fn run(call: Call, env: &dyn Env) -> Answer {
    let (event, args) = call.parts();
    let Meant { agent, policy } = match Meant::of(&args.own) {
        Ok(words) => words,
        Err(wrong) => return Ok(not_understood(&wrong)),
    };
    let reply = match tokio::time::timeout(LIMIT, answer(event, agent, args, env)).await {
        Ok(Ok(reply)) => reply,
        Ok(Err(why)) => unknown(event, policy, &why),
        Err(_) => unknown(event, policy, "there was no answer in two seconds"),
    };
    reply.answer(agent, event)
}

/// An event that could not be understood: the agent goes on, and a person can read why.
pub(in crate::cli) fn not_understood(why: &str) -> Report {
    Report {
        text: "{}".to_owned(),
        json: "{}".to_owned(),
        notices: vec![format!("aura-msg hook: {}", one_line(why))],
    }
}

/// Whether these words are an event's: whatever comes of them, an agent reads it.
pub(in crate::cli) fn is_event(words: &[OsString]) -> bool {
    let word = |n: usize| {
        words
            .get(n)
            .and_then(|word| word.to_str())
            .unwrap_or_default()
    };
    word(1) == "hook" && Event::from_word(word(2)).is_ok()
}

/// Where nothing is known of the epoch.
pub(super) fn unknown(event: Event, policy: OnUnreachable, why: &str) -> Reply {
    let why = one_line(why);
    let can_be_forbidden = matches!(event, Event::Stop | Event::PreToolUse);
    if policy == OnUnreachable::Block && can_be_forbidden {
        return Reply::Block {
            what: "the epoch's state is not known".to_owned(),
            why,
            instead: "try again when the server and aurad are up, or ask the user".to_owned(),
        };
    }
    Reply::warn(format!("aura: the epoch's state is not known: {why}"))
}

/// The answer, or why there is none.
async fn answer(
    event: Event,
    agent: Agent,
    args: With<EventArgs>,
    env: &dyn Env,
) -> Result<Reply, String> {
    // Without an epoch, aura has nothing to say; that is how most sessions are.
    let Some(epoch_id) = epoch_id(&args.own.epoch, env)? else {
        return Ok(Reply::NOTHING);
    };
    let (heard, complaint) = match read().await {
        Ok(heard) => (heard, None),
        Err(why) => (
            Heard::default(),
            Some(format!(
                "aura: what {agent} says of {event} cannot be read: {why}"
            )),
        ),
    };
    let caller = caller(env)?;
    if !rules::concerns(agent, event, &caller, &heard) {
        return Ok(complaint.map_or(Reply::NOTHING, Reply::warn));
    }
    // An agent sees no sign of life.
    let progress = Progress::of(None);
    let mut context =
        Context::new(args.common, env, &progress).map_err(|failure| failure.line())?;
    let limit = &mut context.settings.timeout.value;
    *limit = ASKING.min(*limit);
    let asked = Asked {
        event,
        agent,
        epoch_id,
        caller,
        heard,
        enforce: args.own.enforce,
    };
    let client = context.connect().await.map_err(|failure| failure.line())?;
    let mut reply = match asked.reply(&client).await {
        Ok(reply) => reply,
        // There is nothing to forbid, and nobody to tell.
        Err(Error::NotFound { .. } | Error::Closed { .. }) => Reply::warn(format!(
            "aura: epoch {} is not there, or has ended; unset {} if this is other work",
            asked.epoch_id,
            env::AURA_EPOCH_ID
        )),
        Err(error) => return Err(Failure::from(error).line()),
    };
    if let (Reply::GoOn { warning, .. }, Some(complaint)) = (&mut reply, complaint) {
        warning.get_or_insert(complaint);
    }
    Ok(reply)
}

/// Standard input is read apart: an agent may keep it open.
async fn read() -> Result<Heard, String> {
    let reading = tokio::task::spawn_blocking(Heard::read);
    reading.await.map_err(|error| error.to_string())?
}

pub(super) fn epoch_id(args: &EpochArgs, env: &dyn Env) -> Result<Option<String>, String> {
    let said = match &args.epoch_id {
        Some(id) => Some(id.clone()),
        None => variable(env, env::AURA_EPOCH_ID)?,
    };
    said.filter(|id| !id.is_empty())
        .map(|id| input::epoch_id("the epoch", &id).map_err(|failure| failure.line()))
        .transpose()
}

fn variable(env: &dyn Env, name: &'static str) -> Result<Option<String>, String> {
    env.var(name).map_err(|error| error.to_string())
}

/// Who calls. A role or axis that is none says nothing.
pub(super) fn caller(env: &dyn Env) -> Result<Caller, String> {
    let role = variable(env, "AURA_ROLE")?;
    let axis = variable(env, "AURA_AXIS")?;
    Ok(Caller {
        // Without a word, an agent in an epoch works.
        role: RoleId::from_word(role.as_deref().unwrap_or("worker")).ok(),
        axis: axis.and_then(|axis| Word::from_word(&axis).ok()),
        slice_id: variable(env, "AURA_SLICE_ID")?,
    })
}
