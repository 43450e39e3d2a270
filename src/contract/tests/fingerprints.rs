//! Fingerprints: the same content has the same one however it is written and whoever
//! sends it; other content has another.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::signals::{Kind, SAMPLES, Sample};
use super::{read, tree};
use crate::contract::fingerprint;
use crate::contract::signal::EpochSignal;
use crate::protocol::Word;

fn of(signal: EpochSignal, json: &str) -> String {
    signal.decode(json.as_bytes()).envelope.fingerprint
}

/// The same object with its keys in the opposite order, at every level.
fn reversed(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().rev();
            let fields: Vec<String> = fields
                .map(|(key, value)| format!("{:?} : {}", key, reversed(value)))
                .collect();
            format!("{{ {} }}", fields.join(" ,\n "))
        }
        Value::Array(values) => {
            format!(
                "[{}]",
                values.iter().map(reversed).collect::<Vec<_>>().join(" , ")
            )
        }
        other => other.to_string(),
    }
}

#[test]
fn the_same_content_has_the_same() {
    for sample in &SAMPLES {
        let plain = of(sample.signal, sample.json);
        let sorted = read::<Map<String, Value>>(sample.json);
        for same in [
            reversed(&tree(sample.json)),
            serde_json::to_string_pretty(&sorted).unwrap(),
            sample.and(r#""from_a_later_release":{"x":[1]}"#),
            sample.and(r#""request_id":"r-1""#),
            sample.and(r#""actor":"alice""#),
            sample.and(r#""actor":"bob","request_id":"r-2","x":null"#),
        ] {
            assert_eq!(of(sample.signal, &same), plain, "{same}");
        }
    }
}

#[test]
fn other_content_has_another() {
    for sample in &SAMPLES {
        let mut seen = BTreeSet::from([of(sample.signal, sample.json)]);
        for (place, kind, _) in sample.fields {
            if matches!(kind, Kind::Object) {
                continue;
            }
            let other = sample.with(place, &kind.other(&sample.at(place)));
            assert!(seen.insert(of(sample.signal, &other)), "{place}: {other}");
        }
    }
}

#[test]
fn the_same_fields_in_another_signal_have_another() {
    let order = r#"{"slice_id":"s1","reason":"x","session_id":"s"}"#;
    let signals = [
        EpochSignal::CancelSlice,
        EpochSignal::WaiveSlice,
        EpochSignal::RetrySlice,
        EpochSignal::EndSession,
        EpochSignal::SessionHeartbeat,
    ];
    let all: BTreeSet<String> = signals.iter().map(|signal| of(*signal, order)).collect();
    assert_eq!(all.len(), signals.len());
}

#[test]
fn a_name_and_its_content_are_not_run_together() {
    assert_ne!(
        fingerprint::of_bytes("ab", b"c"),
        fingerprint::of_bytes("a", b"bc")
    );
}

/// What cannot be read is told apart by its bytes.
#[test]
fn malformed_content_has_one_too() {
    let vote = EpochSignal::SubmitVote;
    assert_eq!(of(vote, "{"), of(vote, "{"));
    assert_ne!(of(vote, "{"), of(vote, "["));
    assert_ne!(of(vote, "{}"), of(EpochSignal::AdvancePhase, "{}"));
    assert_eq!(
        vote.unreadable(b"{", String::new()).envelope.fingerprint,
        of(vote, "{")
    );
}

/// Outcomes are carried with their fingerprints, and clients of another release compare
/// them with their own: a fingerprint never changes.
#[test]
fn they_are_as_they_have_always_been() {
    let line = |sample: &Sample| {
        format!(
            "{:17} {}",
            sample.signal.word(),
            of(sample.signal, sample.json)
        )
    };
    insta::assert_snapshot!(
        SAMPLES.iter().map(line).collect::<Vec<_>>().join("\n"),
        @r"
            advance_phase     f81c31cb141ef2ac15d3b71951e48374
            submit_vote       185df0705bd09eb03e5e3aeb245d3b22
            slice_progress    a4fa0f0a8a62540932e3c2749af8c7ec
            register_session  ff200eca440129270d2b99349e1fb7eb
            session_heartbeat bbf40c80a40d77b12b0489fe1c585af9
            end_session       c849c842b8c1b93fcf8e385325e1490a
            record_finding    71ac6bf4b08d98d96ff60a6fb6b2ee79
            resolve_finding   e1bd46b266399bedb40c98ad5359db6b
            start_slice       3080c500b471fb9c96c4e19203799b26
            plan_slices       75e8762ef3133d145d686c25819dd72c
            cancel_slice      6187f4c5ad38001c3ab0e6c5dd29e180
            waive_slice       4867f211c8613461149b7c94fcb09fcd
            retry_slice       adbdeb0e3b70c56d5e23023c470eb428
            slice_finished    3adf087ca91b1c97a3932529ca4b29cb
            review_finished   9d5597c62a811c57434a3b7e1f15b171
            vote_missed       b6d16b805b2e25da14035c6f83256039
        "
    );
}

/// A release that adds an optional field finds the same message in what was sent before.
#[test]
fn a_field_that_came_later_changes_none() {
    let before_it_had_a_phase =
        r#"{"axis":"elegance","vote":"REVISE","reviewer_id":"bob","comment":"no","round":2}"#;
    assert_eq!(
        of(EpochSignal::SubmitVote, before_it_had_a_phase),
        "c6908d1912f6ddd9e6b1063545634c78"
    );
}

#[test]
fn hex_is_lower_case_with_leading_zeros() {
    assert_eq!(fingerprint::hex(&[0, 1, 0x7f, 0xab, 0xff]), "00017fabff");
    assert_eq!(fingerprint::hex(&[]), "");
}
