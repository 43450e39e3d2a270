//! The audit events that wait to be written, first in, first out. While the trail
//! works they go in one activity inside the task; after a failure they go by an
//! ordinary activity that is tried until it succeeds, and nothing waits for it. Rows
//! leave only after success, and only one batch is under way, so their order holds.

use std::collections::VecDeque;

use super::super::options::AUDIT_DEFERRED_FOR;
use crate::contract::audit::AuditEvent;
use crate::protocol::Timestamp;

/// Events of one batch, and their bytes: well under the server's limit for a payload.
const BATCH: usize = 200;
const BATCH_BYTES: usize = 400_000;

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
            pump.push(event);
        }
        pump
    }

    pub(super) fn push(&mut self, event: AuditEvent) {
        let bytes = serde_json::to_vec(&event).map_or(0, |json| json.len());
        self.bytes += bytes;
        self.rows.push_back(Row { event, bytes });
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
        let batch = self.batch();
        if self.deferred_until.is_some_and(|until| now < until) {
            self.deferred = batch.len();
            Turn::Deferred(batch)
        } else {
            self.deferred_until = None;
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
        self.deferred_until = Some(later(now));
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
