//! What an epoch's workflow holds between events: the epoch, and the effects that have
//! not been performed. Messages are applied here, at once and in order of arrival;
//! nothing here waits for anything.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Map, Value};

use super::super::said::{self, Before, Ids};
use super::made::Made;
use super::measure::Heard;
use super::pump::{Order, Pump, Row};
use super::queue::{Cause, Queue};
use crate::contract::attributes;
use crate::contract::audit::AuditEvent;
use crate::contract::query::Outcome;
use crate::protocol::effect::Effect;
use crate::protocol::refusal::{Refusal, RefusalCode};
use crate::protocol::state::{EpochStatus, State};
use crate::protocol::{Epoch, Event, Message, Refused, Timestamp};
use crate::telemetry::metrics::{InMemory, Stopwatch};
use crate::telemetry::trace::Origin;

/// Bytes of unwritten audit events beyond which new messages are refused: what a run
/// hands to the next must stay under the server's limit for one payload.
const BACKLOG: usize = 600_000;

/// The execution that a shell lives in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) workflow_id: String,
    pub(super) run_id: String,
}

/// Fields of a snapshot that only a newer release understands.
#[derive(Clone, Debug, Default)]
pub(super) struct Unknown {
    pub(super) carried: Map<String, Value>,
    pub(super) state: Map<String, Value>,
}

/// An epoch and the effects that wait.
pub(super) struct Shell {
    pub(super) epoch: Epoch,
    pub(super) identity: Identity,
    /// What waits to be done.
    pub(super) queue: Queue,
    /// Audit events that ordinary activities write.
    pub(super) pump: Pump,
    /// The audit events of this run.
    pub(super) made: Made,
    /// Whether the attributes can be written; asked once a run where it is not known.
    pub(super) attributes: Option<bool>,
    /// Fields of a newer release's snapshot, to be carried on.
    pub(super) unknown: Unknown,
    /// When the server first suggested a new run.
    pub(super) suggested: Option<Timestamp>,
    /// Whether the run has ended as far as this worker has played it. What it hands to the
    /// next is settled then. A server may still take messages: it may never have heard of
    /// that end, where the worker has played the run for a query alone, further than any
    /// task was completed. A message that comes then would be in this shell and nowhere else.
    pub(super) has_ended: bool,
    /// Whether what happens now happens for the first time; only measured by and
    /// logged by, never decided.
    pub(super) is_live: bool,
    /// What this epoch adds to the numbers of the process.
    pub(super) in_memory: InMemory,
}

impl Shell {
    /// A shell around an epoch that begins at this moment with these effects, and with
    /// these audit events of an earlier run.
    pub(super) fn new(
        epoch: Epoch,
        identity: Identity,
        at: Timestamp,
        backlog: Vec<AuditEvent>,
        effects: Vec<Effect>,
    ) -> Self {
        let mut shell = Self {
            epoch,
            identity,
            queue: Queue::default(),
            pump: Pump::default(),
            made: Made::default(),
            attributes: None,
            unknown: Unknown::default(),
            suggested: None,
            has_ended: false,
            is_live: false,
            in_memory: InMemory::default(),
        };
        let rows = backlog.into_iter();
        let rows = rows.map(|event| Row::new(event, Order::Recorded));
        shell.queue(Cause::Start, at, rows.collect(), effects);
        shell
    }

    pub(super) const fn state(&self) -> &State {
        self.epoch.state()
    }

    /// What became of a message.
    pub(super) fn outcome(&self, request_id: &str) -> Outcome {
        let state = self.state();
        Outcome::of(&state.inbox, request_id, state.phase)
    }

    /// Applies a message from outside, and tells what became of it.
    pub(super) fn receive(
        &mut self,
        at: Timestamp,
        signal: &str,
        origin: Option<Origin>,
        message: Message,
    ) -> Heard {
        let request_id = message.envelope.request_id.as_deref();
        let ids = self.ids(request_id);
        let handling = ids.handling(self.is_live, signal, origin.as_ref());
        self.queue.origin = handling.origin().or(origin);
        let has_come = self.has_heard(&message);
        let waiting = self.pump.bytes() + self.queue.bytes();
        let refused = if waiting > BACKLOG && !message.event.is_report() {
            let refusal = self.backlog_full(message.event.name());
            self.epoch.refuse(at, message, refusal.clone());
            Some(refusal)
        } else {
            self.apply(at, message, Cause::Messages)
        };
        self.queue.origin = None;
        match refused {
            _ if has_come => Heard::Repeated,
            Some(refusal) => {
                if self.is_live {
                    said::refused(&refusal);
                }
                Heard::Refused(refusal.code)
            }
            None => Heard::Applied,
        }
    }

    /// What lines about this epoch are known by.
    fn ids<'a>(&'a self, request_id: Option<&'a str>) -> Ids<'a> {
        Ids {
            epoch_id: self.state().epoch_id.as_str(),
            workflow_id: &self.identity.workflow_id,
            run_id: &self.identity.run_id,
            slice_id: None,
            request_id,
        }
    }

    /// Logs something of the run itself, if it happens for the first time.
    pub(super) fn say(&self, is_live: bool, what: &str) {
        if is_live {
            let span = self.ids(None).span(is_live, None);
            span.in_scope(|| tracing::info!("{what}"));
        }
    }

    /// Applies an event of the workflow's own.
    pub(super) fn happen(&mut self, at: Timestamp, event: Event) {
        let span = self.ids(None).span(self.is_live, None);
        let _inside = span.enter();
        self.apply(at, Message::internal(event), Cause::Own);
    }

    fn apply(&mut self, at: Timestamp, message: Message, cause: Cause) -> Option<Refusal> {
        let before = self.is_live.then(|| Before::of(self.state()));
        let (effects, refused) = guarded(&mut self.epoch, at, message, Epoch::apply);
        if let Some(before) = before {
            before.tell(self.state());
        }
        self.queue.received = self.is_live.then(Stopwatch::start);
        self.queue(cause, at, Vec::new(), effects);
        self.tell();
        refused
    }

    fn queue(&mut self, cause: Cause, at: Timestamp, mut rows: Vec<Row>, effects: Vec<Effect>) {
        let order = match cause {
            Cause::Start | Cause::Messages => Order::Recorded,
            Cause::Own => Order::Open,
        };
        let mut others = Vec::new();
        for effect in effects {
            match effect {
                Effect::Audit(entry) => {
                    let Identity {
                        workflow_id,
                        run_id,
                    } = &self.identity;
                    let epoch_id = self.epoch.state().epoch_id.as_str();
                    let event = AuditEvent::of_entry(epoch_id, workflow_id, run_id, entry);
                    self.made.add(&event);
                    rows.push(Row::new(event, order));
                }
                other => others.push(other),
            }
        }
        let state = self.epoch.state();
        self.queue
            .add(cause, at, rows, others, || attributes::of_state(state));
    }

    /// Whether cancelling waits for nothing any more.
    pub(super) fn is_cancel_settled(&self) -> bool {
        use crate::protocol::slice::SliceState;
        let state = self.state();
        state.status == EpochStatus::Cancelling
            && state.slices.in_state(SliceState::Running).next().is_none()
    }

    fn backlog_full(&self, message: &str) -> Refusal {
        Refusal::new(
            RefusalCode::EpochFull,
            format!("{message} was not applied"),
            format!(
                "{} audit events wait to be written",
                self.pump.len() + self.queue.rows().count()
            ),
            "nothing changed; messages are taken again once the audit trail can be written",
            "send it in a moment as a new message; if that does not help, aurad's log says why",
        )
    }
}

/// Applies a message, and gives the refusal if it was refused; a panic inside the rules becomes
/// one, and the epoch is as it was. Otherwise the panic would fail the task, again on every retry, for ever.
fn guarded(
    epoch: &mut Epoch,
    at: Timestamp,
    message: Message,
    apply: impl FnOnce(&mut Epoch, Timestamp, Message) -> Result<Vec<Effect>, Refused>,
) -> (Vec<Effect>, Option<Refusal>) {
    let before = epoch.clone();
    let kept = message.clone();
    let applied = catch_unwind(AssertUnwindSafe(|| apply(epoch, at, message)));
    match applied {
        Ok(Ok(effects)) => return (effects, None),
        Ok(Err(Refused { effects, refusal })) => return (effects, Some(refusal)),
        Err(_) => {}
    }
    *epoch = before;
    let refusal = Refusal::internal(kept.event.name());
    epoch.refuse(at, kept, refusal.clone());
    (Vec::new(), Some(refusal))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::id::EpochId;
    use crate::protocol::state::Settings;
    use crate::protocol::{Envelope, Start};

    #[test]
    fn a_panic_in_the_rules_becomes_a_refusal_and_changes_nothing_else() {
        let at = Timestamp::from_micros(1);
        let start = Start {
            epoch_id: EpochId::parse("e").unwrap(),
            description: String::new(),
            rules_version: 1,
            settings: Settings::default(),
        };
        let (mut epoch, _) = Epoch::start(at, start).unwrap();
        let before = epoch.state().clone();
        let envelope = Envelope {
            request_id: Some("r".to_owned()),
            ..Envelope::default()
        };
        let message = Message {
            envelope,
            event: Event::SettleCancel,
        };
        let (effects, refused) = guarded(&mut epoch, at, message, |epoch, at, _| {
            let half = Message::internal(Event::RequestCancel {
                reason: String::new(),
            });
            let _ = epoch.apply(at, half);
            panic!("half way through")
        });
        assert!(effects.is_empty());
        assert_eq!(refused.unwrap().code, RefusalCode::Internal);
        let record = epoch.state().inbox.outcome("r").unwrap();
        assert_eq!(record.refusal.as_ref().unwrap().code, RefusalCode::Internal);
        let mut after = epoch.state().clone();
        after.inbox = before.inbox.clone();
        assert_eq!(after, before);
    }
}
