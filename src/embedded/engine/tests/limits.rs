//! How much there may be of everything.

use temporalio_client::tonic::Code;
use temporalio_common::protos::temporal::api::enums::v1::ParentClosePolicy;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;

use super::worker::{accept, activity, child, completion, place, respond, update};
use super::world::{World, start};
use crate::embedded::engine::time::{duration, seconds};

fn begun() -> (World, i64) {
    let mut world = World::new();
    let run = world.start(start("any", "flow")).unwrap().key;
    world.work(vec![]).unwrap();
    world.watched = false;
    (world, run)
}

#[test]
fn a_run_takes_ten_thousand_signals() {
    let (mut world, run) = begun();
    for number in 0..10_000 {
        world.signal("flow", "go", &number.to_string()).unwrap();
    }
    let refusal = world.signal("flow", "go", "one more").unwrap_err();
    assert_eq!(refusal.code, Code::InvalidArgument);
    // One that was taken is still known, and to another engine as well.
    world.signal("flow", "go", "0").unwrap();
    world.restart();
    world.signal("flow", "go", "9999").unwrap();
    assert!(world.signal("flow", "go", "one more").is_err());
    let signals = world
        .names(run)
        .iter()
        .filter(|name| name.ends_with("Signaled"))
        .count();
    assert_eq!(signals, 10_000);
}

#[test]
fn a_run_waits_for_two_thousand_activities() {
    let (mut world, run) = begun();
    let activities = |from: usize, to: usize| {
        (from..to)
            .map(|number| activity(&number.to_string(), |_| {}))
            .collect()
    };
    world.signal("flow", "go", "1").unwrap();
    world.work(activities(0, 1_999)).unwrap();
    world.signal("flow", "go", "2").unwrap();
    let refusal = world.work(activities(1_999, 2_001)).unwrap_err();
    assert!(
        refusal
            .message
            .starts_with("PendingActivitiesLimitExceeded: "),
        "{refusal:?}"
    );
    world.work(activities(1_999, 2_000)).unwrap();
    assert_eq!(world.engine.runs[&run].activities.len(), 2_000);
}

#[test]
fn a_run_waits_for_two_thousand_children() {
    let (mut world, run) = begun();
    let children = (0..2_001)
        .map(|number| child("any", &number.to_string(), ParentClosePolicy::Terminate))
        .collect();
    world.signal("flow", "go", "1").unwrap();
    let refusal = world.work(children).unwrap_err();
    assert!(
        refusal
            .message
            .starts_with("PendingChildWorkflowsLimitExceeded: "),
        "{refusal:?}"
    );
    assert!(world.engine.runs[&run].children.is_empty());
}

#[test]
fn a_run_has_ten_updates_under_way_and_two_thousand_in_all() {
    let (mut world, run) = begun();
    let admit = |world: &mut World, id: &str| {
        world.apply(|engine, t| engine.admit_update(t, run, update(id, "do")))
    };
    for batch in 0..200 {
        for number in 0..10 {
            admit(&mut world, &format!("{batch} {number}")).unwrap();
        }
        let refusal = admit(&mut world, "one more").unwrap_err();
        assert_eq!(refusal.code, Code::ResourceExhausted);
        // Who asks again for one that is under way is not one more.
        admit(&mut world, &format!("{batch} 0")).unwrap();
        let task = world.poll().unwrap();
        let mut request = completion(&task, vec![]);
        for message in &task.messages {
            let id = &message.protocol_instance_id;
            for message in [accept(id), respond(id, "")] {
                request.commands.push(place(&message));
                request.messages.push(message);
            }
        }
        world.complete(request).unwrap();
    }
    let refusal = admit(&mut world, "one more").unwrap_err();
    assert_eq!(refusal.code, Code::FailedPrecondition);
    assert!(admit(&mut world, "0 0").is_ok());
}

#[test]
fn a_queue_that_nobody_asks_keeps_only_what_is_still_to_be_had() {
    let (mut world, _) = begun();
    for number in 0..100 {
        world.signal("flow", "go", &number.to_string()).unwrap();
        let nowhere = activity("one", |one| {
            one.task_queue = Some(TaskQueue {
                name: "nowhere".to_owned(),
                ..Default::default()
            });
            one.schedule_to_start_timeout = Some(duration(seconds(5)));
        });
        world.work(vec![nowhere]).unwrap();
        world.pass(seconds(5));
        world.work(vec![]).unwrap();
    }
    let left = world.engine.queues.waiting().count();
    assert!(left <= 12, "{left} entries of a minute and more");
}

#[test]
fn a_long_history_is_suggested_to_go_on_as_new() {
    let (mut world, run) = begun();
    world.engine.suggest_continue_as_new(10);
    for number in 0..5 {
        world.signal("flow", "go", &number.to_string()).unwrap();
        let task = world.poll().unwrap();
        let suggested = world.engine.runs[&run]
            .state
            .task
            .as_ref()
            .unwrap()
            .suggest_continue_as_new;
        // Its started event is the last that counts.
        assert_eq!(suggested, task.started_event_id > 10, "{task:?}");
        world.complete(completion(&task, vec![])).unwrap();
    }
}
