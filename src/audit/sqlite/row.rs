//! Between events and the rows of the file. It leaves out where rows are read and
//! written.

use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::types::ValueRef;
use serde_json::{Map, Value};

use crate::audit::chain::{Content, Row};
use crate::contract::audit::AuditEvent;
use crate::contract::time::WireTime;
use crate::protocol::{Timestamp, Word};

macro_rules! columns {
    () => {
        "event_id, epoch_id, phase, role, event_type, payload, timestamp, occurred_at, actor, \
         workflow_id, run_id, prev_hash, hash"
    };
}

/// Puts a row in: a content's values, the hash before it, its own.
pub(super) const INSERT: &str = concat!(
    "INSERT INTO audit_events (",
    columns!(),
    ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
);

/// What `read` reads.
pub(super) const SELECT: &str = concat!("SELECT ", columns!(), ", id FROM audit_events");

/// The same from a file that the earlier implementation made.
pub(super) const SELECT_EARLIER: &str = "SELECT NULL, epoch_id, phase, role, event_type, \
     payload, timestamp, NULL, NULL, NULL, NULL, NULL, NULL, id FROM audit_events";

/// The same of the event with an id.
pub(super) const BY_EVENT_ID: &str = concat!(
    "SELECT ",
    columns!(),
    ", id FROM audit_events WHERE event_id = ?1"
);

/// The hash that the next row follows.
pub(super) const LAST_HASH: &str =
    "SELECT hash FROM audit_events WHERE hash IS NOT NULL ORDER BY id DESC LIMIT 1";

/// The present moment.
pub(super) fn now() -> WireTime {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    WireTime(Timestamp::from_micros(
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
    ))
}

/// What the rows of these events say.
pub(super) fn contents(events: &[AuditEvent]) -> Vec<Content> {
    let now = now();
    events.iter().map(|event| content(event, now)).collect()
}

fn content(event: &AuditEvent, now: WireTime) -> Content {
    let event = event.clone();
    Content {
        event_id: event.event_id,
        epoch_id: event.epoch_id,
        phase: event.phase.word().to_owned(),
        role: event.role.word().to_owned(),
        event_type: event.event_type.word().to_owned(),
        payload: Value::Object(event.payload).to_string(),
        timestamp: event.occurred_at.unwrap_or(now).to_string(),
        occurred_at: event.occurred_at.map(|at| at.to_string()),
        actor: event.actor,
        workflow_id: event.workflow_id,
        run_id: event.run_id,
    }
}

/// Whether two rows are of the same event. When it happened and when it was written is no
/// part of it, and neither is how a payload is spelled.
pub(super) fn is_same(there: &Content, new: &Content) -> bool {
    let rest = |content: &Content| Content {
        timestamp: String::new(),
        occurred_at: None,
        payload: String::new(),
        ..content.clone()
    };
    let same_payload = there.payload == new.payload
        || object(&there.payload).is_ok_and(|there| object(&new.payload) == Ok(there));
    same_payload && rest(there) == rest(new)
}

/// Reads a row. A column of an odd type, which none of ours has, is read as text all the
/// same: a row that somebody spoiled must not hide the others.
pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    let text = |at: usize| row.get_ref(at).map(text);
    let must = |at: usize| text(at).map(Option::unwrap_or_default);
    Ok(Row {
        content: Content {
            event_id: text(0)?,
            epoch_id: must(1)?,
            phase: must(2)?,
            role: must(3)?,
            event_type: must(4)?,
            payload: must(5)?,
            timestamp: must(6)?,
            occurred_at: text(7)?,
            actor: text(8)?,
            workflow_id: text(9)?,
            run_id: text(10)?,
        },
        prev_hash: text(11)?,
        hash: text(12)?,
        id: row.get(13)?,
    })
}

/// A column as text, whatever its type.
pub(super) fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

/// The event of a row, or why there is none.
pub(super) fn event(content: Content) -> Result<AuditEvent, String> {
    Ok(AuditEvent {
        event_type: word(&content.event_type)?,
        phase: word(&content.phase)?,
        role: word(&content.role)?,
        payload: object(&content.payload)?,
        occurred_at: content
            .occurred_at
            .map(|at| WireTime::parse(&at).map_err(|error| error.to_string()))
            .transpose()?,
        epoch_id: content.epoch_id,
        event_id: content.event_id,
        actor: content.actor,
        workflow_id: content.workflow_id,
        run_id: content.run_id,
    })
}

fn word<W: Word>(text: &str) -> Result<W, String> {
    W::from_word(text).map_err(|error| error.to_string())
}

fn object(payload: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(payload)
        .map_err(|error| format!("the payload is not a JSON object: {error}"))
}
