//! The Nix files: that they parse, and that the modules make of settings what they should,
//! as Nix itself evaluates them, with nixpkgs' library and nothing of its packages. It leaves
//! out building: that takes nixpkgs and a network.

mod keys;
mod units;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::Value;

use crate::support::binary::say;
use crate::support::output::{Output, run_limited};
use crate::support::sandbox::Sandbox;

const NIX: &str = "nix-instantiate";

/// Names the folder `lib` of nixpkgs; by default it is looked for beside this project.
const LIBRARY: &str = "AURA_TEST_NIXPKGS_LIB";

const LIMIT: Duration = Duration::from_mins(2);

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Nix, on a store that is nowhere, with all that it writes in the sandbox.
fn nix(sandbox: &Sandbox) -> Command {
    let mut command = sandbox.command(NIX);
    command.args(["--store", "dummy://"]);
    for variable in ["NIX_STATE_DIR", "NIX_LOG_DIR", "NIX_CONF_DIR"] {
        command.env(variable, sandbox.path().join("nix"));
    }
    command
}

fn run(command: &mut Command) -> Output {
    run_limited(command, "", LIMIT).expect("it can be run")
}

/// Whether Nix is there. Where it is not, that is said; in CI it is a failure.
fn is_here(test: &str) -> bool {
    let here = Command::new(NIX).arg("--version").output().is_ok();
    here || skip(test, "nix-instantiate is not installed")
}

#[track_caller]
fn skip(test: &str, why: &str) -> bool {
    assert!(env::var_os("CI").is_none(), "{test}: {why}");
    say(&format!("SKIPPED: {test}: {why}"));
    false
}

/// nixpkgs' library, where it is.
fn library() -> Option<PathBuf> {
    let named = env::var_os(LIBRARY).map(PathBuf::from);
    let beside = root().join("../shared/nixpkgs-lib/lib");
    let path = named.unwrap_or(beside);
    path.join("default.nix")
        .is_file()
        .then(|| fs::canonicalize(path).expect("what is there has a path"))
}

/// What `tests/nix` evaluates to, once for all tests; nothing where tools are missing, which
/// is said for each test.
fn evaluated(test: &str) -> Option<&'static Value> {
    static EVALUATED: OnceLock<Value> = OnceLock::new();

    if !is_here(test) {
        return None;
    }
    let Some(library) = library() else {
        skip(test, &format!("{LIBRARY} names no library of nixpkgs"));
        return None;
    };
    Some(EVALUATED.get_or_init(|| {
        let sandbox = Sandbox::new();
        let mut command = nix(&sandbox);
        command
            .args(["--eval", "--strict", "--json", "--show-trace"])
            .arg(root().join("tests/nix"))
            .args(["--arg", "lib", &format!("import {}", library.display())]);
        run(&mut command).ok().json()
    }))
}

fn case<'v>(evaluated: &'v Value, name: &str) -> &'v Value {
    let case = evaluated["cases"].get(name);
    case.unwrap_or_else(|| panic!("there is no case {name}"))
}

/// All Nix files of the tree.
fn files() -> Vec<PathBuf> {
    let mut files = vec![root().join("flake.nix")];
    let mut folders = vec![root().join("nix"), root().join("tests/nix")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("it can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "nix") {
                files.push(path);
            }
        }
    }
    files
}

#[test]
fn every_file_parses() {
    if !is_here("every_file_parses") {
        return;
    }
    let files = files();
    assert!(files.len() > 15, "{files:?}");
    let sandbox = Sandbox::new();
    let _ = run(nix(&sandbox).arg("--parse").args(files)).ok();
}

/// What `INSTA_UPDATE=always` writes anew.
#[test]
fn modules_make_of_each_case_what_is_expected() {
    let Some(evaluated) = evaluated("modules_make_of_each_case_what_is_expected") else {
        return;
    };
    let folder = root().join("tests/nix/expected");
    let mut cases = evaluated["cases"]
        .as_object()
        .expect("cases have names")
        .clone();
    cases.insert("flake".to_owned(), evaluated["flake"].clone());
    if env::var("INSTA_UPDATE").as_deref() == Ok("always") {
        for (name, case) in &cases {
            let text = serde_json::to_string_pretty(case).expect("it is JSON");
            fs::write(folder.join(format!("{name}.json")), text + "\n").expect("it can be written");
        }
    }
    let expected: Vec<_> = fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").file_name())
        .collect();
    assert_eq!(expected.len(), cases.len(), "{expected:?}");
    for (name, case) in &cases {
        let path = folder.join(format!("{name}.json"));
        let text = fs::read_to_string(&path).expect("each case has its expected values");
        let wanted: Value = serde_json::from_str(&text).expect("they are JSON");
        similar(name, &wanted, case);
    }
}

/// Compares piece by piece, so that a failure shows the piece.
#[track_caller]
fn similar(place: &str, wanted: &Value, seen: &Value) {
    if let (Value::Object(wanted), Value::Object(seen)) = (wanted, seen) {
        let names = |object: &serde_json::Map<String, Value>| {
            let mut names: Vec<_> = object.keys().cloned().collect();
            names.sort();
            names
        };
        assert_eq!(names(wanted), names(seen), "{place}");
        for (name, wanted) in wanted {
            similar(&format!("{place}.{name}"), wanted, &seen[name]);
        }
        return;
    }
    assert_eq!(wanted, seen, "{place}");
}

/// Every assertion of the modules fails where it should, and says what to do.
#[test]
fn what_is_wrong_is_said_with_what_to_do() {
    let Some(evaluated) = evaluated("what_is_wrong_is_said_with_what_to_do") else {
        return;
    };
    let failed = case(evaluated, "nixos-wrong")["failed"]
        .as_array()
        .expect("a list");
    let failed: Vec<&str> = failed.iter().filter_map(Value::as_str).collect();
    for (what, fix) in [
        (
            "`embedded` and the address temporal.internal:7233 exclude",
            "Remove settings.aurad.address",
        ),
        (
            "'postgres' is no audit trail",
            "Valid: memory, sqlite, sqlite:PATH, temporal.",
        ),
        ("would both listen", "Use one of the two, or give"),
        (
            "environmentFile /nix/store/00000000000000000000000000000000-aurad.env is in the store",
            "Name a file outside",
        ),
        (
            "settings.aurad.api_key_file /nix/store/00000000000000000000000000000000-key is in",
            "Name a file outside",
        ),
        (
            "review.elegance names the runner 'nobody'",
            "Add it to `runners`",
        ),
        ("the runner '-bad' has no program", "Set runners.-bad.argv"),
        ("'-bad' is no runner's name", "A name has 1 to 64"),
        ("port and uiPort are both 7233", "another number"),
        ("dbPath 'temporal.db' is relative", "Write an absolute path"),
    ] {
        let said = failed.iter().find(|message| message.contains(what));
        let said = said.unwrap_or_else(|| panic!("nothing says {what}: {failed:#?}"));
        assert!(said.contains(fix), "{said}");
    }
    assert_eq!(failed.len(), 10, "{failed:#?}");
    for name in [
        "nixos-unset",
        "home-unset",
        "nixos-settings",
        "home-earlier",
    ] {
        assert_eq!(
            case(evaluated, name)["failed"],
            Value::Array(Vec::new()),
            "{name}"
        );
    }
}

/// Who comes from the earlier module gets the same settings, and a word for each name.
#[test]
fn earlier_names_of_options_work_and_are_warned_of() {
    let Some(evaluated) = evaluated("earlier_names_of_options_work_and_are_warned_of") else {
        return;
    };
    let case = case(evaluated, "home-earlier");
    let aurad = &case["configFile"]["aura/config.toml"]["source"]["aurad"];
    let warnings = case["warnings"].to_string();
    for (earlier, now, value) in [
        ("namespace", "namespace", "team"),
        ("taskQueue", "task_queue", "second"),
        ("serverAddress", "address", "temporal.internal:7233"),
    ] {
        assert_eq!(aurad[now], value, "{aurad}");
        let old = format!("services.aurad.{earlier}'");
        let new = format!("services.aurad.settings.aurad.{now}'");
        assert!(
            warnings.contains(&old) && warnings.contains(&new),
            "{warnings}"
        );
    }
    assert!(
        warnings.contains("requireLocalServer is an earlier option"),
        "{warnings}"
    );
}

/// What the packages install besides programs is there.
#[test]
fn files_that_packages_install_are_there() {
    let Some(evaluated) = evaluated("files_that_packages_install_are_there") else {
        return;
    };
    let script = evaluated["flake"]["packages"]["aura"]["postInstall"].as_str();
    let files: Vec<&str> = script
        .expect("packages install more than programs")
        .split_whitespace()
        .filter(|word| word.starts_with("man/") || word.starts_with("completions/"))
        .collect();
    assert_eq!(files.len(), 8, "{files:?}");
    for file in files {
        assert!(root().join(file).is_file(), "{file}");
    }
}
