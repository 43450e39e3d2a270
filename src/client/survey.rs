//! Looking over all open epochs for those that cannot go on, and for what closed ones have
//! left behind. Each look is bounded: what it did not come to is told with what it found.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, stream};
use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus;
use temporalio_common::protos::temporal::api::workflow::v1::WorkflowExecutionInfo;
use temporalio_common::protos::temporal::api::workflowservice::v1::ListWorkflowExecutionsRequest;

use super::call::{Client, execution, words};
use super::error::Error;
use super::list::text;
use crate::contract::names::{self, search_attribute};

/// How many open workflows are listed, in one page.
const PAGE: usize = 1_000;
/// How many workflows are looked at one by one.
const LOOKS: usize = 250;
/// How many are looked at side by side.
const BESIDE: usize = 16;
/// A task that was begun so often without being done does not merely have a slow worker.
const ATTEMPTS: i32 = 3;
/// How many histories are looked into.
const HISTORIES: usize = 10;

/// An epoch that the server lists as open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Its workflow id.
    pub epoch_id: String,
    /// Where its worker asks for tasks.
    pub task_queue: String,
}

/// The open epochs, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenEpochs {
    /// Those that were listed.
    pub epochs: Vec<Open>,
    /// Whether there are more.
    pub has_more: bool,
}

/// An epoch whose task was begun again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Late {
    /// Its workflow id.
    pub epoch_id: String,
    /// How often the task was begun.
    pub attempt: i32,
    /// Whether it failed on its worker; else it was lost with one. Unknown where the
    /// history was not looked into.
    pub is_failing: Option<bool>,
}

/// Which of the open epochs are late.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wedged {
    /// The late ones, by id.
    pub late: Vec<Late>,
    /// How many were looked at.
    pub looked_at: usize,
}

/// A workflow whose epoch has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Its own id.
    pub workflow_id: String,
    /// What it is.
    pub kind: String,
    /// Its epoch.
    pub epoch_id: String,
    /// What became of that.
    pub epoch_status: String,
}

/// What closed epochs have left open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lefts {
    /// By id.
    pub left: Vec<Left>,
    /// How many slices and reviews were looked at.
    pub looked_at: usize,
    /// Whether there are more of them, or of their epochs.
    pub has_more: bool,
}

impl Client {
    /// The open epochs, as far as one page lists them.
    pub async fn open_epochs(&self) -> Result<OpenEpochs, Error> {
        let (found, has_more) = self.running(&[names::EPOCH_WORKFLOW]).await?;
        let epochs = found.into_iter().filter_map(|info| {
            Some(Open {
                task_queue: info.task_queue,
                epoch_id: info.execution?.workflow_id,
            })
        });
        Ok(OpenEpochs {
            epochs: epochs.collect(),
            has_more,
        })
    }

    /// Looks for epochs whose workflow task does not get done. One that could not be
    /// looked at in time does not count as looked at.
    pub async fn wedged(&self, open: &OpenEpochs) -> Wedged {
        let looks = open.epochs.iter().take(LOOKS).map(|epoch| async {
            let run = self.describe_run(&epoch.epoch_id, "").await.ok()?;
            let attempt = run.pending_workflow_task.map_or(0, |task| task.attempt);
            Some((epoch.epoch_id.clone(), attempt))
        });
        let seen: Vec<Option<(String, i32)>> =
            stream::iter(looks).buffer_unordered(BESIDE).collect().await;
        let looked_at = seen.iter().flatten().count();
        let late: BTreeMap<String, i32> = seen
            .into_iter()
            .flatten()
            .filter(|(_, attempt)| *attempt >= ATTEMPTS)
            .collect();
        let looks = late
            .into_iter()
            .enumerate()
            .map(|(at, (epoch_id, attempt))| async move {
                let is_failing = if at < HISTORIES && !self.deadline.has_passed() {
                    Some(self.is_failing(&execution(&epoch_id)).await)
                } else {
                    None
                };
                Late {
                    epoch_id,
                    attempt,
                    is_failing,
                }
            });
        Wedged {
            late: stream::iter(looks).buffered(BESIDE).collect().await,
            looked_at,
        }
    }

    /// Looks for slices and reviews whose epoch has ended. An epoch that is not among the
    /// `open` ones is asked for itself, since lists lag behind.
    pub async fn left_behind(&self, open: &OpenEpochs) -> Result<Lefts, Error> {
        let kinds = [names::SLICE_WORKFLOW, names::REVIEW_WORKFLOW];
        let (found, more) = self.running(&kinds).await?;
        let looked_at = found.len();
        let known: BTreeSet<&str> = open.epochs.iter().map(|epoch| &*epoch.epoch_id).collect();
        let children: Vec<Left> = found
            .into_iter()
            .filter_map(child)
            .filter(|child| !known.contains(&*child.epoch_id))
            .collect();
        let epochs: BTreeSet<String> = children
            .iter()
            .map(|child| child.epoch_id.clone())
            .collect();
        let has_more = more || epochs.len() > LOOKS;
        let looks = epochs.into_iter().take(LOOKS).map(|epoch_id| async move {
            let status = match self.find(&epoch_id).await.ok()?.map(|info| info.status()) {
                Some(WorkflowExecutionStatus::Running) => return None,
                Some(ended) => words(ended),
                None => "gone".to_owned(),
            };
            Some((epoch_id, status))
        });
        let ended: Vec<Option<(String, String)>> =
            stream::iter(looks).buffer_unordered(BESIDE).collect().await;
        let ended: BTreeMap<String, String> = ended.into_iter().flatten().collect();
        let mut left: Vec<Left> = children
            .into_iter()
            .filter_map(|child| {
                let epoch_status = ended.get(&child.epoch_id)?.clone();
                Some(Left {
                    epoch_status,
                    ..child
                })
            })
            .collect();
        left.sort_by(|one, other| one.workflow_id.cmp(&other.workflow_id));
        Ok(Lefts {
            left,
            looked_at,
            has_more: has_more || self.deadline.has_passed(),
        })
    }

    /// One page of the running workflows of these types, and whether there are more.
    async fn running(&self, kinds: &[&str]) -> Result<(Vec<WorkflowExecutionInfo>, bool), Error> {
        let kinds: Vec<String> = kinds.iter().map(|kind| format!("'{kind}'")).collect();
        let message = ListWorkflowExecutionsRequest {
            namespace: self.namespace.clone(),
            page_size: i32::try_from(PAGE).unwrap_or(i32::MAX),
            query: format!(
                "WorkflowType IN ({}) AND ExecutionStatus = 'Running'",
                kinds.join(", ")
            ),
            ..Default::default()
        };
        let page = self.page(&message).await;
        let page = page.map_err(|status| self.called(status))?;
        Ok((page.executions, !page.next_page_token.is_empty()))
    }
}

/// A slice or review, as far as it says whose it is: by its attribute, or by who started it
/// where the server has no attributes. One that nobody started belongs to no epoch.
fn child(info: WorkflowExecutionInfo) -> Option<Left> {
    let attributes = info.search_attributes.unwrap_or_default();
    let named = text(&attributes.indexed_fields, search_attribute::EPOCH_ID);
    let parent = info.parent_execution.map(|parent| parent.workflow_id);
    Some(Left {
        epoch_id: named.or(parent).filter(|id| !id.is_empty())?,
        kind: info.r#type?.name,
        workflow_id: info.execution?.workflow_id,
        epoch_status: String::new(),
    })
}
