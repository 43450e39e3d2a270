//! Updates, as the SDK's worker answers them.

use std::time::Duration;

use futures::future::join_all;
use futures::join;
use temporalio_client::errors::{WorkflowUpdateError, WorkflowUpdateWithStartError};
use temporalio_client::tonic::{Request, Status};
use temporalio_client::{
    WorkflowExecuteUpdateOptions, WorkflowIdConflictPolicy, WorkflowUpdateWithStartOptions,
};
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::enums::v1::UpdateWorkflowExecutionLifecycleStage as Stage;
use temporalio_common::protos::temporal::api::update::v1::{UpdateRef, WaitPolicy};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    PollWorkflowExecutionUpdateRequest, UpdateWorkflowExecutionResponse,
};

use crate::scenarios;
use crate::scene::{Scene, said};
use crate::script::{Play, Script, Step};
use crate::worker::NAMESPACE;

scenarios!("updates": completed, rejected, failing, unknown, waiting_on_a_timer, same_id_twice,
    five_at_once, with_start, with_start_running, with_start_conflict, polled_for, of_a_closed_run,
    of_nobody);

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
    let (results, ()) = join!(join_all(updates), scene.tell("flow", "go"));
    for (n, result) in results.into_iter().enumerate() {
        scene.note(&format!("u{n}"), result.unwrap());
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

pub(super) async fn poll(scene: &Scene, what: &str, id: &str, stage: Stage) {
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

pub(super) fn record(
    scene: &Scene,
    what: &str,
    answer: Result<UpdateWorkflowExecutionResponse, Status>,
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
