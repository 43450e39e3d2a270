//! A trail that the epochs keep themselves: each run has made its events in its own
//! history and answers for them, so workers on many machines share one truth and write
//! nothing. It reads what the epochs tell; how they are asked is somebody else's business.
//!
//! What is written to it is acknowledged and dropped, since whoever writes has it already.
//! That holds for epochs alone: events of anybody else have no place here, and whoever
//! takes them in has to turn them away (`is_of_epochs`). It remembers for as long as the
//! server keeps histories.

use super::{AuditTrail, Error, Recorded};
use crate::contract::audit::{AuditEvent, AuditFilter, AuditPage};

/// Epochs that can be asked.
pub trait Epochs: Send + Sync {
    /// A part of the events of a run, after the first `from`; an empty id means the latest
    /// run. None where there is no such run.
    fn page(&self, epoch_id: &str, run_id: &str, from: u64) -> Result<Option<AuditPage>, Error>;
}

/// The trail that epochs keep.
#[derive(Debug)]
pub struct Temporal<E> {
    epochs: E,
}

impl<E: Epochs> Temporal<E> {
    /// The trail of these epochs.
    pub const fn new(epochs: E) -> Self {
        Self { epochs }
    }

    /// The runs of an epoch that can be asked, the earliest first.
    fn runs(&self, epoch_id: &str) -> Result<Vec<String>, Error> {
        let mut runs = Vec::new();
        let mut run_id = String::new();
        // From far behind: no events are wanted yet.
        while let Some(page) = self.epochs.page(epoch_id, &run_id, u64::MAX)? {
            runs.push(page.run_id);
            match page.previous_run_id {
                Some(previous) => run_id = previous,
                None => break,
            }
        }
        runs.reverse();
        Ok(runs)
    }
}

impl<E: Epochs> AuditTrail for Temporal<E> {
    fn record(&self, events: &[AuditEvent]) -> Result<Recorded, Error> {
        Ok(Recorded {
            repeated: events.len(),
            ..Recorded::default()
        })
    }

    fn query(&self, filter: &AuditFilter) -> Result<Vec<AuditEvent>, Error> {
        let epoch_id = filter.epoch_id.as_deref().ok_or(Error::NoEpoch)?;
        let mut events = Vec::new();
        for run_id in self.runs(epoch_id)? {
            let mut from = Some(0);
            while let Some(start) = from {
                let Some(page) = self.epochs.page(epoch_id, &run_id, start)? else {
                    break;
                };
                let wanted = |event: &AuditEvent| filter.matches(event);
                events.extend(page.events.into_iter().filter(wanted));
                from = page.next;
            }
        }
        Ok(events)
    }

    fn is_of_epochs(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests;
