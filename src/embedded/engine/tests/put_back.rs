//! A clock that was put back by an hour while the engine was away: whatever was waited for
//! takes as long as it should have, and not an hour more.

use super::activities::{policy, with};
use super::worker::timer;
use super::world::{World, start};
use crate::embedded::engine::ActivityEnd;
use crate::embedded::engine::time::{duration, seconds};

const HOUR: i64 = 3_600;

/// The engine goes, the clock is put back, the engine comes; and so once more a second later.
fn put_back(world: &mut World) {
    world.now -= seconds(HOUR);
    world.restart();
    world.pass(seconds(1));
    world.restart();
}

fn count(world: &World, run: i64, event: &str) -> usize {
    world
        .names(run)
        .iter()
        .filter(|name| *name == event)
        .count()
}

#[test]
fn a_timer_fires_when_its_length_has_passed() {
    let mut world = World::new();
    let run = world.start(start("any", "flow")).unwrap().key;
    world
        .work(vec![timer("one", seconds(10)), timer("other", seconds(20))])
        .unwrap();
    put_back(&mut world);
    world.pass(seconds(8));
    assert_eq!(count(&world, run, "TimerFired"), 0);
    world.pass(seconds(2));
    assert_eq!(count(&world, run, "TimerFired"), 1);
    world.pass(seconds(10));
    assert_eq!(count(&world, run, "TimerFired"), 2);
}

#[test]
fn a_timer_that_was_set_by_the_right_clock_is_left_alone() {
    let mut world = World::new();
    let run = world.start(start("any", "flow")).unwrap().key;
    world.work(vec![timer("one", seconds(2 * HOUR))]).unwrap();
    // An hour too much, and back.
    world.pass(seconds(HOUR));
    put_back(&mut world);
    world.pass(seconds(2 * HOUR - 2));
    assert_eq!(count(&world, run, "TimerFired"), 0);
    world.pass(seconds(1));
    assert_eq!(count(&world, run, "TimerFired"), 1);
}

#[test]
fn an_attempt_comes_after_its_back_off() {
    let (mut world, _) = with(|one| one.retry_policy = policy(0));
    let task = world.poll_activity().unwrap();
    let failed = ActivityEnd::Failed(Box::default(), None);
    world.end(&task.token, failed).unwrap();
    world.now -= seconds(HOUR);
    world.restart();
    world.pass(0);
    assert!(world.poll_activity().is_none(), "it is not yet time");
    world.pass(seconds(1));
    assert_eq!(world.poll_activity().unwrap().activity.attempt, 2);
}

#[test]
fn an_attempt_whose_worker_is_silent_times_out() {
    let (mut world, _) = with(|one| {
        one.heartbeat_timeout = Some(duration(seconds(5)));
        one.retry_policy = policy(0);
    });
    world.poll_activity().unwrap();
    put_back(&mut world);
    world.pass(seconds(3));
    assert!(world.poll_activity().is_none());
    // The time-out, and then the back-off.
    world.pass(seconds(1));
    world.pass(seconds(1));
    assert_eq!(world.poll_activity().unwrap().activity.attempt, 2);
}

#[test]
fn a_run_ends_when_its_time_is_over() {
    for chain in [false, true] {
        let mut world = World::new();
        let mut request = start("any", "flow");
        let limit = Some(duration(seconds(10)));
        if chain {
            request.workflow_execution_timeout = limit;
        } else {
            request.workflow_run_timeout = limit;
        }
        let run = world.start(request).unwrap().key;
        put_back(&mut world);
        world.pass(seconds(8));
        assert_eq!(count(&world, run, "WorkflowExecutionTimedOut"), 0);
        world.pass(seconds(1));
        assert_eq!(count(&world, run, "WorkflowExecutionTimedOut"), 1);
    }
}

#[test]
fn a_delayed_start_is_delayed_by_no_more() {
    let mut world = World::new();
    let mut request = start("any", "flow");
    request.workflow_start_delay = Some(duration(seconds(10)));
    let run = world.start(request).unwrap().key;
    put_back(&mut world);
    world.pass(seconds(8));
    assert_eq!(count(&world, run, "WorkflowTaskScheduled"), 0);
    world.pass(seconds(1));
    assert_eq!(count(&world, run, "WorkflowTaskScheduled"), 1);
}
