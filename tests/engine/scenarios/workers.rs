//! Workers that come and go, and workflow code that fails them.

use std::time::Duration;

use temporalio_client::WorkflowStartOptions;
use temporalio_common::protos::temporal::api::enums::v1::EventType;

use crate::desk;
use crate::hand::commands;
use crate::scenarios;
use crate::scene::Scene;
use crate::script::{Act, Step, act, local};
use crate::worker::Manner;

scenarios!("workers": vanished_with_a_task, vanished_with_a_run_in_memory,
    vanished_with_an_activity, shut_down_while_polling, shut_down_with_a_run_in_memory,
    panic_then_fixed, nondeterminism, without_a_cache, unknown_workflow_type, two_on_a_queue);

/// What it held times out, and is done by another.
async fn vanished_with_a_task(scene: &Scene) {
    let queue = scene.own("queue");
    let place = scene.own("gate");
    let worker = scene.hire(&queue, Manner::default());
    let options = WorkflowStartOptions::new(&queue, scene.id("flow"))
        .task_timeout(Duration::from_secs(5))
        .build();
    scene
        .play_with(options, vec![Step::Run(local("gate", &place))])
        .await;
    desk::arrived(&place, 1).await;
    worker.vanish().await;
    desk::open(&place);
    let next = scene.hire(&queue, Manner::default());
    scene.result("flow").await;
    next.shut_down().await;
}

async fn vanished_with_a_run_in_memory(scene: &Scene) {
    let queue = scene.own("queue");
    let manner = Manner {
        sticky: Duration::from_secs(1),
        ..Manner::default()
    };
    let worker = scene.hire(&queue, manner);
    scene
        .play_on(&queue, "flow", vec![Step::Hear("word".to_owned())])
        .await;
    scene.tasks(&scene.id("flow"), 1).await;
    worker.vanish().await;
    scene.tell("flow", "word").await;
    let next = scene.hire(&queue, manner);
    scene.result("flow").await;
    next.shut_down().await;
}

/// Nobody hears of it any more, and another worker has the next attempt.
async fn vanished_with_an_activity(scene: &Scene) {
    let queue = scene.own("queue");
    let place = scene.own("gate");
    let gate = Act {
        queue: Some(queue.clone()),
        heartbeat: Some(4000),
        backoff: Some(1),
        ..act("gate", &place)
    };
    let worker = scene.hire(&queue, Manner::default());
    scene.play("flow", vec![Step::Run(gate)]).await;
    // Its first heartbeat has come: that is what the next attempt knows of it.
    scene
        .pending("flow", |info| info.heartbeat_details.is_some())
        .await;
    worker.vanish().await;
    desk::open(&place);
    let next = scene.hire(&queue, Manner::default());
    scene.result("flow").await;
    next.shut_down().await;
}

async fn shut_down_while_polling(scene: &Scene) {
    let queue = scene.own("queue");
    let worker = scene.hire(&queue, Manner::default());
    scene.polled(commands::normal(&queue)).await;
    worker.shut_down().await;
    scene
        .play_on(&queue, "flow", vec![Step::Run(act("echo", "after all"))])
        .await;
    let next = scene.hire(&queue, Manner::default());
    scene.result("flow").await;
    next.shut_down().await;
}

async fn shut_down_with_a_run_in_memory(scene: &Scene) {
    let queue = scene.own("queue");
    let worker = scene.hire(&queue, Manner::default());
    scene
        .play_on(&queue, "flow", vec![Step::Hear("word".to_owned())])
        .await;
    scene.tasks(&scene.id("flow"), 1).await;
    worker.shut_down().await;
    scene.tell("flow", "word").await;
    let next = scene.hire(&queue, Manner::default());
    scene.result("flow").await;
    next.shut_down().await;
}

async fn panic_then_fixed(scene: &Scene) {
    let place = scene.own("panic");
    scene
        .play(
            "flow",
            vec![Step::PanicOnce(place), Step::Run(act("echo", "fixed"))],
        )
        .await;
    scene.result("flow").await;
}

/// The code changed under a run that is not in memory.
async fn nondeterminism(scene: &Scene) {
    let queue = scene.own("queue");
    let place = scene.own("change");
    let manner = Manner {
        cached: 0,
        ..Manner::default()
    };
    let worker = scene.hire(&queue, manner);
    scene
        .play_on(&queue, "flow", vec![Step::Waver(place.clone())])
        .await;
    scene.tasks(&scene.id("flow"), 1).await;
    desk::open(&place);
    scene.tell("flow", "news").await;
    scene
        .seen(&scene.id("flow"), EventType::WorkflowTaskFailed, 1)
        .await;
    worker.vanish().await;
}

/// Every task brings the whole history, and none is sticky.
async fn without_a_cache(scene: &Scene) {
    let queue = scene.own("queue");
    let manner = Manner {
        cached: 0,
        ..Manner::default()
    };
    let worker = scene.hire(&queue, manner);
    let steps = vec![
        Step::Run(act("echo", "one")),
        Step::Sleep(1),
        Step::Run(act("echo", "two")),
    ];
    scene.play_on(&queue, "flow", steps).await;
    scene.result("flow").await;
    worker.shut_down().await;
}

async fn unknown_workflow_type(scene: &Scene) {
    let mut request = scene.start_request("flow");
    request.task_queue = Some(commands::normal(scene.staffed()));
    scene.start(request).await.unwrap();
    scene
        .seen(&scene.id("flow"), EventType::WorkflowTaskFailed, 1)
        .await;
}

/// A run goes to the other when its own worker has taken leave.
async fn two_on_a_queue(scene: &Scene) {
    let queue = scene.own("queue");
    let first = scene.hire(&queue, Manner::default());
    scene
        .play_on(
            &queue,
            "flow",
            vec![Step::Hear("one".to_owned()), Step::Hear("two".to_owned())],
        )
        .await;
    scene.tasks(&scene.id("flow"), 1).await;
    let second = scene.hire(&queue, Manner::default());
    scene.tell("flow", "one").await;
    scene.tasks(&scene.id("flow"), 2).await;
    first.shut_down().await;
    scene.tell("flow", "two").await;
    scene.result("flow").await;
    second.shut_down().await;
}
