//! Activities whose worker is lost, with the engine or without it.

use super::activities::{policy, with};
use super::worker::by;
use crate::embedded::engine::ActivityEnd;
use crate::embedded::engine::time::{duration, seconds};

#[test]
fn attempts_of_a_worker_that_went_with_the_engine_do_not_count() {
    let (mut world, _) = with(|one| {
        one.schedule_to_start_timeout = Some(duration(seconds(5)));
        one.retry_policy = policy(1);
    });
    for _ in 0..3 {
        world.poll_activity_by(&by(true)).unwrap();
        // It ran longer than it may wait for a worker, which is nothing to wonder at.
        world.now += seconds(20);
        world.restart();
        world.pass(0);
    }
    let task = world.poll_activity().unwrap();
    assert_eq!(task.activity.attempt, 1);
    assert!(
        task.activity
            .last_failure
            .unwrap()
            .message
            .contains("does not count")
    );
}

#[test]
fn attempts_of_other_workers_outlive_the_engine() {
    let (mut world, run) = with(|one| one.retry_policy = policy(1));
    let task = world.poll_activity().unwrap();
    world.restart();
    assert!(world.poll_activity().is_none());
    world
        .end(&task.token, ActivityEnd::Completed(None))
        .unwrap();
    assert!(
        world
            .names(run)
            .contains(&"ActivityTaskCompleted".to_owned())
    );
}

#[test]
fn an_attempt_that_never_reached_its_worker_is_given_out_again() {
    let (mut world, _) = with(|one| {
        one.schedule_to_start_timeout = Some(duration(seconds(5)));
        one.retry_policy = policy(1);
    });
    let lost = world.poll_activity().unwrap();
    world.now += seconds(20);
    world.apply(|engine, transaction| engine.lose_activity(transaction, &lost.token));
    world.pass(0);
    let task = world.poll_activity().unwrap();
    assert_eq!(task.activity.attempt, 1);
    assert_ne!(task.token.stamp, lost.token.stamp);
}

#[test]
fn an_activity_waits_for_no_clock_that_was_put_back() {
    let (mut world, _) = with(|_| {});
    world.now -= seconds(3_600);
    world.restart();
    assert!(world.poll_activity().is_some());
}

/// Nobody could take it while the engine was away, which is no reason to end it.
#[test]
fn the_time_without_an_engine_does_not_count_for_what_waits() {
    let (mut world, _) = with(|one| {
        one.schedule_to_start_timeout = Some(duration(seconds(5)));
        one.retry_policy = policy(3);
    });
    world.now += seconds(20);
    world.restart();
    world.pass(0);
    let task = world.poll_activity().unwrap();
    assert_eq!(task.activity.attempt, 1);
    // The engine that is there counts.
    world.apply(|engine, transaction| engine.lose_activity(transaction, &task.token));
    world.pass(seconds(6));
    assert!(world.poll_activity().is_none(), "it waited too long");
}
