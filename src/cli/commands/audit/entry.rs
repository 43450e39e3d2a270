//! One event of a trail as the commands show it, be it a row of a file or what an epoch
//! tells. A row is shown as it is, also where this version does not know its words.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::audit::Row;
use crate::contract::audit::AuditEvent;
use crate::contract::time::WireTime;
use crate::protocol::Word;

/// The columns of a table of entries, in the order of `cells`.
pub(super) const COLUMNS: [&str; 14] = [
    "row",
    "timestamp",
    "epoch_id",
    "event_type",
    "phase",
    "role",
    "actor",
    "payload",
    "event_id",
    "occurred_at",
    "workflow_id",
    "run_id",
    "prev_hash",
    "hash",
];

/// One event.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "AuditEntry")]
pub(in crate::cli::commands) struct Entry {
    /// The number of its row; none where the epoch told it.
    pub(super) row: Option<i64>,
    /// When it happened, or was written where that is not known.
    pub(super) timestamp: String,
    pub(super) epoch_id: String,
    pub(super) event_type: String,
    pub(super) phase: String,
    pub(super) role: String,
    pub(super) actor: Option<String>,
    /// An object; a text where the row holds none.
    pub(super) payload: Value,
    pub(super) event_id: Option<String>,
    pub(super) occurred_at: Option<String>,
    pub(super) workflow_id: Option<String>,
    pub(super) run_id: Option<String>,
    pub(super) prev_hash: Option<String>,
    /// Absent where the earlier implementation wrote the row, or the epoch told the event.
    pub(super) hash: Option<String>,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        let Row {
            id,
            content,
            prev_hash,
            hash,
        } = row;
        let payload = serde_json::from_str::<Value>(&content.payload);
        let payload = payload.ok().filter(Value::is_object);
        Self {
            row: Some(id),
            payload: payload.unwrap_or_else(|| content.payload.clone().into()),
            timestamp: content.timestamp,
            epoch_id: content.epoch_id,
            event_type: content.event_type,
            phase: content.phase,
            role: content.role,
            actor: content.actor,
            event_id: content.event_id,
            occurred_at: content.occurred_at,
            workflow_id: content.workflow_id,
            run_id: content.run_id,
            prev_hash,
            hash,
        }
    }
}

impl From<AuditEvent> for Entry {
    fn from(event: AuditEvent) -> Self {
        let at = event.occurred_at.map(|at| at.to_string());
        Self {
            row: None,
            timestamp: at.clone().unwrap_or_default(),
            epoch_id: event.epoch_id,
            event_type: event.event_type.word().to_owned(),
            phase: event.phase.word().to_owned(),
            role: event.role.word().to_owned(),
            actor: event.actor,
            payload: Value::Object(event.payload),
            event_id: event.event_id,
            occurred_at: at,
            workflow_id: event.workflow_id,
            run_id: event.run_id,
            prev_hash: None,
            hash: None,
        }
    }
}

impl Entry {
    /// When it happened, if its time can be read.
    pub(super) fn at(&self) -> Option<WireTime> {
        WireTime::parse(&self.timestamp).ok()
    }

    /// Its values, in the order of `COLUMNS`; what is absent is empty.
    pub(super) fn cells(&self) -> [String; COLUMNS.len()] {
        let told = |text: &Option<String>| text.clone().unwrap_or_default();
        [
            self.row.map(|row| row.to_string()).unwrap_or_default(),
            self.timestamp.clone(),
            self.epoch_id.clone(),
            self.event_type.clone(),
            self.phase.clone(),
            self.role.clone(),
            told(&self.actor),
            plain(&self.payload),
            told(&self.event_id),
            told(&self.occurred_at),
            told(&self.workflow_id),
            told(&self.run_id),
            told(&self.prev_hash),
            told(&self.hash),
        ]
    }

    /// The payload in a few words.
    pub(super) fn details(&self) -> String {
        let Value::Object(fields) = &self.payload else {
            return plain(&self.payload);
        };
        let told = fields.iter().filter(|(_, value)| !value.is_null());
        let words: Vec<String> = told
            .map(|(name, value)| format!("{name}={}", plain(value)))
            .collect();
        words.join(" ")
    }
}

/// A text without quotes, anything else as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
