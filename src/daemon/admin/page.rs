//! The page of metrics. It is made at most a few times a second, however many ask, and
//! asks nobody outside the process.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::health::{Condition, Dependency, Health};
use super::process;
use crate::contract::signal::EpochSignal;
use crate::protocol::Word;
use crate::protocol::refusal::RefusalCode;
use crate::protocol::slice::SliceState;
use crate::protocol::state::State;
use crate::telemetry::metrics::{self, names};

/// How long a page is good for.
const FRESH: Duration = Duration::from_millis(200);

/// The last page, and when it was made.
#[derive(Debug, Default)]
pub(super) struct Page(Mutex<Option<(Instant, String)>>);

impl Page {
    /// The page as it is, or was a moment ago.
    pub(super) fn show(&self, health: &Health) -> String {
        // One at a time: those who wait get the page that is made meanwhile.
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((at, page)) if at.elapsed() < FRESH => page.clone(),
            _ => {
                let page = make(health);
                *last = Some((Instant::now(), page.clone()));
                page
            }
        }
    }
}

/// Series that are to be there before there is anything to count, so that rates and
/// alerts have something to begin from.
pub(super) fn begin() {
    let version = env!("CARGO_PKG_VERSION");
    let rules = State::NEWEST_RULES.to_string();
    metrics::gauge(&names::BUILD_INFO, &[version, &rules]).set(1.0);
    for kind in EpochSignal::WORDS {
        metrics::counter(&names::MESSAGES_APPLIED, &[kind]).add(0.0);
        metrics::counter(&names::MESSAGES_REPEATED, &[kind]).add(0.0);
        // Each of these is a fault of ours, and should be seen from the first on.
        let internal = RefusalCode::Internal.word();
        metrics::counter(&names::MESSAGES_REFUSED, &[kind, internal]).add(0.0);
    }
    for state in SliceState::WORDS {
        metrics::gauge(&names::SLICES, &[state]).add(0.0);
    }
    metrics::gauge(&names::AUDIT_BACKLOG, &[]).add(0.0);
    for metric in [
        &names::AUDIT_WRITTEN,
        &names::AUDIT_FAILURES,
        &names::COUNT_FAILURES,
    ] {
        metrics::counter(metric, &[]).add(0.0);
    }
}

fn make(health: &Health) -> String {
    let report = health.report();
    metrics::gauge(&names::READY, &[]).set(f64::from(u8::from(report.is_ready())));
    for (what, condition) in report.checks() {
        let up = f64::from(u8::from(condition == Condition::Ok));
        let what: Dependency = what;
        metrics::gauge(&names::DEPENDENCY_UP, &[what.word()]).set(up);
    }
    process::look();
    metrics::registry().text()
}
