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
            advance_phase     658255a04f25a8e30c718e9a453aee79
            submit_vote       ff777f082a391be26b7a2861255ce652
            slice_progress    0e9a3ebdc4b4d6ddbd49d956a9e11c00
            register_session  ee2b2de6c83469697ea85caa21b20ea8
            session_heartbeat 34d1792a87dcd8cac97dca7f5319bcba
            end_session       287e8cd75a844573baeb2e714ea10da3
            record_finding    f991ab8492aa61753c1dd1b98b32d071
            resolve_finding   e1bd46b266399bedb40c98ad5359db6b
            start_slice       0e8681447107d782aa23b5727cc71a43
            plan_slices       d9bdf9f7ca5a848ebdbe39ae0e33adfe
            cancel_slice      2b58575fcf84a9b8af30fe352a1504bd
            waive_slice       926cd48b593ed0a6fcf605c483097057
            retry_slice       4428d32572c544ad3fa7921fd62bf8df
            slice_finished    945beb1ff80f267f0b62d216994d7eee
            review_finished   19b7a32ee7a1a5ac3003cd0202372a3b
        "
    );
}

#[test]
fn hex_is_lower_case_with_leading_zeros() {
    assert_eq!(fingerprint::hex(&[0, 1, 0x7f, 0xab, 0xff]), "00017fabff");
    assert_eq!(fingerprint::hex(&[]), "");
}
