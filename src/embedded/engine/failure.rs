//! Failures that the engine makes itself.

use temporalio_common::protos::temporal::api::common::v1::Payloads;
use temporalio_common::protos::temporal::api::enums::v1::TimeoutType;
use temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo;
use temporalio_common::protos::temporal::api::failure::v1::{
    ApplicationFailureInfo, Failure, ServerFailureInfo, TimeoutFailureInfo,
};

/// What failures of the engine's own say that they come from.
const SOURCE: &str = "Server";

/// Something took too long.
pub(in crate::embedded) fn timeout(
    message: String,
    timeout_type: TimeoutType,
    last_heartbeat_details: Option<Payloads>,
    cause: Option<Failure>,
) -> Failure {
    Failure {
        message,
        source: SOURCE.to_owned(),
        cause: cause.map(Box::new),
        failure_info: Some(FailureInfo::TimeoutFailureInfo(TimeoutFailureInfo {
            timeout_type: timeout_type as i32,
            last_heartbeat_details,
        })),
        ..Default::default()
    }
}

/// An activity's attempt took too long.
pub(in crate::embedded) fn activity_timeout(
    timeout_type: TimeoutType,
    last_heartbeat_details: Option<Payloads>,
    cause: Option<Failure>,
) -> Failure {
    let message = format!("activity {} timeout", timeout_name(timeout_type));
    timeout(message, timeout_type, last_heartbeat_details, cause)
}

/// The engine would not have what a worker asked of it.
pub(in crate::embedded) fn server(message: &str) -> Failure {
    Failure {
        message: message.to_owned(),
        failure_info: Some(FailureInfo::ServerFailureInfo(ServerFailureInfo {
            non_retryable: false,
        })),
        ..Default::default()
    }
}

/// A workflow ended before an update that it had accepted.
pub(in crate::embedded) fn update_outlived() -> Failure {
    Failure {
        message: "Workflow Update failed because the Workflow completed before the Update \
                  completed."
            .to_owned(),
        source: SOURCE.to_owned(),
        failure_info: Some(FailureInfo::ApplicationFailureInfo(
            ApplicationFailureInfo {
                r#type: "AcceptedUpdateCompletedWorkflow".to_owned(),
                non_retryable: true,
                ..Default::default()
            },
        )),
        ..Default::default()
    }
}

/// A time-out's name in the API's style.
pub(in crate::embedded) const fn timeout_name(timeout_type: TimeoutType) -> &'static str {
    match timeout_type {
        TimeoutType::Unspecified => "Unspecified",
        TimeoutType::StartToClose => "StartToClose",
        TimeoutType::ScheduleToStart => "ScheduleToStart",
        TimeoutType::ScheduleToClose => "ScheduleToClose",
        TimeoutType::Heartbeat => "Heartbeat",
    }
}
