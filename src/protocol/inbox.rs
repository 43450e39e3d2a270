//! The messages of an execution: which were seen before, and what became of them. It
//! makes repeating a message harmless, whatever the message is about.

use super::limits::{self, Bound, Ring, head};
use super::outcome::OutcomeRecord;
use super::phase::PhaseId;
use super::refusal::{Refusal, RefusalCode, RefusalRecord};
use super::time::Timestamp;

/// Encoded bytes kept of names that senders give themselves.
pub(super) const NAME_KEPT: usize = 256;

/// The last refusals, and the last outcomes by request id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbox {
    /// The last refusals.
    pub refusals: Ring<RefusalRecord>,
    /// The last outcomes by request id.
    pub outcomes: Ring<OutcomeRecord>,
}

/// What identifies a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// The sender's id for it; repeating it is harmless.
    pub request_id: Option<String>,
    /// A digest of the content, by which a reused id is told from a repeated message.
    pub fingerprint: String,
    /// Who sent it, if they said.
    pub actor: Option<String>,
}

/// Whether a message is to be applied.
pub(super) enum Admission {
    /// It is new; its envelope is fit to be recorded.
    New(Envelope),
    /// It was applied, or refused, before.
    Repeated(Result<(), Refusal>),
    /// Its envelope will not do.
    Refused(Refusal),
}

impl Inbox {
    /// An inbox that remembers so many refusals and outcomes.
    pub const fn new(refusals: Bound, outcomes: Bound) -> Self {
        Self {
            refusals: Ring::new(refusals),
            outcomes: Ring::new(outcomes),
        }
    }

    /// The inbox of a slice's run or a review's round, which get few messages.
    pub const fn of_child() -> Self {
        Self::new(limits::CHILD_REFUSALS, limits::CHILD_OUTCOMES)
    }

    /// What became of the message with this id.
    pub fn outcome(&self, request_id: &str) -> Option<&OutcomeRecord> {
        self.outcomes
            .iter()
            .rev()
            .find(|outcome| outcome.request_id == request_id)
    }

    /// Takes a message in, unless it was here before.
    pub(super) fn admit(&self, envelope: Envelope, message: &str) -> Admission {
        let Envelope {
            request_id,
            fingerprint,
            actor,
        } = envelope;
        let actor = actor.map(|actor| head(&actor, NAME_KEPT).to_owned());
        let request_id = request_id.filter(|id| !id.is_empty());
        if let Some(id) = &request_id {
            if id.len() > limits::REQUEST_ID {
                let refusal = Refusal::too_long("request_id", id.len(), limits::REQUEST_ID);
                return Admission::Refused(refusal);
            }
            match self.outcome(id) {
                None => {}
                Some(first) if first.fingerprint == fingerprint => {
                    return Admission::Repeated(first.refusal.clone().map_or(Ok(()), Err));
                }
                Some(_) => return Admission::Refused(reused(id, message)),
            }
        }
        Admission::New(Envelope {
            request_id,
            fingerprint,
            actor,
        })
    }

    /// Records a refusal that has no outcome of its own.
    pub(super) fn note_refusal(&mut self, at: Timestamp, refusal: Refusal) {
        self.refusals.push(RefusalRecord {
            at,
            actor: None,
            refusal,
        });
    }

    /// Records what became of a message.
    pub(super) fn settle(
        &mut self,
        at: Timestamp,
        envelope: Envelope,
        phase: PhaseId,
        result: Result<Option<String>, Refusal>,
    ) {
        let Envelope {
            request_id,
            fingerprint,
            actor,
        } = envelope;
        let (refusal, note) = match result {
            Ok(note) => (None, note),
            Err(refusal) => {
                self.refusals.push(RefusalRecord {
                    at,
                    actor,
                    refusal: refusal.clone(),
                });
                (Some(refusal), None)
            }
        };
        if let Some(request_id) = request_id {
            self.outcomes.push(OutcomeRecord {
                request_id,
                fingerprint,
                refusal,
                note,
                phase,
            });
        }
    }
}

fn reused(request_id: &str, message: &str) -> Refusal {
    Refusal::new(
        RefusalCode::RequestIdReused,
        format!("{message} was not applied"),
        format!("its request_id '{request_id}' was used for a message with other content"),
        "the first message stands; this one changed nothing",
        "send it again under a request_id of its own",
    )
}
