//! `aura-msg doctor` against a server: each test has one of its own, since what is wrong
//! with other tests' epochs would be told, too.

use std::time::Duration;

use serde_json::{Value, json};

use crate::server::{Options, Server};
use crate::support::output::Output;
use crate::support::wait::eventually;
use crate::temporal::Workflow;
use crate::world::World;

/// A task that fails is tried again after some seconds, several times.
const LIMIT: Duration = Duration::from_mins(2);

fn ask(world: &World) -> Output {
    let trail = format!("sqlite:{}", world.audit_db().display());
    world.run(&["doctor", "--format", "json", "--audit-trail", &trail])
}

/// One check of a report.
#[track_caller]
fn part<'a>(report: &'a Value, name: &str) -> &'a Value {
    let checks = report["checks"].as_array().expect("checks are a list");
    let found = checks.iter().find(|check| check["name"] == name);
    found.unwrap_or_else(|| panic!("no check {name} in {report:#}"))
}

/// The checks that did not come out well, with their status.
fn ill(report: &Value) -> Vec<(&str, &str)> {
    let checks = report["checks"].as_array().expect("checks are a list");
    checks
        .iter()
        .map(|check| {
            let text = |key: &str| check[key].as_str().expect("it is a text");
            (text("name"), text("status"))
        })
        .filter(|(_, status)| !matches!(*status, "ok" | "skip"))
        .collect()
}

#[test]
fn all_is_well_until_something_is_missing() {
    let Some(server) = Server::start(Options::default()) else {
        return;
    };
    let world = World::on(&server.address());
    let nobody = ask(&world).code(3).json();
    assert_eq!(part(&nobody, "workers")["status"], "fail", "{nobody:#}");
    let queue = world.sandbox.task_queue();
    let remedy = part(&nobody, "workers")["remedy"].as_str();
    assert_eq!(remedy, Some(format!("aurad --task-queue {queue}").as_str()));
    assert_eq!(nobody["ok"], false);

    let mut daemon = world.ready_daemon();
    let _ = world.start();
    let _ = world.audit_rows_with("epoch_started", 1);
    eventually("all is well", LIMIT, || {
        let report = ask(&world).json();
        let answered = &part(&report, "workers")["detail"]["asked"]["answered"];
        (ill(&report).is_empty() && *answered == true).then_some(())
    });
    let well = ask(&world).ok();
    assert_eq!(well.stderr, "");
    assert_eq!(well.json()["ok"], true);
    let took = well.elapsed;
    assert!(took < Duration::from_secs(30), "{well}");

    let remove = [
        "operator",
        "search-attribute",
        "remove",
        "--yes",
        "--name",
        "AuraRole",
    ];
    let _ = server.cli(remove).ok();
    eventually("the attribute is missed", LIMIT, || {
        let report = ask(&world).json();
        (ill(&report) == [("attributes", "warn")]).then_some(())
    });
    let report = ask(&world).ok().json();
    let remedy = part(&report, "attributes")["remedy"]
        .as_str()
        .unwrap_or_default();
    let create = remedy.split_once("run: temporal ").expect("a command").1;
    let _ = server.cli(create.split_whitespace()).ok();
    eventually("it is there again", LIMIT, || {
        let report = ask(&world).json();
        ill(&report).is_empty().then_some(())
    });

    // The server remembers the worker, but the epoch has nobody to answer for it.
    daemon.terminate();
    let _ = daemon.wait_exit(LIMIT);
    let report = ask(&world).json();
    let workers = part(&report, "workers");
    let status = workers["status"].as_str().unwrap_or_default();
    assert!(matches!(status, "warn" | "fail"), "{report:#}");
    assert_eq!(workers["detail"]["open_epochs"], 1, "{report:#}");
}

#[test]
fn what_cannot_go_on_and_what_was_left_is_named() {
    let Some(server) = Server::start(Options::default()) else {
        return;
    };
    let world = World::on(&server.address());
    let _daemon = world.ready_daemon();

    // Its review goes on when the server ends the epoch alone.
    world.start_in("p4");
    let epoch = Workflow::new(&server, &world.epoch);
    let review = eventually("its review is open", LIMIT, || {
        let children = &epoch.describe()["pendingChildren"];
        children[0]["workflowId"].as_str().map(str::to_owned)
    });
    epoch.terminate();
    let report = eventually("the review is told", LIMIT, || {
        let report = ask(&world).json();
        (ill(&report) == [("left behind", "warn")]).then_some(report)
    });
    let line = part(&report, "left behind");
    assert_eq!(
        line["detail"]["left"],
        json!([{
            "workflow_id": review,
            "workflow_type": "ReviewPhaseWorkflow",
            "epoch_id": world.epoch,
            "epoch_status": "terminated",
        }])
    );
    let remedy = line["remedy"].as_str().unwrap_or_default();
    assert!(remedy.contains(&review), "{remedy}");
    Workflow::new(&server, &review).terminate();
    eventually("nothing is left", LIMIT, || {
        ill(&ask(&world).json()).is_empty().then_some(())
    });

    let stuck = world.epoch.replace("epoch", "stuck");
    let input = json!({ "epoch_id": stuck, "request_description": "", "rules_version": 99 });
    let queue = world.sandbox.task_queue();
    Workflow::new(&server, &stuck).start("EpochWorkflow", queue, &input, &[]);
    let report = eventually("it is told to be wedged", LIMIT, || {
        let report = ask(&world).json();
        (part(&report, "wedged")["status"] == "fail").then_some(report)
    });
    let late = &part(&report, "wedged")["detail"]["late"];
    assert_eq!(late[0]["epoch_id"], stuck.as_str());
    assert_eq!(late[0]["failing"], true);
    let _ = ask(&world).code(3);
}
