//! Workflow tasks that go wrong: late, twice, with nonsense, or never answered.

use std::time::Duration;

use temporalio_common::protos::temporal::api::command::v1::Command;
use temporalio_common::protos::temporal::api::enums::v1::{
    CommandType, EventType, WorkflowTaskFailedCause as Cause,
};
use temporalio_common::protos::temporal::api::sdk::v1::UserMetadata;

use crate::hand::{Hand, Task, anatomy, commands, payload, shape, text};
use crate::scenarios;
use crate::scene::Scene;

scenarios!("tasks": timed_out, timed_out_then_signalled, failed_then_done, failed_twice, failed_thrice,
    failed_then_signalled, failed_with_much_history, answered_twice, answered_too_late,
    answered_with_nonsense_token, without_attributes, unknown_timer, unknown_activity, timer_id_twice, activity_id_twice,
    activity_without_timeouts, activity_without_a_type, unknown_command, command_after_completion,
    unregistered_attribute, child_without_an_id, bad_signal_target, sticky_and_then_not,
    sticky_timeout, returned_with_the_answer, heartbeat_of_a_task, failed_by_the_worker_with_a_cause,
    with_metadata, activity_twice_completed, activity_after_the_run, shut_down_worker);

async fn timed_out(scene: &Scene) {
    let hand = begin_hasty(scene).await;
    let held = hand.task().await;
    let again = hand.task().await;
    scene.note("again", anatomy(&again));
    let late = hand
        .send(hand.answer(&held, vec![commands::complete("late")]))
        .await;
    scene.refused_in_words("the late answer", &late.unwrap_err());
    hand.complete(&again, vec![commands::complete("done")])
        .await;
}

async fn timed_out_then_signalled(scene: &Scene) {
    let hand = begin_hasty(scene).await;
    let _held = hand.task().await;
    scene
        .seen(&scene.id("flow"), EventType::WorkflowTaskTimedOut, 1)
        .await;
    scene
        .signal(scene.signal_request("flow", "news"))
        .await
        .unwrap();
    let again = hand.do_next(vec![commands::complete("done")]).await;
    scene.note("again", anatomy(&again));
}

async fn failed_then_done(scene: &Scene) {
    let hand = begin(scene).await;
    fail(scene, &hand).await;
    let again = hand.do_next(vec![commands::complete("done")]).await;
    scene.note("again", anatomy(&again));
}

/// From the second attempt on, failures are not in the history.
async fn failed_twice(scene: &Scene) {
    let hand = begin(scene).await;
    for _ in 0..2 {
        fail(scene, &hand).await;
    }
    let again = hand.do_next(vec![commands::complete("done")]).await;
    scene.note("again", anatomy(&again));
}

/// From then on there is a pause before the next attempt.
async fn failed_thrice(scene: &Scene) {
    let hand = begin(scene).await;
    for _ in 0..3 {
        fail(scene, &hand).await;
    }
    let pending = scene.describe("flow").await.pending_workflow_task.unwrap();
    scene.note(
        "pending",
        format!("{:?}, attempt {}", pending.state(), pending.attempt),
    );
}

/// News make it a first attempt again.
async fn failed_then_signalled(scene: &Scene) {
    let hand = begin(scene).await;
    fail(scene, &hand).await;
    scene
        .signal(scene.signal_request("flow", "news"))
        .await
        .unwrap();
    let again = hand.do_next(vec![commands::complete("done")]).await;
    scene.note("again", anatomy(&again));
}

/// What a worker reads of a task's history does not depend on how many pages it takes.
async fn failed_with_much_history(scene: &Scene) {
    // One takes up half of what goes with a task.
    const LENGTH: usize = 1_700_000;
    let hand = begin(scene).await;
    for _ in 0..2 {
        let mut request = scene.signal_request("flow", "much");
        request.input = text(&"m".repeat(LENGTH));
        scene.signal(request).await.unwrap();
    }
    let task = hand.task().await;
    hand.fail(&task, Cause::WorkflowWorkerUnhandledFailure, "for a while")
        .await
        .unwrap();
    let again = hand.task().await;
    scene.note("again", shape(&hand.events(&again).await));
    hand.complete(&again, vec![commands::complete("done")])
        .await;
}

async fn answered_twice(scene: &Scene) {
    let hand = begin(scene).await;
    let task = hand.do_next(vec![commands::marker("once")]).await;
    let twice = hand
        .send(hand.answer(&task, vec![commands::marker("twice")]))
        .await;
    scene.refused_in_words("the second answer", &twice.unwrap_err());
}

async fn answered_too_late(scene: &Scene) {
    let hand = begin(scene).await;
    let task = hand.do_next(vec![commands::complete("done")]).await;
    let late = hand
        .send(hand.answer(&task, vec![commands::marker("late")]))
        .await;
    scene.refused_in_words("the late answer", &late.unwrap_err());
    let failed = hand
        .fail(&task, Cause::WorkflowWorkerUnhandledFailure, "late")
        .await;
    scene.refused_in_words("the late failure", &failed.unwrap_err());
}

async fn answered_with_nonsense_token(scene: &Scene) {
    let hand = begin(scene).await;
    let task = |token: &[u8]| Task {
        task_token: token.to_vec(),
        ..Default::default()
    };
    let sent = hand.send(hand.answer(&task(b"nonsense"), Vec::new())).await;
    scene.refused("nonsense", &sent.unwrap_err());
    let sent = hand.send(hand.answer(&task(b""), Vec::new())).await;
    scene.refused("nothing", &sent.unwrap_err());
}

async fn without_attributes(scene: &Scene) {
    nonsense(
        scene,
        vec![commands::command(CommandType::StartTimer, None)],
    )
    .await;
}

async fn unknown_timer(scene: &Scene) {
    nonsense(scene, vec![commands::cancel_timer("unheard-of")]).await;
}

async fn unknown_activity(scene: &Scene) {
    nonsense(scene, vec![commands::cancel_activity(99)]).await;
}

async fn timer_id_twice(scene: &Scene) {
    let timer = || commands::timer("one", Duration::from_mins(1));
    nonsense(scene, vec![timer(), timer()]).await;
}

async fn activity_id_twice(scene: &Scene) {
    let queue = scene.own("hand");
    let activity = || commands::activity(commands::activity_attributes("one", &queue));
    nonsense(scene, vec![activity(), activity()]).await;
}

async fn activity_without_timeouts(scene: &Scene) {
    let mut attributes = commands::activity_attributes("one", &scene.own("hand"));
    attributes.start_to_close_timeout = None;
    nonsense(scene, vec![commands::activity(attributes)]).await;
}

async fn activity_without_a_type(scene: &Scene) {
    let mut attributes = commands::activity_attributes("one", &scene.own("hand"));
    attributes.activity_type = None;
    nonsense(scene, vec![commands::activity(attributes)]).await;
}

async fn unknown_command(scene: &Scene) {
    let command = Command {
        command_type: 999,
        ..Default::default()
    };
    nonsense(scene, vec![command]).await;
}

async fn command_after_completion(scene: &Scene) {
    nonsense(
        scene,
        vec![commands::complete("done"), commands::marker("more")],
    )
    .await;
}

async fn unregistered_attribute(scene: &Scene) {
    nonsense(
        scene,
        vec![commands::attribute("EngineUnheardOf", payload("value"))],
    )
    .await;
}

async fn child_without_an_id(scene: &Scene) {
    let attributes = commands::child_attributes("", &scene.own("hand"));
    nonsense(scene, vec![commands::child(attributes)]).await;
}

async fn bad_signal_target(scene: &Scene) {
    nonsense(scene, vec![commands::signal("", "tell")]).await;
}

/// The next task is the worker's own until it says otherwise.
async fn sticky_and_then_not(scene: &Scene) {
    let hand = begin(scene).await;
    let task = hand.task().await;
    sticky(&hand, &task).await;
    let news = async {
        scene
            .signal(scene.signal_request("flow", "news"))
            .await
            .unwrap();
    };
    let task = hand.sticky_task_after("mine", news).await;
    scene.note("sticky", anatomy(&task));
    hand.complete(&task, vec![commands::marker("no longer sticky")])
        .await;
    scene
        .signal(scene.signal_request("flow", "more"))
        .await
        .unwrap();
    let task = hand.do_next(vec![commands::complete("done")]).await;
    scene.note("normal", anatomy(&task));
}

/// A worker that polled and vanished: its task waits for it, then for anybody.
async fn sticky_timeout(scene: &Scene) {
    let hand = begin(scene).await;
    let task = hand.task().await;
    sticky(&hand, &task).await;
    let news = async {
        scene
            .signal(scene.signal_request("flow", "news"))
            .await
            .unwrap();
    };
    let task = hand.sticky_task_after("mine", news).await;
    sticky(&hand, &task).await;
    // Somebody polled there just now, and does no more.
    scene
        .signal(scene.signal_request("flow", "more"))
        .await
        .unwrap();
    let task = hand.do_next(vec![commands::complete("done")]).await;
    scene.note("normal", anatomy(&task));
}

/// An answer brings the next task, if there is one.
async fn returned_with_the_answer(scene: &Scene) {
    let hand = begin(scene).await;
    let task = hand.task().await;
    scene
        .signal(scene.signal_request("flow", "news"))
        .await
        .unwrap();
    let mut answer = hand.answer(&task, vec![commands::marker("first")]);
    answer.return_new_workflow_task = true;
    let next = hand.send(answer).await.unwrap().workflow_task.unwrap();
    scene.note("next", anatomy(&next));
    let mut answer = hand.answer(&next, vec![commands::marker("second")]);
    answer.return_new_workflow_task = true;
    let answered = hand.send(answer).await.unwrap();
    scene.note("and then", answered.workflow_task.is_some());
}

async fn heartbeat_of_a_task(scene: &Scene) {
    let hand = begin(scene).await;
    let task = hand.task().await;
    let mut answer = hand.answer(&task, Vec::new());
    answer.return_new_workflow_task = true;
    answer.force_create_new_workflow_task = true;
    let next = hand.send(answer).await.unwrap().workflow_task.unwrap();
    scene.note("next", anatomy(&next));
    hand.complete(&next, vec![commands::complete("done")]).await;
}

async fn failed_by_the_worker_with_a_cause(scene: &Scene) {
    let hand = begin(scene).await;
    let task = hand.task().await;
    let failed = hand
        .fail(&task, Cause::NonDeterministicError, "not the same")
        .await;
    scene.outcome("failure", &failed);
    hand.do_next(vec![commands::complete("done")]).await;
}

/// What is said for people goes with the events.
async fn with_metadata(scene: &Scene) {
    let hand = begin(scene).await;
    let mut timer = commands::timer("one", Duration::from_mins(1));
    timer.user_metadata = Some(UserMetadata {
        summary: Some(payload("in short")),
        ..Default::default()
    });
    hand.do_next(vec![timer]).await;
}

async fn activity_twice_completed(scene: &Scene) {
    let hand = begin(scene).await;
    let attributes = commands::activity_attributes("one", &scene.own("hand"));
    hand.do_next(vec![commands::activity(attributes)]).await;
    let activity = hand.activity().await;
    scene.outcome("first", &hand.activity_done(&activity, "done").await);
    let twice = hand.activity_done(&activity, "again").await;
    scene.refused_in_words("second", &twice.unwrap_err());
    scene.outcome("failed", &hand.activity_failed(&activity, "late").await);
    scene.outcome("heartbeat", &hand.heartbeat(&activity, "late").await);
    scene.outcome(
        "cancelled",
        &hand.activity_cancelled(&activity, "late").await,
    );
    hand.do_next(vec![commands::complete("done")]).await;
}

async fn activity_after_the_run(scene: &Scene) {
    let hand = begin(scene).await;
    let attributes = commands::activity_attributes("one", &scene.own("hand"));
    hand.do_next(vec![commands::activity(attributes)]).await;
    let activity = hand.activity().await;
    scene
        .try_terminate(scene.terminate_request("flow"))
        .await
        .unwrap();
    scene.outcome("heartbeat", &hand.heartbeat(&activity, "late").await);
    scene.outcome("done", &hand.activity_done(&activity, "late").await);
    let mut broken = activity.clone();
    broken.task_token = b"nonsense".to_vec();
    scene.outcome("nonsense", &hand.activity_done(&broken, "late").await);
}

/// A worker that takes leave frees what it had for itself.
async fn shut_down_worker(scene: &Scene) {
    use temporalio_client::tonic::Request;
    use temporalio_common::protos::temporal::api::workflowservice::v1::ShutdownWorkerRequest;

    let hand = begin(scene).await;
    let task = hand.task().await;
    sticky(&hand, &task).await;
    let request = ShutdownWorkerRequest {
        namespace: "default".to_owned(),
        sticky_task_queue: scene.own("mine"),
        identity: "hand".to_owned(),
        reason: "end of work".to_owned(),
        ..Default::default()
    };
    let left = scene.service().shutdown_worker(Request::new(request)).await;
    scene.outcome("shutdown", &left);
    scene
        .signal(scene.signal_request("flow", "news"))
        .await
        .unwrap();
    let task = hand.do_next(vec![commands::complete("done")]).await;
    scene.note("normal", anatomy(&task));
}

/// A workflow by hand.
async fn begin(scene: &Scene) -> Hand<'_> {
    scene.start(scene.start_request("flow")).await.unwrap();
    Hand::new(scene)
}

/// One whose tasks may take little time, but enough for a busy machine to do the second.
async fn begin_hasty(scene: &Scene) -> Hand<'_> {
    let mut request = scene.start_request("flow");
    request.workflow_task_timeout = Duration::from_secs(5).try_into().ok();
    scene.start(request).await.unwrap();
    Hand::new(scene)
}

async fn fail(scene: &Scene, hand: &Hand<'_>) {
    let task = hand.task().await;
    scene.note("task", anatomy(&task));
    let failed = hand
        .fail(&task, Cause::WorkflowWorkerUnhandledFailure, "for a while")
        .await;
    scene.outcome("failure", &failed);
}

async fn sticky(hand: &Hand<'_>, task: &Task) {
    let mut answer = hand.answer(task, vec![commands::marker("sticky")]);
    answer.sticky_attributes = hand.sticky("mine", Duration::from_secs(1));
    hand.send(answer).await.unwrap();
}

/// An answer that can't be accepted, and the task after it.
async fn nonsense(scene: &Scene, commands: Vec<Command>) {
    let hand = begin(scene).await;
    let task = hand.task().await;
    let refused = hand.send(hand.answer(&task, commands)).await;
    scene.refused_in_words("answer", &refused.unwrap_err());
    let again = hand.do_next(vec![commands::complete("done")]).await;
    scene.note("again", anatomy(&again));
}
