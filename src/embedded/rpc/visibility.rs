//! Lists and counts of workflows. They are of what is committed, so they know of everything
//! that was acknowledged.

use temporalio_common::protos::temporal::api::enums::v1::IndexedValueType;
use temporalio_common::protos::temporal::api::filter::v1::StartTimeFilter;
use temporalio_common::protos::temporal::api::workflow::v1::WorkflowExecutionInfo;
use temporalio_common::protos::temporal::api::workflowservice::v1::count_workflow_executions_response::AggregationGroup;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    CountWorkflowExecutionsRequest, CountWorkflowExecutionsResponse,
    ListClosedWorkflowExecutionsRequest, ListClosedWorkflowExecutionsResponse,
    ListOpenWorkflowExecutionsRequest, ListOpenWorkflowExecutionsResponse,
    ListWorkflowExecutionsRequest, ListWorkflowExecutionsResponse, ScanWorkflowExecutionsRequest,
    ScanWorkflowExecutionsResponse, list_closed_workflow_executions_request,
    list_open_workflow_executions_request,
};

use super::Context;
use super::describe::info;
use crate::embedded::engine::{Answer, Refusal, decoded};
use crate::embedded::visibility::{self, Registry};

struct Listed {
    executions: Vec<WorkflowExecutionInfo>,
    next_page_token: Vec<u8>,
}

async fn page(
    context: &Context,
    namespace: &str,
    query: &str,
    page_size: i32,
    token: &[u8],
) -> Answer<Listed> {
    let registry = registry(context, namespace).await?;
    let page = context.service.store().with_reader(|file| {
        Ok(visibility::list(
            file, namespace, query, &registry, page_size, token,
        ))
    })??;
    let executions = page.runs.iter().map(|row| WorkflowExecutionInfo {
        // Lists don't have it, descriptions do.
        first_run_id: String::new(),
        ..info(row, &decoded(row))
    });
    Ok(Listed {
        executions: executions.collect(),
        next_page_token: page.next.unwrap_or_default(),
    })
}

/// The namespace's own attributes; waits until all that was acknowledged can be read.
async fn registry(context: &Context, namespace: &str) -> Answer<Registry> {
    context
        .service
        .see(|engine| {
            let known = engine.namespaces().get(namespace)?.attributes.iter();
            Ok(known
                .filter_map(|(name, kind)| {
                    let kind = IndexedValueType::try_from(*kind).ok()?;
                    Some((name.clone(), kind))
                })
                .collect())
        })
        .await
}

impl From<visibility::Error> for Refusal {
    fn from(error: visibility::Error) -> Self {
        match error {
            visibility::Error::Database(_) => Self::unavailable(error.to_string()),
            _ => Self::invalid(error.to_string()),
        }
    }
}

pub(super) async fn list(
    context: Context,
    request: ListWorkflowExecutionsRequest,
) -> Answer<ListWorkflowExecutionsResponse> {
    let listed = page(
        &context,
        &request.namespace,
        &request.query,
        request.page_size,
        &request.next_page_token,
    )
    .await?;
    Ok(ListWorkflowExecutionsResponse {
        executions: listed.executions,
        next_page_token: listed.next_page_token,
    })
}

pub(super) async fn scan(
    context: Context,
    request: ScanWorkflowExecutionsRequest,
) -> Answer<ScanWorkflowExecutionsResponse> {
    let listed = page(
        &context,
        &request.namespace,
        &request.query,
        request.page_size,
        &request.next_page_token,
    )
    .await?;
    Ok(ScanWorkflowExecutionsResponse {
        executions: listed.executions,
        next_page_token: listed.next_page_token,
    })
}

pub(super) async fn list_open(
    context: Context,
    request: ListOpenWorkflowExecutionsRequest,
) -> Answer<ListOpenWorkflowExecutionsResponse> {
    use list_open_workflow_executions_request::Filters;
    let mut query = Filter::new("ExecutionStatus = 'Running'");
    query.times("StartTime", request.start_time_filter.as_ref())?;
    match request.filters {
        Some(Filters::ExecutionFilter(filter)) => query.text("WorkflowId", &filter.workflow_id),
        Some(Filters::TypeFilter(filter)) => query.text("WorkflowType", &filter.name),
        None => {}
    }
    let (size, token) = (request.maximum_page_size, &request.next_page_token);
    let listed = page(&context, &request.namespace, &query.0, size, token).await?;
    Ok(ListOpenWorkflowExecutionsResponse {
        executions: listed.executions,
        next_page_token: listed.next_page_token,
    })
}

pub(super) async fn list_closed(
    context: Context,
    request: ListClosedWorkflowExecutionsRequest,
) -> Answer<ListClosedWorkflowExecutionsResponse> {
    use list_closed_workflow_executions_request::Filters;
    let mut query = Filter::new("ExecutionStatus != 'Running'");
    query.times("CloseTime", request.start_time_filter.as_ref())?;
    match request.filters {
        Some(Filters::ExecutionFilter(filter)) => query.text("WorkflowId", &filter.workflow_id),
        Some(Filters::TypeFilter(filter)) => query.text("WorkflowType", &filter.name),
        Some(Filters::StatusFilter(filter)) => query.whole("ExecutionStatus", filter.status),
        None => {}
    }
    let (size, token) = (request.maximum_page_size, &request.next_page_token);
    let listed = page(&context, &request.namespace, &query.0, size, token).await?;
    Ok(ListClosedWorkflowExecutionsResponse {
        executions: listed.executions,
        next_page_token: listed.next_page_token,
    })
}

/// A query made of the fields of an older call.
struct Filter(String);

impl Filter {
    fn new(begin: &str) -> Self {
        Self(begin.to_owned())
    }

    fn and(&mut self, condition: std::fmt::Arguments<'_>) {
        self.0.push_str(" AND ");
        self.0.push_str(&condition.to_string());
    }

    fn text(&mut self, name: &str, value: &str) {
        let value = value.replace('\\', "\\\\").replace('\'', "\\'");
        self.and(format_args!("{name} = '{value}'"));
    }

    fn whole(&mut self, name: &str, value: i32) {
        self.and(format_args!("{name} = {value}"));
    }

    fn times(&mut self, name: &str, filter: Option<&StartTimeFilter>) -> Answer<()> {
        let Some(filter) = filter else {
            return Ok(());
        };
        for (operator, time) in [
            (">=", filter.earliest_time.as_ref()),
            ("<=", filter.latest_time.as_ref()),
        ] {
            if let Some(time) = time {
                let nanos = time
                    .seconds
                    .checked_mul(1_000_000_000)
                    .and_then(|nanos| nanos.checked_add(i64::from(time.nanos)))
                    .ok_or_else(|| Refusal::invalid("StartTimeFilter is out of range."))?;
                self.and(format_args!("{name} {operator} {nanos}"));
            }
        }
        Ok(())
    }
}

pub(super) async fn count(
    context: Context,
    request: CountWorkflowExecutionsRequest,
) -> Answer<CountWorkflowExecutionsResponse> {
    let registry = registry(&context, &request.namespace).await?;
    let counted = context.service.store().with_reader(|file| {
        Ok(visibility::count(
            file,
            &request.namespace,
            &request.query,
            &registry,
        ))
    })??;
    let groups = counted
        .groups
        .into_iter()
        .map(|(value, count)| AggregationGroup {
            group_values: vec![value],
            count,
        });
    Ok(CountWorkflowExecutionsResponse {
        count: counted.total,
        groups: groups.collect(),
    })
}
