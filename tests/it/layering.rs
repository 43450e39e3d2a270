//! Dependencies between modules point one way. This reads every `use` path and every
//! other mention of a module of the crate, and holds it against the table of
//! ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What only tests have; the compiler keeps it out of everything else.
const TESTS_ONLY: &str = "fuzz";

/// What each module may use, besides itself.
const TABLE: [(&str, &[&str]); 19] = [
    (TESTS_ONLY, &[]),
    ("protocol", &[]),
    ("contract", &["protocol"]),
    ("audit", &["protocol", "contract"]),
    ("config", &["protocol"]),
    ("failpoint", &[]),
    ("history", &[]),
    ("shell", &[]),
    ("telemetry", &[]),
    ("usage", &["config"]),
    ("wire", &[]),
    ("embedded", &["telemetry", "wire"]),
    ("runner", &["telemetry", "failpoint"]),
    ("connection", &["config", "wire", "history", "failpoint"]),
    (
        "workflows",
        &["protocol", "contract", "failpoint", "telemetry", "history"],
    ),
    (
        "activities",
        &[
            "protocol",
            "contract",
            "audit",
            "config",
            "runner",
            "failpoint",
            "telemetry",
        ],
    ),
    ("client", &["protocol", "contract", "config", "connection"]),
    (
        "daemon",
        &[
            "protocol",
            "contract",
            "audit",
            "config",
            "connection",
            "shell",
            "telemetry",
            "embedded",
            "runner",
            "activities",
            "workflows",
            "failpoint",
            "usage",
        ],
    ),
    (
        "cli",
        &[
            "protocol",
            "contract",
            "audit",
            "config",
            "connection",
            "shell",
            "telemetry",
            "client",
            "usage",
        ],
    ),
];

#[test]
fn modules_use_only_what_lies_below_them() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let table: BTreeMap<&str, &[&str]> = TABLE.into_iter().collect();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for file in rust_files(&source) {
        let Some(module) = module_of(&source, &file) else {
            continue;
        };
        let allowed = table
            .get(module.as_str())
            .unwrap_or_else(|| panic!("module '{module}' is not in the table: {file:?}"));
        seen.insert(module.clone());
        let text = fs::read_to_string(&file).expect("a source file can be read");
        for used in mentioned(&text) {
            if used != module && used != TESTS_ONLY && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{} uses {used}", file.display()));
            }
        }
    }
    assert_eq!(
        wrong,
        Vec::<String>::new(),
        "a module uses what lies above or beside it"
    );
    let listed: BTreeSet<String> = table.keys().map(ToString::to_string).collect();
    assert_eq!(seen, listed, "the table lists a module that is gone");
}

#[test]
fn a_forbidden_use_would_be_found() {
    let text = "use crate::workflows::epoch;\nfn f() { crate::daemon::run(); }\n";
    let found = mentioned(text);
    assert!(
        found.contains("workflows") && found.contains("daemon"),
        "{found:?}"
    );
}

/// The top-level module that a file belongs to; none for `lib.rs` and the binaries.
fn module_of(source: &Path, file: &Path) -> Option<String> {
    let inside = file.strip_prefix(source).expect("the file is below src");
    let first = inside.components().next()?.as_os_str().to_str()?;
    match first {
        "lib.rs" | "bin" => None,
        name => Some(name.trim_end_matches(".rs").to_owned()),
    }
}

/// The modules of the crate that a text mentions by path, also inside `use crate::{…}`.
fn mentioned(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = true;
            let mut name = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 && c == ',' {
                    start = true;
                } else if start && (c.is_alphanumeric() || c == '_') {
                    name.push(c);
                    continue;
                }
                if !name.is_empty() {
                    found.insert(std::mem::take(&mut name));
                    start = false;
                }
            }
            found.extend(Some(name).filter(|name| !name.is_empty()));
        } else {
            let name: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            // `$crate::` in a macro and re-exports of types at the root are no modules.
            if name.chars().next().is_some_and(char::is_lowercase) {
                found.insert(name);
            }
        }
    }
    found
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}
