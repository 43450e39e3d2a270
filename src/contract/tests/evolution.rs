//! Snapshots over the years: what an earlier release carried loads, what a later one
//! added is kept, and every effect that waits survives the way.
//!
//! `tests/snapshots/state-schema-1.json` is what `rich` carries, as the release that
//! introduced schema 1 wrote it. It is never edited: epochs in the field hold such
//! states. A release with another schema adds a file of its own.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::rich::{Driver, rich};
use super::{read, tree, wire};
use crate::contract::audit::AuditEvent;
use crate::contract::epoch::EpochInput;
use crate::contract::snapshot::{Carried, PendingEffect, SCHEMA, StateSnapshot};
use crate::protocol::effect::{Effect, Ending};
use crate::protocol::id::SliceId;
use crate::protocol::slice::SliceState;
use crate::protocol::state::State;
use crate::protocol::{Epoch, PhaseId};

const RECORDED: &str = include_str!("../../../tests/snapshots/state-schema-1.json");

/// What a run would carry on from this epoch.
fn carry(driver: &Driver) -> Carried {
    let audit = driver.effects.iter().filter_map(|effect| match effect {
        Effect::Audit(entry) => Some(AuditEvent::of_entry(
            "rich-1",
            "rich-1",
            "run-1",
            entry.clone(),
        )),
        _ => None,
    });
    Carried {
        schema: SCHEMA,
        state: driver.epoch.state().into(),
        effects: driver
            .effects
            .iter()
            .filter_map(PendingEffect::of)
            .collect(),
        audit_backlog: audit.collect(),
        audit_remote_until: Some(super::LATER),
        extra: serde_json::Map::new(),
    }
}

/// The state that a snapshot stands for.
fn load(snapshot: StateSnapshot) -> State {
    snapshot.try_into().unwrap()
}

#[test]
fn the_recorded_snapshot_loads() {
    let carried: Carried = read(RECORDED);
    assert_eq!(carried.schema, 1);
    let state = load(carried.state);
    assert_eq!(state.epoch_id.as_str(), "rich-1");
    assert_eq!(state.description, "Make \"it\" so.\nAll of it.");
    assert_eq!((state.phase, state.rules_version), (PhaseId::P10, 1));
    assert_eq!(state.started_at, super::NEW_YEAR);
    assert_eq!(
        (state.settings.max_rounds, state.settings.parallel_slices),
        (Some(3), 2)
    );
    assert_eq!(
        (state.transitions.total(), state.successful_transitions),
        (13, 11)
    );
    assert_eq!((state.sessions.active.len(), state.sessions.total), (2, 3));
    assert_eq!(
        (state.rounds.total(), state.rounds_opened[&PhaseId::P4]),
        (3, 2)
    );
    assert_eq!((state.findings.len(), state.blocker_count()), (3, 1));
    assert_eq!(
        (state.inbox.refusals.total(), state.progress.total()),
        (3, 1)
    );
    assert!(state.has_severity_groups && state.last_error.is_some());
    let slices: Vec<SliceState> = state.slices.0.iter().map(|slice| slice.state).collect();
    assert_eq!(
        slices,
        [
            SliceState::Succeeded,
            SliceState::Succeeded,
            SliceState::Waived
        ]
    );
    let backlog = carried.audit_backlog;
    assert_eq!(backlog.len() as u64, state.audit_entries);
    assert_eq!(backlog[0].event_id.as_deref(), Some("run-1:1"));
}

#[test]
fn the_recorded_effects_can_be_performed() {
    let carried: Carried = read(RECORDED);
    let effects: Result<Vec<Effect>, _> = carried
        .effects
        .into_iter()
        .map(PendingEffect::into_effect)
        .collect();
    let effects = effects.unwrap();
    let slice = |effect: &&Effect| matches!(effect, Effect::StartSlice { .. });
    assert_eq!(effects.iter().filter(slice).count(), 3);
    let review = |effect: &&Effect| matches!(effect, Effect::OpenReview { .. });
    assert_eq!(effects.iter().filter(review).count(), 3);
}

#[test]
fn an_epoch_goes_on_from_the_recorded_snapshot() {
    let carried: Carried = read(RECORDED);
    let mut epoch = Epoch::restore(load(carried.state));
    let vote = |axis: &str| {
        let json = format!(r#"{{"axis":"{axis}","vote":"ACCEPT","reviewer_id":"bob"}}"#);
        crate::contract::signal::EpochSignal::SubmitVote.decode(json.as_bytes())
    };
    for axis in ["test_quality", "elegance"] {
        epoch.apply(super::NEW_YEAR, vote(axis)).unwrap();
    }
    assert!(
        epoch.state().votes.is_consensus(),
        "the vote that was carried counts"
    );
}

/// Nothing of it is lost on the way through this release's state.
#[test]
fn the_recorded_snapshot_is_written_again_in_full() {
    let recorded = tree(RECORDED);
    let carried: Carried = read(RECORDED);
    let again = Carried {
        state: (&load(carried.state.clone())).into(),
        ..carried
    };
    let again = tree(&wire(&again));
    for place in places(&recorded, "") {
        assert_eq!(again.pointer(&place), recorded.pointer(&place), "{place}");
    }
}

/// What is written today has every key that was ever written: an earlier release that
/// takes an epoch back finds them.
#[test]
fn no_key_was_renamed_or_dropped() {
    let shape = |json: &Value| -> BTreeSet<String> {
        let numbered = |part: &str| part.parse::<u32>().is_ok();
        places(json, "")
            .iter()
            .map(|place| {
                place
                    .split('/')
                    .map(|part| if numbered(part) { "*" } else { part })
                    .collect::<Vec<_>>()
                    .join("/")
            })
            .collect()
    };
    let today = shape(&tree(&wire(&carry(&rich()))));
    let lost: Vec<String> = shape(&tree(RECORDED)).difference(&today).cloned().collect();
    assert!(lost.is_empty(), "{lost:?}");
}

/// The places of all values that hold no others.
fn places(json: &Value, at: &str) -> Vec<String> {
    match json {
        Value::Object(fields) if !fields.is_empty() => fields
            .iter()
            .flat_map(|(key, value)| places(value, &format!("{at}/{key}")))
            .collect(),
        Value::Array(values) if !values.is_empty() => values
            .iter()
            .enumerate()
            .flat_map(|(index, value)| places(value, &format!("{at}/{index}")))
            .collect(),
        _ => vec![at.to_owned()],
    }
}

#[test]
fn what_an_earlier_snapshot_lacks_has_its_default() {
    let state: StateSnapshot = read(
        r#"{"epoch_id":"e1","rules_version":1,"started_at":"2026-01-01T00:00:00+00:00","phase":"p1","role":"epoch","status":"running"}"#,
    );
    let state = load(state);
    let new = Driver::start().epoch.state().clone();
    assert_eq!(state.settings, crate::protocol::state::Settings::default());
    assert_eq!(state.transitions, new.transitions);
    assert_eq!((state.rounds, state.inbox), (new.rounds, new.inbox));
    assert_eq!((state.audit_entries, state.last_event_type), (0, None));

    // Each key of the recorded one that has a default can be missing by itself.
    let recorded = tree(RECORDED)["state"].clone();
    let required = [
        "epoch_id",
        "rules_version",
        "started_at",
        "phase",
        "role",
        "status",
    ];
    for key in recorded.as_object().unwrap().keys() {
        let mut without = recorded.clone();
        without.as_object_mut().unwrap().remove(key);
        let loaded = serde_json::from_value::<StateSnapshot>(without).is_ok();
        assert_eq!(loaded, !required.contains(&key.as_str()), "{key}");
    }
}

#[test]
fn what_a_later_release_added_survives_a_round_trip() {
    let mut later = tree(RECORDED);
    let extra = json!({ "deep": [{ "x": 1.5, "y": null, "z": "é" }], "big": u64::MAX });
    later["from_a_later_release"] = extra.clone();
    later["state"]["from_a_later_release"] = extra.clone();
    let input = json!({ "epoch_id": "rich-1", "request_description": "", "carried": later });

    let input: EpochInput = read(&input.to_string());
    let again = tree(&wire(&input));
    assert_eq!(again["carried"]["from_a_later_release"], extra);
    assert_eq!(again["carried"]["state"]["from_a_later_release"], extra);
    // They stand in nobody's way.
    let carried: Carried = read(&wire(&input.carried));
    let plain: Carried = read(RECORDED);
    assert_eq!(load(carried.state), load(plain.state));
}

/// Checks that a snapshot with another value at a place becomes no state, and why.
fn check_broken(place: &str, value: Value, why: &str) {
    let mut state = tree(RECORDED)["state"].clone();
    *state.pointer_mut(place).unwrap() = value;
    let snapshot: StateSnapshot = serde_json::from_value(state).unwrap();
    let error = State::try_from(snapshot).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("the carried state's {why}")),
        "{error}"
    );
}

#[test]
fn what_cannot_be_a_state_is_an_error_that_names_the_field() {
    check_broken("/epoch_id", json!(""), "epoch_id: epoch id is empty");
    check_broken(
        "/slices/0/slice_id",
        json!("a-slice-b"),
        "slices: slice id contains '-slice-'",
    );
    check_broken(
        "/slices/1/dependencies/0",
        json!("\n"),
        "slices: slice id contains the control",
    );
    check_broken(
        "/violations/last/0/constraint_id",
        json!("C-new"),
        "violations: unknown constraint 'C-new'",
    );
}

#[test]
fn every_effect_survives_the_way() {
    let slice_id = SliceId::parse("s1").unwrap();
    let (phase, round) = (PhaseId::P10, 2);
    for effect in [
        Effect::PublishAttributes,
        Effect::StartSlice {
            slice_id: slice_id.clone(),
            attempt: 2,
        },
        Effect::CancelSlice {
            slice_id,
            reason: "enough".to_owned(),
        },
        Effect::OpenReview { phase, round },
        Effect::CloseReview { phase, round },
        Effect::Finish(Ending::Completed),
        Effect::Finish(Ending::Cancelled),
    ] {
        let pending = PendingEffect::of(&effect).unwrap();
        let there: PendingEffect = read(&wire(&pending));
        assert_eq!(there.into_effect().unwrap(), effect);
    }
}

#[test]
fn an_audit_entry_travels_in_the_backlog_alone() {
    let audit = rich()
        .effects
        .into_iter()
        .find(|effect| matches!(effect, Effect::Audit(_)));
    assert_eq!(PendingEffect::of(&audit.unwrap()), None);
}

#[test]
fn an_effect_on_no_slice_is_an_error() {
    let slice_id = String::new();
    let start = PendingEffect::StartSlice {
        slice_id: slice_id.clone(),
        attempt: 1,
    };
    let cancel = PendingEffect::CancelSlice {
        slice_id,
        reason: String::new(),
    };
    for effect in [start, cancel] {
        let error = effect.into_effect().unwrap_err().to_string();
        assert!(error.contains("slice_id: slice id is empty"), "{error}");
    }
}
