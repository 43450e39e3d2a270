//! `aura-msg doctor` where there is no server: what can be told without one is told, the
//! rest is skipped, and the command ends in time.

use std::fs;
use std::time::Duration;

use serde_json::Value;

use crate::programs::{Shell, error_object};
use crate::support::dead_ends::{BlackHole, Refused};
use crate::support::output::Output;

/// What a loaded machine may add to the time that a command was given.
const GENEROUS: Duration = Duration::from_secs(10);

/// Exit code and both outputs, without what differs from run to run.
fn all_of(output: &Output, shell: &Shell, address: &str) -> String {
    let Output {
        code,
        stdout,
        stderr,
        ..
    } = output;
    let told = format!("exit code {code}\n--- stdout\n{stdout}--- stderr\n{stderr}");
    let told = told
        .replace(&shell.sandbox.path().display().to_string(), "[sandbox]")
        .replace(address, "[address]")
        .replace(env!("CARGO_PKG_VERSION"), "[version]");
    let lines = told
        .lines()
        .map(|line| match line.strip_prefix("      aura") {
            // How wide a column of paths is differs, too.
            Some(row) => format!("      aura{}", words(row).join("  ")),
            None => line.to_owned(),
        });
    lines.collect::<Vec<_>>().join("\n")
}

/// The cells of a row.
fn words(row: &str) -> Vec<&str> {
    let cells = row.split("  ").map(str::trim);
    cells.filter(|cell| !cell.is_empty()).collect()
}

fn statuses(output: &Output) -> Vec<(String, String)> {
    let json = output.json();
    let checks = json["checks"].as_array().expect("checks are a list");
    let text = |value: &Value| value.as_str().expect("it is a text").to_owned();
    checks
        .iter()
        .map(|check| (text(&check["name"]), text(&check["status"])))
        .collect()
}

#[test]
fn without_a_server_the_rest_is_told() {
    let refused = Refused::reserve();
    let address = refused.address();
    let shell = Shell::at(&address);
    let _ = shell.sandbox.write_config("[aura-msg]\ntimeout = '5s'\n");
    let old = "xdg/config/aura/plugins/aurad.config.yaml";
    let _ = shell.sandbox.write(old, "namespace: mine\n");
    let text = shell.aura_msg(["doctor"]);
    insta::assert_snapshot!("doctor_text", all_of(&text, &shell, &address));
    let json = shell.aura_msg(["doctor", "--format=json"]);
    let mut told = json.json();
    // All settings of aurad would make it long; they have tests of their own.
    for check in told["checks"].as_array_mut().unwrap() {
        let settings = check["detail"].get_mut("settings");
        if let Some(settings) = settings.and_then(Value::as_array_mut) {
            assert!(settings.len() > 20, "{settings:?}");
            settings.truncate(6);
        }
    }
    let mut json = json;
    json.stdout = format!("{told:#}\n");
    insta::assert_snapshot!("doctor_json", all_of(&json, &shell, &address));
    let lines = shell.aura_msg(["doctor", "--format=jsonl"]).code(3).stdout;
    let items = lines.lines().map(serde_json::from_str::<Value>);
    assert_eq!(items.flatten().count(), statuses(&json).len());
}

#[test]
fn a_silent_server_is_given_up_in_time() {
    let hole = BlackHole::open();
    let shell = Shell::at(&hole.address());
    let output = shell.aura_msg(["doctor", "--timeout=400ms"]).code(3);
    assert!(output.elapsed < GENEROUS, "{output}");
    let (first, why) = output.stderr.split_once('\n').expect("there are lines");
    assert_eq!(first, "check failed: not all is well: server");
    assert!(why.contains("did not answer within 400ms"), "{output}");
}

#[test]
fn the_trail_is_looked_at_without_being_made() {
    let refused = Refused::reserve();
    let shell = Shell::at(&refused.address());
    let look = |path: &str| {
        let trail = format!("--audit-trail=sqlite:{path}");
        let output = shell.aura_msg(["doctor", "--format=json", &trail]).code(3);
        let audit = statuses(&output)
            .into_iter()
            .find(|(name, _)| name == "audit");
        audit.expect("the trail is looked at").1
    };
    let path = shell.sandbox.path().join("trail.db");
    let named = path.display().to_string();
    assert_eq!(look(&named), "warn");
    assert!(!path.exists());
    fs::write(
        &path,
        "this is no database, and long enough to be seen as none",
    )
    .unwrap();
    assert_eq!(look(&named), "fail");
    assert_eq!(look(&shell.sandbox.path().display().to_string()), "fail");
}

#[test]
fn a_wrong_file_and_a_wrong_trail_are_mistakes() {
    let shell = Shell::new();
    let _ = shell.sandbox.write_config("[aurad]\ngrace_period = 'x'\n");
    let output = shell.aura_msg(["doctor", "--format=json"]).code(4);
    assert_eq!(error_object(&output)["code"], "configuration");
}
