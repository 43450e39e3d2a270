//! Whether something that failed is tried again, and when: the same rules for activities
//! and for workflows.

use temporalio_common::protos::temporal::api::common::v1::RetryPolicy;
use temporalio_common::protos::temporal::api::enums::v1::{RetryState, TimeoutType};
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo;

use super::error::{Answer, Refusal};
use super::failure::timeout_name;
use super::time::{Span, Time, duration, seconds, span};

/// What a policy leaves out, as Temporal fills it.
const INITIAL_INTERVAL: Span = seconds(1);
const COEFFICIENT: f64 = 2.0;
const MAXIMUM_FACTOR: i64 = 100;

/// What a policy says of the next try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::embedded) enum Next {
    /// Again after so long.
    Again(Span),
    /// Not again, for this reason.
    Never(RetryState),
}

/// A policy with nothing left out.
pub(in crate::embedded) fn filled(policy: Option<RetryPolicy>) -> RetryPolicy {
    let mut policy = policy.unwrap_or_default();
    if span(policy.initial_interval.as_ref()) == 0 {
        policy.initial_interval = Some(duration(INITIAL_INTERVAL));
    }
    if policy.backoff_coefficient == 0.0 {
        policy.backoff_coefficient = COEFFICIENT;
    }
    if span(policy.maximum_interval.as_ref()) == 0 {
        let initial = span(policy.initial_interval.as_ref());
        policy.maximum_interval = Some(duration(initial.saturating_mul(MAXIMUM_FACTOR)));
    }
    policy
}

/// Refuses a policy that makes no sense.
pub(in crate::embedded) fn check(policy: Option<&RetryPolicy>) -> Answer<()> {
    let Some(policy) = policy else {
        return Ok(());
    };
    let negative = |duration: Option<&prost_wkt_types::Duration>| {
        duration.is_some_and(|duration| duration.seconds < 0 || duration.nanos < 0)
    };
    let initial = span(policy.initial_interval.as_ref());
    let maximum = span(policy.maximum_interval.as_ref());
    let wrong = if negative(policy.initial_interval.as_ref()) {
        "InitialInterval cannot be negative on retry policy."
    } else if policy.backoff_coefficient != 0.0 && policy.backoff_coefficient < 1.0 {
        "BackoffCoefficient cannot be less than 1 on retry policy."
    } else if negative(policy.maximum_interval.as_ref()) {
        "MaximumInterval cannot be negative on retry policy."
    } else if maximum != 0 && maximum < initial {
        "MaximumInterval cannot be less than InitialInterval on retry policy."
    } else if policy.maximum_attempts < 0 {
        "MaximumAttempts cannot be negative on retry policy."
    } else {
        return Ok(());
    };
    Err(Refusal::invalid(wrong))
}

/// What is next after an attempt has failed. `expires` is when there may be no more; 0 is
/// never.
pub(in crate::embedded) fn next(
    policy: &RetryPolicy,
    attempt: i32,
    failure: Option<&Failure>,
    now: Time,
    expires: Time,
) -> Next {
    if failure.is_some_and(|failure| !is_retryable(failure, &policy.non_retryable_error_types)) {
        return Next::Never(RetryState::NonRetryableFailure);
    }
    if policy.maximum_attempts > 0 && attempt >= policy.maximum_attempts {
        return Next::Never(RetryState::MaximumAttemptsReached);
    }
    let wait = failure
        .and_then(asked_delay)
        .unwrap_or_else(|| interval(policy, attempt));
    if expires != 0 && now.saturating_add(wait) > expires {
        return Next::Never(RetryState::Timeout);
    }
    Next::Again(wait)
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a wait need not be exact to the nanosecond, and casts from floats saturate"
)]
fn interval(policy: &RetryPolicy, attempt: i32) -> Span {
    let initial = span(policy.initial_interval.as_ref());
    let maximum = span(policy.maximum_interval.as_ref());
    let grown = initial as f64 * policy.backoff_coefficient.powi(attempt - 1);
    let wait = if grown.is_finite() {
        grown as i64
    } else {
        i64::MAX
    };
    if maximum > 0 { wait.min(maximum) } else { wait }
}

/// The wait that a failure asks for itself.
fn asked_delay(failure: &Failure) -> Option<Span> {
    match &failure.failure_info {
        Some(FailureInfo::ApplicationFailureInfo(info)) => info
            .next_retry_delay
            .as_ref()
            .map(|delay| span(Some(delay))),
        _ => None,
    }
}

fn is_retryable(failure: &Failure, never: &[String]) -> bool {
    match &failure.failure_info {
        Some(FailureInfo::TerminatedFailureInfo(_) | FailureInfo::CanceledFailureInfo(_)) => false,
        Some(FailureInfo::TimeoutFailureInfo(info)) => {
            let timeout_type = info.timeout_type();
            let name = format!("TemporalTimeout:{}", timeout_name(timeout_type));
            matches!(
                timeout_type,
                TimeoutType::StartToClose | TimeoutType::Heartbeat
            ) && !never.contains(&name)
        }
        Some(FailureInfo::ServerFailureInfo(info)) => !info.non_retryable,
        Some(FailureInfo::ApplicationFailureInfo(info)) => {
            !info.non_retryable && !never.contains(&info.r#type)
        }
        _ => true,
    }
}
