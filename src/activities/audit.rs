//! Writing and reading the audit trail from activities.

use std::sync::Arc;

use serde_json::Value;
use temporalio_common::data_converters::RawValue;
use temporalio_sdk::ApplicationFailure;
use temporalio_sdk::activities::{ActivityContext, ActivityError};

use super::{Activities, arguments};
use crate::contract::audit::{AuditEvent, AuditFilter, TransitionToRecord};
use crate::contract::fingerprint;
use crate::failpoint;
use crate::protocol::effect::EventType;
use crate::protocol::{PhaseId, RoleId};
use crate::telemetry::ids;
use crate::telemetry::metrics::{self, names};

/// The failure type of an event that this daemon has no trail for.
const NO_TRAIL: &str = "NoAuditTrail";

impl Activities {
    /// Appends events; the trail blocks, so it has a thread of its own meanwhile.
    pub(super) async fn record(&self, events: Vec<AuditEvent>) -> Result<(), ActivityError> {
        if let Some(event) = events.first() {
            ids::record(ids::EPOCH, &event.epoch_id);
        }
        let trail = Arc::clone(&self.trail);
        let span = tracing::Span::current();
        let record = move || span.in_scope(|| trail.record(&events));
        let recorded = tokio::task::spawn_blocking(record).await;
        match recorded {
            Ok(Ok(recorded)) => {
                let new = u32::try_from(recorded.written).unwrap_or(u32::MAX);
                metrics::counter(&names::AUDIT_WRITTEN, &[]).add(new.into());
                failpoint::hit("audit_written");
                Ok(())
            }
            Ok(Err(error)) => {
                metrics::counter(&names::AUDIT_FAILURES, &[]).increment();
                tracing::warn!(%error, "the audit trail could not be written; it will be tried again");
                Err(ApplicationFailure::new(error).into())
            }
            Err(error) => Err(ApplicationFailure::new(error).into()),
        }
    }

    /// Whether the trail has a place for events that no epoch of ours has made.
    pub(super) fn take_in(&self) -> Result<(), ActivityError> {
        if !self.trail.is_of_epochs() {
            return Ok(());
        }
        let what = "the audit trail is kept by the epochs themselves (audit_trail = temporal), so \
                    there is no place for events of others; run aurad with a sqlite trail";
        Err(ApplicationFailure::builder(what.to_owned())
            .type_name(NO_TRAIL.to_owned())
            .non_retryable(true)
            .build()
            .into())
    }

    /// Reads events.
    pub(super) async fn find(&self, filter: AuditFilter) -> Result<Vec<AuditEvent>, ActivityError> {
        if let Some(epoch_id) = &filter.epoch_id {
            ids::record(ids::EPOCH, epoch_id);
        }
        let trail = Arc::clone(&self.trail);
        let span = tracing::Span::current();
        let query = move || span.in_scope(|| trail.query(&filter));
        match tokio::task::spawn_blocking(query).await {
            Ok(Ok(events)) => Ok(events),
            Ok(Err(error)) => Err(ApplicationFailure::new(error).into()),
            Err(error) => Err(ApplicationFailure::new(error).into()),
        }
    }
}

/// The filter that `query_audit_events` was given.
pub(super) fn filter(raw: &RawValue) -> Result<AuditFilter, ActivityError> {
    Ok(AuditFilter {
        epoch_id: Some(arguments::required(raw, 0, "epoch_id")?),
        phase: arguments::optional(raw, 1, "phase")?,
        role: arguments::optional(raw, 2, "role")?,
    })
}

/// An event with an id: where the caller gave none, one that is the same on every
/// attempt at the same activity.
pub(super) fn identified(ctx: &ActivityContext, mut event: AuditEvent) -> AuditEvent {
    let info = ctx.info();
    event.workflow_id = event.workflow_id.or_else(|| info.workflow_id.clone());
    event.run_id = event.run_id.or_else(|| info.workflow_run_id.clone());
    if event.event_id.is_none()
        && let Some(run_id) = &info.workflow_run_id
    {
        let content = fingerprint::of_signal(&info.activity_type, &event);
        event.event_id = Some(format!("{run_id}:{}:{content}", info.activity_id));
    }
    event
}

/// The event of a transition that another client wants recorded.
pub(super) fn of_transition(
    ctx: &ActivityContext,
    transition: TransitionToRecord,
) -> Result<AuditEvent, ActivityError> {
    let TransitionToRecord { record, epoch_id } = transition;
    let epoch_id = epoch_id
        .or_else(|| ctx.info().workflow_id.clone())
        .ok_or_else(|| arguments::bad("epoch_id is missing, and no workflow called".to_owned()))?;
    let phase = if record.success {
        record.to_phase
    } else {
        record.from_phase
    };
    let event_type = if record.success {
        EventType::PhaseTransition
    } else {
        EventType::AdvanceRefused
    };
    let Ok(Value::Object(payload)) = serde_json::to_value(&record) else {
        return Err(arguments::bad("the record is no object".to_owned()));
    };
    let event = AuditEvent {
        epoch_id,
        event_type,
        phase,
        role: acts(phase),
        payload,
        event_id: None,
        occurred_at: Some(record.timestamp),
        actor: Some(record.triggered_by).filter(|actor| !actor.is_empty()),
        workflow_id: None,
        run_id: None,
    };
    Ok(identified(ctx, event))
}

/// Who acts in a phase; `complete` keeps the last.
fn acts(phase: PhaseId) -> RoleId {
    phase.spec().map_or(RoleId::Supervisor, |spec| spec.acts)
}
