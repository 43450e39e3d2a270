//! The audit events that ordinary activities write, first in, first out. While the trail
//! works, events go in an activity inside the task and never come here; after a failure,
//! or where their order is open, they do: then they are tried until it succeeds, and
//! nothing waits for it. Rows leave only after success, and only one batch is under way,
//! so their order holds.

use std::collections::VecDeque;

use super::super::options::AUDIT_DEFERRED_FOR;
use super::queue::{BATCH, BATCH_BYTES};
use crate::contract::audit::AuditEvent;
use crate::protocol::Timestamp;

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

/// An event that waits.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) event: AuditEvent,
    /// Encoded bytes.
    pub(super) bytes: usize,
    pub(super) order: Order,
}

impl Row {
    pub(super) fn new(event: AuditEvent, order: Order) -> Self {
        let bytes = serde_json::to_vec(&event).map_or(0, |json| json.len());
        Self {
            event,
            bytes,
            order,
        }
    }
}

/// The waiting events.
#[derive(Debug, Default)]
pub(super) struct Pump {
    rows: VecDeque<Row>,
    bytes: usize,
    /// Rows of the batch that is being written.
    deferred: usize,
    /// Until when ordinary activities write what comes.
    deferred_until: Option<Timestamp>,
}

impl Pump {
    /// A pump in the mode that an earlier run was in.
    pub(super) fn restore(deferred_until: Option<Timestamp>) -> Self {
        Self {
            deferred_until,
            ..Self::default()
        }
    }

    /// Whether rows that came at this moment can be written inside the task.
    pub(super) fn is_inline(&self, rows: &[Row], at: Timestamp) -> bool {
        self.rows.is_empty()
            && self.deferred_until.is_none_or(|until| until <= at)
            && rows.iter().all(|row| row.order == Order::Recorded)
    }

    /// Takes rows in.
    pub(super) fn push(&mut self, rows: Vec<Row>) {
        self.bytes += rows.iter().map(|row| row.bytes).sum::<usize>();
        self.rows.extend(rows);
    }

    /// Takes in rows whose write inside the task failed, which came at this moment.
    pub(super) fn defer(&mut self, rows: Vec<Row>, at: Timestamp) {
        self.push(rows);
        self.deferred_until = Some(later(at));
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

    /// Whether there is a batch to start.
    pub(super) fn has_work(&self) -> bool {
        self.deferred == 0 && !self.rows.is_empty()
    }

    /// The next batch, which is then under way.
    pub(super) fn batch(&mut self) -> Option<Vec<AuditEvent>> {
        if !self.has_work() {
            return None;
        }
        let mut bytes = 0;
        let fits = |row: &&Row| {
            bytes += row.bytes;
            bytes <= BATCH_BYTES
        };
        let count = self.rows.iter().take(BATCH).take_while(fits).count().max(1);
        self.deferred = count;
        let batch = self.rows.iter().take(count);
        Some(batch.map(|row| row.event.clone()).collect())
    }

    /// The batch is written.
    pub(super) fn deferred_written(&mut self, now: Timestamp) {
        for row in self.rows.drain(..self.deferred.min(self.rows.len())) {
            self.bytes -= row.bytes;
        }
        self.deferred = 0;
        let failed_lately = self.deferred_until.filter(|until| now < *until);
        self.deferred_until = failed_lately.map(|_| later(now));
    }

    /// The ordinary activity gave up, which it should not; the batch waits for another.
    pub(super) fn deferred_failed(&mut self, now: Timestamp) {
        self.deferred = 0;
        self.deferred_until = Some(later(now));
    }

    /// The waiting rows, and until when ordinary activities write, for the next run. A
    /// batch that is under way never reports to that run, so it is written again, which
    /// is harmless.
    pub(super) fn carry(&self) -> (impl Iterator<Item = &Row>, Option<Timestamp>) {
        (self.rows.iter(), self.deferred_until)
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

    fn row(ordinal: u64, order: Order) -> Row {
        let event = AuditEvent {
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
        };
        Row::new(event, order)
    }

    fn ids(batch: Option<Vec<AuditEvent>>) -> Vec<String> {
        let batch = batch.into_iter().flatten();
        batch.filter_map(|event| event.event_id).collect()
    }

    #[test]
    fn what_the_workflow_itself_did_is_not_written_inside_its_task() {
        let now = Timestamp::from_micros(1);
        let mut pump = Pump::default();
        assert!(pump.is_inline(&[row(1, Order::Recorded)], now));
        let own = vec![row(2, Order::Open), row(3, Order::Recorded)];
        assert!(!pump.is_inline(&own, now));
        pump.push(own);
        assert_eq!(ids(pump.batch()), ["r:2", "r:3"]);
        let next = vec![row(4, Order::Recorded)];
        assert!(!pump.is_inline(&next, now), "it waits behind them");
        pump.push(next);
        assert_eq!(pump.batch(), None, "one at a time");
        pump.deferred_written(now);
        assert_eq!(ids(pump.batch()), ["r:4"]);
        pump.deferred_written(now);
        assert!(pump.is_empty() && pump.bytes() == 0);
        assert!(
            pump.is_inline(&[row(5, Order::Recorded)], now),
            "nothing had failed"
        );
    }

    #[test]
    fn after_a_failure_ordinary_activities_write_for_a_minute_after_the_last_one() {
        let second = |n: i64| Timestamp::from_micros(n * 1_000_000);
        let is_inline = |pump: &Pump, at| pump.is_inline(&[row(9, Order::Recorded)], second(at));
        let mut pump = Pump::default();
        pump.defer(vec![row(1, Order::Recorded)], second(0));
        assert_eq!(ids(pump.batch()), ["r:1"]);
        pump.deferred_written(second(50));
        assert!(!is_inline(&pump, 100));
        pump.push(vec![row(2, Order::Recorded)]);
        assert_eq!(ids(pump.batch()), ["r:2"]);
        pump.deferred_written(second(100));
        assert!(!is_inline(&pump, 159));
        assert!(is_inline(&pump, 160));
    }
}
