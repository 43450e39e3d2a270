//! What commands may carry. A workflow that says more than fits into its history can not be
//! helped by trying again: it is ended.

use std::collections::HashMap;

use prost::Message;
use temporalio_common::protos::temporal::api::command::v1::Command;
use temporalio_common::protos::temporal::api::command::v1::command::Attributes as A;
use temporalio_common::protos::temporal::api::common::v1::Payloads;
use temporalio_common::protos::temporal::api::enums::v1::WorkflowTaskFailedCause as Cause;

/// The most bytes of payloads in one field.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// The first command that carries too much: why the task fails, and in which field.
pub(in crate::embedded::engine) fn too_large(commands: &[Command]) -> Option<(Cause, String)> {
    let too_large = commands.iter().find_map(|command| {
        let (size, cause, field) = carried(command.attributes.as_ref()?)?;
        (size > MOST_BYTES).then_some((cause, field))
    });
    too_large.map(|(cause, field)| (cause, format!("{field} exceeds size limit.")))
}

/// How much a command carries, and where.
fn carried(attributes: &A) -> Option<(usize, Cause, &'static str)> {
    Some(match attributes {
        A::ScheduleActivityTaskCommandAttributes(command) => (
            bytes(command.input.as_ref()),
            Cause::BadScheduleActivityAttributes,
            "ScheduleActivityTaskCommandAttributes.Input",
        ),
        // The cause is the one that Temporal's server gives.
        A::CompleteWorkflowExecutionCommandAttributes(command) => (
            bytes(command.result.as_ref()),
            Cause::BadScheduleActivityAttributes,
            "CompleteWorkflowExecutionCommandAttributes.Result",
        ),
        A::FailWorkflowExecutionCommandAttributes(command) => (
            bytes(command.failure.as_ref()),
            Cause::BadFailWorkflowExecutionAttributes,
            "FailWorkflowExecutionCommandAttributes.Failure",
        ),
        A::CancelWorkflowExecutionCommandAttributes(command) => (
            bytes(command.details.as_ref()),
            Cause::BadCancelWorkflowExecutionAttributes,
            "CancelWorkflowExecutionCommandAttributes.Details",
        ),
        A::RecordMarkerCommandAttributes(command) => (
            of_map(&command.details),
            Cause::BadRecordMarkerAttributes,
            "RecordMarkerCommandAttributes.Details",
        ),
        A::ContinueAsNewWorkflowExecutionCommandAttributes(command) => (
            bytes(command.input.as_ref()).max(bytes(command.memo.as_ref())),
            Cause::BadContinueAsNewAttributes,
            "ContinueAsNewWorkflowExecutionCommandAttributes. Input",
        ),
        A::StartChildWorkflowExecutionCommandAttributes(command) => (
            bytes(command.input.as_ref()).max(bytes(command.memo.as_ref())),
            Cause::BadStartChildExecutionAttributes,
            "StartChildWorkflowExecutionCommandAttributes. Input",
        ),
        A::SignalExternalWorkflowExecutionCommandAttributes(command) => (
            bytes(command.input.as_ref()),
            Cause::BadSignalInputSize,
            "SignalExternalWorkflowExecutionCommandAttributes.Input",
        ),
        A::ModifyWorkflowPropertiesCommandAttributes(command) => (
            bytes(command.upserted_memo.as_ref()),
            Cause::BadModifyWorkflowPropertiesAttributes,
            "ModifyWorkflowPropertiesCommandAttributes.UpsertedMemo",
        ),
        A::UpsertWorkflowSearchAttributesCommandAttributes(command) => (
            bytes(command.search_attributes.as_ref()),
            Cause::BadSearchAttributes,
            "UpsertWorkflowSearchAttributesCommandAttributes.SearchAttributes",
        ),
        _ => return None,
    })
}

fn bytes(payloads: Option<&impl Message>) -> usize {
    payloads.map_or(0, Message::encoded_len)
}

fn of_map(details: &HashMap<String, Payloads>) -> usize {
    let sizes = details
        .iter()
        .map(|(name, payloads)| name.len() + payloads.encoded_len());
    sizes.sum()
}
