//! What a worker sees of a run for a query alone: nothing that another task is for.

use super::tasks::ask;
use super::worker::{completion, queue, sticky, timer};
use super::world::{QUEUE, World, start};
use crate::embedded::engine::time::seconds;
use crate::embedded::engine::{QueryAnswer, QueueKind};

/// A workflow whose worker has a query, and a task that came after it. Gives the run, the
/// query, and the last event that the first task made.
fn overtaken(own: Option<&str>) -> (World, i64, u64, i64) {
    let mut world = World::new();
    let run = world.start(start("any", "flow")).unwrap().key;
    let task = world.poll().unwrap();
    let mut done = completion(&task, vec![timer("late", seconds(1_000))]);
    if let Some(own) = own {
        let queue = queue(own, QueueKind::Workflow);
        world
            .apply(|engine, transaction| engine.begin_poll(transaction, &queue, "worker", None))
            .unwrap();
        done = sticky(done, own, seconds(5));
    }
    world.complete(done).unwrap();
    let settled = i64::try_from(world.names(run).len()).unwrap();
    let query = world.apply(ask);
    world.signal("flow", "go", "1").unwrap();
    (world, run, query, settled)
}

#[test]
fn a_query_that_is_overtaken_by_a_task_has_the_history_of_before() {
    let (mut world, run, query, settled) = overtaken(None);
    let made = usize::try_from(settled).unwrap();
    assert_eq!(
        world.names(run)[made - 1..],
        [
            "TimerStarted",
            "WorkflowExecutionSignaled",
            "WorkflowTaskScheduled"
        ]
    );
    let asked = world.poll().unwrap();
    assert_eq!((asked.token.query, asked.events), (query, (1, settled)));
    // The task itself has all.
    let task = world.poll().unwrap();
    assert_eq!(task.events, (1, settled + 3));
    // Once it is done, so has a query.
    world.complete(completion(&task, vec![])).unwrap();
    world.apply(ask);
    assert_eq!(world.poll().unwrap().events, (1, settled + 4));
}

#[test]
fn a_worker_that_has_a_query_reads_no_more_until_it_has_answered() {
    let (mut world, run, query, settled) = overtaken(Some("own"));
    let seen = |world: &World| world.engine.last_for_query(run, world.now);
    assert_eq!(seen(&world), None, "it has not got it yet");
    let asked = world.poll_at("own").unwrap();
    assert_eq!((asked.token.query, asked.events), (query, (1, 0)));
    assert_eq!(seen(&world), Some(settled));
    // Nobody waits for the answer any more, of which the worker does not know.
    world.apply(|engine, _| engine.forget_query(query));
    let task = world.poll_at("own").unwrap();
    assert_eq!(task.events, (settled - 1, settled + 3));
    assert_eq!(seen(&world), Some(settled));
    world
        .apply(|engine, transaction| {
            engine.put_query_down(run, query);
            engine.answer_query(transaction, query, QueryAnswer::default())
        })
        .unwrap_err();
    assert_eq!(seen(&world), None);
}

#[test]
fn a_worker_that_never_answers_is_forgotten() {
    let (mut world, run, _, settled) = overtaken(Some("own"));
    let _ = world.poll_at("own").unwrap();
    world.pass(seconds(59));
    let seen = |world: &World| world.engine.last_for_query(run, world.now);
    assert_eq!(seen(&world), Some(settled));
    world.pass(seconds(1));
    assert_eq!(seen(&world), None);
}

#[test]
fn a_query_that_a_worker_has_forgotten_is_offered_again() {
    for own in [None, Some("own")] {
        let (mut world, _, query, settled) = overtaken(own);
        let again = |world: &mut World| {
            world.apply(|engine, transaction| engine.offer_query_again(transaction, query));
        };
        world.now += seconds(10);
        again(&mut world);
        let place = own.unwrap_or(QUEUE);
        let asked = world.poll_at(place).unwrap();
        assert_eq!(asked.token.query, query, "nobody had it before");
        let task = world.poll_at(place).unwrap();
        world.complete(completion(&task, vec![])).unwrap();
        world.now += seconds(4);
        again(&mut world);
        assert!(world.poll_at(place).is_none());
        world.now += seconds(1);
        again(&mut world);
        again(&mut world);
        let asked = world.poll().unwrap();
        assert_eq!((asked.token.query, asked.events), (query, (1, settled + 4)));
        assert!(world.poll().is_none());
    }
}
