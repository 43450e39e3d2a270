//! Queues of single workers: what waits there when the worker is slow, or gone.

use super::worker::{completion, queue, sticky};
use super::world::{QUEUE, World, start};
use crate::embedded::engine::QueueKind;
use crate::embedded::engine::time::seconds;

/// A workflow whose worker keeps it, and a signal to it.
fn kept() -> (World, i64) {
    let mut world = World::new();
    let run = world.start(start("any", "flow")).unwrap().key;
    let task = world.poll().unwrap();
    begin(&mut world, "own");
    world
        .complete(sticky(completion(&task, vec![]), "own", seconds(5)))
        .unwrap();
    world.signal("flow", "go", "1").unwrap();
    (world, run)
}

fn begin(world: &mut World, name: &str) {
    let queue = queue(name, QueueKind::Workflow);
    world
        .apply(|engine, transaction| engine.begin_poll(transaction, &queue, "worker", None))
        .unwrap();
}

fn abandon(world: &mut World, name: &str) {
    let queue = queue(name, QueueKind::Workflow);
    world.apply(|engine, transaction| engine.abandon_poll(transaction, &queue, true));
}

#[test]
fn a_kept_run_comes_to_its_worker_with_only_what_is_new() {
    let (mut world, run) = kept();
    assert!(world.poll().is_none());
    let task = world.poll_at("own").unwrap();
    assert_eq!(task.events, (4, 7));
    assert_eq!(world.names(run).len(), 7);
}

#[test]
fn a_kept_run_whose_worker_is_slow_goes_to_all_as_a_first_attempt() {
    let (mut world, run) = kept();
    world.pass(seconds(4));
    assert!(world.poll().is_none());
    world.pass(seconds(1));
    assert_eq!(
        world.names(run)[6..],
        ["WorkflowTaskTimedOut", "WorkflowTaskScheduled"]
    );
    assert!(world.poll_at("own").is_none());
    let task = world.poll().unwrap();
    assert_eq!((task.attempt, task.events.0), (1, 1));
}

#[test]
fn a_kept_run_whose_worker_is_gone_goes_to_all_at_once_and_without_a_trace() {
    let (mut world, run) = kept();
    abandon(&mut world, "own");
    assert_eq!(
        world.names(run)[4..],
        ["WorkflowExecutionSignaled", "WorkflowTaskScheduled"]
    );
    let task = world.poll().unwrap();
    assert_eq!(task.events, (1, 7));
    // So do later ones, for as long as the worker is not back.
    world
        .complete(sticky(completion(&task, vec![]), "own", seconds(5)))
        .unwrap();
    world.signal("flow", "on", "2").unwrap();
    assert!(world.poll_at("own").is_none());
    let task = world.poll().unwrap();
    begin(&mut world, "own");
    world
        .complete(sticky(completion(&task, vec![]), "own", seconds(5)))
        .unwrap();
    world.signal("flow", "back", "3").unwrap();
    assert!(world.poll_at("own").is_some());
}

#[test]
fn one_of_several_polls_that_goes_is_not_the_worker() {
    let (mut world, _) = kept();
    begin(&mut world, "own");
    abandon(&mut world, "own");
    assert!(world.poll().is_none());
    assert!(world.poll_at("own").is_some());
}

#[test]
fn a_restart_gives_kept_runs_to_all() {
    let (mut world, _) = kept();
    world.restart();
    assert!(world.poll_at("own").is_none());
    assert_eq!(world.poll_at(QUEUE).unwrap().attempt, 1);
}

#[test]
fn a_kept_task_that_fails_is_tried_by_another_as_a_first_attempt() {
    let (mut world, run) = kept();
    world.poll_at("own").unwrap();
    world.pass(seconds(10));
    let task = world.poll().unwrap();
    assert_eq!((task.attempt, task.events.0), (1, 1));
    assert!(
        world
            .names(run)
            .contains(&"WorkflowTaskTimedOut".to_owned())
    );
}
