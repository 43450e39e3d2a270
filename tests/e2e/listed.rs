//! What the server lists, as people search it, and how a workflow ended, as the server
//! recorded it. Lists lag behind what happened, so they are waited for.

use std::time::Duration;

use serde_json::Value;

use crate::server::Server;
use crate::support::wait::eventually;
use crate::temporal::Workflow;

/// How far a list may lag behind, on a loaded machine.
const LAG: Duration = Duration::from_mins(1);
/// How long a workflow may take to its end.
const END_LIMIT: Duration = Duration::from_mins(1);

/// The ids of the workflows that a query lists, in no order. A search by an epoch's id
/// compares words, so it lists epochs with similar ids too.
#[track_caller]
pub fn ids(server: &Server, query: &str) -> Vec<String> {
    let args = ["workflow", "list", "--query", query, "--output", "json"];
    let listed = server.cli(args).ok().json();
    let id = |item: &Value| item["execution"]["workflowId"].as_str().map(str::to_owned);
    listed
        .as_array()
        .expect("a list is a list")
        .iter()
        .filter_map(id)
        .collect()
}

/// Waits until a query lists this workflow.
#[track_caller]
pub fn wait_for(server: &Server, query: &str, id: &str) {
    eventually(&format!("{query} lists {id}"), LAG, || {
        ids(server, query)
            .iter()
            .any(|listed| listed == id)
            .then_some(())
    });
}

/// How a workflow ended, in the server's word, and with what: its result, or the details
/// of its cancellation. Waits until it has.
#[track_caller]
pub fn end(workflow: &Workflow<'_>) -> (String, Value) {
    // Temporal's command line would wait as well, but has less time.
    eventually(&format!("{} has ended", workflow.id), END_LIMIT, || {
        (workflow.status() != "RUNNING").then_some(())
    });
    let args = [
        "workflow",
        "result",
        "--workflow-id",
        workflow.id,
        "--output",
        "json",
    ];
    // It fails when the workflow did, having printed what it has to say all the same.
    let shown = workflow.server.cli(args).json();
    let status = shown["status"]
        .as_str()
        .expect("an end has a status")
        .to_owned();
    let cancelled = &shown["closeEvent"]["workflowExecutionCanceledEventAttributes"];
    let with = match &shown["result"] {
        Value::Null => cancelled["details"][0].clone(),
        result => result.clone(),
    };
    (status, with)
}
