//! How a history is kept: one event per line, without what would tell who recorded it and
//! where, and without what is not set.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
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
    let lines: Vec<String> = history
        .iter()
        .map(|event| {
            let mut event = serde_json::to_value(event).expect("an event can be written");
            make_anonymous(&mut event);
            let mut line = event.to_string();
            let worlds = scenes
                .iter()
                .flat_map(|scene| [&scene.world, &scene.idle, &scene.commands]);
            for sandbox in worlds.map(|world| &world.sandbox) {
                line = line
                    .replace(sandbox.task_queue(), "aura")
                    .replace(&sandbox.path().display().to_string(), "/sandbox");
            }
            line
        })
        .collect();
    format!("{{\"events\":[\n{}\n]}}\n", lines.join(",\n"))
}

fn make_anonymous(value: &mut Value) {
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
                    make_anonymous(field);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(make_anonymous),
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
