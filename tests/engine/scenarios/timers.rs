//! Timers.

use std::time::Duration;

use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::workflowservice::v1::RespondWorkflowTaskCompletedRequest as Answer;

use crate::hand::{Hand, commands};
use crate::scenarios;
use crate::scene::Scene;
use crate::script::Step;

scenarios!("timers": fire, cancel, two_in_order, cancelled_with_the_workflow,
    fire_while_a_task_is_held, started_and_cancelled_in_one_task, at_once);

async fn fire(scene: &Scene) {
    scene.play("flow", vec![Step::Sleep(1)]).await;
    scene.result("flow").await;
}

async fn cancel(scene: &Scene) {
    let steps = vec![Step::Until(
        "wake".to_owned(),
        Box::new(Step::Sleep(600_000)),
    )];
    scene.play("flow", steps).await;
    scene.tasks(&scene.id("flow"), 1).await;
    scene.tell("flow", "wake").await;
    scene.result("flow").await;
}

async fn two_in_order(scene: &Scene) {
    scene
        .play(
            "flow",
            vec![Step::Together(vec![Step::Sleep(6000), Step::Sleep(500)])],
        )
        .await;
    scene.result("flow").await;
}

async fn cancelled_with_the_workflow(scene: &Scene) {
    scene
        .play("flow", vec![Step::Sleep(600_000), Step::GiveUp])
        .await;
    scene.tasks(&scene.id("flow"), 1).await;
    scene.ask_to_cancel("flow", "no more").await;
    scene.result("flow").await;
}

/// It is held back until the answer, which then can't close the run.
async fn fire_while_a_task_is_held(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    let long = commands::timer("long", Duration::from_secs(1));
    let task = hand.task().await;
    let answer = hand.answer(&task, vec![long]);
    let next = hand
        .send(force_new(answer))
        .await
        .unwrap()
        .workflow_task
        .unwrap();
    // Nothing tells from outside that it has; another one, started later, shows the time.
    scene.play("clock", vec![Step::Sleep(2000)]).await;
    scene.closed(&scene.id("clock")).await;
    let refused = hand
        .send(hand.answer(&next, vec![commands::complete("early")]))
        .await;
    scene.refused_in_words("completion", &refused.unwrap_err());
    hand.do_next(vec![commands::complete("late")]).await;
    scene
        .seen(&scene.id("flow"), EventType::WorkflowExecutionCompleted, 1)
        .await;
}

async fn started_and_cancelled_in_one_task(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    let both = vec![
        commands::timer("brief", Duration::from_mins(1)),
        commands::cancel_timer("brief"),
    ];
    hand.do_next(both).await;
    scene.tasks(&scene.id("flow"), 1).await;
}

async fn at_once(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    hand.do_next(vec![commands::timer("none", Duration::ZERO)])
        .await;
    hand.do_next(vec![commands::complete("done")]).await;
}

fn force_new(answer: Answer) -> Answer {
    Answer {
        force_create_new_workflow_task: true,
        return_new_workflow_task: true,
        ..answer
    }
}
