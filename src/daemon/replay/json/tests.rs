//! Both forms of every recorded history, and of what no recorded one has, say the same.

use std::fs;

use serde_json::{Map, Value, json};
use temporalio_common::protos::temporal::api::enums::v1::{EventType, VersioningBehavior};
use temporalio_common::protos::temporal::api::history::v1::History;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use super::{camel, read};

/// What protobuf's form would be: other names, no empty values, kinds by name, long numbers
/// as text, and what was chosen among the other fields.
fn in_other_form(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut other = Map::new();
            for (name, field) in fields {
                let is_empty = match field {
                    Value::Null => true,
                    Value::Bool(is) => !is,
                    Value::Number(number) => number.as_i64() == Some(0),
                    Value::String(text) => text.is_empty(),
                    Value::Array(items) => items.is_empty(),
                    Value::Object(_) => false,
                };
                match (name.as_str(), field) {
                    _ if is_empty => {}
                    ("event_type", Value::Number(number)) => {
                        let number = i32::try_from(number.as_i64().unwrap()).unwrap();
                        let kind = EventType::try_from(number).unwrap();
                        other.insert("eventType".to_owned(), kind.as_str_name().into());
                    }
                    ("attributes", Value::Object(chosen)) => {
                        for (kind, attributes) in chosen {
                            let (first, rest) = kind.split_at(1);
                            let kind = format!("{}{rest}", first.to_lowercase());
                            other.insert(kind, in_other_form(attributes));
                        }
                    }
                    (name, Value::Number(number)) if name.ends_with("_id") => {
                        other.insert(camel(name), number.to_string().into());
                    }
                    // Names of headers, memos, attributes and metadata are the user's.
                    ("indexedFields" | "fields" | "metadata" | "details", Value::Object(_)) => {
                        other.insert(name.clone(), field.clone());
                    }
                    _ => {
                        other.insert(camel(name), in_other_form(field));
                    }
                }
            }
            Value::Object(other)
        }
        Value::Array(items) => items.iter().map(in_other_form).collect(),
        other => other.clone(),
    }
}

#[test]
fn both_forms_of_every_recorded_history_say_the_same() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/histories");
    let mut seen = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read(&path).unwrap();
        let expected: History = serde_json::from_slice(&text).unwrap();
        assert_eq!(read(&text).as_ref(), Ok(&expected), "{}", path.display());
        let value: Value = serde_json::from_slice(&text).unwrap();
        let other = in_other_form(&value);
        assert_eq!(other["events"][0]["eventId"], "1");
        let other = other.to_string();
        let again = read(other.as_bytes());
        assert_eq!(again.as_ref(), Ok(&expected), "{}", path.display());
        seen += 1;
    }
    assert!(seen > 20, "only {seen} histories");
}

#[test]
fn what_a_newer_server_adds_is_left_out() {
    let text = json!({ "events": [{
        "eventId": "1", "eventType": "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED", "new": 1,
        "workflowExecutionStartedEventAttributes": {
            "workflowType": { "name": "EpochWorkflow", "new": 1 }, "new": {},
            "workflowTaskTimeout": "5s",
            "versioningOverride": { "behavior": "VERSIONING_BEHAVIOR_PINNED", "autoUpgrade": true },
        },
    }] });
    let history = read(text.to_string().as_bytes()).unwrap();
    let Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) =
        &history.events[0].attributes
    else {
        panic!("{history:?}")
    };
    assert_eq!(
        started.workflow_type.as_ref().unwrap().name,
        "EpochWorkflow"
    );
    assert_eq!(started.workflow_task_timeout.unwrap().seconds, 5);
    let pinned = started.versioning_override.as_ref().unwrap();
    assert!(pinned.r#override.is_some());
    #[expect(deprecated, reason = "a number that is written by name")]
    let behavior = pinned.behavior;
    assert_eq!(behavior, VersioningBehavior::Pinned as i32);
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let told = |value: Value| read(value.to_string().as_bytes()).unwrap_err();
    assert!(read(b"{").unwrap_err().starts_with("EOF while parsing"));
    for none in [json!([]), json!({}), json!({ "events": 1 })] {
        assert_eq!(told(none), "it has no list of events");
    }
    assert_eq!(
        told(json!({ "events": [{ "eventType": "EVENT_TYPE_OF_LATER" }] })),
        "events[0].event_type: 'EVENT_TYPE_OF_LATER' is unknown here"
    );
    assert_eq!(
        told(json!({ "events": [{}, { "eventLaterAttributes": {} }] })),
        "events[1].attributes: its Attributes are unknown here"
    );
    let wrong = told(json!({ "events": [{ "eventId": [] }] }));
    assert!(
        wrong.starts_with("events[0].event_id: invalid type"),
        "{wrong}"
    );
}
