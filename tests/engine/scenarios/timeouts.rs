//! The time limits of activities.

use crate::desk;
use crate::scenarios;
use crate::scene::Scene;
use crate::script::{Act, Step, act};

scenarios!("timeouts": schedule_to_start, start_to_close, start_to_close_then_exhausted,
    start_to_close_then_success, schedule_to_close, schedule_to_close_between_attempts, heartbeat,
    heartbeat_then_exhausted);

/// One that is tried no second time, on a queue where nobody works.
async fn schedule_to_start(scene: &Scene) {
    let nobody = Act {
        queue: Some(scene.own("nobody")),
        schedule_to_start: Some(1000),
        attempts: Some(5),
        ..act("echo", "nobody hears")
    };
    timed_out(scene, nobody).await;
}

async fn start_to_close(scene: &Scene) {
    let silent = Act {
        start_to_close: Some(1000),
        attempts: Some(1),
        ..act("silent", scene.own("never"))
    };
    timed_out(scene, silent).await;
}

async fn start_to_close_then_exhausted(scene: &Scene) {
    let silent = Act {
        start_to_close: Some(1000),
        attempts: Some(2),
        backoff: Some(1),
        ..act("silent", scene.own("never"))
    };
    timed_out(scene, silent).await;
}

async fn start_to_close_then_success(scene: &Scene) {
    let place = scene.own("gate");
    let silent = Act {
        start_to_close: Some(4000),
        backoff: Some(1),
        ..act("silent", &place)
    };
    scene.play("flow", vec![Step::Run(silent)]).await;
    scene.pending("flow", |info| info.attempt == 2).await;
    // The first attempt's late answer is refused, the second one's is the result.
    desk::open(&place);
    scene.result("flow").await;
}

async fn schedule_to_close(scene: &Scene) {
    let silent = Act {
        start_to_close: None,
        schedule_to_close: Some(4000),
        ..act("silent", scene.own("never"))
    };
    timed_out(scene, silent).await;
}

/// No attempt is begun that could not be over in time.
async fn schedule_to_close_between_attempts(scene: &Scene) {
    let flaky = Act {
        schedule_to_close: Some(10_000),
        backoff: Some(60_000),
        ..act("flaky", "2")
    };
    timed_out(scene, flaky).await;
}

async fn heartbeat(scene: &Scene) {
    let silent = Act {
        heartbeat: Some(1000),
        attempts: Some(1),
        ..act("silent", scene.own("never"))
    };
    timed_out(scene, silent).await;
}

async fn heartbeat_then_exhausted(scene: &Scene) {
    let silent = Act {
        heartbeat: Some(1000),
        attempts: Some(2),
        backoff: Some(1),
        ..act("silent", scene.own("never"))
    };
    timed_out(scene, silent).await;
}

async fn timed_out(scene: &Scene, act: Act) {
    let place = act.input.clone();
    scene.play("flow", vec![Step::Run(act)]).await;
    scene.result("flow").await;
    desk::open(&place);
}
