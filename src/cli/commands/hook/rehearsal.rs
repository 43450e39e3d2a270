//! Events that only seem to happen: answered like others, but nobody is told of them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Agent;
use super::agent::Event;
use super::answer::Reply;
use super::asking::judged;
use super::event::{EventArgs, Meant, OnUnreachable, caller, epoch_id, unknown};
use super::heard::Heard;
use super::rules::{self, Caller, Known};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::contract::query::QueryStateResult;

/// What is known beforehand of all of them.
pub(super) struct Rehearsal {
    pub(super) agent: Agent,
    policy: OnUnreachable,
    enforce: bool,
    caller: Caller,
    /// The epoch and its state; or why it is not known.
    known: Option<Result<(String, QueryStateResult), String>>,
}

impl Rehearsal {
    /// Asks for the state, once for all events.
    pub(super) async fn new(context: &Context<'_>, args: &EventArgs) -> Result<Self, Failure> {
        let invalid = |wrong: String| {
            Failure::invalid(
                "usage",
                wrong,
                "the words of an event are fixed",
                "see --help",
            )
        };
        let Meant { agent, policy } = Meant::of(args).map_err(invalid)?;
        let known = match epoch_id(&args.epoch, context.env()).map_err(invalid)? {
            None => None,
            Some(id) => Some(match state(context, &id).await {
                Ok(state) => Ok((id, state)),
                Err(failure) => Err(failure.line()),
            }),
        };
        Ok(Self {
            agent,
            policy,
            enforce: args.enforce,
            caller: caller(context.env()).map_err(invalid)?,
            known,
        })
    }

    /// What the event would be answered.
    pub(super) fn reply(&self, event: Event, said: &Value) -> Reply {
        let heard = Heard::of(said.to_string().as_bytes()).unwrap_or_default();
        if !rules::concerns(self.agent, event, &self.caller, &heard) {
            return Reply::NOTHING;
        }
        match &self.known {
            None => Reply::NOTHING,
            Some(Err(why)) => unknown(event, self.policy, why),
            Some(Ok((epoch_id, state))) => {
                let known = Known {
                    state,
                    done: BTreeSet::new(),
                };
                let at = (self.agent, event);
                judged(at, &self.caller, &heard, &known, epoch_id, self.enforce)
            }
        }
    }
}

async fn state(context: &Context<'_>, epoch_id: &str) -> Result<QueryStateResult, Failure> {
    let client = context.connect().await?;
    Ok(client.state(epoch_id).await?)
}
