//! What must hold of an audit trail and of a daemon's log, whatever was done to them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::daemon::Daemon;
use crate::support::wait::eventually;
use crate::temporal::count;
use crate::world::{AuditRow, World};

/// What a daemon must never have to say: a panic, a worker that ended, an event that was
/// made twice and differently, a history that its own code does not replay.
const BAD: [&str; 4] = [
    "panicked",
    "building another",
    "another content",
    "Nondeterminism",
];

/// A failed write is tried again after ten seconds at the latest.
const WRITTEN_LIMIT: Duration = Duration::from_mins(1);

/// Checks that the rows are numbered from one on without a gap, in order, each once.
#[track_caller]
pub fn check_numbers(rows: &[AuditRow]) {
    let numbers: Vec<u64> = rows.iter().map(AuditRow::ordinal).collect();
    let expected: Vec<u64> = (1..).take(rows.len()).collect();
    assert_eq!(numbers, expected, "{rows:#?}");
}

/// How many audit writes an epoch's tasks have waited for, failed ones included: each
/// leaves a marker, and so does nothing else but the probe for attributes, early on.
pub fn count_inline_writes(history: &[Value]) -> usize {
    count(history, "MARKER_RECORDED")
}

/// Checks that nothing was done to the trail but appending.
#[track_caller]
pub fn check_chain(world: &World) {
    let found = aura::audit::Sqlite::new(world.audit_db()).verify();
    assert_eq!(found, Ok(Vec::new()));
}

/// Checks that the trail has all that its epoch tells of itself, and nothing else: what
/// `aura-msg audit verify` says, event by event, over all of the epoch's runs. Waits until
/// all of it is written.
#[track_caller]
pub fn check_trail(world: &World) {
    let db = world.audit_db();
    let db = db.to_str().expect("the sandbox has a plain path");
    let words = ["audit", "verify", "--format", "json", "--db", db];
    let words = [&words[..], &["--epoch-id", &world.epoch]].concat();
    let answer = eventually("everything is written", WRITTEN_LIMIT, || {
        let answer = world.run(&words);
        assert_eq!(answer.code, 0, "{answer}\n{:#?}", world.audit_rows());
        (answer.json()["epochs"][0]["not_written_yet"] == 0).then_some(answer)
    });
    let rows = world.audit_rows();
    let verdict = answer.json();
    let epoch = &verdict["epochs"][0];
    let found = (
        &verdict["compared"],
        &epoch["matching"],
        &epoch["never_written"],
    );
    let expected = (&json!(true), &json!(rows.len()), &json!(0));
    assert_eq!(found, expected, "{answer}\n{rows:#?}");
}

/// Checks that a daemon met nothing that it should not meet.
#[track_caller]
pub fn check_log(daemon: &Daemon) {
    let logs = daemon.logs();
    let is_bad = |line: &&String| BAD.iter().any(|bad| line.contains(bad));
    let bad: Vec<&String> = logs.iter().filter(is_bad).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}
