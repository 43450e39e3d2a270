//! Queries in every state of a run.

use std::time::Duration;

use futures::join;
use temporalio_client::tonic::{Code, Request};
use temporalio_common::protos::temporal::api::enums::v1::{
    QueryRejectCondition as Condition, WorkflowTaskFailedCause,
};

use crate::hand::{Hand, anatomy, commands};
use crate::scenarios;
use crate::scene::Scene;
use crate::script::Step;
use crate::worker::Manner;

scenarios!("queries": idle, right_after_a_signal, before_the_first_task, of_a_closed_run,
    of_a_failed_run_on_condition, with_a_condition, unknown, failing, of_nobody, without_a_worker,
    of_a_wedged_workflow, by_hand_idle, by_hand_sticky, by_hand_with_a_task,
    by_hand_while_a_task_is_held, by_hand_failing,
    by_hand_of_a_closed_run, answered_twice);

async fn idle(scene: &Scene) {
    waiting(scene).await;
    scene.asked("log", scene.query_request("flow", "log")).await;
    scene
        .asked("again", scene.query_request("flow", "log"))
        .await;
}

/// Its answer knows of the signal.
async fn right_after_a_signal(scene: &Scene) {
    waiting(scene).await;
    scene
        .signal(scene.signal_request("flow", "news"))
        .await
        .unwrap();
    scene.asked("log", scene.query_request("flow", "log")).await;
}

/// It waits for the worker, which does the first task with it.
async fn before_the_first_task(scene: &Scene) {
    let queue = scene.own("queue");
    scene
        .play_on(&queue, "flow", vec![Step::Hear("word".to_owned())])
        .await;
    let asking = scene.asked("log", scene.query_request("flow", "log"));
    let hiring = async { scene.hire(&queue, Manner::default()) };
    let ((), worker) = join!(asking, hiring);
    worker.shut_down().await;
}

async fn of_a_closed_run(scene: &Scene) {
    scene.play("flow", vec![Step::Sleep(1)]).await;
    scene.result("flow").await;
    scene.asked("log", scene.query_request("flow", "log")).await;
}

async fn of_a_failed_run_on_condition(scene: &Scene) {
    scene
        .play(
            "flow",
            vec![Step::Fail("on purpose".to_owned(), "Purpose".to_owned())],
        )
        .await;
    scene.result("flow").await;
    for condition in [
        Condition::None,
        Condition::NotOpen,
        Condition::NotCompletedCleanly,
    ] {
        let request = scene.query_if("flow", "log", condition);
        scene.asked(&format!("{condition:?}"), request).await;
    }
}

async fn with_a_condition(scene: &Scene) {
    waiting(scene).await;
    for condition in [Condition::NotOpen, Condition::NotCompletedCleanly] {
        scene
            .asked(
                &format!("open, {condition:?}"),
                scene.query_if("flow", "log", condition),
            )
            .await;
    }
    scene.tell("flow", "word").await;
    scene.result("flow").await;
    for condition in [Condition::NotOpen, Condition::NotCompletedCleanly] {
        scene
            .asked(
                &format!("closed, {condition:?}"),
                scene.query_if("flow", "log", condition),
            )
            .await;
    }
}

async fn unknown(scene: &Scene) {
    waiting(scene).await;
    scene
        .asked("unheard of", scene.query_request("flow", "unheard-of"))
        .await;
}

async fn failing(scene: &Scene) {
    waiting(scene).await;
    scene
        .asked("broken", scene.query_request("flow", "broken"))
        .await;
}

async fn of_nobody(scene: &Scene) {
    scene
        .asked("no workflow", scene.query_request("none", "log"))
        .await;
    scene
        .asked("no name", scene.query_request("none", ""))
        .await;
    let mut request = scene.query_request("none", "log");
    request.query = None;
    scene.asked("no query", request).await;
}

/// The deadline ends it, in the client or in the server, whichever comes first.
async fn without_a_worker(scene: &Scene) {
    scene.start(scene.start_request("flow")).await.unwrap();
    let mut request = Request::new(scene.query_request("flow", "log"));
    request.set_timeout(Duration::from_secs(1));
    let refused = scene.service().query_workflow(request).await.unwrap_err();
    let in_time = matches!(refused.code(), Code::Cancelled | Code::DeadlineExceeded);
    scene.note("query", in_time);
}

/// One whose task keeps failing is refused at once.
async fn of_a_wedged_workflow(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    for _ in 0..3 {
        let task = hand.task().await;
        scene.note("task", anatomy(&task));
        let cause = WorkflowTaskFailedCause::WorkflowWorkerUnhandledFailure;
        hand.fail(&task, cause, "wedged").await.unwrap();
    }
    scene.asked("log", scene.query_request("flow", "log")).await;
    let described = scene.describe("flow").await;
    let pending = described.pending_workflow_task.unwrap();
    scene.note(
        "pending",
        format!("{:?}, attempt {}", pending.state(), pending.attempt),
    );
}

async fn by_hand_idle(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    hand.do_next(vec![commands::marker("seen")]).await;
    ask_by_hand(scene, &hand).await;
}

/// A worker that has the run in memory gets no history with it.
async fn by_hand_sticky(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    let task = hand.task().await;
    let sticky = |task| {
        let mut answer = hand.answer(task, vec![commands::marker("seen")]);
        answer.sticky_attributes = hand.sticky("mine", Duration::from_secs(10));
        answer
    };
    hand.send(sticky(&task)).await.unwrap();
    let signalling = async {
        scene
            .signal(scene.signal_request("flow", "news"))
            .await
            .unwrap();
    };
    let task = hand.sticky_task_after("mine", signalling).await;
    scene.note("task", anatomy(&task));
    hand.send(sticky(&task)).await.unwrap();
    let answering = async {
        let task = hand.sticky_task("mine").await;
        scene.note("task", anatomy(&task));
        scene.outcome("answer", &hand.answer_query(&task, Some("by hand")).await);
    };
    scene
        .asked_meanwhile("log", scene.query_request("flow", "log"), answering)
        .await;
}

/// A task that is due takes the query along, or is done before it.
async fn by_hand_with_a_task(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    hand.do_next(vec![commands::marker("seen")]).await;
    scene
        .signal(scene.signal_request("flow", "news"))
        .await
        .unwrap();
    let answering = async {
        let task = hand.task().await;
        let came_along = !task.queries.is_empty();
        let answer = hand.with_answers(&task, hand.answer(&task, Vec::new()), "by hand");
        hand.send(answer).await.unwrap();
        if !came_along {
            let task = hand.task().await;
            hand.answer_query(&task, Some("by hand")).await.unwrap();
        }
    };
    scene
        .asked_meanwhile("log", scene.query_request("flow", "log"), answering)
        .await;
}

/// One that is asked while a task is held waits for its answer, and sees what that did.
async fn by_hand_while_a_task_is_held(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    let held = hand.task().await;
    let answering = async {
        hand.complete(&held, vec![commands::marker("seen")]).await;
        let task = hand.task().await;
        hand.answer_query(&task, Some("by hand")).await.unwrap();
    };
    scene
        .asked_meanwhile("log", scene.query_request("flow", "log"), answering)
        .await;
}

async fn by_hand_failing(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    hand.do_next(vec![commands::marker("seen")]).await;
    let answering = async {
        let task = hand.task().await;
        scene.outcome("answer", &hand.answer_query(&task, None).await);
    };
    scene
        .asked_meanwhile("log", scene.query_request("flow", "log"), answering)
        .await;
}

async fn by_hand_of_a_closed_run(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    hand.do_next(vec![commands::complete("done")]).await;
    ask_by_hand(scene, &hand).await;
}

async fn answered_twice(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    hand.do_next(vec![commands::marker("seen")]).await;
    let answering = async {
        let task = hand.task().await;
        hand.answer_query(&task, Some("by hand")).await.unwrap();
        scene.outcome("again", &hand.answer_query(&task, Some("again")).await);
    };
    scene
        .asked_meanwhile("log", scene.query_request("flow", "log"), answering)
        .await;
}

/// A script that waits for a word, and has done what it could.
async fn waiting(scene: &Scene) {
    scene
        .play("flow", vec![Step::Hear("word".to_owned())])
        .await;
    scene.tasks(&scene.id("flow"), 1).await;
}

/// Asks `flow` a question that a worker by hand answers.
async fn ask_by_hand(scene: &Scene, hand: &Hand<'_>) {
    let answering = async {
        let task = hand.task().await;
        scene.note("task", anatomy(&task));
        scene.outcome("answer", &hand.answer_query(&task, Some("by hand")).await);
    };
    scene
        .asked_meanwhile("log", scene.query_request("flow", "log"), answering)
        .await;
}
