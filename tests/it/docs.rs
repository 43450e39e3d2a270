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

/// A heading's name in a link: in lower case, with `-` for spaces, without other marks.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || matches!(c, '-' | '_') => Some(c),
        _ => None,
    });
    kept.flat_map(char::to_lowercase).collect()
}

fn anchors(page: &str) -> BTreeSet<String> {
    let mut is_code = false;
    let lines = page.lines().filter(|line| {
        is_code ^= line.starts_with("```");
        !is_code
    });
    let headings = lines.filter(|line| line.starts_with('#'));
    headings
        .map(|line| anchor(line.trim_start_matches('#').trim()))
        .collect()
}

/// Where the links of a page lead, in either form: `](here)` and `[name]: here`.
fn links(page: &str) -> impl Iterator<Item = &str> {
    let inline = page.split("](").skip(1);
    let inline = inline.filter_map(|rest| rest.split(')').next());
    let named = page.lines().filter(|line| line.starts_with('['));
    inline.chain(named.filter_map(|line| Some(line.split_once("]: ")?.1.trim())))
}

/// Links to files of the repository lead somewhere, and links to a heading to one.
#[test]
fn links_lead_to_files_and_headings_that_are_there() {
    let root = root();
    let mut pages: Vec<PathBuf> = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
    ]
    .map(|page| root.join(page))
    .into();
    for entry in fs::read_dir(root.join("docs")).expect("there are pages") {
        pages.push(entry.expect("it can be read").path());
    }
    let mut found = 0;
    for page in pages.iter().filter(|page| page.is_file()) {
        let text = fs::read_to_string(page).expect("it is text");
        for link in links(&text).filter(|link| !link.contains("://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => page.clone(),
                file => page.parent().expect("it is in a folder").join(file),
            };
            assert!(target.exists(), "{}: {link}", page.display());
            if !heading.is_empty() {
                let there = fs::read_to_string(&target).expect("it is text");
                let there = anchors(&there);
                assert!(there.contains(heading), "{}: {link}", page.display());
            }
            found += 1;
        }
    }
    assert!(found > 30, "few links were found: {found}");
}

/// The index of the documentation has each of its pages.
#[test]
fn the_index_leads_to_every_page() {
    let index = fs::read_to_string(root().join("docs/README.md")).expect("it is there");
    let linked: BTreeSet<&str> = links(&index).collect();
    for entry in fs::read_dir(root().join("docs")).expect("there are pages") {
        let name = entry.expect("it can be read").file_name();
        let name = name.to_str().expect("it is text");
        let is_linked = name == "README.md" || linked.contains(name);
        assert!(is_linked, "docs/README.md does not lead to {name}");
    }
}

#[test]
fn a_link_and_a_heading_are_read_as_they_are_written() {
    let page = "[a](b.md#c), [d]\n\n# C: it's `d_e`\n```sh\n# no\n```\n[d]: e.md\n";
    assert_eq!(links(page).collect::<Vec<_>>(), ["b.md#c", "e.md"]);
    assert_eq!(anchors(page), BTreeSet::from(["c-its-d_e".to_owned()]));
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
