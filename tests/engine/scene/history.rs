//! Reading histories, and waiting for what appears in them by the server's own long poll.

use std::collections::HashSet;

use temporalio_client::tonic::{Request, Status};
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::WorkflowExecutionStartedEventAttributes;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::workflowservice::v1::GetWorkflowExecutionHistoryRequest;

use super::Scene;
use crate::worker::NAMESPACE;

impl Scene {
    /// The events of one run as far as it is; an empty run id means the latest.
    pub async fn history(&self, id: &str, run_id: &str) -> Vec<HistoryEvent> {
        let history = self.try_history(id, run_id).await;
        history.unwrap_or_else(|status| panic!("history of {id}: {status}"))
    }

    /// The same of a run that need not exist.
    pub async fn try_history(&self, id: &str, run_id: &str) -> Result<Vec<HistoryEvent>, Status> {
        self.try_history_from(id, run_id, Vec::new()).await
    }

    /// The same from a page on.
    pub async fn try_history_from(
        &self,
        id: &str,
        run_id: &str,
        mut page: Vec<u8>,
    ) -> Result<Vec<HistoryEvent>, Status> {
        let mut events = Vec::new();
        loop {
            let mut request = request(id, run_id);
            request.next_page_token = page;
            let answer = self
                .service()
                .get_workflow_execution_history(Request::new(request))
                .await?
                .into_inner();
            events.extend(answer.history.unwrap_or_default().events);
            page = answer.next_page_token;
            if page.is_empty() {
                return Ok(events);
            }
        }
    }

    /// Waits until the latest run of this id has a history with which `enough` is content.
    pub async fn until(
        &self,
        id: &str,
        enough: impl Fn(&[HistoryEvent]) -> bool,
    ) -> Vec<HistoryEvent> {
        let mut events: Vec<HistoryEvent> = Vec::new();
        let mut page = Vec::new();
        loop {
            let mut request = request(id, "");
            request.wait_new_event = true;
            request.next_page_token = page;
            let answer = self
                .service()
                .get_workflow_execution_history(Request::new(request))
                .await
                .unwrap_or_else(|status| panic!("history of {id}: {status}"))
                .into_inner();
            for event in answer.history.unwrap_or_default().events {
                // The first answer of a new poll may repeat what the last one had.
                if events
                    .last()
                    .is_none_or(|last| last.event_id < event.event_id)
                {
                    events.push(event);
                }
            }
            if enough(&events) {
                return events;
            }
            page = answer.next_page_token;
            assert!(
                !page.is_empty(),
                "{id} closed before what was awaited: {:?}",
                events
                    .iter()
                    .map(HistoryEvent::event_type)
                    .collect::<Vec<_>>()
            );
        }
    }

    /// Waits for the n-th event of a type.
    pub async fn seen(&self, id: &str, wanted: EventType, times: usize) -> Vec<HistoryEvent> {
        self.until(id, |events| count(events, wanted) >= times)
            .await
    }

    /// Waits until n workflow tasks are completed: then the workflow has done all it can.
    pub async fn tasks(&self, id: &str, times: usize) -> Vec<HistoryEvent> {
        self.seen(id, EventType::WorkflowTaskCompleted, times).await
    }

    /// Waits until the latest run has closed, and gives its history.
    pub async fn closed(&self, id: &str) -> Vec<HistoryEvent> {
        self.until(id, |events| events.last().is_some_and(is_close))
            .await
    }

    /// All runs of this id, the earliest first: those that were seen, and the chain that
    /// ends with the latest.
    pub(super) async fn all_runs(
        &self,
        name: &str,
        mut runs: HashSet<String>,
    ) -> Vec<Vec<HistoryEvent>> {
        let id = self.own(name);
        let mut next = String::new();
        while let Ok(events) = self.try_history(&id, &next).await {
            let Some(started) = started(&events) else {
                break;
            };
            runs.insert(started.original_execution_run_id.clone());
            if started.continued_execution_run_id.is_empty() {
                break;
            }
            next.clone_from(&started.continued_execution_run_id);
        }
        let mut histories = Vec::new();
        for run in runs {
            // A run that was deleted is part of what a scenario notes.
            if let Ok(events) = self.try_history(&id, &run).await {
                histories.push(events);
            }
        }
        histories.sort_by_key(|events| {
            let time = events.first().and_then(|event| event.event_time);
            time.map(|time| (time.seconds, time.nanos))
        });
        histories
    }
}

/// How many events of this type there are.
pub fn count(events: &[HistoryEvent], wanted: EventType) -> usize {
    events
        .iter()
        .filter(|event| event.event_type() == wanted)
        .count()
}

fn started(events: &[HistoryEvent]) -> Option<&WorkflowExecutionStartedEventAttributes> {
    match events.first()?.attributes.as_ref()? {
        Attributes::WorkflowExecutionStartedEventAttributes(started) => Some(started),
        _ => None,
    }
}

fn is_close(event: &HistoryEvent) -> bool {
    matches!(
        event.event_type(),
        EventType::WorkflowExecutionCompleted
            | EventType::WorkflowExecutionFailed
            | EventType::WorkflowExecutionTimedOut
            | EventType::WorkflowExecutionCanceled
            | EventType::WorkflowExecutionTerminated
            | EventType::WorkflowExecutionContinuedAsNew
    )
}

fn request(id: &str, run_id: &str) -> GetWorkflowExecutionHistoryRequest {
    GetWorkflowExecutionHistoryRequest {
        namespace: NAMESPACE.to_owned(),
        execution: Some(WorkflowExecution {
            workflow_id: id.to_owned(),
            run_id: run_id.to_owned(),
        }),
        ..Default::default()
    }
}
