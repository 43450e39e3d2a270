//! The audit trail: what happened to epochs, kept in order and asked for again.
//!
//! One trait and three backends, which one conformance suite holds to the same behaviour;
//! one of them is kept by the epochs, so only its reading can be.
//! Which events there are, when they are written and how often a failed write is tried
//! again is not decided here. Everything here blocks the calling thread: async code
//! calls it through `spawn_blocking`.

pub mod chain;
pub mod compare;
#[cfg(test)]
mod conformance;
mod error;
mod memory;
mod sqlite;
mod temporal;

pub use chain::{Content, Finding, Row};
pub use error::Error;
pub use memory::Memory;
pub use sqlite::{Look, Rows, Schema, Sqlite};
pub use temporal::{Epochs, Temporal};

use crate::contract::audit::{AuditEvent, AuditFilter};

/// Where audit events are kept.
pub trait AuditTrail: Send + Sync {
    /// Appends events in their order, all or none.
    ///
    /// An event whose id is there already is not written again: with the same content it
    /// counts as repeated, with another one as conflicting, and neither is an error, since
    /// the caller could do nothing but try for ever. Another time is no other content: a
    /// workflow's task that is done again after a crash has a time of its own, and the
    /// first one stays. An event without an id is always new.
    ///
    /// After an error nothing may be assumed to be written, and nothing to be unwritten:
    /// the answer of a slow disk can come after the caller was told that it is late.
    /// Repeating the batch is right in both cases; only an event without an id can then be
    /// there twice.
    fn record(&self, events: &[AuditEvent]) -> Result<Recorded, Error>;

    /// The events that match all that the filter names, in the order they were appended.
    fn query(&self, filter: &AuditFilter) -> Result<Vec<AuditEvent>, Error>;

    /// Whether `record` would work now, as far as that can be known without writing a row.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Whether the epochs themselves are the trail. Events of other callers cannot be kept
    /// in it; to record one anyway would lose it.
    fn is_of_epochs(&self) -> bool {
        false
    }
}

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Events that are new in the trail.
    pub written: usize,
    /// Events that were there already.
    pub repeated: usize,
    /// Ids that were there already with another content; these events were not written.
    pub conflicting: Vec<String>,
}

impl Recorded {
    /// Notes that an id is taken, here and in the log: it means that a workflow was not
    /// deterministic, or that somebody made up an id.
    fn conflict(&mut self, epoch_id: &str, event_id: &str) {
        tracing::error!(
            epoch_id,
            event_id,
            "an audit event with this id but another content is in the trail already; \
             the new one was not written"
        );
        self.conflicting.push(event_id.to_owned());
    }
}
