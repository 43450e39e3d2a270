//! What must hold of a history, whatever happened while it was written.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};

use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;

/// Checks that the events are numbered from one on without a gap.
#[track_caller]
pub fn check_ids(what: &str, history: &[HistoryEvent]) {
    let ids: Vec<i64> = history.iter().map(|event| event.event_id).collect();
    let expected: Vec<i64> = (1..).take(ids.len()).collect();
    assert_eq!(ids, expected, "{what}: events without a hole");
}

/// Checks that these and no others were found, each once.
#[track_caller]
pub fn check_once<T: Ord + Debug>(
    what: impl Display,
    expected: impl IntoIterator<Item = T>,
    found: impl IntoIterator<Item = T>,
) {
    let mut times: BTreeMap<T, i64> = BTreeMap::new();
    for one in found {
        *times.entry(one).or_default() += 1;
    }
    for one in expected {
        *times.entry(one).or_default() -= 1;
    }
    times.retain(|_, times| *times != 0);
    assert!(
        times.is_empty(),
        "{what}: lost (negative) or done more than once: {times:?}"
    );
}
