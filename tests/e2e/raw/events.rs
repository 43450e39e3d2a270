//! What histories tell. It deliberately fetches none.

use temporalio_common::protos::temporal::api::enums::v1::{EventType, WorkflowTaskFailedCause};
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

/// How many events of this type a history has.
pub fn count(history: &[HistoryEvent], wanted: EventType) -> usize {
    history
        .iter()
        .filter(|event| event.event_type() == wanted)
        .count()
}

/// The first run of the chain that a history belongs to.
pub fn first_run(history: &[HistoryEvent]) -> &str {
    match history.first().and_then(|event| event.attributes.as_ref()) {
        Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) => {
            &started.first_execution_run_id
        }
        _ => panic!("a history begins with a start"),
    }
}

/// What the workflow tasks of a history failed with. The server's own ways are not among
/// them: it has a task done again that closed the run while a message came in, during
/// which more came in than it holds back, or that took too long on a busy machine.
pub fn task_failures(history: &[HistoryEvent]) -> Vec<String> {
    use WorkflowTaskFailedCause::{ForceCloseCommand, UnhandledCommand};
    let failure = |event: &HistoryEvent| match event.attributes.as_ref()? {
        Attributes::WorkflowTaskFailedEventAttributes(failed) => {
            let cause = failed.cause();
            let said = said(failed.failure.as_ref());
            let servers_way = matches!(cause, UnhandledCommand | ForceCloseCommand);
            (!servers_way).then(|| format!("{cause:?}: {said}"))
        }
        _ => None,
    };
    history.iter().filter_map(failure).collect()
}

/// A failure's messages, the innermost last.
pub(super) fn said(failure: Option<&Failure>) -> String {
    let mut words = Vec::new();
    let mut next = failure;
    while let Some(failure) = next {
        words.push(failure.message.as_str());
        next = failure.cause.as_deref();
    }
    words.join(": ")
}

/// Why a workflow failed: the failure's type and its words; none if it ended otherwise.
pub fn failure(last: &HistoryEvent) -> Option<(String, String)> {
    let Some(Attributes::WorkflowExecutionFailedEventAttributes(failed)) = &last.attributes else {
        return None;
    };
    let failure = failed.failure.as_ref()?;
    let kind = match &failure.failure_info {
        Some(FailureInfo::ApplicationFailureInfo(info)) => info.r#type.clone(),
        _ => String::new(),
    };
    Some((kind, said(Some(failure))))
}

/// The run that continues the one that ended so.
pub(super) fn next_run(event: &HistoryEvent) -> Option<&str> {
    match event.attributes.as_ref()? {
        Attributes::WorkflowExecutionContinuedAsNewEventAttributes(continued) => {
            Some(&continued.new_execution_run_id)
        }
        _ => None,
    }
}
