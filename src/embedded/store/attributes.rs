//! Search attributes as lists compare them: a payload becomes values, each of which has a
//! column for its type. A payload that isn't what it says has none: the run is then not
//! found by it, and its own record of the attribute is not touched.

use temporalio_common::protos::temporal::api::common::v1::Payload;

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A text or keyword.
    Text(String),
    /// An integer, a truth value (0 or 1), or a time in nanoseconds since 1970.
    Whole(i64),
    /// A double.
    Real(f64),
}

/// All values of a payload: one, or those of its list, or none.
pub(super) fn values(name: &str, payload: &Payload) -> Vec<Value> {
    if payload.data.is_empty() {
        return Vec::new();
    }
    let kind = payload.metadata.get("type").map(Vec::as_slice);
    let decoded = serde_json::from_slice(&payload.data)
        .ok()
        .and_then(|json| match json {
            serde_json::Value::Null => Some(Vec::new()),
            serde_json::Value::Array(list) => list.iter().map(|json| value(kind, json)).collect(),
            json => value(kind, &json).map(|value| vec![value]),
        });
    decoded.unwrap_or_else(|| {
        let kind = String::from_utf8_lossy(kind.unwrap_or_default());
        tracing::warn!(
            name, %kind,
            "a search attribute's value is not of its type; lists do not find its run by it"
        );
        Vec::new()
    })
}

fn value(kind: Option<&[u8]>, json: &serde_json::Value) -> Option<Value> {
    match kind {
        Some(b"Text" | b"Keyword" | b"KeywordList") => json.as_str().map(text),
        Some(b"Int") => json.as_i64().map(Value::Whole),
        Some(b"Double") => json.as_f64().map(Value::Real),
        Some(b"Bool") => json.as_bool().map(truth),
        Some(b"Datetime") => json.as_str().and_then(time),
        _ => infer(json),
    }
}

/// What JSON says by itself, for types that this version doesn't know.
fn infer(json: &serde_json::Value) -> Option<Value> {
    json.as_str()
        .map(text)
        .or_else(|| json.as_bool().map(truth))
        .or_else(|| json.as_i64().map(Value::Whole))
        .or_else(|| json.as_f64().map(Value::Real))
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn truth(truth: bool) -> Value {
    Value::Whole(i64::from(truth))
}

fn time(text: &str) -> Option<Value> {
    let time: jiff::Timestamp = text.parse().ok()?;
    i64::try_from(time.as_nanosecond()).ok().map(Value::Whole)
}
