//! The audit events that wait to be written, first in, first out. While the trail
//! works they go in one activity inside the task; after a failure, or as long as their
//! order is open, they go by an ordinary activity that is tried until it succeeds, and
//! nothing waits for it. Rows leave only after success, and only one batch is under way,
//! so their order holds.

use std::collections::VecDeque;

use super::super::options::AUDIT_DEFERRED_FOR;
use crate::contract::audit::AuditEvent;
use crate::protocol::Timestamp;

/// Events of one batch, and their bytes: well under the server's limit for a payload.
const BATCH: usize = 200;
const BATCH_BYTES: usize = 400_000;

/// Whether an event has its place among the others for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// A message made it, and messages are applied in the order of the history.
    Recorded,
    /// The workflow itself made it. Should its task be done again, messages that have come
    /// meanwhile are applied before it, and the numbers are dealt anew; so it must not be
    /// written inside that task.
    Open,
}

/// The waiting events.
#[derive(Debug, Default)]
pub(super) struct Pump {
    rows: VecDeque<Row>,
    bytes: usize,
    /// Rows of the batch that an ordinary activity is writing.
    deferred: usize,
    /// Until when ordinary activities write.
    deferred_until: Option<Timestamp>,
}

#[derive(Debug)]
struct Row {
    event: AuditEvent,
    bytes: usize,
    order: Order,
}

/// What the pump wants done next.
#[derive(Debug, PartialEq)]
pub(super) enum Turn {
    /// Nothing, or only what is under way.
    Idle,
    /// Write these inside the task.
    Inline(Vec<AuditEvent>),
    /// Write these by an ordinary activity.
    Deferred(Vec<AuditEvent>),
}

impl Pump {
    /// A pump with events that an earlier run did not write. A batch that was under way
    /// then never reports to this run, so it is written again, which is harmless.
    pub(super) fn restore(events: Vec<AuditEvent>, deferred_until: Option<Timestamp>) -> Self {
        let mut pump = Self {
            deferred_until,
            ..Self::default()
        };
        for event in events {
            pump.push(event, Order::Recorded);
        }
        pump
    }

    pub(super) fn push(&mut self, event: AuditEvent, order: Order) {
        let bytes = serde_json::to_vec(&event).map_or(0, |json| json.len());
        self.bytes += bytes;
        self.rows.push_back(Row {
            event,
            bytes,
            order,
        });
    }

    /// Events waiting.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether everything is written.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Encoded bytes waiting.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether there is something to start.
    pub(super) fn has_work(&self) -> bool {
        self.deferred == 0 && !self.rows.is_empty()
    }

    /// What to do now.
    pub(super) fn turn(&mut self, now: Timestamp) -> Turn {
        if !self.has_work() {
            return Turn::Idle;
        }
        self.deferred_until = self.deferred_until.filter(|until| now < *until);
        let batch = self.batch();
        let is_open = |row: &Row| row.order == Order::Open;
        if self.deferred_until.is_some() || self.rows.iter().take(batch.len()).any(is_open) {
            self.deferred = batch.len();
            Turn::Deferred(batch)
        } else {
            Turn::Inline(batch)
        }
    }

    /// The first `count` rows are written.
    pub(super) fn written(&mut self, count: usize) {
        for row in self.rows.drain(..count.min(self.rows.len())) {
            self.bytes -= row.bytes;
        }
    }

    /// A batch inside the task failed.
    pub(super) fn defer(&mut self, now: Timestamp) {
        self.deferred_until = Some(later(now));
    }

    /// The ordinary activity is done.
    pub(super) fn deferred_written(&mut self, now: Timestamp) {
        self.written(self.deferred);
        self.deferred = 0;
        self.deferred_until = self.deferred_until.map(|_| later(now));
    }

    /// The ordinary activity gave up, which it should not; the batch waits for another.
    pub(super) fn deferred_failed(&mut self, now: Timestamp) {
        self.deferred = 0;
        self.deferred_until = Some(later(now));
    }

    /// The waiting events and the mode, for the next run.
    pub(super) fn carry(&self) -> (Vec<AuditEvent>, Option<Timestamp>) {
        (
            self.rows.iter().map(|row| row.event.clone()).collect(),
            self.deferred_until,
        )
    }

    fn batch(&self) -> Vec<AuditEvent> {
        let mut bytes = 0;
        let mut events = Vec::new();
        for row in self.rows.iter().take(BATCH) {
            bytes += row.bytes;
            if bytes > BATCH_BYTES && !events.is_empty() {
                break;
            }
            events.push(row.event.clone());
        }
        events
    }
}

fn later(now: Timestamp) -> Timestamp {
    let wait = i64::try_from(AUDIT_DEFERRED_FOR.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_micros(now.as_micros().saturating_add(wait))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::effect::EventType;
    use crate::protocol::{PhaseId, RoleId};

    fn event(ordinal: u64) -> AuditEvent {
        AuditEvent {
            epoch_id: "e".to_owned(),
            event_type: EventType::VoteRecorded,
            phase: PhaseId::P4,
            role: RoleId::Reviewer,
            payload: serde_json::Map::new(),
            event_id: Some(format!("r:{ordinal}")),
            occurred_at: None,
            actor: None,
            workflow_id: None,
            run_id: None,
        }
    }

    #[test]
    fn what_the_workflow_itself_did_is_not_written_inside_its_task() {
        let now = Timestamp::from_micros(1);
        let mut pump = Pump::default();
        pump.push(event(1), Order::Recorded);
        assert_eq!(pump.turn(now), Turn::Inline(vec![event(1)]));
        pump.push(event(2), Order::Open);
        pump.push(event(3), Order::Recorded);
        pump.written(1);
        assert_eq!(pump.turn(now), Turn::Deferred(vec![event(2), event(3)]));
        pump.push(event(4), Order::Recorded);
        assert_eq!(pump.turn(now), Turn::Idle, "it waits behind them");
        pump.deferred_written(now);
        assert_eq!(
            pump.turn(now),
            Turn::Inline(vec![event(4)]),
            "nothing had failed"
        );
    }

    #[test]
    fn after_a_failure_ordinary_activities_write_for_a_minute_after_the_last_one() {
        let second = |n: i64| Timestamp::from_micros(n * 1_000_000);
        let mut pump = Pump::default();
        pump.push(event(1), Order::Recorded);
        assert_eq!(pump.turn(second(0)), Turn::Inline(vec![event(1)]));
        pump.defer(second(0));
        assert_eq!(pump.turn(second(0)), Turn::Deferred(vec![event(1)]));
        pump.deferred_written(second(50));
        pump.push(event(2), Order::Recorded);
        assert_eq!(pump.turn(second(100)), Turn::Deferred(vec![event(2)]));
        pump.deferred_written(second(100));
        pump.push(event(3), Order::Recorded);
        assert_eq!(pump.turn(second(160)), Turn::Inline(vec![event(3)]));
    }
}
