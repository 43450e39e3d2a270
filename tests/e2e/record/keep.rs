//! How a history is kept: one event per line, without what would tell who recorded it and
//! where, and without what is not set.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_common::protos::temporal::api::history::v1::History as Proto;

use super::Scene;
use crate::raw::History;

/// Stands for whoever it was.
const WHO: &str = "recorded";

fn folder() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/histories").into()
}

fn file_name(path: &str) -> String {
    format!("{}-{path}.json", env!("CARGO_PKG_VERSION"))
}

/// The text of a history as it is kept.
pub fn text(history: &History, scenes: &[&Scene]) -> String {
    let worlds = scenes
        .iter()
        .flat_map(|scene| [&scene.world, &scene.idle, &scene.commands]);
    let masks: Vec<(String, &str)> = worlds
        .map(|world| &world.sandbox)
        .flat_map(|sandbox| {
            [
                (sandbox.task_queue().to_owned(), "aura"),
                (sandbox.path().display().to_string(), "/sandbox"),
            ]
        })
        .collect();
    let lines: Vec<String> = history
        .iter()
        .map(|event| {
            let mut event = serde_json::to_value(event).expect("an event can be written");
            make_anonymous(&mut event, &masks);
            masked(&event.to_string(), &masks)
        })
        .collect();
    format!("{{\"events\":[\n{}\n]}}\n", lines.join(",\n"))
}

fn masked(text: &str, masks: &[(String, &str)]) -> String {
    masks.iter().fold(text.to_owned(), |text, (telling, mask)| {
        text.replace(telling, mask)
    })
}

/// What a payload holds, masked: it is written in base64.
fn masked_payload(value: &Value, masks: &[(String, &str)]) -> Option<Value> {
    let fields = value.as_object()?;
    if !fields.contains_key("metadata") || !fields.contains_key("data") {
        return None;
    }
    let mut payload: Payload = serde_json::from_value(value.clone()).ok()?;
    let text = String::from_utf8(payload.data).ok()?;
    payload.data = masked(&text, masks).into_bytes();
    serde_json::to_value(payload).ok()
}

fn make_anonymous(value: &mut Value, masks: &[(String, &str)]) {
    if let Some(payload) = masked_payload(value, masks) {
        *value = payload;
    }
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            for (name, field) in fields {
                // A worker's own queue is called after the worker, too.
                let is_name = name == "identity"
                    || name == "name" && field.as_str().is_some_and(|name| name.contains('@'));
                if is_name && field.as_str() != Some("") {
                    *field = Value::from(WHO);
                } else {
                    make_anonymous(field, masks);
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| make_anonymous(item, masks)),
        _ => {}
    }
}

/// The history again.
pub fn read(text: &str) -> History {
    let history: Proto = serde_json::from_str(text).expect("a kept history can be read");
    history.events
}

/// Keeps the histories; where this version has one of a path, only if it is to be replaced.
pub fn write(names: &[&str], texts: &[String], replace: bool) {
    fs::create_dir_all(folder()).expect("the folder can be made");
    if replace {
        for name in kept() {
            fs::remove_file(folder().join(file_name(&name))).expect("a file can be removed");
        }
    }
    for (name, text) in names.iter().zip(texts) {
        let path = folder().join(file_name(name));
        if !path.exists() {
            fs::write(&path, text).expect("the folder can be written to");
        }
    }
}

/// The paths of which this version has a file.
fn kept() -> BTreeSet<String> {
    let Ok(files) = fs::read_dir(folder()) else {
        return BTreeSet::new();
    };
    let prefix = file_name("").replace(".json", "");
    files
        .map(|file| file.expect("the folder can be read").file_name())
        .filter_map(|name| {
            let name = name
                .to_str()?
                .strip_prefix(&prefix)?
                .strip_suffix(".json")?;
            Some(name.to_owned())
        })
        .collect()
}

/// Paths that this version took once and takes no more: what began on them goes on, so
/// their files stay.
const RETIRED: [&str; 1] = ["slice-command"];

/// Fails the test where a path has no file, or a file has no path any more. A version
/// whose first file is not there yet is not begun.
pub fn check_names(names: &[&str]) {
    let there = kept();
    let mut wanted: BTreeSet<String> = names.iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), wanted.len(), "each path has a name of its own");
    wanted.extend(RETIRED.map(ToOwned::to_owned));
    assert!(
        there.is_empty() || there == wanted,
        "tests/histories lacks paths of this version, or has others; see {}: {:?}",
        file!(),
        there.symmetric_difference(&wanted).collect::<Vec<_>>()
    );
}
