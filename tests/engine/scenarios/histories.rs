//! Histories in pieces: by pages, backwards, and as they grow.

use futures::join;
use temporalio_client::tonic::Request;
use temporalio_common::protos::temporal::api::enums::v1::HistoryEventFilterType as Filter;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    GetWorkflowExecutionHistoryRequest, GetWorkflowExecutionHistoryReverseRequest,
    ListWorkflowExecutionsRequest,
};

use crate::hand::{Hand, commands, shape};
use crate::scenarios;
use crate::scene::Scene;
use crate::worker::NAMESPACE;

scenarios!("histories": in_pages, reversed, of_new_events, of_the_close_event, bad_pages);

/// Where a page ends is a service's own affair; that none is missing or twice is not.
async fn in_pages(scene: &Scene) {
    five_events(scene).await;
    let mut page = Vec::new();
    let mut events = Vec::new();
    let mut pages = 0;
    while pages == 0 || !page.is_empty() {
        let mut request = history_request(scene);
        request.maximum_page_size = 2;
        request.next_page_token = page;
        let answer = scene
            .service()
            .get_workflow_execution_history(Request::new(request))
            .await;
        let answer = answer.unwrap().into_inner();
        events.extend(answer.history.unwrap_or_default().events);
        page = answer.next_page_token;
        pages += 1;
    }
    scene.note("in pages", shape(&events));
    scene.note("more than one", pages > 1);
}

async fn reversed(scene: &Scene) {
    five_events(scene).await;
    let mut page = Vec::new();
    let mut events = Vec::new();
    let mut pages = 0;
    while pages == 0 || !page.is_empty() {
        let request = GetWorkflowExecutionHistoryReverseRequest {
            namespace: NAMESPACE.to_owned(),
            execution: Some(scene.execution("flow")),
            maximum_page_size: 2,
            next_page_token: page,
        };
        let mut service = scene.service();
        let answer = service
            .get_workflow_execution_history_reverse(Request::new(request))
            .await;
        let answer = answer.unwrap().into_inner();
        events.extend(answer.history.unwrap_or_default().events);
        page = answer.next_page_token;
        pages += 1;
    }
    scene.note("in pages", shape(&events));
}

/// The answer comes with the event that it waited for.
async fn of_new_events(scene: &Scene) {
    scene.start(scene.start_request("flow")).await.unwrap();
    let mut request = history_request(scene);
    request.wait_new_event = true;
    let answer = scene
        .service()
        .get_workflow_execution_history(Request::new(request.clone()))
        .await;
    let answer = answer.unwrap().into_inner();
    scene.note("at once", shape(&answer.history.unwrap_or_default().events));
    request.next_page_token = answer.next_page_token;
    let mut service = scene.service();
    let waiting = service.get_workflow_execution_history(Request::new(request));
    let signalling = scene.signal(scene.signal_request("flow", "news"));
    let (answer, _) = join!(waiting, signalling);
    let answer = answer.unwrap().into_inner();
    scene.note("later", shape(&answer.history.unwrap_or_default().events));
    scene.note("more to come", !answer.next_page_token.is_empty());
}

async fn of_the_close_event(scene: &Scene) {
    scene.start(scene.start_request("flow")).await.unwrap();
    let mut request = history_request(scene);
    request.set_history_event_filter_type(Filter::CloseEvent);
    let answer = scene
        .service()
        .get_workflow_execution_history(Request::new(request.clone()))
        .await;
    let answer = answer.unwrap().into_inner();
    scene.note("open", shape(&answer.history.unwrap_or_default().events));
    request.wait_new_event = true;
    let mut service = scene.service();
    let waiting = service.get_workflow_execution_history(Request::new(request));
    let closing = async {
        Hand::new(scene)
            .do_next(vec![commands::complete("done")])
            .await
    };
    let (answer, _) = join!(waiting, closing);
    let answer = answer.unwrap().into_inner();
    scene.note("closed", shape(&answer.history.unwrap_or_default().events));
    scene.note("more to come", !answer.next_page_token.is_empty());
}

async fn bad_pages(scene: &Scene) {
    five_events(scene).await;
    let mut request = history_request(scene);
    request.next_page_token = b"nonsense".to_vec();
    let answer = scene
        .service()
        .get_workflow_execution_history(Request::new(request))
        .await;
    scene.outcome("history", &answer);
    let request = ListWorkflowExecutionsRequest {
        next_page_token: b"nonsense".to_vec(),
        ..Scene::list_request("WorkflowId = 'x'")
    };
    // The server has no words for this: "something went wrong, please retry".
    scene.note("list", scene.list(request).await.is_err());
    let mut request = history_request(scene);
    request.execution = None;
    let answer = scene
        .service()
        .get_workflow_execution_history(Request::new(request))
        .await;
    scene.outcome("no workflow", &answer);
}

/// A run with five events.
async fn five_events(scene: &Scene) {
    scene.start(scene.start_request("flow")).await.unwrap();
    Hand::new(scene)
        .do_next(vec![commands::complete("done")])
        .await;
}

fn history_request(scene: &Scene) -> GetWorkflowExecutionHistoryRequest {
    GetWorkflowExecutionHistoryRequest {
        namespace: NAMESPACE.to_owned(),
        execution: Some(scene.execution("flow")),
        ..Default::default()
    }
}
