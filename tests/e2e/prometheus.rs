//! A daemon at work, scraped by a real Prometheus: whatever the dashboard and the alerts of
//! `dist` select is there, and so is every metric that the documentation has.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use aura::telemetry::metrics::names;
use serde_json::{Value, json};

use crate::admin::Asked;
use crate::server::{Options, Server};
use crate::support::binary::say;
use crate::support::daemon::Daemon;
use crate::support::output::run_limited;
use crate::support::proxy::CuttingProxy;
use crate::support::wait::{eventually, within};
use crate::support::{http, ports, promql};
use crate::temporal::Workflow;
use crate::trail::Fault;
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(1);
const RULES: &str = "dist/prometheus/aurad.rules.yml";
const DASHBOARD: &str = "dist/grafana/aurad.json";

/// Where a program of Prometheus' is; none, and a line about it, where there is none; on a
/// build server a failure.
#[track_caller]
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file());
    if found.is_none() {
        let current = std::thread::current();
        let test = current.name().unwrap_or("a test");
        let line = format!("{test} needs {name}, which the package prometheus has");
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{line}");
        say(&format!("SKIPPED: {line}"));
    }
    found
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A Prometheus that scrapes one daemon, and has the rules.
struct Prometheus {
    address: String,
    _process: Daemon,
}

impl Prometheus {
    fn start(program: &Path, world: &World, target: &str) -> Self {
        let config = format!(
            "global: {{scrape_interval: 500ms, evaluation_interval: 1s}}\n\
             rule_files: ['{}']\n\
             scrape_configs:\n  - job_name: aurad\n    static_configs: [{{targets: ['{target}']}}]\n",
            file(RULES).display()
        );
        let config = world.sandbox.write("prometheus.yml", &config);
        let address = format!("127.0.0.1:{}", ports::free());
        let process = Daemon::start(&world.sandbox, program, |command| {
            command
                .arg(format!("--config.file={}", config.display()))
                .arg("--storage.tsdb.path=prometheus-data")
                .arg(format!("--web.listen-address={address}"))
        });
        let started = Self {
            address,
            _process: process,
        };
        eventually("Prometheus is ready", LIMIT, || {
            let ready = http::get(&started.address, "/-/ready").ok()?;
            (ready.status == 200).then_some(())
        });
        started
    }

    fn get(&self, path: &str) -> Value {
        let answer = http::get(&self.address, path).expect("it answers");
        let json: Value = serde_json::from_str(&answer.body).expect("it is JSON");
        assert_eq!(json["status"], "success", "{path} {json}");
        json["data"].clone()
    }

    /// How many series an expression gives now.
    fn query(&self, expression: &str) -> usize {
        let encoded = expression.bytes().fold(String::new(), |mut encoded, byte| {
            write!(encoded, "%{byte:02X}").expect("a text takes all");
            encoded
        });
        let data = self.get(&format!("/api/v1/query?query={encoded}"));
        data["result"].as_array().map_or(0, Vec::len)
    }

    /// The rules' expressions, as Prometheus reads them.
    fn rules(&self) -> Vec<String> {
        let rules = self.get("/api/v1/rules");
        let groups = rules["groups"].as_array().expect("there are groups");
        groups
            .iter()
            .flat_map(|group| group["rules"].as_array().expect("with rules"))
            .map(|rule| rule["query"].as_str().expect("it is text").to_owned())
            .collect()
    }
}

/// The dashboard's expressions, with its variables as they are for all daemons.
fn dashboard() -> Vec<String> {
    let text = fs::read_to_string(file(DASHBOARD)).expect("it is there");
    let json: Value = serde_json::from_str(&text).expect("it is JSON");
    let panels = json["panels"].as_array().expect("it has panels");
    let targets = panels
        .iter()
        .filter_map(|panel| panel["targets"].as_array())
        .flatten();
    targets
        .map(|target| {
            let expression = target["expr"].as_str().expect("it is text");
            let expression = expression
                .replace("$__rate_interval", "5m")
                .replace("$job", ".+")
                .replace("$instance", ".+");
            assert!(!expression.contains('$'), "{expression}");
            expression
        })
        .collect()
}

/// Epochs in several phases, slices, refusals, a trail that breaks, a task that fails and a
/// connection that is cut: whatever the metrics are about.
fn load(world: &World, server: &Server, proxy: &mut CuttingProxy, asked: &Asked) {
    let beside = |name: &str| world.beside(&format!("{}-{name}", world.epoch));
    beside("a").start_in("p2");
    let reviewed = beside("b");
    reviewed.start_in("p4");
    let _ = reviewed.vote("correctness", "REVISE").ok();
    let _ = reviewed.advance("p9").code(3);
    let sliced = beside("c");
    sliced.start_in("p9");
    for (slice, after) in [("one", ""), ("two", " --after one")] {
        let _ = sliced
            .say(&format!(
                "slice start --slice-id {slice} --mode mock{after}"
            ))
            .ok();
    }
    asked.wait_value("aura_slices{state=\"succeeded\"}", 2.0);

    let broken = Fault::FolderForFile.inflict(&world.audit_db());
    let _ = reviewed.vote("elegance", "ACCEPT").ok();
    eventually("the write is tried again", LIMIT, || {
        asked.value("temporal_activity_execution_failed_total")
    });
    broken.mend();

    let newer = beside("newer");
    let input = json!({ "epoch_id": newer.epoch, "request_description": "", "rules_version": 999 });
    let queue = world.sandbox.task_queue();
    Workflow::new(server, &newer.epoch).start("EpochWorkflow", queue, &input, &[]);
    eventually("its task fails", LIMIT, || {
        asked.value("temporal_workflow_task_execution_failed_total")
    });

    proxy.cut();
    eventually("a request fails", LIMIT, || {
        asked.value("temporal_request_failure_total")
    });
    proxy.heal();
    asked.wait_readiness(200, LIMIT);
}

#[test]
fn whatever_the_dashboard_and_the_alerts_select_is_there() {
    let (Some(prometheus), Some(promtool)) = (program("prometheus"), program("promtool")) else {
        return;
    };
    let Some(server) = Server::start(Options::default()) else {
        return;
    };
    let mut check = Command::new(promtool);
    check.args(["check", "rules"]).arg(file(RULES));
    let checked = run_limited(&mut check, "", LIMIT).expect("it runs").ok();

    let world = World::on(&server.address());
    let mut proxy = CuttingProxy::to(&server.address());
    let asked = Asked::start(&world.through(proxy.address()), &[]);
    let prometheus = Prometheus::start(&prometheus, &world, asked.address());
    load(&world, &server, &mut proxy, &asked);

    let (rules, panels) = (prometheus.rules(), dashboard());
    assert!(rules.len() >= 10 && panels.len() >= 20);
    let found = format!("SUCCESS: {} rules found", rules.len());
    assert!(checked.stdout.contains(&found), "{checked}");
    let mut selectors = BTreeSet::new();
    for expression in rules.iter().chain(&panels) {
        // Prometheus says whether it makes sense.
        let _ = prometheus.query(expression);
        let selected = promql::selectors(expression);
        assert!(!selected.is_empty(), "{expression}");
        selectors.extend(selected);
    }
    // What the panels show, too, once there is enough of it for a rate.
    let mut missing: BTreeSet<&String> = selectors.iter().chain(&panels).collect();
    let _ = within(LIMIT, || {
        missing.retain(|expression| prometheus.query(expression) == 0);
        missing.is_empty().then_some(())
    });
    let page = asked.get("/metrics").body;
    assert!(
        missing.is_empty(),
        "nothing is there for {missing:#?}\n{page}"
    );
    documented_is_exported(&page);
}

/// Every metric of ours, and every one of the SDK's that the documentation names, has a
/// series on the page; and so that none is told wrongly, with the labels it should have.
fn documented_is_exported(page: &str) {
    let series = |name: &str| {
        page.lines().find(|line| {
            line.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with(['{', ' ']))
        })
    };
    for metric in names::ALL {
        let name = match metric.kind {
            aura::telemetry::metrics::Kind::Histogram => format!("{}_count", metric.name),
            _ => metric.name.to_owned(),
        };
        let line = series(&name).unwrap_or_else(|| panic!("{name} is not there\n{page}"));
        for label in metric.labels {
            assert!(line.contains(&format!("{label}=\"")), "{label}: {line}");
        }
    }
    let told = fs::read_to_string(file("docs/operations.md")).expect("it is there");
    let of_sdk: BTreeSet<&str> = told
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.starts_with("temporal_"))
        .collect();
    assert!(of_sdk.len() > 10, "{of_sdk:?}");
    for name in of_sdk {
        let is_there = series(name).or_else(|| series(&format!("{name}_count")));
        assert!(is_there.is_some(), "{name} is not there\n{page}");
    }
}

#[test]
fn selectors_are_found_wherever_they_stand() {
    for (expression, wanted) in [
        ("up", &["up"][..]),
        ("up{job=\"a}\"} == 0", &["up{job=\"a}\"}"]),
        (
            "sum by (le, x) (rate(a_bucket{x=~\"b|c\"}[5m])) / on (x) group_left b offset 5m",
            &["a_bucket{x=~\"b|c\"}", "b"],
        ),
        ("time() - max(c) > 1e3 and not_a_word", &["c", "not_a_word"]),
        (
            "histogram_quantile(0.99, sum by (le) (d)) > 0.5 or vector(1)",
            &["d"],
        ),
        ("{__name__=\"e\"}[1h:5m]", &["{__name__=\"e\"}"]),
        ("sum(f) without (g) * 2", &["f"]),
    ] {
        assert_eq!(promql::selectors(expression), wanted, "{expression}");
    }
}
