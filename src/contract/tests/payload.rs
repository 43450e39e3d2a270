//! Every payload type: a full value with its exact JSON, and the least JSON that is
//! taken with what it stands for. The values are written field by field, so that a
//! field which is added to a type is added here; a walk over the sources finds types
//! that are not here at all.

mod audit;
mod command;
mod epoch;
mod query;
mod review;
mod slice;
mod snapshot;
mod view;

use std::any::type_name;
use std::collections::BTreeSet;
use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{one_line, read, wire};

/// Types whose least value leaves keys out instead of writing `null`: the envelope, for
/// senders that have no id; a carried vote; and an answer of the earlier worker.
const LEAVE_KEYS_OUT: [&str; 3] = ["Enveloped", "QueryStateResult", "VoteSnapshot"];

/// Checks a type that is an object, and answers with its name. `least` is what the
/// required keys alone stand for: each of them is missed, all others have defaults.
fn check<T>(full: &T, json: &str, least: &T, least_json: &str) -> &'static str
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let name = check_value(full, json);
    let (json, least_json) = (one_line(json), one_line(least_json));
    assert_eq!(read::<T>(&least_json), *least, "{name} at its least");
    if !LEAVE_KEYS_OUT.contains(&name) {
        assert_eq!(
            keys(&wire(least)),
            keys(&json),
            "{name} writes every key, as null too"
        );
    }

    let required: Map<String, Value> = read(&least_json);
    for key in required.keys() {
        let mut rest = required.clone();
        rest.remove(key);
        let error = serde_json::from_value::<T>(Value::Object(rest)).err();
        let error = error.unwrap_or_else(|| panic!("{name} does not require {key}"));
        assert_eq!(
            error.to_string(),
            format!("missing field `{key}`"),
            "{name}"
        );
    }

    // What a later release adds is ignored, or carried on by those that travel.
    let mut later: Map<String, Value> = read(&json);
    later.insert(
        "from_a_later_release".to_owned(),
        read(r#"{"deep":[{"x":1.5}]}"#),
    );
    let got: T = read(&wire(&later));
    assert!(
        got == *full || wire(&got) == wire_with(&json),
        "{name} with an unknown key"
    );
    name
}

/// Checks a type by one value with its exact JSON, and answers with its name.
fn check_value<T>(value: &T, json: &str) -> &'static str
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let name = short_name(type_name::<T>());
    let json = one_line(json);
    assert_eq!(wire(value), json, "{name} on the wire");
    assert_eq!(read::<T>(&json), *value, "{name} from the wire");
    name
}

/// An object with the unknown key of `check` at its end.
fn wire_with(json: &str) -> String {
    let body = json.strip_suffix('}').unwrap();
    format!(r#"{body},"from_a_later_release":{{"deep":[{{"x":1.5}}]}}}}"#)
}

fn keys(json: &str) -> BTreeSet<String> {
    read::<Map<String, Value>>(json)
        .into_iter()
        .map(|(key, _)| key)
        .collect()
}

/// `Kept` of `aura::contract::snapshot::Kept<aura::…>`.
fn short_name(path: &'static str) -> &'static str {
    let path = path.split('<').next().unwrap();
    path.rsplit("::").next().unwrap()
}

/// The modules of the contract, but for those that hold words, times and conversions.
const SOURCES: &[(&str, &str)] = &[
    ("attributes", include_str!("../attributes.rs")),
    ("audit", include_str!("../audit.rs")),
    ("child", include_str!("../child.rs")),
    ("command", include_str!("../command.rs")),
    ("epoch", include_str!("../epoch.rs")),
    ("fingerprint", include_str!("../fingerprint.rs")),
    ("input", include_str!("../input.rs")),
    ("names", include_str!("../names.rs")),
    ("object", include_str!("../object.rs")),
    ("query", include_str!("../query.rs")),
    ("query::heard", include_str!("../query/heard.rs")),
    ("query::outcome", include_str!("../query/outcome.rs")),
    ("query::view", include_str!("../query/view.rs")),
    ("review", include_str!("../review.rs")),
    ("signal", include_str!("../signal.rs")),
    ("slice", include_str!("../slice.rs")),
    ("snapshot", include_str!("../snapshot.rs")),
];

/// The payload types that contract.md names, by the names they have here.
const IN_THE_CONTRACT: &[&str] = &[
    "AuditEvent",
    "CloseRoundSignal",
    "ConstraintViolation",
    "EpochInput",
    "EpochResult",
    "EpochState",
    "FindingResolveSignal",
    "FindingSignal",
    "Outcome",
    "PhaseAdvanceSignal",
    "PlanSlicesSignal",
    "QueryStateResult",
    // ReviewCycleRecord is the same type.
    "ReviewCycleSignal",
    "ReviewFinishedSignal",
    "ReviewInput",
    "ReviewPhaseResult",
    "ReviewVoteSignal",
    "SessionNoteSignal",
    "SessionRegisterSignal",
    "SliceCompleteSignal",
    "SliceExecutionConfig",
    "SliceFinishedSignal",
    "SliceInput",
    "SliceOrderSignal",
    "SliceProgressSignal",
    "SliceResult",
    "SliceStartSignal",
    "StartSlice",
    "Transition",
    "TransitionRecord",
];

#[test]
fn no_type_is_forgotten() {
    let checked: BTreeSet<&str> = [
        audit::check_all(),
        command::check_all(),
        epoch::check_all(),
        query::check_all(),
        review::check_all(),
        slice::check_all(),
        snapshot::check_all(),
        view::check_all(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let written: BTreeSet<&str> = SOURCES
        .iter()
        .flat_map(|(_, source)| payload_types(source))
        .collect();
    assert_eq!(checked, written);
    for name in IN_THE_CONTRACT {
        assert!(checked.contains(name), "{name}");
    }
}

#[test]
fn no_module_is_forgotten() {
    let declared = modules(include_str!("../../contract.rs"))
        .map(str::to_owned)
        .chain(SOURCES.iter().flat_map(|(outer, source)| {
            modules(source).map(move |inner| format!("{outer}::{inner}"))
        }));
    let walked: BTreeSet<String> = SOURCES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(walked, declared.collect());
}

/// The modules that a source declares, but for those without payloads.
fn modules(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "))
        .filter_map(|line| line.strip_suffix(';'))
        .filter(|module| !["convert", "tests", "time", "words"].contains(module))
}

/// The public types in a source that derive their JSON.
fn payload_types(source: &str) -> Vec<&str> {
    let mut derived = false;
    let mut found = Vec::new();
    for line in source.lines() {
        if line.starts_with("#[derive(") {
            derived = line.contains("Serialize");
        }
        let item = line
            .strip_prefix("pub struct ")
            .or_else(|| line.strip_prefix("pub enum "));
        if let Some(item) = item {
            if derived {
                found.extend(item.split(|c: char| !c.is_alphanumeric()).next());
            }
            derived = false;
        }
    }
    found
}
