//! Activities that are completed by somebody else than the worker that had them, by token
//! or by id, and local activities, of which a service only sees markers and time.

use temporalio_client::tonic::Request;
use temporalio_client::{ActivityIdentifier, RpcOptions};
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    RecordActivityTaskHeartbeatByIdRequest, RespondActivityTaskCanceledByIdRequest,
    RespondActivityTaskCompletedByIdRequest, RespondActivityTaskFailedByIdRequest,
};

use crate::scenarios;
use crate::scene::Scene;
use crate::script::{Act, Step, act, local};
use crate::worker::NAMESPACE;
use crate::{desk, hand};

scenarios!("asynchronous": completed_by_token, completed_by_id, failed_by_id, heartbeat_by_id,
    cancelled_by_id, unknown_ids, local_success, local_failure, local_retry_with_a_timer,
    local_longer_than_a_task);

async fn completed_by_token(scene: &Scene) {
    let place = begin(scene, act("later", scene.own("later"))).await;
    let token = desk::token(&place).await;
    let activity = ActivityIdentifier::from_task_token(token.into());
    let handle = scene.client().get_async_activity_handle(activity);
    handle
        .complete(Some("by token".to_owned()), RpcOptions::default())
        .await
        .unwrap();
    scene.result("flow").await;
    let again = handle
        .complete(Some("again".to_owned()), RpcOptions::default())
        .await;
    scene.note(
        "again",
        format!("{:?}", again.map_err(|error| error.to_string())),
    );
}

async fn completed_by_id(scene: &Scene) {
    let later = Act {
        id: Some("the-one".to_owned()),
        ..act("later", scene.own("later"))
    };
    begin(scene, later).await;
    let activity = ActivityIdentifier::by_id_workflow(scene.id("flow"), "", "the-one");
    let handle = scene.client().get_async_activity_handle(activity);
    handle
        .complete(Some("by id".to_owned()), RpcOptions::default())
        .await
        .unwrap();
    scene.result("flow").await;
}

async fn failed_by_id(scene: &Scene) {
    let later = Act {
        id: Some("the-one".to_owned()),
        attempts: Some(1),
        ..act("later", scene.own("later"))
    };
    begin(scene, later).await;
    let request = RespondActivityTaskFailedByIdRequest {
        namespace: NAMESPACE.to_owned(),
        workflow_id: scene.id("flow"),
        activity_id: "the-one".to_owned(),
        failure: Some(hand::failure("by id")),
        identity: "other".to_owned(),
        ..Default::default()
    };
    let failed = scene
        .service()
        .respond_activity_task_failed_by_id(Request::new(request))
        .await;
    scene.outcome("failed", &failed);
    scene.result("flow").await;
}

async fn heartbeat_by_id(scene: &Scene) {
    let later = Act {
        id: Some("the-one".to_owned()),
        heartbeat: Some(4000),
        attempts: Some(1),
        ..act("later", scene.own("later"))
    };
    begin(scene, later).await;
    let request = RecordActivityTaskHeartbeatByIdRequest {
        namespace: NAMESPACE.to_owned(),
        workflow_id: scene.id("flow"),
        activity_id: "the-one".to_owned(),
        details: hand::text("alive"),
        ..Default::default()
    };
    let alive = scene
        .service()
        .record_activity_task_heartbeat_by_id(Request::new(request))
        .await;
    scene.note(
        "cancel requested",
        alive.unwrap().into_inner().cancel_requested,
    );
    // The last that is heard of it goes into the timeout's details.
    scene.result("flow").await;
}

async fn cancelled_by_id(scene: &Scene) {
    let later = Act {
        id: Some("the-one".to_owned()),
        cancel: crate::script::Manner::Wait,
        ..act("later", scene.own("later"))
    };
    let steps = vec![Step::Until("stop".to_owned(), Box::new(Step::Run(later)))];
    scene.play("flow", steps).await;
    desk::token(&scene.own("later")).await;
    let request = || {
        Request::new(RespondActivityTaskCanceledByIdRequest {
            namespace: NAMESPACE.to_owned(),
            workflow_id: scene.id("flow"),
            activity_id: "the-one".to_owned(),
            details: hand::text("stopped"),
            identity: "other".to_owned(),
            ..Default::default()
        })
    };
    let early = scene
        .service()
        .respond_activity_task_canceled_by_id(request())
        .await;
    scene.outcome("before it was asked for", &early);
    scene.tell("flow", "stop").await;
    let id = scene.id("flow");
    scene
        .seen(&id, EventType::ActivityTaskCancelRequested, 1)
        .await;
    let cancelled = scene
        .service()
        .respond_activity_task_canceled_by_id(request())
        .await;
    scene.outcome("after", &cancelled);
    scene.result("flow").await;
}

async fn unknown_ids(scene: &Scene) {
    let request = |workflow: &str, activity: &str| {
        Request::new(RespondActivityTaskCompletedByIdRequest {
            namespace: NAMESPACE.to_owned(),
            workflow_id: scene.own(workflow),
            activity_id: activity.to_owned(),
            ..Default::default()
        })
    };
    let place = begin(scene, act("later", scene.own("later"))).await;
    let mut service = scene.service();
    let activity = service
        .respond_activity_task_completed_by_id(request("flow", "none"))
        .await;
    scene.outcome("no such activity", &activity);
    let workflow = service
        .respond_activity_task_completed_by_id(request("none", "none"))
        .await;
    scene.outcome("no such workflow", &workflow);
    let nothing = service
        .respond_activity_task_completed_by_id(request("flow", ""))
        .await;
    scene.outcome("no id", &nothing);
    let scheduled = desk::token(&place).await;
    scene.note("a token was left", !scheduled.is_empty());
}

async fn local_success(scene: &Scene) {
    scene
        .play("flow", vec![Step::Run(local("echo", "here"))])
        .await;
    scene.result("flow").await;
}

async fn local_failure(scene: &Scene) {
    let flaky = Act {
        attempts: Some(2),
        backoff: Some(1),
        ..local("flaky", "9")
    };
    scene.play("flow", vec![Step::Run(flaky)]).await;
    scene.result("flow").await;
}

async fn local_retry_with_a_timer(scene: &Scene) {
    let flaky = Act {
        backoff: Some(1000),
        timers_above: Some(100),
        ..local("flaky", "2")
    };
    scene.play("flow", vec![Step::Run(flaky)]).await;
    scene.result("flow").await;
}

/// Its task is kept alive by answers without commands that ask for another.
async fn local_longer_than_a_task(scene: &Scene) {
    let place = scene.own("gate");
    let options = temporalio_client::WorkflowStartOptions::new(scene.staffed(), scene.id("flow"))
        .task_timeout(std::time::Duration::from_secs(10))
        .build();
    scene
        .play_with(options, vec![Step::Run(local("gate", &place))])
        .await;
    scene.tasks(&scene.id("flow"), 1).await;
    desk::open(&place);
    scene.result("flow").await;
}

/// Starts a script with one activity that leaves its token, and waits for that.
async fn begin(scene: &Scene, later: Act) -> String {
    let place = later.input.clone();
    scene.play("flow", vec![Step::Run(later)]).await;
    desk::token(&place).await;
    place
}
