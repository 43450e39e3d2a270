//! What a run waits for besides messages: a deferred audit write, the ends of children
//! that may die without a report, a patience that runs out. They are polled in the
//! order in which they were added, which is the same on every replay.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::contract::child::ChildStatus;
use crate::contract::slice::SliceResult;
use crate::protocol::PhaseId;
use crate::protocol::id::SliceId;

/// Something that was waited for.
pub(super) enum Report {
    /// The deferred audit write is done; false when it gave up.
    AuditDeferred(bool),
    /// Time to try the audit trail again.
    AuditRetry,
    /// A slice's workflow ended.
    SliceEnded {
        slice_id: SliceId,
        attempt: u32,
        /// Its result, or how else it ended.
        result: Result<SliceResult, String>,
    },
    /// A review's workflow ended.
    ReviewEnded {
        phase: PhaseId,
        round: u32,
        /// How, in words.
        how: String,
    },
    /// What became of children that an earlier run started.
    Children(Vec<ChildStatus>),
    /// The children have had their time to end.
    Patience,
}

/// A report to come.
pub(super) type Watched<'a> = Pin<Box<dyn Future<Output = Report> + 'a>>;

/// What is waited for.
#[derive(Default)]
pub(super) struct Watch<'a>(Vec<Watched<'a>>);

impl<'a> Watch<'a> {
    pub(super) fn add(&mut self, future: Watched<'a>) {
        self.0.push(future);
    }

    /// The first report that is there.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Report> {
        for index in 0..self.0.len() {
            let Some(future) = self.0.get_mut(index) else {
                break;
            };
            if let Poll::Ready(report) = future.as_mut().poll(cx) {
                drop(self.0.remove(index));
                return Poll::Ready(report);
            }
        }
        Poll::Pending
    }
}
