//! Activities that are cancelled, in each of the ways that a workflow can ask for it.

use temporalio_common::protos::temporal::api::enums::v1::EventType;

use crate::desk;
use crate::hand::{Hand, commands};
use crate::scenarios;
use crate::scene::{Scene, said};
use crate::script::Manner;
use crate::script::{Act, Step, act};

scenarios!("cancelled_activities": try_cancel, wait_for_it, abandon, not_started,
    with_the_workflow, finished_all_the_same, told_by_heartbeat);

async fn try_cancel(scene: &Scene) {
    stopped(scene, Manner::Try).await;
}

async fn wait_for_it(scene: &Scene) {
    stopped(scene, Manner::Wait).await;
}

async fn abandon(scene: &Scene) {
    stopped(scene, Manner::Abandon).await;
}

/// Nobody has taken it up: it is cancelled at once.
async fn not_started(scene: &Scene) {
    let nobody = Act {
        queue: Some(scene.own("nobody")),
        cancel: Manner::Wait,
        ..act("echo", "nobody hears")
    };
    let steps = vec![Step::Until("stop".to_owned(), Box::new(Step::Run(nobody)))];
    scene.play("flow", steps).await;
    scene.tasks(&scene.id("flow"), 1).await;
    scene.tell("flow", "stop").await;
    scene.result("flow").await;
}

/// A cancelled workflow cancels what it waits for.
async fn with_the_workflow(scene: &Scene) {
    let place = scene.own("gate");
    let gate = Act {
        cancel: Manner::Wait,
        heartbeat: Some(60_000),
        ..act("gate", &place)
    };
    scene
        .play("flow", vec![Step::Run(gate), Step::GiveUp])
        .await;
    desk::arrived(&place, 1).await;
    scene.ask_to_cancel("flow", "no more").await;
    scene.result("flow").await;
}

/// It was asked to stop, and ended well before it heard of it.
async fn finished_all_the_same(scene: &Scene) {
    let place = scene.own("gate");
    let silent = Act {
        cancel: Manner::Wait,
        ..act("silent", &place)
    };
    let steps = vec![Step::Until("stop".to_owned(), Box::new(Step::Run(silent)))];
    scene.play("flow", steps).await;
    desk::arrived(&place, 1).await;
    scene.tell("flow", "stop").await;
    let id = scene.id("flow");
    scene
        .seen(&id, EventType::ActivityTaskCancelRequested, 1)
        .await;
    desk::open(&place);
    scene.result("flow").await;
}

/// What the answer to a heartbeat says, before and after, and with what it then ends.
async fn told_by_heartbeat(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    let attributes = commands::activity_attributes("a", &scene.own("hand"));
    hand.do_next(vec![commands::activity(attributes)]).await;
    let activity = hand.activity().await;
    scene.note(
        "before",
        hand.heartbeat(&activity, "one")
            .await
            .unwrap()
            .cancel_requested,
    );
    scene
        .signal(scene.signal_request("flow", "stop"))
        .await
        .unwrap();
    hand.do_next(vec![commands::cancel_activity(5)]).await;
    scene.note(
        "after",
        hand.heartbeat(&activity, "two")
            .await
            .unwrap()
            .cancel_requested,
    );
    let info = scene.pending("flow", |_| true).await;
    scene.note("state", format!("{:?}", info.state()));
    scene.note("details", said(info.heartbeat_details.as_ref()));
    scene.outcome(
        "cancelled",
        &hand.activity_cancelled(&activity, "three").await,
    );
    hand.do_next(vec![commands::complete("done")]).await;
    scene.result("flow").await;
}

async fn stopped(scene: &Scene, manner: Manner) {
    let place = scene.own("gate");
    let gate = Act {
        cancel: manner,
        heartbeat: Some(60_000),
        ..act("gate", &place)
    };
    let steps = vec![Step::Until("stop".to_owned(), Box::new(Step::Run(gate)))];
    scene.play("flow", steps).await;
    desk::arrived(&place, 1).await;
    scene.tell("flow", "stop").await;
    scene.result("flow").await;
    desk::open(&place);
}
