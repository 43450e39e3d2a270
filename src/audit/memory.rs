//! A trail in memory: for trying things out and for tests. It is lost when the process
//! ends, and it forgets its oldest events beyond a limit, so that a daemon that lives
//! for long does not grow without end. It keeps no hashes: there is no file to doubt.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::{AuditTrail, Error, Recorded};
use crate::contract::audit::{AuditEvent, AuditFilter};

/// Events that are kept.
const EVENTS: usize = 100_000;
/// Bytes that are kept, roughly.
const BYTES: usize = 64 << 20;

/// A trail that ends with the process.
#[derive(Debug)]
pub struct Memory {
    events: usize,
    bytes: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    events: VecDeque<AuditEvent>,
    bytes: usize,
    /// How many were forgotten: the number of the first one that is kept.
    dropped: u64,
    /// The number of the event with an id, counted from the first ever.
    by_id: HashMap<String, u64>,
}

impl Default for Memory {
    fn default() -> Self {
        Self::with_limits(EVENTS, BYTES)
    }
}

impl Memory {
    /// An empty trail that keeps the last 100,000 events, or fewer when they are long.
    pub fn new() -> Self {
        Self::default()
    }

    fn with_limits(events: usize, bytes: usize) -> Self {
        Self {
            events,
            bytes,
            kept: Mutex::default(),
        }
    }

    /// How many events were forgotten to stay within the limit. One that comes again
    /// after it was forgotten is new.
    pub fn dropped(&self) -> u64 {
        self.with(|kept| kept.dropped)
    }

    fn with<T>(&self, work: impl FnOnce(&mut Kept) -> T) -> T {
        work(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl AuditTrail for Memory {
    fn record(&self, events: &[AuditEvent]) -> Result<Recorded, Error> {
        self.with(|kept| {
            let mut recorded = Recorded::default();
            for event in events {
                kept.append(event, &mut recorded);
                while kept.events.len() > self.events || kept.bytes > self.bytes {
                    kept.forget_oldest();
                }
            }
            Ok(recorded)
        })
    }

    fn query(&self, filter: &AuditFilter) -> Result<Vec<AuditEvent>, Error> {
        Ok(self.with(|kept| {
            kept.events
                .iter()
                .filter(|event| filter.matches(event))
                .cloned()
                .collect()
        }))
    }
}

impl Kept {
    fn append(&mut self, event: &AuditEvent, recorded: &mut Recorded) {
        if let Some(id) = &event.event_id {
            match self.find(id) {
                Some(there) if is_same(there, event) => return recorded.repeated += 1,
                Some(_) => return recorded.conflict(&event.epoch_id, id),
                None => {
                    let number = self.dropped + self.events.len() as u64;
                    self.by_id.insert(id.clone(), number);
                }
            }
        }
        self.bytes += size(event);
        self.events.push_back(event.clone());
        recorded.written += 1;
    }

    fn find(&self, id: &str) -> Option<&AuditEvent> {
        let number = self.by_id.get(id)?;
        let at = usize::try_from(number.checked_sub(self.dropped)?).ok()?;
        self.events.get(at)
    }

    fn forget_oldest(&mut self) {
        let Some(event) = self.events.pop_front() else {
            return;
        };
        self.bytes = self.bytes.saturating_sub(size(&event));
        if let Some(id) = &event.event_id {
            self.by_id.remove(id);
        }
        if self.dropped == 0 {
            tracing::warn!(
                kept = self.events.len(),
                "the audit trail in memory is full: its oldest events are forgotten from now on; \
                 use the sqlite trail to keep them"
            );
        }
        self.dropped += 1;
    }
}

/// Whether two events are the same. When it happened is no part of it.
fn is_same(there: &AuditEvent, new: &AuditEvent) -> bool {
    let untimed = |event: &AuditEvent| AuditEvent {
        occurred_at: None,
        ..event.clone()
    };
    untimed(there) == untimed(new)
}

/// About what an event takes.
fn size(event: &AuditEvent) -> usize {
    let ids = [
        &event.event_id,
        &event.actor,
        &event.workflow_id,
        &event.run_id,
    ];
    let texts = ids
        .iter()
        .filter_map(|text| text.as_ref())
        .map(String::len)
        .sum::<usize>();
    let fields = event
        .payload
        .iter()
        .map(|(name, value)| name.len() + weight(value));
    size_of::<AuditEvent>() + event.epoch_id.len() + texts + fields.sum::<usize>()
}

fn weight(value: &Value) -> usize {
    let inside = match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(weight).sum(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| name.len() + weight(value))
            .sum(),
    };
    size_of::<Value>() + inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::conformance::{self, event};

    #[test]
    fn conforms() {
        conformance::suite(|| Box::new(Memory::new()));
        conformance::reading::suite(|events| {
            let trail = Memory::new();
            trail.record(events).unwrap();
            Box::new(trail)
        });
    }

    #[test]
    fn forgets_the_oldest() {
        let trail = Memory::with_limits(3, BYTES);
        for n in 0..5 {
            trail.record(&[event("e", n)]).unwrap();
        }
        assert_eq!(trail.dropped(), 2);
        let kept = trail.query(&AuditFilter::default()).unwrap();
        assert_eq!(kept, [event("e", 2), event("e", 3), event("e", 4)]);

        // What is kept is still recognised, at its shifted place; what is gone is new.
        let again = trail.record(&[event("e", 4), event("e", 0)]).unwrap();
        assert_eq!((again.repeated, again.written), (1, 1));
    }

    #[test]
    fn bounds_the_bytes_too() {
        let trail = Memory::with_limits(EVENTS, 100_000);
        let mut long = event("e", 0);
        long.event_id = None;
        long.payload
            .insert("text".to_owned(), "x".repeat(30_000).into());
        for _ in 0..10 {
            trail.record(&[long.clone()]).unwrap();
        }
        assert_eq!(trail.query(&AuditFilter::default()).unwrap().len(), 3);
        assert_eq!(trail.dropped(), 7);
    }
}
