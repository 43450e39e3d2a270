//! Histories as lines that are the same in every run: what a run makes up (ids, times) is
//! masked or renamed in the order of its first appearance, so that two places that must
//! agree still must. Everything else stays, apart from the table of exceptions below.
//! Fields that have their default value are left out, as protobuf has them.

use std::any::Any;
use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;
use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;

mod names;
mod tests;

/// Fields that are not compared: in which events, which fields, and why that is right.
const EXCEPTIONS: [(&str, &str, &str); 10] = [
    ("", "event_time", "wall clock"),
    ("", "workflow_execution_expiration_time", "wall clock"),
    (
        "MarkerRecorded",
        "complete_time",
        "wall clock, as the worker notes it",
    ),
    (
        "MarkerRecorded",
        "original_schedule_time",
        "wall clock, as the worker notes it",
    ),
    (
        "",
        "prev_auto_reset_points",
        "bookkeeping for a reset by build id, with wall clock",
    ),
    ("", "task_id", "a storage key of the server"),
    ("", "version", "of the cluster that wrote it; there is one"),
    (
        "",
        "history_size_bytes",
        "the length of a server's own encoding",
    ),
    (
        "WorkflowTaskStarted",
        "request_id",
        "tells a task that was polled for from one that came with the answer to the last",
    ),
    (
        "WorkflowTaskCompleted",
        "sdk_metadata",
        "the worker's flags, in an order of its own",
    ),
];

/// Renames and masks, for the records of one scenario.
pub struct Normaliser {
    /// What names of this scenario begin with.
    prefix: String,
    /// Other texts to rename.
    known: Vec<(String, &'static str)>,
    uuids: Vec<String>,
}

impl Normaliser {
    /// For names that begin with `prefix`; `known` texts have a name for all targets.
    pub fn new(prefix: &str, known: Vec<(String, &'static str)>) -> Self {
        Self {
            prefix: prefix.to_owned(),
            known,
            uuids: Vec::new(),
        }
    }

    /// An event in a line. Loose: as one of many that happened at once, without its id and
    /// without those of others; none for events of workflow tasks.
    pub fn event(&mut self, event: &HistoryEvent, loose: bool) -> Option<String> {
        let mut value = serde_json::to_value(event).expect("an event is JSON");
        let kind = kind(&value);
        if loose && kind.starts_with("WorkflowTask") {
            return None;
        }
        // The attributes are the only field that is an enumeration with a name of its own.
        let attributes = value["attributes"].take();
        let attributes = attributes.as_object().and_then(|map| map.values().next());
        let mut fields = BTreeMap::new();
        self.fields(&kind, &value, loose, &mut fields);
        if let Some(attributes) = attributes {
            self.fields(&kind, attributes, loose, &mut fields);
        }
        let fields = serde_json::to_string(&fields).expect("fields are JSON");
        let id = event.event_id;
        Some(if loose {
            format!("{kind} {fields}")
        } else {
            format!("{id:>3} {kind} {fields}")
        })
    }

    fn fields(
        &mut self,
        kind: &str,
        value: &Value,
        loose: bool,
        fields: &mut BTreeMap<String, Value>,
    ) {
        for (key, value) in value.as_object().into_iter().flatten() {
            let skipped = matches!(key.as_str(), "event_id" | "event_type")
                || loose && key.ends_with("event_id");
            if skipped || is_exception(kind, key) {
                continue;
            }
            let value = self.value(kind, key, value);
            if !is_default(&value) {
                fields.insert(key.clone(), value);
            }
        }
    }

    fn value(&mut self, kind: &str, key: &str, value: &Value) -> Value {
        match value {
            Value::String(text) if key == "identity" && is_process(text) => "a process".into(),
            Value::String(text) => self.text(text).into(),
            Value::Number(number) => number
                .as_i64()
                .and_then(|number| names::of(kind, key, number))
                .map_or_else(|| value.clone(), Value::from),
            Value::Array(items) => items
                .iter()
                .map(|item| self.value(kind, key, item))
                .collect(),
            Value::Object(map) => match payload(value) {
                Some(content) => self.value(kind, key, &content),
                None => map
                    .iter()
                    .filter(|(key, _)| !is_exception(kind, key))
                    .map(|(key, item)| (key.clone(), self.value(kind, key, item)))
                    .filter(|(_, item)| !is_default(item))
                    .collect::<BTreeMap<_, _>>()
                    .into_iter()
                    .collect(),
            },
            Value::Null | Value::Bool(_) => value.clone(),
        }
    }

    /// Any text, with what a run made up renamed.
    pub fn text(&mut self, text: &str) -> String {
        let mut text = text.replace(&self.prefix, "");
        for (known, name) in &self.known {
            text = text.replace(known, name);
        }
        let mut from = 0;
        while let Some(found) = find_uuid(&text, from) {
            let uuid = text[found.clone()].replace('-', "");
            let known = self.uuids.iter().position(|known| *known == uuid);
            let number = known.unwrap_or_else(|| {
                self.uuids.push(uuid);
                self.uuids.len() - 1
            });
            let name = format!("<{}>", number + 1);
            from = found.start + name.len();
            text.replace_range(found, &name);
        }
        text
    }
}

/// The identity that a program gives itself which is not told another: its process id, and
/// where it runs.
fn is_process(identity: &str) -> bool {
    let number = identity.split('@').next().unwrap_or_default();
    identity.contains('@') && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a panic said.
pub fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    text.unwrap_or_else(|| "it panicked without a word".to_owned())
}

fn kind(event: &Value) -> String {
    let attributes = event["attributes"].as_object();
    let name = attributes.and_then(|map| map.keys().next());
    name.map_or_else(
        || "no attributes".to_owned(),
        |name| name.trim_end_matches("EventAttributes").to_owned(),
    )
}

/// A payload's content, where JSON is one: its data, and its metadata but the encoding.
fn payload(value: &Value) -> Option<Value> {
    let fields = value.as_object()?;
    if !fields.contains_key("metadata") || fields.len() > 3 {
        return None;
    }
    let payload: Payload = serde_json::from_value(value.clone()).ok()?;
    let mut metadata: BTreeMap<&str, String> = payload
        .metadata
        .iter()
        .map(|(key, value)| (key.as_str(), String::from_utf8_lossy(value).into_owned()))
        .collect();
    let encoding = metadata.remove("encoding").unwrap_or_default();
    let data = match serde_json::from_slice(&payload.data) {
        Ok(data) if encoding == "json/plain" => data,
        _ if payload.data.is_empty() => Value::from(encoding),
        _ => Value::from(format!(
            "{encoding} {}",
            String::from_utf8_lossy(&payload.data)
        )),
    };
    if metadata.is_empty() {
        return Some(data);
    }
    Some(Value::from(format!("{data} {metadata:?}")))
}

fn is_exception(kind: &str, key: &str) -> bool {
    EXCEPTIONS
        .iter()
        .any(|(of, field, _)| key == *field && (of.is_empty() || *of == kind))
}

/// How a duration of nothing is written.
const NO_TIME: &str = "0.000000000s";

fn is_default(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty() || text == NO_TIME,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(true) => false,
    }
}

/// Where the next UUID is, with its dashes or without.
fn find_uuid(text: &str, from: usize) -> Option<Range<usize>> {
    const DIGITS: [usize; 5] = [8, 4, 4, 4, 12];

    let bytes = text.as_bytes();
    let hex = |range: Range<usize>| {
        bytes
            .get(range)
            .is_some_and(|part| part.iter().all(u8::is_ascii_hexdigit))
    };
    let with_dashes = |at: usize| {
        let mut next = at;
        for (part, digits) in DIGITS.into_iter().enumerate() {
            if part > 0 {
                (bytes.get(next) == Some(&b'-')).then_some(())?;
                next += 1;
            }
            hex(next..next + digits).then_some(())?;
            next += digits;
        }
        Some(at..next)
    };
    let without = |at: usize| {
        let whole = at..at + DIGITS.iter().sum::<usize>();
        let longer = hex(whole.end..whole.end + 1);
        (hex(whole.clone()) && !longer).then_some(whole)
    };
    let begins = |at: &usize| *at == 0 || !hex(at - 1..*at);
    (from..bytes.len())
        .filter(begins)
        .find_map(|at| with_dashes(at).or_else(|| without(at)))
}
