//! Histories: page by page, from either end, and waiting for what comes next.

use std::time::Duration;

use prost::Message;
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::enums::v1::HistoryEventFilterType;
use temporalio_common::protos::temporal::api::history::v1::{History, HistoryEvent};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    GetWorkflowExecutionHistoryRequest, GetWorkflowExecutionHistoryResponse,
    GetWorkflowExecutionHistoryReverseRequest, GetWorkflowExecutionHistoryReverseResponse,
};
use tokio::time::Instant;

use super::Context;
use crate::embedded::engine::{Answer, Refusal};
use crate::embedded::store::{Limit, RunKey};

/// Events on a page, unless fewer are asked for, and its bytes.
const MOST_EVENTS: usize = 1_000;
const MOST_BYTES: usize = 3 * 1024 * 1024;
/// How long to wait for a new event, and how long before the caller gives up to stop.
const LONGEST: Duration = Duration::from_secs(20);
const MARGIN: Duration = Duration::from_millis(500);

/// Where a reader stands.
#[derive(Clone, PartialEq, Message)]
pub(super) struct PageToken {
    #[prost(int64, tag = "1")]
    pub(super) run: RunKey,
    #[prost(string, tag = "2")]
    pub(super) run_id: String,
    /// The event that comes next.
    #[prost(int64, tag = "3")]
    pub(super) next: i64,
    /// The last one there was when the reader began.
    #[prost(int64, tag = "4")]
    pub(super) last: i64,
    /// The reader waits for more.
    #[prost(bool, tag = "5")]
    pub(super) waits: bool,
    /// What comes after the last one, for a worker that reads its task's history: of some
    /// tasks' own events the history does not know yet.
    #[prost(message, repeated, tag = "6")]
    pub(super) unwritten: Vec<HistoryEvent>,
}

impl PageToken {
    fn read(bytes: &[u8]) -> Answer<Option<Self>> {
        if bytes.is_empty() {
            return Ok(None);
        }
        Self::decode(bytes)
            .map(Some)
            .map_err(|_| Refusal::invalid("Invalid NextPageToken."))
    }
}

pub(super) async fn forwards(
    context: Context,
    request: GetWorkflowExecutionHistoryRequest,
) -> Answer<GetWorkflowExecutionHistoryResponse> {
    let reader = Reader {
        is_worker: is_of_worker(&request),
        context: &context,
        namespace: &request.namespace,
        execution: request.execution.clone().unwrap_or_default(),
        waits: request.wait_new_event,
    };
    let token = PageToken::read(&request.next_page_token)?;
    let close_only = request.history_event_filter_type == HistoryEventFilterType::CloseEvent as i32;
    if close_only {
        return reader.last(token).await;
    }
    reader.page(token, request.maximum_page_size).await
}

/// Whether this is a worker that reads the history of a run that it does not have in memory:
/// it names the run and nothing else, not even which events it wants, as clients do.
fn is_of_worker(request: &GetWorkflowExecutionHistoryRequest) -> bool {
    let execution = request.execution.as_ref();
    execution.is_some_and(|execution| !execution.run_id.is_empty())
        && !request.wait_new_event
        && !request.skip_archival
        && request.maximum_page_size == 0
        && request.history_event_filter_type == HistoryEventFilterType::Unspecified as i32
        && request.next_page_token.is_empty()
}

pub(super) async fn backwards(
    context: Context,
    request: GetWorkflowExecutionHistoryReverseRequest,
) -> Answer<GetWorkflowExecutionHistoryReverseResponse> {
    let execution = request.execution.unwrap_or_default();
    let token = PageToken::read(&request.next_page_token)?;
    let (run, run_id, from) = if let Some(token) = token {
        (token.run, token.run_id, token.next)
    } else {
        let seen = context
            .service
            .see(|engine| engine.history_of(&request.namespace, &execution))
            .await?;
        (seen.run, seen.run_id, seen.last)
    };
    let limit = limit(request.maximum_page_size);
    let events = context.service.store().events_backwards(run, from, limit)?;
    let next = events.last().map_or(0, |event| event.event_id - 1);
    let next_page_token = if next > 0 {
        PageToken {
            run,
            run_id,
            next,
            ..PageToken::default()
        }
        .encode_to_vec()
    } else {
        Vec::new()
    };
    Ok(GetWorkflowExecutionHistoryReverseResponse {
        history: Some(History { events }),
        next_page_token,
    })
}

fn limit(page_size: i32) -> Limit {
    let events = match usize::try_from(page_size) {
        Ok(asked @ 1..) => asked.min(MOST_EVENTS),
        _ => MOST_EVENTS,
    };
    Limit {
        events,
        bytes: MOST_BYTES,
    }
}

/// A history as it can be seen now.
struct Seen {
    run: RunKey,
    run_id: String,
    last: i64,
    open: bool,
}

struct Reader<'a> {
    context: &'a Context,
    namespace: &'a str,
    execution: WorkflowExecution,
    waits: bool,
    is_worker: bool,
}

impl Reader<'_> {
    /// The run that a token means, or that was asked for.
    async fn see(&self, token: Option<&PageToken>) -> Answer<Seen> {
        let mut execution = self.execution.clone();
        if let Some(token) = token {
            execution.run_id.clone_from(&token.run_id);
        }
        let service = &self.context.service;
        let now = service.now();
        service
            .see(|engine| {
                let seen = engine.history_of(self.namespace, &execution)?;
                let for_query = self
                    .is_worker
                    .then(|| engine.last_for_query(seen.run, now))
                    .flatten();
                Ok(Seen {
                    run: seen.run,
                    run_id: seen.run_id,
                    last: for_query.unwrap_or(seen.last),
                    open: seen.open,
                })
            })
            .await
    }

    /// Waits until there is more than this in the history, or it is closed, or it has been
    /// long enough.
    async fn wait(
        &self,
        token: Option<&PageToken>,
        enough: impl Fn(&Seen) -> bool,
    ) -> Answer<Seen> {
        let longest = Instant::now() + LONGEST;
        let until = self
            .context
            .deadline
            .map_or(longest, |deadline| longest.min(deadline - MARGIN));
        let mut seen = self.see(token).await?;
        let changed = self.context.service.hub().run(seen.run);
        loop {
            let notified = changed.notified();
            tokio::pin!(notified);
            notified.as_mut().enable();
            seen = self.see(token).await?;
            if !self.waits || enough(&seen) {
                return Ok(seen);
            }
            tokio::select! {
                () = notified => {}
                () = tokio::time::sleep_until(until) => return Ok(seen),
                () = self.context.service.stopping() => return Ok(seen),
            }
        }
    }

    async fn page(
        &self,
        token: Option<PageToken>,
        page_size: i32,
    ) -> Answer<GetWorkflowExecutionHistoryResponse> {
        let next = token.as_ref().map_or(1, |token| token.next);
        let seen = self
            .wait(token.as_ref(), |seen| seen.last >= next || !seen.open)
            .await?;
        // Who does not wait reads what there was at the beginning, and no more.
        let last = match &token {
            Some(token) if !self.waits => token.last,
            _ => seen.last,
        };
        let mut events = self
            .context
            .service
            .store()
            .events(seen.run, next, limit(page_size))?;
        events.retain(|event| event.event_id <= last);
        let next = events.last().map_or(next, |event| event.event_id + 1);
        let more = next <= last || (self.waits && seen.open);
        let unwritten = token.map(|token| token.unwritten).unwrap_or_default();
        let next_page_token = if more {
            PageToken {
                run: seen.run,
                run_id: seen.run_id,
                next,
                last,
                waits: self.waits,
                unwritten,
            }
            .encode_to_vec()
        } else {
            events.extend(unwritten);
            Vec::new()
        };
        Ok(GetWorkflowExecutionHistoryResponse {
            history: Some(History { events }),
            next_page_token,
            ..Default::default()
        })
    }

    /// Only the last event: of a run that has ended, or once it has.
    async fn last(&self, token: Option<PageToken>) -> Answer<GetWorkflowExecutionHistoryResponse> {
        let seen = self.wait(token.as_ref(), |seen| !seen.open).await?;
        if seen.open && !self.waits {
            return Ok(GetWorkflowExecutionHistoryResponse {
                history: Some(History::default()),
                ..Default::default()
            });
        }
        if seen.open {
            let token = PageToken {
                run: seen.run,
                run_id: seen.run_id,
                next: seen.last + 1,
                last: seen.last,
                waits: true,
                unwritten: Vec::new(),
            };
            return Ok(GetWorkflowExecutionHistoryResponse {
                history: Some(History::default()),
                next_page_token: token.encode_to_vec(),
                ..Default::default()
            });
        }
        let event = self.context.service.store().event(seen.run, seen.last)?;
        Ok(GetWorkflowExecutionHistoryResponse {
            history: Some(History {
                events: event.into_iter().collect(),
            }),
            ..Default::default()
        })
    }
}
