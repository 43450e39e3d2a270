//! The audit events that this run has made, for whoever asks. They are kept in memory only,
//! as JSON, and nothing of them is carried: a query of a run is answered by doing its
//! history again, so its events can be asked for as long as the server has that. An event
//! costs its bytes, some 400 without a long comment, less than the message that made it
//! takes in the history; and a history is bounded, since a new run begins in time.

use crate::contract::audit::{AuditEvent, AuditPage};

use super::pump::Row;
use super::queue::{BATCH, BATCH_BYTES};
use super::shell::Shell;

/// The events of a run, in order.
#[derive(Debug, Default)]
pub(super) struct Made {
    events: Vec<Box<[u8]>>,
    /// Ids of those that are being written inside the task.
    writing: Vec<String>,
}

impl Made {
    /// One more.
    pub(super) fn add(&mut self, event: &AuditEvent) {
        // The contract's types always serialize.
        let json = serde_json::to_vec(event).unwrap_or_default();
        self.events.push(json.into());
    }

    /// These rows are being written inside the task.
    pub(super) fn begin(&mut self, rows: &[Row]) {
        self.writing = ids(rows.iter()).collect();
    }

    /// They are written, or wait somewhere else.
    pub(super) fn end(&mut self) {
        self.writing.clear();
    }

    /// As many events as one answer takes, and from where to go on.
    fn page(&self, from: u64) -> (Vec<AuditEvent>, Option<u64>) {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let rest = self.events.get(from..).unwrap_or_default();
        let mut bytes = 0;
        let lengths = rest.iter().take(BATCH).map(|json| json.len());
        let fitting = lengths.take_while(|length| {
            bytes += length;
            bytes <= BATCH_BYTES
        });
        let count = fitting.count();
        // One that is too long for a page is a page.
        let count = count.max(1).min(rest.len());
        let events = rest[..count].iter();
        let events = events.filter_map(|json| serde_json::from_slice(json).ok());
        let next = (count < rest.len()).then_some((from + count) as u64);
        (events.collect(), next)
    }
}

impl Shell {
    /// A part of this run's audit events, and with the last part what is not written yet.
    pub(super) fn audit_page(&self, from: u64, previous_run_id: Option<&str>) -> AuditPage {
        let (events, next) = self.made.page(from);
        let mut unwritten = Vec::new();
        if next.is_none() {
            let (deferred, _) = self.pump.carry();
            unwritten.extend(self.made.writing.iter().cloned());
            unwritten.extend(ids(deferred.chain(self.queue.rows())));
        }
        AuditPage {
            run_id: self.identity.run_id.clone(),
            previous_run_id: previous_run_id.map(ToOwned::to_owned),
            events,
            next,
            unwritten,
        }
    }
}

fn ids<'a>(rows: impl Iterator<Item = &'a Row>) -> impl Iterator<Item = String> {
    rows.filter_map(|row| row.event.event_id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::effect::EventType;
    use crate::protocol::{PhaseId, RoleId};

    fn event(ordinal: usize, comment: &str) -> AuditEvent {
        let payload = [("comment".to_owned(), comment.into())];
        AuditEvent {
            epoch_id: "e".to_owned(),
            event_type: EventType::VoteRecorded,
            phase: PhaseId::P4,
            role: RoleId::Reviewer,
            payload: payload.into_iter().collect(),
            event_id: Some(format!("r:{ordinal}")),
            occurred_at: None,
            actor: None,
            workflow_id: None,
            run_id: None,
        }
    }

    /// Every event, page by page, and how many pages there are.
    fn all(made: &Made) -> (Vec<AuditEvent>, usize) {
        let (mut all, mut pages, mut from) = (Vec::new(), 0, Some(0));
        while let Some(start) = from {
            let (events, next) = made.page(start);
            all.extend(events);
            (pages, from) = (pages + 1, next);
        }
        (all, pages)
    }

    #[test]
    fn all_events_come_in_order_over_pages_that_fit_an_answer() {
        let mut made = Made::default();
        assert_eq!(all(&made), (Vec::new(), 1));
        let long = "c".repeat(BATCH_BYTES / 2);
        let comments = [long.as_str(), &long, "", &long];
        let mut events: Vec<AuditEvent> = (0..)
            .zip(comments)
            .map(|(n, comment)| event(n, comment))
            .collect();
        events.extend((events.len()..BATCH + 10).map(|n| event(n, "")));
        events.push(event(999, &"c".repeat(BATCH_BYTES * 2)));
        for event in &events {
            made.add(event);
        }
        let (told, pages) = all(&made);
        assert_eq!(told, events);
        assert!((4..=7).contains(&pages), "{pages} pages");
        assert_eq!(made.page(u64::MAX), (Vec::new(), None));
    }
}
