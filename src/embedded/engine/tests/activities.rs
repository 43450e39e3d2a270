//! Activities: each time-out under each policy, attempts that are lost, and requests to end.

use temporalio_client::tonic::Code;
use temporalio_common::protos::temporal::api::command::v1::ScheduleActivityTaskCommandAttributes;
use temporalio_common::protos::temporal::api::common::v1::RetryPolicy;
use temporalio_common::protos::temporal::api::enums::v1::{RetryState, TimeoutType};
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use super::worker::{activity, cancel_activity, failure, queue, timer};
use super::world::{QUEUE, World, read, start, text};
use crate::embedded::engine::time::{Span, duration, seconds};
use crate::embedded::engine::{ActivityEnd, ActivityTarget, QueueKind, Token};

/// A workflow with one activity.
pub(super) fn with(
    change: impl FnOnce(&mut ScheduleActivityTaskCommandAttributes),
) -> (World, i64) {
    let mut world = World::new();
    let run = world.start(start("any", "flow")).unwrap().key;
    world.work(vec![activity("one", change)]).unwrap();
    (world, run)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it is for a field that may have none"
)]
pub(super) fn policy(attempts: i32) -> Option<RetryPolicy> {
    Some(RetryPolicy {
        initial_interval: Some(duration(seconds(1))),
        backoff_coefficient: 1.0,
        maximum_attempts: attempts,
        ..Default::default()
    })
}

/// How an activity ended: the type of the time-out, the retry state, and how many attempts
/// the history tells of.
fn timed_out(world: &World, run: i64) -> (TimeoutType, RetryState, i32, Failure) {
    let history = world.history(run);
    let attempt = history.iter().find_map(|event| match &event.attributes {
        Some(Attributes::ActivityTaskStartedEventAttributes(started)) => Some(started.attempt),
        _ => None,
    });
    let end = history.iter().find_map(|event| match &event.attributes {
        Some(Attributes::ActivityTaskTimedOutEventAttributes(end)) => Some(end.clone()),
        _ => None,
    });
    let end = end.unwrap_or_else(|| panic!("{:?}", world.names(run)));
    let failure = end.failure.clone().unwrap();
    let Some(FailureInfo::TimeoutFailureInfo(info)) = &failure.failure_info else {
        panic!("{failure:?}");
    };
    (
        info.timeout_type(),
        end.retry_state(),
        attempt.unwrap_or(0),
        failure,
    )
}

/// Takes every attempt and lets it time out, until there are no more.
fn sleep_through(world: &mut World, run: i64, longest: Span) {
    for _ in 0..10 {
        if !world.engine.runs[&run].activities.is_empty() {
            world.poll_activity();
            world.pass(longest);
            world.pass(seconds(1));
        }
    }
}

#[test]
fn attempts_that_time_out_are_tried_again_as_often_as_the_policy_says() {
    for (attempts, heartbeat) in [(1, 0), (3, 0), (1, 2), (3, 2)] {
        let (mut world, run) = with(|one| {
            one.start_to_close_timeout = Some(duration(seconds(5)));
            one.heartbeat_timeout = Some(duration(seconds(heartbeat)));
            one.retry_policy = policy(attempts);
        });
        sleep_through(&mut world, run, seconds(5));
        let (kind, state, attempt, failure) = timed_out(&world, run);
        let expected = if heartbeat == 0 {
            TimeoutType::StartToClose
        } else {
            TimeoutType::Heartbeat
        };
        assert_eq!(
            (kind, state, attempt),
            (expected, RetryState::MaximumAttemptsReached, attempts)
        );
        assert_eq!(failure.cause.is_some(), attempts > 1);
    }
}

#[test]
fn a_policy_can_name_time_outs_that_are_not_tried_again() {
    let (mut world, run) = with(|one| {
        one.start_to_close_timeout = Some(duration(seconds(5)));
        one.retry_policy = policy(0);
        let never = &mut one.retry_policy.as_mut().unwrap().non_retryable_error_types;
        never.push("TemporalTimeout:StartToClose".to_owned());
    });
    sleep_through(&mut world, run, seconds(5));
    let (kind, state, attempt, _) = timed_out(&world, run);
    assert_eq!(
        (kind, state, attempt),
        (
            TimeoutType::StartToClose,
            RetryState::NonRetryableFailure,
            1
        )
    );
}

#[test]
fn an_activity_that_nobody_takes_is_not_tried_again() {
    let (mut world, run) = with(|one| {
        one.schedule_to_start_timeout = Some(duration(seconds(5)));
        one.retry_policy = policy(0);
    });
    world.pass(seconds(5));
    let (kind, state, attempt, _) = timed_out(&world, run);
    assert_eq!(
        (kind, state, attempt),
        (
            TimeoutType::ScheduleToStart,
            RetryState::NonRetryableFailure,
            0
        )
    );
    assert!(world.poll_activity().is_none());
}

#[test]
fn the_whole_of_all_attempts_is_limited() {
    // While an attempt runs.
    let (mut world, run) = with(|one| {
        one.schedule_to_close_timeout = Some(duration(seconds(5)));
        one.retry_policy = policy(0);
    });
    world.poll_activity().unwrap();
    world.pass(seconds(5));
    let (kind, state, ..) = timed_out(&world, run);
    assert_eq!(
        (kind, state),
        (
            TimeoutType::ScheduleToClose,
            RetryState::NonRetryableFailure
        )
    );
    // When the next attempt would not fit.
    let (mut world, run) = with(|one| {
        one.schedule_to_close_timeout = Some(duration(seconds(5)));
        one.start_to_close_timeout = Some(duration(seconds(2)));
        one.retry_policy = policy(0);
        one.retry_policy.as_mut().unwrap().initial_interval = Some(duration(seconds(4)));
    });
    world.poll_activity().unwrap();
    world.pass(seconds(2));
    let (kind, state, ..) = timed_out(&world, run);
    assert_eq!(
        (kind, state),
        (TimeoutType::ScheduleToClose, RetryState::Timeout)
    );
}

#[test]
fn failures_are_tried_again_unless_they_or_the_policy_say_no() {
    let ends = [
        (failure("Broken", true), RetryState::NonRetryableFailure),
        (failure("Never", false), RetryState::NonRetryableFailure),
        (failure("Broken", false), RetryState::MaximumAttemptsReached),
    ];
    for (failure, expected) in ends {
        let (mut world, run) = with(|one| {
            one.retry_policy = policy(2);
            let never = &mut one.retry_policy.as_mut().unwrap().non_retryable_error_types;
            never.push("Never".to_owned());
        });
        for _ in 0..2 {
            if let Some(task) = world.poll_activity() {
                world
                    .end(
                        &task.token,
                        ActivityEnd::Failed(Box::new(failure.clone()), None),
                    )
                    .unwrap();
            }
            world.pass(seconds(1));
        }
        let state = world
            .history(run)
            .iter()
            .find_map(|event| match &event.attributes {
                Some(Attributes::ActivityTaskFailedEventAttributes(end)) => Some(end.retry_state()),
                _ => None,
            });
        assert_eq!(state, Some(expected));
    }
}

#[test]
fn the_next_attempt_waits_and_knows_of_the_one_before() {
    let (mut world, _) = with(|one| {
        one.retry_policy = policy(0);
        one.retry_policy.as_mut().unwrap().backoff_coefficient = 2.0;
    });
    for wait in [1, 2, 4] {
        let task = world.poll_activity().unwrap();
        let end = ActivityEnd::Failed(Box::new(failure("Broken", false)), text("half"));
        world.end(&task.token, end).unwrap();
        world.pass(seconds(wait) - 1);
        assert!(world.poll_activity().is_none());
        world.pass(1);
    }
    let task = world.poll_activity().unwrap();
    assert_eq!(task.activity.attempt, 4);
    assert_eq!(read(task.activity.heartbeat_details.as_ref()), "half");
    assert_eq!(task.activity.last_failure.unwrap().message, "Broken");
}

#[test]
fn what_an_attempt_says_that_is_over_is_refused() {
    let (mut world, run) = with(|one| {
        one.start_to_close_timeout = Some(duration(seconds(5)));
        one.retry_policy = policy(0);
    });
    let first = world.poll_activity().unwrap();
    world.pass(seconds(5));
    world.pass(seconds(1));
    let second = world.poll_activity().unwrap();
    let late = world
        .end(&first.token, ActivityEnd::Completed(None))
        .unwrap_err();
    assert_eq!(late.code, Code::NotFound);
    world
        .end(&second.token, ActivityEnd::Completed(None))
        .unwrap();
    let again = world
        .end(&second.token, ActivityEnd::Completed(None))
        .unwrap_err();
    assert_eq!(again.code, Code::NotFound);
    let ends = world
        .names(run)
        .iter()
        .filter(|name| *name == "ActivityTaskCompleted")
        .count();
    assert_eq!(ends, 1);
}

/// Whether the activity is asked to end, as its worker hears.
fn beat(world: &mut World, token: &Token) -> bool {
    let target = ActivityTarget::Token(token.clone());
    world
        .apply(|engine, transaction| engine.heartbeat(transaction, &target, None))
        .unwrap()
}

#[test]
fn an_activity_is_asked_to_end_through_its_heartbeats() {
    let (mut world, run) = with(|one| one.retry_policy = policy(0));
    let task = world.poll_activity().unwrap();
    assert!(!beat(&mut world, &task.token));
    let early = world
        .end(&task.token, ActivityEnd::Canceled(None))
        .unwrap_err();
    assert_eq!(early.code, Code::InvalidArgument);
    world.signal("flow", "go", "1").unwrap();
    world.work(vec![cancel_activity(task.event_id)]).unwrap();
    assert!(beat(&mut world, &task.token));
    // Not tried again, since nobody wants it any more.
    world
        .end(
            &task.token,
            ActivityEnd::Failed(Box::new(failure("Broken", false)), None),
        )
        .unwrap();
    let Some(Attributes::ActivityTaskFailedEventAttributes(end)) = world
        .history(run)
        .into_iter()
        .rev()
        .nth(1)
        .unwrap()
        .attributes
    else {
        panic!("{:?}", world.names(run));
    };
    assert_eq!(end.retry_state(), RetryState::CancelRequested);
}

#[test]
fn an_activity_that_no_worker_has_ends_when_it_is_asked_to() {
    let (mut world, run) = with(|_| {});
    let scheduled = *world.engine.runs[&run].activities.keys().next().unwrap();
    world.signal("flow", "go", "1").unwrap();
    world.work(vec![cancel_activity(scheduled)]).unwrap();
    let names = world.names(run);
    assert_eq!(
        names[names.len() - 3..],
        [
            "ActivityTaskCancelRequested",
            "ActivityTaskCanceled",
            "WorkflowTaskScheduled"
        ]
    );
    assert!(world.poll_activity().is_none());
}

#[test]
fn an_activity_is_asked_to_end_once() {
    let (mut world, run) = with(|_| {});
    let task = world.poll_activity().unwrap();
    let twice = vec![
        cancel_activity(task.event_id),
        cancel_activity(task.event_id),
    ];
    world.signal("flow", "go", "1").unwrap();
    let refusal = world.work(twice).unwrap_err();
    assert!(
        refusal
            .message
            .starts_with("BadRequestCancelActivityAttributes"),
        "{refusal:?}"
    );
    world.work(vec![cancel_activity(task.event_id)]).unwrap();
    world.signal("flow", "on", "2").unwrap();
    let refusal = world
        .work(vec![cancel_activity(task.event_id)])
        .unwrap_err();
    assert!(
        refusal
            .message
            .starts_with("BadRequestCancelActivityAttributes"),
        "{refusal:?}"
    );
    assert!(world.engine.runs.contains_key(&run));
}

#[test]
fn activities_that_a_worker_asks_for_come_with_the_answer() {
    let mut world = World::new();
    world.start(start("any", "flow")).unwrap();
    let commands = vec![
        activity("mine", |mine| mine.request_eager_execution = true),
        activity("yours", |_| {}),
        timer("soon", seconds(1)),
    ];
    let completed = world.work(commands).unwrap();
    assert_eq!(completed.activities.len(), 1);
    assert_eq!(completed.activities[0].activity.activity_id, "mine");
    assert_eq!(world.poll_activity().unwrap().activity.activity_id, "yours");
    assert!(world.poll_activity().is_none());
}

#[test]
fn a_queue_gives_out_no_more_a_second_than_a_worker_wants() {
    let mut world = World::new();
    let _ = world.start(start("any", "flow")).unwrap();
    let activities = ["one", "two", "three"].map(|id| activity(id, |_| {}));
    world.work(activities.into()).unwrap();
    let activities = queue(QUEUE, QueueKind::Activity);
    world.engine.want_rate(&activities, 0.5);
    assert!(world.poll_activity().is_some());
    assert!(world.poll_activity().is_none());
    world.pass(seconds(1));
    assert!(world.poll_activity().is_none());
    world.pass(seconds(1));
    assert!(world.poll_activity().is_some());
    assert!(world.poll_activity().is_none());
    // The last word counts.
    world.engine.want_rate(&activities, 1000.0);
    world.pass(seconds(2));
    assert!(world.poll_activity().is_some());
}
