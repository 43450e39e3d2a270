//! What becomes of children when their parent closes, in whatever way it does.

use temporalio_common::protos::temporal::api::enums::v1::EventType;

use crate::scenarios;
use crate::scene::Scene;
use crate::script::{Kid, KidEnd, Next, Step, kid};

scenarios!("close_policies": terminate_at_completion, abandon_at_completion,
    cancel_at_completion, default_at_completion, terminate_at_renewal, abandon_at_renewal,
    cancel_at_renewal, terminate_at_termination, abandon_at_termination,
    cancel_at_termination, terminate_at_failure, cancel_at_timeout, grandchildren);

async fn terminate_at_completion(scene: &Scene) {
    orphaned(scene, "terminate", At::Completion).await;
}

async fn abandon_at_completion(scene: &Scene) {
    orphaned(scene, "abandon", At::Completion).await;
}

async fn cancel_at_completion(scene: &Scene) {
    orphaned(scene, "cancel", At::Completion).await;
}

async fn default_at_completion(scene: &Scene) {
    orphaned(scene, "", At::Completion).await;
}

async fn terminate_at_renewal(scene: &Scene) {
    orphaned(scene, "terminate", At::Renewal).await;
}

async fn abandon_at_renewal(scene: &Scene) {
    orphaned(scene, "abandon", At::Renewal).await;
}

async fn cancel_at_renewal(scene: &Scene) {
    orphaned(scene, "cancel", At::Renewal).await;
}

async fn terminate_at_termination(scene: &Scene) {
    orphaned(scene, "terminate", At::Termination).await;
}

async fn abandon_at_termination(scene: &Scene) {
    orphaned(scene, "abandon", At::Termination).await;
}

async fn cancel_at_termination(scene: &Scene) {
    orphaned(scene, "cancel", At::Termination).await;
}

async fn terminate_at_failure(scene: &Scene) {
    orphaned(scene, "terminate", At::Failure).await;
}

async fn cancel_at_timeout(scene: &Scene) {
    orphaned(scene, "cancel", At::Timeout).await;
}

/// A terminated child's own children follow their own policy.
async fn grandchildren(scene: &Scene) {
    let grandchild = Kid {
        at_close: "cancel".to_owned(),
        then: KidEnd::Leave,
        ..kid(scene.id("grandchild"), vec![Step::Hear("never".to_owned())])
    };
    let steps = vec![Step::Child(grandchild), Step::Hear("never".to_owned())];
    let child = Kid {
        at_close: "terminate".to_owned(),
        then: KidEnd::Leave,
        ..kid(scene.id("child"), steps)
    };
    scene
        .play(
            "parent",
            vec![Step::Child(child), Step::Hear("end".to_owned())],
        )
        .await;
    scene.tasks(&scene.id("parent"), 2).await;
    scene.tasks(&scene.id("child"), 2).await;
    scene.tasks(&scene.id("grandchild"), 1).await;
    scene.tell("parent", "end").await;
    scene.result("parent").await;
    scene.closed(&scene.id("child")).await;
    scene.closed(&scene.id("grandchild")).await;
}

/// How a parent closes.
#[derive(PartialEq)]
enum At {
    Completion,
    Failure,
    Renewal,
    Termination,
    Timeout,
}

async fn orphaned(scene: &Scene, policy: &str, at: At) {
    let child = Kid {
        at_close: policy.to_owned(),
        then: KidEnd::Leave,
        ..kid(scene.id("child"), vec![Step::Hear("word".to_owned())])
    };
    let mut steps = vec![Step::Child(child), Step::Hear("end".to_owned())];
    match at {
        At::Failure => steps.push(Step::Fail("on purpose".to_owned(), "Purpose".to_owned())),
        At::Renewal => steps.push(Step::Renew(Next::default())),
        At::Completion | At::Termination | At::Timeout => {}
    }
    let timeout = (at == At::Timeout).then_some(std::time::Duration::from_secs(8));
    let options = temporalio_client::WorkflowStartOptions::new(scene.staffed(), scene.id("parent"))
        .maybe_run_timeout(timeout)
        .build();
    scene.play_with(options, steps).await;
    scene.tasks(&scene.id("parent"), 2).await;
    scene.tasks(&scene.id("child"), 1).await;
    match at {
        At::Timeout => {}
        At::Termination => scene.terminate("parent", "not wanted").await,
        At::Completion | At::Failure | At::Renewal => scene.tell("parent", "end").await,
    }
    scene.result("parent").await;
    let id = scene.id("child");
    if policy == "abandon" {
        scene.tell("child", "word").await;
    }
    let events = scene.closed(&id).await;
    let asked = crate::scene::count(&events, EventType::WorkflowExecutionCancelRequested);
    scene.note("asked to cancel", asked);
}
