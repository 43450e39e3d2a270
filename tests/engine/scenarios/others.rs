//! Signals and requests to cancel from one workflow to another that is not its child.

use crate::hand::{Hand, commands};
use crate::scenarios;
use crate::scene::Scene;
use crate::script::Step;

scenarios!("others": signal, signal_to_nobody, signal_to_a_closed_run, signal_to_itself, cancel,
    cancel_of_nobody, cancel_of_a_closed_run, cancel_twice);

async fn signal(scene: &Scene) {
    scene
        .play("other", vec![Step::Hear("word".to_owned())])
        .await;
    scene.tasks(&scene.id("other"), 1).await;
    scene
        .play(
            "flow",
            vec![Step::Tell(scene.id("other"), "word".to_owned())],
        )
        .await;
    scene.result("flow").await;
    scene.result("other").await;
}

async fn signal_to_nobody(scene: &Scene) {
    scene
        .play(
            "flow",
            vec![Step::Tell(scene.own("nobody"), "word".to_owned())],
        )
        .await;
    scene.result("flow").await;
}

async fn signal_to_a_closed_run(scene: &Scene) {
    scene.play("other", vec![]).await;
    scene.closed(&scene.id("other")).await;
    scene
        .play(
            "flow",
            vec![Step::Tell(scene.id("other"), "word".to_owned())],
        )
        .await;
    scene.result("flow").await;
}

/// The service finds nobody: a workflow is not external to itself.
async fn signal_to_itself(scene: &Scene) {
    scene
        .play(
            "flow",
            vec![Step::Tell(scene.id("flow"), "word".to_owned())],
        )
        .await;
    scene.result("flow").await;
}

async fn cancel(scene: &Scene) {
    scene
        .play("other", vec![Step::Hear("never".to_owned())])
        .await;
    scene.tasks(&scene.id("other"), 1).await;
    scene
        .play("flow", vec![Step::Cancel(scene.id("other"))])
        .await;
    scene.result("flow").await;
    scene.result("other").await;
}

async fn cancel_of_nobody(scene: &Scene) {
    scene
        .play("flow", vec![Step::Cancel(scene.own("nobody"))])
        .await;
    scene.result("flow").await;
}

async fn cancel_of_a_closed_run(scene: &Scene) {
    scene.play("other", vec![]).await;
    scene.closed(&scene.id("other")).await;
    scene
        .play("flow", vec![Step::Cancel(scene.id("other"))])
        .await;
    scene.result("flow").await;
}

/// The second request finds the first; the other one hears it once.
async fn cancel_twice(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("other")).await.unwrap();
    hand.do_next(vec![commands::marker("here")]).await;
    for name in ["one", "two"] {
        scene
            .play(name, vec![Step::Cancel(scene.id("other"))])
            .await;
        scene.result(name).await;
    }
}
