//! The units that the modules make, against those under `dist/systemd` and as systemd reads
//! them.

use std::fs;
use std::process::Command;

use serde_json::{Map, Value};

use super::{case, evaluated, root, skip};
use crate::support::sandbox::Sandbox;

/// Directives that say where something is, which is another place with Nix.
const PLACES: [&str; 7] = [
    "ConfigurationDirectory",
    "Documentation",
    "Environment",
    "EnvironmentFile",
    "ExecStart",
    "After",
    "Wants",
];

/// A value as a unit has it, each on a line of its own.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Bool(true) => vec!["yes".to_owned()],
        Value::Bool(false) => vec!["no".to_owned()],
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

fn object(value: &Value) -> &Map<String, Value> {
    value
        .as_object()
        .expect("a unit has sections of directives")
}

/// The sections of a service of NixOS, as home-manager has them.
fn sections(service: &Value) -> Value {
    if service.get("Service").is_some() {
        return service.clone();
    }
    let mut unit = service
        .get("unitConfig")
        .map(object)
        .cloned()
        .unwrap_or_default();
    for (directive, option) in [
        ("Description", "description"),
        ("Documentation", "documentation"),
        ("Wants", "wants"),
        ("After", "after"),
    ] {
        if let Some(value) = service.get(option) {
            unit.insert(directive.to_owned(), value.clone());
        }
    }
    let mut own = object(&service["serviceConfig"]).clone();
    let environment = object(&service["environment"]).iter();
    let environment = environment
        .map(|(name, value)| Value::from(format!("{name}={}", texts(value).join(""))))
        .collect();
    own.insert("Environment".to_owned(), Value::Array(environment));
    serde_json::json!({
        "Unit": unit,
        "Service": own,
        "Install": {"WantedBy": service["wantedBy"]},
    })
}

/// Whoever changes one of the two changes both.
#[test]
fn units_of_modules_are_in_line_with_those_without_nix() {
    let Some(evaluated) = evaluated("units_of_modules_are_in_line_with_those_without_nix") else {
        return;
    };
    for (name, scope) in [("nixos-unset", "system"), ("home-unset", "user")] {
        let ours = sections(&case(evaluated, name)["services"]["aurad"]);
        let path = root()
            .join("dist/systemd")
            .join(scope)
            .join("aurad.service");
        let text = fs::read_to_string(path).expect("the unit is there");
        let mut section = String::new();
        let mut compared = 0;
        for line in text.lines() {
            if let Some(name) = line
                .strip_prefix('[')
                .and_then(|line| line.strip_suffix(']'))
            {
                name.clone_into(&mut section);
            }
            let Some((directive, value)) = line.split_once('=').filter(|_| !line.starts_with('#'))
            else {
                continue;
            };
            if PLACES.contains(&directive) {
                continue;
            }
            let seen = texts(&ours[&section][directive]);
            assert_eq!(seen, [value], "{name}: {directive} in [{section}]");
            compared += 1;
        }
        assert!(compared > 15, "{scope}: {compared}");
    }
}

#[test]
fn units_of_modules_are_what_systemd_expects() {
    const TEST: &str = "units_of_modules_are_what_systemd_expects";
    let Some(evaluated) = evaluated(TEST) else {
        return;
    };
    if Command::new("systemd-analyze")
        .arg("--version")
        .output()
        .is_err()
    {
        skip(TEST, "systemd-analyze is not installed");
        return;
    }
    for (name, scope) in [
        ("nixos-unset", "system"),
        ("nixos-options", "system"),
        ("home-unset", "user"),
        ("home-options", "user"),
        ("home-earlier", "user"),
    ] {
        let services = object(&case(evaluated, name)["services"]);
        let sandbox = Sandbox::new();
        let paths: Vec<_> = services
            .iter()
            .map(|(unit, service)| {
                let text = rendered(&sections(service));
                sandbox.write(format!("units/{unit}.service"), &text)
            })
            .collect();
        let output = Command::new("systemd-analyze")
            .args(["verify", "--man=no", &format!("--{scope}")])
            .args(paths)
            .env("XDG_RUNTIME_DIR", sandbox.path())
            .output()
            .expect("it can be run");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {said}");
        let about_ours: Vec<&str> = said
            .lines()
            .filter(|line| line.contains("aurad") || line.contains("temporal"))
            .collect();
        assert_eq!(about_ours, [""; 0], "{name}");
    }
}

/// A unit file, in which programs of the store, which is not here, are one that is.
fn rendered(sections: &Value) -> String {
    let mut text = String::new();
    for (section, directives) in object(sections) {
        text.extend(["[", section, "]\n"]);
        for (directive, value) in object(directives) {
            for value in texts(value) {
                let value = match value.split_once(' ') {
                    _ if !directive.starts_with("Exec") => value,
                    Some((_, arguments)) => format!("/bin/true {arguments}"),
                    None => "/bin/true".to_owned(),
                };
                text.extend([directive, "=", &value, "\n"]);
            }
        }
    }
    text
}
