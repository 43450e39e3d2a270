//! The inputs of the three workflows, as the earlier client and later ones send them.

use serde::de::DeserializeOwned;

use super::{read, wire};
use crate::contract::epoch::{EpochInput, EpochSettings};
use crate::contract::review::ReviewInput;
use crate::contract::slice::SliceInput;
use crate::protocol::state::Settings;

/// Checks that an input is taken, and as the same one with keys it does not know.
fn check<T: DeserializeOwned + PartialEq + std::fmt::Debug>(json: &str) -> T {
    let input = read::<T>(json);
    let more = format!(r#"{{"later":{{"x":[null]}},{}"#, &json[1..]);
    assert_eq!(read::<T>(&more), input);
    input
}

#[test]
fn an_epoch_of_the_earlier_client() {
    let input: EpochInput = check(r#"{"epoch_id": "e1", "request_description": ""}"#);
    assert_eq!(input.rules_version, 1, "absent is 1, for ever");
    assert_eq!(Settings::from(input.settings), Settings::default());
    assert_eq!(input.carried, None);
}

/// What existing histories hold was started under these; they never change.
#[test]
fn settings_that_are_absent() {
    let settings = EpochSettings::default();
    let said = (
        settings.max_rounds,
        settings.parallel_slices,
        settings.fail_fast,
    );
    assert_eq!(said, (None, 4, false));
    assert_eq!(settings.review_deadline_s, None);
    assert_eq!(
        EpochSettings::for_new_epochs(),
        EpochSettings {
            max_rounds: Some(3),
            ..settings
        }
    );
}

#[test]
fn an_epoch_of_ours() {
    let json = r#"{"epoch_id":"e1","request_description":"it","rules_version":7,"settings":{"max_rounds":3,"fail_fast":true,"later":1},"carried":null}"#;
    let input: EpochInput = check(json);
    assert_eq!(input.rules_version, 7);
    let settings = EpochSettings {
        max_rounds: Some(3),
        parallel_slices: 4,
        fail_fast: true,
        review_deadline_s: None,
    };
    assert_eq!(input.settings, settings);
}

#[test]
fn settings_are_the_rules_settings() {
    let settings = Settings {
        max_rounds: Some(2),
        parallel_slices: 9,
        fail_fast: true,
        review_deadline_s: Some(u64::MAX),
    };
    let there = EpochSettings::from(settings.clone());
    assert_eq!(read::<EpochSettings>(&wire(&there)), there);
    assert_eq!(Settings::from(there), settings);
}

#[test]
fn a_slice_of_the_earlier_client() {
    let input: SliceInput = check(
        r#"{"epoch_id": "e1", "slice_id": "s1", "phase_spec": "", "parent_workflow_id": "e1"}"#,
    );
    assert_eq!((input.config, input.attempt), (None, 1));
}

#[test]
fn a_review_of_the_earlier_client() {
    let input: ReviewInput = check(r#"{"epoch_id": "e1", "phase_id": "p4"}"#);
    assert_eq!(
        (input.round, input.deadline, input.runner),
        (None, None, None)
    );
    // Its phase is text: an earlier client could name anything.
    check::<ReviewInput>(r#"{"epoch_id": "e1", "phase_id": "p4-review"}"#);
}

#[test]
fn a_required_key_that_is_missing_is_named() {
    fn missing<T: DeserializeOwned + std::fmt::Debug>(json: &str, key: &str) {
        let error = serde_json::from_str::<T>(json).unwrap_err().to_string();
        assert!(error.contains(&format!("missing field `{key}`")), "{error}");
    }
    missing::<EpochInput>(r#"{"epoch_id":"e1"}"#, "request_description");
    missing::<EpochInput>(r#"{"request_description":""}"#, "epoch_id");
    missing::<SliceInput>(
        r#"{"epoch_id":"e1","slice_id":"s","phase_spec":""}"#,
        "parent_workflow_id",
    );
    missing::<ReviewInput>(r#"{"epoch_id":"e1"}"#, "phase_id");
}
