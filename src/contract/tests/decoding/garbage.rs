//! Payloads that are no object, no JSON, no text, too deep or too big.

use proptest::prelude::*;

use super::super::signals::SAMPLES;
use super::{bad, good};
use crate::contract::epoch::EpochInput;
use crate::contract::review::{CloseRoundSignal, ReviewInput};
use crate::contract::signal::{EpochSignal, receive};
use crate::contract::slice::{
    ReviewCycleSignal, SliceCompleteSignal, SliceInput, SliceStartSignal,
};
use crate::protocol::{Event, Word};

/// Levels of nesting that would end a thread whose decoder recursed.
const DEEP: usize = 10_000;

#[test]
fn what_is_no_object_is_malformed() {
    for signal in EpochSignal::ALL {
        for json in [
            "",
            " ",
            "null",
            "true",
            "7",
            "-1",
            "1.5",
            "\"text\"",
            "[]",
            "{}",
            "[{}]",
            "[null]",
            "{",
            "}",
            "{]",
            "nul",
            "'x'",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "\u{feff}{}",
            "{}{}",
            "\0",
            "// {}",
            "NaN",
            "Infinity",
        ] {
            bad(*signal, json.as_bytes());
        }
    }
}

#[test]
fn a_list_of_the_right_values_is_no_object() {
    let list = br#"["elegance","ACCEPT","bob",null,null]"#;
    assert!(
        bad(EpochSignal::SubmitVote, list).contains("it is a list; one JSON object is expected")
    );
    bad(EpochSignal::CancelSlice, br#"["s1","not needed"]"#);
}

#[test]
fn every_truncated_payload_is_malformed() {
    for sample in &SAMPLES {
        for len in 0..sample.json.len() {
            bad(sample.signal, &sample.json.as_bytes()[..len]);
        }
    }
}

#[test]
fn what_follows_the_object_makes_it_malformed() {
    for sample in &SAMPLES {
        good(
            sample.signal,
            format!(" \n{}\t\r\n", sample.json).as_bytes(),
        );
        for rest in ["{}", "x", "\0", ","] {
            bad(sample.signal, format!("{}{rest}", sample.json).as_bytes());
        }
    }
}

#[test]
fn what_is_no_utf_8_is_malformed() {
    for sample in &SAMPLES {
        for not_utf_8 in [&b"\xff"[..], b"\xc3\x28", b"\xed\xa0\x80", b"\x80"] {
            bad(sample.signal, not_utf_8);
            let quote = sample.json.find(":\"").map_or(2, |at| at + 2);
            let (before, after) = sample.json.as_bytes().split_at(quote);
            bad(sample.signal, &[before, not_utf_8, after].concat());
        }
        // Half a character is no text, and what nobody reads need not be one.
        let surrogate = sample.and(r#""request_id":"\ud800""#);
        bad(sample.signal, surrogate.as_bytes());
        good(sample.signal, sample.and(r#""x":"\ud800""#).as_bytes());
    }
}

#[test]
fn deep_nesting_is_malformed_where_it_is_read() {
    let lists = "[".repeat(DEEP) + &"]".repeat(DEEP);
    let objects = "{\"x\":".repeat(DEEP) + "7" + &"}".repeat(DEEP);
    for sample in &SAMPLES {
        for deep in [&lists, &objects, &"[".repeat(DEEP), &"{\"x\":".repeat(DEEP)] {
            bad(sample.signal, deep.as_bytes());
            bad(
                sample.signal,
                sample.with(sample.fields[0].0, deep).as_bytes(),
            );
            bad(
                sample.signal,
                sample.and(&format!("\"request_id\":{deep}")).as_bytes(),
            );
        }
        // Where nobody looks it is an unknown key like any other.
        let hidden = sample.and(&format!("\"x\":{objects}"));
        good(sample.signal, hidden.as_bytes());
    }
}

#[test]
fn a_key_that_comes_twice_is_malformed() {
    for sample in &SAMPLES {
        for (place, _, _) in sample
            .fields
            .iter()
            .filter(|field| field.0.rfind('/') == Some(0))
        {
            let key = &place[1..];
            let twice = sample.and(&format!("\"{key}\":{}", sample.at(place)));
            let why = bad(sample.signal, twice.as_bytes());
            assert!(why.contains(&format!("duplicate field `{key}`")), "{why}");
        }
    }
}

#[test]
fn a_huge_text_is_read_and_a_huge_word_is_cut() {
    let huge = "x".repeat(1_000_000);
    for sample in &SAMPLES {
        for (place, kind, _) in sample.fields {
            let json = sample.with(place, &format!("\"{huge}\""));
            match kind {
                super::super::signals::Kind::Text | super::super::signals::Kind::NullableText => {
                    good(sample.signal, json.as_bytes());
                }
                _ => {
                    bad(sample.signal, json.as_bytes());
                }
            }
        }
    }
}

#[test]
fn a_payload_that_is_not_one_piece_of_json_is_a_message_too() {
    for signal in EpochSignal::ALL {
        let message = signal.unreadable(b"\x00\x01", "its encoding is 'binary/plain'".to_owned());
        assert_eq!(
            (message.envelope.request_id, message.envelope.actor),
            (None, None)
        );
        let Event::Malformed { message: name, why } = message.event else {
            panic!("{signal}")
        };
        assert_eq!(
            (name.as_str(), why.as_str()),
            (signal.word(), "its encoding is 'binary/plain'")
        );
    }
}

/// Whatever decodes bytes from outside.
fn decode_everything(bytes: &[u8]) {
    for signal in EpochSignal::ALL {
        let message = signal.decode(bytes);
        assert_eq!(message.event.name(), signal.word());
        assert_eq!(message.envelope.fingerprint.len(), 32);
    }
    let _ = receive::<SliceStartSignal>("start_slice", bytes);
    let _ = receive::<SliceCompleteSignal>("complete_slice", bytes);
    let _ = receive::<ReviewCycleSignal>("review_cycle", bytes);
    let _ = receive::<CloseRoundSignal>("close_round", bytes);
    let _ = serde_json::from_slice::<EpochInput>(bytes);
    let _ = serde_json::from_slice::<SliceInput>(bytes);
    let _ = serde_json::from_slice::<ReviewInput>(bytes);
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        decode_everything(&bytes);
    }

    #[test]
    fn no_text_of_json_tokens_panics(
        tokens in prop::collection::vec(
            prop::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "-", "1", "e9", ".5",
                "\"axis\"", "\"slices\"", "\"config\"", "\"request_id\"", "\"p1\"", "\\ud800", " ",
            ]),
            0..40,
        )
    ) {
        decode_everything(tokens.concat().as_bytes());
    }

    #[test]
    fn no_payload_with_a_changed_byte_panics(
        sample in 0..SAMPLES.len(), at in any::<prop::sample::Index>(), byte in any::<u8>()
    ) {
        let mut bytes = SAMPLES[sample].json.as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        decode_everything(&bytes);
    }
}
