//! Changed payloads, by the million where asked to: each is read or is malformed, the rules
//! take what was read, and what an epoch then says of itself can be read again.

use super::rich::rich;
use super::signals::SAMPLES;
use super::{NEW_YEAR, read, wire};
use crate::contract::epoch::EpochInput;
use crate::contract::input;
use crate::contract::object;
use crate::contract::query::{OutcomeRequest, QueryStateResult};
use crate::contract::review::{CloseRoundSignal, ReviewInput};
use crate::contract::signal::receive;
use crate::contract::slice::{
    ReviewCycleSignal, SliceCompleteSignal, SliceInput, SliceStartSignal,
};
use crate::contract::time::WireTime;
use crate::fuzz::{feed, texts};
use crate::protocol::{Event, PhaseId, Word};

#[test]
fn changed_signals_are_read_or_malformed_and_the_rules_take_them() {
    let others = SAMPLES.map(|sample| sample.json);
    let rich = rich().epoch;
    for sample in &SAMPLES {
        // Its own most of the time, so that what is changed is still nearly right.
        let samples = texts([sample.json; 16].iter().chain(&others));
        feed(&samples, |bytes| {
            let message = sample.signal.decode(bytes);
            if matches!(message.event, Event::Malformed { .. }) {
                return;
            }
            let mut epoch = rich.clone();
            if epoch.apply(NEW_YEAR, message).is_ok() {
                let told = QueryStateResult::from(&epoch);
                assert_eq!(read::<QueryStateResult>(&wire(&told)), told);
            } else {
                assert_eq!(epoch.state().phase, rich.state().phase);
            }
        });
    }
}

#[test]
fn changed_messages_of_children_are_read_or_malformed() {
    let samples = texts([
        r#"{"output":"done","success":true,"error":"no","progress":{"a":1},"request_id":"r","actor":"a"}"#,
        r#"{"epoch_id":"e","slice_id":"s1","phase_spec":"x","parent_workflow_id":"e","leaf_task_ids":["a","b"],"dependencies":["s0"],"attempt":2,"config":{"mode":"subprocess","command":"make","timeout_seconds":60,"heartbeat_interval":5,"runner":"x","prompt":"p"}}"#,
        r#"{"epoch_id":"e","phase_id":"p4","round":2,"deadline":3600,"runner":"codex","parent_workflow_id":"e","request_description":"d"}"#,
        r#"{"mode":"mock","command":"","timeout_seconds":1}"#,
        r#"{"slice_id":"s1","verdict":"REVISE","feedback":"again","reviewer_id":"bob"}"#,
        r#"{"votes":{"elegance":"ACCEPT"},"round":1}"#,
    ]);
    // Changed samples say little where none of them is understood as it is.
    assert!(
        samples
            .iter()
            .any(|bytes| input::read::<SliceInput>(bytes).is_ok())
    );
    assert!(
        samples
            .iter()
            .any(|bytes| input::read::<ReviewInput>(bytes).is_ok())
    );
    feed(&samples, |bytes| {
        // Whatever it is said to be.
        let _ = input::read::<SliceInput>(bytes);
        let _ = input::read::<ReviewInput>(bytes);
        let _ = object::read::<OutcomeRequest>(bytes);
        let _ = object::read::<EpochInput>(bytes);
        let _ = receive::<SliceStartSignal>("start_slice", bytes);
        let _ = receive::<SliceCompleteSignal>("complete_slice", bytes);
        let _ = receive::<ReviewCycleSignal>("review_cycle", bytes);
        let _ = receive::<CloseRoundSignal>("close_round", bytes);
    });
}

#[test]
fn changed_times_and_phases_are_read_or_are_none() {
    let samples = texts([
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.123456+01:00",
        "p4",
        "complete",
        "9",
        "Worker Slices",
    ]);
    feed(&samples, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(time) = WireTime::parse(&text) {
            let written = wire(&time);
            assert_eq!(read::<WireTime>(&written), time, "{text}");
        }
        if let Ok(phase) = PhaseId::from_word(&text) {
            assert_eq!(PhaseId::from_word(phase.word()), Ok(phase), "{text}");
        }
    });
}
