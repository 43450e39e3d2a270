//! The figures in the documentation: the goals of `benches/goals.json`, with what was measured
//! of each, as `benches/all.py --save` and `benches/soak.py --save` leave it. A page cannot
//! have other goals or results than the files, nor hide that they are of another version. It
//! measures nothing: on a machine that does other things, figures say nothing.
//!
//! `AURA_REGENERATE=1 cargo test --test it generated` writes the page anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::generated::repository;
use crate::generated_docs::{Parts, hold};

const GOALS: &str = "benches/goals.json";
const RESULTS: &str = "benches/results.json";
const SOAK: &str = "benches/soak.json";

#[test]
fn the_page_of_figures_is_that_of_the_files() {
    let goals = read(GOALS).expect("the goals are there");
    let parts = Parts::from([
        (
            "benches/goals.json and results.json",
            figures(&goals, read(RESULTS).as_ref()),
        ),
        ("benches/soak.json", soak(read(SOAK).as_ref())),
    ]);
    hold("docs/benchmarks.md", &parts);
}

#[test]
fn goals_are_of_figures_that_a_script_measures() {
    let goals = read(GOALS).expect("the goals are there");
    for goal in list(&goals) {
        let script = match goal["bench"].as_str() {
            Some("server") => "figures",
            Some(script) => script,
            None => panic!("{goal}"),
        };
        let script = repository(&format!("benches/{script}.py"));
        let script = fs::read_to_string(script).expect("it is there");
        for key in ["figure", "against"] {
            let Some(figure) = goal[key].as_str() else {
                continue;
            };
            let adds = format!("figures.add(\"{figure}\"");
            assert!(script.contains(&adds), "nobody measures {figure:?}");
        }
    }
}

#[test]
fn results_are_those_of_the_goals() {
    let goals = read(GOALS).expect("the goals are there");
    let goals: BTreeSet<String> = list(&goals).iter().map(name).collect();
    let Some(results) = read(RESULTS) else { return };
    let measured: BTreeSet<String> = list(&results["rows"]).iter().map(name).collect();
    assert_eq!(measured, goals, "measure anew: {RESULTS} is of other goals");
}

#[test]
fn results_are_shown_beside_their_goals_and_old_ones_are_called_old() {
    let goals = serde_json::json!([
        { "what": "a call", "bench": "b", "figure": "f", "most": 2, "unit": "ms" },
        { "what": "another", "bench": "b", "figure": "g", "of": "p95", "least": 3, "against": "f" },
    ]);
    let without = figures(&goals, None);
    assert!(without.contains("Not measured yet"), "{without}");
    assert!(without.contains("| a call | ≤ 2 ms | – |"), "{without}");
    let machine = serde_json::json!({ "date": "2020-02-02", "aurad": "aurad 0.0.1", "cores": 2 });
    let rows = serde_json::json!([
        { "bench": "b", "figure": "f", "most": 2, "value": 1, "median": 1, "min": 0.5, "max": 4,
          "n": 9, "holds": true },
        { "bench": "b", "figure": "g", "least": 3, "value": 2.5, "median": 2, "n": 1,
          "against_value": 1, "holds": false },
    ]);
    let with = figures(
        &goals,
        Some(&serde_json::json!({ "machine": machine, "rows": rows })),
    );
    for expected in [
        "2020-02-02",
        "aurad 0.0.1",
        "of another version",
        "| a call | ≤ 2 ms | 1 | 0.5 – 4 | 9 | – | yes |",
        "| another | p95 ≥ 3 | 2.5 | – | 1 | f: 1 | **no** |",
    ] {
        assert!(with.contains(expected), "{expected:?} is not in\n{with}");
    }
}

/// A file of the repository, if it is there.
fn read(path: &str) -> Option<Value> {
    let text = fs::read_to_string(repository(path)).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}")))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("it is a list")
}

/// What a goal and its result have in common; a result of another goal is none of this one.
fn name(row: &Value) -> String {
    format!(
        "{} {} {} {}",
        row["bench"], row["figure"], row["most"], row["least"]
    )
}

/// Text as it is, a number as it is written, and a dash for nothing.
fn word(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn figures(goals: &Value, results: Option<&Value>) -> String {
    let mut page = match results {
        Some(results) => measured(&results["machine"]),
        None => "**Not measured yet** on a quiet machine.\n".to_owned(),
    };
    page.push_str(
        "\n| what | goal | measured | from – to | n | in the same run | met |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for goal in list(goals) {
        let found = results.and_then(|results| {
            let mut rows = list(&results["rows"]).iter();
            rows.find(|row| name(row) == name(goal))
        });
        let found = found.unwrap_or(&Value::Null);
        let spread = match &found["min"] {
            Value::Null => "–".to_owned(),
            least => format!("{least} – {}", found["max"]),
        };
        let against = match &goal["against"] {
            Value::Null => "–".to_owned(),
            other if found.is_null() => word(other),
            other => format!("{}: {}", word(other), word(&found["against_value"])),
        };
        let holds = match found["holds"] {
            Value::Bool(true) => "yes",
            Value::Bool(false) => "**no**",
            _ => "–",
        };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {spread} | {} | {against} | {holds} |",
            word(&goal["what"]),
            wanted(goal),
            word(&found["value"]),
            word(&found["n"]),
        );
    }
    page
}

/// A goal in words.
fn wanted(goal: &Value) -> String {
    let of = match goal["of"].as_str() {
        None | Some("median") => String::new(),
        Some(of) => format!("{of} "),
    };
    let (sign, number) = match &goal["most"] {
        Value::Null => ('≥', &goal["least"]),
        most => ('≤', most),
    };
    let unit = match goal["unit"].as_str() {
        None => String::new(),
        Some("times") => " ×".to_owned(),
        Some(unit) => format!(" {unit}"),
    };
    format!("{of}{sign} {number}{unit}")
}

/// When and on what it was measured.
fn measured(machine: &Value) -> String {
    let known = |key: &str| machine.get(key).map(word);
    let facts = [
        known("aurad"),
        known("commit").map(|commit| format!("commit {commit}")),
        known("server"),
        known("cores").map(|cores| format!("{cores} cores")),
        known("processor"),
        known("memory_gb").map(|memory| format!("{memory} GB")),
        known("system"),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    let date = word(&machine["date"]);
    let mut text = format!("Measured on {date}: {}.\n", facts.join(", "));
    let version = format!("aurad {}", env!("CARGO_PKG_VERSION"));
    if machine["aurad"] != version.as_str() {
        let _ = writeln!(
            text,
            "**These are of another version than this one, {version}.**"
        );
    }
    text
}

fn soak(results: Option<&Value>) -> String {
    let Some(results) = results else {
        return "**Not measured yet** on a quiet machine.".to_owned();
    };
    let mut page = measured(&results["machine"]);
    page.push_str("\n| what | value |\n|---|---|\n");
    for (what, value) in results["facts"].as_object().expect("facts have names") {
        let _ = writeln!(page, "| {what} | {} |", word(value));
    }
    page.push_str("\n| growth | value | ± | at most | met |\n|---|---|---|---|---|\n");
    for (what, found) in results["fitted"].as_object().expect("figures have names") {
        let most = &found["most"];
        let holds = match (most, found["holds"] == true) {
            (Value::Null, _) => "–",
            (_, true) => "yes",
            (_, false) => "**no**",
        };
        let (value, error) = (&found["value"], &found["standard_error"]);
        let _ = writeln!(
            page,
            "| {what} | {value} | {error} | {} | {holds} |",
            word(most)
        );
    }
    page
}
