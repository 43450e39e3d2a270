//! How runs end: asked to, without being asked, in time or over it; what becomes of their
//! children, and of what is left of them.

use temporalio_client::tonic::Code;
use temporalio_common::protos::temporal::api::common::v1::{RetryPolicy, WorkflowExecution};
use temporalio_common::protos::temporal::api::enums::v1::{
    ParentClosePolicy, RetryState, WorkflowExecutionStatus as Status,
};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    RequestCancelWorkflowExecutionRequest, TerminateWorkflowExecutionRequest,
};

use super::invariants;
use super::worker::{activity, child, complete, completion, continue_as_new, fail, timer};
use super::world::{NAMESPACE, World, execution, start};
use crate::embedded::engine::time::{duration, seconds};
use crate::embedded::engine::{ActivityEnd, Answer, Engine};

fn terminate(world: &mut World, id: &str) -> Answer<()> {
    let request = TerminateWorkflowExecutionRequest {
        namespace: NAMESPACE.to_owned(),
        workflow_execution: Some(execution(id)),
        ..Default::default()
    };
    world.apply(|engine, transaction| engine.terminate(transaction, request))
}

fn cancel(world: &mut World, id: &str) -> Answer<()> {
    let request = RequestCancelWorkflowExecutionRequest {
        namespace: NAMESPACE.to_owned(),
        workflow_execution: Some(execution(id)),
        ..Default::default()
    };
    world.apply(|engine, transaction| engine.request_cancel(transaction, request))
}

fn statuses(world: &World, id: &str) -> Vec<Status> {
    let runs = world.disk.runs_of(id);
    runs.iter()
        .map(|row| Status::try_from(row.status).unwrap())
        .collect()
}

#[test]
fn a_run_that_is_ended_while_a_worker_has_its_task_ends_in_order() {
    for by_time in [false, true] {
        let mut world = World::new();
        let mut request = start("any", "flow");
        request.workflow_run_timeout = Some(duration(seconds(5)));
        let run = world.start(request).unwrap().key;
        world
            .work(vec![activity("one", |_| {}), timer("long", seconds(100))])
            .unwrap();
        let work = world.poll_activity().unwrap();
        world.signal("flow", "go", "1").unwrap();
        let held = world.poll().unwrap();
        world.signal("flow", "late", "2").unwrap();
        let before = world.names(run).len();
        if by_time {
            world.pass(seconds(5));
        } else {
            terminate(&mut world, "flow").unwrap();
        }
        let last = if by_time {
            "WorkflowExecutionTimedOut"
        } else {
            "WorkflowExecutionTerminated"
        };
        assert_eq!(
            world.names(run)[before..],
            ["WorkflowTaskFailed", "WorkflowExecutionSignaled", last]
        );
        // Whoever is still at something of it is told so.
        let late = world.complete(completion(&held, vec![])).unwrap_err();
        assert_eq!(
            (late.code, late.message.as_str()),
            (Code::NotFound, "Workflow task not found.")
        );
        let late = world
            .end(&work.token, ActivityEnd::Completed(None))
            .unwrap_err();
        assert_eq!(late.code, Code::NotFound);
        assert_eq!(
            world.signal("flow", "go", "3").unwrap_err().code,
            Code::NotFound
        );
        assert_eq!(
            terminate(&mut world, "flow").unwrap_err().code,
            Code::NotFound
        );
        // What has ended need not be asked to.
        cancel(&mut world, "flow").unwrap();
        invariants::of_disk(&world.disk.tables());
        assert_eq!(world.engine.next_deadline(), None);
    }
}

#[test]
fn a_request_to_end_is_written_once_and_does_not_wait_for_a_delay() {
    let mut world = World::new();
    let mut request = start("any", "flow");
    request.workflow_start_delay = Some(duration(seconds(100)));
    let run = world.start(request).unwrap().key;
    assert!(world.poll().is_none());
    cancel(&mut world, "flow").unwrap();
    cancel(&mut world, "flow").unwrap();
    assert_eq!(
        world.names(run)[1..],
        ["WorkflowExecutionCancelRequested", "WorkflowTaskScheduled"]
    );
    assert!(world.poll().is_some());
}

#[test]
fn a_delay_and_a_back_off_hold_the_first_task_back() {
    let mut world = World::new();
    let mut request = start("any", "flow");
    request.workflow_start_delay = Some(duration(seconds(10)));
    world.start(request).unwrap();
    world.signal("flow", "go", "1").unwrap();
    world.restart();
    world.pass(seconds(9));
    assert!(world.poll().is_none());
    world.pass(seconds(1));
    assert_eq!(world.poll().unwrap().events, (1, 4));
}

/// Fails, or times out, as often as its policy says; how long until each next run.
fn retried(by_time: bool) -> (World, RetryState) {
    let mut world = World::new();
    let mut request = start("any", "flow");
    request.retry_policy = Some(RetryPolicy {
        initial_interval: Some(duration(seconds(2))),
        maximum_attempts: 3,
        ..Default::default()
    });
    request.workflow_run_timeout = Some(duration(seconds(5)));
    world.start(request).unwrap();
    for wait in [2, 4, 0] {
        if by_time {
            world.pass(seconds(5));
        } else {
            world.work(vec![fail()]).unwrap();
        }
        world.pass(seconds(wait));
    }
    let last = world.disk.runs_of("flow").pop().unwrap();
    let state = match world.last(last.key) {
        Attributes::WorkflowExecutionFailedEventAttributes(end) => end.retry_state(),
        Attributes::WorkflowExecutionTimedOutEventAttributes(end) => end.retry_state(),
        other => panic!("{other:?}"),
    };
    (world, state)
}

#[test]
fn a_run_that_fails_or_times_out_is_tried_again_as_often_as_its_policy_says() {
    for (by_time, status) in [(false, Status::Failed), (true, Status::TimedOut)] {
        let (world, state) = retried(by_time);
        assert_eq!(statuses(&world, "flow"), [status; 3]);
        assert_eq!(state, RetryState::MaximumAttemptsReached);
        invariants::of_disk(&world.disk.tables());
    }
}

#[test]
fn the_whole_of_a_chain_is_limited() {
    let mut world = World::new();
    let mut request = start("any", "flow");
    request.workflow_execution_timeout = Some(duration(seconds(10)));
    request.retry_policy = Some(RetryPolicy::default());
    world.start(request).unwrap();
    world.pass(seconds(4));
    world.work(vec![continue_as_new("")]).unwrap();
    world.pass(seconds(5));
    assert_eq!(
        statuses(&world, "flow"),
        [Status::ContinuedAsNew, Status::Running]
    );
    world.pass(seconds(1));
    assert_eq!(
        statuses(&world, "flow"),
        [Status::ContinuedAsNew, Status::TimedOut]
    );
}

#[test]
fn children_end_with_their_parents_however_deep_they_are() {
    const DEPTH: usize = 3_000;
    let mut world = World::new();
    world.start(start("any", "0")).unwrap();
    // To look at all runs after each of so many steps would take long.
    world.watched = false;
    for depth in 1..=DEPTH {
        let command = child("any", &depth.to_string(), ParentClosePolicy::Terminate);
        world.work(vec![command]).unwrap();
        // The parent's next task, about its child's start, comes before the child's first.
        world.work(vec![]).unwrap();
    }
    assert_eq!(world.engine.runs.len(), DEPTH + 1);
    terminate(&mut world, "0").unwrap();
    assert!(world.engine.runs.is_empty());
}

#[test]
fn a_child_that_went_on_as_new_still_ends_with_its_parent_and_tells_it() {
    for told in [false, true] {
        let mut world = World::new();
        let run = world.start(start("any", "flow")).unwrap().key;
        world
            .work(vec![child("any", "child", ParentClosePolicy::Terminate)])
            .unwrap();
        // The child's first task, and the parent's about it, in whichever order.
        for _ in 0..2 {
            let task = world.poll().unwrap();
            let commands = if task.run == run {
                vec![]
            } else {
                vec![continue_as_new("")]
            };
            world.complete(completion(&task, commands)).unwrap();
        }
        assert_eq!(
            statuses(&world, "child"),
            [Status::ContinuedAsNew, Status::Running]
        );
        if told {
            world.work(vec![complete("")]).unwrap();
            assert!(
                world
                    .names(run)
                    .contains(&"ChildWorkflowExecutionCompleted".to_owned())
            );
        } else {
            terminate(&mut world, "flow").unwrap();
            assert_eq!(statuses(&world, "child")[1], Status::Terminated);
        }
    }
}

#[test]
fn a_start_that_ends_the_run_in_its_way_is_told_from_its_repetition() {
    let mut world = World::new();
    let mut request = start("any", "flow");
    let first = world.start(request.clone()).unwrap();
    // The same request again is the same run.
    assert_eq!(world.start(request.clone()).unwrap().run_id, first.run_id);
    request.request_id = "other".to_owned();
    request.workflow_id_conflict_policy = 3;
    let second = world.start(request.clone()).unwrap();
    assert_ne!(second.run_id, first.run_id);
    assert_eq!(world.start(request).unwrap().run_id, second.run_id);
    assert_eq!(
        statuses(&world, "flow"),
        [Status::Terminated, Status::Running]
    );
}

#[test]
fn a_run_that_has_just_closed_is_known_before_it_is_on_the_disk() {
    let mut world = World::new();
    world.start(start("any", "flow")).unwrap();
    world.lagging = true;
    let task = world.poll().unwrap();
    world
        .complete(completion(&task, vec![complete("")]))
        .unwrap();
    assert_eq!(statuses(&world, "flow"), [Status::Running]);
    let refusal = world.signal("flow", "go", "1").unwrap_err();
    assert_eq!(refusal.message, "workflow execution already completed");
    let mut request = start("any", "flow");
    request.request_id = "other".to_owned();
    request.workflow_id_reuse_policy = 3;
    assert_eq!(world.start(request).unwrap_err().code, Code::AlreadyExists);
    assert_eq!(world.engine.closing.len(), 1);
    world.flush();
    assert!(world.engine.closing.is_empty());
}

#[test]
fn what_is_deleted_or_expires_is_gone() {
    let mut world = World::new();
    let run = world.start(start("any", "flow")).unwrap().key;
    let other = world.start(start("any", "other")).unwrap().key;
    terminate(&mut world, "other").unwrap();
    world
        .apply(|engine, t| engine.delete(t, NAMESPACE, &execution("flow")))
        .unwrap();
    assert!(world.engine.runs.is_empty());
    assert!(!world.disk.tables().runs.contains_key(&run));
    let nobody = world.apply(|engine, t| engine.delete(t, NAMESPACE, &execution("flow")));
    assert_eq!(nobody.unwrap_err().code, Code::NotFound);
    world.apply(|_, transaction| Engine::expire(transaction, vec![other]));
    let described = world.engine.describe(NAMESPACE, &execution("other"));
    assert_eq!(described.unwrap_err().code, Code::NotFound);
    // Its id is free.
    assert_eq!(world.start(start("any", "other")).unwrap().key, other + 1);
}

#[test]
fn a_run_id_says_which_run_is_meant() {
    let mut world = World::new();
    let first = world.start(start("any", "flow")).unwrap();
    world.work(vec![continue_as_new("")]).unwrap();
    let mut request = TerminateWorkflowExecutionRequest {
        namespace: NAMESPACE.to_owned(),
        workflow_execution: Some(WorkflowExecution {
            workflow_id: "flow".to_owned(),
            run_id: first.run_id.clone(),
        }),
        ..Default::default()
    };
    let of_closed = world.apply(|engine, t| engine.terminate(t, request.clone()));
    assert_eq!(
        of_closed.unwrap_err().message,
        "workflow execution already completed"
    );
    // The chain is known by its first run.
    request.workflow_execution = Some(execution("flow"));
    request.first_execution_run_id = uuid::Uuid::nil().to_string();
    let of_another = world.apply(|engine, t| engine.terminate(t, request.clone()));
    assert_eq!(of_another.unwrap_err().code, Code::NotFound);
    request.first_execution_run_id = first.run_id;
    world
        .apply(|engine, t| engine.terminate(t, request))
        .unwrap();
}
