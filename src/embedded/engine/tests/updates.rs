//! Updates, and the tasks that are made for them alone.

use temporalio_common::protos::temporal::api::update::v1::{Outcome, outcome};

use super::worker::{accept, complete, completion, place, reject, respond, sticky, timer, update};
use super::world::{World, read, start};
use crate::embedded::engine::time::seconds;
use crate::embedded::engine::{Output, Stage, Token, UpdateState, WorkflowTask};
use temporalio_client::tonic::Code;

/// A workflow that has done its first task and waits.
fn idle() -> (World, i64) {
    let mut world = World::new();
    let run = world.start(start("any", "flow")).unwrap().key;
    world.work(vec![]).unwrap();
    (world, run)
}

fn admit(world: &mut World, run: i64, id: &str) -> UpdateState {
    world
        .apply(|engine, transaction| engine.admit_update(transaction, run, update(id, "do")))
        .unwrap()
        .1
}

/// Accepts and completes the updates that came with a task.
fn answer(world: &mut World, task: &WorkflowTask) {
    let mut request = completion(task, vec![]);
    for message in &task.messages {
        let id = &message.protocol_instance_id;
        for message in [accept(id), respond(id, "done")] {
            request.commands.push(place(&message));
            request.messages.push(message);
        }
    }
    world.complete(request).unwrap();
}

fn told(world: &World, id: &str) -> Vec<UpdateState> {
    let told = world.outputs.iter().filter_map(|output| match output {
        Output::Update { id: of, state, .. } if of == id => Some(state.clone().unwrap()),
        _ => None,
    });
    told.collect()
}

#[test]
fn a_rejected_update_leaves_no_trace() {
    let (mut world, run) = idle();
    let before = world.history(run);
    assert_eq!(admit(&mut world, run, "one").stage, Stage::Admitted);
    let task = world.poll().unwrap();
    assert_eq!(task.events, (1, 4));
    assert_eq!(task.unwritten.len(), 2);
    assert_eq!(task.started_event_id, 6);
    let mut request = completion(&task, vec![]);
    request.messages.push(reject("one"));
    let completed = world.complete(request).unwrap();
    assert_eq!(completed.reset_history_event_id, 3);
    assert_eq!(world.history(run), before);
    let told = told(&world, "one");
    assert_eq!((told.len(), told[0].stage), (1, Stage::Completed));
    let Some(Outcome {
        value: Some(outcome::Value::Failure(failure)),
    }) = &told[0].outcome
    else {
        panic!("{told:?}");
    };
    assert_eq!(failure.message, "Rejected");
    // The id is free again.
    assert_eq!(admit(&mut world, run, "one").stage, Stage::Admitted);
    let task = world.poll().unwrap();
    answer(&mut world, &task);
    assert_eq!(world.disk.tables().updates.len(), 1);
}

#[test]
fn an_accepted_update_brings_its_task_into_the_history() {
    let (mut world, run) = idle();
    admit(&mut world, run, "one");
    let task = world.poll().unwrap();
    answer(&mut world, &task);
    assert_eq!(
        world.names(run)[4..],
        [
            "WorkflowTaskScheduled",
            "WorkflowTaskStarted",
            "WorkflowTaskCompleted",
            "WorkflowExecutionUpdateAccepted",
            "WorkflowExecutionUpdateCompleted",
        ]
    );
    let stages: Vec<_> = told(&world, "one")
        .iter()
        .map(|state| state.stage)
        .collect();
    assert_eq!(stages, [Stage::Accepted, Stage::Completed]);
    // Whoever asks again, even of another engine, hears of the first.
    world.restart();
    let again = admit(&mut world, run, "one");
    assert_eq!(
        (again.stage, again.completed_id),
        (Stage::Completed, Some(9))
    );
    assert!(world.poll().is_none());
}

#[test]
fn a_worker_that_says_nothing_of_an_update_rejects_it() {
    let (mut world, run) = idle();
    admit(&mut world, run, "one");
    let task = world.poll().unwrap();
    world.complete(completion(&task, vec![])).unwrap();
    assert_eq!(world.names(run).len(), 4);
    let Some(Outcome {
        value: Some(outcome::Value::Failure(failure)),
    }) = told(&world, "one").remove(0).outcome
    else {
        panic!("it was not rejected");
    };
    assert!(failure.message.contains("wasn't processed by worker"));
}

#[test]
fn a_task_for_an_update_becomes_one_like_any_other_when_something_else_comes() {
    for started in [false, true] {
        let (mut world, run) = idle();
        admit(&mut world, run, "one");
        let held = started.then(|| world.poll().unwrap());
        world.signal("flow", "go", "1").unwrap();
        let names = world.names(run);
        let expected: &[&str] = if started {
            &["WorkflowTaskScheduled", "WorkflowTaskStarted"]
        } else {
            &["WorkflowTaskScheduled", "WorkflowExecutionSignaled"]
        };
        assert_eq!(names[4..], *expected);
        let task = held.unwrap_or_else(|| world.poll().unwrap());
        let mut request = completion(&task, vec![]);
        request.messages.push(reject("one"));
        let completed = world.complete(request).unwrap();
        assert_eq!(completed.reset_history_event_id, 0);
        assert!(
            world
                .names(run)
                .contains(&"WorkflowTaskCompleted".to_owned())
        );
        assert_eq!(
            world.poll().is_some(),
            started,
            "the signal waited for the task's end"
        );
    }
}

#[test]
fn a_restart_forgets_the_task_and_the_update_that_nobody_accepted() {
    for started in [false, true] {
        let (mut world, run) = idle();
        admit(&mut world, run, "one");
        let stale: Option<Token> = started.then(|| world.poll().unwrap().token);
        world.restart();
        assert_eq!(world.names(run).len(), 4);
        assert!(world.poll().is_none());
        // Its asker asks again.
        admit(&mut world, run, "one");
        let task = world.poll().unwrap();
        assert!(stale.is_none_or(|stale| stale.stamp != task.token.stamp));
        answer(&mut world, &task);
        assert_eq!(world.names(run).len(), 9);
    }
}

#[test]
fn an_update_whose_worker_is_lost_goes_with_the_next_task() {
    let (mut world, run) = idle();
    admit(&mut world, run, "one");
    let lost = world.poll().unwrap();
    world.pass(seconds(10));
    let next = world.poll().unwrap();
    assert_eq!(next.messages, {
        let mut messages = lost.messages.clone();
        for message in &mut messages {
            message.sequencing_id = next.messages[0].sequencing_id;
        }
        messages
    });
    answer(&mut world, &next);
    assert_eq!(told(&world, "one").len(), 2);
    assert_eq!(
        world.names(run)[4..7],
        [
            "WorkflowTaskScheduled",
            "WorkflowTaskStarted",
            "WorkflowTaskTimedOut"
        ]
    );
}

#[test]
fn an_update_that_its_sticky_worker_does_not_fetch_goes_to_all_without_a_trace() {
    let mut world = World::new();
    let run = world.start(start("any", "flow")).unwrap().key;
    let task = world.poll().unwrap();
    world
        .complete(sticky(completion(&task, vec![]), "own", seconds(5)))
        .unwrap();
    admit(&mut world, run, "one");
    assert!(world.poll().is_none());
    world.pass(seconds(5));
    assert_eq!(world.names(run).len(), 4);
    let task = world.poll().unwrap();
    assert_eq!(task.events, (1, 4));
    answer(&mut world, &task);
}

#[test]
fn updates_of_a_run_that_ends_are_told_so() {
    let (mut world, run) = idle();
    admit(&mut world, run, "accepted");
    let task = world.poll().unwrap();
    let mut request = completion(
        &task,
        vec![timer("long", seconds(100)), place(&accept("accepted"))],
    );
    request.messages.push(accept("accepted"));
    world.complete(request).unwrap();
    world.signal("flow", "go", "1").unwrap();
    let task = world.poll().unwrap();
    admit(&mut world, run, "waiting");
    world.outputs.clear();
    world
        .complete(completion(&task, vec![complete("")]))
        .unwrap();
    let outcome = told(&world, "accepted").remove(0).outcome;
    assert!(matches!(
        outcome,
        Some(Outcome {
            value: Some(outcome::Value::Failure(_))
        })
    ));
    let refused = world.outputs.iter().any(|output| {
        matches!(output, Output::Update { id, state: Err(refusal), .. }
            if id == "waiting" && refusal.code == Code::NotFound)
    });
    assert!(refused, "{:?}", world.outputs);
}

#[test]
fn what_a_worker_accepts_after_the_end_is_not_accepted() {
    let (mut world, run) = idle();
    admit(&mut world, run, "one");
    let task = world.poll().unwrap();
    let mut request = completion(&task, vec![complete("")]);
    request.messages.push(accept("one"));
    world.complete(request).unwrap();
    assert_eq!(
        world.names(run).last().unwrap(),
        "WorkflowExecutionCompleted"
    );
    assert!(
        world
            .outputs
            .iter()
            .any(|output| matches!(output, Output::Update { state: Err(_), .. }))
    );
}

#[test]
fn updates_are_answered_with_what_the_worker_said() {
    let (mut world, run) = idle();
    admit(&mut world, run, "one");
    admit(&mut world, run, "two");
    let task = world.poll().unwrap();
    assert_eq!(task.messages.len(), 2);
    answer(&mut world, &task);
    for id in ["one", "two"] {
        let Some(Outcome {
            value: Some(outcome::Value::Success(result)),
        }) = told(&world, id).pop().unwrap().outcome
        else {
            panic!("{id} failed");
        };
        assert_eq!(read(Some(&result)), "done");
    }
}
