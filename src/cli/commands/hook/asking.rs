//! Asking the epoch about an event, and telling it of the session: announced when it
//! begins, heard of again now and then, ended.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Agent;
use super::agent::Event;
use super::answer::Reply;
use super::heard::Heard;
use super::rules::{self, Caller, Forbidden, Known};
use crate::cli::commands::epoch::next::Next;
use crate::cli::commands::slice::leaves::Leaves;
use crate::cli::context;
use crate::cli::output::one_line;
use crate::cli::table;
use crate::client::{Client, Delivery, Error};
use crate::contract::epoch::{SessionNoteSignal, SessionRegisterSignal};
use crate::contract::names::signal;
use crate::contract::query::QueryStateResult;
use crate::protocol::limits::TEXT;
use crate::protocol::{PhaseId, Timestamp, Word};

/// A session is heard of again at most so often.
const HEARTBEAT: Duration = Duration::from_mins(10);

/// An event of which all is known but the epoch.
pub(super) struct Asked {
    pub(super) event: Event,
    pub(super) agent: Agent,
    pub(super) epoch_id: String,
    pub(super) caller: Caller,
    pub(super) heard: Heard,
    pub(super) enforce: bool,
}

impl Asked {
    /// Asks, and tells.
    pub(super) async fn reply(&self, client: &Client) -> Result<Reply, Error> {
        if self.event == Event::SessionEnd {
            self.note(client, signal::END_SESSION).await?;
            return Ok(Reply::NOTHING);
        }
        if self.event == Event::SessionStart {
            self.register(client).await?;
        }
        let state = client.state(&self.epoch_id).await?;
        self.stay_known(client, &state).await?;
        let done = self.done_leaves(client, &state).await?;
        let known = Known {
            state: &state,
            done,
        };
        Ok(judged(
            (self.agent, self.event),
            &self.caller,
            &self.heard,
            &known,
            &self.epoch_id,
            self.enforce,
        ))
    }

    /// Only where the answer depends on it.
    async fn done_leaves(
        &self,
        client: &Client,
        state: &QueryStateResult,
    ) -> Result<BTreeSet<String>, Error> {
        let wanted = self.event == Event::Stop && state.current_phase == PhaseId::P9;
        let slice_id = self.caller.slice_id.as_deref().filter(|_| wanted);
        let slices = state.more.as_ref().map(|more| &more.slices);
        let slice = slices
            .zip(slice_id)
            .and_then(|(all, id)| all.iter().find(|slice| slice.slice_id == id));
        let Some(slice) = slice else {
            return Ok(BTreeSet::new());
        };
        let leaves = Leaves::from(client.slice_progress(&self.epoch_id).await?).of(slice);
        let done = leaves.into_iter().filter(|leaf| leaf.is_done);
        Ok(done.map(|leaf| leaf.id).collect())
    }

    async fn register(&self, client: &Client) -> Result<(), Error> {
        let Some(session_id) = &self.heard.session_id else {
            return Ok(());
        };
        let body = SessionRegisterSignal {
            epoch_id: self.epoch_id.clone(),
            session_id: session_id.clone(),
            role: self.caller.role,
            model_harness: self.agent.word().to_owned(),
            model: cut(self.heard.model.as_deref().unwrap_or("unknown")),
        };
        self.send(client, signal::REGISTER_SESSION, body).await
    }

    /// Tells that the session lives, if it has not been heard of for a while, or announces
    /// it, if its beginning was missed.
    async fn stay_known(&self, client: &Client, state: &QueryStateResult) -> Result<(), Error> {
        let (Some(id), Some(more)) = (&self.heard.session_id, &state.more) else {
            return Ok(());
        };
        let now = table::now();
        match more
            .sessions
            .iter()
            .find(|session| session.session_id == *id)
        {
            Some(session) if is_recent(session.last_seen.0, now) => Ok(()),
            Some(_) => self.note(client, signal::SESSION_HEARTBEAT).await,
            None if self.event == Event::SessionStart => Ok(()),
            None => self.register(client).await,
        }
    }

    async fn note(&self, client: &Client, signal: &str) -> Result<(), Error> {
        let Some(session_id) = &self.heard.session_id else {
            return Ok(());
        };
        let body = SessionNoteSignal {
            session_id: session_id.clone(),
            reason: String::new(),
        };
        self.send(client, signal, body).await
    }

    /// Sends without waiting for the outcome: the server has it, and that is enough.
    async fn send<T>(&self, client: &Client, signal: &str, body: T) -> Result<(), Error>
    where
        T: serde::Serialize + serde::de::DeserializeOwned + Clone,
    {
        let delivery = Delivery {
            request_id: context::fresh_id(),
            may_be_known: false,
            actor: Some(format!("hook:{}", self.agent)),
            confirm: false,
        };
        client
            .send(&self.epoch_id, signal, body, &delivery)
            .await
            .map(drop)
    }
}

fn cut(text: &str) -> String {
    text.chars().take(TEXT / 4).collect()
}

fn is_recent(seen: Timestamp, now: Timestamp) -> bool {
    now.since(seen) < HEARTBEAT
}

/// The answer to an event, now that all is known.
pub(super) fn judged(
    (agent, event): (Agent, Event),
    caller: &Caller,
    heard: &Heard,
    known: &Known<'_>,
    epoch_id: &str,
    enforce: bool,
) -> Reply {
    let forbidden = rules::forbidden(agent, event, caller, heard, known);
    match (event, forbidden) {
        (_, Some(Forbidden { what, instead })) if enforce => Reply::Block {
            what,
            why: format!("epoch {epoch_id} is in {}", known.state.current_phase),
            instead,
        },
        (_, Some(Forbidden { what, instead })) => {
            Reply::warn(format!("aura: {what}; {instead} (said, not enforced)"))
        }
        (Event::SessionStart | Event::UserPromptSubmit, None) => Reply::GoOn {
            context: Some(standing(epoch_id, caller, known.state)),
            warning: None,
        },
        _ => Reply::NOTHING,
    }
}

/// Where the epoch is, and what that means for the caller.
fn standing(epoch_id: &str, caller: &Caller, state: &QueryStateResult) -> String {
    let phase = state.current_phase;
    let title = phase.spec().map_or("", |spec| spec.title);
    let role = caller.role.map_or("unspecified", Word::word);
    let turn = if caller.role == Some(state.current_role) {
        "it is your turn"
    } else {
        "it is not your turn"
    };
    let mut lines = vec![format!(
        "aura: epoch {epoch_id} is in {phase} {title}. Your role is {role}: {turn}."
    )];
    let next = Next::after(state, None).lines(epoch_id);
    lines.extend(next.into_iter().map(|line| one_line(&line)));
    lines.join("\n")
}
