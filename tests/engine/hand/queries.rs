//! Queries, as a worker by hand answers them: directly, or with a task that they came with.

use temporalio_client::tonic::{Request, Status};
use temporalio_common::protos::temporal::api::enums::v1::QueryResultType;
use temporalio_common::protos::temporal::api::query::v1::WorkflowQueryResult;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    RespondQueryTaskCompletedRequest, RespondWorkflowTaskCompletedRequest,
};

use super::{Hand, Task, shape, text};
use crate::worker::NAMESPACE;

impl Hand<'_> {
    /// Answers a query that came by itself; none as an answer is a failure.
    pub async fn answer_query(&self, task: &Task, answer: Option<&str>) -> Result<(), Status> {
        let kind = answer.map_or(QueryResultType::Failed, |_| QueryResultType::Answered);
        let request = RespondQueryTaskCompletedRequest {
            namespace: NAMESPACE.to_owned(),
            task_token: task.task_token.clone(),
            completed_type: kind as i32,
            query_result: answer.and_then(text),
            error_message: answer.map_or_else(|| "it failed by hand".to_owned(), |_| String::new()),
            ..Default::default()
        };
        let mut service = self.scene.service();
        service
            .respond_query_task_completed(Request::new(request))
            .await
            .map(drop)
    }

    /// An answer to a task that answers all queries that came with it.
    pub fn with_answers(
        &self,
        task: &Task,
        answer: RespondWorkflowTaskCompletedRequest,
        said: &str,
    ) -> RespondWorkflowTaskCompletedRequest {
        let result = WorkflowQueryResult {
            result_type: QueryResultType::Answered as i32,
            answer: text(said),
            ..Default::default()
        };
        RespondWorkflowTaskCompletedRequest {
            query_results: task
                .queries
                .keys()
                .map(|id| (id.clone(), result.clone()))
                .collect(),
            ..answer
        }
    }
}

/// What a task is made of, as far as a worker can tell.
pub fn anatomy(task: &Task) -> String {
    let events = task
        .history
        .as_ref()
        .map_or(&[][..], |history| &history.events);
    format!(
        "attempt {}, previous {}, started {}, query {}, queries {}, messages {}, backlog {}, more {}: {}",
        task.attempt,
        task.previous_started_event_id,
        task.started_event_id,
        task.query
            .as_ref()
            .map_or("none", |query| &query.query_type),
        task.queries.len(),
        task.messages.len(),
        task.backlog_count_hint,
        !task.next_page_token.is_empty(),
        shape(events),
    )
}
