//! What is too large, unknown or nobody's.

use futures::future::BoxFuture;
use temporalio_client::tonic::client::Grpc;
use temporalio_client::tonic::transport::Endpoint;
use temporalio_client::tonic::{Request, Status};
use temporalio_common::protos::temporal::api::common::v1::{Payloads, WorkflowExecution};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    CountWorkflowExecutionsRequest, DeleteWorkflowExecutionRequest, DescribeTaskQueueRequest,
    DescribeWorkflowExecutionRequest, GetWorkflowExecutionHistoryRequest,
    PollActivityTaskQueueRequest, PollWorkflowTaskQueueRequest,
    RespondWorkflowTaskCompletedRequest,
};

use crate::hand::{Hand, commands, payload, text};
use crate::scenarios;
use crate::scene::Scene;
use crate::support::bytes::Bytes;

scenarios!("limits": unknown_namespace, unknown_methods, malformed_requests, large_start,
    large_signal, large_result, large_activity_result, large_query_answer, large_memo,
    request_over_all_limits);

/// More than 2 MB, which one payload may have, and less than 4 MB, which a request may have.
const LARGE: usize = 2_200_000;

const NOWHERE: &str = "unheard-of";

/// Each call is refused in the same way.
async fn unknown_namespace(scene: &Scene) {
    let execution = Some(WorkflowExecution {
        workflow_id: "any".to_owned(),
        run_id: String::new(),
    });
    let namespace = || NOWHERE.to_owned();
    let queue = Some(commands::normal("any"));
    macro_rules! refused {
        ($call:ident, $request:expr) => {{
            let mut request = $request;
            request.namespace = namespace();
            let answer = scene.service().$call(Request::new(request)).await;
            scene.refused_in_words(stringify!($call), &answer.unwrap_err());
        }};
    }
    refused!(start_workflow_execution, scene.start_request("flow"));
    refused!(
        signal_workflow_execution,
        scene.signal_request("flow", "word")
    );
    let both = scene.signal_with_start_request(scene.start_request("flow"), "word");
    refused!(signal_with_start_workflow_execution, both);
    refused!(query_workflow, scene.query_request("flow", "log"));
    refused!(
        request_cancel_workflow_execution,
        scene.cancel_request("flow")
    );
    refused!(
        terminate_workflow_execution,
        scene.terminate_request("flow")
    );
    let execution = || execution.clone();
    refused!(
        delete_workflow_execution,
        DeleteWorkflowExecutionRequest {
            workflow_execution: execution(),
            ..Default::default()
        }
    );
    refused!(
        describe_workflow_execution,
        DescribeWorkflowExecutionRequest {
            execution: execution(),
            ..Default::default()
        }
    );
    refused!(
        get_workflow_execution_history,
        GetWorkflowExecutionHistoryRequest {
            execution: execution(),
            ..Default::default()
        }
    );
    refused!(list_workflow_executions, Scene::list_request(""));
    refused!(
        count_workflow_executions,
        CountWorkflowExecutionsRequest {
            query: String::new(),
            ..Default::default()
        }
    );
    refused!(
        describe_task_queue,
        DescribeTaskQueueRequest {
            task_queue: queue.clone(),
            ..Default::default()
        }
    );
    refused!(
        poll_workflow_task_queue,
        PollWorkflowTaskQueueRequest {
            task_queue: queue.clone(),
            ..Default::default()
        }
    );
    refused!(
        poll_activity_task_queue,
        PollActivityTaskQueueRequest {
            task_queue: queue.clone(),
            ..Default::default()
        }
    );
}

async fn unknown_methods(scene: &Scene) {
    let methods = [
        "/temporal.api.workflowservice.v1.WorkflowService/Unheard",
        "/temporal.api.unheard.v1.UnheardService/Start",
    ];
    for method in methods {
        let answer = raw_call(scene, method, Vec::new()).await;
        scene.refused("call", &answer.unwrap_err());
    }
}

/// Bytes that are no message, and messages that say nothing.
async fn malformed_requests(scene: &Scene) {
    let start = "/temporal.api.workflowservice.v1.WorkflowService/StartWorkflowExecution";
    scene.refused(
        "no message",
        &raw_call(scene, start, vec![0xff; 20]).await.unwrap_err(),
    );
    scene.refused(
        "an empty one",
        &raw_call(scene, start, Vec::new()).await.unwrap_err(),
    );
    let poll = PollWorkflowTaskQueueRequest {
        namespace: "default".to_owned(),
        ..Default::default()
    };
    let polled = scene
        .service()
        .poll_workflow_task_queue(Request::new(poll))
        .await;
    scene.refused("a poll of no queue", &polled.unwrap_err());
}

async fn large_start(scene: &Scene) {
    let mut request = scene.start_request("flow");
    request.input = large();
    scene.refused_in_words("start", &scene.start(request).await.unwrap_err());
}

async fn large_signal(scene: &Scene) {
    scene.start(scene.start_request("flow")).await.unwrap();
    let mut request = scene.signal_request("flow", "word");
    request.input = large();
    scene.outcome("signal", &scene.signal(request).await);
    let mut request = scene.signal_request("flow", "word");
    request.signal_name = "x".repeat(1001);
    scene.outcome("name", &scene.signal(request).await);
}

/// A run can't go on with an answer that can't be kept.
async fn large_result(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    let task = hand.task().await;
    let answer = RespondWorkflowTaskCompletedRequest {
        ..hand.answer(&task, vec![commands::complete(&"x".repeat(LARGE))])
    };
    scene.outcome("answer", &hand.send(answer).await);
}

async fn large_activity_result(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    let attributes = commands::activity_attributes("one", &scene.own("hand"));
    hand.do_next(vec![commands::activity(attributes)]).await;
    let activity = hand.activity().await;
    scene.outcome(
        "result",
        &hand.activity_done(&activity, &"x".repeat(LARGE)).await,
    );
    hand.do_next(vec![commands::complete("done")]).await;
}

async fn large_query_answer(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    hand.do_next(vec![commands::marker("seen")]).await;
    let answering = async {
        let task = hand.task().await;
        let answered = hand.answer_query(&task, Some(&"x".repeat(LARGE))).await;
        scene.outcome("answer", &answered);
    };
    let (answer, ()) = futures::join!(scene.query(scene.query_request("flow", "log")), answering);
    scene.outcome("query", &answer);
}

async fn large_memo(scene: &Scene) {
    use temporalio_common::protos::temporal::api::common::v1::Memo;
    let mut request = scene.start_request("flow");
    request.memo = Some(Memo {
        fields: [("note".to_owned(), payload(&"x".repeat(LARGE)))].into(),
    });
    scene.outcome("start", &scene.start(request).await);
}

async fn request_over_all_limits(scene: &Scene) {
    let mut request = scene.start_request("flow");
    request.input = text(&"x".repeat(5_000_000));
    scene.refused("start", &scene.start(request).await.unwrap_err());
}

fn large() -> Option<Payloads> {
    text(&"x".repeat(LARGE))
}

/// A call with any name and any bytes.
fn raw_call<'a>(
    scene: &'a Scene,
    method: &'static str,
    body: Vec<u8>,
) -> BoxFuture<'a, Result<Vec<u8>, Status>> {
    Box::pin(async move {
        let address = format!("http://{}", scene.address());
        let endpoint = Endpoint::from_shared(address).expect("an address makes an endpoint");
        let channel = endpoint
            .connect()
            .await
            .expect("the target can be connected to");
        let mut client = Grpc::new(channel);
        client.ready().await.expect("a connected channel is ready");
        let path = method.parse().expect("a method is a path");
        let answer = client.unary(Request::new(body), path, Bytes).await?;
        Ok(answer.into_inner())
    })
}
