//! What identifies a message: its request id and its actor, also where the rest of it
//! cannot be read.

use super::super::signals::SAMPLES;
use super::{bad, good};
use crate::contract::signal::{EpochSignal, receive};
use crate::contract::slice::SliceCompleteSignal;

/// Checks what is known of a message's sender.
fn check(signal: EpochSignal, json: &str, request_id: Option<&str>, actor: Option<&str>) {
    let sender = signal.decode(json.as_bytes()).envelope;
    let known = (sender.request_id.as_deref(), sender.actor.as_deref());
    assert_eq!(known, (request_id, actor), "{json}");
}

#[test]
fn a_readable_message_has_both() {
    for sample in &SAMPLES {
        let json = sample.and(r#""request_id":"r-1","actor":"alice""#);
        good(sample.signal, json.as_bytes());
        check(sample.signal, &json, Some("r-1"), Some("alice"));
        let json = sample.and(r#""request_id":null,"actor":null"#);
        good(sample.signal, json.as_bytes());
        check(sample.signal, &json, None, None);
        check(sample.signal, sample.json, None, None);
        let json = sample.and(r#""request_id":"","actor":"\u0000é""#);
        check(sample.signal, &json, Some(""), Some("\0é"));
    }
}

#[test]
fn a_malformed_object_has_what_can_be_read() {
    for sample in &SAMPLES {
        let place = sample.fields[0].0;
        let broken = sample.with(place, "[7]");
        let json = format!(r#"{{"request_id":"r-1","actor":"alice",{}"#, &broken[1..]);
        bad(sample.signal, json.as_bytes());
        check(sample.signal, &json, Some("r-1"), Some("alice"));
    }
    let vote = EpochSignal::SubmitVote;
    check(vote, r#"{"request_id":"r"}"#, Some("r"), None);
    check(vote, r#"{"actor":"a","axis":"A"}"#, None, Some("a"));
    // Not even depth, or bytes that are no text, hide it.
    let deep = format!(
        r#"{{"x":{}{},"request_id":"r"}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    check(vote, &deep, Some("r"), None);
    let bytes = [&br#"{"x":""#[..], b"\xff", br#"","request_id":"r"}"#].concat();
    assert_eq!(
        vote.decode(&bytes).envelope.request_id.as_deref(),
        Some("r")
    );
}

#[test]
fn an_id_of_the_wrong_type_makes_it_malformed_and_is_none() {
    for sample in &SAMPLES {
        for wrong in ["7", "true", "1.5", "[]", "[\"r\"]", "{}", "1e400"] {
            let json = sample.and(&format!(r#""request_id":{wrong},"actor":"alice""#));
            bad(sample.signal, json.as_bytes());
            // A number too big for JSON's own types ends the reading of the whole.
            let actor = (wrong != "1e400").then_some("alice");
            check(sample.signal, &json, None, actor);

            let json = sample.and(&format!(r#""actor":{wrong},"request_id":"r-1""#));
            bad(sample.signal, json.as_bytes());
            let request_id = (wrong != "1e400").then_some("r-1");
            check(sample.signal, &json, request_id, None);
        }
    }
}

#[test]
fn what_is_no_object_has_none() {
    for json in [
        r#"["r-1","alice"]"#,
        r#" ["r-1"]"#,
        r#""request_id""#,
        "null",
        "",
        r#"{"request_id":"r-1","actor":"alice""#,
        r#"{"request_id":"r-1"}{"actor":"alice"}"#,
        r#"{"request_id":"r-1","request_id":"r-2"}"#,
    ] {
        bad(EpochSignal::SubmitVote, json.as_bytes());
        check(EpochSignal::SubmitVote, json, None, None);
    }
}

#[test]
fn an_over_long_id_is_passed_on_for_the_rules_to_refuse() {
    let long = "r".repeat(1_000_000);
    let json = format!(r#"{{"request_id":"{long}","actor":"{long}"}}"#);
    check(EpochSignal::SubmitVote, &json, Some(&long), Some(&long));
}

#[test]
fn the_signals_of_children_are_read_the_same_way() {
    let read = |json: &str| receive::<SliceCompleteSignal>("complete_slice", json.as_bytes());
    let whole = read(r#"{"slice_id":"s1","success":true,"request_id":"r","actor":"a","x":[]}"#);
    assert_eq!(whole.content.unwrap().slice_id, "s1");
    let sender = whole.envelope;
    assert_eq!(
        (sender.request_id.as_deref(), sender.actor.as_deref()),
        (Some("r"), Some("a"))
    );
    let broken = read(r#"{"slice_id":"s1","request_id":"r","actor":7}"#);
    assert!(broken.content.is_err());
    let sender = broken.envelope;
    assert_eq!(
        (sender.request_id.as_deref(), sender.actor.as_deref()),
        (Some("r"), None)
    );
}
