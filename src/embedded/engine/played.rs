//! How far a worker plays a run for a query alone: as far as the last completed workflow
//! task has left it.
//!
//! A worker that does not have the run in memory plays its history. What that has beyond is
//! for another task, which waits or is under way. Temporal's server shows it all the same,
//! and a worker then does that task's work without a task to say so in: for it a run can
//! have ended before messages came that the server still takes. So a query's own task has
//! the history up to there, and so does a worker that reads the history by itself while
//! queries are in workers' hands.
//!
//! The answer lacks nothing that was acknowledged before the query was asked: that would
//! have had a task which the query had gone with.

use super::query::Query;
use super::run::Run;
use super::time::{Span, Time, seconds};
use super::{Engine, Transaction};
use crate::embedded::store::RunKey;

/// A worker that has not answered for so long does not play the run for a query any more.
const HELD: Span = seconds(60);

/// A worker that has not answered for so long may have forgotten the query.
const OVERDUE: Span = seconds(5);

impl Run {
    /// The last event that the last completed task made.
    pub(super) fn settled(&self) -> i64 {
        match self.state.settled_event_id {
            0 => self.state.next_event_id - 1,
            settled => settled,
        }
    }

    /// A worker gets a query as a task of its own.
    pub(super) fn hand_query(&mut self, id: u64, now: Time) {
        self.asked
            .retain(|_, since| now.saturating_sub(*since) < HELD);
        self.asked.insert(id, now);
    }
}

impl Engine {
    /// Offers a query to any worker again that one has had for long: workers forget queries
    /// without a word, such as those that come to a run which they throw out of memory.
    pub(in crate::embedded) fn offer_query_again(
        &mut self,
        transaction: &mut Transaction,
        id: u64,
    ) {
        let is_overdue = |query: &Query| {
            query.taken_at != 0 && transaction.now.saturating_sub(query.taken_at) >= OVERDUE
        };
        if let Some(query) = self.queries.get(&id).filter(|query| is_overdue(query)) {
            if let Some(run) = self.runs.get_mut(&query.run) {
                run.clear_sticky();
            }
            self.requeue_query(transaction, id);
        }
    }

    /// A worker that had a query as a task of its own has done with it, even if nobody waits
    /// for the answer any more.
    pub(in crate::embedded) fn put_query_down(&mut self, run: RunKey, id: u64) {
        if let Some(run) = self.runs.get_mut(&run) {
            run.asked.remove(&id);
        }
    }

    /// The last event of a run for a worker that reads its history, while one may do so for
    /// a query.
    pub(in crate::embedded) fn last_for_query(&self, run: RunKey, now: Time) -> Option<i64> {
        let run = self.runs.get(&run)?;
        let mut times = run.asked.values();
        times
            .any(|since| now.saturating_sub(*since) < HELD)
            .then(|| run.settled())
    }
}
