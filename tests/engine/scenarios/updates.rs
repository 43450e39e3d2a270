//! Updates.

use std::time::Duration;

use futures::future::join_all;
use futures::join;
use temporalio_client::errors::{WorkflowUpdateError, WorkflowUpdateWithStartError};
use temporalio_client::tonic::Request;
use temporalio_client::{
    WorkflowExecuteUpdateOptions, WorkflowIdConflictPolicy, WorkflowUpdateWithStartOptions,
};
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::enums::v1::UpdateWorkflowExecutionLifecycleStage as Stage;
use temporalio_common::protos::temporal::api::update::v1::{UpdateRef, WaitPolicy};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    PollWorkflowExecutionUpdateRequest, UpdateWorkflowExecutionResponse,
};

use crate::hand::{Hand, anatomy, commands};
use crate::scenarios;
use crate::scene::{Scene, said};
use crate::script::{Play, Script, Step};
use crate::worker::NAMESPACE;

scenarios!("updates": completed, rejected, failing, unknown, waiting_on_a_timer, same_id_twice,
    five_at_once, with_start, with_start_running, with_start_conflict, polled_for, of_a_closed_run,
    of_nobody, before_the_first_task, by_hand_speculative, by_hand_rejected,
    by_hand_accepted_only, by_hand_with_a_signal, by_hand_unanswered, run_closed_meanwhile);

async fn completed(scene: &Scene) {
    waiting(scene).await;
    add(scene, "added", "u1", "one").await;
    finish(scene).await;
}

/// It leaves no trace in the history.
async fn rejected(scene: &Scene) {
    waiting(scene).await;
    add(scene, "rejected", "u1", "").await;
    let events = scene.history(&scene.id("flow"), "").await;
    scene.note("events", events.len());
    add(scene, "added", "u2", "two").await;
    finish(scene).await;
}

async fn failing(scene: &Scene) {
    waiting(scene).await;
    add(scene, "failed", "u1", "poison").await;
    finish(scene).await;
}

async fn unknown(scene: &Scene) {
    waiting(scene).await;
    let request = scene.update_request("flow", "u1", "unheard-of", "x", Stage::Completed);
    record(scene, "unheard of", scene.update(request).await);
    finish(scene).await;
}

async fn waiting_on_a_timer(scene: &Scene) {
    waiting(scene).await;
    let request = scene.update_request("flow", "u1", "patient", "go", Stage::Accepted);
    record(scene, "accepted", scene.update(request).await);
    let id = scene.id("flow");
    scene.seen(&id, EventType::TimerFired, 1).await;
    scene.tasks(&id, 3).await;
    scene.tell("flow", "go").await;
    let request = scene.update_request("flow", "u1", "patient", "go", Stage::Completed);
    record(scene, "completed", scene.update(request).await);
    finish(scene).await;
}

/// The second is an answer to the first.
async fn same_id_twice(scene: &Scene) {
    waiting(scene).await;
    add(scene, "first", "u1", "one").await;
    add(scene, "second", "u1", "another").await;
    finish(scene).await;
}

async fn five_at_once(scene: &Scene) {
    waiting(scene).await;
    let handle = scene.handle(&scene.id("flow"));
    let updates = (0..5).map(|n| {
        let options = WorkflowExecuteUpdateOptions::builder()
            .update_id(format!("u{n}"))
            .build();
        handle.execute_update(Script::patient, "go".to_owned(), options)
    });
    let (updated, ()) = join!(join_all(updates), scene.tell("flow", "go"));
    for (n, updated) in updated.into_iter().enumerate() {
        scene.note(&format!("u{n}"), updated.unwrap());
    }
    finish(scene).await;
}

async fn with_start(scene: &Scene) {
    scene.note(
        "place",
        started_with(scene, WorkflowIdConflictPolicy::Fail).await,
    );
    finish(scene).await;
}

async fn with_start_running(scene: &Scene) {
    waiting(scene).await;
    scene.note(
        "place",
        started_with(scene, WorkflowIdConflictPolicy::UseExisting).await,
    );
    finish(scene).await;
}

async fn with_start_conflict(scene: &Scene) {
    waiting(scene).await;
    scene.note(
        "refusal",
        started_with(scene, WorkflowIdConflictPolicy::Fail).await,
    );
    finish(scene).await;
}

async fn polled_for(scene: &Scene) {
    waiting(scene).await;
    add(scene, "added", "u1", "one").await;
    poll(scene, "its outcome", "u1", Stage::Completed).await;
    poll(scene, "of an unknown one", "u9", Stage::Completed).await;
    let request = scene.update_request("flow", "u2", "patient", "go", Stage::Accepted);
    record(scene, "accepted", scene.update(request).await);
    poll(scene, "accepted or more", "u2", Stage::Accepted).await;
    let id = scene.id("flow");
    scene.seen(&id, EventType::TimerFired, 1).await;
    scene.tasks(&id, 4).await;
    join!(
        poll(scene, "completed", "u2", Stage::Completed),
        scene.tell("flow", "go")
    );
    finish(scene).await;
    poll(scene, "of a closed run", "u1", Stage::Completed).await;
}

async fn of_a_closed_run(scene: &Scene) {
    waiting(scene).await;
    add(scene, "added", "u1", "one").await;
    finish(scene).await;
    add(scene, "late", "u2", "two").await;
    add(scene, "the same again", "u1", "one").await;
}

async fn of_nobody(scene: &Scene) {
    let request =
        |id: &str, name: &str| scene.update_request("none", id, name, "x", Stage::Completed);
    record(
        scene,
        "no workflow",
        scene.update(request("u1", "add")).await,
    );
    record(scene, "no name", scene.update(request("u1", "")).await);
    record(scene, "no id", scene.update(request("", "add")).await);
    let admitted = scene.update_request("none", "u1", "add", "x", Stage::Admitted);
    record(scene, "only admitted", scene.update(admitted).await);
    let mut bare = request("u1", "add");
    bare.request = None;
    record(scene, "no request", scene.update(bare).await);
    poll(scene, "polled for", "u1", Stage::Completed).await;
}

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
async fn by_hand_speculative(scene: &Scene) {
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

async fn by_hand_rejected(scene: &Scene) {
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
async fn by_hand_accepted_only(scene: &Scene) {
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
    let response = crate::hand::response("u1", "at last");
    let mut answer = hand.answer(&task, vec![commands::message(&response.id)]);
    answer.messages = vec![response];
    hand.send(answer).await.unwrap();
    poll(scene, "outcome", "u1", Stage::Completed).await;
}

/// A signal while the speculative task is held: rejected or not, it is in the history.
async fn by_hand_with_a_signal(scene: &Scene) {
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
async fn by_hand_unanswered(scene: &Scene) {
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

/// A workflow by hand that has done its first task.
async fn begun(scene: &Scene) -> Hand<'_> {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    hand.do_next(vec![commands::marker("begun")]).await;
    hand
}

fn messages(task: &crate::hand::Task) -> String {
    let shown = task.messages.iter().map(|message| {
        let body = message.body.as_ref().map_or("", |body| &body.type_url);
        format!(
            "{} {} {:?} {body}",
            message.id, message.protocol_instance_id, message.sequencing_id
        )
    });
    shown.collect::<Vec<_>>().join(", ")
}

async fn waiting(scene: &Scene) {
    scene.play("flow", vec![Step::Hear("end".to_owned())]).await;
    scene.tasks(&scene.id("flow"), 1).await;
}

async fn finish(scene: &Scene) {
    scene.tell("flow", "end").await;
    scene.result("flow").await;
}

async fn add(scene: &Scene, what: &str, id: &str, word: &str) {
    let handle = scene.handle(&scene.id("flow"));
    let options = WorkflowExecuteUpdateOptions::builder()
        .update_id(id.to_owned())
        .build();
    match handle
        .execute_update(Script::add, word.to_owned(), options)
        .await
    {
        Ok(place) => scene.note(what, place),
        Err(WorkflowUpdateError::Failed(failure)) => scene.note(what, failure.message),
        Err(WorkflowUpdateError::NotFound(status) | WorkflowUpdateError::Rpc(status)) => {
            scene.refused_in_words(what, &status);
        }
        Err(error) => panic!("{what}: {error}"),
    }
}

async fn started_with(scene: &Scene, policy: WorkflowIdConflictPolicy) -> String {
    let options = WorkflowUpdateWithStartOptions::new(scene.staffed(), scene.id("flow"), policy)
        .update_id("u1")
        .build();
    let play = Play::from(vec![Step::Hear("end".to_owned())]);
    let updated = scene.client().execute_update_with_start_workflow(
        Script::run,
        play,
        Script::add,
        "at once".to_owned(),
        options,
    );
    match tokio::time::timeout(Duration::from_secs(20), updated)
        .await
        .unwrap()
    {
        Ok(place) => place.to_string(),
        Err(WorkflowUpdateWithStartError::Rpc(status)) => crate::refusal::kind(&status),
        Err(WorkflowUpdateWithStartError::Start(error)) => format!("start: {error}"),
        Err(error) => format!("{error}"),
    }
}

async fn poll(scene: &Scene, what: &str, id: &str, stage: Stage) {
    let request = PollWorkflowExecutionUpdateRequest {
        namespace: NAMESPACE.to_owned(),
        update_ref: Some(UpdateRef {
            workflow_execution: Some(scene.execution("flow")),
            update_id: id.to_owned(),
        }),
        identity: "poller".to_owned(),
        wait_policy: Some(WaitPolicy {
            lifecycle_stage: stage as i32,
        }),
    };
    let polled = scene
        .service()
        .poll_workflow_execution_update(Request::new(request))
        .await;
    let polled = polled.map(|answer| {
        let answer = answer.into_inner();
        UpdateWorkflowExecutionResponse {
            update_ref: answer.update_ref,
            outcome: answer.outcome,
            stage: answer.stage,
            ..Default::default()
        }
    });
    record(scene, what, polled);
}

fn record(
    scene: &Scene,
    what: &str,
    answer: Result<UpdateWorkflowExecutionResponse, temporalio_client::tonic::Status>,
) {
    use temporalio_common::protos::temporal::api::update::v1::outcome::Value;

    let answer = match answer {
        Ok(answer) => answer,
        Err(status) => return scene.refused_in_words(what, &status),
    };
    let stage = answer.stage();
    let outcome = match answer.outcome.and_then(|outcome| outcome.value) {
        Some(Value::Success(payloads)) => said(Some(&payloads)),
        Some(Value::Failure(failure)) => format!("failure {}", failure.message),
        None => "none".to_owned(),
    };
    scene.note(what, format!("{stage:?}, outcome {outcome}"));
}
