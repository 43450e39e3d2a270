//! Histories that earlier releases have left behind, replayed by the workflows of this
//! source tree: an epoch that is open when `aurad` is upgraded must go on. The histories
//! are real ones, see `tests/e2e/record.rs`; they are never edited.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails, and nothing here is used from outside"
)]

mod anonymous;
mod changed;
mod replayer;

use std::fs;
use std::path::PathBuf;

use temporalio_common::protos::temporal::api::history::v1::{History, HistoryEvent};

use replayer::replay;

/// A recorded history.
struct Recorded {
    /// Its file's name.
    name: String,
    text: String,
    events: Vec<HistoryEvent>,
}

/// All that is recorded, of all releases.
fn recorded() -> Vec<Recorded> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/histories"));
    let files = fs::read_dir(&folder).expect("tests/histories can be read");
    let mut recorded: Vec<Recorded> = files
        .map(|file| {
            let path = file.expect("tests/histories can be read").path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let text = fs::read_to_string(&path).expect("a history is text");
            let history: History = serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{name} is no history: {error}"));
            Recorded {
                name,
                text,
                events: history.events,
            }
        })
        .collect();
    recorded.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(
        !recorded.is_empty(),
        "no history is recorded; see tests/e2e/record.rs"
    );
    recorded
}

#[test]
fn every_recorded_history_replays() {
    let recorded = recorded();
    let failures = replay(
        recorded
            .iter()
            .map(|history| history.events.clone())
            .collect(),
    );
    assert_eq!(failures.len(), recorded.len(), "each has been replayed");
    let failed: Vec<String> = recorded
        .iter()
        .zip(failures)
        .filter_map(|(history, failure)| Some(format!("{}: {}", history.name, failure?)))
        .collect();
    assert!(
        failed.is_empty(),
        "epochs that are open when aurad is upgraded would hang; keep the earlier order of \
         commands behind `patched()`:\n{}",
        failed.join("\n")
    );
}

/// A release's histories are its own: what it recorded of a kind of path stays what it is.
#[test]
fn every_history_is_named_by_its_release_and_its_path() {
    for Recorded { name, .. } in recorded() {
        let (version, path) = name.split_once('-').expect("a name has both");
        let numbers: Vec<u32> = version
            .split('.')
            .filter_map(|part| part.parse().ok())
            .collect();
        let path = path.strip_suffix(".json").unwrap_or_default();
        let kind = path.split('-').next().unwrap_or_default();
        assert!(
            numbers.len() == 3,
            "{name} does not begin with a release's version"
        );
        assert!(
            ["epoch", "slice", "review"].contains(&kind),
            "{name} says no kind of workflow"
        );
    }
}
