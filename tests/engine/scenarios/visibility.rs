//! What can be seen from outside: descriptions, lists, counts, and histories in pieces.

use std::time::Duration;

use futures::join;
use temporalio_client::tonic::{Request, Status};
use temporalio_common::protos::temporal::api::common::v1::SearchAttributes;
use temporalio_common::protos::temporal::api::enums::v1::{
    HistoryEventFilterType as Filter, TaskQueueType,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    CountWorkflowExecutionsRequest, DescribeNamespaceRequest, DescribeTaskQueueRequest,
    GetWorkflowExecutionHistoryRequest, GetWorkflowExecutionHistoryReverseRequest,
    ListWorkflowExecutionsRequest, ListWorkflowExecutionsResponse,
};

use crate::hand::{Hand, commands, payload, shape};
use crate::scenarios;
use crate::scene::Scene;
use crate::script::Step;
use crate::worker::NAMESPACE;

scenarios!("visibility": described, described_when_closed, listed, listed_by_attribute,
    listed_in_pages, bad_filters, counted, history_in_pages, history_reversed,
    history_of_new_events, history_of_the_close_event, bad_pages, pollers, namespace);

async fn described(scene: &Scene) {
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

async fn described_when_closed(scene: &Scene) {
    scene.play("flow", vec![Step::Sleep(1)]).await;
    scene.result("flow").await;
    description(scene, "closed").await;
}

async fn listed(scene: &Scene) {
    for name in ["one", "two", "three"] {
        scene.start(scene.start_request(name)).await.unwrap();
    }
    scene
        .try_terminate(scene.terminate_request("two"))
        .await
        .unwrap();
    let prefix = scene.own("");
    let all = format!("WorkflowId STARTS_WITH '{prefix}'");
    scene
        .lists(&format!("{all} AND ExecutionStatus = 'Terminated'"), 1)
        .await;
    list(scene, "all", &all, 3).await;
    list(
        scene,
        "running",
        &format!("{all} AND ExecutionStatus = 'Running'"),
        2,
    )
    .await;
    list(
        scene,
        "not running",
        &format!("{all} AND ExecutionStatus != 'Running'"),
        1,
    )
    .await;
    let one = scene.own("one");
    list(scene, "by id", &format!("WorkflowId = '{one}'"), 1).await;
    let two = scene.own("two");
    list(
        scene,
        "either",
        &format!("WorkflowId = '{one}' OR WorkflowId = '{two}'"),
        2,
    )
    .await;
    list(scene, "in", &format!("WorkflowId IN ('{one}', '{two}')"), 2).await;
    list(
        scene,
        "by type",
        &format!("{all} AND WorkflowType = 'hand'"),
        3,
    )
    .await;
    list(
        scene,
        "by another type",
        &format!("{all} AND WorkflowType = 'none'"),
        0,
    )
    .await;
    list(
        scene,
        "before",
        &format!("{all} AND StartTime < '2020-01-01T00:00:00Z'"),
        0,
    )
    .await;
    list(
        scene,
        "closed",
        &format!("{all} AND CloseTime IS NOT NULL"),
        1,
    )
    .await;
    list(scene, "open", &format!("{all} AND CloseTime IS NULL"), 2).await;
    let queue = scene.own("hand");
    list(scene, "by queue", &format!("TaskQueue = '{queue}'"), 3).await;
    list(
        scene,
        "in brackets",
        &format!("({all}) AND (ExecutionStatus = 'Running')"),
        2,
    )
    .await;
    let now = "BETWEEN '2020-01-01T00:00:00Z' AND '2999-01-01T00:00:00Z'";
    list(scene, "between", &format!("{all} AND StartTime {now}"), 3).await;
}

async fn listed_by_attribute(scene: &Scene) {
    let word = scene.own("word");
    for (name, count) in [("one", 1), ("two", 2), ("three", 3)] {
        let mut request = scene.start_request(name);
        let fields = [
            ("EngineWord", payload(&word)),
            ("EngineCount", number(count)),
        ];
        request.search_attributes = Some(SearchAttributes {
            indexed_fields: fields.map(|(name, value)| (name.to_owned(), value)).into(),
        });
        scene.start(request).await.unwrap();
    }
    let all = format!("EngineWord = '{word}'");
    scene.lists(&all, 3).await;
    list(scene, "word", &all, 3).await;
    list(scene, "count", &format!("{all} AND EngineCount = 2"), 1).await;
    list(scene, "more", &format!("{all} AND EngineCount >= 2"), 2).await;
    list(
        scene,
        "between",
        &format!("{all} AND EngineCount BETWEEN 1 AND 2"),
        2,
    )
    .await;
    list(
        scene,
        "one of",
        &format!("{all} AND EngineCount IN (1, 3)"),
        2,
    )
    .await;
    list(scene, "absent", &format!("{all} AND EngineFlag IS NULL"), 3).await;
    list(
        scene,
        "present",
        &format!("{all} AND EngineFlag IS NOT NULL"),
        0,
    )
    .await;
}

async fn listed_in_pages(scene: &Scene) {
    for name in ["one", "two", "three"] {
        scene.start(scene.start_request(name)).await.unwrap();
    }
    let all = format!("WorkflowId STARTS_WITH '{}'", scene.own(""));
    scene.lists(&all, 3).await;
    let mut page = Vec::new();
    let mut seen = Vec::new();
    for turn in 1.. {
        let request = ListWorkflowExecutionsRequest {
            page_size: 2,
            next_page_token: page,
            ..Scene::list_request(&all)
        };
        let answer = scene.list(request).await.unwrap();
        scene.note(&format!("page {turn}"), answer.executions.len());
        seen.extend(ids(&answer));
        page = answer.next_page_token;
        if page.is_empty() {
            break;
        }
    }
    seen.sort();
    scene.note("all", seen.join(", "));
}

async fn bad_filters(scene: &Scene) {
    let filters = [
        "WorkflowId =",
        "nonsense",
        "EngineUnheardOf = 'x'",
        "EngineCount = 'x'",
        "ExecutionStatus = 'Unheard'",
        "WorkflowId = 'x' ORDER BY StartTime",
        "StartTime > 'yesterday'",
        "WorkflowId LIKE 'x%'",
        "WorkflowId = \"x\"",
    ];
    for filter in filters {
        let answer = scene.list(Scene::list_request(filter)).await;
        scene.outcome(filter, &answer);
    }
    let request = CountWorkflowExecutionsRequest {
        namespace: NAMESPACE.to_owned(),
        query: "GROUP BY WorkflowType".to_owned(),
    };
    let answer = scene
        .service()
        .count_workflow_executions(Request::new(request))
        .await;
    scene.outcome("groups by type", &answer);
}

async fn counted(scene: &Scene) {
    for name in ["one", "two", "three"] {
        scene.start(scene.start_request(name)).await.unwrap();
    }
    scene
        .try_terminate(scene.terminate_request("two"))
        .await
        .unwrap();
    let all = format!("WorkflowId STARTS_WITH '{}'", scene.own(""));
    scene
        .lists(&format!("{all} AND ExecutionStatus = 'Terminated'"), 1)
        .await;
    scene.lists(&all, 3).await;
    let count = |query: String| {
        let request = CountWorkflowExecutionsRequest {
            namespace: NAMESPACE.to_owned(),
            query,
        };
        async {
            scene
                .service()
                .count_workflow_executions(Request::new(request))
                .await
                .unwrap()
                .into_inner()
        }
    };
    scene.note("all", count(all.clone()).await.count);
    let grouped = count(format!("{all} GROUP BY ExecutionStatus")).await;
    let mut groups: Vec<String> = grouped
        .groups
        .iter()
        .map(|group| {
            let of = group.group_values.iter().map(|value| {
                let kind = value.metadata.get("type").cloned().unwrap_or_default();
                format!(
                    "{} {}",
                    String::from_utf8_lossy(&value.data),
                    String::from_utf8_lossy(&kind)
                )
            });
            format!("{}: {}", of.collect::<Vec<_>>().join(", "), group.count)
        })
        .collect();
    groups.sort();
    scene.note("groups", groups.join("; "));
    scene.note("sum", grouped.count);
}

/// Where a page ends is a service's own affair; that none is missing or twice is not.
async fn history_in_pages(scene: &Scene) {
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

async fn history_reversed(scene: &Scene) {
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
async fn history_of_new_events(scene: &Scene) {
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

async fn history_of_the_close_event(scene: &Scene) {
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

async fn pollers(scene: &Scene) {
    let queue = scene.own("queue");
    describe_queue(scene, "nobody yet", &queue, TaskQueueType::Workflow).await;
    let worker = scene.hire(&queue, crate::worker::Manner::default());
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

fn ids(answer: &ListWorkflowExecutionsResponse) -> Vec<String> {
    let executions = answer
        .executions
        .iter()
        .filter_map(|info| info.execution.as_ref());
    executions
        .map(|execution| execution.workflow_id.clone())
        .collect()
}

/// What a filter finds; that there are so many is part of the scenario.
async fn list(scene: &Scene, what: &str, query: &str, wanted: usize) {
    let mut found = ids(&scene.list(Scene::list_request(query)).await.unwrap());
    found.sort();
    assert_eq!(found.len(), wanted, "{query}");
    scene.note(what, found.join(", "));
}

fn number(value: i64) -> temporalio_common::protos::temporal::api::common::v1::Payload {
    temporalio_common::protos::temporal::api::common::v1::Payload {
        data: value.to_string().into_bytes(),
        ..payload("")
    }
}
