//! Signals at every moment of a run.

use temporalio_client::WorkflowStartOptions;
use temporalio_common::protos::temporal::api::enums::v1::EventType;

use crate::hand::{Hand, anatomy, commands, text};
use crate::scenarios;
use crate::scene::Scene;
use crate::script::{NAME, Play, Script, Step};
use crate::worker::Manner;

scenarios!("signals": before_the_first_task, with_the_worker_down, burst_into_a_live_worker,
    during_a_completing_task, during_a_held_task, too_much_during_a_held_task, same_request_twice,
    to_a_closed_run, to_nobody, to_an_unknown_run, with_start_new, with_start_running, with_start_closed,
    with_start_of_the_sdk, of_an_unknown_name);

async fn before_the_first_task(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    scene
        .signal(scene.signal_request("flow", "one"))
        .await
        .unwrap();
    scene
        .signal(scene.signal_request("flow", "two"))
        .await
        .unwrap();
    let task = hand.do_next(vec![commands::complete("done")]).await;
    scene.note("task", anatomy(&task));
}

async fn with_the_worker_down(scene: &Scene) {
    let queue = scene.own("queue");
    let steps = (0..10).map(|n| Step::Hear(format!("word {n}"))).collect();
    scene.play_on(&queue, "flow", steps).await;
    for n in 0..10 {
        scene.tell("flow", &format!("word {n}")).await;
    }
    let worker = scene.hire(&queue, Manner::default());
    scene.result("flow").await;
    worker.shut_down().await;
}

async fn burst_into_a_live_worker(scene: &Scene) {
    const SIGNALS: usize = 20;
    let hear = || Step::Hear("word".to_owned());
    scene
        .play("flow", std::iter::repeat_with(hear).take(SIGNALS).collect())
        .await;
    futures::future::join_all((0..SIGNALS).map(|_| scene.tell("flow", "word"))).await;
    scene.result("flow").await;
}

/// The answer that would close the run is refused, and the signal has a task of its own.
async fn during_a_completing_task(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    let task = hand.task().await;
    scene
        .signal(scene.signal_request("flow", "late"))
        .await
        .unwrap();
    let refused = hand
        .send(hand.answer(&task, vec![commands::complete("early")]))
        .await;
    scene.refused_in_words("completion", &refused.unwrap_err());
    let again = hand.do_next(vec![commands::complete("done")]).await;
    scene.note("task", anatomy(&again));
}

async fn during_a_held_task(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    let task = hand.task().await;
    scene
        .signal(scene.signal_request("flow", "late"))
        .await
        .unwrap();
    let held = scene.history(&scene.id("flow"), "").await;
    scene.note("events while it is held", held.len());
    hand.complete(&task, vec![commands::marker("seen")]).await;
    let next = hand.do_next(vec![commands::complete("done")]).await;
    scene.note("task", anatomy(&next));
}

/// The task is taken from its worker.
async fn too_much_during_a_held_task(scene: &Scene) {
    // Two of them are more than is held back.
    const LENGTH: usize = 1_200_000;
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    let task = hand.task().await;
    for _ in 0..2 {
        let mut request = scene.signal_request("flow", "much");
        request.input = text(&"m".repeat(LENGTH));
        scene.signal(request).await.unwrap();
    }
    let refused = hand.send(hand.answer(&task, Vec::new())).await;
    scene.refused_in_words("completion", &refused.unwrap_err());
    let again = hand.do_next(vec![commands::complete("done")]).await;
    scene.note("task", anatomy(&again));
}

async fn same_request_twice(scene: &Scene) {
    scene.start(scene.start_request("flow")).await.unwrap();
    let request = scene.signal_request("flow", "once");
    scene.signal(request.clone()).await.unwrap();
    scene.outcome("again", &scene.signal(request).await);
    let events = scene.history(&scene.id("flow"), "").await;
    let signals = crate::scene::count(&events, EventType::WorkflowExecutionSignaled);
    scene.note("signals in the history", signals);
}

async fn to_a_closed_run(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    hand.do_next(vec![commands::complete("done")]).await;
    let refused = scene.signal(scene.signal_request("flow", "late")).await;
    scene.refused_in_words("signal", &refused.unwrap_err());
}

async fn to_nobody(scene: &Scene) {
    let refused = scene.signal(scene.signal_request("none", "lost")).await;
    scene.refused("signal", &refused.unwrap_err());
}

async fn to_an_unknown_run(scene: &Scene) {
    scene.start(scene.start_request("flow")).await.unwrap();
    let mut request = scene.signal_request("flow", "lost");
    let execution = request.workflow_execution.as_mut().unwrap();
    execution.run_id = uuid::Uuid::new_v4().to_string();
    scene.refused(
        "an unknown run",
        &scene.signal(request.clone()).await.unwrap_err(),
    );
    let execution = request.workflow_execution.as_mut().unwrap();
    "not a uuid".clone_into(&mut execution.run_id);
    scene.refused(
        "no run id at all",
        &scene.signal(request).await.unwrap_err(),
    );
}

async fn with_start_new(scene: &Scene) {
    let start = scene.start_request("flow");
    let request = scene.signal_with_start_request(start, "first");
    let (_, started) = scene.signal_with_start(request).await.unwrap();
    scene.note("started", started);
    let task = Hand::new(scene)
        .do_next(vec![commands::complete("done")])
        .await;
    scene.note("task", anatomy(&task));
}

async fn with_start_running(scene: &Scene) {
    let first = scene.start(scene.start_request("flow")).await.unwrap();
    let request = scene.signal_with_start_request(scene.start_request("flow"), "second");
    let (run, started) = scene.signal_with_start(request.clone()).await.unwrap();
    scene.note("started", started);
    scene.note("the same run", run == first);
    let (_, started) = scene.signal_with_start(request).await.unwrap();
    scene.note("started by the same request again", started);
}

async fn with_start_closed(scene: &Scene) {
    let hand = Hand::new(scene);
    let first = scene.start(scene.start_request("flow")).await.unwrap();
    hand.do_next(vec![commands::complete("done")]).await;
    let request = scene.signal_with_start_request(scene.start_request("flow"), "second");
    let (run, started) = scene.signal_with_start(request).await.unwrap();
    scene.note("started", started);
    scene.note("the same run", run == first);
}

async fn with_start_of_the_sdk(scene: &Scene) {
    let options = WorkflowStartOptions::new(scene.staffed(), scene.id("flow")).build();
    let play = Play::from(vec![Step::Hear("first".to_owned())]);
    let started = scene
        .client()
        .signal_with_start_workflow(Script::run, play, Script::tell, "first".to_owned(), options)
        .await;
    started.unwrap();
    scene.note("type", NAME);
    scene.result("flow").await;
}

/// The worker drops it; the service does not care.
async fn of_an_unknown_name(scene: &Scene) {
    scene
        .play("flow", vec![Step::Hear("word".to_owned())])
        .await;
    let id = scene.id("flow");
    scene.tasks(&id, 1).await;
    let mut request = scene.signal_request("flow", "nonsense");
    "unheard-of".clone_into(&mut request.signal_name);
    scene.signal(request).await.unwrap();
    scene.tasks(&id, 2).await;
    scene.tell("flow", "word").await;
    scene.result("flow").await;
}
