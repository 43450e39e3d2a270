//! Activities: how they end, how often they are tried, and what can be seen of them.

use temporalio_common::protos::temporal::api::enums::v1::EventType;

use crate::desk;
use crate::scenarios;
use crate::scene::Scene;
use crate::script::{Act, Step, act};

scenarios!("activities": success, retry_then_success, non_retryable, non_retryable_by_type,
    maximum_attempts, three_at_once, never_eager, details_carried_over, pending_in_describe,
    backing_off_in_describe);

async fn success(scene: &Scene) {
    scene
        .play("flow", vec![Step::Run(act("echo", "hello"))])
        .await;
    scene.result("flow").await;
}

async fn retry_then_success(scene: &Scene) {
    let flaky = Act {
        backoff: Some(1),
        ..act("flaky", "3")
    };
    scene.play("flow", vec![Step::Run(flaky)]).await;
    scene.result("flow").await;
}

async fn non_retryable(scene: &Scene) {
    scene
        .play("flow", vec![Step::Run(act("hopeless", "Hopeless"))])
        .await;
    scene.result("flow").await;
}

async fn non_retryable_by_type(scene: &Scene) {
    let flaky = Act {
        hopeless: vec!["Flaky".to_owned()],
        ..act("flaky", "3")
    };
    scene.play("flow", vec![Step::Run(flaky)]).await;
    scene.result("flow").await;
}

async fn maximum_attempts(scene: &Scene) {
    let flaky = Act {
        attempts: Some(2),
        backoff: Some(1),
        ..act("flaky", "9")
    };
    scene.play("flow", vec![Step::Run(flaky)]).await;
    scene.result("flow").await;
}

/// They end one after the other, in another order than they were scheduled.
async fn three_at_once(scene: &Scene) {
    let places = ["a", "b", "c"].map(|name| scene.own(name));
    let steps = places.iter().map(|place| Step::Run(act("gate", place)));
    scene
        .play("flow", vec![Step::Together(steps.collect())])
        .await;
    for place in &places {
        desk::arrived(place, 1).await;
    }
    let id = scene.id("flow");
    for (done, place) in [1, 0, 2].into_iter().enumerate() {
        desk::open(&places[place]);
        scene
            .seen(&id, EventType::ActivityTaskCompleted, done + 1)
            .await;
        scene.tasks(&id, done + 2).await;
    }
    scene.result("flow").await;
}

async fn never_eager(scene: &Scene) {
    let polled = Act {
        never_eager: true,
        ..act("echo", "polled for")
    };
    scene.play("flow", vec![Step::Run(polled)]).await;
    scene.result("flow").await;
}

async fn details_carried_over(scene: &Scene) {
    let progress = Act {
        backoff: Some(1),
        heartbeat: Some(60_000),
        ..act("progress", "half the way")
    };
    scene.play("flow", vec![Step::Run(progress)]).await;
    scene.result("flow").await;
}

async fn pending_in_describe(scene: &Scene) {
    let place = scene.own("gate");
    let gate = Act {
        attempts: Some(4),
        heartbeat: Some(60_000),
        ..act("gate", &place)
    };
    scene.play("flow", vec![Step::Run(gate)]).await;
    desk::arrived(&place, 1).await;
    // The first heartbeat comes a moment after the start.
    let info = scene
        .pending("flow", |info| info.heartbeat_details.is_some())
        .await;
    scene.note(
        "attempt",
        format!("{} of {}", info.attempt, info.maximum_attempts),
    );
    scene.note("state", format!("{:?}", info.state()));
    scene.note("id", &info.activity_id);
    scene.note("type", info.activity_type.unwrap_or_default().name);
    scene.note("worker", &info.last_worker_identity);
    scene.note("started", info.last_started_time.is_some());
    scene.note("heartbeat", info.last_heartbeat_time.is_some());
    scene.note("scheduled", info.scheduled_time.is_some());
    desk::open(&place);
    scene.result("flow").await;
}

async fn backing_off_in_describe(scene: &Scene) {
    let flaky = Act {
        backoff: Some(600_000),
        ..act("flaky", "3")
    };
    scene.play("flow", vec![Step::Run(flaky)]).await;
    let info = scene.pending("flow", |info| info.attempt == 2).await;
    scene.note(
        "attempt",
        format!("{} of {}", info.attempt, info.maximum_attempts),
    );
    scene.note("state", format!("{:?}", info.state()));
    scene.note("failure", info.last_failure.unwrap_or_default().message);
    scene.note("worker", &info.last_worker_identity);
    scene.note(
        "interval",
        info.current_retry_interval.unwrap_or_default().seconds,
    );
    scene.note("next", info.next_attempt_schedule_time.is_some());
    scene.note("completed", info.last_attempt_complete_time.is_some());
    scene.note("started", info.last_started_time.is_some());
}
