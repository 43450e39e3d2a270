//! Listing epochs by what they show of themselves: their search attributes. The server
//! keeps those apart from the epochs, so a list lags a little behind.

use std::collections::HashMap;

use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus;
use temporalio_common::protos::temporal::api::workflow::v1::WorkflowExecutionInfo;
use temporalio_common::protos::temporal::api::workflowservice::v1::ListWorkflowExecutionsRequest;

use super::call::{Client, words as status_words};
use super::error::Error;
use super::status::{Meaning, meaning};
use crate::contract::names::{self, search_attribute as attribute};
use crate::contract::time::WireTime;
use crate::protocol::words::words;
use crate::protocol::{PhaseId, RoleId, Timestamp, Word};

/// How many are asked for at once; servers give no more.
const PAGE: usize = 1_000;

words! {
    /// How an epoch stands, as lists tell it.
    Standing as "status" {
        /// It is open.
        Running = "running",
        /// It has passed the last phase.
        Complete = "complete",
        /// It was cancelled.
        Cancelled = "cancelled",
        /// It was ended by the server's order.
        Terminated = "terminated",
        /// Its workflow failed.
        Failed = "failed",
    }
}

/// Which epochs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// In this phase.
    pub phase: Option<PhaseId>,
    /// Where this role acts next.
    pub role: Option<RoleId>,
    /// That stand so.
    pub standing: Option<Standing>,
    /// Closed ones too; `standing` decides by itself.
    pub closed_too: bool,
}

/// A run of an epoch, as the server lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its workflow id.
    pub epoch_id: String,
    /// The run.
    pub run_id: String,
    /// How it stands: its own word while it is open, then the server's.
    pub status: String,
    /// Its phase; none where the server has no such attribute.
    pub phase: Option<String>,
    /// The role that acts next.
    pub role: Option<String>,
    /// Whose concern the phase is; empty at the end.
    pub domain: Option<String>,
    /// The kind of its last event.
    pub last_event_type: Option<String>,
    /// When this run began; an epoch with a long history goes on in further runs.
    pub started_at: Option<WireTime>,
    /// When it closed.
    pub closed_at: Option<WireTime>,
}

impl Standing {
    fn condition(self) -> String {
        let execution = |status: &str| format!("ExecutionStatus = '{status}'");
        let shown = |status: &str| format!("{} = '{status}'", attribute::STATUS);
        match self {
            // One that was terminated went on showing that it runs.
            Self::Running => execution("Running"),
            Self::Complete => shown("complete"),
            Self::Cancelled => shown("cancelled"),
            Self::Terminated => execution("Terminated"),
            Self::Failed => execution("Failed"),
        }
    }
}

impl Wanted {
    /// The query that lists them. No text of a caller's is in it.
    fn query(&self) -> String {
        let mut conditions = vec![format!("WorkflowType = '{}'", names::EPOCH_WORKFLOW)];
        conditions.push(match self.standing {
            Some(standing) => standing.condition(),
            None if self.closed_too => "ExecutionStatus != 'ContinuedAsNew'".to_owned(),
            None => Standing::Running.condition(),
        });
        if let Some(phase) = self.phase {
            conditions.push(format!("{} = '{}'", attribute::PHASE, phase.word()));
        }
        if let Some(role) = self.role {
            conditions.push(format!("{} = '{}'", attribute::ROLE, role.word()));
        }
        conditions.join(" AND ")
    }
}

impl Client {
    /// At most `limit` epochs, the latest first, and whether there are more.
    pub async fn list(&self, wanted: &Wanted, limit: usize) -> Result<(Vec<Listed>, bool), Error> {
        // One more than wanted tells whether there are more.
        let enough = limit.saturating_add(1);
        let mut message = ListWorkflowExecutionsRequest {
            namespace: self.namespace.clone(),
            page_size: i32::try_from(enough.min(PAGE)).unwrap_or(i32::MAX),
            query: wanted.query(),
            ..Default::default()
        };
        let mut found = Vec::new();
        loop {
            let page = match self.page(&message).await {
                Ok(page) => page,
                Err(status) if meaning(&status) == Meaning::UnknownAttribute => {
                    return Err(Error::NoAttributes {
                        namespace: self.namespace.clone(),
                        why: status.message().to_owned(),
                    });
                }
                Err(status) => return Err(self.called(status)),
            };
            found.extend(page.executions.into_iter().map(Listed::from));
            if found.len() >= enough || page.next_page_token.is_empty() {
                let has_more = found.len() > limit;
                found.truncate(limit);
                return Ok((found, has_more));
            }
            message.next_page_token = page.next_page_token;
        }
    }
}

impl From<WorkflowExecutionInfo> for Listed {
    fn from(info: WorkflowExecutionInfo) -> Self {
        let attributes = info.search_attributes.clone().unwrap_or_default();
        let shown = |name| text(&attributes.indexed_fields, name);
        let execution = info.execution.clone().unwrap_or_default();
        let status = match info.status() {
            WorkflowExecutionStatus::Running => shown(attribute::STATUS)
                .unwrap_or_else(|| status_words(WorkflowExecutionStatus::Running)),
            WorkflowExecutionStatus::Completed => "complete".to_owned(),
            closed => status_words(closed),
        };
        Self {
            epoch_id: execution.workflow_id,
            run_id: execution.run_id,
            status,
            phase: shown(attribute::PHASE),
            role: shown(attribute::ROLE),
            domain: shown(attribute::DOMAIN),
            last_event_type: shown(attribute::LAST_EVENT_TYPE),
            started_at: info.start_time.map(|at| moment(at.seconds, at.nanos)),
            closed_at: info.close_time.map(|at| moment(at.seconds, at.nanos)),
        }
    }
}

pub(super) fn text(fields: &HashMap<String, Payload>, name: &str) -> Option<String> {
    serde_json::from_slice(&fields.get(name)?.data).ok()
}

pub(super) fn moment(seconds: i64, nanos: i32) -> WireTime {
    let micros = seconds.saturating_mul(1_000_000);
    WireTime(Timestamp::from_micros(
        micros.saturating_add(i64::from(nanos / 1_000)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_ones_are_meant_unless_something_else_is_said() {
        let open = Wanted::default();
        assert_eq!(
            open.query(),
            "WorkflowType = 'EpochWorkflow' AND ExecutionStatus = 'Running'"
        );
        let all = Wanted {
            closed_too: true,
            ..open.clone()
        };
        assert_eq!(
            all.query(),
            "WorkflowType = 'EpochWorkflow' AND ExecutionStatus != 'ContinuedAsNew'"
        );
        let some = Wanted {
            phase: Some(PhaseId::P4),
            role: Some(RoleId::Reviewer),
            standing: Some(Standing::Complete),
            closed_too: false,
        };
        assert_eq!(
            some.query(),
            "WorkflowType = 'EpochWorkflow' AND AuraStatus = 'complete' AND AuraPhase = 'p4' \
             AND AuraRole = 'reviewer'"
        );
    }
}
