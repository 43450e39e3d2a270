//! Other people's programs: Temporal's own command line, and a worker in Python. What they
//! print is compared between the targets, without times and sizes.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::scenarios;
use crate::scene::Scene;
use crate::script::{Step, act};
use crate::support::output::{Output, run_limited};
use crate::support::start_dev::bare;
use crate::support::{binary, python};
use crate::worker::Manner;

scenarios!("tools": cli_of_a_run, cli_of_endings, cli_of_lists, cli_of_the_operator,
    cli_refused, python_worker);

const LIMIT: Duration = Duration::from_mins(1);

/// What a program prints that differs from run to run.
const UNSTEADY: [&str; 12] = [
    "identity",
    "historySizeBytes",
    "stateTransitionCount",
    "taskId",
    "runDuration",
    "executionDuration",
    "sdkMetadata",
    "ratePerSecond",
    // What is kept for resets and for worker versioning, which the embedded engine has not.
    "autoResetPoints",
    "mostRecentWorkerVersionStamp",
    "requestIdInfos",
    "BuildIds",
];

async fn cli_of_a_run(scene: &Scene) {
    let id = scene.id("flow");
    let flow = ["--workflow-id", &id];
    let input = r#"{"steps":[{"Hear":"word"},{"Hear":"end"}]}"#;
    let start = [
        "workflow",
        "start",
        "--type",
        "script",
        "--task-queue",
        scene.staffed(),
    ];
    let more = ["--input", input, "--memo", r#"note="kept""#];
    run(scene, &[&start[..], &flow, &more].concat()).await;
    scene.tasks(&id, 1).await;
    run(
        scene,
        &[&["workflow", "query", "--type", "log"][..], &flow].concat(),
    )
    .await;
    let signal = [
        "workflow",
        "signal",
        "--name",
        "tell",
        "--input",
        r#""word""#,
    ];
    run(scene, &[&signal[..], &flow].concat()).await;
    scene.tasks(&id, 2).await;
    let update = [
        "workflow", "update", "execute", "--name", "add", "--input", r#""one""#,
    ];
    run(
        scene,
        &[&update[..], &["--update-id", "u1"], &flow].concat(),
    )
    .await;
    run(scene, &[&["workflow", "describe"][..], &flow].concat()).await;
    scene.tell("flow", "end").await;
    run(scene, &[&["workflow", "result"][..], &flow].concat()).await;
    run(scene, &[&["workflow", "show"][..], &flow].concat()).await;
    run(scene, &[&["workflow", "describe"][..], &flow].concat()).await;
    run(
        scene,
        &[&["workflow", "query", "--type", "log"][..], &flow].concat(),
    )
    .await;
}

async fn cli_of_endings(scene: &Scene) {
    let waiting = || vec![Step::Hear("never".to_owned())];
    for (name, ending) in [("one", "cancel"), ("two", "terminate")] {
        scene.play(name, waiting()).await;
        scene.tasks(&scene.id(name), 1).await;
        run(
            scene,
            &["workflow", ending, "--workflow-id", &scene.id(name)],
        )
        .await;
        scene.closed(&scene.id(name)).await;
        run(
            scene,
            &["workflow", "describe", "--workflow-id", &scene.id(name)],
        )
        .await;
    }
    scene.play("three", vec![]).await;
    let three = scene.id("three");
    scene
        .lists(
            &format!("WorkflowId = '{three}' AND ExecutionStatus = 'Completed'"),
            1,
        )
        .await;
    run(scene, &["workflow", "delete", "--workflow-id", &three]).await;
    while scene.try_history(&three, "").await.is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn cli_of_lists(scene: &Scene) {
    for name in ["one", "two"] {
        scene.play(name, vec![Step::Run(act("echo", name))]).await;
        scene.closed(&scene.id(name)).await;
    }
    let query = format!(
        "WorkflowId STARTS_WITH '{}' AND ExecutionStatus = 'Completed'",
        scene.own("")
    );
    scene.lists(&query, 2).await;
    run(scene, &["workflow", "list", "--query", &query]).await;
    run(scene, &["workflow", "count", "--query", &query]).await;
    let grouped = format!("{query} GROUP BY ExecutionStatus");
    run(scene, &["workflow", "count", "--query", &grouped]).await;
    let queue = scene.own("queue");
    let worker = scene.hire(&queue, Manner::default());
    scene.polled(crate::hand::commands::normal(&queue)).await;
    let described = cli(
        scene,
        &[
            "task-queue",
            "describe",
            "--task-queue",
            &queue,
            "--task-queue-type",
            "workflow",
        ],
    )
    .await;
    scene.note("task-queue describe", described.code);
    scene.note("names the worker", described.stdout.contains("worker"));
    worker.shut_down().await;
}

async fn cli_of_the_operator(scene: &Scene) {
    // Every run has a name of its own: an attribute can't be registered twice.
    let name: String = scene
        .own("Cli")
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let created = cli(
        scene,
        &[
            "operator",
            "search-attribute",
            "create",
            "--name",
            &name,
            "--type",
            "Keyword",
        ],
    )
    .await;
    scene.note("create", created.code);
    let listed = cli(scene, &["operator", "search-attribute", "list"]).await;
    scene.note("list", listed.code);
    let rows = listed
        .stdout
        .lines()
        .filter(|line| line.contains(&name) || line.contains("Engine"));
    let mut rows: Vec<String> = rows
        .filter(|line| line.contains(&name) || !line.contains("Cli"))
        .map(|line| {
            line.replace(&name, "<name>")
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    rows.sort();
    scene.note("rows", rows.join("; "));
    let described = cli(
        scene,
        &[
            "operator",
            "namespace",
            "describe",
            "--namespace",
            "default",
            "--output",
            "json",
        ],
    )
    .await;
    let described: Value = serde_json::from_str(&described.stdout).unwrap_or_default();
    scene.note("namespace", &described["namespaceInfo"]["name"]);
    scene.note("state", &described["namespaceInfo"]["state"]);
    let health = cli(scene, &["operator", "cluster", "health"]).await;
    scene.note(
        "health",
        format!("{} {}", health.code, health.stdout.trim()),
    );
}

/// What it says when the service refuses.
async fn cli_refused(scene: &Scene) {
    let none = scene.own("none");
    for call in ["describe", "cancel", "terminate", "show"] {
        let refused = cli(scene, &["workflow", call, "--workflow-id", &none]).await;
        scene.note(
            call,
            format!("{} {}", refused.code, last_line(&refused.stderr)),
        );
    }
    let query = cli(
        scene,
        &["workflow", "query", "--type", "log", "--workflow-id", &none],
    )
    .await;
    scene.note(
        "query",
        format!("{} {}", query.code, last_line(&query.stderr)),
    );
    let unheard = [
        "workflow",
        "describe",
        "--workflow-id",
        &none,
        "--namespace",
        "unheard-of",
    ];
    let unheard = cli(scene, &unheard).await;
    scene.note(
        "namespace",
        format!("{} {}", unheard.code, last_line(&unheard.stderr)),
    );
}

async fn python_worker(scene: &Scene) {
    let python = tokio::task::spawn_blocking(|| python::COMPAT.locate_or_skip()).await;
    let Some(python) = python.expect("looking for it does not fail") else {
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine/python/flow.py");
    let mut command = Command::new(python);
    command
        .arg(script)
        .args(["--address", scene.address()])
        .args(["--task-queue", &scene.own("queue")])
        .args(["--workflow-id", &scene.id("flow")])
        // The sources' folder is no place for what Python compiles.
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let output = finished(command).await;
    assert_eq!(output.code, 0, "{output}");
    scene.note("it saw", output.stdout.trim());
    // The child was named by its parent.
    scene.id("flow-child");
}

/// Runs a command that prints JSON, and records what it prints.
async fn run(scene: &Scene, args: &[&str]) {
    let args = [args, &["--output", "json"]].concat();
    let output = cli(scene, &args).await;
    let what = args[..2].join(" ");
    assert_eq!(output.code, 0, "{output}");
    let printed = serde_json::from_str(&output.stdout).map_or_else(
        |_| output.stdout.trim().to_owned(),
        |value| steady(value).to_string(),
    );
    scene.note(&what, printed);
}

async fn cli(scene: &Scene, args: &[&str]) -> Output {
    let program = binary::locate_or_skip().expect("it was located for the target");
    let mut command = Command::new(program);
    command.args(args).args(["--address", scene.address()]);
    command.args(["--disable-config-file", "--identity", "cli"]);
    bare(&mut command);
    finished(command).await
}

async fn finished(mut command: Command) -> Output {
    let running = tokio::task::spawn_blocking(move || run_limited(&mut command, "", LIMIT));
    let output = running.await.expect("waiting does not fail");
    output.expect("the program can be run")
}

/// Without what differs from run to run, and in the order of its keys.
fn steady(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> = fields
                .into_iter()
                .filter(|(key, _)| !key.ends_with("Time") && !UNSTEADY.contains(&key.as_str()))
                .map(|(key, value)| (key, steady(value)))
                // None, no length of time and nothing in it are written in several ways.
                .filter(|(_, value)| *value != json!("0s") && *value != json!({}))
                .collect();
            fields.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(Map::from_iter(fields))
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(steady).collect();
            // Lists of runs have the latest first, by times that may be equal.
            if items.iter().all(|item| item.get("execution").is_some()) {
                items.sort_by_key(|item| item["execution"]["workflowId"].to_string());
            }
            Value::Array(items)
        }
        other => other,
    }
}

/// The words of the last line that it logged, which begins with the time.
fn last_line(text: &str) -> &str {
    let line = text.trim().lines().last().unwrap_or_default();
    line.split_once("msg=").map_or(line, |(_, words)| words)
}
