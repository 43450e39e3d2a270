//! The effects that touch the world: writing the audit trail, running a slice's command,
//! asking the server. They can be called by any client under the contract's names, so
//! what they are given is read leniently, and may come more than once.

#![expect(
    missing_docs,
    clippy::unused_async,
    reason = "the SDK's macros make markers that cannot be documented, and want async functions"
)]

mod arguments;
mod attempt;
mod audit;
mod epochs;
mod host;
mod review;
mod server;
mod slice;

use std::sync::Arc;

use temporalio_client::Client;
use temporalio_common::data_converters::RawValue;
use temporalio_macros::activities;
use temporalio_sdk::activities::{ActivityContext, ActivityError};

use crate::audit::AuditTrail;
use crate::contract::audit::AuditEvent;
use crate::contract::child::ChildStatus;
use crate::contract::command::{
    PlaceOrder, Placement, Reminder, ReviewAnswer, ReviewOrder, ReviewSettings,
};
use crate::contract::query::{ConstraintViolation, EpochState};
use crate::contract::slice::SliceResult;
use crate::failpoint;
use crate::protocol::PhaseId;
use crate::protocol::constraint::check_transition;
use crate::telemetry::ids;

pub use attempt::Attempts;
pub use epochs::EpochsOf;
pub use host::{CommandHost, Jobs};
pub(crate) use server::{describe_run, missing_attributes};

/// The activities, and what they work with.
#[derive(Clone)]
pub struct Activities {
    trail: Arc<dyn AuditTrail>,
    client: Client,
    host: Arc<CommandHost>,
}

#[activities]
impl Activities {
    /// The constraints that moving a state on would violate.
    #[activity(name = "check_constraints")]
    pub async fn check_constraints(
        _ctx: ActivityContext,
        raw: RawValue,
    ) -> Result<Vec<ConstraintViolation>, ActivityError> {
        let state: EpochState = arguments::required(&raw, 0, "state")?;
        let to: PhaseId = arguments::required(&raw, 1, "to_phase")?;
        let from = state.current_phase;
        Ok(check_transition(&state.into(), from, to)
            .iter()
            .map(Into::into)
            .collect())
    }

    /// Appends a transition to the audit trail.
    #[activity(name = "record_transition")]
    pub async fn record_transition(
        self: Arc<Self>,
        ctx: ActivityContext,
        raw: RawValue,
    ) -> Result<(), ActivityError> {
        let event = audit::of_transition(&ctx, arguments::one(&raw)?)?;
        self.take_in()?;
        self.record(vec![event]).await
    }

    /// Appends an event to the audit trail.
    #[activity(name = "record_audit_event")]
    pub async fn record_audit_event(
        self: Arc<Self>,
        ctx: ActivityContext,
        raw: RawValue,
    ) -> Result<(), ActivityError> {
        let event = audit::identified(&ctx, arguments::one(&raw)?);
        self.take_in()?;
        self.record(vec![event]).await
    }

    /// Appends events to the audit trail, all or none.
    #[activity(name = "record_audit_events")]
    pub async fn record_audit_events(
        self: Arc<Self>,
        _ctx: ActivityContext,
        events: Vec<AuditEvent>,
    ) -> Result<(), ActivityError> {
        self.record(events).await
    }

    /// Events of an epoch out of the audit trail, by phase and role if these are given.
    #[activity(name = "query_audit_events")]
    pub async fn query_audit_events(
        self: Arc<Self>,
        _ctx: ActivityContext,
        raw: RawValue,
    ) -> Result<Vec<AuditEvent>, ActivityError> {
        self.find(audit::filter(&raw)?).await
    }

    /// Finds a host for a slice's command: this one, which is asked because it is there.
    #[activity(name = "place_slice_command")]
    pub async fn place_slice_command(
        self: Arc<Self>,
        ctx: ActivityContext,
        order: PlaceOrder,
    ) -> Result<Placement, ActivityError> {
        ids::record(ids::EPOCH, &order.epoch_id);
        ids::record(ids::SLICE, &order.slice_id);
        Ok(slice::place(&self.host, caller(&ctx).0, order))
    }

    /// Carries a slice's command out.
    #[activity(name = "execute_slice_command")]
    pub async fn execute_slice_command(
        self: Arc<Self>,
        ctx: ActivityContext,
        raw: RawValue,
    ) -> Result<SliceResult, ActivityError> {
        failpoint::hit("slice_command");
        let order = slice::Order::read(&raw)?;
        slice::execute(&self.host, &ctx, order).await
    }

    /// What the operator has set for reviews.
    #[activity(name = "review_settings")]
    pub async fn review_settings(
        self: Arc<Self>,
        _ctx: ActivityContext,
    ) -> Result<ReviewSettings, ActivityError> {
        Ok(review::settings(&self.host))
    }

    /// Has a reviewer's command judge an axis.
    #[activity(name = "execute_review_command")]
    pub async fn execute_review_command(
        self: Arc<Self>,
        ctx: ActivityContext,
        order: ReviewOrder,
    ) -> Result<ReviewAnswer, ActivityError> {
        ids::record(ids::EPOCH, &order.epoch_id);
        review::execute(&self.host, &ctx, order).await
    }

    /// Says on the log which votes a round still waits for.
    #[activity(name = "remind_reviewers")]
    pub async fn remind_reviewers(
        self: Arc<Self>,
        _ctx: ActivityContext,
        reminder: Reminder,
    ) -> Result<(), ActivityError> {
        ids::record(ids::EPOCH, &reminder.epoch_id);
        server::remind(&self.client, reminder).await
    }

    /// Whether the namespace knows aura's search attributes.
    #[activity(name = "probe_search_attributes")]
    pub async fn probe_search_attributes(
        self: Arc<Self>,
        _ctx: ActivityContext,
    ) -> Result<bool, ActivityError> {
        Ok(missing_attributes(&self.client).await?.is_empty())
    }

    /// Which of these workflows are still open.
    #[activity(name = "describe_children")]
    pub async fn describe_children(
        self: Arc<Self>,
        _ctx: ActivityContext,
        ids: Vec<String>,
    ) -> Result<Vec<ChildStatus>, ActivityError> {
        server::describe(&self.client, ids).await
    }
}

impl Activities {
    /// Activities over an audit trail and a connection.
    pub fn new(trail: Arc<dyn AuditTrail>, client: Client, host: CommandHost) -> Self {
        let host = Arc::new(host);
        Self {
            trail,
            client,
            host,
        }
    }

    /// The host that runs commands.
    pub fn host(&self) -> &Arc<CommandHost> {
        &self.host
    }
}

/// The workflow that asks, and its run; empty for an activity that was started by itself.
fn caller(ctx: &ActivityContext) -> (&str, &str) {
    let info = ctx.info();
    (
        info.workflow_id.as_deref().unwrap_or_default(),
        info.workflow_run_id.as_deref().unwrap_or_default(),
    )
}
