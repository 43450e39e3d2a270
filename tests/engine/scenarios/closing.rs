//! How runs end, and how a service ends them.

use std::time::Duration;

use temporalio_client::WorkflowStartOptions;
use temporalio_common::RetryPolicy;

use crate::hand::{Hand, commands};
use crate::scenarios;
use crate::scene::Scene;
use crate::script::{Step, act};

scenarios!("closing": completed, failed, cancelled, cancelled_with_cleanup, cancel_ignored,
    cancel_before_the_first_task, cancel_twice, cancel_of_a_closed_run, terminated,
    terminated_twice, terminated_while_a_task_is_held, execution_timeout, run_timeout,
    run_timeout_with_retries, retried_until_success, retries_exhausted, not_retryable,
    cancelled_while_backing_off, nobody);

async fn completed(scene: &Scene) {
    scene.play("flow", vec![]).await;
    scene.result("flow").await;
}

async fn failed(scene: &Scene) {
    scene.play("flow", vec![fail()]).await;
    scene.result("flow").await;
}

async fn cancelled(scene: &Scene) {
    waiting(scene, vec![Step::Hear("never".to_owned())]).await;
    scene.ask_to_cancel("flow", "no more").await;
    scene.result("flow").await;
}

async fn cancelled_with_cleanup(scene: &Scene) {
    let cleanup = Step::Shielded(Box::new(Step::Run(act("echo", "cleaned up"))));
    waiting(scene, vec![Step::AwaitCancel, cleanup, Step::GiveUp]).await;
    scene.ask_to_cancel("flow", "no more").await;
    scene.result("flow").await;
}

async fn cancel_ignored(scene: &Scene) {
    let deaf = Step::Shielded(Box::new(Step::Hear("word".to_owned())));
    waiting(scene, vec![Step::AwaitCancel, deaf]).await;
    scene.ask_to_cancel("flow", "no more").await;
    scene.tasks(&scene.id("flow"), 2).await;
    scene.tell("flow", "word").await;
    scene.result("flow").await;
}

async fn cancel_before_the_first_task(scene: &Scene) {
    scene.start(scene.start_request("flow")).await.unwrap();
    scene.outcome("cancel", &scene.cancel(scene.cancel_request("flow")).await);
    Hand::new(scene).do_next(vec![commands::cancel()]).await;
}

async fn cancel_twice(scene: &Scene) {
    scene.start(scene.start_request("flow")).await.unwrap();
    let request = scene.cancel_request("flow");
    scene.outcome("first", &scene.cancel(request.clone()).await);
    scene.outcome("the same again", &scene.cancel(request).await);
    scene.outcome("another", &scene.cancel(scene.cancel_request("flow")).await);
    Hand::new(scene)
        .do_next(vec![commands::complete("done")])
        .await;
}

async fn cancel_of_a_closed_run(scene: &Scene) {
    scene.start(scene.start_request("flow")).await.unwrap();
    Hand::new(scene)
        .do_next(vec![commands::complete("done")])
        .await;
    scene.outcome("cancel", &scene.cancel(scene.cancel_request("flow")).await);
}

async fn terminated(scene: &Scene) {
    waiting(scene, vec![Step::Hear("never".to_owned())]).await;
    let mut request = scene.terminate_request("flow");
    request.details = crate::hand::text("details");
    scene.outcome("terminate", &scene.try_terminate(request).await);
    scene.result("flow").await;
}

async fn terminated_twice(scene: &Scene) {
    scene.start(scene.start_request("flow")).await.unwrap();
    scene.outcome(
        "first",
        &scene.try_terminate(scene.terminate_request("flow")).await,
    );
    scene.outcome(
        "second",
        &scene.try_terminate(scene.terminate_request("flow")).await,
    );
}

/// What is held is failed first, and its answer comes too late.
async fn terminated_while_a_task_is_held(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    let task = hand.task().await;
    scene
        .signal(scene.signal_request("flow", "held back"))
        .await
        .unwrap();
    scene.outcome(
        "terminate",
        &scene.try_terminate(scene.terminate_request("flow")).await,
    );
    let late = hand
        .send(hand.answer(&task, vec![commands::complete("late")]))
        .await;
    scene.refused_in_words("answer", &late.unwrap_err());
}

async fn execution_timeout(scene: &Scene) {
    let mut request = scene.start_request("flow");
    request.workflow_execution_timeout = Duration::from_secs(1).try_into().ok();
    scene.start(request).await.unwrap();
    scene.closed(&scene.id("flow")).await;
}

async fn run_timeout(scene: &Scene) {
    let mut request = scene.start_request("flow");
    request.workflow_run_timeout = Duration::from_secs(1).try_into().ok();
    scene.start(request).await.unwrap();
    scene.closed(&scene.id("flow")).await;
}

/// A run that timed out is tried again like one that failed.
async fn run_timeout_with_retries(scene: &Scene) {
    let mut request = scene.start_request("flow");
    request.workflow_run_timeout = Duration::from_secs(1).try_into().ok();
    request.retry_policy = commands::retries(2);
    scene.start(request).await.unwrap();
    // The first close event that is not followed by another run.
    scene.result("flow").await;
}

async fn retried_until_success(scene: &Scene) {
    stubborn(scene, vec![Step::FailBefore(3)]).await;
}

async fn retries_exhausted(scene: &Scene) {
    stubborn(scene, vec![Step::FailBefore(9)]).await;
}

async fn not_retryable(scene: &Scene) {
    stubborn(
        scene,
        vec![Step::FailForGood(
            "on purpose".to_owned(),
            "Purpose".to_owned(),
        )],
    )
    .await;
}

/// A signal waits for the end of the pause; a request to cancel does not.
async fn cancelled_while_backing_off(scene: &Scene) {
    let mut request = scene.start_request("flow");
    request.retry_policy = commands::retries(3);
    if let Some(policy) = &mut request.retry_policy {
        policy.initial_interval = Duration::from_mins(10).try_into().ok();
    }
    scene.start(request).await.unwrap();
    let hand = Hand::new(scene);
    hand.do_next(vec![commands::fail("first")]).await;
    scene.outcome(
        "signal",
        &scene.signal(scene.signal_request("flow", "early")).await,
    );
    let events = scene.history(&scene.id("flow"), "").await;
    scene.note("events before", events.len());
    scene.outcome("cancel", &scene.cancel(scene.cancel_request("flow")).await);
    let described = scene.describe("flow").await;
    scene.note("pending task", described.pending_workflow_task.is_some());
}

async fn nobody(scene: &Scene) {
    scene.outcome("cancel", &scene.cancel(scene.cancel_request("none")).await);
    scene.outcome(
        "terminate",
        &scene.try_terminate(scene.terminate_request("none")).await,
    );
}

fn fail() -> Step {
    Step::Fail("on purpose".to_owned(), "Purpose".to_owned())
}

/// A script that has done what it could.
async fn waiting(scene: &Scene, steps: Vec<Step>) {
    scene.play("flow", steps).await;
    scene.tasks(&scene.id("flow"), 1).await;
}

/// A script that is tried three times.
async fn stubborn(scene: &Scene, steps: Vec<Step>) {
    let retry = RetryPolicy::builder()
        .initial_interval(Duration::from_secs(1))
        .backoff_coefficient(1.0)
        .maximum_attempts(3)
        .build();
    let options = WorkflowStartOptions::new(scene.staffed(), scene.id("flow"))
        .retry_policy(retry)
        .build();
    scene.play_with(options, steps).await;
    scene.result("flow").await;
}
