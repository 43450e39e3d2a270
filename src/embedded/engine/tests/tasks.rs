//! Workflow tasks: what is held back while one runs and how it comes out, attempts that the
//! history does not show, answers that come too late, and commands that make no sense.

use temporalio_client::tonic::Code;
use temporalio_common::protos::temporal::api::command::v1::Command;
use temporalio_common::protos::temporal::api::command::v1::command::Attributes as CommandAttributes;
use temporalio_common::protos::temporal::api::enums::v1::{
    ParentClosePolicy, WorkflowTaskFailedCause,
};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_common::protos::temporal::api::workflowservice::v1::QueryWorkflowRequest;

use super::worker::{
    accept, activity, cancel_activity, cancel_timer, child, complete, completion, place, respond,
    sticky, tell, timer, update,
};
use super::world::{NAMESPACE, QUEUE, World, execution, signal, start, text};
use crate::embedded::engine::time::seconds;
use crate::embedded::engine::{ActivityEnd, Asked, Engine, Output, QueryAnswer};

/// A workflow whose first task was done with these commands.
fn begun(commands: Vec<Command>) -> (World, i64) {
    let mut world = World::new();
    let run = world.start(start("any", "flow")).unwrap().key;
    world.work(commands).unwrap();
    (world, run)
}

#[test]
fn ends_come_out_after_everything_else_that_came_while_a_task_ran() {
    let commands = vec![
        activity("one", |_| {}),
        timer("soon", seconds(5)),
        child("any", "child", ParentClosePolicy::Abandon),
    ];
    let (mut world, run) = begun(commands);
    // The child's start made the task that is held now.
    let held = world.poll().unwrap();
    let work = world.poll_activity().unwrap();
    world
        .end(&work.token, ActivityEnd::Completed(None))
        .unwrap();
    let of_child = world.poll().unwrap();
    assert_eq!(of_child.execution.workflow_id, "child");
    world
        .complete(completion(&of_child, vec![complete("")]))
        .unwrap();
    world.signal("flow", "late", "1").unwrap();
    world.pass(seconds(5));
    let before = world.names(run).len();
    world.complete(completion(&held, vec![])).unwrap();
    assert_eq!(
        world.names(run)[before..],
        [
            "WorkflowTaskCompleted",
            "ActivityTaskStarted",
            "WorkflowExecutionSignaled",
            "TimerFired",
            "ActivityTaskCompleted",
            "ChildWorkflowExecutionCompleted",
            "WorkflowTaskScheduled",
        ]
    );
}

#[test]
fn a_run_does_not_end_over_the_head_of_what_it_has_not_seen() {
    let (mut world, run) = begun(vec![]);
    world.signal("flow", "first", "1").unwrap();
    let held = world.poll().unwrap();
    world.signal("flow", "second", "2").unwrap();
    let refusal = world
        .complete(completion(&held, vec![complete("")]))
        .unwrap_err();
    assert_eq!(
        (refusal.code, refusal.message.as_str()),
        (Code::InvalidArgument, "UnhandledCommand")
    );
    let names = world.names(run);
    assert_eq!(
        names[names.len() - 3..],
        [
            "WorkflowTaskFailed",
            "WorkflowExecutionSignaled",
            "WorkflowTaskScheduled"
        ]
    );
    world.work(vec![complete("")]).unwrap();
    assert_eq!(
        world.names(run).last().unwrap(),
        "WorkflowExecutionCompleted"
    );
}

#[test]
fn repeated_attempts_are_in_the_history_only_once_they_succeed() {
    let mut world = World::new();
    let run = world.start(start("any", "flow")).unwrap().key;
    let cause = WorkflowTaskFailedCause::WorkflowWorkerUnhandledFailure;
    for attempt in 1..=4 {
        let task = world.poll().unwrap();
        assert_eq!(task.attempt, attempt);
        assert_eq!(task.unwritten.len(), if attempt == 1 { 0 } else { 2 });
        world
            .apply(|engine, transaction| {
                engine.fail_workflow_task(transaction, &task.token, cause, None, "worker")
            })
            .unwrap();
    }
    let first = [
        "WorkflowExecutionStarted",
        "WorkflowTaskScheduled",
        "WorkflowTaskStarted",
        "WorkflowTaskFailed",
    ];
    assert_eq!(world.names(run), first);
    let task = world.poll().unwrap();
    assert_eq!(task.started_event_id, 6);
    world.complete(completion(&task, vec![])).unwrap();
    let history = world.history(run);
    let Some(Attributes::WorkflowTaskScheduledEventAttributes(scheduled)) = &history[4].attributes
    else {
        panic!("{history:?}");
    };
    assert_eq!((history.len(), scheduled.attempt), (7, 5));
    // The next one is a first attempt again.
    world.signal("flow", "go", "1").unwrap();
    assert_eq!(world.poll().unwrap().attempt, 1);
}

#[test]
fn what_comes_between_two_attempts_makes_the_next_a_first() {
    let mut world = World::new();
    let run = world.start(start("any", "flow")).unwrap().key;
    let task = world.poll().unwrap();
    let cause = WorkflowTaskFailedCause::WorkflowWorkerUnhandledFailure;
    world
        .apply(|engine, transaction| {
            engine.fail_workflow_task(transaction, &task.token, cause, None, "worker")
        })
        .unwrap();
    world.signal("flow", "go", "1").unwrap();
    let task = world.poll().unwrap();
    assert_eq!((task.attempt, task.unwritten.len()), (1, 0));
    let names = world.names(run);
    assert_eq!(
        names[4..],
        [
            "WorkflowExecutionSignaled",
            "WorkflowTaskScheduled",
            "WorkflowTaskStarted"
        ]
    );
}

#[test]
fn a_task_that_is_not_answered_in_time_is_given_out_again_and_its_late_answer_refused() {
    let mut world = World::new();
    let run = world.start(start("any", "flow")).unwrap().key;
    let lost = world.poll().unwrap();
    world.pass(seconds(9));
    assert!(world.poll().is_none());
    world.pass(seconds(1));
    assert_eq!(world.names(run).last().unwrap(), "WorkflowTaskTimedOut");
    let next = world.poll().unwrap();
    let refusal = world
        .complete(completion(&lost, vec![complete("late")]))
        .unwrap_err();
    assert_eq!(
        (refusal.code, refusal.message.as_str()),
        (Code::NotFound, "Workflow task not found.")
    );
    world
        .complete(completion(&next, vec![complete("")]))
        .unwrap();
    let again = world
        .complete(completion(&next, vec![complete("")]))
        .unwrap_err();
    assert_eq!(again.code, Code::NotFound);
}

#[test]
fn a_task_is_done_whole_or_not_at_all() {
    let nonsense: Vec<(&str, Vec<Command>)> = vec![
        ("BadStartTimerAttributes", vec![timer("", 1)]),
        ("BadStartTimerAttributes", vec![timer("past", -1)]),
        (
            "StartTimerDuplicateId",
            vec![timer("one", 1), timer("one", 1)],
        ),
        ("BadCancelTimerAttributes", vec![cancel_timer("none")]),
        ("BadScheduleActivityAttributes", vec![activity("", |_| {})]),
        (
            "BadScheduleActivityAttributes",
            vec![activity("one", |one| one.start_to_close_timeout = None)],
        ),
        (
            "ScheduleActivityDuplicateId",
            vec![activity("one", |_| {}), activity("one", |_| {})],
        ),
        (
            "BadRequestCancelActivityAttributes",
            vec![cancel_activity(99)],
        ),
        // An event, but no activity.
        (
            "BadRequestCancelActivityAttributes",
            vec![cancel_activity(1)],
        ),
        (
            "BadStartChildExecutionAttributes",
            vec![child("any", "", ParentClosePolicy::Abandon)],
        ),
        ("BadSignalWorkflowExecutionAttributes", vec![tell("", "go")]),
        (
            "BadUpdateWorkflowExecutionMessage",
            vec![place(&accept("none"))],
        ),
    ];
    for (cause, mut commands) in nonsense {
        let mut world = World::new();
        let run = world.start(start("any", "flow")).unwrap().key;
        commands.insert(0, timer("sound", seconds(1)));
        let task = world.poll().unwrap();
        let refusal = world.complete(completion(&task, commands)).unwrap_err();
        assert!(
            refusal.message.starts_with(&format!("{cause}: ")),
            "{cause}: {refusal:?}"
        );
        assert_eq!(world.names(run)[3..], ["WorkflowTaskFailed"], "{cause}");
        assert_eq!(world.poll().unwrap().attempt, 2, "{cause}");
    }
}

#[test]
fn a_task_is_taken_back_once_too_much_is_held_back_for_it() {
    let mut world = World::new();
    let run = world.start(start("any", "flow")).unwrap().key;
    let task = world.poll().unwrap();
    let half = text(&"m".repeat(1024 * 1024));
    let send = |world: &mut World, request_id: &str| {
        let mut request = signal("flow", "much", request_id);
        request.input = half.clone();
        world.apply(|engine, transaction| engine.signal(transaction, request))
    };
    send(&mut world, "first").unwrap();
    assert_eq!(world.names(run).len(), 3);
    send(&mut world, "second").unwrap();
    // The next try is not in the history: none after a first that failed is.
    let signals = ["WorkflowExecutionSignaled"; 2];
    assert_eq!(
        world.names(run)[3..],
        [&["WorkflowTaskFailed"], &signals[..]].concat()
    );
    let late = world.complete(completion(&task, Vec::new())).unwrap_err();
    assert_eq!(late.code, Code::NotFound);
    assert_eq!(world.poll().unwrap().attempt, 2);
}

#[test]
fn a_message_about_no_update_fails_the_task_before_anything_is_done() {
    for message in [
        accept("unheard"),
        respond("unheard", ""),
        respond("known", ""),
    ] {
        let (mut world, run) = begun(vec![]);
        world.apply(|engine, transaction| {
            engine
                .admit_update(transaction, run, update("known", "do"))
                .unwrap()
        });
        let before = world.names(run).len();
        let task = world.poll().unwrap();
        let mut request = completion(&task, vec![timer("sound", seconds(1)), place(&message)]);
        request.messages = vec![message];
        let refusal = world.complete(request).unwrap_err();
        assert!(
            refusal
                .message
                .starts_with("BadUpdateWorkflowExecutionMessage: "),
            "{refusal:?}"
        );
        assert!(!world.names(run)[before..].contains(&"TimerStarted".to_owned()));
        // The run goes on, and the update with it.
        let again = world.poll().unwrap();
        assert_eq!((again.attempt, again.messages.len()), (2, 1));
    }
}

#[test]
fn a_fired_timer_that_the_running_task_cancels_never_fired() {
    let (mut world, run) = begun(vec![timer("soon", seconds(5))]);
    world.signal("flow", "go", "1").unwrap();
    let held = world.poll().unwrap();
    world.pass(seconds(5));
    world
        .complete(completion(&held, vec![cancel_timer("soon")]))
        .unwrap();
    let names = world.names(run);
    assert_eq!(
        names[names.len() - 2..],
        ["WorkflowTaskCompleted", "TimerCanceled"]
    );
}

#[test]
fn the_next_task_comes_with_the_answer_and_is_what_is_new() {
    for keeps in [false, true] {
        let (mut world, _) = begun(vec![]);
        world.signal("flow", "go", "1").unwrap();
        let task = world.poll().unwrap();
        world.signal("flow", "on", "2").unwrap();
        let mut request = completion(&task, vec![]);
        request.return_new_workflow_task = true;
        if keeps {
            request = sticky(request, "own", seconds(10));
        }
        let next = world.complete(request).unwrap().next.unwrap();
        let new = (task.started_event_id + 1, next.started_event_id);
        assert_eq!(next.events, new);
    }
}

pub(super) fn ask(
    engine: &mut Engine,
    transaction: &mut crate::embedded::engine::Transaction,
) -> u64 {
    let request = QueryWorkflowRequest {
        namespace: NAMESPACE.to_owned(),
        execution: Some(execution("flow")),
        query: Some(WorkflowQuery {
            query_type: "how".to_owned(),
            ..Default::default()
        }),
        ..Default::default()
    };
    match engine.ask(transaction, request).unwrap() {
        Asked::Waits { id, .. } => id,
        Asked::Rejected(status) => panic!("{status}"),
    }
}

#[test]
fn an_answer_to_a_query_of_before_a_restart_is_nobodys_answer() {
    let (mut world, _) = begun(vec![]);
    let before = world.apply(ask);
    let asked = world.poll().unwrap();
    assert_eq!(asked.token.query, before);
    world.now += 1;
    world.restart();
    let after = world.apply(ask);
    let answer = QueryAnswer {
        kind: 1,
        result: text("stale"),
        ..QueryAnswer::default()
    };
    let late = world.apply(|engine, transaction| {
        engine.answer_query(transaction, asked.token.query, answer.clone())
    });
    assert_eq!(late.unwrap_err().code, Code::NotFound);
    world
        .apply(|engine, transaction| engine.answer_query(transaction, after, answer))
        .unwrap();
    assert!(matches!(&world.outputs[..], [.., Output::Query { id, .. }] if *id == after));
}

#[test]
fn a_query_goes_with_the_task_that_waits_and_alone_if_there_is_none() {
    let (mut world, _) = begun(vec![]);
    world.apply(ask);
    let alone = world.poll().unwrap();
    assert!(alone.query.is_some() && alone.queries.is_empty());
    world.signal("flow", "go", "1").unwrap();
    let id = world.apply(ask);
    let with = world.poll_at(QUEUE).unwrap();
    assert!(with.query.is_none() && with.queries.contains_key(&id.to_string()));
    // The worker ends the workflow without a word about it: it is asked of the closed run.
    world
        .complete(completion(&with, vec![complete("")]))
        .unwrap();
    let closed = world.poll().unwrap();
    assert_eq!(
        (closed.token.query, closed.previous_started_event_id),
        (id, with.started_event_id)
    );
}

#[test]
fn unknown_commands_and_commands_after_the_end_are_refused_and_the_task_kept() {
    let mut world = World::new();
    world.start(start("any", "flow")).unwrap();
    let task = world.poll().unwrap();
    let unknown = Command {
        command_type: 999,
        ..Default::default()
    };
    let bad = [vec![unknown], vec![complete(""), timer("late", 1)]];
    for commands in bad {
        let refusal = world.complete(completion(&task, commands)).unwrap_err();
        assert_eq!(refusal.code, Code::InvalidArgument);
    }
    // The type says one thing, what is in it another: it ends the run, and what follows is
    // not done.
    let mut disguised = complete("done");
    disguised.command_type = 1;
    assert!(matches!(
        disguised.attributes,
        Some(CommandAttributes::CompleteWorkflowExecutionCommandAttributes(_))
    ));
    world
        .complete(completion(&task, vec![disguised, timer("late", 1)]))
        .unwrap();
    assert!(world.engine.runs.is_empty());
}
