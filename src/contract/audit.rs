//! Audit events as activities receive them and trails keep them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::query::TransitionRecord;
use super::time::WireTime;
use crate::protocol::effect::{AuditEntry, EventType, Field};
use crate::protocol::{PhaseId, RoleId};

/// One event of the audit trail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// The epoch it belongs to.
    pub epoch_id: String,
    /// What kind it is.
    pub event_type: EventType,
    /// The phase afterwards.
    pub phase: PhaseId,
    /// The role that acts afterwards.
    pub role: RoleId,
    /// The details.
    pub payload: Map<String, Value>,
    /// What makes writing it again harmless: `{run id}:{ordinal in the epoch}`.
    #[serde(default)]
    pub event_id: Option<String>,
    /// When it happened.
    #[serde(default)]
    pub occurred_at: Option<WireTime>,
    /// Who caused it.
    #[serde(default)]
    pub actor: Option<String>,
    /// The workflow it happened in.
    #[serde(default)]
    pub workflow_id: Option<String>,
    /// The run it happened in.
    #[serde(default)]
    pub run_id: Option<String>,
}

impl AuditEvent {
    /// The event of an entry that the rules made in this run of an epoch.
    pub fn of_entry(epoch_id: &str, workflow_id: &str, run_id: &str, entry: AuditEntry) -> Self {
        let AuditEntry {
            ordinal,
            at,
            event_type,
            phase,
            role,
            actor,
            payload,
        } = entry;
        Self {
            epoch_id: epoch_id.to_owned(),
            event_type,
            phase,
            role,
            payload: payload
                .0
                .into_iter()
                .map(|(name, field)| (name.to_owned(), value(field)))
                .collect(),
            event_id: Some(format!("{run_id}:{ordinal}")),
            occurred_at: Some(at.into()),
            actor,
            workflow_id: Some(workflow_id.to_owned()),
            run_id: Some(run_id.to_owned()),
        }
    }
}

fn value(field: Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(value) => value.into(),
        Field::Number(value) => value.into(),
        Field::Text(value) => value.into(),
        Field::List(values) => values.into(),
    }
}

/// What an epoch is asked with `audit_events`; without it, from the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRequest {
    /// How many of the run's events to leave out.
    #[serde(default)]
    pub from: u64,
}

/// A part of the events that one run of an epoch has made, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The run.
    pub run_id: String,
    /// The run that it goes on from, which has the events before.
    #[serde(default)]
    pub previous_run_id: Option<String>,
    /// The events.
    pub events: Vec<AuditEvent>,
    /// From where to ask for more; absent when this was all.
    #[serde(default)]
    pub next: Option<u64>,
    /// Ids of the events that wait to be written, those of earlier runs too; with the last
    /// part only.
    #[serde(default)]
    pub unwritten: Vec<String>,
}

/// What `record_transition` takes: a record, and where it happened if the caller knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransitionToRecord {
    /// The record.
    #[serde(flatten)]
    pub record: TransitionRecord,
    /// The epoch; absent, the calling workflow is it.
    #[serde(default)]
    pub epoch_id: Option<String>,
}

/// Which events a reader wants; absent is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of this epoch.
    pub epoch_id: Option<String>,
    /// In this phase.
    pub phase: Option<PhaseId>,
    /// Of this role.
    pub role: Option<RoleId>,
}

impl AuditFilter {
    /// Whether an event is wanted.
    pub fn matches(&self, event: &AuditEvent) -> bool {
        let Self {
            epoch_id,
            phase,
            role,
        } = self;
        epoch_id
            .as_ref()
            .is_none_or(|epoch_id| *epoch_id == event.epoch_id)
            && phase.is_none_or(|phase| phase == event.phase)
            && role.is_none_or(|role| role == event.role)
    }
}
