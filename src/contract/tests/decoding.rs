//! What may arrive instead of a signal. Whatever it is, it becomes a message: read, or
//! malformed with a reason; and no message harms an epoch.

mod envelope;
mod garbage;
mod meaning;

use super::rich::Driver;
use super::signals::{SAMPLES, Sample};
use crate::contract::signal::EpochSignal;
use crate::protocol::refusal::RefusalCode;
use crate::protocol::{Epoch, Event, Message, Timestamp, Word};

/// Checks that a payload is read.
fn good(signal: EpochSignal, json: &[u8]) -> Message {
    let message = signal.decode(json);
    assert_eq!(message.event.name(), signal.word());
    if let Event::Malformed { why, .. } = &message.event {
        panic!("{signal}: {why} in {}", String::from_utf8_lossy(json));
    }
    message
}

/// Checks that a payload is malformed, that the epoch goes on, and that what is kept of
/// it is short; answers with the reason.
fn bad(signal: EpochSignal, json: &[u8]) -> String {
    let message = signal.decode(json);
    let shown = || String::from_utf8_lossy(json.get(..200).unwrap_or(json)).into_owned();
    let Event::Malformed { message: name, why } = message.event.clone() else {
        panic!("{signal} took {}", shown());
    };
    assert_eq!(name, signal.word());
    assert!(!why.is_empty(), "{signal}: {}", shown());
    refused(&message, &why);
    why
}

/// Checks what an epoch makes of a malformed message.
fn refused(message: &Message, why: &str) {
    let mut epoch: Epoch = Driver::start().epoch;
    let before = epoch.state().clone();
    let refusal = epoch
        .apply(Timestamp::default(), message.clone())
        .unwrap_err()
        .refusal;
    assert_eq!(refusal.code, RefusalCode::Malformed);
    for sentence in [&refusal.what, &refusal.why, &refusal.impact, &refusal.fix] {
        assert!(
            sentence.len() <= 1_024 + '…'.len_utf8(),
            "{} bytes",
            sentence.len()
        );
    }
    let shown: String = why.chars().take(200).collect();
    assert!(refusal.why.starts_with(&shown), "{}", refusal.why);

    let after = epoch.state();
    assert_eq!(after.inbox.refusals.total(), 1);
    assert_eq!(
        after.inbox.outcomes.total(),
        u64::from(message.envelope.request_id.is_some())
    );
    let (phase, entries) = (after.phase, after.audit_entries);
    assert_eq!((phase, entries), (before.phase, before.audit_entries));
}

#[test]
fn every_signal_has_a_sample() {
    let sampled: Vec<EpochSignal> = SAMPLES.iter().map(|sample| sample.signal).collect();
    assert_eq!(sampled, EpochSignal::ALL);
}

#[test]
fn a_valid_payload_is_read() {
    for sample in &SAMPLES {
        good(sample.signal, sample.json.as_bytes());
    }
}

#[test]
fn unknown_keys_are_ignored() {
    for sample in &SAMPLES {
        let plain = good(sample.signal, sample.json.as_bytes());
        for more in [
            r#""x":null"#,
            r#""x":{"y":[1,2.5,"z"]},"x":7"#,
            r#""":"""#,
            r#""\u0000":-1"#,
        ] {
            let message = good(sample.signal, sample.and(more).as_bytes());
            assert_eq!(message, plain);
        }
    }
}

#[test]
fn a_missing_key_has_its_default_or_is_named() {
    for Sample { signal, fields, .. } in &SAMPLES {
        let sample = SAMPLES
            .iter()
            .find(|sample| sample.signal == *signal)
            .unwrap();
        for (place, _, default) in *fields {
            // A vote on an axis may be there or not; it has no default.
            if place.contains("/vote_result/") {
                continue;
            }
            let without = sample.without(place);
            let key = place.rsplit('/').next().unwrap();
            match default {
                None => {
                    let why = bad(*signal, without.as_bytes());
                    assert!(
                        why.contains(&format!("missing field `{key}`")),
                        "{signal}: {why}"
                    );
                }
                Some(default) => {
                    let said = good(*signal, sample.with(place, default).as_bytes());
                    assert_eq!(good(*signal, without.as_bytes()), said, "{signal}: {place}");
                }
            }
        }
    }
}

#[test]
fn a_value_of_the_wrong_type_is_malformed() {
    for sample in &SAMPLES {
        for (place, kind, _) in sample.fields {
            for wrong in kind.wrong() {
                let why = bad(sample.signal, sample.with(place, &wrong).as_bytes());
                let says = ["expected", "valid: ", "missing field", "out of range"];
                assert!(
                    says.iter().any(|part| why.contains(part)),
                    "{place} {wrong}: {why}"
                );
            }
        }
    }
}

#[test]
fn an_unknown_word_is_answered_with_the_valid_ones() {
    for sample in &SAMPLES {
        for (place, kind, _) in sample.fields {
            let words = kind.words();
            if words.is_empty() {
                continue;
            }
            let why = bad(sample.signal, sample.with(place, "\"nonsense\"").as_bytes());
            let says = format!("'nonsense'; valid: {}", words.join(", "));
            assert!(why.contains(&says), "{place}: {why}");
        }
    }
}

#[test]
fn the_signals_of_the_earlier_client_are_read() {
    for (signal, json) in [
        (
            EpochSignal::AdvancePhase,
            r#"{"to_phase": "p2", "triggered_by": "", "condition_met": ""}"#,
        ),
        (
            EpochSignal::SubmitVote,
            r#"{"axis": "correctness", "vote": "ACCEPT", "reviewer_id": ""}"#,
        ),
        (
            EpochSignal::SliceProgress,
            r#"{"slice_id": "s", "leaf_task_id": "t", "stage_name": "execute", "completed": false}"#,
        ),
        (
            EpochSignal::RegisterSession,
            r#"{"epoch_id": "e", "session_id": "s", "role": "", "model_harness": "", "model": ""}"#,
        ),
    ] {
        let message = good(signal, json.as_bytes());
        assert_eq!(
            (message.envelope.request_id, message.envelope.actor),
            (None, None)
        );
    }
}
