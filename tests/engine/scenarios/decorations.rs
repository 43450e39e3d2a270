//! Search attributes, memos, patches and deletion: what hangs on a run besides its history.

use std::collections::HashMap;

use temporalio_client::tonic::{Code, Request};
use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::workflowservice::v1::DeleteWorkflowExecutionRequest;

use crate::hand::{Hand, commands, payload};
use crate::scenarios;
use crate::scene::Scene;
use crate::script::{Key, Step};
use crate::worker::NAMESPACE;

scenarios!("decorations": upserted, removed, unset_by_this_sdk, memo_upserted, unregistered, patched,
    deleted_when_closed, deleted_while_running, deleted_twice);

async fn upserted(scene: &Scene) {
    decorated(scene, vec![Step::Attribute(Key::Word, "bright".to_owned())]).await;
}

/// By a payload that says null, as other SDKs do it.
async fn removed(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    hand.do_next(vec![commands::attribute("EngineWord", payload("bright"))])
        .await;
    scene.note("before", attributes(scene).await);
    scene
        .signal(scene.signal_request("flow", "go on"))
        .await
        .unwrap();
    let null = Payload {
        metadata: [("encoding".to_owned(), b"binary/null".to_vec())].into(),
        ..Default::default()
    };
    hand.do_next(vec![commands::attribute("EngineWord", null)])
        .await;
    scene.note("after", attributes(scene).await);
}

/// This SDK's way is an empty text with the attribute's type, which is no value of it.
async fn unset_by_this_sdk(scene: &Scene) {
    let steps = vec![
        Step::Attribute(Key::Word, "bright".to_owned()),
        Step::Sleep(1),
        Step::NoAttribute(Key::Word),
    ];
    scene.play("flow", steps).await;
    scene
        .seen(&scene.id("flow"), EventType::WorkflowTaskFailed, 2)
        .await;
}

async fn memo_upserted(scene: &Scene) {
    let steps = vec![
        Step::Memo("one".to_owned(), Some("first".to_owned())),
        Step::Memo("two".to_owned(), Some("second".to_owned())),
        Step::Sleep(1),
        Step::Memo("one".to_owned(), None),
    ];
    decorated(scene, steps).await;
}

/// The task fails, with a cause that says why.
async fn unregistered(scene: &Scene) {
    scene
        .play(
            "flow",
            vec![Step::Attribute(Key::Unregistered, "any".to_owned())],
        )
        .await;
    scene
        .seen(&scene.id("flow"), EventType::WorkflowTaskFailed, 1)
        .await;
}

async fn patched(scene: &Scene) {
    decorated(
        scene,
        vec![Step::Patch("one".to_owned()), Step::Patch("two".to_owned())],
    )
    .await;
}

async fn deleted_when_closed(scene: &Scene) {
    closed(scene).await;
    scene.note("delete", delete(scene, "flow").await);
    gone(scene).await;
    let again = scene.start(scene.start_request("flow")).await;
    scene.outcome("start again", &again);
}

async fn deleted_while_running(scene: &Scene) {
    scene.start(scene.start_request("flow")).await.unwrap();
    scene.note("delete", delete(scene, "flow").await);
    gone(scene).await;
}

async fn deleted_twice(scene: &Scene) {
    scene.note("nobody", delete(scene, "none").await);
    closed(scene).await;
    scene.note("first", delete(scene, "flow").await);
    gone(scene).await;
    scene.note("second", delete(scene, "flow").await);
}

/// A script that does this, and what it is described with in the end.
async fn decorated(scene: &Scene, steps: Vec<Step>) {
    scene.play("flow", steps).await;
    scene.result("flow").await;
    let info = scene
        .describe("flow")
        .await
        .workflow_execution_info
        .unwrap();
    scene.note("memo", said(info.memo.unwrap_or_default().fields));
    scene.note("attributes", attributes(scene).await);
}

/// The search attributes that it is described with, but for those of the worker.
async fn attributes(scene: &Scene) -> String {
    let info = scene
        .describe("flow")
        .await
        .workflow_execution_info
        .unwrap();
    let mut attributes = info.search_attributes.unwrap_or_default().indexed_fields;
    attributes.retain(|name, _| name != "BuildIds");
    said(attributes)
}

fn said(fields: HashMap<String, Payload>) -> String {
    let mut lines: Vec<String> = fields
        .into_iter()
        .map(|(key, value)| format!("{key}={}", String::from_utf8_lossy(&value.data)))
        .collect();
    lines.sort();
    lines.join(", ")
}

/// Runs to its end, and waits until the list knows of it: the server forgets to delete
/// what was asked for before that.
async fn closed(scene: &Scene) {
    scene.start(scene.start_request("flow")).await.unwrap();
    Hand::new(scene)
        .do_next(vec![commands::complete("done")])
        .await;
    let id = scene.id("flow");
    scene
        .lists(
            &format!("WorkflowId = '{id}' AND ExecutionStatus = 'Completed'"),
            1,
        )
        .await;
}

async fn delete(scene: &Scene, name: &str) -> String {
    let request = DeleteWorkflowExecutionRequest {
        namespace: NAMESPACE.to_owned(),
        workflow_execution: Some(scene.execution(name)),
    };
    match scene
        .service()
        .delete_workflow_execution(Request::new(request))
        .await
    {
        Ok(_) => "ok".to_owned(),
        Err(status) => crate::refusal::kind(&status),
    }
}

/// A service may take its time.
async fn gone(scene: &Scene) {
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(20);
    let id = scene.id("flow");
    loop {
        match scene.try_history(&id, "").await {
            Ok(_) => tokio::time::sleep(PAUSE).await,
            Err(status) => {
                assert_eq!(status.code(), Code::NotFound, "{status}");
                return scene.refused("history", &status);
            }
        }
    }
}
