//! What is said to a service, and the code that each of it comes to.

use std::time::Duration;

use prost::Message;
use temporalio_common::protos::temporal::api::command::v1::command::Attributes;
use temporalio_common::protos::temporal::api::command::v1::{
    Command, CompleteWorkflowExecutionCommandAttributes,
};
use temporalio_common::protos::temporal::api::common::v1::{WorkflowExecution, WorkflowType};
use temporalio_common::protos::temporal::api::enums::v1::CommandType;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse,
    GetWorkflowExecutionHistoryRequest, ListWorkflowExecutionsRequest,
    PollWorkflowTaskQueueRequest, PollWorkflowTaskQueueResponse,
    RecordActivityTaskHeartbeatRequest, RespondActivityTaskCompletedRequest,
    RespondQueryTaskCompletedRequest, RespondWorkflowTaskCompletedRequest,
    RespondWorkflowTaskFailedRequest, SignalWorkflowExecutionRequest,
    StartWorkflowExecutionRequest, TerminateWorkflowExecutionRequest,
};

use crate::anything::{METHODS, NOT_HERE};
use crate::rpc::{NAMESPACE, latest, queue, text};
use crate::wire::{WORKFLOW_SERVICE, Wire, kind};

const LIMIT: Duration = Duration::from_secs(20);
const MEGABYTE: usize = 1_000_000;

type Told = Vec<(String, String)>;

/// Says everything; what each came to.
pub async fn all(address: &str) -> Told {
    let wire = Wire::connect(address).await;
    // The engine is told twice.
    let mark = uuid();
    let mut told = Told::new();
    bytes(&wire, &mut told).await;
    sizes(&wire, &mark, &mut told).await;
    ids(&wire, &mark, &mut told).await;
    tokens(&wire, &mark, &mut told).await;
    pages(&wire, &mark, &mut told).await;
    told
}

fn uuid() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(100);
    format!("{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// What is no message, to every method; and methods that nobody has.
async fn bytes(wire: &Wire, told: &mut Told) {
    for method in METHODS {
        let path = format!("/{WORKFLOW_SERVICE}/{method}");
        for (what, bytes) in [
            ("0xff", vec![0xff; 20]),
            // A first field that is cut off, and one that has no end.
            ("cut off", vec![0x0a, 0x7f, b'x']),
            ("endless", vec![0x0b]),
            ("no text", vec![0x0a, 0x02, 0xc3, 0x28]),
        ] {
            let answer = wire.send(&path, bytes, LIMIT).await;
            // What is not here is not read, either.
            if !NOT_HERE.contains(method) {
                told.push((format!("{method} {what}"), kind(&answer)));
            }
        }
    }
    for path in [
        format!("/{WORKFLOW_SERVICE}/Unheard"),
        format!("/{WORKFLOW_SERVICE}/startWorkflowExecution"),
        "/temporal.api.unheard.v1.UnheardService/Start".to_owned(),
        "/grpc.health.v1.Health/Unheard".to_owned(),
    ] {
        let answer = wire.send(&path, Vec::new(), LIMIT).await;
        told.push((path, kind(&answer)));
    }
}

fn start(id: &str) -> StartWorkflowExecutionRequest {
    StartWorkflowExecutionRequest {
        namespace: NAMESPACE.to_owned(),
        workflow_id: id.to_owned(),
        workflow_type: Some(WorkflowType {
            name: "Hostile".to_owned(),
        }),
        task_queue: queue(&format!("hostile-{}", id.len())),
        request_id: format!("{}-request", id.len()),
        ..Default::default()
    }
}

fn signal(id: &str) -> SignalWorkflowExecutionRequest {
    SignalWorkflowExecutionRequest {
        namespace: NAMESPACE.to_owned(),
        workflow_execution: latest(id),
        signal_name: "word".to_owned(),
        ..Default::default()
    }
}

/// Payloads and requests beyond what is allowed.
async fn sizes(wire: &Wire, mark: &str, told: &mut Told) {
    let id = format!("sizes-{mark}");
    let answer = wire.call("StartWorkflowExecution", &start(&id)).await;
    told.push(("a start".to_owned(), kind(&answer)));
    for megabytes in [1, 3, 10] {
        let large = text(&"x".repeat(megabytes * MEGABYTE));
        let mut request = signal(&id);
        request.input.clone_from(&large);
        let answer = wire.call("SignalWorkflowExecution", &request).await;
        told.push((format!("a signal of {megabytes} MB"), kind(&answer)));
        let mut request = start(&format!("{id}-{megabytes}"));
        request.input = large;
        let answer = wire.call("StartWorkflowExecution", &request).await;
        told.push((format!("a start of {megabytes} MB"), kind(&answer)));
    }
}

/// Ids that are texts, but no words, in everything that takes an id.
async fn ids(wire: &Wire, mark: &str, told: &mut Told) {
    for (what, id) in [
        ("nothing", String::new()),
        ("NUL", format!("\0{mark}\0")),
        ("lines", format!("{mark}\n\r\n\u{2028}")),
        ("right to left", format!("\u{202e}{mark}\u{5d0}\u{5d1}")),
        ("quotes", format!("'{mark}\"\\`;--")),
        ("beyond", format!("{mark}\u{10ffff}\u{feff}\u{fffe}")),
        ("1,000 bytes", "é".repeat(498) + &mark[..1] + mark),
        ("1,001 bytes", "x".repeat(1_001)),
        ("100,000 bytes", "x".repeat(100_000)),
    ] {
        let answer = wire.call("StartWorkflowExecution", &start(&id)).await;
        told.push((format!("start {what}"), kind(&answer)));
        let answer = wire.call("SignalWorkflowExecution", &signal(&id)).await;
        told.push((format!("signal {what}"), kind(&answer)));
        let request = DescribeWorkflowExecutionRequest {
            namespace: NAMESPACE.to_owned(),
            execution: latest(&id),
        };
        let answer = wire.call("DescribeWorkflowExecution", &request).await;
        if let Ok(answer) = &answer {
            let described = DescribeWorkflowExecutionResponse::decode(answer.as_slice());
            let info = described.unwrap().workflow_execution_info.unwrap();
            assert_eq!(info.execution.unwrap().workflow_id, id, "as it was given");
        }
        told.push((format!("describe {what}"), kind(&answer)));
        let mut request = signal(&format!("sizes-{mark}"));
        request.signal_name = id.clone();
        let answer = wire.call("SignalWorkflowExecution", &request).await;
        told.push((format!("a signal's name {what}"), kind(&answer)));
        let request = TerminateWorkflowExecutionRequest {
            namespace: NAMESPACE.to_owned(),
            workflow_execution: latest(&id),
            ..Default::default()
        };
        let answer = wire.call("TerminateWorkflowExecution", &request).await;
        told.push((format!("terminate {what}"), kind(&answer)));
    }
    for run in ["x", "00000000-0000-0000-0000-00000000000", "\0", "'"] {
        let mut request = signal(&format!("sizes-{mark}"));
        request.workflow_execution = Some(WorkflowExecution {
            workflow_id: format!("sizes-{mark}"),
            run_id: run.to_owned(),
        });
        let answer = wire.call("SignalWorkflowExecution", &request).await;
        told.push((format!("run {run:?}"), kind(&answer)));
    }
}

/// Answers to tasks that are none, or not that one, or were answered.
async fn tokens(wire: &Wire, mark: &str, told: &mut Told) {
    let id = format!("tokens-{mark}");
    let answer = wire.call("StartWorkflowExecution", &start(&id)).await;
    told.push(("a start".to_owned(), kind(&answer)));
    let poll = PollWorkflowTaskQueueRequest {
        namespace: NAMESPACE.to_owned(),
        task_queue: start(&id).task_queue,
        ..Default::default()
    };
    let good = loop {
        let task = wire.call("PollWorkflowTaskQueue", &poll).await.unwrap();
        let task = PollWorkflowTaskQueueResponse::decode(task.as_slice()).unwrap();
        if !task.task_token.is_empty() {
            break task.task_token;
        }
    };
    for (what, token) in [
        ("none", Vec::new()),
        ("garbage", vec![0xff; 50]),
        ("text", b"a token".to_vec()),
    ] {
        for (method, request) in answers(&token) {
            let path = format!("/{WORKFLOW_SERVICE}/{method}");
            let answer = wire.send(&path, request, LIMIT).await;
            told.push((format!("{method} with {what}"), kind(&answer)));
        }
    }
    let complete = RespondWorkflowTaskCompletedRequest {
        namespace: NAMESPACE.to_owned(),
        task_token: good.clone(),
        commands: vec![Command {
            command_type: CommandType::CompleteWorkflowExecution as i32,
            attributes: Some(Attributes::CompleteWorkflowExecutionCommandAttributes(
                CompleteWorkflowExecutionCommandAttributes::default(),
            )),
            ..Default::default()
        }],
        ..Default::default()
    };
    for what in ["once", "twice", "three times"] {
        let answer = wire.call("RespondWorkflowTaskCompleted", &complete).await;
        told.push((format!("a task done {what}"), kind(&answer)));
    }
    let failed = RespondWorkflowTaskFailedRequest {
        namespace: NAMESPACE.to_owned(),
        task_token: good,
        ..Default::default()
    };
    let answer = wire.call("RespondWorkflowTaskFailed", &failed).await;
    told.push(("a task failed after that".to_owned(), kind(&answer)));
    let answer = wire.call("SignalWorkflowExecution", &signal(&id)).await;
    told.push(("a signal after that".to_owned(), kind(&answer)));
}

/// Every answer to a task, with this token.
fn answers(token: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let namespace = || NAMESPACE.to_owned();
    let task_token = || token.to_vec();
    let completed = RespondWorkflowTaskCompletedRequest {
        namespace: namespace(),
        task_token: task_token(),
        ..Default::default()
    };
    let failed = RespondWorkflowTaskFailedRequest {
        namespace: namespace(),
        task_token: task_token(),
        ..Default::default()
    };
    let activity = RespondActivityTaskCompletedRequest {
        namespace: namespace(),
        task_token: task_token(),
        ..Default::default()
    };
    let heartbeat = RecordActivityTaskHeartbeatRequest {
        namespace: namespace(),
        task_token: task_token(),
        ..Default::default()
    };
    let query = RespondQueryTaskCompletedRequest {
        namespace: namespace(),
        task_token: task_token(),
        ..Default::default()
    };
    vec![
        ("RespondWorkflowTaskCompleted", completed.encode_to_vec()),
        ("RespondWorkflowTaskFailed", failed.encode_to_vec()),
        ("RespondActivityTaskCompleted", activity.encode_to_vec()),
        ("RecordActivityTaskHeartbeat", heartbeat.encode_to_vec()),
        ("RespondQueryTaskCompleted", query.encode_to_vec()),
    ]
}

/// Pages that nobody gave out.
async fn pages(wire: &Wire, mark: &str, told: &mut Told) {
    for (what, page) in [
        ("garbage", vec![0xff; 50]),
        ("text", b"a page".to_vec()),
        ("JSON", b"{}".to_vec()),
    ] {
        let request = ListWorkflowExecutionsRequest {
            namespace: NAMESPACE.to_owned(),
            next_page_token: page.clone(),
            ..Default::default()
        };
        let answer = wire.call("ListWorkflowExecutions", &request).await;
        told.push((format!("a list from {what}"), kind(&answer)));
        let request = GetWorkflowExecutionHistoryRequest {
            namespace: NAMESPACE.to_owned(),
            execution: latest(&format!("sizes-{mark}")),
            next_page_token: page,
            ..Default::default()
        };
        let answer = wire.call("GetWorkflowExecutionHistory", &request).await;
        told.push((format!("a history from {what}"), kind(&answer)));
    }
}
