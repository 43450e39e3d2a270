//! The documentation, held against the code where it can be.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use aura::protocol::Word;
use aura::protocol::refusal::RefusalCode;
use aura::telemetry::metrics::names;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file below a folder, but for tests.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("there are sources") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() && !path.ends_with("tests") {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            found.push(fs::read_to_string(path).expect("it is text"));
        }
    }
}

/// The first text after each place where a failure is made: its code.
fn codes(source: &str) -> impl Iterator<Item = &str> {
    const MADE: [&str; 6] = [
        "Failure::new(",
        "Failure::invalid(",
        "Failure::unmet(",
        "Self::new(\n",
        "Self::invalid(",
        "Self::new(Kind",
    ];
    MADE.into_iter()
        .flat_map(|made| source.split(made).skip(1))
        .filter_map(|rest| rest.split('"').nth(1))
        .filter(|text| text.chars().all(|c| c == '_' || c.is_ascii_lowercase()))
        .filter(|text| !text.is_empty())
}

/// The words in backticks in the first column of the page's tables, and in its sentences.
fn told(page: &str) -> BTreeSet<&str> {
    page.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_code_of_an_error_has_an_entry() {
    let page = fs::read_to_string(root().join("docs/troubleshooting.md")).expect("it is there");
    let told = told(&page);
    let mut all = Vec::new();
    sources(&root().join("src/cli"), &mut all);
    let mut wanted: BTreeSet<&str> = all.iter().flat_map(|source| codes(source)).collect();
    assert!(wanted.len() > 40, "few codes were found: {wanted:?}");
    wanted.extend(RefusalCode::WORDS);
    let missing: Vec<&&str> = wanted.difference(&told).collect();
    assert!(
        missing.is_empty(),
        "docs/troubleshooting.md lacks {missing:?}"
    );
}

/// Links to files of the repository lead somewhere.
#[test]
fn links_lead_to_files_that_are_there() {
    let root = root();
    let mut pages: Vec<PathBuf> = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]
        .map(|page| root.join(page))
        .into();
    for entry in fs::read_dir(root.join("docs")).expect("there are pages") {
        pages.push(entry.expect("it can be read").path());
    }
    let mut links = 0;
    for page in pages.iter().filter(|page| page.is_file()) {
        let text = fs::read_to_string(page).expect("it is text");
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            if link.contains("://") || link.starts_with('#') {
                continue;
            }
            let file = link.split('#').next().unwrap_or_default();
            let target = page.parent().expect("it is in a folder").join(file);
            assert!(target.exists(), "{}: {link}", page.display());
            links += 1;
        }
    }
    assert!(links > 5, "few links were found");
}

/// The metrics of the page, each with its kind, its labels and what it is, are those that
/// there are. That these are exported is tested with a daemon.
#[test]
fn every_metric_is_told_as_it_is() {
    let page = fs::read_to_string(root().join("docs/operations.md")).expect("it is there");
    let told: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("| `aura_") || line.starts_with("| `process_"))
        .collect();
    let wanted: Vec<String> = names::ALL
        .iter()
        .map(|metric| {
            let labels: Vec<String> = metric.labels.iter().map(|l| format!("`{l}`")).collect();
            let labels = match labels.join(" ") {
                none if none.is_empty() => "–".to_owned(),
                labels => labels,
            };
            let kind = format!("{:?}", metric.kind).to_lowercase();
            let help = metric.help.trim_end_matches('.');
            format!("| `{}` | {kind} | {labels} | {help} |", metric.name)
        })
        .collect();
    assert_eq!(told, wanted);
}

/// Each alert has a line that says what to do.
#[test]
fn every_alert_is_told() {
    let page = fs::read_to_string(root().join("docs/operations.md")).expect("it is there");
    let rules = fs::read_to_string(root().join("dist/prometheus/aurad.rules.yml"));
    let rules = rules.expect("they are there");
    let alerts = rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "));
    let alerts: BTreeSet<&str> = alerts.collect();
    let told: BTreeSet<&str> = told(&page)
        .into_iter()
        .filter(|word| word.starts_with("Aurad"))
        .collect();
    assert_eq!(told, alerts);
}
