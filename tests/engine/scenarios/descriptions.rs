//! Descriptions: of runs in each state, of task queues, of the namespace.

use temporalio_client::tonic::Request;
use temporalio_common::protos::temporal::api::enums::v1::TaskQueueType;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeNamespaceRequest, DescribeTaskQueueRequest,
};

use crate::hand::{Hand, commands};
use crate::scenarios;
use crate::scene::Scene;
use crate::script::Step;
use crate::worker::{Manner, NAMESPACE};

scenarios!("descriptions": open, closed, pollers, namespace);

async fn open(scene: &Scene) {
    scene.start(scene.start_request("flow")).await.unwrap();
    description(scene, "scheduled").await;
    let hand = Hand::new(scene);
    let task = hand.task().await;
    description(scene, "started").await;
    let attributes = commands::activity_attributes("one", &scene.own("hand"));
    let child = commands::child_attributes(&scene.id("child"), &scene.own("elsewhere"));
    hand.complete(
        &task,
        vec![commands::activity(attributes), commands::child(child)],
    )
    .await;
    hand.do_next(vec![]).await;
    description(scene, "with work under way").await;
}

async fn closed(scene: &Scene) {
    scene.play("flow", vec![Step::Sleep(1)]).await;
    scene.result("flow").await;
    description(scene, "closed").await;
}

async fn pollers(scene: &Scene) {
    let queue = scene.own("queue");
    describe_queue(scene, "nobody yet", &queue, TaskQueueType::Workflow).await;
    let worker = scene.hire(&queue, Manner::default());
    scene.polled(commands::normal(&queue)).await;
    describe_queue(scene, "workflow tasks", &queue, TaskQueueType::Workflow).await;
    worker.shut_down().await;
}

async fn namespace(scene: &Scene) {
    let describe = |namespace: &str| {
        let request = DescribeNamespaceRequest {
            namespace: namespace.to_owned(),
            ..Default::default()
        };
        async {
            scene
                .service()
                .describe_namespace(Request::new(request))
                .await
        }
    };
    let described = describe(NAMESPACE).await.unwrap().into_inner();
    let info = described.namespace_info.unwrap_or_default();
    scene.note("name", &info.name);
    scene.note("state", format!("{:?}", info.state()));
    scene.note("has an id", !info.id.is_empty());
    scene.note(
        "has a retention",
        described
            .config
            .is_some_and(|config| config.workflow_execution_retention_ttl.is_some()),
    );
    scene.refused_in_words("unheard of", &describe("unheard-of").await.unwrap_err());
    scene.refused("no name", &describe("").await.unwrap_err());
}

async fn description(scene: &Scene, when: &str) {
    let described = scene.describe("flow").await;
    let info = described.workflow_execution_info.unwrap();
    let note = |what: &str, seen: String| scene.note(&format!("{when}, {what}"), seen);
    note("status", format!("{:?}", info.status()));
    note("length", info.history_length.to_string());
    note("type", info.r#type.clone().unwrap_or_default().name);
    note("queue", info.task_queue.clone());
    note("started", info.start_time.is_some().to_string());
    note("executed", info.execution_time.is_some().to_string());
    note("closed", info.close_time.is_some().to_string());
    note("duration", info.execution_duration.is_some().to_string());
    note("size", (info.history_size_bytes > 0).to_string());
    note(
        "first run",
        (info.first_run_id == info.execution.clone().unwrap_or_default().run_id).to_string(),
    );
    note("root", info.root_execution.unwrap_or_default().workflow_id);
    let pending = described.pending_workflow_task;
    let pending = pending.map(|task| format!("{:?}, attempt {}", task.state(), task.attempt));
    note("task", format!("{pending:?}"));
    let activities = described.pending_activities.iter();
    let activities =
        activities.map(|info| format!("{} {:?} {}", info.activity_id, info.state(), info.attempt));
    note("activities", activities.collect::<Vec<_>>().join(", "));
    let children = described.pending_children.iter();
    let children = children.map(|info| {
        format!(
            "{} {} {} {:?}",
            info.workflow_id,
            info.workflow_type_name,
            info.initiated_id,
            info.parent_close_policy()
        )
    });
    note("children", children.collect::<Vec<_>>().join(", "));
}

async fn describe_queue(scene: &Scene, what: &str, queue: &str, kind: TaskQueueType) {
    let request = DescribeTaskQueueRequest {
        namespace: NAMESPACE.to_owned(),
        task_queue: Some(commands::normal(queue)),
        task_queue_type: kind as i32,
        ..Default::default()
    };
    let answer = scene
        .service()
        .describe_task_queue(Request::new(request))
        .await
        .unwrap()
        .into_inner();
    let mut who: Vec<String> = answer
        .pollers
        .into_iter()
        .map(|poller| poller.identity)
        .collect();
    who.dedup();
    scene.note(what, format!("{who:?}"));
}
