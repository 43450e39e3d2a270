//! Updates, as a worker by hand answers them: what a service makes of each answer.

use futures::join;
use temporalio_common::protos::temporal::api::enums::v1::{
    UpdateWorkflowExecutionLifecycleStage as Stage, WorkflowTaskFailedCause,
};

use super::updates::{poll, record};
use crate::hand::{Hand, Task, anatomy, commands, response};
use crate::scenarios;
use crate::scene::Scene;

scenarios!("updates_by_hand": before_the_first_task, speculative, rejected, accepted_only, with_a_signal,
    unanswered, run_closed_meanwhile, of_a_wedged_workflow);

/// It comes with the first task.
async fn before_the_first_task(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    let request = scene.update_request("flow", "u1", "any", "x", Stage::Completed);
    let answering = async {
        let mut task = hand.task().await;
        if task.messages.is_empty() {
            hand.complete(&task, Vec::new()).await;
            task = hand.task().await;
        }
        let answer = hand.accepting(&task, Some("by hand"), Vec::new());
        scene.outcome("answer", &hand.send(answer).await);
    };
    let (updated, ()) = join!(scene.update(request), answering);
    // Whether it came in time for the first task is a race; what it gives is not.
    record(scene, "update", updated);
}

/// Its task is in no history until it is answered.
async fn speculative(scene: &Scene) {
    let hand = begun(scene).await;
    let request = scene.update_request("flow", "u1", "any", "x", Stage::Completed);
    let answering = async {
        let task = hand.task().await;
        scene.note("task", anatomy(&task));
        scene.note("message", messages(&task));
        scene.note("events", scene.history(&scene.id("flow"), "").await.len());
        let answer = hand.accepting(&task, Some("by hand"), Vec::new());
        let answered = hand.send(answer).await.unwrap();
        scene.note("reset", answered.reset_history_event_id);
    };
    let (updated, ()) = join!(scene.update(request), answering);
    record(scene, "update", updated);
}

async fn rejected(scene: &Scene) {
    let hand = begun(scene).await;
    let request = scene.update_request("flow", "u1", "any", "x", Stage::Completed);
    let answering = async {
        let task = hand.task().await;
        let answered = hand
            .send(hand.rejecting(&task, "not by hand"))
            .await
            .unwrap();
        scene.note("reset", answered.reset_history_event_id);
    };
    let (updated, ()) = join!(scene.update(request), answering);
    record(scene, "update", updated);
    scene.note("events", scene.history(&scene.id("flow"), "").await.len());
}

/// The outcome comes in a later task.
async fn accepted_only(scene: &Scene) {
    let hand = begun(scene).await;
    let request = scene.update_request("flow", "u1", "any", "x", Stage::Accepted);
    let answering = async {
        let task = hand.task().await;
        hand.send(hand.accepting(&task, None, Vec::new()))
            .await
            .unwrap();
    };
    let (updated, ()) = join!(scene.update(request), answering);
    record(scene, "update", updated);
    scene
        .signal(scene.signal_request("flow", "go on"))
        .await
        .unwrap();
    let task = hand.task().await;
    scene.note("task", anatomy(&task));
    let response = response("u1", "at last");
    let mut answer = hand.answer(&task, vec![commands::message(&response.id)]);
    answer.messages = vec![response];
    hand.send(answer).await.unwrap();
    poll(scene, "outcome", "u1", Stage::Completed).await;
}

/// A signal while the speculative task is held: rejected or not, it is in the history.
async fn with_a_signal(scene: &Scene) {
    let hand = begun(scene).await;
    let request = scene.update_request("flow", "u1", "any", "x", Stage::Completed);
    let answering = async {
        let task = hand.task().await;
        scene
            .signal(scene.signal_request("flow", "meanwhile"))
            .await
            .unwrap();
        let answered = hand
            .send(hand.rejecting(&task, "not by hand"))
            .await
            .unwrap();
        scene.note("reset", answered.reset_history_event_id);
    };
    let (updated, ()) = join!(scene.update(request), answering);
    record(scene, "update", updated);
    let task = hand.do_next(vec![commands::complete("done")]).await;
    scene.note("task", anatomy(&task));
}

/// A worker that does not know updates at all.
async fn unanswered(scene: &Scene) {
    let hand = begun(scene).await;
    let request = scene.update_request("flow", "u1", "any", "x", Stage::Completed);
    let answering = async {
        let task = hand.task().await;
        hand.complete(&task, vec![commands::marker("ignorant")])
            .await;
    };
    let (updated, ()) = join!(scene.update(request), answering);
    record(scene, "update", updated);
}

/// The task that brought it ends the run.
async fn run_closed_meanwhile(scene: &Scene) {
    let hand = begun(scene).await;
    let accepted = scene.update_request("flow", "u1", "any", "x", Stage::Completed);
    let answering = async {
        let task = hand.task().await;
        let answer = hand.accepting(&task, None, vec![commands::complete("done")]);
        scene.outcome("answer", &hand.send(answer).await);
    };
    let (updated, ()) = join!(scene.update(accepted), answering);
    record(scene, "update", updated);
}

/// One whose task keeps failing is refused at once.
async fn of_a_wedged_workflow(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    for _ in 0..3 {
        let task = hand.task().await;
        let cause = WorkflowTaskFailedCause::WorkflowWorkerUnhandledFailure;
        hand.fail(&task, cause, "wedged").await.unwrap();
    }
    let request = scene.update_request("flow", "u1", "any", "x", Stage::Completed);
    record(scene, "update", scene.update(request).await);
}

/// A workflow by hand that has done its first task.
async fn begun(scene: &Scene) -> Hand<'_> {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    hand.do_next(vec![commands::marker("begun")]).await;
    hand
}

fn messages(task: &Task) -> String {
    let shown = task.messages.iter().map(|message| {
        let body = message.body.as_ref().map_or("", |body| &body.type_url);
        format!(
            "{} {} {:?} {body}",
            message.id, message.protocol_instance_id, message.sequencing_id
        )
    });
    shown.collect::<Vec<_>>().join(", ")
}
