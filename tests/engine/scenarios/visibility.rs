//! Lists and counts: what filters find.

use temporalio_client::tonic::Request;
use temporalio_common::protos::temporal::api::common::v1::{Payload, SearchAttributes};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    CountWorkflowExecutionsRequest, ListWorkflowExecutionsRequest, ListWorkflowExecutionsResponse,
};

use crate::hand::payload;
use crate::scenarios;
use crate::scene::Scene;
use crate::worker::NAMESPACE;

scenarios!("visibility": listed, listed_by_attribute, listed_in_pages, bad_filters, counted);

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
    scene.lists(&all, 3).await;
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

fn number(value: i64) -> Payload {
    Payload {
        data: value.to_string().into_bytes(),
        ..payload("")
    }
}
